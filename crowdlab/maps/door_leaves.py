"""The leaves of doors, and where they swing."""

import math
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import shapely

from crowdlab.maps.figures import Arc, Figure, Polyline
from crowdlab.maps.floor import door_line
from crowdlab.maps.parts import Door, Point
from crowdlab.maps.plan import Plan

__all__ = ["door_leaves", "swung_boxes"]

QUARTER = 90

Vector = npt.NDArray[np.float64]


def door_leaves(plan: Plan) -> list[Figure]:
    """The lines of every leaf, with the quarters of circles that they swing along."""
    return [figure for door in plan.doors for figure in _leaves(plan, door)]


def swung_boxes(plan: Plan) -> Vector:
    """The boxes that leaves swing in: left, top, right, bottom (leaves, 4)."""
    arcs = [figure for figure in door_leaves(plan) if isinstance(figure, Arc)]
    corners = np.array([(a.centre, a.at(a.start), a.at(a.end)) for a in arcs])
    triples = corners.reshape(-1, 3, 2)
    return np.concatenate([triples.min(axis=1), triples.max(axis=1)], axis=1)


def _leaves(plan: Plan, door: Door) -> Iterator[Figure]:
    ends = door_line(door, plan.floor.rooms)
    assert ends is not None, "a plan is only read if its doors are on walls"
    one, other = map(np.array, ends)
    inward = _inward(plan, door, one, other)
    if door.kind == "sliding":
        shift = inward * plan.inner_wall / 4
        middle, past = (one + other) / 2, (other - one) / 20
        yield _line(one + shift, middle + past + shift)
        yield _line(middle - past - shift, other - shift)
    elif door.kind == "double":
        yield from _leaf(one, (one + other) / 2, inward)
        yield from _leaf(other, (one + other) / 2, inward)
    elif door.kind == "hinged":
        left = np.array([-inward[1], inward[0]])
        one_is_hinge = ((one - other) @ left > 0) == (door.hinge == "left")
        yield from _leaf(*((one, other) if one_is_hinge else (other, one)), inward)


def _inward(plan: Plan, door: Door, one: Vector, other: Vector) -> Vector:
    """The unit vector across the door, into the room that its leaf stands in."""
    along = (other - one) / np.linalg.norm(other - one)
    across = np.array([along[1], -along[0]])
    probe = shapely.Point(np.array(door.at) + across * plan.outer_wall)
    is_into = plan.floor.rooms[door.into].covers(probe)
    return across if is_into else -across


def _leaf(hinge: Vector, end: Vector, inward: Vector) -> Iterator[Figure]:
    """A leaf that stands open, and the arc to where it shuts, in one stroke."""
    width = float(np.linalg.norm(end - hinge))
    shut, ajar = _degrees(end - hinge), _degrees(inward)
    tip = hinge + inward * width
    if (ajar - shut) % 360 < 180:  # noqa: PLR2004 - a half turn
        yield Arc(_point(hinge), width, shut, shut + QUARTER)
        yield _line(tip, hinge)
    else:
        yield _line(hinge, tip)
        yield Arc(_point(hinge), width, ajar, ajar + QUARTER)


def _line(start: Vector, end: Vector) -> Polyline:
    return Polyline((_point(start), _point(end)))


def _point(vector: Vector) -> Point:
    return float(vector[0]), float(vector[1])


def _degrees(vector: Vector) -> float:
    return math.degrees(math.atan2(vector[1], vector[0]))
