"""How often each task was given each label, which is all that agreement depends on."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import sparse

from crowdlab.aggregation import Votes
from crowdlab.errors import BadVotes

__all__ = ["Floats", "comparable", "in_order", "numbers", "tallies"]

Floats = npt.NDArray[np.float64]


def tallies(votes: Votes) -> sparse.csr_array:
    """How often each task was given each label (tasks, labels).

    Example:
        >>> tallies(Votes.of([("a", 1, "x"), ("a", 2, "x"), ("b", 1, "y")])).toarray()
        array([[2., 0.],
               [0., 1.]])
    """
    shape = len(votes.tasks), len(votes.labels)
    ones = np.ones(len(votes))
    return sparse.coo_array((ones, (votes.task, votes.label)), shape).tocsr()


def comparable(votes: Votes) -> sparse.csr_array:
    """The tallies of the tasks that have two votes or more.

    Raises:
        BadVotes: where there is no such task.
    """
    counts = tallies(votes)
    compared = counts[np.flatnonzero(counts.sum(axis=1) > 1)]
    if not compared.shape[0]:
        raise BadVotes("no task has two votes: there is nothing to compare")
    return compared


def numbers(votes: Votes) -> Floats:
    """The labels as the numbers that they are (labels,).

    Raises:
        BadVotes: for a label that is no number.

    Example:
        >>> numbers(Votes.of([("a", 1, "10"), ("a", 2, "9")])).tolist()
        [10.0, 9.0]
    """
    values = pd.to_numeric(pd.Series(votes.labels), errors="coerce").to_numpy(float)
    wrong = ~np.isfinite(values)
    if wrong.any():
        raise BadVotes(
            f"label {votes.labels[wrong.argmax()]!r} is no number: it can only be"
            " compared at the level nominal, or ordinal with an order of the labels"
        )
    return values


def in_order(votes: Votes, order: Sequence[object] | None) -> npt.NDArray[np.intp]:
    """The codes of the labels, the lowest first.

    Args:
        votes: whose labels are numbers, if there is no ``order``.
        order: all labels, the lowest first.

    Raises:
        BadVotes: for labels that are no numbers, or not in the order.

    Example:
        >>> votes = Votes.of([("a", 1, "high"), ("a", 2, "low")])
        >>> in_order(votes, ["low", "high"]).tolist()
        [1, 0]
    """
    if order is None:
        return np.argsort(numbers(votes))
    rank = pd.Index(list(order)).get_indexer(votes.labels)
    if (rank < 0).any():
        absent = votes.labels[int(rank.argmin())]
        raise BadVotes(
            f"label {absent!r} is not in the order: {', '.join(map(str, order))}"
        )
    return np.argsort(rank)
