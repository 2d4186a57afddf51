"""Answers that are too much alike, or follow one another in a pattern."""

import numpy as np
import numpy.typing as npt
from scipy.special import entr

from crowdlab.quality.sign import Sign, odds_of_z
from crowdlab.quality.tallies import Floats
from crowdlab.quality.testimony import Testimony, blocks

__all__ = ["patterned", "uniform"]

# Suspicious is an entropy of half of what was to be expected: in two labels, one
# said nine times of ten where both are due.
ENTROPY_SHARE = 0.5

# Labels that follow the same label this much more or less often than expected.
LEAST_EXCESS = 0.1


def uniform(testimony: Testimony) -> Sign:
    """One label far more often than the crowd would give it to these tasks."""
    said, n = testimony.counts.sum(axis=2), testimony.n
    crowd = testimony.credit / testimony.credit.sum(axis=1, keepdims=True)
    expected = testimony.expected(crowd)
    top = said.argmax(axis=1)
    is_low = _entropy(said) < ENTROPY_SHARE * _entropy(expected)
    most, due = (
        np.take_along_axis(each, top[:, None], 1)[:, 0] for each in (said, expected)
    )
    deviation = np.sqrt(np.maximum(due * (1 - due / n), 1))
    label = testimony.votes.labels
    return Sign(
        "uniform",
        np.where(is_low, odds_of_z((most - due) / deviation), 0),
        lambda worker: (
            f"said {label[top[worker]]!s} in {most[worker]:.0f} of {n[worker]:,} answers,"
            f" where the crowd would in {due[worker]:.0f}"
        ),
    )


def patterned(testimony: Testimony) -> Sign:
    """The same label again more, or less, often than the tasks explain.

    It needs votes in the order in which each worker cast them. What a worker's
    confusions make of the tasks, one after the other, is expected.
    """
    votes = testimony.votes
    order = np.argsort(votes.worker, kind="stable")
    follows = np.flatnonzero(np.diff(votes.worker[order]) == 0)
    first, second = order[follows], order[follows + 1]
    worker = votes.worker[first]
    chance = _chance_of_same(testimony, first, second)
    again = _sums(worker, votes.label[first] == votes.label[second], testimony)
    due = _sums(worker, chance, testimony)
    variance = _sums(worker, chance * (1 - chance), testimony)
    n_pairs = _sums(worker, np.ones(len(worker)), testimony)
    z = np.abs(again - due) / np.sqrt(np.maximum(variance, 1))
    is_large = np.abs(again - due) > LEAST_EXCESS * n_pairs
    return Sign(
        "pattern",
        np.where(is_large, odds_of_z(z), 0),
        lambda worker: (
            f"gave the same label as just before in {again[worker]:.0f} of"
            f" {n_pairs[worker]:.0f} answers, where {due[worker]:.0f} were to be expected"
        ),
    )


def _entropy(counts: Floats) -> Floats:
    entropy: Floats = entr(counts / counts.sum(axis=1, keepdims=True)).sum(axis=1)
    return entropy


def _chance_of_same(
    testimony: Testimony,
    first: npt.NDArray[np.intp],
    second: npt.NDArray[np.intp],
) -> Floats:
    """How likely two votes are the same, by the tasks and the worker's confusions."""
    chance = np.empty(len(first))
    for rows in blocks(len(first)):
        said = [_label_chances(testimony, each[rows]) for each in (first, second)]
        chance[rows] = (said[0] * said[1]).sum(axis=1)
    return chance


def _label_chances(testimony: Testimony, rows: npt.NDArray[np.intp]) -> Floats:
    votes = testimony.votes
    worker, label = votes.worker[rows], votes.label[rows]
    others = testimony.without(votes.task[rows], (worker, label))
    chances: Floats = np.einsum("rlk,rk->rl", testimony.confusions[worker], others)
    return chances


def _sums(
    worker: npt.NDArray[np.int32], values: npt.NDArray[np.generic], testimony: Testimony
) -> Floats:
    n_workers = len(testimony.votes.workers)
    return np.bincount(worker, values, n_workers).astype(np.float64)
