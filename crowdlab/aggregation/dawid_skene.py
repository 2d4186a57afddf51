"""Dawid and Skene: each worker has a confusion matrix."""

from typing import ClassVar

import attrs
import numpy as np
from typing_extensions import override

from crowdlab.aggregation.engine import Floats, Parameters, Statistics
from crowdlab.aggregation.expectation_maximization import ExpectationMaximization

__all__ = ["DawidSkene"]

# The least count and the least share: a logarithm must not meet zero.
LEAST = 1e-10


@attrs.define(kw_only=True, eq=False)
class DawidSkene(ExpectationMaximization):
    r"""Each worker has a confusion matrix, found by expectation maximization.

    A worker :math:`w` says :math:`l` of a task of class :math:`k` with probability
    :math:`\pi_w(l \mid k)`, and a share :math:`p_k` of the tasks is of class
    :math:`k`. Both are the shares that the beliefs about the tasks imply; the beliefs
    follow from both by Bayes' rule.

    A. P. Dawid and A. M. Skene. Maximum likelihood estimation of observer error-rates
    using the EM algorithm. Journal of the Royal Statistical Society C 28 (1979).
    https://doi.org/10.2307/2346806

    Example:
        >>> votes = [("a", w, "cat") for w in "123"] + [("b", w, "dog") for w in "123"]
        >>> DawidSkene().fit(votes).labels_["label"].tolist()
        ['cat', 'dog']
    """

    name: ClassVar[str] = "dawid-skene"

    @override
    def m_step(self, statistics: Statistics) -> Parameters:
        share = statistics.states / statistics.states.sum()
        return Parameters(
            prior=np.log(np.maximum(share, LEAST)),
            table=_log_shares(statistics),
        )


def _log_shares(statistics: Statistics) -> Floats:
    """Each label's share of a worker's votes in a state, as a logarithm."""
    cells, counts = statistics.cells, np.maximum(statistics.counts, LEAST)
    counts /= cells.by_worker(counts)[cells.worker]
    return np.log(counts, out=counts)
