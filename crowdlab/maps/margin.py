"""The margin below a plan: what the marks mean, how long a metre is, where north is."""

import math
from collections.abc import Iterator

from crowdlab.maps.figures import Circle, Layer, Motion, Polyline, Words
from crowdlab.maps.lettering import layouts
from crowdlab.maps.overlay import draw_goal, draw_start, draw_way
from crowdlab.maps.plan import Plan

__all__ = ["draw_margin", "margin_height"]

INK = "#1c2430"

# Lengths of a scale bar, in metres; and the part of the width that it may take.
BARS, BAR_SHARE = (1, 2, 5, 10, 20, 50, 100), 0.15

Parts = Iterator[Layer | Words]


def margin_height(size: float) -> int:
    """The pixels that the margin is high, for letters of this size."""
    return math.ceil(3.2 * size)


def draw_margin(
    plan: Plan, size: float, *, legend: bool, scale_bar: bool, compass: bool
) -> Parts:
    """What is asked for, from left to right."""
    middle = plan.height + 1.2 * size
    if legend:
        yield from _legend(2 * size, middle, size)
    right = plan.width - 2 * size
    if compass:
        yield from _compass(right - size, middle, size, plan.north or 0.0)
        right -= 4 * size
    if scale_bar:
        yield from _scale_bar(right, middle, size, plan)


def _legend(x: float, y: float, size: float) -> Parts:
    for draw, text in ((draw_start, "start"), (draw_goal, "goal")):
        yield from draw((x, y), size)
        yield _beside(text, x + 1.3 * size, y, size)
        x += 5.5 * size
    yield from draw_way(((x - size, y), (x + 2 * size, y)), size, 3 * size)
    yield _beside("route", x + 2.5 * size, y, size)


def _beside(text: str, x: float, y: float, size: float) -> Words:
    wide = layouts(text)[0].width * size
    return _text(text, x + wide / 2, y + 0.35 * size, size)


def _text(text: str, x: float, y: float, size: float) -> Words:
    return Words([(text, (round(x, 1), round(y, 1)))], size=size, fill=INK)


def _scale_bar(right: float, y: float, size: float, plan: Plan) -> Parts:
    most = plan.width * BAR_SHARE * plan.metres_per_pixel
    metres = max((bar for bar in BARS if bar <= most), default=BARS[0])
    left, tick = right - metres / plan.metres_per_pixel, size / 4
    bar = ((left, y - tick), (left, y + tick), (left, y), (right, y))
    end = ((right, y - tick), (right, y + tick))
    yield Layer([Polyline(bar), Polyline(end)], stroke=INK, width=size / 9)
    yield _text(f"{metres} m", (left + right) / 2, y - 0.4 * size, 0.8 * size)


def _compass(x: float, y: float, size: float, north: float) -> Parts:
    """A needle in a circle, with an N at its end."""
    move = Motion(scale=size, turn=north, to=(x, y))
    needle = Polyline(((0, -0.75), (0.3, 0.6), (0, 0.35), (-0.3, 0.6)), closed=True)
    yield Layer([Circle((x, y), size * 0.95)], fill="#fff", stroke=INK, width=size / 11)
    yield Layer([needle.moved(move)], fill=INK)
    way = math.radians(north - 90)
    across, down = 1.5 * size * math.cos(way), 1.5 * size * math.sin(way)
    yield _text("N", x + across, y + down + 0.3 * size, 0.8 * size)
