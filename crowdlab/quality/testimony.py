"""What a crowd says of a worker: their answers beside what the others believe."""

from collections.abc import Iterator
from typing import Self

import attrs
import numpy as np
import numpy.typing as npt
from scipy import sparse

from crowdlab.aggregation import HierarchicalDawidSkene, Votes
from crowdlab.aggregation.cells import Cells
from crowdlab.aggregation.codes import Codes
from crowdlab.aggregation.confusions import Confusions
from crowdlab.aggregation.engine import Chunk, beliefs, count
from crowdlab.aggregation.gold import gold_codes
from crowdlab.aggregation.priors import pseudo_votes
from crowdlab.quality.tallies import Floats

__all__ = ["Testimony", "blocks", "sums_by"]

# Votes whose beliefs are held at a time.
AT_ONCE = 1 << 16

# The least probability that is taken for one: what rounds to 0 could never rise again.
LEAST = 1e-300


@attrs.frozen(eq=False)
class Testimony:
    """What each worker said, beside what is believed without them.

    Labels are believed as Dawid and Skene have it, with confusions that are shrunk to
    the crowd's. A worker's own votes are taken out of the belief that they are held
    against: else every worker would agree with themselves.

    Attributes:
        votes: of the crowd.
        belief: the probability of each label (tasks, labels).
        table: the logarithm of how often a worker says a label of a task of a class
            (workers, labels, classes); 0 for labels that they never gave.
        counts: how often a worker said a label where the others believe in a class
            (workers, labels, classes).
        credit: what the crowd does, as votes that every worker is credited with
            (1, labels, classes).
    """

    votes: Votes
    belief: Floats
    table: Floats
    counts: Floats
    credit: Floats

    @classmethod
    def of(cls, answers: object, gold: object = None) -> Self:
        """What is believed after the answers and the gold."""
        method = HierarchicalDawidSkene()
        votes, known = gold_codes(Votes.of(answers), gold)
        chunk = Chunk.of(votes, known)
        found = method.infer(votes, known).belief
        statistics = count(chunk, np.asarray(found))
        parameters = method.m_step(statistics)
        belief, _ = beliefs(chunk, parameters)
        full = Cells.full(len(votes.workers), len(votes.labels))
        shape = full.n_workers, full.n_labels, full.n_labels
        table = np.zeros(shape)
        table[chunk.cells.worker, chunk.cells.label] = parameters.table
        counts = _counts(votes, belief, table)
        start = pseudo_votes(statistics, method.prior_right, method.prior_wrong)
        crowd = Confusions(full, counts, start).learned()
        return cls(
            votes, belief, table, counts.reshape(shape), crowd.credit[np.newaxis]
        )

    @property
    def n(self) -> npt.NDArray[np.int64]:
        """How many votes each worker cast (workers,)."""
        n_workers = len(self.votes.workers)
        return np.bincount(self.votes.worker, minlength=n_workers).astype(np.int64)

    @property
    def confusions(self) -> Floats:
        """How often a worker says a label of a class (workers, labels, classes)."""
        credited = self.counts + self.credit
        confusions: Floats = credited / credited.sum(axis=1, keepdims=True)
        return confusions

    def without(self, task: Codes, *cells: tuple[Codes, Codes]) -> Floats:
        """The belief about some tasks without a vote or two each (rows, labels).

        Args:
            task: a task for each row.
            cells: workers and what they said of these tasks, which is to be ignored.
        """
        return _without(self.belief, self.table, task, *cells)

    def expected(self, confusions: Floats) -> Floats:
        """How often each label was to be expected from each worker (workers, labels).

        Args:
            confusions: how often a label is said of a class (workers or 1, labels,
                classes).
        """
        classes = self.counts.sum(axis=1)[:, np.newaxis, :]
        expected: Floats = (confusions * classes).sum(axis=2)
        return expected


def _counts(votes: Votes, belief: Floats, table: Floats) -> Floats:
    n_labels = len(votes.labels)
    counts = np.zeros((len(votes.workers) * n_labels, n_labels))
    for rows in blocks(len(votes)):
        worker, label = votes.worker[rows], votes.label[rows]
        others = _without(belief, table, votes.task[rows], (worker, label))
        cell = worker * np.int64(n_labels) + label
        counts += sums_by(cell, others, len(counts))
    return counts


def _without(
    belief: Floats, table: Floats, task: Codes, *cells: tuple[Codes, Codes]
) -> Floats:
    logs = np.log(np.maximum(belief[task], LEAST))
    for worker, label in cells:
        logs -= table[worker, label]
    logs -= logs.max(axis=1, keepdims=True)
    others: Floats = np.exp(logs)
    others /= others.sum(axis=1, keepdims=True)
    return others


def blocks(n: int) -> Iterator[slice]:
    """The rows from 0 to n, some at a time."""
    for start in range(0, n, AT_ONCE):
        yield slice(start, start + AT_ONCE)


def sums_by(group: npt.NDArray[np.integer], values: Floats, n_groups: int) -> Floats:
    """The values (rows, columns) of each group added up (groups, columns).

    Example:
        >>> sums_by(np.array([1, 1]), np.array([[1.0, 2.0], [3.0, 4.0]]), 2)
        array([[0., 0.],
               [4., 6.]])
    """
    ones, starts = np.ones(len(group)), np.arange(len(group) + 1)
    member = sparse.csr_array((ones, group, starts), (len(group), n_groups))
    sums: Floats = member.T @ values
    return sums
