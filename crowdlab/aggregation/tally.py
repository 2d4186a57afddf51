"""Ballots counted: each label's share of a task's votes, weighted or not."""

import numpy as np
from scipy import sparse

from crowdlab.aggregation.codes import Codes
from crowdlab.aggregation.engine import UNKNOWN, Floats
from crowdlab.aggregation.votes import Votes

__all__ = ["is_undisputed", "tally"]

# Above this many entries shares are kept sparse: a gigabyte of zeros helps nobody.
MOST_ENTRIES = 1 << 27


def is_undisputed(votes: Votes) -> bool:
    """Whether no two votes on a task differ: then nobody can be told from others.

    Example:
        >>> is_undisputed(Votes.of([("a", 1, "x"), ("a", 2, "x"), ("b", 1, "y")]))
        True
    """
    said = np.empty(len(votes.tasks), dtype=np.int32)
    said[votes.task] = votes.label
    return bool((said[votes.task] == votes.label).all())


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
    places = votes.task * np.int64(shape[1])
    places += votes.label
    sums = np.bincount(places, weights, minlength=shape[0] * shape[1])
    share = sums.reshape(shape).astype(np.float64, copy=False)
    share /= share.sum(axis=1, keepdims=True)
    share[known] = 0
    share[known, gold[known]] = 1
    return share


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
