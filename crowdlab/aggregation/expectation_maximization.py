"""The loop that most methods share: parameters from beliefs, beliefs from parameters."""

from abc import abstractmethod
from typing import Any

import attrs
from typing_extensions import override

from crowdlab.aggregation.engine import (
    Chunk,
    Floats,
    Parameters,
    Statistics,
    beliefs,
    count,
    shares,
)
from crowdlab.aggregation.method import ChunkMethod, Inference

__all__ = ["ExpectationMaximization"]


@attrs.define(kw_only=True, eq=False)
class ExpectationMaximization(ChunkMethod):
    """A method that is an M-step; the E-step is the engine's.

    It starts from each label's share of a task's votes, and is done when the
    objective stands still.
    """

    @abstractmethod
    def m_step(self, statistics: Statistics) -> Parameters:
        """The parameters that explain the statistics best."""

    def objective(self, statistics: Statistics, parameters: Parameters) -> float:  # noqa: ARG002 - priors need them
        """What the method climbs: the logarithm of the votes' probability, or more."""
        return statistics.evidence

    def start(self, chunk: Chunk) -> Floats:
        """The first belief (tasks, states)."""
        return shares(chunk)

    @override
    def solve(self, chunk: Chunk) -> Inference:
        return self.climb(chunk, self.start(chunk))

    def climb(self, chunk: Chunk, belief: Floats) -> Inference:
        """The belief after the last pass, from a first one."""
        trace = list[float]()
        statistics = count(chunk, belief)
        while len(trace) < self.max_iterations and not self._is_still(trace, chunk):
            parameters = self.m_step(statistics)
            belief, evidence = beliefs(chunk, parameters)
            statistics = count(chunk, belief, evidence)
            trace.append(self.objective(statistics, parameters))
        return Inference(_by_label(belief, chunk), self._account(trace, chunk))

    def _is_still(self, trace: list[float], chunk: Chunk) -> bool:
        if self.tolerance == 0 or len(trace) < 2:  # noqa: PLR2004 - a gain needs two
            return False
        return abs(trace[-1] - trace[-2]) < self.tolerance * chunk.votes.nnz

    def _account(self, trace: list[float], chunk: Chunk) -> dict[str, Any]:
        return {
            "iterations": len(trace),
            "converged": self._is_still(trace, chunk),
            "objective": trace,
        }


def _by_label(belief: Floats, chunk: Chunk) -> Floats:
    """The states of each label added up (tasks, labels)."""
    if belief.shape[1] == chunk.n_labels:
        return belief
    by_label: Floats = belief.reshape(len(belief), chunk.n_labels, -1).sum(axis=2)
    return by_label
