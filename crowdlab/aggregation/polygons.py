"""Polygons: outlines, matched by intersection over union."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import attrs
import numpy as np
import shapely
from typing_extensions import override

from crowdlab.aggregation.answers import decoded
from crowdlab.aggregation.engine import Floats
from crowdlab.aggregation.regions import RegionMethod, Shape, numbers
from crowdlab.errors import BadVotes

__all__ = ["Polygons"]

# Two halves may sum to a bit less than one.
HALF = 0.5 - 1e-9

LEAST_CORNERS = 3


@attrs.define(kw_only=True, eq=False)
class Polygons(RegionMethod):
    """Polygons that overlap by half are one thing; its area is what most of them cover.

    A region is ``{"kind": "polygon", "cls": "cat", "points": [[x, y], ...]}``. What at
    least half of the workers cover, by the weight of their precision, belongs to the
    thing: where it falls apart, the largest piece, and without its holes.

    Example:
        >>> square = [{"points": [[0, 0], [4, 0], [4, 4], [0, 4]]}]
        >>> found = Polygons().fit([("a", 1, square), ("a", 2, square)])
        >>> sorted(found.labels_["label"][0][0]["points"])
        [[0.0, 0.0], [0.0, 4.0], [4.0, 0.0], [4.0, 4.0]]
    """

    name: ClassVar[str] = "polygons"
    kind: ClassVar[str] = "polygon"

    @override
    def corners(self, region: Mapping[str, Any]) -> Sequence[Sequence[float]]:
        points = decoded(region.get("points"))
        if not isinstance(points, list | tuple) or len(points) < LEAST_CORNERS:
            raise BadVotes(f"points is {points!r}, not three points or more")
        corners = [numbers(point, "points", 2) for point in points]
        polygon = shapely.Polygon(corners)
        if not polygon.is_valid or not polygon.area:
            raise BadVotes("the outline crosses itself, or has no area")
        return corners

    @override
    def similarity(self, shapes: Sequence[Shape], others: Sequence[Shape]) -> Floats:
        one, other = _areas(shapes)[:, np.newaxis], _areas(others)
        shared = shapely.area(shapely.intersection(one, other))
        return np.asarray(shared / (shapely.area(one) + shapely.area(other) - shared))

    @override
    def average(self, shapes: Sequence[Shape], weights: Floats) -> Shape:
        areas = _areas(shapes)
        lines = shapely.unary_union(shapely.boundary(areas))
        # Within a cell between the outlines, everywhere is covered by the same workers.
        cells = shapely.get_parts(shapely.polygonize([lines]))
        inside = shapely.point_on_surface(cells)[:, np.newaxis]
        cover = shapely.contains(areas, inside) @ weights / weights.sum()
        agreed = shapely.unary_union(cells[cover >= HALF])
        pieces = shapely.get_parts(agreed)
        largest = pieces[int(shapely.area(pieces).argmax())]
        outline = shapely.get_coordinates(shapely.simplify(largest.exterior, 0))
        return np.asarray(outline[:-1])

    @override
    def written(self, shape: Shape) -> dict[str, Any]:
        return {"points": shape.tolist()}


def _areas(shapes: Sequence[Shape]) -> Any:
    polygons = [shapely.Polygon(shape) for shape in shapes]
    return np.array(polygons, dtype=object)
