"""Rankings: a scale for items, from workers who put some of them in order."""

from collections.abc import Iterator
from itertools import combinations
from typing import Any, ClassVar

import attrs
import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import expit, ndtr
from typing_extensions import override

from crowdlab.aggregation.answers import Answers, decoded
from crowdlab.aggregation.codes import encode
from crowdlab.aggregation.consensus import Consensus, ValueMethod
from crowdlab.aggregation.engine import Floats
from crowdlab.aggregation.priors import positive
from crowdlab.errors import BadVotes

__all__ = ["CrowdBT"]

Tiers = tuple[tuple[Any, ...], ...]
Places = npt.NDArray[np.intp]

# A step of Newton's may overshoot where a scale is far from its best.
LONGEST_STEP = 1.0


@attrs.frozen(eq=False)
class _Pairs:
    """Two items of a scale each, and what a worker says of them.

    Attributes:
        better: the item that the worker prefers; where it is tied, any of the two.
        tied: whether the worker calls them equal (pairs,).
        items: the items of each scale, sorted.
        first: the code of each scale's first item (scales,).
    """

    better: Places
    worse: Places
    worker: Places
    tied: npt.NDArray[np.bool_]
    items: "list[pd.Index[Any]]"
    first: Places

    @classmethod
    def of(cls, answers: Answers[Tiers]) -> "_Pairs":
        items, found = [], []
        first = 0
        for rows in answers.rows_by_task():
            named = [
                item for row in rows for tier in answers.said[row] for item in tier
            ]
            book = encode(pd.Series(named, dtype=object), "label")[1]
            code = {item: first + place for place, item in enumerate(book.tolist())}
            for row in rows:
                worker = int(answers.worker[row])
                found += [
                    (code[better], code[worse], worker, tied)
                    for better, worse, tied in _pairs(answers.said[row])
                ]
            items.append(book)
            first += len(book)
        better, worse, worker, tied = np.array(found, dtype=np.intp).T
        sizes = np.array([len(book) for book in items])
        return cls(better, worse, worker, tied == 1, items, np.cumsum(sizes) - sizes)

    @property
    def n_items(self) -> int:
        """How many items there are on all scales."""
        return sum(map(len, self.items))

    def blocks(self) -> "Iterator[tuple[slice, Places]]":
        """The items of each scale, and its pairs."""
        scale = np.searchsorted(self.first, self.better, side="right") - 1
        order = np.argsort(scale, kind="stable")
        ends = np.cumsum(np.bincount(scale, minlength=len(self.items)))
        for number, pairs in enumerate(np.split(order, ends[:-1])):
            start = int(self.first[number])
            yield slice(start, start + len(self.items[number])), pairs


@attrs.define(kw_only=True, eq=False)
class CrowdBT(ValueMethod):
    r"""Bradley and Terry's scale for items, with workers who may err or be contrary.

    Of two items, one is preferred with odds :math:`e^{s_i - s_j}`. A worker says so
    with probability :math:`\eta_w`, and the contrary otherwise. Ties are Davidson's:
    items are called equal the more often, the nearer they are on the scale.

    A label is a list of items, the best first, or its JSON text: ``["a", "b"]`` prefers
    ``a``; a list within holds equals, ``[["a", "b"], "c"]``. It counts as all of its
    pairs. Every task has a scale of its own; workers keep their quality across tasks.

    ``labels_`` has each task's items in order, equal scores in sorted order; the
    confidence is the share of their pairs expected to stand in the right order.
    ``parts_`` has a row for each item: ``task, item, rank, score, deviation``.
    ``workers_`` has ``quality``, which is :math:`\eta_w`, and ``n``, the pairs ordered.

    X. Chen, P. N. Bennett, K. Collins-Thompson and E. Horvitz. Pairwise ranking
    aggregation in a crowdsourced setting. WSDM (2013).
    https://doi.org/10.1145/2433396.2433420
    R. R. Davidson. On extending the Bradley-Terry model to accommodate ties in paired
    comparison experiments. Journal of the American Statistical Association 65 (1970).

    Attributes:
        prior_right: right pairs credited to every worker; ``prior_wrong`` likewise.
        prior_deviation: the deviation of scores about 0.

    Example:
        >>> votes = [("cutest", w, ["cat", "dog", "owl"]) for w in "ABC"]
        >>> CrowdBT().fit(votes).labels_["label"][0]
        ['cat', 'dog', 'owl']
    """

    name: ClassVar[str] = "crowd-bt"

    prior_right: float = attrs.field(default=4.0, validator=positive)
    prior_wrong: float = attrs.field(default=1.0, validator=positive)
    prior_deviation: float = attrs.field(default=2.0, validator=positive)

    @override
    def infer(self, answers: object) -> Consensus:
        read = Answers.of(answers, _tiers)
        pairs = _Pairs.of(read)
        score, moved, passes = np.zeros(pairs.n_items), np.inf, 0
        trust = self.prior_right / (self.prior_right + self.prior_wrong)
        quality, tie = np.full(len(read.workers), trust), float(pairs.tied.any())
        while passes < self.max_iterations and moved >= self.tolerance:
            meant = _meant(pairs, score, quality)
            last, score = score, score + self._step(pairs, score, tie, meant)
            quality = self._quality(pairs, meant, len(read.workers))
            # The share at which as many ties are expected as there are.
            tie = pairs.tied.sum() / (1 / _total(_gap(pairs, score), tie)).sum()
            moved, passes = float(np.abs(score - last).max()), passes + 1
        covariances = self._covariances(pairs, score, tie, quality)
        parts = _parts(read, pairs, score, covariances)
        n_pairs = np.bincount(pairs.worker, minlength=len(read.workers))
        return Consensus(
            self.name,
            _labels(read, pairs, parts, covariances),
            pd.DataFrame({"worker": read.workers, "quality": quality, "n": n_pairs}),
            parts,
            {
                "tie": float(tie),
                "iterations": passes,
                "converged": moved < self.tolerance,
            },
        )

    def _quality(self, pairs: _Pairs, meant: Floats, n_workers: int) -> Floats:
        """How often each worker says what they should, ties aside (workers,)."""
        right = np.bincount(pairs.worker, meant * ~pairs.tied, n_workers)
        told = np.bincount(pairs.worker, ~pairs.tied, n_workers)
        credit = self.prior_right + self.prior_wrong
        return np.asarray((right + self.prior_right) / (told + credit))

    def _step(self, pairs: _Pairs, score: Floats, tie: float, meant: Floats) -> Floats:
        """One step of Newton's towards the likeliest scores (items,)."""
        gap = _gap(pairs, score)
        pull = np.where(pairs.tied, 0.0, meant - 1 / 2)
        pull -= np.sinh(gap / 2) / _total(gap, tie)
        n_items = len(score)
        won = np.bincount(pairs.better, pull, n_items)
        lost = np.bincount(pairs.worse, pull, n_items)
        slope = won - lost - score / self.prior_deviation**2
        step = np.empty(n_items)
        for (items, _), curve in zip(
            pairs.blocks(), self._curves(pairs, _bend(gap, tie)), strict=True
        ):
            step[items] = np.linalg.solve(curve, slope[items])
        return np.clip(step, -LONGEST_STEP, LONGEST_STEP)

    def _curves(self, pairs: _Pairs, bend: Floats) -> Iterator[Floats]:
        """How sharply each scale's posterior bends, if each pair's does so (items, items)."""
        for items, of in pairs.blocks():
            better, worse = (
                pairs.better[of] - items.start,
                pairs.worse[of] - items.start,
            )
            curve = np.eye(items.stop - items.start) / self.prior_deviation**2
            np.add.at(curve, (better, better), bend[of])
            np.add.at(curve, (worse, worse), bend[of])
            np.add.at(curve, (better, worse), -bend[of])
            np.add.at(curve, (worse, better), -bend[of])
            yield curve

    def _covariances(
        self, pairs: _Pairs, score: Floats, tie: float, quality: Floats
    ) -> list[Floats]:
        """How uncertain the scores of each scale are (items, items)."""
        told = _information(_gap(pairs, score), tie, quality[pairs.worker])
        curves = self._curves(pairs, told)
        return [np.asarray(np.linalg.inv(curve)) for curve in curves]


def _gap(pairs: _Pairs, score: Floats) -> Floats:
    gap: Floats = score[pairs.better] - score[pairs.worse]
    return gap


def _total(gap: Floats, tie: float) -> Floats:
    """What the chances of better, worse and equal are shares of (pairs,)."""
    return np.asarray(2 * np.cosh(gap / 2) + tie)


def _bend(gap: Floats, tie: float) -> Floats:
    """How sharply the likelihood bends where it is known what was meant (pairs,)."""
    total = _total(gap, tie)
    bend = np.cosh(gap / 2) / 2 / total - np.square(np.sinh(gap / 2) / total)
    return np.asarray(bend)


def _information(gap: Floats, tie: float, able: Floats) -> Floats:
    """What a worker's answer tells of the gap: Fisher's information (pairs,)."""
    total = _total(gap, tie)
    pull = np.sinh(gap / 2) / total
    told = tie / total * np.square(pull)
    for right in (able, 1 - able):
        up, down = right * np.exp(gap / 2), (1 - right) * np.exp(-gap / 2)
        told += (up + down) / total * np.square(up / (up + down) - 1 / 2 - pull)
    return np.asarray(told)


def _meant(pairs: _Pairs, score: Floats, quality: Floats) -> Floats:
    """The probability that a worker's preference is what it should be (pairs,)."""
    able = quality[pairs.worker]
    meant: Floats = expit(_gap(pairs, score) + np.log(able) - np.log1p(-able))
    return meant


def _parts(
    answers: Answers[Tiers],
    pairs: _Pairs,
    score: Floats,
    covariances: list[Floats],
) -> pd.DataFrame:
    sizes = [len(book) for book in pairs.items]
    scale = np.repeat(np.arange(len(sizes)), sizes)
    # Scores that differ by the order of sums alone are equal.
    order = np.lexsort((np.arange(len(score)), -score.round(9), scale))
    deviation = np.concatenate([np.sqrt(np.diag(of)) for of in covariances])
    items = [item for book in pairs.items for item in book.tolist()]
    return pd.DataFrame(
        {
            "task": answers.tasks.take(scale),
            "item": [items[place] for place in order],
            "rank": np.concatenate([np.arange(1, size + 1) for size in sizes]),
            "score": score[order],
            "deviation": deviation[order],
        }
    )


def _labels(
    answers: Answers[Tiers],
    pairs: _Pairs,
    parts: pd.DataFrame,
    covariances: list[Floats],
) -> pd.DataFrame:
    labels, confidence = [], []
    for start, book, covariance in zip(
        pairs.first, pairs.items, covariances, strict=True
    ):
        part = parts.iloc[start : start + len(book)]
        labels.append(part["item"].tolist())
        place = book.get_indexer(pd.Index(labels[-1]))
        ranked = covariance[np.ix_(place, place)]
        confidence.append(_ordered(part["score"].to_numpy(), ranked))
    return pd.DataFrame(
        {
            "task": answers.tasks,
            "label": labels,
            "confidence": confidence,
            "n_votes": answers.n_by_task,
        }
    )


def _ordered(score: Floats, covariance: Floats) -> float:
    """The share of pairs expected to stand in the right order."""
    above, below = np.triu_indices(len(score), k=1)
    variance = np.diag(covariance)
    apart = variance[above] + variance[below] - 2 * covariance[above, below]
    return float(ndtr((score[above] - score[below]) / np.sqrt(apart)).mean())


def _pairs(tiers: Tiers) -> Iterator[tuple[Any, Any, bool]]:
    """Better and worse of each pair in a ranking, and whether they are tied."""
    for tier in tiers:
        yield from ((one, other, True) for one, other in combinations(tier, 2))
    for above, below in combinations(tiers, 2):
        yield from ((better, worse, False) for better in above for worse in below)


def _tiers(label: object) -> Tiers:
    """Reads a ranking: its items from best to worst, equals together."""
    listed = decoded(label)
    if not isinstance(listed, list | tuple):
        raise BadVotes(f"{label!r} is no list of items, the best first")
    tiers = tuple(tuple(t) if isinstance(t, list | tuple) else (t,) for t in listed)
    items = [item for tier in tiers for item in tier]
    if len(items) < 2:  # noqa: PLR2004 - a pair
        raise BadVotes(f"{label!r} orders fewer than two items")
    if any(not isinstance(item, str | int | float) for item in items):
        raise BadVotes(f"the items of {label!r} are neither texts nor numbers")
    if len(set(items)) < len(items):
        raise BadVotes(f"{label!r} has an item twice")
    return tiers
