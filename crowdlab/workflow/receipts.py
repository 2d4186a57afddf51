"""What a verb gives back: small, frozen, and read by people and programs alike."""

import datetime as dt
from collections.abc import Callable, Mapping
from decimal import Decimal
from html import escape
from pathlib import Path
from typing import Any

import attrs
import pandas as pd

from crowdlab.money import show

__all__ = [
    "DETAIL",
    "TABLE",
    "BonusesPaid",
    "Collected",
    "Created",
    "Estimate",
    "Expired",
    "Exported",
    "Footprint",
    "Labelled",
    "Preview",
    "Progress",
    "Published",
    "Rated",
    "Receipt",
    "Reviewed",
    "Simulated",
    "Status",
    "no_progress",
]

#: Called with how much is done and how much there is in all.
Progress = Callable[[int, int], None]

#: Of a field that is no figure: neither programs nor people see it in the receipt.
TABLE = {"json": False, "repr": False}
#: Of a field that programs see.
DETAIL = {"repr": False}


def no_progress(_done: int, _total: int) -> None:
    """Tells nobody."""


@attrs.frozen(kw_only=True, repr=False)
class Receipt:
    """What a verb gives back.

    Example:
        >>> receipt = Published(created=100, already=0, environment="local")
        >>> receipt
        Published(created=100, already=0, environment='local')
        >>> receipt.to_json()
        {'created': 100, 'already': 0, 'environment': 'local'}
    """

    def to_json(self) -> dict[str, Any]:
        """The fields for programs: money as text, nothing else changed."""
        return {
            name: _to_json(value)
            for name, value, metadata in self._fields()
            if metadata.get("json", True)
        }

    def __repr__(self) -> str:
        shown = ", ".join(f"{name}={text}" for name, text in self._figures())
        return f"{type(self).__name__}({shown})"

    def _repr_html_(self) -> str:
        """What a notebook shows: a row for each figure."""
        rows = "".join(
            f"<tr><th>{escape(name)}</th><td>{escape(text)}</td></tr>"
            for name, text in self._figures()
        )
        return f"<table><caption>{type(self).__name__}</caption>{rows}</table>"

    def _figures(self) -> list[tuple[str, str]]:
        return [
            (name, _show(value))
            for name, value, metadata in self._fields()
            if metadata.get("repr", True) and value is not None
        ]

    def _fields(self) -> list[tuple[str, Any, Mapping[Any, Any]]]:
        fields = attrs.fields(type(self))
        return [(f.name, getattr(self, f.name), f.metadata) for f in fields]


@attrs.frozen(kw_only=True, repr=False)
class Created(Receipt):
    """A batch is in the ledger; nothing is on the marketplace yet.

    Attributes:
        name: of the batch; every verb takes this receipt for it.
        assignments: how many workers will answer each task.
        total: what the worst case costs, fees included.
    """

    name: str
    tasks: int
    assignments: int
    reward: Decimal
    total: Decimal
    budget: Decimal | None
    environment: str


@attrs.frozen(kw_only=True, repr=False)
class Footprint(Receipt):
    """The bytes that a batch makes.

    Attributes:
        pages: of the questions, as they go over the wire.
        images: of the pictures, each counted once.
        answers: of what workers sent.
        ledger: by which the ledger grows.
        votes: in memory, while labels are found.
        per_answer: the answers and the ledger, for each answer.
    """

    pages: int
    images: int
    answers: int
    ledger: int
    votes: int
    per_answer: int | None


@attrs.frozen(kw_only=True, repr=False)
class Estimate(Receipt):
    """What a batch will cost when every assignment is answered and approved.

    Attributes:
        assignments: all of them, on all tasks.
        hourly_wage: what the reward comes to, by the template's expected time.
        memory: the most bytes that this process will hold.
        footprint: the bytes that the batch will make.
    """

    tasks: int
    assignments: int
    rewards: Decimal
    fees: Decimal
    total: Decimal
    hourly_wage: Decimal | None
    budget: Decimal | None
    environment: str
    # Of this process, which another moment finds larger: the estimate is the same.
    memory: int = attrs.field(metadata=DETAIL, eq=False)
    footprint: Footprint = attrs.field(metadata=DETAIL)


@attrs.frozen(kw_only=True, repr=False)
class Preview(Receipt):
    """The page of a batch's first task was written to a file.

    Attributes:
        bytes: of the question as it will go over the wire.
    """

    path: Path
    bytes: int
    environment: str


@attrs.frozen(kw_only=True, repr=False)
class Published(Receipt):
    """Every task of a batch has its HIT.

    Attributes:
        created: the HITs made by this call.
        already: the HITs that were there.
    """

    created: int
    already: int
    environment: str


@attrs.frozen(kw_only=True, repr=False)
class Status(Receipt):
    """Where a batch stands on its marketplace.

    Attributes:
        published: HITs.
        available: assignments that nobody took; the rest are counts of them too.
    """

    published: int
    available: int
    pending: int
    submitted: int
    approved: int
    rejected: int
    environment: str


@attrs.frozen(kw_only=True, repr=False)
class Collected(Receipt):
    """What workers answered is in the ledger.

    Attributes:
        answers: all that are there by now.
        missing: those still to come, of the tasks that are published or not.
        invalid: those that could not be read; they are kept, and payable.
    """

    answers: int
    missing: int
    invalid: int
    environment: str


@attrs.frozen(kw_only=True, repr=False)
class Reviewed(Receipt):
    """Answers were decided.

    Attributes:
        approved: by this call.
        rejected: by this call.
        undecided: those of the ledger that are still submitted.
    """

    approved: int
    rejected: int
    undecided: int
    environment: str


@attrs.frozen(kw_only=True, repr=False)
class BonusesPaid(Receipt):
    """Bonuses were paid.

    Attributes:
        paid: how many by this call, those left over from an earlier one with them.
        already: those of the list that were paid or planned before.
        bonuses: dollars for the workers, by this call.
        fees: dollars for the marketplace, by this call.
    """

    paid: int
    already: int
    bonuses: Decimal
    fees: Decimal
    environment: str


@attrs.frozen(kw_only=True, repr=False)
class Expired(Receipt):
    """The HITs of a batch are off the market; work already taken may be finished."""

    expired: int
    environment: str


@attrs.frozen(kw_only=True, repr=False)
class Exported(Receipt):
    """Labels, or votes, are in a file.

    Attributes:
        format: the name of the export format.
        n_labels: the rows that were written.
        path: the file, or the folder.
    """

    format: str
    n_labels: int
    path: Path
    environment: str


@attrs.frozen(kw_only=True, repr=False)
class Labelled(Receipt):
    """The votes on a batch became labels.

    Attributes:
        kind: what the labels are: classes, or values such as boxes.
        table: columns task, label, confidence, n_votes.
        workers: columns worker, quality, n.
    """

    method: str
    kind: str
    n_labels: int
    n_votes: int
    environment: str
    table: pd.DataFrame = attrs.field(metadata=TABLE, eq=False)
    workers: pd.DataFrame = attrs.field(metadata=TABLE, eq=False)


@attrs.frozen(kw_only=True, repr=False)
class Rated(Receipt):
    """The workers of a batch, held against what is known and what the others say.

    Attributes:
        n_gold: questions with a known answer that they were asked.
        n_concerning: those who give a sign of no care.
        table: a row for each worker, those of most concern first: columns worker, n,
            quality, n_gold, n_right, share, low, high, standing, concern, signs,
            reasons. The concern is nan where votes are of a kind that shows none.
    """

    n_workers: int
    n_gold: int
    n_concerning: int
    environment: str
    table: pd.DataFrame = attrs.field(metadata=TABLE, eq=False)


@attrs.frozen(kw_only=True, repr=False)
class Simulated(Receipt):
    """A crowd that is no people answered a batch.

    Attributes:
        answers: how many it gave.
    """

    answers: int
    environment: str


_WRITERS: tuple[tuple[type, Callable[[Any], str]], ...] = (
    (Decimal, "{:.2f}".format),
    (Path, str),
    (dt.datetime, dt.datetime.isoformat),
)


def _to_json(value: Any) -> Any:
    if hasattr(value, "to_json"):
        return value.to_json()
    if isinstance(value, tuple):
        return [_to_json(each) for each in value]
    for kind, write in _WRITERS:
        if isinstance(value, kind):
            return write(value)
    return value


def _show(value: Any) -> str:
    if isinstance(value, Decimal):
        return show(value)
    if isinstance(value, Path):
        return repr(str(value))
    if isinstance(value, float):
        return f"{value:.4g}"
    return repr(value)
