"""How well somebody walked a route: the measures of navigation research."""

import math
from collections.abc import Sequence
from typing import Any

import attrs
import numpy as np
import numpy.typing as npt

from crowdlab.errors import BadInput
from crowdlab.maps.plan import Plan
from crowdlab.maps.warping import resample, warp

__all__ = ["Score", "score"]

Floats = npt.NDArray[np.float64]
Points = Sequence[Sequence[float]]

# Metres of a step of a path, so that it does not matter how often somebody clicked.
STEP = 0.5


@attrs.frozen(kw_only=True)
class Score:
    """What a follower's path is worth; distances are metres.

    P. Anderson et al. On evaluation of embodied navigation agents (2018).
    https://arxiv.org/abs/1807.06757
    G. Ilharco et al. General evaluation for instruction conditioned navigation using
    dynamic time warping (2019). https://arxiv.org/abs/1907.05446

    Attributes:
        navigation_error: the shortest walk from where the path ends to the goal.
        euclidean_error: the same as the crow flies, through walls.
        success: whether the follower said to have arrived, near enough to the goal.
        oracle_success: whether the path ever came near enough to the goal.
        room_ok: whether the path ends in the room of the goal.
        spl: success weighted by path length: 1 for the shortest walk.
        reference_spl: the same with the reference as the way to go.
        ndtw: from 0 to 1, how faithful the path is to the reference.
        sdtw: the same, and 0 without success.
        walked_metres: how long the path is.
        back_steps: its steps, of half a metre, that lead where it was before.
    """

    navigation_error: float
    euclidean_error: float
    success: bool
    oracle_success: bool
    room_ok: bool
    spl: float
    reference_spl: float
    ndtw: float
    sdtw: float
    walked_metres: float
    back_steps: int

    def as_dict(self) -> dict[str, Any]:
        """The measures by name, for JSON."""
        return attrs.asdict(self)


def score(
    plan: Plan,
    reference: Points,
    path: Points,
    *,
    arrived: bool,
    threshold: float = 3.0,
) -> Score:
    """Scores a follower's path against the route that was described.

    Args:
        reference: the route, from its start to its goal, in pixels of the plan.
        path: where the follower went, likewise.
        arrived: whether the follower said so.
        threshold: the metres within which one has arrived.

    Example:
        >>> from crowdlab.maps import load_plan
        >>> plan = load_plan("house")
        >>> way = plan.walk("Hall", "Kitchen").points
        >>> score(plan, way, way, arrived=True).ndtw
        1.0
    """
    if not len(reference) or not len(path):
        raise BadInput("a route and a path have one point or more")
    walker, scale = plan.walker, plan.metres_per_pixel
    meant, walked = walker.snap(reference), walker.snap(path)
    steps = [resample(line, STEP / scale) for line in (meant, walked)]
    # Rows are steps of the reference, columns steps of the path.
    apart = walker.distances(*steps) * scale
    shortest = float(walker.distances(meant[:1], meant[-1:])[0, 0]) * scale
    error = float(apart[-1, -1])
    success = arrived and error <= threshold
    ndtw = math.exp(-warp(apart) / (len(apart) * threshold))
    length = _length(walked) * scale
    return Score(
        navigation_error=error,
        euclidean_error=math.dist(meant[-1], walked[-1]) * scale,
        success=success,
        oracle_success=bool((apart[-1] <= threshold).any()),
        room_ok=plan.room_at(walked[-1]) == plan.room_at(meant[-1]),
        spl=success * _economy(shortest, length),
        reference_spl=success * _economy(_length(meant) * scale, length),
        ndtw=ndtw,
        sdtw=success * ndtw,
        walked_metres=length,
        back_steps=_back_steps(steps[1], STEP / scale),
    )


def _length(line: Floats) -> float:
    return float(np.linalg.norm(np.diff(line, axis=0), axis=1).sum())


def _economy(due: float, walked: float) -> float:
    """How much of a walk was due, 1 at most; who starts at the goal need not walk."""
    return due / max(due, walked) if walked else 1.0


def _back_steps(steps: Floats, step: float) -> int:
    """The steps after which the path is where it was before its last step."""
    apart = np.linalg.norm(steps[:, np.newaxis] - steps, axis=2)
    earlier = np.tril(np.ones(apart.shape, dtype=bool), -2)
    return int(((apart <= step / 2 * 1.01) & earlier).any(axis=1).sum())
