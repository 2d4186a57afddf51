"""The two sums behind every method: votes to beliefs, and beliefs to counts.

A *cell* is a worker with a label: what a vote shows of its worker. The tables of all
methods have a row for each cell and a column for each state a task can be in, which
is a label or, for methods that tell kinds of a label apart, a kind of it.

The E-step adds up, for each task, the rows of its votes' cells, and makes a belief of
the sum; then it adds up, for each cell, the beliefs about the tasks where it occurs.
Both are products with one sparse matrix, votes by cell. Statistics of blocks of tasks
add up, so that blocks may stand in memory, come as a stream, or be on other machines.
"""

from functools import cached_property
from typing import Self

import attrs
import numpy as np
import numpy.typing as npt
from scipy import sparse

from crowdlab.aggregation.codes import Codes
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
    "shares",
    "with_gold",
]

Floats = npt.NDArray[np.float64]

UNKNOWN = -1


@attrs.frozen(eq=False, slots=False)
class Chunk:
    """A block of whole tasks.

    Attributes:
        votes: how often a cell occurs at a task (tasks, cells).
        gold: the known label of each task, or ``UNKNOWN`` (tasks,).
        n_labels: how many labels there are; cell = worker * n_labels + label.
    """

    votes: sparse.csr_array
    gold: Codes
    n_labels: int

    @classmethod
    def of(cls, votes: Votes, gold: Codes | None = None) -> Self:
        """All votes as one chunk, sorted, so that sums do not depend on their order."""
        n_tasks, n_labels = len(votes.tasks), len(votes.labels)
        n_cells = len(votes.workers) * n_labels
        keys = votes.task.astype(np.int64)
        keys *= n_cells
        keys += votes.worker * np.int64(n_labels)
        keys += votes.label
        keys.sort()
        starts = np.searchsorted(keys, np.arange(n_tasks + 1) * np.int64(n_cells))
        cells = np.remainder(keys, n_cells, dtype=np.int64).astype(np.int32)
        matrix = sparse.csr_array(
            (np.ones(len(cells)), cells, starts.astype(np.int32)), (n_tasks, n_cells)
        )
        unknown = np.full(n_tasks, UNKNOWN, dtype=np.int32)
        return cls(matrix, unknown if gold is None else gold, n_labels)

    @cached_property
    def n_votes(self) -> Floats:
        """How many votes each task has (tasks,)."""
        return np.diff(self.votes.indptr).astype(np.float64)

    @cached_property
    def known(self) -> npt.NDArray[np.intp]:
        """The tasks whose label is known."""
        return np.flatnonzero(self.gold != UNKNOWN)

    @cached_property
    def said(self) -> Floats:
        """Each label's share of a task's votes, summed over tasks (labels,)."""
        weight = 1 / self.n_votes
        weight[self.known] = 0
        by_cell: Floats = self.votes.T @ weight
        known = np.bincount(self.gold[self.known], minlength=self.n_labels)
        said: Floats = by_cell.reshape(-1, self.n_labels).sum(axis=0) + known
        return said

    def __len__(self) -> int:
        return len(self.gold)


@attrs.frozen(eq=False)
class Parameters:
    """What an M-step believes of states and workers.

    Attributes:
        prior: the logarithm of each state's share (states,).
        table: the logarithm of each cell's weight for each state
            (workers, labels, states).
    """

    prior: Floats
    table: Floats


@attrs.frozen(eq=False)
class Statistics:
    """What an M-step needs to know of the votes.

    Attributes:
        counts: how often a cell occurs in each state (workers, labels, states).
        states: how many tasks are in each state (states,).
        said: each label's share of a task's votes, summed over tasks (labels,).
        evidence: the logarithm of the votes' probability under the parameters.
    """

    counts: Floats
    states: Floats
    said: Floats
    evidence: float

    def __add__(self, other: "Statistics") -> "Statistics":
        return Statistics(
            self.counts + other.counts,
            self.states + other.states,
            self.said + other.said,
            self.evidence + other.evidence,
        )


def e_step(chunk: Chunk, parameters: Parameters) -> Statistics:
    """The statistics of a chunk under the parameters."""
    return count(chunk, *beliefs(chunk, parameters))


def beliefs(chunk: Chunk, parameters: Parameters) -> tuple[Floats, float]:
    """Each task's probability of each state (tasks, states), and the evidence."""
    joint = chunk.votes @ parameters.table.reshape(-1, len(parameters.prior))
    joint += parameters.prior
    _rule_out(joint, chunk)
    # Shifted so that the likeliest state has 1: none of its digits are lost.
    peaks = joint.max(axis=1, keepdims=True)
    joint -= peaks
    np.exp(joint, out=joint)
    sums = joint.sum(axis=1, keepdims=True)
    joint /= sums
    return joint, float(peaks.sum() + np.log(sums).sum())


def shares(chunk: Chunk) -> Floats:
    """Each label's share of a task's votes; gold labels have all (tasks, labels)."""
    n_workers = chunk.votes.shape[1] // chunk.n_labels
    belief = chunk.votes @ np.tile(np.eye(chunk.n_labels), (n_workers, 1))
    belief /= belief.sum(axis=1, keepdims=True)
    return with_gold(belief, chunk)


def with_gold(belief: Floats, chunk: Chunk) -> Floats:
    """The belief (tasks, labels), certain where the label is known."""
    belief[chunk.known] = 0
    belief[chunk.known, chunk.gold[chunk.known]] = 1
    return belief


def count(chunk: Chunk, belief: Floats, evidence: float = 0.0) -> Statistics:
    """The statistics of a chunk whose tasks have these beliefs."""
    counts = (chunk.votes.T @ belief).reshape(-1, chunk.n_labels, belief.shape[1])
    return Statistics(counts, belief.sum(axis=0), chunk.said, evidence)


def _rule_out(joint: Floats, chunk: Chunk) -> None:
    """Leaves tasks of known label no state of another label."""
    known = chunk.known
    if len(known):
        by_label = joint.reshape(len(joint), chunk.n_labels, -1)
        others = np.ones((len(known), chunk.n_labels), dtype=bool)
        others[np.arange(len(known)), chunk.gold[known]] = False
        rows, labels = np.nonzero(others)
        by_label[known[rows], labels] = -np.inf
