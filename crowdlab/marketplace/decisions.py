"""Decisions on submitted work, whoever makes them: the requester, a policy, the time."""

import sqlalchemy as sa
from sqlalchemy import bindparam

from crowdlab.database import Statement
from crowdlab.marketplace.accounts import pay, release
from crowdlab.marketplace.call import Call, Row
from crowdlab.marketplace.events import TOLD, emit
from crowdlab.marketplace.schema import assignments, hit_types, hits, workers

__all__ = ["ASSIGNMENT_COLUMNS", "approve", "reject"]

ASSIGNMENT_COLUMNS = sa.select(
    assignments,
    workers.c.worker_id,
    hits.c.hit_id,
    hits.c.requester,
    hits.c.reward,
    hits.c.fee,
    hits.c.disposed,
    hit_types.c.hit_type_id,
    TOLD,
).select_from(assignments.join(workers).join(hits).join(hit_types))

_SET = assignments.update().where(assignments.c.id == bindparam("key"))
_APPROVE = Statement(
    _SET.values(
        status="Approved",
        approved=bindparam("now"),
        rejected=None,
        feedback=bindparam("said"),
        due=None,
    )
)
_REJECT = Statement(
    _SET.values(
        status="Rejected",
        rejected=bindparam("now"),
        feedback=bindparam("said"),
        due=None,
    )
)
_COUNT = Statement(
    hits.update()
    .where(hits.c.id == bindparam("key"))
    .values(
        n_submitted=hits.c.n_submitted + bindparam("submitted"),
        n_approved=hits.c.n_approved + bindparam("approved"),
        n_rejected=hits.c.n_rejected + bindparam("rejected"),
    )
)


def approve(call: Call, work: Row, now: int, feedback: str | None) -> None:
    """Approves and pays what was submitted, or rejected before."""
    call.run(_APPROVE, key=work.id, now=now, said=feedback or work.feedback)
    was = {"submitted": -1, "rejected": 0}
    if work.status == "Rejected":
        was = {"submitted": 0, "rejected": -1}
    call.run(_COUNT, key=work.hit, approved=1, **was)
    pay(call, work.requester, reward=work.reward, fee=work.fee)
    emit(call, "AssignmentApproved", work, now, work.assignment_id)


def reject(call: Call, work: Row, now: int, feedback: str | None) -> None:
    """Rejects what was submitted and frees what was set aside for it."""
    call.run(_REJECT, key=work.id, now=now, said=feedback)
    call.run(_COUNT, key=work.hit, submitted=-1, approved=0, rejected=1)
    release(call, work.requester, work.reward + work.fee)
    emit(call, "AssignmentRejected", work, now, work.assignment_id)
