"""Where one stands: in a room, or before a landmark."""

import functools
import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import shapely
from shapely import affinity

from crowdlab.errors import BadInput, NotFound
from crowdlab.maps.floor import Floor
from crowdlab.maps.parts import Landmark, Point, Room
from crowdlab.maps.symbols import find_symbol

__all__ = ["Places", "footprint"]

# Metres between somebody and what they stand before.
APART = 0.5

# Turns from the front of a landmark at which to stand, the best first.
TURNS = (0, 45, -45, 90, -90, 135, -135, 180)


def footprint(landmark: Landmark, metres_per_pixel: float) -> Any:
    """The rectangle of floor that a landmark covers."""
    symbol, at = find_symbol(landmark.kind), landmark.at
    width, height = symbol.width / metres_per_pixel, symbol.height / metres_per_pixel
    box = shapely.box(-width / 2, -height / 2, width / 2, height / 2)
    return affinity.translate(affinity.rotate(box, landmark.turn, (0, 0)), *at)


class Places:
    """The rooms and landmarks of a plan, by id and by name, each with its spot."""

    def __init__(
        self,
        rooms: Sequence[Room],
        landmarks: Sequence[Landmark],
        floor: Floor,
        metres_per_pixel: float,
    ) -> None:
        self._floor, self._metres_per_pixel = floor, metres_per_pixel
        self._landmarks = landmarks
        self._by_id: dict[str, Room | Landmark] = {
            **{room.id: room for room in rooms},
            **{landmark.id: landmark for landmark in landmarks},
        }

    def find(self, name: str) -> Point:
        """The spot of the room or landmark of that id, or else of that name.

        Raises:
            NotFound: if there is none; the message lists the choices.
            BadInput: for a name that several have.
        """
        return self.spot(self._find(name).id)

    def _find(self, name: str) -> Room | Landmark:
        if name in self._by_id:
            return self._by_id[name]
        found = [
            p for p in self._by_id.values() if p.name.casefold() == name.casefold()
        ]
        if not found:
            raise NotFound("place", name, self._by_id)
        if len(found) > 1:
            ids = ", ".join(place.id for place in found)
            raise BadInput(f"{name!r} is the name of several places; say which: {ids}")
        return found[0]

    @functools.cached_property
    def _spots(self) -> dict[str, Point]:
        return {}

    def spot(self, place_id: str) -> Point:
        """Where one stands who is at this place."""
        if place_id not in self._spots:
            place = self._by_id[place_id]
            x, y = self._stand(place)
            self._spots[place_id] = (round(x, 1), round(y, 1))
        return self._spots[place_id]

    def _stand(self, place: Room | Landmark) -> Point:
        return self._middle(place) if isinstance(place, Room) else self._before(place)

    @functools.cached_property
    def furniture(self) -> Any:
        """What landmarks cover, each as a rectangle."""
        shapes = [footprint(m, self._metres_per_pixel) for m in self._landmarks]
        return np.array(shapes, dtype=object)

    @functools.cached_property
    def _covered(self) -> Any:
        return shapely.union_all(self.furniture)

    def taken(self, margin: float) -> Any:
        """What landmarks cover, and that many pixels around them."""
        return shapely.union_all(
            shapely.buffer(self.furniture, margin, join_style="mitre")
        )

    def _middle(self, room: Room) -> Point:
        """The point of a room that is farthest from walls and furniture."""
        free = self._floor.free & self._floor.rooms[room.id]
        bare = free - self._covered
        space = bare if bare.area else free
        x, y = shapely.maximum_inscribed_circle(space, tolerance=1).coords[0]
        return x, y

    def _before(self, landmark: Landmark) -> Point:
        """The point beside a landmark, in its room, that has room around it."""
        room = next(
            outline
            for outline in self._floor.rooms.values()
            if outline.covers(shapely.Point(landmark.at))
        )
        free = self._floor.free & room
        spots = np.array([self._beside(landmark, turn) for turn in TURNS])
        dots = shapely.points(spots)
        looks = shapely.linestrings([[landmark.at, tuple(spot)] for spot in spots])
        seen = shapely.covers(free, dots) & shapely.covers(room, looks)
        if not seen.any():
            return tuple(
                shapely.shortest_line(free, shapely.Point(landmark.at)).coords[0]
            )
        wide = APART / self._metres_per_pixel
        room_around = np.minimum(
            shapely.distance(free.boundary, dots), shapely.distance(self._covered, dots)
        )
        merit = np.where(seen, np.minimum(room_around, wide), -1)
        x, y = spots[int(merit.argmax())]
        return float(x), float(y)

    def _beside(self, landmark: Landmark, turn: float) -> Point:
        """The point so many degrees from the front of a landmark, a step away."""
        symbol, way = find_symbol(landmark.kind), math.radians(turn)
        far = math.hypot(
            symbol.width / 2 * math.sin(way), symbol.height / 2 * math.cos(way)
        )
        step = (far + APART) / self._metres_per_pixel
        direction = math.radians(landmark.turn + turn + 90)
        x, y = landmark.at
        return x + step * math.cos(direction), y + step * math.sin(direction)
