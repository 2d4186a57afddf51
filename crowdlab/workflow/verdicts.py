"""Labels from answers: every readable answer votes, unless it was rejected."""

from array import array
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import attrs
import numpy as np
import pandas as pd

from crowdlab.aggregation import Votes, aggregate
from crowdlab.aggregation import methods as known_methods
from crowdlab.ledger import BatchRecord, Ledger, Score
from crowdlab.model import Label, Vote
from crowdlab.templates import Template
from crowdlab.workflow.receipts import Labelled

__all__ = ["cast_votes", "label"]

LABEL_COLUMNS = ["task", "label", "confidence", "n_votes"]
WORKER_COLUMNS = ["worker", "quality", "n"]


def label(
    ledger: Ledger, record: BatchRecord, template: Template, method: str, **options: Any
) -> Labelled:
    """Aggregates the votes on a batch and notes the labels.

    Raises:
        NotFound: for a method that does not exist; the message lists the choices.
    """
    known_methods.find(method)
    votes = _gather(cast_votes(ledger, record, template))
    if not len(votes):
        return _nothing(method, record)
    found = aggregate(votes, method, **options)
    labels = found.labels[LABEL_COLUMNS]
    ledger.labels.add(
        record.key,
        found.method,
        _each(labels),
        n_votes=len(votes),
        workers=_rate(found.workers, votes, ledger.labels.truth(record.key)),
    )
    return Labelled(
        method=found.method,
        n_labels=len(labels),
        n_votes=len(votes),
        environment=record.batch.environment,
        table=labels,
        workers=found.workers[WORKER_COLUMNS],
    )


def cast_votes(
    ledger: Ledger, record: BatchRecord, template: Template
) -> Iterator[Vote]:
    """Every vote in the answers to a batch."""
    for task, answer in ledger.answers.each(record.key):
        if answer.answer is not None and answer.status != "Rejected":
            for thing, said in template.votes(task, answer.answer):
                yield Vote(thing, answer.worker, said)


@attrs.frozen
class _Column:
    """A column that grows, as codes into the book of its values."""

    codes: "array[int]" = attrs.Factory(lambda: array("i"))
    book: dict[str, int] = attrs.Factory(dict)

    def append(self, value: str) -> None:
        self.codes.append(self.book.setdefault(value, len(self.book)))

    def sorted(self) -> tuple[Any, "pd.Index[Any]"]:
        """The codes and the book, sorted, so that both are the same in any order."""
        values = sorted(self.book)
        rank = np.empty(len(values), dtype=np.int32)
        rank[[self.book[value] for value in values]] = np.arange(len(values))
        codes = rank[np.frombuffer(self.codes, dtype=np.int32)] if values else rank
        return codes, pd.Index(values)


def _gather(votes: Iterable[Vote]) -> Votes:
    tasks, workers, labels = _Column(), _Column(), _Column()
    for vote in votes:
        tasks.append(vote.task)
        workers.append(vote.worker)
        labels.append(vote.label)
    (task, things), (worker, people), (said, choices) = (
        column.sorted() for column in (tasks, workers, labels)
    )
    return Votes(task, worker, said, things, people, choices)


def _each(labels: pd.DataFrame) -> Iterator[Label]:
    for thing, said, confidence, n_votes in labels.itertuples(index=False, name=None):
        yield Label(thing, said, float(confidence), int(n_votes))


def _rate(
    workers: pd.DataFrame, votes: Votes, truth: Mapping[str, str]
) -> Iterator[Score]:
    """The method's word on each worker beside the truth's, where that is known."""
    n_workers = len(votes.workers)
    is_known = np.isin(votes.tasks, list(truth))[votes.task]
    true = votes.labels.get_indexer(pd.Index([truth.get(t) for t in votes.tasks]))
    is_right = true[votes.task] == votes.label
    n_known = np.bincount(votes.worker[is_known], minlength=n_workers)
    n_right = np.bincount(votes.worker[is_right], minlength=n_workers)
    counts = dict(zip(votes.workers, zip(n_known, n_right, strict=True), strict=True))
    for worker, quality, n in workers.itertuples(index=False, name=None):
        yield Score(worker, float(quality), int(n), *map(int, counts[worker]))


def _nothing(method: str, record: BatchRecord) -> Labelled:
    return Labelled(
        method=method,
        n_labels=0,
        n_votes=0,
        environment=record.batch.environment,
        table=pd.DataFrame(columns=LABEL_COLUMNS),
        workers=pd.DataFrame(columns=WORKER_COLUMNS),
    )
