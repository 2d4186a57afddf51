"""The floor of a plan: walls that have a thickness, gaps for doors, what is free."""

from collections.abc import Mapping, Sequence
from typing import Any

import attrs
import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from crowdlab.maps.parts import OUTSIDE, Door, Line, Point, Room

__all__ = ["Floor", "build_floor", "door_line"]

# Pixels by which a door may miss its wall.
SLACK = 1.0


@attrs.frozen(eq=False)
class Floor:
    """The geometry of a plan.

    Attributes:
        rooms: the outlines of the rooms, by id.
        walls: what stands, with gaps for the doors.
        free: where a point can be: the floor without the walls.
    """

    rooms: Mapping[str, Any]
    walls: Any
    free: Any


def build_floor(
    rooms: Sequence[Room],
    doors: Sequence[Door],
    partitions: Sequence[Line],
    *,
    inner_wall: float,
    outer_wall: float,
) -> Floor:
    """The floor of these parts, with walls so many pixels thick."""
    outlines = {room.id: shapely.Polygon(room.outline) for room in rooms}
    whole = shapely.union_all(list(outlines.values()))
    lines = [outline.boundary for outline in outlines.values()]
    lines += [shapely.LineString(line) for line in partitions]
    standing = [_thick(line, inner_wall) for line in lines]
    standing.append(_thick(whole.boundary, outer_wall))
    front_doors = [
        _gap(door, outlines, outer_wall) for door in doors if door.is_front_door
    ]
    gaps = [
        _gap(door, outlines, inner_wall) for door in doors if not door.is_front_door
    ]
    walls = shapely.union_all(standing) - shapely.union_all(gaps)
    free = shapely.simplify(whole - walls, 0)
    return Floor(outlines, walls - shapely.union_all(front_doors), free)


def _thick(line: BaseGeometry, width: float) -> Any:
    return line.buffer(width / 2, cap_style="flat", join_style="mitre")


def _gap(door: Door, rooms: Mapping[str, Any], depth: float) -> Any:
    """What a door leaves of a wall: nothing, over its whole thickness."""
    return _thick(shapely.LineString(door_line(door, rooms)), depth)


def _shared_wall(door: Door, rooms: Mapping[str, Any]) -> Any:
    """The middle line of the wall between the rooms of a door, perhaps empty."""
    one, other = (
        shapely.union_all(list(rooms.values())) if room == OUTSIDE else rooms[room]
        for room in door.between
    )
    return shapely.line_merge(shapely.intersection(one.boundary, other.boundary))


def door_line(door: Door, rooms: Mapping[str, Any]) -> Line | None:
    """The two ends of a door on the middle line of its wall; ``None`` off the wall."""
    wall = _shared_wall(door, rooms)
    at = shapely.Point(door.at)
    if wall.is_empty or wall.distance(at) > SLACK:
        return None
    way = _direction(wall, at) * door.width / 2
    ends: tuple[Point, ...] = tuple(
        (float(x), float(y)) for x, y in (door.at - way, door.at + way)
    )
    return ends if wall.buffer(SLACK).covers(shapely.LineString(ends)) else None


def _direction(wall: Any, at: Any) -> "np.ndarray[Any, np.dtype[np.float64]]":
    """The unit vector along the leg of the wall that is nearest to the point."""
    legs = [
        shapely.LineString(leg)
        for part in shapely.get_parts(wall)
        if part.geom_type == "LineString"
        for leg in zip(part.coords, part.coords[1:], strict=False)
    ]
    start, end = map(np.array, min(legs, key=at.distance).coords)
    return np.asarray((end - start) / np.linalg.norm(end - start))
