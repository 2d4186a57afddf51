"""Krippendorff's alpha: agreement beyond chance, at any level of measurement."""

from collections.abc import Callable, Iterator, Sequence
from enum import StrEnum
from functools import partial

import attrs
import numpy as np
from scipy import sparse

from crowdlab.aggregation import Votes
from crowdlab.errors import BadVotes, NotFound
from crowdlab.quality.tallies import Floats, comparable, in_order, numbers

__all__ = ["Alpha", "Level", "krippendorff_alpha"]

# Entries of the weights that are drawn at a time: 32 megabytes.
AT_ONCE = 1 << 22


class Level(StrEnum):
    """What may be done with labels: compare, put in order, subtract, divide."""

    NOMINAL = "nominal"
    ORDINAL = "ordinal"
    INTERVAL = "interval"
    RATIO = "ratio"


@attrs.frozen
class Alpha:
    """Krippendorff's alpha with its 95 % interval; nan where all labels are equal."""

    value: float
    low: float
    high: float


#: Observed and expected disagreement, not yet divided by the number of votes, from
#: weights (samples, tasks) and the tallies they add up to (samples, labels).
Measure = Callable[[Floats, Floats], tuple[Floats, Floats]]


def krippendorff_alpha(
    answers: object,
    level: str = Level.NOMINAL,
    *,
    order: Sequence[object] | None = None,
    resamples: int = 1000,
    seed: int = 0,
) -> Alpha:
    """One less the share of the disagreement by chance that is observed.

    It is 1 where all agree and 0 where votes are as good as drawn from a hat. Tasks of
    a single vote say nothing; others weigh as their number of votes. The interval is
    that of tasks drawn anew, with replacement (the bootstrap).

    K. Krippendorff. Computing Krippendorff's alpha-reliability. University of
    Pennsylvania, 2011. https://repository.upenn.edu/asc_papers/43

    A. F. Hayes and K. Krippendorff. Answering the call for a standard reliability
    measure for coding data. Communication Methods and Measures 1 (2007).
    https://doi.org/10.1080/19312450709336664

    Args:
        answers: whatever ``Votes.of`` takes.
        level: nominal, ordinal, interval or ratio.
        order: the labels, the lowest first, where they are ordinal and no numbers.
        resamples: how many times tasks are drawn anew; 0 gives no interval.
        seed: of these draws.

    Raises:
        BadVotes: where no task has two votes, or labels do not suit the level.
        NotFound: for another level.

    Example:
        >>> votes = [("a", 1, "x"), ("a", 2, "x"), ("b", 1, "y"), ("b", 2, "y")]
        >>> krippendorff_alpha(votes).value
        1.0
    """
    votes = Votes.of(answers)
    counts, multiplicity = _patterns(comparable(votes))
    measure = _measure(votes, counts, level, order)
    value = _alphas(counts, multiplicity[np.newaxis], measure)[0]
    drawn = [
        _alphas(counts, weights, measure)
        for weights in _draws(multiplicity, resamples, seed)
    ]
    return Alpha(float(value), *_interval(np.concatenate([np.empty(0), *drawn])))


def _patterns(counts: sparse.csr_array) -> tuple[sparse.csr_array, Floats]:
    """The different rows, and how often each occurs.

    Tasks of equal tallies are exchangeable, and among a million there are few others.
    """
    rng = np.random.default_rng(0)
    # Rows are told apart by 64 random bits, which costs less than to sort them.
    factors = rng.integers(1 << 63, size=counts.shape[1], dtype=np.uint64)
    keys = counts.astype(np.uint64) @ factors
    _, first, multiplicity = np.unique(keys, return_index=True, return_counts=True)
    return counts[first], multiplicity.astype(np.float64)


def _draws(multiplicity: Floats, resamples: int, seed: int) -> Iterator[Floats]:
    rng = np.random.default_rng(seed)
    n_tasks = int(multiplicity.sum())
    at_once = max(AT_ONCE // len(multiplicity), 1)
    for start in range(0, resamples, at_once):
        size = min(at_once, resamples - start)
        yield rng.multinomial(n_tasks, multiplicity / n_tasks, size).astype(np.float64)


def _interval(drawn: Floats) -> tuple[float, float]:
    defined = drawn[~np.isnan(drawn)]
    if not len(defined):
        return np.nan, np.nan
    low, high = np.quantile(defined, [0.025, 0.975])
    return float(low), float(high)


def _alphas(counts: sparse.csr_array, weights: Floats, measure: Measure) -> Floats:
    totals: Floats = weights @ counts
    observed, expected = measure(weights, totals)
    n_votes = totals.sum(axis=1)
    ratio = np.full(len(weights), np.nan)
    np.divide((n_votes - 1) * observed, expected, out=ratio, where=expected > 0)
    alphas: Floats = 1 - ratio
    return alphas


def _measure(
    votes: Votes, counts: sparse.csr_array, level: str, order: Sequence[object] | None
) -> Measure:
    if level not in list(Level):
        raise NotFound("level", level, Level)
    if level == Level.NOMINAL:
        return partial(_nominal, counts)
    if level == Level.ORDINAL:
        return partial(_ordinal, counts, in_order(votes, order))
    if level == Level.INTERVAL:
        return partial(_interval_scale, counts, numbers(votes))
    return partial(_ratio, counts, _ratio_distances(numbers(votes)))


def _others(counts: sparse.csr_array) -> Floats:
    """How many other votes there are on the task of each vote (tasks,)."""
    others: Floats = np.asarray(counts.sum(axis=1), dtype=np.float64) - 1
    return others


def _nominal(
    counts: sparse.csr_array, weights: Floats, totals: Floats
) -> tuple[Floats, Floats]:
    """Any two different labels are at distance 1."""
    unequal = counts.sum(axis=1) ** 2 - counts.power(2).sum(axis=1)
    observed = weights @ (unequal / _others(counts))
    return observed, totals.sum(axis=1) ** 2 - (totals**2).sum(axis=1)


def _positional(
    counts: sparse.csr_array, weights: Floats, totals: Floats, place: Floats
) -> tuple[Floats, Floats]:
    """Labels are as far apart as their places (samples, labels), squared.

    The squared distances of all pairs are twice the sum of squares by the number, less
    the square of the sum: no pair has to be looked at.
    """
    mean = (totals * place).sum(axis=1, keepdims=True) / totals.sum(axis=1)[:, None]
    place = place - mean
    others = _others(counts)
    per_vote = sparse.diags_array((others + 1) / others) @ counts
    squares = ((weights @ per_vote) * place**2).sum(axis=1)
    sums = ((weights / others) * (counts @ place.T).T ** 2).sum(axis=1)
    expected = 2 * totals.sum(axis=1) * (totals * place**2).sum(axis=1)
    return 2 * (squares - sums), expected


def _interval_scale(
    counts: sparse.csr_array, value: Floats, weights: Floats, totals: Floats
) -> tuple[Floats, Floats]:
    return _positional(counts, weights, totals, np.broadcast_to(value, totals.shape))


def _ordinal(
    counts: sparse.csr_array,
    ascending: "np.ndarray[tuple[int], np.dtype[np.intp]]",
    weights: Floats,
    totals: Floats,
) -> tuple[Floats, Floats]:
    """Labels are as far apart as there are votes between them: as their mid-ranks."""
    place = np.empty_like(totals)
    ordered = totals[:, ascending]
    place[:, ascending] = ordered.cumsum(axis=1) - ordered / 2
    return _positional(counts, weights, totals, place)


def _ratio_distances(value: Floats) -> Floats:
    if (value < 0).any():
        raise BadVotes(f"label {value.min():g} is negative: there are no ratios to it")
    difference = value[:, np.newaxis] - value
    total = value[:, np.newaxis] + value
    distance: Floats = np.divide(
        difference, total, out=np.zeros_like(total), where=total > 0
    )
    return distance**2


def _ratio(
    counts: sparse.csr_array, distance: Floats, weights: Floats, totals: Floats
) -> tuple[Floats, Floats]:
    within = counts.multiply(counts @ distance).sum(axis=1)
    observed = weights @ (within / _others(counts))
    return observed, (totals * (totals @ distance)).sum(axis=1)
