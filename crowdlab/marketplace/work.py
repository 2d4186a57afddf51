"""The worker's side: accept, submit, return."""

from collections.abc import Mapping, Sequence
from typing import cast

import sqlalchemy as sa
from sqlalchemy import bindparam

from crowdlab.database import Statement
from crowdlab.errors import WorkRefused
from crowdlab.marketplace.blocks import is_blocked
from crowdlab.marketplace.call import Call, Row
from crowdlab.marketplace.decisions import ASSIGNMENT_COLUMNS
from crowdlab.marketplace.eligibility import demand
from crowdlab.marketplace.events import emit
from crowdlab.marketplace.lifecycle import (
    HIT_COLUMNS,
    find_by_key,
    left,
    question_of,
    settle,
    status,
)
from crowdlab.marketplace.reviews import review_assignment
from crowdlab.marketplace.schema import assignments, hits, is_live
from crowdlab.marketplace.workers import find_worker
from crowdlab.questions import QuestionForm, build_answers, parse_question

__all__ = [
    "accept",
    "find_open_hit",
    "leave",
    "return_",
    "submit",
]

Fields = Mapping[str, str | Sequence[str]]

#: Fields that the form posts for the marketplace's own use.
_NOT_ANSWERS = frozenset({"assignmentId", "hitId"})

_HIT = Statement(HIT_COLUMNS.where(hits.c.hit_id == bindparam("name")))
_LIVE_WORK = Statement(
    sa.select(assignments.c.assignment_id, assignments.c.status).where(
        (assignments.c.worker == bindparam("who"))
        & (assignments.c.hit == bindparam("key"))
        & is_live(assignments)
    )
)
_NEW_WORK = Statement(assignments.insert().returning(assignments.c.id))
_WORK = Statement(
    ASSIGNMENT_COLUMNS.where(assignments.c.assignment_id == bindparam("name"))
)
_SUBMIT = Statement(
    assignments.update()
    .where(assignments.c.id == bindparam("key"))
    .values(
        status="Submitted",
        submitted=bindparam("now"),
        auto_approval=bindparam("approval"),
        due=bindparam("approval"),
        answer=bindparam("xml"),
    )
)
_LEAVE = Statement(
    assignments.update()
    .where(assignments.c.id == bindparam("key"))
    .values(status=bindparam("state"), due=None)
)
_COUNT = Statement(
    hits.update()
    .where(hits.c.id == bindparam("key"))
    .values(
        n_accepted=hits.c.n_accepted + bindparam("accepted"),
        n_submitted=hits.c.n_submitted + bindparam("submitted"),
    )
)


def accept(call: Call, worker_id: str, hit_id: str) -> str:
    """Takes one assignment of a HIT for the worker, and gives its id.

    Raises:
        WorkRefused: nothing is left, the worker has or had one, is blocked, or does
            not qualify.
    """
    worker, hit = find_worker(call, worker_id), find_open_hit(call, hit_id)
    if call.one(_LIVE_WORK, who=worker.id, key=hit.id) is not None:
        raise WorkRefused("already-taken", f"{worker_id} has taken HIT {hit_id} before")
    if is_blocked(call, hit.requester, worker.id):
        raise WorkRefused("blocked", f"the requester has blocked {worker_id}")
    demand(call, worker, hit, "Accept")
    if left(hit) < 1 or status(hit, call.now) != "Assignable":
        raise WorkRefused("not-available", f"HIT {hit_id} has no assignment left")
    name = call.house.ids.new("3")
    deadline = call.now + hit.duration
    call.insert(
        _NEW_WORK,
        assignment_id=name,
        hit=hit.id,
        worker=worker.id,
        status="Accepted",
        accepted=call.now,
        deadline=deadline,
        due=deadline,
    )
    call.run(_COUNT, key=hit.id, accepted=1, submitted=0)
    emit(call, "AssignmentAccepted", hit, call.now, name)
    settle(call, find_by_key(call, hit.id), call.now)
    return name


def submit(call: Call, worker_id: str, assignment_id: str, fields: Fields) -> bool:
    """Hands in the worker's answer; says whether this was the first time.

    Raises:
        WorkRefused: the assignment is not the worker's, or no longer theirs to submit.
    """
    work = _find_work(call, worker_id, assignment_id)
    if work.submitted is not None:
        return False
    _need_accepted(work)
    hit = find_by_key(call, work.hit)
    call.run(
        _SUBMIT,
        key=work.id,
        now=call.now,
        approval=call.now + hit.auto_approval_delay,
        xml=_answer(call, hit, fields),
    )
    call.run(_COUNT, key=hit.id, accepted=-1, submitted=1)
    emit(call, "AssignmentSubmitted", hit, call.now, assignment_id)
    review_assignment(call, hit, work.id)
    settle(call, find_by_key(call, hit.id), call.now)
    return True


def return_(call: Call, worker_id: str, assignment_id: str) -> None:
    """Gives an accepted assignment back to the market.

    Raises:
        WorkRefused: the assignment is not the worker's to return.
    """
    work = _find_work(call, worker_id, assignment_id)
    _need_accepted(work)
    leave(call, work, call.now, "Returned")


def leave(call: Call, work: Row, now: int, state: str) -> None:
    """Ends an accepted assignment without an answer: Returned or Abandoned."""
    call.run(_LEAVE, key=work.id, state=state)
    call.run(_COUNT, key=work.hit, accepted=-1, submitted=0)
    emit(call, f"Assignment{state}", work, now, work.assignment_id)
    settle(call, find_by_key(call, work.hit), now)


def find_open_hit(call: Call, hit_id: str) -> Row:
    """The HIT of that name, whoever asks for it, unless it is gone.

    Raises:
        WorkRefused: there is none such.
    """
    hit = call.one(_HIT, name=hit_id)
    if hit is None or hit.disposed is not None:
        raise WorkRefused("unknown-hit", f"there is no HIT {hit_id}")
    return hit


def _find_work(call: Call, worker_id: str, assignment_id: str) -> Row:
    work = call.one(_WORK, name=assignment_id)
    if work is None or work.worker_id != worker_id:
        raise WorkRefused(
            "unknown-assignment", f"{worker_id} has no assignment {assignment_id}"
        )
    return work


def _need_accepted(work: Row) -> None:
    if work.status == "Abandoned":
        raise WorkRefused("expired", "the time for this assignment is over")
    if work.status != "Accepted":
        raise WorkRefused("not-accepted", f"this assignment is {work.status.lower()}")


def _answer(call: Call, hit: Row, fields: Fields) -> str:
    answers = {name: v for name, v in fields.items() if name not in _NOT_ANSWERS}
    if hit.question_kind != "form":
        return build_answers(answers)
    return build_answers(
        answers, cast(QuestionForm, parse_question(question_of(call, hit)))
    )
