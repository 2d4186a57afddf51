"""Kappa: agreement beyond chance of many workers (Fleiss), or of two (Cohen)."""

from collections.abc import Sequence
from enum import StrEnum

import numpy as np
import numpy.typing as npt
import pandas as pd

from crowdlab.aggregation import Votes
from crowdlab.errors import BadVotes, NotFound
from crowdlab.quality.tallies import Floats, comparable, in_order, tallies

__all__ = ["Weights", "cohen_kappa", "fleiss_kappa", "observed_agreement"]


class Weights(StrEnum):
    """How much worse it is to be further off."""

    NONE = "none"
    LINEAR = "linear"
    QUADRATIC = "quadratic"


def observed_agreement(answers: object) -> pd.DataFrame:
    """A row for each task: ``task, agreement, n_votes``.

    The agreement is the share of pairs of a task's votes that are equal; nan where
    there is only one vote.

    Example:
        >>> observed_agreement([("a", 1, "x"), ("a", 2, "x"), ("a", 3, "y")])
          task  agreement  n_votes
        0    a   0.333333        3
    """
    votes = Votes.of(answers)
    counts = tallies(votes)
    n_votes = counts.sum(axis=1)
    equal = counts.power(2).sum(axis=1) - n_votes
    pairs = n_votes * (n_votes - 1)
    agreement = np.full(len(pairs), np.nan)
    np.divide(equal, pairs, out=agreement, where=pairs > 0)
    return pd.DataFrame(
        {
            "task": votes.tasks,
            "agreement": agreement,
            "n_votes": n_votes.astype(np.int64),
        }
    )


def fleiss_kappa(answers: object) -> float:
    """Agreement beyond chance, where whoever answers a task is like any other.

    Tasks of a single vote say nothing; all others weigh alike, also where one has more
    votes than another, which the paper does not have. It is nan where all labels are
    equal.

    J. L. Fleiss. Measuring nominal scale agreement among many raters. Psychological
    Bulletin 76 (1971). https://doi.org/10.1037/h0031619

    Raises:
        BadVotes: where no task has two votes.

    Example:
        >>> fleiss_kappa([("a", 1, "x"), ("a", 2, "x"), ("b", 1, "y"), ("b", 2, "y")])
        1.0
    """
    counts = comparable(Votes.of(answers))
    n_votes = counts.sum(axis=1)
    equal = (counts.power(2).sum(axis=1) - n_votes) / (n_votes * (n_votes - 1))
    share = (1 / n_votes) @ counts / len(n_votes)
    return _beyond_chance(float(equal.mean()), float((share**2).sum()))


def cohen_kappa(
    answers: object,
    workers: tuple[object, object] | None = None,
    *,
    weights: str = Weights.NONE,
    order: Sequence[object] | None = None,
) -> float:
    """Agreement beyond chance of two workers on the tasks that both answered.

    It is nan where both always give the same one label.

    J. Cohen. A coefficient of agreement for nominal scales. Educational and
    Psychological Measurement 20 (1960). https://doi.org/10.1177/001316446002000104

    J. Cohen. Weighted kappa: nominal scale agreement with provision for scaled
    disagreement or partial credit. Psychological Bulletin 70 (1968).
    https://doi.org/10.1037/h0026256

    Args:
        answers: whatever ``Votes.of`` takes.
        workers: the two, where there are more.
        weights: none, or how much worse it is to be several labels off: linear or
            quadratic.
        order: the labels, the lowest first, for weights of labels that are no numbers.

    Raises:
        BadVotes: where the two have no task in common, or one answered a task twice.
        NotFound: for a worker who is not there, or other weights.

    Example:
        >>> votes = [("a", 1, 1), ("a", 2, 1), ("b", 1, 2), ("b", 2, 3)]
        >>> round(cohen_kappa(votes, weights="quadratic"), 3)
        0.667
    """
    votes = Votes.of(answers)
    first, second = (_said(votes, worker) for worker in _pair(votes, workers))
    both = (first >= 0) & (second >= 0)
    if not both.any():
        raise BadVotes("the two workers have no task in common")
    n_labels = len(votes.labels)
    places = first[both] * np.int64(n_labels) + second[both]
    joint = np.bincount(places, minlength=n_labels**2).reshape(n_labels, n_labels)
    share = joint / joint.sum()
    credit = _credit(votes, weights, order)
    by_chance = share.sum(axis=1) @ credit @ share.sum(axis=0)
    return _beyond_chance(float((share * credit).sum()), float(by_chance))


def _beyond_chance(observed: float, expected: float) -> float:
    # A rounding error away from certainty there is nothing to be beyond of.
    certain = np.isclose(expected, 1, rtol=0, atol=1e-12)
    return np.nan if certain else (observed - expected) / (1 - expected)


def _pair(votes: Votes, workers: tuple[object, object] | None) -> tuple[int, int]:
    if workers is None:
        if len(votes.workers) != 2:  # noqa: PLR2004 - Cohen's kappa is of two
            raise BadVotes(
                f"there are {len(votes.workers):,} workers: name two of them"
            )
        return 0, 1
    first, second = votes.workers.get_indexer(pd.Index(workers))
    for worker, code in zip(workers, (first, second), strict=True):
        if code < 0:
            raise NotFound("worker", worker, map(str, votes.workers[:10]))
    return int(first), int(second)


def _said(votes: Votes, worker: int) -> npt.NDArray[np.int64]:
    """The worker's label for each task, or -1 (tasks,)."""
    rows = np.flatnonzero(votes.worker == worker)
    said = np.full(len(votes.tasks), -1, dtype=np.int64)
    said[votes.task[rows]] = votes.label[rows]
    if (said >= 0).sum() < len(rows):
        raise BadVotes(f"worker {votes.workers[worker]} answered a task twice")
    return said


def _credit(votes: Votes, weights: str, order: Sequence[object] | None) -> Floats:
    """How far two labels agree: 1 on the diagonal, 0 where all is lost."""
    n_labels = len(votes.labels)
    if weights not in list(Weights):
        raise NotFound("weights", weights, Weights)
    if weights == Weights.NONE or n_labels == 1:
        return np.eye(n_labels)
    place = np.empty(n_labels)
    place[in_order(votes, order)] = np.arange(n_labels) / (n_labels - 1)
    off = np.abs(place[:, np.newaxis] - place)
    credit: Floats = 1 - (off if weights == Weights.LINEAR else off**2)
    return credit
