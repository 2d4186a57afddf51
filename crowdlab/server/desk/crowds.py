"""How far a crowd agrees, how it works, and whom of it to look at first."""

import functools
import statistics
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from typing import Any

import attrs
import numpy as np
import pandas as pd

from crowdlab.accounting import hourly_wage
from crowdlab.aggregation import Consensus, aggregate, kinds
from crowdlab.aggregation.answers import says_yes
from crowdlab.errors import CrowdlabError
from crowdlab.quality import (
    krippendorff_alpha,
    rank_by_concern,
    score_on_gold,
)
from crowdlab.server.desk.reading import Entry, Reading, Vote

__all__ = ["Agreement", "Crowd", "Pace", "WorkerFigures", "study"]

#: Votes that are studied at most: of more, those on a sample of the items.
MOST_VOTES = 200_000
#: Kinds whose labels are places in a picture.
REGIONS = frozenset({"boxes", "polygons", "points"})


@attrs.frozen
class Agreement:
    """How far workers agree, by the measure that suits what they say.

    Attributes:
        measure: ``alpha`` (Krippendorff's), ``overlap`` (of regions), or of those who
            followed a route ``success``, and ``arrived`` where only they say so; empty
            where there is none.
        low: the end of a 95 % interval, as is ``high``.
    """

    measure: str = ""
    value: float | None = None
    low: float | None = None
    high: float | None = None


@attrs.frozen
class Pace:
    """How long answers take.

    Attributes:
        active: the median of the seconds at work, where pages measured them.
        waited: the median of the seconds from accepting to submitting.
        wage: dollars an hour for the reward, by the best that is known.
    """

    active: float | None = None
    waited: float | None = None
    wage: Decimal | None = None


@attrs.frozen
class WorkerFigures:
    """What the answers of a worker show.

    Attributes:
        share: of all answers.
        agreement: how often others on the same thing say the same.
        gold: the share of known labels that they got right, of ``n_gold``.
        seconds: the median of their answers.
        n_pasted: the answers into which text was pasted.
        concern: where to look first; no verdict.
    """

    worker: str
    n: int
    share: float
    agreement: float | None
    gold: float | None
    n_gold: int
    seconds: float
    n_pasted: int
    n_faulty: int
    concern: float
    reasons: str


@attrs.frozen
class Crowd:
    """What the answers to a group show of those who gave them.

    Attributes:
        n_read: the answers that this rests on.
        is_sample: whether agreement and reasons rest on a sample of the items.
        by_item: how far the workers agree on each HIT, from 0 to 1.
        seconds: that each answer took.
    """

    n_read: int
    is_sample: bool
    n_faulty: int
    agreement: Agreement
    by_item: Mapping[int, float]
    pace: Pace
    seconds: tuple[float, ...]
    workers: tuple[WorkerFigures, ...]


def study(
    reading: Reading,
    reward: Decimal,
    *,
    rejected: Collection[int] = frozenset(),
    known: Mapping[str, str] | None = None,
) -> Crowd:
    """What the answers read so far show; rejected ones count for nobody's agreement.

    Args:
        rejected: the keys of the answers that were rejected.
        known: labels that the requester knows, by task.
    """
    entries = list(reading.entries)
    votes, is_sample = _chosen(reading, entries, rejected)
    ballots = _Ballots(reading.kind, entries, votes, reading.items)
    return Crowd(
        n_read=len(entries),
        is_sample=is_sample,
        n_faulty=sum(entry.is_faulty for entry in entries),
        agreement=ballots.agreement(),
        by_item=ballots.by_item(),
        pace=_pace(entries, reward),
        seconds=tuple(entry.seconds for entry in entries),
        workers=_workers(entries, ballots, {**reading.gold, **(known or {})}),
    )


def _chosen(
    reading: Reading, entries: list[Entry], rejected: Collection[int]
) -> tuple[list[Vote], bool]:
    votes = [
        vote
        for vote in list(reading.votes)
        if vote.entry < len(entries) and entries[vote.entry].key not in rejected
    ]
    if len(votes) <= MOST_VOTES:
        return votes, False
    every = -(-len(votes) // MOST_VOTES)
    return [v for v in votes if entries[v.entry].item % every == 0], True


@attrs.frozen(slots=False)
class _Ballots:
    """The votes of a group, for whatever measures agreement."""

    kind: str
    entries: list[Entry]
    votes: list[Vote]
    items: Mapping[str, int]

    @property
    def is_nominal(self) -> bool:
        """Whether labels are equal or not, and nothing between."""
        return self.kind in {"classes", "rankings"}

    def columns(self) -> dict[str, list[Any]]:
        """The columns task, worker and label."""
        return {
            # Pairs are compared one at a time, though they share a scale.
            "task": [
                str(self.entries[v.entry].item) if self.kind == "rankings" else v.thing
                for v in self.votes
            ],
            "worker": [self.entries[v.entry].worker for v in self.votes],
            "label": [_label(self.kind, v.label) for v in self.votes],
        }

    def agreement(self) -> Agreement:
        """The measure for this kind; none where there is too little."""
        try:
            return self._measure()
        except CrowdlabError:
            return Agreement()

    def by_item(self) -> dict[int, float]:
        """The mean agreement on the things of each HIT."""
        found: dict[int, list[float]] = defaultdict(list)
        for thing, value in self._by_thing().items():
            item = int(thing) if self.kind == "rankings" else self.items[thing]
            found[item].append(value)
        return {item: statistics.fmean(values) for item, values in found.items()}

    def by_worker(self) -> dict[str, float]:
        """How often others on the same thing say the same, for each worker."""
        if not self.is_nominal or not self.votes:
            return self._qualities()
        frame = self._with_others()
        return dict(frame.groupby("worker")["same"].mean().dropna())

    def concerns(self) -> dict[str, tuple[float, str]]:
        """How strong the strongest sign of no care is, and the reasons."""
        if not self.is_nominal or not self.votes:
            return {}
        seconds = np.array([self.entries[v.entry].seconds for v in self.votes])
        try:
            table = rank_by_concern(self.columns(), seconds=seconds, in_order=True)
        except CrowdlabError:
            return {}
        rows = table[["worker", "concern", "reasons"]].itertuples(index=False)
        return {worker: (float(concern), reasons) for worker, concern, reasons in rows}

    def _measure(self) -> Agreement:
        claims = [e.has_arrived for e in self.entries if e.has_arrived is not None]
        if self.votes and (self.is_nominal or self.kind == "numbers"):
            level = "interval" if self.kind == "numbers" else "nominal"
            alpha = krippendorff_alpha(self.columns(), level, resamples=200)
            return Agreement("alpha", alpha.value, alpha.low, alpha.high)
        if self.votes and self.kind in REGIONS:
            return _mean("overlap", [*self._by_thing().values()])
        if self.votes and self.kind == "routes":
            return _mean("success", [says_yes(vote.label) for vote in self.votes])
        return _mean("arrived", claims)

    def _by_thing(self) -> dict[str, float]:
        if not self.votes:
            return {}
        if self.is_nominal:
            same = self._with_others().groupby("task")["same"].mean()
            return dict(same.dropna())
        if self.kind not in REGIONS:
            return {}
        return self._overlaps()

    def _overlaps(self) -> dict[str, float]:
        """The mean overlap of regions; what only one of several marked has none."""
        parts = self._consensus.parts
        n_answers = Counter(vote.thing for vote in self.votes)
        if parts.empty:
            return {}
        several = parts[parts["task"].map(n_answers) > 1]
        shared = several["overlap"].where(several["n_votes"] > 1, 0.0)
        return dict(shared.groupby(several["task"]).mean())

    @functools.cached_property
    def _consensus(self) -> Consensus:
        return aggregate(self.columns(), kind=self.kind)

    def _with_others(self) -> pd.DataFrame:
        """The votes, each with the share of the others on its thing that are equal."""
        frame = pd.DataFrame(self.columns())
        n_all = frame.groupby("task")["label"].transform("size")
        n_same = frame.groupby(["task", "label"])["worker"].transform("size")
        frame["same"] = ((n_same - 1) / (n_all - 1)).where(n_all > 1)
        return frame

    def _qualities(self) -> dict[str, float]:
        if not self.votes or self.kind not in kinds.names():
            return {}
        try:
            workers = self._consensus.workers
        except CrowdlabError:
            return {}
        return dict(zip(workers["worker"], map(float, workers["quality"]), strict=True))


def _mean(measure: str, values: Sequence[float]) -> Agreement:
    return Agreement(measure, statistics.fmean(values)) if values else Agreement()


def _label(kind: str, label: Any) -> Any:
    return float(label) if kind == "numbers" else label


def _pace(entries: list[Entry], reward: Decimal) -> Pace:
    if not entries:
        return Pace()
    active = [entry.active for entry in entries if entry.active is not None]
    waited = statistics.median(entry.waited for entry in entries)
    usual = statistics.median(active) if active else waited
    return Pace(
        statistics.median(active) if active else None,
        waited,
        hourly_wage(reward, usual),
    )


def _workers(
    entries: list[Entry], ballots: _Ballots, gold: Mapping[str, Any]
) -> tuple[WorkerFigures, ...]:
    by_worker: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        by_worker[entry.worker].append(entry)
    agreement, concerns = ballots.by_worker(), ballots.concerns()
    known = _gold(entries, ballots, gold)
    found = [
        WorkerFigures(
            worker=worker,
            n=len(own),
            share=len(own) / len(entries),
            agreement=agreement.get(worker),
            gold=known.get(worker, (None, 0))[0],
            n_gold=known.get(worker, (None, 0))[1],
            seconds=statistics.median(entry.seconds for entry in own),
            n_pasted=sum(entry.n_pasted > 0 for entry in own),
            n_faulty=sum(entry.is_faulty for entry in own),
            concern=concerns.get(worker, (0.0, ""))[0],
            reasons=concerns.get(worker, (0.0, ""))[1],
        )
        for worker, own in by_worker.items()
    ]
    return tuple(sorted(found, key=lambda each: (-each.concern, -each.n, each.worker)))


def _gold(
    entries: list[Entry], ballots: _Ballots, gold: Mapping[str, Any]
) -> dict[str, tuple[float | None, int]]:
    """The share of known labels that each worker got right, and how many they met."""
    scores: dict[str, list[float]] = defaultdict(list)
    for entry in entries:
        if entry.score is not None:
            scores[entry.worker].append(entry.score)
    found: dict[str, tuple[float | None, int]] = {
        worker: (statistics.fmean(own), len(own)) for worker, own in scores.items()
    }
    if ballots.kind != "classes" or not gold or not ballots.votes:
        return found
    try:
        table = score_on_gold(ballots.columns(), gold)
    except CrowdlabError:
        return found
    rows = table[["worker", "share", "n_gold"]].itertuples(index=False)
    return found | {worker: (float(s), int(n)) for worker, s, n in rows if n}
