"""Shortest walks over a floor: straight from corner to corner of what stands in the way."""

import functools
import itertools
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from crowdlab.maps.parts import Point

__all__ = ["Points", "Walker"]

Floats = npt.NDArray[np.float64]
Points = Sequence[Sequence[float]] | Floats

# Pixels that a walk may cut off a corner, so that rounding closes no way.
TOLERANCE = 0.01


class Walker:
    """The shortest walks within an area of the plan, in pixels.

    A shortest walk is straight but where it goes round a corner that points into the
    area, and it touches that corner as a taut string does. So the corners that see each
    other make a graph, whose shortest paths are computed once; a question then only
    asks which corners its points see.

    Args:
        area: a polygon of shapely's, or several.

    Example:
        >>> import shapely
        >>> bend = shapely.union(shapely.box(0, 0, 1, 4), shapely.box(0, 3, 4, 4))
        >>> Walker(bend).path((0, 0), (4, 4))
        [(0.0, 0.0), (1.0, 3.0), (4.0, 4.0)]
    """

    def __init__(self, area: Any) -> None:
        self.area = shapely.remove_repeated_points(area)
        self._wide = area.buffer(TOLERANCE, join_style="mitre")
        shapely.prepare((self.area, self._wide))

    @functools.cached_property
    def _bends(self) -> Floats:
        """Corners that point into the area, each with its neighbours (3, bends, 2)."""
        parts = shapely.get_parts(shapely.orient_polygons(self.area))
        rings = [ring for part in parts for ring in (part.exterior, *part.interiors)]
        bends = [_bends(shapely.get_coordinates(ring)[:-1]) for ring in rings]
        return np.concatenate([np.empty((3, 0, 2)), *bends], axis=1)

    @property
    def corners(self) -> Floats:
        """Where a shortest walk may turn (corners, 2)."""
        return np.asarray(self._bends[1])

    @functools.cached_property
    def _ways(self) -> tuple[Floats, npt.NDArray[np.int32]]:
        """From corner to corner: the distances, and the last corner before."""
        taut = self._taut(self.corners)
        direct = self._direct(self.corners, self.corners, taut & taut.T)
        np.fill_diagonal(direct, 0)
        edges = csr_array(np.where(np.isinf(direct), 0, direct))
        lengths, before = dijkstra(edges, return_predecessors=True)
        return np.asarray(lengths), np.asarray(before)

    def _taut(self, points: Floats) -> npt.NDArray[np.bool_]:
        """Whether a string from a point touches a corner only (points, corners)."""
        before, corner, after = self._bends
        string = corner - points[:, np.newaxis]
        sides = _cross(string, before - corner) * _cross(string, after - corner)
        return np.asarray(sides >= -TOLERANCE)

    def _reach(self, points: Floats) -> Floats:
        """How far each corner is from each point, straight (points, corners)."""
        return self._direct(points, self.corners, self._taut(points))

    def _direct(
        self, starts: Floats, ends: Floats, wanted: npt.NDArray[np.bool_] | None = None
    ) -> Floats:
        """The straight distances, infinite where not wanted or something is between."""
        far = np.linalg.norm(starts[:, np.newaxis] - ends, axis=2)
        asked = far > 0 if wanted is None else wanted & (far > 0)
        one, other = np.nonzero(asked)
        lines = shapely.linestrings(np.stack([starts[one], ends[other]], axis=1))
        clear = far == 0
        clear[one, other] = shapely.covers(self._wide, lines)
        return np.where(clear, far, np.inf)

    def snap(self, points: Points) -> Floats:
        """The nearest points of the area (points, 2)."""
        given = np.asarray(points, dtype=np.float64).reshape(-1, 2)
        dots = shapely.points(given)
        nearest = shapely.get_point(shapely.shortest_line(self.area, dots), 0)
        inside = shapely.covers(self._wide, dots)
        return np.where(inside[:, np.newaxis], given, shapely.get_coordinates(nearest))

    def distances(self, starts: Points, ends: Points) -> Floats:
        """The lengths of the shortest walks, infinite without one (starts, ends)."""
        one, other = self.snap(starts), self.snap(ends)
        direct = self._direct(one, other)
        to, on = self._reach(one), self._reach(other)
        for row, (reach, straight) in enumerate(zip(to, direct, strict=True)):
            round_corners = self._from(reach) + on
            best = round_corners.min(axis=1, initial=np.inf)
            direct[row] = np.minimum(straight, best)
        return direct

    def _from(self, reach: Floats) -> Floats:
        """How far each corner is for who reaches some at these distances (corners,)."""
        seen = np.isfinite(reach)
        first = reach[seen, np.newaxis] + self._ways[0][seen]
        return np.asarray(first.min(axis=0, initial=np.inf))

    def path(self, start: Sequence[float], goal: Sequence[float]) -> list[Point] | None:
        """The points of the shortest walk; ``None`` without one.

        A point outside of the area is left and reached straight, by the nearest way.
        """
        ends = self.snap([start, goal])
        reach, lengths = self._reach(ends), self._ways[0]
        round_corners = reach[0][:, np.newaxis] + lengths + reach[1]
        shortest = round_corners.min(initial=np.inf)
        straight = self._direct(ends[:1], ends[1:])[0, 0]
        if np.isinf(min(shortest, straight)):
            return None
        turns = self._turns(round_corners) if shortest < straight else []
        stops = [start, ends[0], *turns, ends[1], goal]
        points = [(float(x), float(y)) for x, y in stops]
        return [point for point, _ in itertools.groupby(points)]

    def _turns(self, lengths: Floats) -> list[Floats]:
        """The corners of the shortest walk, given lengths by first and last corner."""
        first, last = np.unravel_index(int(lengths.argmin()), lengths.shape)
        turns, before = [int(last)], self._ways[1]
        while turns[-1] != first:
            turns.append(int(before[first, turns[-1]]))
        return [self.corners[turn] for turn in reversed(turns)]


def _bends(ring: Floats) -> Floats:
    """The corners of a ring that point into the area, which lies to its left."""
    before, after = np.roll(ring, 1, axis=0), np.roll(ring, -1, axis=0)
    turns_right = _cross(ring - before, after - ring) < 0
    return np.stack([before, ring, after])[:, turns_right]


def _cross(one: Floats, other: Floats) -> Floats:
    return np.asarray(one[..., 0] * other[..., 1] - one[..., 1] * other[..., 0])
