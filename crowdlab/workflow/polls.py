"""Votes from answers: every readable answer votes, unless it was rejected."""

from array import array
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

import attrs
import numpy as np
import numpy.typing as npt
import pandas as pd

from crowdlab.aggregation import Votes, kinds
from crowdlab.aggregation.answers import decoded, encoded
from crowdlab.errors import BadInput
from crowdlab.ledger import BatchRecord, Ledger
from crowdlab.model import Answer, Task, Vote
from crowdlab.templates import Template

__all__ = [
    "CLASSES",
    "INEXACT",
    "REGIONS",
    "Poll",
    "cast_votes",
    "poll",
    "truth_of",
]

CLASSES = "classes"
REGIONS = ("boxes", "polygons", "points")
#: Kinds whose labels are right or nearly right: that two are equal says little.
INEXACT = (*REGIONS, "numbers", "texts")

Codes = npt.NDArray[np.int32]


@attrs.frozen
class _Column:
    """A column that grows, as codes into the book of its values."""

    codes: "array[int]" = attrs.Factory(lambda: array("i"))
    book: dict[str, int] = attrs.Factory(dict)

    def append(self, value: str) -> None:
        """Adds a row."""
        self.codes.append(self.book.setdefault(value, len(self.book)))

    def sorted(self) -> tuple[Codes, "pd.Index[Any]"]:
        """The codes and the book, sorted, so that both are the same in any order."""
        values = sorted(self.book)
        rank = np.empty(len(values), dtype=np.int32)
        rank[[self.book[value] for value in values]] = np.arange(len(values))
        codes = rank[np.frombuffer(self.codes, dtype=np.int32)] if values else rank
        return codes, pd.Index(values)

    def values(self) -> npt.NDArray[np.object_]:
        """The value of each row."""
        book = np.array([*self.book], dtype=object)
        return book[np.frombuffer(self.codes, dtype=np.int32)]


@attrs.frozen
class Poll:
    """Votes of one kind; every label is a text, or JSON.

    Attributes:
        kind: what the labels are.
        seconds: how long the answer took that each vote is from.
        gold: the label of each thing for which the requester knows it.
    """

    kind: str
    task: _Column = attrs.Factory(_Column)
    worker: _Column = attrs.Factory(_Column)
    label: _Column = attrs.Factory(_Column)
    seconds: "array[float]" = attrs.Factory(lambda: array("d"))
    gold: dict[str, str] = attrs.Factory(dict)

    def add(self, thing: str, said: Any, answer: Answer) -> None:
        """Adds a vote."""
        self.task.append(thing)
        self.worker.append(answer.worker)
        self.label.append(encoded(said))
        self.seconds.append((answer.submit_time - answer.accept_time).total_seconds())

    def __len__(self) -> int:
        return len(self.task.codes)

    @property
    def is_exact(self) -> bool:
        """Whether a label is right only if it equals the known one."""
        return self.kind not in INEXACT

    def votes(self) -> Votes:
        """The votes, as if labels were classes."""
        (task, things), (worker, people), (said, choices) = (
            column.sorted() for column in (self.task, self.worker, self.label)
        )
        return Votes(task, worker, said, things, people, choices)

    def answers(self) -> "Votes | dict[str, Any]":
        """What the aggregation of this kind takes."""
        if self.kind == CLASSES:
            return self.votes()
        return {
            "task": self.task.values(),
            "worker": self.worker.values(),
            "label": self.label.values(),
        }

    def rightly(self, known: Mapping[str, str]) -> dict[str, tuple[int, int]]:
        """Of how many votes of each worker the truth is known, and how many are right."""
        votes = self.votes()
        true = pd.Index([known.get(task) for task in votes.tasks])
        code = votes.labels.get_indexer(true)[votes.task]
        is_known = votes.tasks.isin(list(known))[votes.task]
        n_known = np.bincount(votes.worker[is_known], minlength=len(votes.workers))
        is_right = code == votes.label
        n_right = np.bincount(votes.worker[is_right], minlength=len(votes.workers))
        counts = zip(n_known.tolist(), n_right.tolist(), strict=True)
        return dict(zip(votes.workers, counts, strict=True))


def cast_votes(
    ledger: Ledger, record: BatchRecord, template: Template
) -> Iterator[Vote]:
    """Every vote in the answers to a batch, but those that only check workers."""
    for task, answer in _counted(ledger, record):
        checks = template.checks(task)
        for thing, said in template.votes(task, answer.answer or {}):
            if thing not in checks:
                yield Vote(thing, answer.worker, said)


def poll(
    ledger: Ledger, record: BatchRecord, template: Template, kind: str | None = None
) -> tuple[Poll, Poll]:
    """The votes on a batch, and those that only check workers.

    Args:
        kind: of which kind, where tasks are of several; of one, where all are of
            another, such as texts that are to be classes.

    Raises:
        BadInput: tasks are of several kinds, and none of these is asked for.
    """
    polls, checking = defaultdict[str, Poll](lambda: Poll("")), Poll(CLASSES)
    for task, answer in _counted(ledger, record):
        checks, gold = template.checks(task), template.gold(task)
        own = polls[template.kind_of(task)]
        for thing, said in template.votes(task, answer.answer or {}):
            each = checking if thing in checks else own
            each.add(thing, said, answer)
            if thing in gold:
                each.gold[thing] = encoded(gold[thing])
    return _chosen(polls, kind), checking


def truth_of(ledger: Ledger, record: BatchRecord, template: Template) -> dict[str, Any]:
    """What is right for each published thing, planted or told, as votes have it."""
    told, known = ledger.labels.truth(record.key), dict[str, Any]()
    for task, _ in ledger.hits.each(record.key):
        is_json = template.kind_of(task) in REGIONS
        known |= template.gold(task)
        for thing, _ in template.things(task):
            if thing in told:
                known[thing] = decoded(told[thing]) if is_json else told[thing]
    return known


def _chosen(polls: Mapping[str, Poll], kind: str | None) -> Poll:
    if kind is not None and kind in polls:
        return attrs.evolve(polls[kind], kind=kind)
    if len(polls) > 1:
        raise BadInput(
            f"the tasks have labels of several kinds: {', '.join(sorted(polls))};"
            f" choose one with kind"
        )
    ((own, votes),) = polls.items() or [(CLASSES, Poll(""))]
    if kind is not None and kind != CLASSES:
        kinds.find(kind)
    return attrs.evolve(votes, kind=kind or own)


def _counted(ledger: Ledger, record: BatchRecord) -> Iterator[tuple[Task, Answer]]:
    for task, answer in ledger.answers.each(record.key):
        if answer.answer is not None and answer.status != "Rejected":
            yield task, answer
