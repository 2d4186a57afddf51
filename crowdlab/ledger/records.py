"""What a ledger gives: things as it keeps them, with the keys it finds them by."""

from decimal import Decimal

import attrs

from crowdlab.model import Batch, Task

__all__ = [
    "BatchRecord",
    "DeadHIT",
    "Decision",
    "HITMoment",
    "HITRecord",
    "ImageRecord",
    "NewBonus",
    "NewHIT",
    "Observation",
    "PaidBonus",
    "PendingBonus",
    "PendingReview",
    "RawAnswer",
    "ReadAnswer",
    "TaskRecord",
    "WorkMoments",
]


@attrs.frozen
class BatchRecord:
    """A batch in the ledger.

    Attributes:
        uid: names the batch in the tokens of its HITs.
        fee: dollars for one assignment, as estimated when the batch was created.
        seconds_per_task: the time one assignment was expected to take.
    """

    key: int
    uid: str
    batch: Batch
    fee: Decimal
    seconds_per_task: float


@attrs.frozen
class TaskRecord:
    """A task in the ledger."""

    key: int
    task: Task


@attrs.frozen
class ImageRecord:
    """An image in the ledger.

    Attributes:
        digest: of the requester's file.
        path: where that was when its batch was created.
        n_bytes: of the picture as workers get it; width and height are its too.
    """

    digest: str
    path: str
    n_bytes: int
    width: int
    height: int


@attrs.frozen
class NewHIT:
    """A HIT that a marketplace now has, for the ledger to note."""

    task_key: int
    copy: int
    hit_id: str


@attrs.frozen
class HITRecord:
    """A HIT in the ledger."""

    key: int
    hit_id: str
    task_key: int


@attrs.frozen
class RawAnswer:
    """An assignment as the marketplace told it; times are seconds since 1970."""

    assignment_id: str
    hit_key: int
    task_key: int
    worker: str
    status: str
    accepted: int
    submitted: int
    auto_approval: int | None
    approved: int | None
    rejected: int | None
    feedback: str | None
    answer_xml: str


@attrs.frozen
class ReadAnswer:
    """What reading a raw answer gave.

    Attributes:
        key: the assignment's.
        answer: the JSON as text, or ``None`` where it could not be read.
        problem: why it is flagged, or ``""``.
    """

    key: int
    answer: str | None
    problem: str


@attrs.frozen
class PendingReview:
    """A decision that was planned and is not known to be done."""

    key: int
    assignment_id: str
    verdict: str
    feedback: str | None


@attrs.frozen
class Decision:
    """How the marketplace now has an assignment; times are seconds since 1970."""

    key: int
    status: str
    at: int
    feedback: str | None


@attrs.frozen
class NewBonus:
    """A bonus that is to be paid.

    Attributes:
        token: makes the request unrepeatable.
        fee: what the marketplace takes for it.
    """

    assignment_key: int
    token: str
    amount: Decimal
    fee: Decimal
    reason: str


@attrs.frozen
class PendingBonus:
    """A bonus that was planned and is not known to be paid."""

    key: int
    assignment_id: str
    worker: str
    amount: Decimal
    reason: str
    token: str


@attrs.frozen
class PaidBonus:
    """A bonus that was paid, when, and for what; times are seconds since 1970."""

    at: int
    amount: Decimal
    fee: Decimal
    reason: str
    assignment_id: str
    worker: str
    hit_id: str
    task: str


@attrs.frozen
class DeadHIT:
    """A HIT that nobody can answer any more, and how many answers it lacks."""

    hit_id: str
    task: str
    at: int
    n_missing: int


@attrs.frozen
class Observation:
    """What a marketplace said of the account, beside what the books say.

    Attributes:
        made: when, in seconds since 1970.
        balance: that the marketplace told.
        books: what the books of all batches there had taken from the balance, below
            nothing.
        dead: how much of what they gave back was of HITs that nobody answered. Some
            marketplaces hold that until the HITs are deleted.
    """

    made: int
    balance: Decimal
    books: Decimal
    dead: Decimal


@attrs.frozen
class HITMoment:
    """When a HIT was published, for so many assignments."""

    hit_id: str
    task: str
    at: int
    assignments: int


@attrs.frozen
class WorkMoments:
    """When an answer came and was decided; times are seconds since 1970.

    Attributes:
        decided: when it was submitted, where the marketplace did not tell.
    """

    hit_id: str
    task: str
    worker: str
    assignment_id: str
    status: str
    submitted: int
    decided: int
