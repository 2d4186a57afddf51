"""Points: places, matched by their distance."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import attrs
import numpy as np
from typing_extensions import override

from crowdlab.aggregation.answers import decoded
from crowdlab.aggregation.engine import Floats
from crowdlab.aggregation.priors import positive
from crowdlab.aggregation.regions import RegionMethod, Shape, numbers
from crowdlab.errors import BadVotes

__all__ = ["Points"]


@attrs.define(kw_only=True, eq=False)
class Points(RegionMethod):
    """Points that lie near each other are one thing; it lies where they do on average.

    A region is ``{"kind": "point", "cls": "eye", "points": [[x, y]]}``. Two points are
    alike by ``1 - distance / (2 * radius)``, or not at all: with an ``overlap`` of a
    half, as it is, they are one thing up to a distance of ``radius``.

    Attributes:
        radius: how far apart two points of one thing lie, at most, in pixels.

    Example:
        >>> near = [("a", w, [{"points": [[x, 50]]}]) for w, x in enumerate((8, 12))]
        >>> (eye,) = Points(radius=5).fit(near).labels_["label"][0]
        >>> np.round(eye["points"], 6).tolist()
        [[10.0, 50.0]]
    """

    name: ClassVar[str] = "points"
    kind: ClassVar[str] = "point"

    radius: float = attrs.field(default=10.0, validator=positive)

    @override
    def corners(self, region: Mapping[str, Any]) -> Sequence[Sequence[float]]:
        points = decoded(region.get("points"))
        if not isinstance(points, list | tuple) or len(points) != 1:
            raise BadVotes(f"points is {points!r}, not a list of one point")
        return [numbers(points[0], "points", 2)]

    @override
    def similarity(self, shapes: Sequence[Shape], others: Sequence[Shape]) -> Floats:
        apart = np.concatenate(shapes)[:, np.newaxis] - np.concatenate(others)
        distance = np.sqrt(np.square(apart).sum(axis=-1))
        return np.asarray(np.maximum(1 - distance / (2 * self.radius), 0))

    @override
    def average(self, shapes: Sequence[Shape], weights: Floats) -> Shape:
        return np.average(np.stack(shapes), axis=0, weights=weights)

    @override
    def written(self, shape: Shape) -> dict[str, Any]:
        return {"points": shape.tolist()}
