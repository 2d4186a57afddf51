"""Answers that were given too fast to have looked."""

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import betainc

from crowdlab.errors import BadVotes
from crowdlab.quality.sign import Sign, odds_of_p
from crowdlab.quality.tallies import Floats
from crowdlab.quality.testimony import Testimony

__all__ = ["hasty"]

# An answer is hasty that takes less than this share of the usual time.
HASTE = 1 / 3

# Careful workers are hasty now and then, never in more than half of their answers.
MOST_HASTY = 0.5


def hasty(
    testimony: Testimony, seconds: npt.ArrayLike, hasty_seconds: float | None = None
) -> Sign:
    """More than half of the answers in less than a third of the usual time.

    The usual time is the median of the workers' medians, so that nobody's counts twice.

    Args:
        testimony: on the crowd.
        seconds: each vote's, nan where they are not known.
        hasty_seconds: what is hasty, where more is known than the usual time.

    Raises:
        BadVotes: where there are not as many seconds as votes, or one is negative.
    """
    votes = testimony.votes
    taken = np.asarray(seconds, dtype=np.float64)
    _refuse_wrong(taken, len(votes))
    usual = float(pd.Series(taken).groupby(votes.worker).median().median())
    limit = HASTE * usual if hasty_seconds is None else hasty_seconds
    n_workers = len(votes.workers)
    n = np.bincount(votes.worker[~np.isnan(taken)], minlength=n_workers)
    n_hasty = np.bincount(votes.worker[taken < limit], minlength=n_workers)
    return Sign(
        "hasty",
        odds_of_p(_log_tail(n_hasty, n)),
        lambda worker: (
            f"{n_hasty[worker]:,} of {n[worker]:,} answers took less than {limit:.1f} s;"
            f" usual are {usual:.1f} s"
        ),
    )


def _refuse_wrong(taken: Floats, n_votes: int) -> None:
    if taken.shape != (n_votes,):
        raise BadVotes(f"there are {taken.size:,} seconds for {n_votes:,} votes")
    if (taken < 0).any():
        raise BadVotes(f"{np.nanmin(taken):g} seconds are less than none")


def _log_tail(k: npt.NDArray[np.int64], n: npt.NDArray[np.int64]) -> Floats:
    """The logarithm of the chance of k of n or more, if each has the most hasty's."""
    tail = betainc(np.maximum(k, 1), n - np.minimum(k, n) + 1, MOST_HASTY)
    log_tail: Floats = np.log(
        np.maximum(np.where(k > 0, tail, 1), np.finfo(float).tiny)
    )
    return log_tail
