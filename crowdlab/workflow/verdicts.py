"""Labels from votes, by the method that their kind asks for."""

from collections.abc import Iterator, Mapping
from math import isnan
from typing import Any

import pandas as pd

from crowdlab.aggregation import aggregate, kinds
from crowdlab.aggregation import methods as known_methods
from crowdlab.aggregation.answers import encoded
from crowdlab.ledger import BatchRecord, Ledger, Score
from crowdlab.model import Label
from crowdlab.templates import Template
from crowdlab.workflow.polls import CLASSES, Poll, poll
from crowdlab.workflow.receipts import Labelled

__all__ = ["label"]

LABEL_COLUMNS = ["task", "label", "confidence", "n_votes"]
WORKER_COLUMNS = ["worker", "quality", "n"]


def label(
    ledger: Ledger,
    record: BatchRecord,
    template: Template,
    method: str,
    *,
    kind: str | None = None,
    **options: Any,
) -> Labelled:
    """Aggregates the votes on a batch and notes the labels.

    Raises:
        NotFound: for a kind or method that does not exist; the message lists the
            choices.
        BadInput: where tasks are of several kinds, and none of these is asked for.
    """
    votes, _ = poll(ledger, record, template, kind)
    _refuse_unknown(method, votes.kind)
    if not len(votes):
        return _nothing(method, votes.kind, record)
    gold = (votes.gold or None) if votes.kind == CLASSES else None
    found = aggregate(votes.answers(), method, kind=votes.kind, gold=gold, **options)
    labels = found.labels[LABEL_COLUMNS]
    truth = {**votes.gold, **ledger.labels.truth(record.key)}
    ledger.labels.add(
        record.key,
        found.method,
        _each(labels),
        n_votes=len(votes),
        workers=_rate(found.workers, votes, truth if votes.is_exact else {}),
    )
    return Labelled(
        method=found.method,
        kind=votes.kind,
        n_labels=len(labels),
        n_votes=len(votes),
        environment=record.batch.environment,
        table=labels,
        workers=found.workers[WORKER_COLUMNS],
    )


def _refuse_unknown(method: str, kind: str) -> None:
    if kind == CLASSES:
        known_methods.find(method)
    elif method != "auto":
        kinds.find(kind).find(method)


def _each(labels: pd.DataFrame) -> Iterator[Label]:
    for thing, said, confidence, n_votes in labels.itertuples(index=False, name=None):
        yield Label(thing, encoded(said), float(confidence), int(n_votes))


def _rate(
    workers: pd.DataFrame, votes: Poll, truth: Mapping[str, str]
) -> Iterator[Score]:
    """The method's word on each worker beside the truth's, where that is known."""
    counts = votes.rightly(truth)
    rated = workers[WORKER_COLUMNS].itertuples(index=False, name=None)
    for worker, quality, n in rated:
        # Who marked nothing, where there is nothing, has no quality that is known.
        if not isnan(quality):
            yield Score(worker, float(quality), int(n), *counts[worker])


def _nothing(method: str, kind: str, record: BatchRecord) -> Labelled:
    return Labelled(
        method=method,
        kind=kind,
        n_labels=0,
        n_votes=0,
        environment=record.batch.environment,
        table=pd.DataFrame(columns=LABEL_COLUMNS),
        workers=pd.DataFrame(columns=WORKER_COLUMNS),
    )
