"""Boxes: upright rectangles, matched by intersection over union."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import attrs
import numpy as np
from typing_extensions import override

from crowdlab.aggregation.engine import Floats
from crowdlab.aggregation.regions import RegionMethod, Shape, numbers
from crowdlab.errors import BadVotes

__all__ = ["Boxes", "overlaps"]


@attrs.define(kw_only=True, eq=False)
class Boxes(RegionMethod):
    """Boxes that overlap by half are one thing; its sides are the mean of theirs.

    A region is ``{"kind": "box", "cls": "cat", "bbox": [left, top, width, height]}``;
    the mean of each side is weighed by the precision of the workers.

    Example:
        >>> seen = [{"cls": "cat", "bbox": [10, 10, 20, 20]}]
        >>> found = Boxes().fit([("a", 1, seen), ("a", 2, seen), ("a", 3, seen)])
        >>> found.labels_["label"][0]
        [{'kind': 'box', 'cls': 'cat', 'bbox': [10.0, 10.0, 20.0, 20.0]}]
    """

    name: ClassVar[str] = "boxes"
    kind: ClassVar[str] = "box"

    @override
    def corners(self, region: Mapping[str, Any]) -> Sequence[Sequence[float]]:
        left, top, width, height = numbers(region.get("bbox"), "bbox", 4)
        if min(width, height) <= 0:
            raise BadVotes(f"bbox is {region['bbox']!r}: a box without an area")
        return [[left, top], [left + width, top + height]]

    @override
    def similarity(self, shapes: Sequence[Shape], others: Sequence[Shape]) -> Floats:
        return overlaps(np.stack(shapes), np.stack(others))

    @override
    def average(self, shapes: Sequence[Shape], weights: Floats) -> Shape:
        return np.average(np.stack(shapes), axis=0, weights=weights)

    @override
    def written(self, shape: Shape) -> dict[str, Any]:
        (left, top), (right, bottom) = shape.tolist()
        return {"bbox": [left, top, right - left, bottom - top]}


def overlaps(boxes: Floats, others: Floats) -> Floats:
    """Intersection over union of each box with each (boxes, others).

    A box is its upper left and its lower right corner (boxes, 2, 2).

    Example:
        >>> overlaps(np.array([[[0, 0], [2, 2]]]), np.array([[[1, 0], [3, 2]]])).round(2)
        array([[0.33]])
    """
    one, other = boxes[:, np.newaxis], others[np.newaxis]
    upper_left = np.maximum(one[..., 0, :], other[..., 0, :])
    lower_right = np.minimum(one[..., 1, :], other[..., 1, :])
    shared = np.maximum(lower_right - upper_left, 0).prod(axis=-1)
    areas = (one[..., 1, :] - one[..., 0, :]).prod(axis=-1)
    other_areas = (other[..., 1, :] - other[..., 0, :]).prod(axis=-1)
    union: Floats = areas + other_areas - shared
    return np.asarray(shared / union, dtype=np.float64)
