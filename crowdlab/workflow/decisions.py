"""Reviewing: answers are approved or rejected, each once."""

from collections.abc import Iterable, Sequence

import attrs

from crowdlab.errors import BadRow, MTurkError
from crowdlab.ledger import BatchRecord, Decision, Ledger, PendingReview
from crowdlab.mturk import Connection, Transport, group
from crowdlab.workflow.publication import refuse_elsewhere
from crowdlab.workflow.receipts import Progress, Reviewed, no_progress

__all__ = ["Rejection", "approve_all", "reject"]

CHUNK = 200
LONGEST_FEEDBACK = 1024
DECIDED_ALREADY = "invalidassignmentstate"
OPERATIONS = {"Approved": "ApproveAssignment", "Rejected": "RejectAssignment"}


@attrs.frozen
class Rejection:
    """A wish to reject an answer.

    Attributes:
        origin: where the wish stands, for messages.
        feedback: what the worker is told.
    """

    origin: str
    assignment_id: str
    feedback: str


def approve_all(
    ledger: Ledger,
    connection: Connection,
    record: BatchRecord,
    *,
    feedback: str | None,
    now: float,
    progress: Progress = no_progress,
) -> Reviewed:
    """Approves every collected answer that is not decided."""
    refuse_elsewhere(record.batch, connection)
    ledger.reviews.plan_approvals(record.key, feedback=feedback)
    return _perform(ledger, connection, record, now=now, progress=progress)


def reject(
    ledger: Ledger,
    connection: Connection,
    record: BatchRecord,
    rejections: Iterable[Rejection],
    *,
    now: float,
    progress: Progress = no_progress,
) -> Reviewed:
    """Rejects these answers and leaves the others undecided.

    Raises:
        BadRow: for an answer that is not there or approved already, and for one
            without feedback; nothing is rejected then.
    """
    refuse_elsewhere(record.batch, connection)
    wanted = list(rejections)
    with ledger.transaction():
        for start in range(0, len(wanted), CHUNK):
            _plan_rejections(ledger, record, wanted[start : start + CHUNK])
    return _perform(ledger, connection, record, now=now, progress=progress)


def _plan_rejections(
    ledger: Ledger, record: BatchRecord, wanted: Sequence[Rejection]
) -> None:
    known = ledger.reviews.statuses(record.key, [each.assignment_id for each in wanted])
    plan = {}
    for each in wanted:
        _refuse_unsound(each, record)
        key, status = known.get(each.assignment_id, (0, "absent"))
        if status in {"absent", "Approved"}:
            reason = (
                f"{each.assignment_id!r} is {status} in batch {record.batch.name!r}"
            )
            raise BadRow(each.origin, "assignment_id", reason)
        if status == "Submitted":
            plan[key] = each.feedback
    if plan:
        ledger.reviews.plan_rejections(record.key, plan)


def _refuse_unsound(rejection: Rejection, record: BatchRecord) -> None:
    if not 0 < len(rejection.feedback.strip()) <= LONGEST_FEEDBACK:
        raise BadRow(
            rejection.origin,
            "feedback",
            f"a worker whose answer to {record.batch.name!r} is rejected is told why, "
            f"in 1 to {LONGEST_FEEDBACK} characters",
        )


def _perform(
    ledger: Ledger,
    connection: Connection,
    record: BatchRecord,
    *,
    now: float,
    progress: Progress,
) -> Reviewed:
    counts = {"Approved": 0, "Rejected": 0}
    total = ledger.reviews.count_pending(record.key)
    while pending := ledger.reviews.pending(record.key, limit=CHUNK):
        for decision in _decide_all(ledger, connection.transport, pending, now):
            counts[decision.status] += 1
        progress(sum(counts.values()), total)
    return Reviewed(
        approved=counts["Approved"],
        rejected=counts["Rejected"],
        undecided=ledger.answers.count_by_status(record.key)["Submitted"],
        environment=connection.environment,
    )


def _decide_all(
    ledger: Ledger, transport: Transport, pending: Sequence[PendingReview], now: float
) -> list[Decision]:
    decided: list[Decision] = []
    refusal = None
    with group(transport):
        for review in pending:
            try:
                decided.append(_decide(transport, review, int(now)))
            except MTurkError as error:
                # Those before it are decided, and have to be noted.
                refusal = error
                break
    if decided:
        ledger.reviews.settle(decided)
    if refusal is not None:
        raise refusal
    return decided


def _decide(transport: Transport, review: PendingReview, now: int) -> Decision:
    request = {"AssignmentId": review.assignment_id}
    if review.feedback:
        request["RequesterFeedback"] = review.feedback
    try:
        transport.call(OPERATIONS[review.verdict], request)
    except MTurkError as error:
        found = _find_decision(transport, review, now, error)
        if found is None:
            raise
        return found
    return Decision(review.key, review.verdict, now, review.feedback)


def _find_decision(
    transport: Transport, review: PendingReview, now: int, refusal: MTurkError
) -> Decision | None:
    """How an assignment was decided before, by time or by a process that was killed."""
    if not (refusal.turk_code or "").lower().endswith(DECIDED_ALREADY):
        return None
    answer = transport.call("GetAssignment", {"AssignmentId": review.assignment_id})
    assignment = answer["Assignment"]
    status = assignment["AssignmentStatus"]
    if status not in OPERATIONS:
        return None
    at = assignment.get("ApprovalTime") or assignment.get("RejectionTime")
    seconds = now if at is None else int(at.timestamp())
    feedback = assignment.get("RequesterFeedback")
    return Decision(review.key, status, seconds, feedback)
