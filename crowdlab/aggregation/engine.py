"""The two sums behind every method: votes to beliefs, and beliefs to counts.

A *cell* is a worker with a label: what a vote shows of its worker. The tables of all
methods have a row for each cell that occurs and a column for each state a task can be
in, which is a label or, for methods that tell kinds of a label apart, a kind of it.

The E-step adds up, for each task, the rows of its votes' cells, and makes a belief of
the sum; then it adds up, for each cell, the beliefs about the tasks where it occurs.
Both are products with one sparse matrix, votes by cell. Statistics of blocks of tasks
add up, so that blocks may stand in memory, come as a stream, or be on other machines.
"""

from collections.abc import Iterator
from functools import cached_property
from typing import Any, Self

import attrs
import numpy as np
import numpy.typing as npt
from scipy import sparse

from crowdlab.aggregation.cells import Cells
from crowdlab.aggregation.codes import Codes, encode_integers
from crowdlab.aggregation.fast import compiled
from crowdlab.aggregation.votes import Votes

__all__ = [
    "UNKNOWN",
    "Chunk",
    "Floats",
    "Parameters",
    "Statistics",
    "beliefs",
    "count",
    "e_step",
    "expected_right",
    "peaks",
    "shares",
    "with_gold",
]

Floats = npt.NDArray[np.float64]

UNKNOWN = -1

# Up to so many columns it is faster to go down each than along the rows.
FEW = 24

# Tasks whose shares are looked at together, where they are needed once.
PART = 1 << 16


@attrs.frozen(eq=False, slots=False)
class Chunk:
    """A block of whole tasks.

    Attributes:
        cell: of each vote, task by task: codes into ``cells`` (votes,).
        starts: where each task's votes start, and the last one's end (tasks + 1,).
        gold: the known label of each task, or ``UNKNOWN`` (tasks,).
        cells: that occur, in this block or others.
    """

    cell: Codes
    starts: Codes
    gold: Codes
    cells: Cells

    @classmethod
    def of(cls, votes: Votes, gold: Codes | None = None) -> Self:
        """All votes as one chunk, sorted, so that sums do not depend on their order."""
        numbers, starts = _group(votes)
        cell, distinct = encode_integers(numbers, in_place=True)
        books = len(votes.workers), len(votes.labels)
        cells = Cells.numbered(distinct.to_numpy(), *books)
        unknown = np.full(len(votes.tasks), UNKNOWN, dtype=np.int32)
        return cls(cell, starts, unknown if gold is None else gold, cells)

    def part(self, first: int, last: int) -> Self:
        """The chunk of the tasks from the first to before the last."""
        starts = self.starts[first : last + 1]
        cell, gold = self.cell[starts[0] : starts[-1]], self.gold[first:last]
        return attrs.evolve(self, cell=cell, starts=starts - starts[0], gold=gold)

    def take(self, rows: npt.NDArray[np.intp]) -> Self:
        """The chunk of some tasks."""
        votes, gold = self.votes[rows], self.gold[rows]
        return attrs.evolve(self, cell=votes.indices, starts=votes.indptr, gold=gold)

    def on(self, cells: Cells) -> Self:
        """The same votes, where these cells, and others besides, are known."""
        place = cells.find(self.cells).astype(np.int32)
        return attrs.evolve(self, cell=place[self.cell], cells=cells)

    @property
    def n_workers(self) -> int:
        """How many workers there are, in this block or others."""
        return self.cells.n_workers

    @property
    def n_labels(self) -> int:
        """How many labels there are."""
        return self.cells.n_labels

    @cached_property
    def votes(self) -> sparse.csr_array:
        """How often a cell occurs at a task (tasks, cells)."""
        once = np.ones(len(self.cell))
        shape = len(self), len(self.cells)
        return sparse.csr_array((once, self.cell, self.starts), shape)

    @cached_property
    def n_votes(self) -> Floats:
        """How many votes each task has (tasks,)."""
        return np.diff(self.starts).astype(np.float64)

    @cached_property
    def known(self) -> npt.NDArray[np.intp]:
        """The tasks whose label is known."""
        return np.flatnonzero(self.gold != UNKNOWN)

    @cached_property
    def said(self) -> Floats:
        """Each label's share of a task's votes, summed over tasks (labels,)."""
        totals = [_totals(shares(part)) for part in self._parts()]
        total: Floats = np.sum(totals, axis=0)
        return total

    @cached_property
    def n_tasks(self) -> npt.NDArray[np.intp]:
        """To how many tasks each label was given (labels,)."""
        given = [np.count_nonzero(shares(part), axis=0) for part in self._parts()]
        n_tasks: npt.NDArray[np.intp] = np.sum(given, axis=0)
        return n_tasks

    def _parts(self) -> Iterator[Self]:
        """The same tasks, some at a time."""
        for first in range(0, len(self), PART):
            yield self.part(first, min(first + PART, len(self)))

    def __len__(self) -> int:
        return len(self.gold)


@attrs.frozen(eq=False)
class Parameters:
    """What an M-step believes of states and workers.

    Attributes:
        prior: the logarithm of each state's share (states,).
        table: the logarithm of each cell's weight for each state (cells, states).
    """

    prior: Floats
    table: Floats


@attrs.frozen(eq=False)
class Statistics:
    """What an M-step needs to know of the votes.

    Attributes:
        cells: that occur.
        counts: how often each does in each state (cells, states).
        states: how many tasks are in each state (states,).
        said: each label's share of a task's votes, summed over tasks (labels,).
        evidence: the logarithm of the votes' probability under the parameters.
    """

    cells: Cells
    counts: Floats
    states: Floats
    said: Floats
    evidence: float

    def __add__(self, other: "Statistics") -> "Statistics":
        return Statistics(
            self.cells,
            self.counts + other.counts,
            self.states + other.states,
            self.said + other.said,
            self.evidence + other.evidence,
        )


def e_step(
    chunk: Chunk, parameters: Parameters, belief: Floats | None = None
) -> tuple[Floats, Statistics]:
    """Each task's probability of each state (tasks, states), and the statistics.

    The array of a ``belief`` that is not needed any more may be used again.
    """
    fast = compiled(len(chunk.cell))
    if fast is None:
        belief, evidence = beliefs(chunk, parameters)
        return belief, count(chunk, belief, evidence)
    counts = np.zeros_like(parameters.table)
    if belief is None:
        belief = np.empty((len(chunk), len(parameters.prior)))
    evidence = fast.e_step(
        chunk.cell,
        chunk.starts,
        chunk.gold,
        parameters.prior,
        parameters.table,
        chunk.n_labels,
        belief,
        counts,
    )
    return belief, _statistics(chunk, counts, belief, evidence)


def beliefs(chunk: Chunk, parameters: Parameters) -> tuple[Floats, float]:
    """Each task's probability of each state (tasks, states), and the evidence."""
    joint = chunk.votes @ parameters.table
    joint += parameters.prior
    _rule_out(joint, chunk)
    # Shifted so that the likeliest state has 1: none of its digits are lost.
    shift = peaks(joint)
    joint -= shift[:, np.newaxis]
    np.exp(joint, out=joint)
    # A product with ones is a sum of rows, several times as fast.
    sums = joint @ np.ones(joint.shape[1])
    joint /= sums[:, np.newaxis]
    return joint, float(shift.sum() + np.log(sums).sum())


def peaks(rows: Floats) -> Floats:
    """The highest number of each row; few columns are fastest one by one."""
    if rows.shape[1] > FEW:
        return np.asarray(rows.max(axis=1))
    highest = rows[:, 0].copy()
    for column in range(1, rows.shape[1]):
        np.maximum(highest, rows[:, column], out=highest)
    return highest


def shares(chunk: Chunk) -> Floats:
    """Each label's share of a task's votes; gold labels have all (tasks, labels)."""
    fast = compiled(len(chunk.cell))
    if fast is None:
        belief = chunk.votes @ chunk.cells.is_own.astype(np.float64)
        belief /= belief.sum(axis=1, keepdims=True)
    else:
        belief = np.zeros((len(chunk), chunk.n_labels))
        fast.add_shares(chunk.cell, chunk.starts, chunk.cells.label, belief)
    return with_gold(belief, chunk)


def with_gold(belief: Floats, chunk: Chunk) -> Floats:
    """The belief (tasks, labels), certain where the label is known."""
    belief[chunk.known] = 0
    belief[chunk.known, chunk.gold[chunk.known]] = 1
    return belief


def count(chunk: Chunk, belief: Floats, evidence: float = 0.0) -> Statistics:
    """The statistics of a chunk whose tasks have these beliefs."""
    fast = compiled(len(chunk.cell))
    if fast is None:
        counts = chunk.votes.T @ belief
    else:
        counts = np.zeros((len(chunk.cells), belief.shape[1]))
        fast.count(chunk.cell, chunk.starts, np.ascontiguousarray(belief), counts)
    return _statistics(chunk, counts, belief, evidence)


def _statistics(
    chunk: Chunk, counts: Floats, belief: Floats, evidence: float
) -> Statistics:
    return Statistics(chunk.cells, counts, _totals(belief), chunk.said, evidence)


def _totals(belief: Floats) -> Floats:
    """How many tasks are in each state (states,)."""
    # As with rows, a product with ones is faster than a sum.
    totals: Floats = np.ones(len(belief)) @ belief
    return totals


def expected_right(chunk: Chunk, belief: Floats) -> Floats:
    """How many of each worker's votes are expected to be right (workers,)."""
    fast, cells = compiled(len(chunk.cell)), chunk.cells
    if fast is None:
        return cells.by_worker(cells.own(count(chunk, belief).counts))
    right = np.zeros(len(cells))
    fast.add_right(
        chunk.cell, chunk.starts, cells.label, np.ascontiguousarray(belief), right
    )
    return cells.by_worker(right)


def _group(votes: Votes) -> "tuple[npt.NDArray[np.integer[Any]], Codes]":
    """The votes' cells, as worker * n_labels + label, and where each task's start.

    They are sorted, task by task.
    """
    fast = compiled(len(votes))
    n_cells = len(votes.workers) * len(votes.labels)
    if fast is None or n_cells > np.iinfo(np.int32).max:
        return _sort(votes)
    cells = np.empty(len(votes), dtype=np.int32)
    starts = np.zeros(len(votes.tasks) + 1, dtype=np.int32)
    n_labels = np.int32(len(votes.labels))
    fast.group(votes.task, votes.worker, votes.label, n_labels, starts, cells)
    return cells, starts


def _sort(votes: Votes) -> tuple[npt.NDArray[np.int64], Codes]:
    n_tasks, n_labels = len(votes.tasks), len(votes.labels)
    n_cells = len(votes.workers) * n_labels
    keys = votes.task.astype(np.int64)
    keys *= n_cells
    keys += votes.worker * np.int64(n_labels)
    keys += votes.label
    keys.sort()
    starts = np.searchsorted(keys, np.arange(n_tasks + 1) * np.int64(n_cells))
    keys %= n_cells
    return keys, starts.astype(np.int32)


def _rule_out(joint: Floats, chunk: Chunk) -> None:
    """Leaves tasks of known label no state of another label."""
    known = chunk.known
    if len(known):
        by_label = joint.reshape(len(joint), chunk.n_labels, -1)
        others = np.ones((len(known), chunk.n_labels), dtype=bool)
        others[np.arange(len(known)), chunk.gold[known]] = False
        rows, labels = np.nonzero(others)
        by_label[known[rows], labels] = -np.inf
