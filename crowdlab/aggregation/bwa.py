"""Bayesian weighted average."""

from typing import ClassVar

import attrs
import numpy as np
from typing_extensions import override

from crowdlab.aggregation.engine import Chunk, Floats, shares, with_gold
from crowdlab.aggregation.method import ChunkMethod, Inference
from crowdlab.aggregation.priors import positive

__all__ = ["BWA"]


@attrs.define(kw_only=True, eq=False)
class BWA(ChunkMethod):
    r"""Votes as noisy measurements of a number between 0 and 1, for each class.

    Whether a task is of a class is a number :math:`z` about the class's mean
    :math:`\mu`, a vote for or against it measures :math:`z` with the precision
    :math:`v_w` of its worker, which has a Gamma prior. So :math:`z` is an average of
    the votes, weighed by precision, and the precision what the votes' squared
    distances to :math:`z` tell. The classes' numbers, scaled to sum to 1, are the
    probabilities.

    Y. Li, B. I. P. Rubinstein and T. Cohn. Truth inference at scale: a Bayesian model
    for adjudicating highly redundant crowd annotations. WWW (2019).
    https://doi.org/10.1145/3308558.3313459

    Attributes:
        prior_votes: votes of the average precision, credited to every worker.
        prior_class: votes for the class's mean, of precision 1, credited to every task.

    Example:
        >>> votes = [("a", w, "cat") for w in "123"] + [("b", w, "dog") for w in "123"]
        >>> BWA().fit(votes).labels_["label"].tolist()
        ['cat', 'dog']
    """

    name: ClassVar[str] = "bwa"

    prior_votes: float = attrs.field(default=15.0, validator=positive)
    prior_class: float = attrs.field(default=1.0, validator=positive)

    @override
    def solve(self, chunk: Chunk) -> Inference:
        average, moved, passes = shares(chunk), np.inf, 0
        n_by_cell = np.asarray(chunk.votes.sum(axis=0), dtype=np.float64)
        spread = self._spread(chunk, average)
        while passes < self.max_iterations and moved >= self.tolerance:
            distance = _squared_distances(chunk, average, n_by_cell)
            n_by_worker = chunk.cells.by_worker(n_by_cell)
            precision = (self.prior_votes + n_by_worker)[:, np.newaxis] / (
                self.prior_votes * spread + distance
            )
            last, average = average, self._average(chunk, precision, average)
            moved, passes = float(np.abs(average - last).max()), passes + 1
        belief = average / average.sum(axis=1, keepdims=True)
        account = {"iterations": passes, "converged": moved < self.tolerance}
        return Inference(belief, account)

    def _spread(self, chunk: Chunk, share: Floats) -> Floats:
        """The votes' variance within tasks, which a worker's prior expects (labels,).

        It is scaled so that a class that all doubt equally has 1 - 1/K.
        """
        variance = chunk.n_votes @ (share * (1 - share)) / chunk.n_votes.sum()
        spread: Floats = 4 * (1 - 1 / chunk.n_labels) * variance
        return np.maximum(spread, np.finfo(float).eps)

    def _average(self, chunk: Chunk, precision: Floats, last: Floats) -> Floats:
        """Each task's mean vote for each class, weighed by precision (tasks, labels)."""
        table = precision[chunk.cells.worker]
        votes_for = chunk.votes @ (
            table * chunk.cells.is_own
        ) + self.prior_class * last.mean(axis=0)
        return with_gold(votes_for / (chunk.votes @ table + self.prior_class), chunk)


def _squared_distances(chunk: Chunk, average: Floats, n_by_cell: Floats) -> Floats:
    """How far each worker's votes are from the averages (workers, labels)."""
    is_for = chunk.cells.is_own
    by_cell = (
        chunk.votes.T @ np.square(average)
        - 2 * is_for * (chunk.votes.T @ average)
        + is_for * n_by_cell[:, np.newaxis]
    )
    return np.maximum(chunk.cells.by_worker(by_cell), 0)
