"""Assignments as the requester sees them: listed, approved, rejected."""

from itertools import cycle

from sqlalchemy import bindparam

from crowdlab.database import Statement
from crowdlab.marketplace import refusals
from crowdlab.marketplace.accounts import reserve
from crowdlab.marketplace.call import Call, Params, Reply, Row, at, present
from crowdlab.marketplace.decisions import ASSIGNMENT_COLUMNS, approve, reject
from crowdlab.marketplace.hit_types import need_short
from crowdlab.marketplace.hits import describe, find_hit
from crowdlab.marketplace.lifecycle import DAY, find_by_key
from crowdlab.marketplace.pages import list_page
from crowdlab.marketplace.schema import assignments

__all__ = [
    "approve_assignment",
    "find_assignment",
    "get_assignment",
    "list_assignments_for_hit",
    "reject_assignment",
]

DECIDED = ("Submitted", "Approved", "Rejected")
#: Days after its submission in which a rejection can be taken back.
OVERRIDE_DAYS = 30
MOST_FEEDBACK = 1024

_BY_NAME = Statement(
    ASSIGNMENT_COLUMNS.where(assignments.c.assignment_id == bindparam("name"))
)
_OF_HIT = Statement(
    ASSIGNMENT_COLUMNS.where(
        (assignments.c.hit == bindparam("key"))
        & assignments.c.status.in_([bindparam(name) for name in ("a", "b", "c")])
        & (
            (assignments.c.submitted > bindparam("since"))
            | (
                (assignments.c.submitted == bindparam("since"))
                & (assignments.c.id > bindparam("after"))
            )
        )
    )
    .order_by(assignments.c.submitted, assignments.c.id)
    .limit(bindparam("most"))
)


def get_assignment(call: Call, params: Params) -> Reply:
    """GetAssignment: one that was submitted, together with its HIT."""
    work = find_assignment(call, params["AssignmentId"])
    if work.status not in DECIDED:
        raise refusals.wrong_state("Reviewable,Approved,Rejected")
    hit = find_by_key(call, work.hit)
    return {"Assignment": _describe(work), "HIT": describe(call, hit)}


def list_assignments_for_hit(call: Call, params: Params) -> Reply:
    """ListAssignmentsForHIT: those submitted, in the order of their submission."""
    hit = find_hit(call, params["HITId"])
    states = sorted(set(params.get("AssignmentStatuses") or DECIDED))
    # One statement serves any choice of states: a shorter choice names one twice.
    wanted = dict(zip("abc", cycle(states), strict=False))
    rows, frame = list_page(
        call,
        params,
        scope=f"ListAssignmentsForHIT {hit.hit_id} {states}",
        start=[-1, -1],
        fetch=lambda after, n: call.rows(
            _OF_HIT, key=hit.id, since=after[0], after=after[1], most=n, **wanted
        ),
        position=lambda work: [work.submitted, work.id],
    )
    return frame | {"Assignments": [_describe(work) for work in rows]}


def approve_assignment(call: Call, params: Params) -> Reply:
    """ApproveAssignment: pays; with OverrideRejection also what was rejected."""
    need_short("RequesterFeedback", params.get("RequesterFeedback"), MOST_FEEDBACK)
    work = find_assignment(call, params["AssignmentId"])
    overrides = params.get("OverrideRejection") and work.status == "Rejected"
    if overrides:
        _need_recent(call, work)
        reserve(call, work.reward + work.fee)
    else:
        _need_submitted(work)
    approve(call, work, call.now, params.get("RequesterFeedback"))
    return {}


def reject_assignment(call: Call, params: Params) -> Reply:
    """RejectAssignment: pays nothing, and puts nothing back on the market."""
    need_short("RequesterFeedback", params["RequesterFeedback"], MOST_FEEDBACK)
    work = find_assignment(call, params["AssignmentId"])
    _need_submitted(work)
    reject(call, work, call.now, params["RequesterFeedback"])
    return {}


def find_assignment(call: Call, assignment_id: str) -> Row:
    """The assignment of that name on one of the requester's HITs.

    Raises:
        Refusal: there is none such.
    """
    work = call.one(_BY_NAME, name=assignment_id)
    if work is None or work.requester != call.requester:
        raise refusals.does_not_exist("Assignment", assignment_id)
    return work


def _need_submitted(work: Row) -> None:
    if work.status not in DECIDED:
        raise refusals.wrong_state("null")
    if work.status != "Submitted":
        raise refusals.wrong_state("Submitted")


def _need_recent(call: Call, work: Row) -> None:
    if work.disposed is not None or call.now > work.submitted + OVERRIDE_DAYS * DAY:
        raise refusals.wrong_state("Submitted")


def _describe(work: Row) -> Reply:
    return present(
        AssignmentId=work.assignment_id,
        WorkerId=work.worker_id,
        HITId=work.hit_id,
        AssignmentStatus=work.status,
        AutoApprovalTime=at(work.auto_approval),
        AcceptTime=at(work.accepted),
        SubmitTime=at(work.submitted),
        ApprovalTime=at(work.approved),
        RejectionTime=at(work.rejected),
        Deadline=at(work.deadline),
        Answer=work.answer,
        RequesterFeedback=work.feedback,
    )
