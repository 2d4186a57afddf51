"""Expectation maximization over distributions of the parameters."""

from abc import abstractmethod

import attrs
from typing_extensions import override

from crowdlab.aggregation.confusions import Confusions
from crowdlab.aggregation.engine import Floats, Parameters, Statistics
from crowdlab.aggregation.expectation_maximization import ExpectationMaximization

__all__ = ["VariationalBayes"]


@attrs.define(kw_only=True, eq=False)
class VariationalBayes(ExpectationMaximization):
    """A method whose parameters are expected logarithms of uncertain shares.

    Its objective is the evidence lower bound: the logarithm of the votes' and the
    beliefs' joint probability, the shares integrated out, and the beliefs' entropy.
    """

    @abstractmethod
    def pseudo_votes(self, statistics: Statistics) -> Floats:
        """The votes credited to each worker (labels, states)."""

    def confusions(self, statistics: Statistics) -> Confusions:
        """What is known of the workers."""
        return Confusions.of(statistics, self.pseudo_votes(statistics))

    @abstractmethod
    def state_evidence(self, statistics: Statistics) -> float:
        """The logarithm of the probability of the states, whatever their shares."""

    @override
    def objective(self, statistics: Statistics, parameters: Parameters) -> float:
        votes = (statistics.counts * parameters.table).sum()
        states = (statistics.states * parameters.prior).sum()
        entropy = float(statistics.evidence - votes - states)
        return (
            entropy
            + self.confusions(statistics).evidence()
            + self.state_evidence(statistics)
        )
