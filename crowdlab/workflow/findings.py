"""What the votes on a batch tell of its workers and its tasks."""

from collections.abc import Iterator, Mapping, Sequence

import attrs
import numpy as np
import numpy.typing as npt
import pandas as pd

from crowdlab.aggregation import Votes
from crowdlab.assets import find_places, referred
from crowdlab.errors import BadInput, BadVotes
from crowdlab.ledger import BatchRecord, HeldLabel, Ledger
from crowdlab.model import Task
from crowdlab.quality import Agreement, agreement
from crowdlab.templates import Template
from crowdlab.workflow.accounts import Confusion, Doubt
from crowdlab.workflow.polls import CLASSES, poll

__all__ = ["Findings", "look_at_votes"]

#: How many tasks are shown that workers do not agree on.
DOUBTFUL = 12
#: A table of more labels than this tells nobody anything.
MOST_LABELS = 12
RESAMPLES = 200

Ints = npt.NDArray[np.int64]


@attrs.frozen
class Findings:
    """What the votes on a batch tell."""

    agreement: Agreement | None = None
    confusion: Confusion | None = None
    doubts: tuple[Doubt, ...] = ()


def look_at_votes(
    ledger: Ledger,
    record: BatchRecord,
    template: Template,
    held: Sequence[HeldLabel],
) -> Findings:
    """How far workers agree, what they confuse, and where they agree least.

    Of labels that are values, such as boxes, there is nothing to count: that two are
    not equal says little.

    Args:
        held: the labels that were found.
    """
    try:
        cast, _ = poll(ledger, record, template)
    except BadInput:
        # Tasks of several kinds have no agreement in common.
        return Findings()
    if cast.kind != CLASSES or not len(cast):
        return Findings()
    votes = cast.votes()
    by_thing = {each.task: each for each in held}
    return Findings(
        agreement=_agreement(votes),
        confusion=_confusion(votes, by_thing),
        doubts=tuple(_doubts(ledger, record, template, votes, by_thing)),
    )


def _agreement(votes: Votes) -> Agreement | None:
    try:
        return agreement(votes, resamples=RESAMPLES)
    except BadVotes:
        # Of tasks with one vote each nobody knows.
        return None


def _confusion(votes: Votes, held: Mapping[str, HeldLabel]) -> Confusion | None:
    n_labels = len(votes.labels)
    if not held or not 1 < n_labels <= MOST_LABELS:
        return None
    known = any(each.truth is not None for each in held.values())
    right_by_thing = {
        name: each.truth if known else each.label for name, each in held.items()
    }
    wanted = pd.Index([right_by_thing.get(name) for name in votes.tasks])
    right = votes.labels.get_indexer(wanted)
    row = right[votes.task]
    cells = row[row >= 0] * n_labels + votes.label[row >= 0]
    counts = np.bincount(cells, minlength=n_labels * n_labels)
    return Confusion(
        against="truth" if known else "labels",
        labels=tuple(map(str, votes.labels)),
        votes=tuple(map(tuple, counts.reshape(n_labels, n_labels).tolist())),
    )


def _doubts(
    ledger: Ledger,
    record: BatchRecord,
    template: Template,
    votes: Votes,
    held: Mapping[str, HeldLabel],
) -> Iterator[Doubt]:
    for place in _worst(votes):
        thing = str(votes.tasks[place])
        found, tally = held.get(thing), _tally(votes, place)
        task = _task_of(ledger, record, thing)
        address = "" if task is None else _picture(template, task, thing)
        yield Doubt(
            task=thing,
            label=None if found is None else found.label,
            confidence=None if found is None else found.confidence,
            truth=None if found is None else found.truth,
            votes=tally,
            text="" if task is None else _words(record, template, task),
            address=address,
            image=ledger.assets.find(record.key, digest=referred(address), url=address),
        )


def _worst(votes: Votes) -> Ints:
    """The tasks whose votes are most divided: the share of the most frequent label."""
    n_labels = len(votes.labels)
    cells, counts = np.unique(
        votes.task.astype(np.int64) * n_labels + votes.label, return_counts=True
    )
    total = np.bincount(votes.task, minlength=len(votes.tasks))
    most = np.zeros(len(votes.tasks), dtype=np.int64)
    np.maximum.at(most, cells // n_labels, counts)
    divided = np.flatnonzero(most < total)
    share = most[divided] / total[divided]
    worst: Ints = divided[np.lexsort((-total[divided], share))][:DOUBTFUL]
    return worst


def _tally(votes: Votes, place: int) -> tuple[tuple[str, int], ...]:
    said = np.bincount(votes.label[votes.task == place], minlength=len(votes.labels))
    order = np.argsort(-said, kind="stable")
    return tuple((str(votes.labels[n]), int(said[n])) for n in order if said[n])


def _task_of(ledger: Ledger, record: BatchRecord, thing: str) -> Task | None:
    """The task of a thing, which may be a part of it."""
    names = [thing, thing.rpartition("/")[0]]
    found = ledger.tasks.named(record.key, names)
    return found.get(names[0]) or found.get(names[1])


def _picture(template: Template, task: Task, thing: str) -> str:
    """The address of the picture that shows a thing: its own, where each part has one."""
    places = list(find_places(dict(task.input), template.input_schema))
    things = [name for name, _ in template.things(task)]
    if not places:
        return ""
    if thing in things and len(things) == len(places):
        return places[things.index(thing)].address
    return places[0].address


def _words(record: BatchRecord, template: Template, task: Task) -> str:
    """What only this task says: its texts, but for the addresses of pictures."""
    addresses = {
        place.address for place in find_places(dict(task.input), template.input_schema)
    }
    shared = {*record.batch.parameters, *template.defaults, *template.private}
    said = [
        value
        for name, value in task.input.items()
        if isinstance(value, str) and name not in shared and value not in addresses
    ]
    return " · ".join(said)
