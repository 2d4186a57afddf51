"""What a worker has in hand: the assignments they accepted, as they see them."""

from decimal import Decimal

import attrs
from sqlalchemy import bindparam

from crowdlab.database import Statement
from crowdlab.errors import WorkRefused
from crowdlab.marketplace import frames
from crowdlab.marketplace.call import Call, Row
from crowdlab.marketplace.decisions import ASSIGNMENT_COLUMNS
from crowdlab.marketplace.frames import Frame
from crowdlab.marketplace.lifecycle import find_by_key
from crowdlab.marketplace.schema import assignments, workers
from crowdlab.money import from_cents

__all__ = ["Work", "find_owner", "find_queue", "find_work"]

#: How many assignments in progress are shown at most.
MOST_SHOWN = 200


@attrs.frozen
class Work:
    """An assignment, as the worker who accepted it sees it.

    Attributes:
        status: that of the assignment: Accepted, Returned, Abandoned, Submitted ...
        feedback: what the requester said to the answer.
        question_kind: what its page is: ``html``, ``external`` or ``form``.
        deadline: in seconds since 1970.
    """

    assignment_id: str
    hit_id: str
    group_id: str
    title: str
    description: str
    reward: Decimal
    status: str
    feedback: str
    question_kind: str
    deadline: int
    frame: Frame


_WORK = Statement(
    ASSIGNMENT_COLUMNS.where(assignments.c.assignment_id == bindparam("name"))
)
_QUEUE = Statement(
    ASSIGNMENT_COLUMNS.where(assignments.c.status == "Accepted")
    .where(workers.c.worker_id == bindparam("who"))
    .order_by(assignments.c.deadline, assignments.c.id)
    .limit(MOST_SHOWN)
)


def find_queue(call: Call, worker_id: str, submit_to: str | None) -> list[Work]:
    """What a worker has accepted and not yet submitted, most urgent first."""
    rows = call.rows(_QUEUE, who=worker_id)
    return [_work(call, row, submit_to) for row in rows]


def find_work(
    call: Call, worker_id: str, assignment_id: str, submit_to: str | None
) -> Work:
    """An assignment of a worker.

    Raises:
        WorkRefused: the worker has none such.
    """
    row = call.one(_WORK, name=assignment_id)
    if row is None or row.worker_id != worker_id:
        raise _unknown(assignment_id)
    return _work(call, row, submit_to)


def find_owner(call: Call, assignment_id: str) -> str:
    """The id of the worker who accepted an assignment.

    Raises:
        WorkRefused: there is no such assignment.
    """
    row = call.one(_WORK, name=assignment_id)
    if row is None:
        raise _unknown(assignment_id)
    return str(row.worker_id)


def _unknown(assignment_id: str) -> WorkRefused:
    return WorkRefused("unknown-assignment", f"there is no assignment {assignment_id}")


def _work(call: Call, row: Row, submit_to: str | None) -> Work:
    hit = find_by_key(call, row.hit)
    return Work(
        assignment_id=row.assignment_id,
        hit_id=hit.hit_id,
        group_id=hit.hit_group_id,
        title=hit.title,
        description=hit.description,
        reward=from_cents(hit.reward),
        status=row.status,
        feedback=row.feedback or "",
        question_kind=hit.question_kind,
        deadline=row.deadline,
        frame=frames.frame(
            call,
            hit,
            assignment_id=row.assignment_id,
            worker_id=row.worker_id,
            submit_to=submit_to,
        ),
    )
