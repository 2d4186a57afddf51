"""Figures of a drawing, and the paint they share: what every picture is made of."""

import math
from collections.abc import Iterable

import attrs

from crowdlab.maps.parts import Line, Point

__all__ = [
    "Arc",
    "Circle",
    "Drawing",
    "Figure",
    "Layer",
    "Motion",
    "Polyline",
    "Stamp",
    "Words",
]


@attrs.frozen
class Polyline:
    """Straight lines from point to point; closed, the outline of an area.

    Attributes:
        holes: outlines of what is not in the area; they run the other way round.
    """

    points: Line
    closed: bool = False
    holes: tuple[Line, ...] = ()

    def moved(self, move: "Motion") -> "Polyline":
        """The same elsewhere."""
        holes = (tuple(map(move, hole)) for hole in self.holes)
        return Polyline(tuple(map(move, self.points)), self.closed, tuple(holes))


@attrs.frozen
class Circle:
    """A circle."""

    centre: Point
    radius: float

    def moved(self, move: "Motion") -> "Circle":
        """The same elsewhere."""
        return Circle(move(self.centre), self.radius * move.scale)


@attrs.frozen
class Arc:
    """A quarter of a circle or less, clockwise from degree to degree; 0 is right."""

    centre: Point
    radius: float
    start: float
    end: float

    def at(self, degrees: float) -> Point:
        """The point of the circle at that many degrees."""
        way = math.radians(degrees)
        x, y = self.centre
        return x + self.radius * math.cos(way), y + self.radius * math.sin(way)

    def moved(self, move: "Motion") -> "Arc":
        """The same elsewhere."""
        radius = self.radius * move.scale
        start, end = self.start + move.turn, self.end + move.turn
        return Arc(move(self.centre), radius, start, end)


Figure = Polyline | Circle | Arc
Text = tuple[str, Point]


def _together(figures: Iterable[Figure]) -> tuple[Figure, ...]:
    return tuple(figures)


def _in_order(texts: Iterable[Text]) -> tuple[Text, ...]:
    return tuple(texts)


@attrs.frozen
class Motion:
    """Makes points larger, turns them clockwise about (0, 0), and carries them off.

    Example:
        >>> Motion(scale=2, turn=90, to=(10, 0))((1, 0))
        (10.0, 2.0)
    """

    scale: float = 1.0
    turn: float = 0.0
    to: Point = (0.0, 0.0)

    def __call__(self, point: Point) -> Point:
        """The point, moved."""
        way = math.radians(self.turn)
        x, y = point[0] * self.scale, point[1] * self.scale
        across = x * math.cos(way) - y * math.sin(way)
        down = x * math.sin(way) + y * math.cos(way)
        return round(self.to[0] + across, 6), round(self.to[1] + down, 6)


@attrs.frozen(kw_only=True)
class Layer:
    """Figures of one paint."""

    figures: tuple[Figure, ...] = attrs.field(kw_only=False, converter=_together)
    fill: str = ""
    stroke: str = ""
    width: float = 0.0

    def moved(self, move: Motion) -> "Layer":
        """The same elsewhere, its lines as wide as before."""
        return attrs.evolve(self, figures=[f.moved(move) for f in self.figures])


@attrs.frozen
class Stamp:
    """Layers that are drawn in many places.

    Attributes:
        name: the same for the same layers.
    """

    name: str
    layers: tuple[Layer, ...]
    at: Point
    turn: float = 0.0

    def moved_layers(self) -> Iterable[Layer]:
        """The layers where they are seen."""
        move = Motion(turn=self.turn, to=self.at)
        return (layer.moved(move) for layer in self.layers)


@attrs.frozen(kw_only=True)
class Words:
    """Texts in one style, each with the middle of its base line.

    Attributes:
        size: of the letters, in pixels.
        halo: the colour around the letters, or none.
        turned: whether they are read from bottom to top.
    """

    texts: tuple[Text, ...] = attrs.field(kw_only=False, converter=_in_order)
    size: float
    fill: str
    halo: str = ""
    bold: bool = False
    turned: bool = False


@attrs.frozen
class Drawing:
    """What is drawn, the lowest first, on a white sheet."""

    width: int
    height: int
    parts: tuple[Layer | Stamp | Words, ...]
