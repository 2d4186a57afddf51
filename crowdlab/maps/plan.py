"""A floor plan: its rooms, doors and landmarks, and the ways through it."""

import functools
import itertools
import json
from collections.abc import Iterator, Sequence
from typing import Any

import attrs
import shapely

from crowdlab.errors import BadInput, NotFound
from crowdlab.maps.floor import Floor, build_floor
from crowdlab.maps.parts import Door, Landmark, Line, Point, Room
from crowdlab.maps.places import Places
from crowdlab.maps.route import Route
from crowdlab.maps.walker import Walker

__all__ = ["Place", "Plan"]

Place = str | Sequence[float]

# How near a person comes to a wall, in metres, where nobody says it.
CLEARANCE = 0.3

# A browser rounds what it draws, and what it sends.
TOLERANCE = 0.5


@attrs.frozen(eq=False, kw_only=True)
class Plan:
    """One floor of a building; coordinates are pixels, distances metres.

    Attributes:
        width: in pixels; ``height`` likewise.
        inner_wall: how thick walls between rooms are, in pixels; ``outer_wall``
            likewise, those to the outside.
        north: where north is, in degrees clockwise from up; ``None`` if unknown.

    Example:
        >>> from crowdlab.maps import load_plan
        >>> plan = load_plan("house")
        >>> plan
        Plan(name='house', rooms=11, landmarks=38)
        >>> way = plan.walk("Hall", "Kitchen")
        >>> round(way.metres, 1)
        8.5
    """

    name: str
    title: str
    width: int
    height: int
    metres_per_pixel: float
    inner_wall: float
    outer_wall: float
    rooms: tuple[Room, ...]
    doors: tuple[Door, ...] = ()
    landmarks: tuple[Landmark, ...] = ()
    partitions: tuple[Line, ...] = ()
    windows: tuple[Line, ...] = ()
    north: float | None = None
    document: str = attrs.field(default="", repr=False)

    def __repr__(self) -> str:
        return (
            f"Plan(name={self.name!r}, rooms={len(self.rooms)}, "
            f"landmarks={len(self.landmarks)})"
        )

    def as_json(self) -> dict[str, Any]:
        """The document that it was read from, for ``read_plan``."""
        read: dict[str, Any] = json.loads(self.document)
        return read

    @functools.cached_property
    def floor(self) -> Floor:
        """Its walls and what is free between them, as shapely's geometries."""
        return build_floor(
            self.rooms,
            self.doors,
            self.partitions,
            inner_wall=self.inner_wall,
            outer_wall=self.outer_wall,
        )

    @functools.cached_property
    def places(self) -> Places:
        """Where one stands in a room, or before a landmark."""
        return Places(self.rooms, self.landmarks, self.floor, self.metres_per_pixel)

    @functools.cached_property
    def _sight(self) -> Any:
        margin = min(TOLERANCE, self.inner_wall / 4)
        wide = self.floor.free.buffer(margin, join_style="mitre")
        shapely.prepare(wide)
        return wide

    @functools.cached_property
    def walker(self) -> Walker:
        """Who knows every shortest walk, close by the walls and over the furniture."""
        return Walker(self.floor.free)

    @functools.cached_property
    def _polite_walkers(self) -> dict[float, tuple[Walker, Walker]]:
        return {}

    def _polite(self, clearance: float) -> tuple[Walker, Walker]:
        """Who keeps off the walls and goes around furniture; who only does the first."""
        if clearance not in self._polite_walkers:
            margin = clearance / self.metres_per_pixel
            area = self.floor.free.buffer(-margin, join_style="mitre")
            bare = area - self.places.taken(margin / 2)
            self._polite_walkers[clearance] = Walker(bare), Walker(area)
        return self._polite_walkers[clearance]

    def point(self, place: Place) -> Point:
        """The pixels of a place: a room or landmark by id or name, or a point.

        Raises:
            NotFound: for a name that no place has; the message lists the choices.
            BadInput: for a point outside of every room, or a name that several have.
        """
        if isinstance(place, str):
            return self.places.find(place)
        try:
            x, y = map(float, place)
        except (TypeError, ValueError):
            raise BadInput(
                f"{place!r} is no place: neither a name nor [x, y]"
            ) from None
        if self.room_at((x, y)) is None:
            raise BadInput(f"({x:g}, {y:g}) is in no room of {self.name!r}")
        return (x, y)

    def room(self, room_id: str) -> Room:
        """The room of that id."""
        found = self._room_by_id.get(room_id)
        if found is None:
            raise NotFound("room", room_id, self._room_by_id)
        return found

    @functools.cached_property
    def _room_by_id(self) -> dict[str, Room]:
        return {room.id: room for room in self.rooms}

    def room_at(self, point: Sequence[float]) -> Room | None:
        """The room that the point is in; on a border, the first of the rooms there.

        Example:
            >>> from crowdlab.maps import load_plan
            >>> load_plan("house").room_at((0, 0)) is None
            True
        """
        at = shapely.Point(point)
        found = (r for r in self.rooms if self.floor.rooms[r.id].covers(at))
        return next(found, None)

    def walk(self, *places: Place, clearance: float = CLEARANCE) -> Route:
        """The shortest walk from place to place, in this order.

        It goes around landmarks where there is a way around.

        Args:
            clearance: the metres that it keeps from walls, where a place allows it.

        Raises:
            BadInput: where no walk exists.
        """
        if len(places) < 2:  # noqa: PLR2004 - a walk has two ends
            raise BadInput("a walk needs two places or more")
        stops = [self.point(place) for place in places]
        points = stops[:1]
        for number, (start, goal) in enumerate(itertools.pairwise(stops)):
            walks = (walker.path(start, goal) for walker in self._polite(clearance))
            found = next(filter(None, walks), None)
            if found is None:
                raise BadInput(
                    f"{places[number + 1]!r} cannot be reached from {places[number]!r}"
                    f" with {clearance:g} m to the walls"
                )
            points += found[1:]
        return self.route(points)

    def route(self, points: Sequence[Sequence[float]]) -> Route:
        """The route along these points, with its length.

        Raises:
            BadInput: for a route that is no line, or leads through a wall.
        """
        route = Route.through(points, self.metres_per_pixel)
        leg = self.blocked(route.points)
        if leg is not None:
            start, goal = route.points[leg : leg + 2]
            raise BadInput(
                f"leg {leg + 1} of the route, from {start} to {goal}, leads through a"
                f" wall of {self.name!r}"
            )
        return route

    def distance(self, start: Place, goal: Place) -> float:
        """The metres of the shortest walk, close by the walls; infinite without one."""
        ends = [self.point(start)], [self.point(goal)]
        return float(self.walker.distances(*ends)[0, 0]) * self.metres_per_pixel

    def sees(self, start: Sequence[float], goal: Sequence[float]) -> bool:
        """Whether no wall is between two points, so that one can go straight."""
        return bool(self._sight.covers(shapely.LineString([start, goal])))

    def blocked(self, path: Sequence[Sequence[float]]) -> int | None:
        """The number, from 0, of the first leg of a path that leads through a wall."""
        legs = enumerate(itertools.pairwise(path))
        return next((n for n, leg in legs if not self.sees(*leg)), None)

    def segments(self) -> list[list[Point]]:
        """Closed outlines of what is free; nobody walks or sees across them."""
        return [list(ring) for ring in self._rings()]

    def _rings(self) -> Iterator[Line]:
        for part in shapely.get_parts(self.floor.free):
            for ring in (part.exterior, *part.interiors):
                yield tuple((round(x, 2), round(y, 2)) for x, y in ring.coords[:-1])
