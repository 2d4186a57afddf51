"""Votes counted in small integers, which stay in the processor's cache."""

from types import ModuleType
from typing import Any

import attrs
import numpy as np
import numpy.typing as npt

from crowdlab.aggregation.codes import Codes
from crowdlab.aggregation.engine import UNKNOWN, Floats
from crowdlab.aggregation.fast import compiled
from crowdlab.aggregation.tally import MOST_ENTRIES, occurrences
from crowdlab.aggregation.votes import Votes

__all__ = ["Ballots"]


@attrs.frozen(eq=False)
class Ballots:
    """How many votes each label has.

    Attributes:
        votes: those that were counted.
        counts: of each label (tasks, labels); a known label has all of its task's.
        n_votes: of each task (tasks,).
    """

    votes: Votes
    counts: "npt.NDArray[np.unsignedinteger[Any]]"
    n_votes: "npt.NDArray[np.unsignedinteger[Any]]"
    _fast: ModuleType

    @classmethod
    def of(cls, votes: Votes, gold: Codes) -> "Ballots | None":
        """The votes counted, where there are enough to make machine code of it."""
        shape = len(votes.tasks), len(votes.labels)
        fast = compiled(len(votes))
        if fast is None or shape[0] * shape[1] > MOST_ENTRIES:
            return None
        n_votes = occurrences(votes.task, shape[0])
        kind = np.min_scalar_type(n_votes.max())
        counts = np.zeros(shape, dtype=kind)
        fast.add_ballots(votes.task, votes.label, counts)
        known = np.flatnonzero(gold != UNKNOWN)
        counts[known] = 0
        counts[known, gold[known]] = n_votes[known]
        return cls(votes, counts, n_votes.astype(kind), fast)

    def shares(self) -> Floats:
        """Each label's share of a task's votes (tasks, labels)."""
        share = np.empty(self.counts.shape)
        self._fast.divide_ballots(self.counts, self.n_votes, share)
        return share

    def expected_right(self) -> Floats:
        """How many of each worker's votes are expected to be right (workers,)."""
        votes, right = self.votes, np.zeros(len(self.votes.workers))
        self._fast.add_shared_ballots(
            votes.task, votes.worker, votes.label, self.counts, self.n_votes, right
        )
        return right
