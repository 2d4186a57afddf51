"""Ballots counted: each label's share of a task's votes, weighted or not."""

import numpy as np
import numpy.typing as npt
from scipy import sparse

from crowdlab.aggregation.codes import Codes
from crowdlab.aggregation.engine import UNKNOWN, Floats
from crowdlab.aggregation.fast import compiled
from crowdlab.aggregation.votes import Votes

__all__ = ["expected_right_ballots", "is_undisputed", "occurrences", "tally"]

# Above this many entries shares are kept sparse: a gigabyte of zeros helps nobody.
MOST_ENTRIES = 1 << 27


def is_undisputed(votes: Votes) -> bool:
    """Whether no two votes on a task differ: then nobody can be told from others.

    Example:
        >>> is_undisputed(Votes.of([("a", 1, "x"), ("a", 2, "x"), ("b", 1, "y")]))
        True
    """
    said = np.full(len(votes.tasks), UNKNOWN, dtype=np.int32)
    if fast := compiled(len(votes)):
        return bool(fast.is_undisputed(votes.task, votes.label, said))
    said[votes.task] = votes.label
    return bool((said[votes.task] == votes.label).all())


def occurrences(codes: Codes, n_codes: int) -> npt.NDArray[np.int64]:
    """How often each code occurs (codes,).

    Example:
        >>> occurrences(np.array([0, 2, 0], dtype=np.int32), 3)
        array([2, 0, 1])
    """
    fast = compiled(len(codes))
    if fast is None:
        return np.bincount(codes, minlength=n_codes)
    sums = np.zeros(n_codes, dtype=np.int64)
    fast.add_ones(codes, sums)
    return sums


def tally(
    votes: Votes, gold: Codes, weights: Floats | None = None
) -> "Floats | sparse.csr_array":
    """Each label's share of a task's votes (tasks, labels); gold labels have all.

    Votes weigh alike where no ``weights`` (votes,) are given.
    """
    shape = len(votes.tasks), len(votes.labels)
    known = np.flatnonzero(gold != UNKNOWN)
    if shape[0] * shape[1] > MOST_ENTRIES:
        return _sparse_tally(votes, gold, weights, known)
    share = _sums(votes, weights)
    # A product with ones is a sum of rows, several times as fast.
    share /= (share @ np.ones(shape[1]))[:, np.newaxis]
    share[known] = 0
    share[known, gold[known]] = 1
    return share


def expected_right_ballots(votes: Votes, belief: "Floats | sparse.csr_array") -> Floats:
    """How many of each worker's votes are expected to be right (workers,)."""
    fast = compiled(len(votes))
    if fast is None or not isinstance(belief, np.ndarray):
        each: Floats = np.asarray(belief[votes.task, votes.label]).ravel()
        return np.bincount(votes.worker, each, len(votes.workers)).astype(np.float64)
    right = np.zeros(len(votes.workers))
    fast.add_right_ballots(votes.task, votes.worker, votes.label, belief, right)
    return right


def _sums(votes: Votes, weights: Floats | None) -> Floats:
    """Each label's votes, or their weights, added up by task (tasks, labels)."""
    n_tasks, n_labels = len(votes.tasks), len(votes.labels)
    fast = compiled(len(votes))
    if fast is None or weights is not None:
        places = votes.task * np.int64(n_labels)
        places += votes.label
        sums = np.bincount(places, weights, minlength=n_tasks * n_labels)
        return sums.reshape(n_tasks, n_labels).astype(np.float64, copy=False)
    counts = np.zeros((n_tasks, n_labels))
    fast.add_ballots(votes.task, votes.label, counts)
    return counts


def _sparse_tally(
    votes: Votes,
    gold: Codes,
    weights: Floats | None,
    known: "np.ndarray[tuple[int], np.dtype[np.int64]]",
) -> sparse.csr_array:
    weight = np.ones(len(votes)) if weights is None else weights
    heard = gold[votes.task] == UNKNOWN
    ballots = (
        np.concatenate([weight[heard], np.ones(len(known))]),
        (
            np.concatenate([votes.task[heard], known]),
            np.concatenate([votes.label[heard], gold[known]]),
        ),
    )
    sums = sparse.coo_array(ballots, (len(votes.tasks), len(votes.labels))).tocsr()
    sums.data /= np.repeat(sums.sum(axis=1), np.diff(sums.indptr))
    return sums
