"""Where the names of rooms and landmarks stand, so that they do not collide."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import attrs
import numpy as np
import numpy.typing as npt
import shapely

from crowdlab.maps.lettering import LINE_HEIGHT, Block, layouts
from crowdlab.maps.parts import Landmark, Point, Room
from crowdlab.maps.places import footprint
from crowdlab.maps.plan import Plan

__all__ = ["Label", "place_labels"]

Floats = npt.NDArray[np.float64]

# What is wrong with a label that is wholly out of its room, on another label, on
# furniture, or where a door swings; and with one that another label touches at all.
OUT, COVERED, FURNITURE, DOOR, TOUCHED = 300.0, 300.0, 120.0, 8.0, 10.0

# What is a bit wrong with one that is small, turned, of many lines, or where the mark
# of a start or a goal would be.
SMALL, TURNED, LINE, ON_SPOT = 4.0, 6.0, 0.3, 3.0

# What is little enough to look no further.
FINE = 3.0

# Metres from a spot to the edge of the mark on it.
MARK = 0.5

# How many places are tried along a room, and along the other side.
TRIED = 20


@attrs.frozen
class Label:
    """A name, broken into lines, in a box about a point.

    Attributes:
        size: of its letters, in pixels.
        turned: whether it is read from bottom to top.
    """

    block: Block
    at: Point
    size: float
    turned: bool = False

    @property
    def box(self) -> tuple[float, float, float, float]:
        """Its left, top, right and bottom."""
        wide, high = self.block.width * self.size / 2, self.block.height * self.size / 2
        if self.turned:
            wide, high = high, wide
        x, y = self.at
        return x - wide, y - high, x + wide, y + high

    def base_lines(self) -> Iterator[tuple[str, Point]]:
        """Each line with the middle of its base line, before any turn about it."""
        first = 0.86 - self.block.height / 2
        for number, line in enumerate(self.block.lines):
            down = (first + number * LINE_HEIGHT) * self.size
            right, down = (down, 0) if self.turned else (0, down)
            yield line, (round(self.at[0] + right, 1), round(self.at[1] + down, 1))


def place_labels(
    plan: Plan, swung: Floats, *, size: float, small: float
) -> dict[str, Label]:
    """A label for every name, by the id of what has it.

    Landmarks have few places for theirs and choose first, then rooms; then landmarks
    make room for them.

    Args:
        swung: the boxes that doors swing in (doors, 4).
        size: of the letters of rooms, in pixels; ``small`` of others.
    """
    placing = _Placing(plan, swung, size, small)
    rooms = [room for room in plan.rooms if room.name]
    landmarks = [landmark for landmark in plan.landmarks if landmark.name]
    for landmark in landmarks:
        placing.put_landmark(landmark)
    for room in rooms:
        placing.put_room(room)
    for landmark in landmarks:
        placing.put_landmark(landmark)
    return placing.placed


@attrs.define(eq=False)
class _Placing:
    plan: Plan
    swung: Floats
    size: float
    small: float
    placed: dict[str, Label] = attrs.field(factory=dict, init=False)

    def put_room(self, room: Room) -> None:
        """Puts the name of a room where least is wrong, turned or small if need be."""
        options: list[Label] = []
        for turned, size in (
            (False, self.size),
            (True, self.size),
            (False, self.small),
        ):
            options += self._in_room(room, size, turned=turned)
            cost = self._cost_in_room(room, options)
            if cost.min() < FINE:
                break
        self.placed[room.id] = options[int(cost.argmin())]

    def put_landmark(self, landmark: Landmark) -> None:
        """Puts the name of a landmark where least is wrong, beside it or on it."""
        self.placed.pop(landmark.id, None)
        room = self.plan.room_at(landmark.at)
        assert room is not None, "a plan is only read if its landmarks are in rooms"
        options = list(self._beside(landmark, room))
        cost = self._cost(options, room)
        cost += ON_SPOT * (self._overlap_mark(landmark, options) > 0)
        cost += 0.1 * np.arange(len(options))
        self.placed[landmark.id] = options[int(cost.argmin())]

    @property
    def _furniture(self) -> Floats:
        return np.asarray(shapely.bounds(self.plan.places.furniture).reshape(-1, 4))

    def _free(self, room: Room) -> Any:
        """The floor of a room, without its doorways."""
        outline = self.plan.floor.rooms[room.id]
        inner = outline.buffer(-self.plan.inner_wall / 2, join_style="mitre")
        return inner - self.plan.floor.walls

    def _cost_in_room(self, room: Room, options: Sequence[Label]) -> Floats:
        cost = self._cost(options, room)
        cost += ON_SPOT * (self._overlap_mark(room, options) > 0)
        boxes = _boxes(options)
        middle = np.array(self.plan.floor.rooms[room.id].centroid.coords[0])
        far = np.linalg.norm((boxes[:, :2] + boxes[:, 2:]) / 2 - middle, axis=1)
        cost += far / self.plan.width
        cost += [
            LINE * len(o.block.lines)
            + TURNED * o.turned
            + SMALL * (o.size != self.size)
            for o in options
        ]
        return cost

    def _cost(self, options: Sequence[Label], room: Room) -> Floats:
        """What is wrong with each label, by the share of it that is."""
        boxes, free = _boxes(options), self._free(room)
        shapes = shapely.box(*boxes.T)
        shapely.prepare(free)
        out = ~shapely.covers(free, shapes)
        outside = np.zeros(len(options))
        inside = shapely.area(shapely.intersection(shapes[out], free))
        outside[out] = 1 - inside / shapely.area(shapes[out])
        covered = _overlap(boxes, _boxes(self.placed.values()))
        return np.asarray(
            OUT * outside
            + COVERED * covered
            + TOUCHED * (covered > 0)
            + FURNITURE * _overlap(boxes, self._furniture)
            + DOOR * _overlap(boxes, self.swung)
        )

    def _overlap_mark(self, place: Room | Landmark, options: Sequence[Label]) -> Floats:
        """The share of each label on which a start or a goal would be marked."""
        (x, y), reach = self.plan.point(place.id), MARK / self.plan.metres_per_pixel
        mark = np.array([[x - reach, y - reach, x + reach, y + reach]])
        return _overlap(_boxes(options), mark)

    def _in_room(self, room: Room, size: float, *, turned: bool) -> Iterator[Label]:
        left, top, right, bottom = self._free(room).bounds
        for block in layouts(room.name, bold=True):
            wide, high = block.width * size / 2, block.height * size / 2
            if turned:
                wide, high = high, wide
            for x in _steps(left + wide, right - wide, size / 2):
                for y in _steps(top + high, bottom - high, size / 2):
                    yield Label(block, (x, y), size, turned)

    def _beside(self, landmark: Landmark, room: Room) -> Iterator[Label]:
        """Below, above, right and left of a landmark, then slid along, then on it."""
        shape = footprint(landmark, self.plan.metres_per_pixel)
        left, top, right, bottom = shape.bounds
        (x, y), gap = landmark.at, self.small / 5
        inset = np.array([gap, gap, -gap, -gap])
        walls = np.array(self._free(room).bounds) + inset
        blocks = layouts(landmark.name)
        for slide in (0.0, -0.5, 0.5, -1.0, 1.0):
            for block in blocks:
                wide, high = block.width * self.small / 2, block.height * self.small / 2
                # Slid no farther than the wall, where that is enough.
                across = _within(x + slide * wide, walls[0] + wide, walls[2] - wide)
                along = _within(y + slide * high, walls[1] + high, walls[3] - high)
                for at in (
                    (across, bottom + gap + high),
                    (across, top - gap - high),
                    (right + gap + wide, along),
                    (left - gap - wide, along),
                ):
                    yield Label(block, at, self.small)
        yield from (Label(block, landmark.at, self.small) for block in blocks)


def _within(value: float, least: float, most: float) -> float:
    return max(least, min(value, most))


def _boxes(labels: Iterable[Label]) -> Floats:
    """Left, top, right and bottom of each (labels, 4)."""
    return np.array([label.box for label in labels]).reshape(-1, 4)


def _steps(first: float, last: float, least: float) -> Floats:
    """Steps from first to last, none shorter than that; or their middle."""
    if last <= first:
        return np.array([(first + last) / 2])
    return np.linspace(first, last, min(TRIED, 2 + int((last - first) / least)))


def _overlap(boxes: Floats, others: Floats) -> Floats:
    """The share of each box that the others cover, all added up."""
    hull = np.concatenate([boxes[:, :2].min(axis=0), boxes[:, 2:].max(axis=0)])
    near = (others[:, :2] < hull[2:]).all(axis=1) & (others[:, 2:] > hull[:2]).all(
        axis=1
    )
    low = np.maximum(boxes[:, np.newaxis, :2], others[near, :2])
    high = np.minimum(boxes[:, np.newaxis, 2:], others[near, 2:])
    across, along = np.maximum(high - low, 0).transpose(2, 0, 1)
    shared = (across * along).sum(axis=1)
    return np.asarray(shared / (boxes[:, 2:] - boxes[:, :2]).prod(axis=1))
