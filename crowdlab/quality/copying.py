"""Pairs of workers who share more wrong answers than two who do not know each other."""

from collections.abc import Iterator

import attrs
import numpy as np
import numpy.typing as npt
from scipy.special import gammainc

from crowdlab.quality.sign import Sign, odds_of_p
from crowdlab.quality.tallies import Floats
from crowdlab.quality.testimony import Testimony, blocks, sums_by

__all__ = ["Pairs", "copying"]

# What two workers must have in common before they are compared.
LEAST_SHARED = 5

# So many others must have answered a task, to say what is wrong.
LEAST_OTHERS = 2

# Wrong answers in common that are a sign: so many, and so many times the expected.
LEAST_WRONG, LEAST_EXCESS = 3.0, 2.0

Rows = npt.NDArray[np.int64]


@attrs.frozen(eq=False)
class Pairs:
    """Pairs of workers with enough tasks in common, and what they share.

    Attributes:
        first: a worker of each pair; ``second``, the other (pairs,).
        wrong: how many of their common answers are equal and wrong (pairs,).
        due: how many were to be expected (pairs,).
    """

    first: Rows
    second: Rows
    wrong: Floats
    due: Floats


def copying(testimony: Testimony) -> Sign:
    """The same wrong answers as another, more often than the mistakes of both explain.

    That both are right on the same tasks is no sign, nor that both prefer a label:
    their confusions explain it. What is wrong is said by two others or more. Some
    tasks mislead everybody, so that the expectation is the crowd's mean excess higher.
    """
    pairs = _compare(testimony)
    n_workers = len(testimony.votes.workers)
    partner = np.full(n_workers, -1)
    odds = np.zeros(n_workers)
    pair_odds = _odds(pairs, n_workers)
    for place in np.argsort(pair_odds):
        for worker in (pairs.first[place], pairs.second[place]):
            odds[worker], partner[worker] = pair_odds[place], place
    workers = testimony.votes.workers

    def explain(worker: int) -> str:
        place = partner[worker]
        other = pairs.first[place] + pairs.second[place] - worker
        return (
            f"shares {pairs.wrong[place]:.0f} wrong answers with {workers[other]!s},"
            f" where {pairs.due[place]:.1f} were to be expected: one may copy, both may"
            f" be one, or the same tasks mislead them"
        )

    return Sign("copies", odds, explain)


def _odds(pairs: Pairs, n_workers: int) -> Floats:
    is_far = (pairs.wrong >= LEAST_WRONG) & (pairs.wrong >= LEAST_EXCESS * pairs.due)
    # Everybody is compared with everybody, and the strongest of as many signs counts.
    chance = gammainc(np.maximum(pairs.wrong, 1), pairs.due) * n_workers
    log_chance = np.log(np.maximum(chance, np.finfo(float).tiny))
    return np.where(is_far, odds_of_p(log_chance), 0)


def _compare(testimony: Testimony) -> Pairs:
    n_workers = len(testimony.votes.workers)
    met = [_keys(testimony, *rows) for rows in _meetings(testimony)]
    keys, n_met = np.unique(
        np.concatenate([np.empty(0, np.int64), *met]), return_counts=True
    )
    keys = keys[n_met >= LEAST_SHARED]
    first, second = np.divmod(keys, n_workers)
    wrong, shared = _share(testimony, keys)
    due = (shared * _same_mistake(testimony, first, second)).sum(axis=1)
    excess = max(wrong.sum() / due.sum(), 1.0) if due.any() else 1.0
    return Pairs(first, second, wrong, due * excess)


def _meetings(testimony: Testimony) -> Iterator[tuple[Rows, Rows]]:
    """All pairs of votes of two workers on a task, a part at a time."""
    votes = testimony.votes
    order = np.lexsort((votes.worker, votes.task)).astype(np.int64)
    is_judged = np.bincount(votes.task) >= LEAST_OTHERS + 2
    order = order[is_judged[votes.task[order]]]
    task, left = votes.task[order], np.arange(len(order))
    gap = 0
    while len(left):
        gap += 1
        left = left[left + gap < len(order)]
        left = left[task[left] == task[left + gap]]
        for part in blocks(len(left)):
            one, other = order[left[part]], order[left[part] + gap]
            differ = votes.worker[one] != votes.worker[other]
            yield one[differ], other[differ]


def _keys(testimony: Testimony, one: Rows, other: Rows) -> Rows:
    worker = testimony.votes.worker.astype(np.int64)
    return worker[one] * len(testimony.votes.workers) + worker[other]


def _share(testimony: Testimony, keys: Rows) -> tuple[Floats, Floats]:
    """Each pair's equal wrong answers, and the classes of the tasks that both met."""
    votes, n_labels = testimony.votes, len(testimony.votes.labels)
    wrong, shared = np.zeros(len(keys)), np.zeros((len(keys), n_labels))
    for rows in _meetings(testimony):
        key = _keys(testimony, *rows)
        kept = np.flatnonzero(np.isin(key, keys))
        place = np.searchsorted(keys, key[kept])
        one, other = (each[kept] for each in rows)
        belief = testimony.belief[votes.task[one]]
        is_equal = votes.label[one] == votes.label[other]
        # Without the two it would be doubtful too what careful workers agree on.
        doubt = 1 - belief[np.arange(len(one)), votes.label[one]]
        wrong += np.bincount(place, is_equal * doubt, len(keys))
        shared += sums_by(place, belief, len(keys))
    return wrong, shared


def _same_mistake(testimony: Testimony, first: Rows, second: Rows) -> Floats:
    """How likely two workers make the same mistake on a class (pairs, classes)."""
    confusions = testimony.confusions
    right = np.diagonal(confusions, axis1=1, axis2=2)
    chance = np.empty((len(first), confusions.shape[2]))
    for rows in blocks(len(first)):
        one, other = first[rows], second[rows]
        same = np.einsum("plk,plk->pk", confusions[one], confusions[other])
        chance[rows] = same - right[one] * right[other]
    return chance
