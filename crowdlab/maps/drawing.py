"""What a plan and a route look like: figures, in the order in which they are drawn."""

import functools
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import zip_longest
from typing import Any

import attrs
import shapely

from crowdlab.maps.door_leaves import door_leaves, swung_boxes
from crowdlab.maps.figures import Drawing, Figure, Layer, Motion, Polyline, Stamp, Words
from crowdlab.maps.labels import Label, place_labels
from crowdlab.maps.margin import draw_margin, margin_height
from crowdlab.maps.overlay import draw_route
from crowdlab.maps.parts import Landmark, Room
from crowdlab.maps.plan import Plan
from crowdlab.maps.route import Route
from crowdlab.maps.symbols import find_symbol

__all__ = ["Look", "draw", "letter_size"]

Part = Layer | Stamp | Words

TINTS: Mapping[str, str] = {
    "corridor": "#f6f2e9",
    "lobby": "#f6f2e9",
    "stairs": "#e9e6e0",
    "office": "#e8eff8",
    "lab": "#e3e9f6",
    "library": "#efe9dc",
    "meeting": "#eae6f5",
    "lounge": "#f8ecdf",
    "living": "#f8ecdf",
    "dining": "#faf0dc",
    "kitchen": "#fcebcb",
    "bathroom": "#dcf0f0",
    "bedroom": "#eae6f5",
    "service": "#e7eae9",
    "garage": "#e2e5e8",
}
PLAIN = "#f4f4f2"
WALL, GLASS, THIN, INK = "#3b4452", "#dcebf5", "#8d97a5", "#1c2430"

# Letters of rooms: metres high on the floor, but no more than a part of the width.
LETTER_METRES, LETTERS_IN_WIDTH = 0.55, 50
SMALL = 0.8


@attrs.frozen(kw_only=True)
class Look:
    """What of a plan is shown.

    The fields are explained where they are public, in ``crowdlab.maps.pictures``.
    """

    labels: bool = True
    room_names: bool = True
    objects: bool = True
    legend: bool = False
    scale_bar: bool = False
    compass: bool = False

    @property
    def has_margin(self) -> bool:
        """Whether there is anything below the plan."""
        return self.legend or self.scale_bar or self.compass

    def names(self, room: Room) -> bool:
        """Whether the room's name is shown."""
        return self.labels and self.room_names and bool(room.name)


def draw(plan: Plan, route: Route | None, look: Look) -> Drawing:
    """The drawing of a plan, with a route on it."""
    size = letter_size(plan)
    parts: list[Part] = [*_floors(plan)]
    if look.objects:
        parts += _furniture(plan)
    parts.append(Layer(door_leaves(plan), stroke=THIN, width=2))
    parts.append(Layer(_outlines(plan.floor.walls), fill=WALL))
    parts += _windows(plan)
    parts += _labels(plan, look)
    if route is not None:
        parts += draw_route(route, size, plan.metres_per_pixel)
    height = plan.height
    if look.has_margin:
        height += margin_height(size)
        parts += draw_margin(
            plan,
            size,
            legend=look.legend,
            scale_bar=look.scale_bar,
            compass=look.compass,
        )
    return Drawing(plan.width, height, tuple(parts))


def letter_size(plan: Plan) -> float:
    """The pixels that letters of rooms are high."""
    size = min(LETTER_METRES / plan.metres_per_pixel, plan.width / LETTERS_IN_WIDTH)
    return round(size, 1)


def _floors(plan: Plan) -> Iterator[Layer]:
    """The floors of rooms, those of one tint together."""
    tints = {room.id: TINTS.get(room.kind, PLAIN) for room in plan.rooms}
    for tint in dict.fromkeys(tints.values()):
        of_tint = [plan.floor.rooms[room] for room in tints if tints[room] == tint]
        yield Layer(_outlines(shapely.union_all(of_tint)), fill=tint)


def _outlines(areas: Any) -> list[Figure]:
    """The outlines of areas, with their holes."""
    parts = shapely.get_parts(shapely.orient_polygons(shapely.simplify(areas, 0)))
    return [
        Polyline(
            tuple(part.exterior.coords[:-1]),
            closed=True,
            holes=tuple(tuple(ring.coords[:-1]) for ring in part.interiors),
        )
        for part in parts
    ]


def _furniture(plan: Plan) -> Iterator[Part]:
    """Landmarks: a stamp where a symbol recurs, else its layers with those of others."""
    stamps = [_stamp(landmark, plan.metres_per_pixel) for landmark in plan.landmarks]
    often = Counter(stamp.name for stamp in stamps)
    yield from (stamp for stamp in stamps if often[stamp.name] > 1)
    once = [stamp.moved_layers() for stamp in stamps if often[stamp.name] == 1]
    for level in zip_longest(*once):
        yield from _merged([layer for layer in level if layer is not None])


def _stamp(landmark: Landmark, metres_per_pixel: float) -> Stamp:
    grow = Motion(scale=1 / metres_per_pixel)
    layers = (layer.moved(grow) for layer in find_symbol(landmark.kind).layers)
    return Stamp(landmark.kind, tuple(layers), landmark.at, landmark.turn)


def _merged(layers: list[Layer]) -> Iterator[Layer]:
    """The layers, with the figures of one paint together."""
    for paint in dict.fromkeys(attrs.evolve(layer, figures=()) for layer in layers):
        alike = (x for x in layers if attrs.evolve(x, figures=()) == paint)
        figures = [figure for layer in alike for figure in layer.figures]
        yield attrs.evolve(paint, figures=figures)


def _windows(plan: Plan) -> Iterator[Layer]:
    """Glass in the wall, with a line in its middle."""
    lines = [Polyline(line) for line in plan.windows]
    if lines:
        yield Layer(lines, stroke=GLASS, width=plan.outer_wall - 4)
        yield Layer(lines, stroke=THIN, width=2)


def _labels(plan: Plan, look: Look) -> Iterator[Words]:
    """The names; one that is hidden keeps its place, for others to show no more."""
    labels = _placed(plan)
    rooms = [labels[room.id] for room in plan.rooms if look.names(room)]
    yield from _words(rooms, bold=True)
    if look.labels and look.objects:
        named = [labels[mark.id] for mark in plan.landmarks if mark.name]
        yield from _words(named, bold=False)


@functools.lru_cache(maxsize=16)
def _placed(plan: Plan) -> Mapping[str, Label]:
    size = letter_size(plan)
    small = round(SMALL * size, 1)
    return place_labels(plan, swung_boxes(plan), size=size, small=small)


def _words(labels: list[Label], *, bold: bool) -> Iterator[Words]:
    """The labels, those of one style together."""
    for size, turned in dict.fromkeys((label.size, label.turned) for label in labels):
        alike = (x for x in labels if (x.size, x.turned) == (size, turned))
        texts = [text for label in alike for text in label.base_lines()]
        yield Words(texts, size=size, fill=INK, halo="#fff", bold=bold, turned=turned)
