"""A route on a plan: a blue line with arrows, from a green S to a red G."""

import itertools
import math
from collections.abc import Iterator

from crowdlab.maps.figures import Circle, Figure, Layer, Motion, Polyline, Words
from crowdlab.maps.parts import Point
from crowdlab.maps.route import Route

__all__ = ["draw_goal", "draw_route", "draw_start", "draw_way"]

BLUE, GREEN, RED, WHITE = "#1a5fc4", "#14713a", "#c0202c", "#fff"

# Metres from one arrow to the next.
APART = 3.0

# An arrow that points right, in units of its size.
ARROW: tuple[Point, ...] = ((-0.5, -0.55), (0.6, 0), (-0.5, 0.55), (-0.2, 0))


def draw_route(
    route: Route, size: float, metres_per_pixel: float
) -> Iterator[Layer | Words]:
    """The line of a route, its start and its goal, in proportion to the letters."""
    yield from draw_way(route.points, size, APART / metres_per_pixel)
    yield from draw_start(route.start, size)
    yield from draw_goal(route.goal, size)


def draw_way(points: tuple[Point, ...], size: float, apart: float) -> Iterator[Layer]:
    """A line with an arrow every so many pixels."""
    line = Polyline(points)
    yield Layer([line], stroke=WHITE, width=size * 0.5)
    yield Layer([line], stroke=BLUE, width=size * 0.26)
    arrows = list(_arrows(points, size, apart))
    yield Layer(arrows, stroke=WHITE, width=size * 0.2)
    yield Layer(arrows, fill=BLUE)


def _arrows(points: tuple[Point, ...], size: float, apart: float) -> Iterator[Figure]:
    """Arrows in the middles of equal parts of every leg that has room for one."""
    for (x, y), (right, down) in itertools.pairwise(points):
        far = math.hypot(right - x, down - y)
        n_arrows = max(round(far / apart), int(far > 3 * size))
        turn = math.degrees(math.atan2(down - y, right - x))
        for number in range(n_arrows):
            share = (number + 0.5) / n_arrows
            at = (x + share * (right - x), y + share * (down - y))
            move = Motion(scale=size * 0.75, turn=turn, to=at)
            yield Polyline(ARROW, closed=True).moved(move)


def draw_start(at: Point, size: float) -> Iterator[Layer | Words]:
    """A green circle with an S."""
    yield Layer([Circle(at, size * 0.75)], fill=GREEN, stroke=WHITE, width=size * 0.14)
    yield _letter("S", at, size)


def draw_goal(at: Point, size: float) -> Iterator[Layer | Words]:
    """A red circle with a G, in a ring: another form too, not another colour alone."""
    yield Layer([Circle(at, size * 0.95)], fill=WHITE, stroke=RED, width=size * 0.14)
    yield Layer([Circle(at, size * 0.75)], fill=RED)
    yield _letter("G", at, size)


def _letter(letter: str, at: Point, size: float) -> Words:
    base = (round(at[0], 1), round(at[1] + 0.36 * size, 1))
    return Words([(letter, base)], size=size, fill=WHITE, bold=True)
