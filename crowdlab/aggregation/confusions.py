"""Workers' confusion matrices that are not known exactly."""

from functools import cached_property
from typing import Self

import attrs
import numpy as np
from scipy.special import digamma, gammaln

from crowdlab.aggregation.cells import Cells
from crowdlab.aggregation.engine import Floats, Statistics

__all__ = ["Confusions"]

# What pseudo-votes may be learned to be: less is no prior, more is no learning.
LEAST, MOST = 1e-3, 1e3

# How often the learning is repeated: the counts are a guess themselves.
ROUNDS = 10


@attrs.frozen(eq=False, slots=False)
class Confusions:
    """Votes counted, and votes credited to every worker.

    In each state a worker's shares of labels have a Dirichlet distribution. A label
    that a worker never gave is known by its credit alone: such cells need no rows.

    Attributes:
        cells: that occur.
        counts: how often each does in each state (cells, states).
        credit: pseudo-votes of every worker (labels, states).
    """

    cells: Cells
    counts: Floats
    credit: Floats

    @classmethod
    def of(cls, statistics: Statistics, credit: Floats) -> Self:
        """What the statistics tell of the workers."""
        return cls(statistics.cells, statistics.counts, credit)

    def log_means(self) -> Floats:
        """The logarithm of each expected share (cells, states)."""
        logs: Floats = np.log(self._credited)
        logs -= np.log(self._totals)[self.cells.worker]
        return logs

    def expected_logs(self) -> Floats:
        """The expected logarithm of each share (cells, states)."""
        logs: Floats = digamma(self._credited)
        logs -= digamma(self._totals)[self.cells.worker]
        return logs

    def evidence(self) -> float:
        """The logarithm of the probability of the votes, whatever the shares were."""
        credited = gammaln(self.credit)[self.cells.label]
        each = gammaln(self._credited) - credited
        rows = gammaln(self.credit.sum(axis=0)) - gammaln(self._totals)
        return float(each.sum() + rows.sum())

    def learned(self) -> Self:
        """With the credit under which the workers' counts are likeliest.

        Minka's fixed point: what each pseudo-vote explains, over what all of its
        state do.

        T. P. Minka. Estimating a Dirichlet distribution. MIT, 2000.
        """
        found = self
        for _ in range(ROUNDS):
            found = attrs.evolve(found, credit=found._fitter_credit())
        return found

    def _fitter_credit(self) -> Floats:
        cells, total = self.cells, self.credit.sum(axis=0)
        before = digamma(self.credit)[cells.label]
        explained = cells.by_label(digamma(self._credited) - before)
        possible = (digamma(self._totals) - digamma(total)).sum(axis=0)
        ratio = np.divide(
            explained, possible, out=np.ones_like(explained), where=possible > 0
        )
        credit: Floats = np.clip(self.credit * ratio, LEAST, MOST)
        return credit

    @cached_property
    def _credited(self) -> Floats:
        credited: Floats = self.counts + self.credit[self.cells.label]
        return credited

    @cached_property
    def _totals(self) -> Floats:
        """A worker's votes in a state, with the credit (workers, states)."""
        totals: Floats = self.cells.by_worker(self.counts) + self.credit.sum(axis=0)
        return totals
