"""The loop that most methods share: parameters from beliefs, beliefs from parameters."""

from abc import abstractmethod
from typing import Any

import attrs
import numpy as np
from typing_extensions import override

from crowdlab.aggregation.codes import Codes
from crowdlab.aggregation.engine import (
    Chunk,
    Floats,
    Parameters,
    Statistics,
    beliefs,
    count,
    shares,
)
from crowdlab.aggregation.memory import refuse_too_large
from crowdlab.aggregation.method import Inference, Method
from crowdlab.aggregation.votes import Votes

__all__ = ["ExpectationMaximization"]


@attrs.define(kw_only=True, eq=False)
class ExpectationMaximization(Method):
    """A method that is an M-step; the E-step is the engine's.

    It starts from each label's share of a task's votes. What it climbs, the
    ``objective``, is the logarithm of the votes' probability plus what the method
    adds for its priors; no pass lowers it.
    """

    @abstractmethod
    def m_step(self, statistics: Statistics) -> Parameters:
        """The parameters that explain the statistics best."""

    def log_prior(self, parameters: Parameters) -> float:  # noqa: ARG002 - others do
        """What the priors add to the objective."""
        return 0.0

    def start(self, chunk: Chunk) -> Floats:
        """The first belief (tasks, states)."""
        return shares(chunk)

    @override
    def infer(self, votes: Votes, gold: Codes) -> Inference:
        refuse_too_large(self.name, votes)
        return self.solve(Chunk.of(votes, gold))

    def solve(self, chunk: Chunk) -> Inference:
        """The belief after the last pass over the chunk."""
        belief, climb = self.start(chunk), list[float]()
        statistics = count(chunk, belief)
        while len(climb) < self.max_iterations and not self._is_enough(climb, chunk):
            parameters = self.m_step(statistics)
            belief, evidence = beliefs(chunk, parameters)
            climb.append(evidence + self.log_prior(parameters))
            statistics = count(chunk, belief, evidence)
        return Inference(_by_label(belief, chunk), self.diagnose(climb, chunk))

    def diagnose(self, climb: list[float], chunk: Chunk) -> dict[str, Any]:
        """The account of a run that climbed like this."""
        return {
            "iterations": len(climb),
            "converged": self._is_enough(climb, chunk),
            "objective": climb,
        }

    def _is_enough(self, climb: list[float], chunk: Chunk) -> bool:
        if self.tolerance == 0 or len(climb) < 2:  # noqa: PLR2004 - a gain needs two
            return False
        return climb[-1] - climb[-2] < self.tolerance * chunk.votes.nnz


def _by_label(belief: Floats, chunk: Chunk) -> Floats:
    """The states of each label added up (tasks, labels)."""
    if belief.shape[1] == chunk.n_labels:
        return belief
    by_label: Floats = belief.reshape(len(belief), chunk.n_labels, -1).sum(axis=2)
    by_label /= by_label.sum(axis=1, keepdims=True)
    return by_label
