"""Shapes in a picture, and what is wrong with one."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any

import attrs
import numpy as np
import numpy.typing as npt

from crowdlab.templates.ballots.protocol import JSON

__all__ = ["Frame", "crosses_itself", "outline", "tidied"]

Points = Sequence[Sequence[float]]

LEAST_CORNERS = 3

# Pages count in hundredths of a pixel: sides that were rounded may overreach by one.
SLACK = 0.011


@attrs.frozen
class Frame:
    """What every region of a picture keeps to.

    Attributes:
        min_side: the shortest side of a box.
        min_area: the smallest area of a box or a polygon.
    """

    width: float
    height: float
    classes: Collection[str]
    kinds: Collection[str]
    min_side: float
    min_area: float

    def faults(self, region: JSON) -> Iterator[str]:
        """What is wrong with the region.

        Example:
            >>> frame = Frame(640, 480, ["cat"], ["box"], min_side=3, min_area=9)
            >>> list(frame.faults({"cls": "cat", "kind": "box", "bbox": [1, 1, 9, 9]}))
            []
            >>> list(frame.faults({"cls": "dog", "kind": "box", "bbox": [1, 1, 9, 2]}))
            ["'dog' is none of: cat", 'a side is shorter than 3']
        """
        cls, kind = region.get("cls"), region["kind"]
        if cls not in self.classes:
            yield f"{cls!r} is none of: {', '.join(self.classes)}"
        if kind not in self.kinds:
            yield f"a {kind} is none of: {', '.join(self.kinds)}"
        field, other = ("bbox", "points") if kind == "box" else ("points", "bbox")
        if not region.get(field) or other in region:
            yield f"a {kind} has {field} and no {other}"
            return
        yield from self._outside(outline(region))
        yield from CHECKS[kind](self, tidied(region)[field])

    def _outside(self, points: Points) -> Iterator[str]:
        low, high = np.min(points, axis=0), np.max(points, axis=0)
        if (low < -SLACK).any() or (
            high > (self.width + SLACK, self.height + SLACK)
        ).any():
            yield f"it leaves the picture, which is {self.width} by {self.height}"


def _box_faults(frame: Frame, bbox: Sequence[float]) -> Iterator[str]:
    width, height = bbox[2:]
    if min(width, height) < frame.min_side:
        yield f"a side is shorter than {frame.min_side}"
    elif width * height < frame.min_area:
        yield f"its area is smaller than {frame.min_area}"


def _polygon_faults(frame: Frame, points: Points) -> Iterator[str]:
    if len(points) < LEAST_CORNERS:
        yield f"a polygon has {LEAST_CORNERS} points or more"
    # Two loops of a crossing outline may have no area together: crossing goes first.
    elif crosses_itself(points):
        yield "its outline crosses or touches itself"
    elif _area(points) < frame.min_area:
        yield f"its area is smaller than {frame.min_area}"


def _point_faults(_: Frame, points: Points) -> Iterator[str]:
    if len(points) != 1:
        yield "a point has one place"


CHECKS: Mapping[str, Callable[[Frame, Any], Iterator[str]]] = {
    "box": _box_faults,
    "polygon": _polygon_faults,
    "point": _point_faults,
}


def outline(region: JSON) -> list[list[float]]:
    """The corners of a region.

    Example:
        >>> outline({"kind": "box", "bbox": [1, 2, 3, 4]})
        [[1, 2], [4, 2], [4, 6], [1, 6]]
    """
    if "points" in region:
        return [list(point) for point in region["points"]]
    left, top, width, height = region["bbox"]
    right, bottom = round(left + width, 2), round(top + height, 2)
    return [[left, top], [right, top], [right, bottom], [left, bottom]]


def tidied(region: JSON) -> dict[str, Any]:
    """What the region is and where, in hundredths of a pixel.

    Example:
        >>> tidied({"id": "r1", "cls": "eye", "kind": "point", "points": [[1.234, 2]]})
        {'kind': 'point', 'cls': 'eye', 'points': [[1.23, 2]]}
    """
    what = {"kind": region["kind"], "cls": region.get("cls")}
    if "bbox" in region:
        return {**what, "bbox": [round(n, 2) for n in region["bbox"]]}
    return {**what, "points": [[round(x, 2), round(y, 2)] for x, y in region["points"]]}


def crosses_itself(points: Points) -> bool:
    """Whether a closed outline crosses or touches itself anywhere.

    It is calculated in whole hundredths, so that pages and servers agree exactly.

    Example:
        >>> crosses_itself([[0, 0], [4, 0], [4, 4], [0, 4]])
        False
        >>> crosses_itself([[0, 0], [4, 4], [4, 0], [0, 4]])
        True
    """
    start = np.rint(np.asarray(points, dtype=np.float64) * 100).astype(np.int64)
    end = np.roll(start, -1, axis=0)
    side = end - start
    before = np.roll(side, 1, axis=0)
    turns_back = (_cross(before, side) == 0) & ((before * side).sum(axis=-1) <= 0)
    first, second = np.triu_indices(len(start), 2)
    apart = (first > 0) | (second < len(start) - 1)
    first, second = first[apart], second[apart]
    meets = _straddles(start, side, first, second) & _straddles(
        start, side, second, first
    )
    near = _overlap(start, end, first, second)
    return bool(turns_back.any() or (meets & near).any())


def _cross(
    one: npt.NDArray[np.int64], other: npt.NDArray[np.int64]
) -> npt.NDArray[np.int64]:
    return one[..., 0] * other[..., 1] - one[..., 1] * other[..., 0]


def _straddles(
    start: npt.NDArray[np.int64],
    side: npt.NDArray[np.int64],
    one: npt.NDArray[np.intp],
    other: npt.NDArray[np.intp],
) -> npt.NDArray[np.bool_]:
    """Whether the ends of the other side are not both on one hand of the one."""
    ends = (start[other], start[other] + side[other])
    left, right = (np.sign(_cross(side[one], end - start[one])) for end in ends)
    return np.asarray(left * right <= 0)


def _overlap(
    start: npt.NDArray[np.int64],
    end: npt.NDArray[np.int64],
    one: npt.NDArray[np.intp],
    other: npt.NDArray[np.intp],
) -> npt.NDArray[np.bool_]:
    """Whether the upright boxes around both sides have something in common."""
    low, high = np.minimum(start, end), np.maximum(start, end)
    return np.asarray(
        ((low[one] <= high[other]) & (low[other] <= high[one])).all(axis=-1)
    )


def _area(points: Points) -> float:
    start = np.asarray(points, dtype=np.float64)
    end = np.roll(start, -1, axis=0)
    return float(abs((start[:, 0] * end[:, 1] - start[:, 1] * end[:, 0]).sum()) / 2)
