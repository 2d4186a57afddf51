"""A route: straight legs between points of a plan."""

import itertools
import math
from collections.abc import Sequence

import attrs

from crowdlab.errors import BadInput
from crowdlab.maps.parts import Line, Point

__all__ = ["Route"]


@attrs.frozen
class Route:
    """Straight legs from point to point.

    Attributes:
        points: in pixels of the plan.
        metres: how long it is.

    Example:
        >>> Route.through([(0, 0), (30, 40), (30, 40)], metres_per_pixel=0.1)
        Route(points=((0.0, 0.0), (30.0, 40.0)), metres=5.0)
    """

    points: Line
    metres: float

    @classmethod
    def through(
        cls, points: Sequence[Sequence[float]], metres_per_pixel: float
    ) -> "Route":
        """The route along these points, each once."""
        rounded = ((round(float(x), 2), round(float(y), 2)) for x, y in points)
        line = tuple(point for point, _ in itertools.groupby(rounded))
        if len(line) < 2:  # noqa: PLR2004 - a line has two ends
            raise BadInput("a route needs two points or more, at different places")
        pixels = sum(itertools.starmap(math.dist, itertools.pairwise(line)))
        return cls(line, pixels * metres_per_pixel)

    @property
    def start(self) -> Point:
        """Where it begins."""
        return self.points[0]

    @property
    def goal(self) -> Point:
        """Where it ends."""
        return self.points[-1]
