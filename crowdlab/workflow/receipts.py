"""What a verb gives back: small, frozen, and read by people and programs alike."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import attrs
import pandas as pd

from crowdlab.ledger import HeldLabel, Score
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
    "Labelled",
    "MethodReport",
    "Preview",
    "Progress",
    "Published",
    "Receipt",
    "Report",
    "Reviewed",
    "Simulated",
    "Status",
    "VerbReport",
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
        shown = ", ".join(
            f"{name}={_show(value)}"
            for name, value, metadata in self._fields()
            if metadata.get("repr", True) and value is not None
        )
        return f"{type(self).__name__}({shown})"

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
class Estimate(Receipt):
    """What a batch will cost when every assignment is answered and approved.

    Attributes:
        assignments: all of them, on all tasks.
        hourly_wage: what the reward comes to, by the template's expected time.
    """

    tasks: int
    assignments: int
    rewards: Decimal
    fees: Decimal
    total: Decimal
    hourly_wage: Decimal | None
    budget: Decimal | None
    environment: str


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
        table: columns task, label, confidence, n_votes.
        workers: columns worker, quality, n.
    """

    method: str
    n_labels: int
    n_votes: int
    environment: str
    table: pd.DataFrame = attrs.field(metadata=TABLE, eq=False)
    workers: pd.DataFrame = attrs.field(metadata=TABLE, eq=False)


@attrs.frozen(kw_only=True, repr=False)
class MethodReport(Receipt):
    """What one method made of the votes.

    Attributes:
        accuracy: share of the labels with known truth that are right.
    """

    method: str
    labels: int
    accuracy: float | None
    cost_per_label: Decimal | None
    cost_per_correct_label: Decimal | None


@attrs.frozen(kw_only=True, repr=False)
class VerbReport(Receipt):
    """What one verb took: the sum of its seconds, the largest of its bytes."""

    verb: str
    seconds: float
    peak_bytes: int
    held_bytes: int


@attrs.frozen(kw_only=True, repr=False)
class Report(Receipt):
    """The account of a batch, from the ledger alone.

    Attributes:
        rewards: paid for approved answers.
        fees: paid for them to the marketplace.
        total: all that is paid.
        committed: what the published assignments without a decision may still cost.
        labels: of the newest run of a method.
        hourly_wage: the median worker's, from accepting to submitting.
        memory: the most bytes this process held during any verb on the batch.
        answer_bytes: of the raw answers.
        bytes_per_answer: by how much collecting made the process grow, per answer.
        methods: the newest run of every method.
        verbs: what each verb took.
        label_table: of the newest run, held against the truth.
        worker_table: how the newest run rates the workers.
    """

    name: str
    environment: str
    tasks: int
    published: int
    answers: int
    invalid: int
    submitted: int
    approved: int
    rejected: int
    rewards: Decimal
    fees: Decimal
    bonuses: Decimal
    total: Decimal
    committed: Decimal
    budget: Decimal | None
    labels: int
    cost_per_label: Decimal | None
    cost_per_correct_label: Decimal | None
    accuracy: float | None
    hourly_wage: Decimal | None
    memory: int
    answer_bytes: int
    bytes_per_answer: int | None
    methods: tuple[MethodReport, ...] = attrs.field(metadata=DETAIL)
    verbs: tuple[VerbReport, ...] = attrs.field(metadata=DETAIL)
    label_table: tuple[HeldLabel, ...] = attrs.field(metadata=TABLE)
    worker_table: tuple[Score, ...] = attrs.field(metadata=TABLE)


@attrs.frozen(kw_only=True, repr=False)
class Simulated(Receipt):
    """A crowd that is no people answered a batch.

    Attributes:
        answers: how many it gave.
    """

    answers: int
    environment: str


def _to_json(value: Any) -> Any:
    if isinstance(value, Decimal):
        return f"{value:.2f}"
    if isinstance(value, Path):
        return str(value)
    if hasattr(value, "to_json"):
        return value.to_json()
    if isinstance(value, tuple):
        return [_to_json(each) for each in value]
    return value


def _show(value: Any) -> str:
    if isinstance(value, Decimal):
        return show(value)
    if isinstance(value, Path):
        return repr(str(value))
    if isinstance(value, float):
        return f"{value:.4g}"
    return repr(value)
