"""The answers to a requester's HITs, a page at a time: read, and nothing changed."""

import datetime as dt
from collections.abc import Container

import attrs
import sqlalchemy as sa
from sqlalchemy import bindparam

from crowdlab.database import Statement
from crowdlab.marketplace.call import Call, Row, at
from crowdlab.marketplace.clock import moment
from crowdlab.marketplace.items import name_of
from crowdlab.marketplace.overview import Place, PlaceStatement
from crowdlab.marketplace.schema import assignments, hits, workers

__all__ = [
    "DECISIONS",
    "Submission",
    "find_answer",
    "find_answers",
    "find_answers_to",
    "find_new_answers",
    "find_rejected",
    "find_worker_answers",
]

#: What an answer can be, undecided first.
DECISIONS = ("Submitted", "Approved", "Rejected")


@attrs.frozen
class Submission:
    """An answer as it came.

    Attributes:
        key: its place in lists.
        item: the key of its HIT.
        xml: a QuestionFormAnswers document.
        score: what a review policy's known answers made of it, of 100.
    """

    key: int
    assignment_id: str
    item: int
    hit_id: str
    name: str
    worker_id: str
    status: str
    accepted: dt.datetime
    submitted: dt.datetime
    decided: dt.datetime | None
    auto_approval: dt.datetime | None
    feedback: str
    xml: str
    score: int | None


_ANSWER_COLUMNS = sa.select(
    assignments,
    hits.c.hit_id,
    hits.c.annotation,
    workers.c.worker_id,
).select_from(hits.join(assignments).join(workers))


_IS_ANSWER = assignments.c.submitted.is_not(None)


# One after the other by item: who reviews sees what was said of a thing together.
_BEHIND = (hits.c.id > bindparam("item")) | (
    (hits.c.id == bindparam("item"))
    & (
        (assignments.c.submitted > bindparam("since"))
        | (
            (assignments.c.submitted == bindparam("since"))
            & (assignments.c.id > bindparam("after"))
        )
    )
)


_counts = {
    "Submitted": hits.c.n_submitted,
    "Approved": hits.c.n_approved,
    "Rejected": hits.c.n_rejected,
}


def _in_order(core: "sa.Select[tuple[object, ...]]") -> "sa.Select[tuple[object, ...]]":
    return core.order_by(hits.c.id, assignments.c.submitted, assignments.c.id).limit(
        bindparam("most")
    )


_ANSWERS = {
    "all": PlaceStatement(
        _ANSWER_COLUMNS.where(hits.c.id >= bindparam("item"))
        .where(_IS_ANSWER)
        .where(_BEHIND),
        _in_order,
    ),
    **{
        state: PlaceStatement(
            _ANSWER_COLUMNS.where(hits.c.id >= bindparam("item"))
            .where(count > 0)
            .where(_IS_ANSWER)
            .where(assignments.c.status == state)
            .where(_BEHIND),
            _in_order,
        )
        for state, count in _counts.items()
    },
}


_OF_ITEM = Statement(
    _ANSWER_COLUMNS.where(hits.c.id == bindparam("item"))
    .where(_IS_ANSWER)
    .order_by(assignments.c.submitted, assignments.c.id)
    .limit(bindparam("most"))
)


_OF_WORKER = Statement(
    _ANSWER_COLUMNS.where(workers.c.worker_id == bindparam("name"))
    .where(hits.c.requester == bindparam("asks"))
    .where(_IS_ANSWER)
    .where(assignments.c.id < bindparam("before"))
    .order_by(assignments.c.id.desc())
    .limit(bindparam("most"))
)


_BY_KEY = Statement(
    _ANSWER_COLUMNS.where(assignments.c.id == bindparam("key")).where(
        hits.c.requester == bindparam("asks")
    )
)


_NEW_ANSWERS = PlaceStatement(
    sa.select(assignments.c.submitted, assignments.c.id)
    .select_from(assignments.join(hits))
    .where(assignments.c.submitted >= bindparam("since"))
    .where(
        (assignments.c.submitted > bindparam("since"))
        | (assignments.c.id > bindparam("after"))
    ),
    lambda core: core.order_by(assignments.c.submitted, assignments.c.id).limit(
        bindparam("most")
    ),
)


_REJECTED = PlaceStatement(
    sa.select(assignments.c.id)
    .select_from(hits.join(assignments))
    .where(hits.c.n_rejected > 0)
    .where(assignments.c.status == "Rejected")
)


def find_answers(
    call: Call,
    place: Place,
    *,
    which: str = "all",
    after: tuple[int, int, int] = (0, -1, -1),
    most: int,
) -> list[Submission]:
    """The answers of a place behind a position, item by item.

    Args:
        which: ``all`` of them, or those in one state.
        after: item, time and key of the last answer that was seen.
    """
    item, since, key = after
    rows = _ANSWERS[which].rows(
        call, place, item=item, since=since, after=key, most=most
    )
    return [_submission(row) for row in rows]


def find_answer(call: Call, key: int) -> Submission:
    """The answer of that key."""
    return _submission(call.one(_BY_KEY, key=key, asks=call.requester))


def find_answers_to(call: Call, item: int, *, most: int) -> list[Submission]:
    """The answers to one of the requester's HITs, in the order of their coming."""
    return [_submission(row) for row in call.rows(_OF_ITEM, item=item, most=most)]


def find_worker_answers(
    call: Call, worker_id: str, *, before: int, most: int
) -> list[Submission]:
    """A worker's answers to the requester, the newest first."""
    rows = call.rows(
        _OF_WORKER, name=worker_id, asks=call.requester, before=before, most=most
    )
    return [_submission(row) for row in rows]


def find_new_answers(
    call: Call,
    place: Place,
    *,
    behind: tuple[int, int],
    known: Container[int],
    most: int,
) -> tuple[list[Submission], tuple[int, int] | None]:
    """The answers of a place that came behind a time and key, as they came.

    Args:
        known: the keys of those that are not wanted again.
        most: how many are looked at.

    Returns:
        The answers, and where to go on; ``None`` at the end.
    """
    since, after = behind
    rows = _NEW_ANSWERS.rows(call, place, since=since, after=after, most=most)
    new = [find_answer(call, row.id) for row in rows if row.id not in known]
    last = (int(rows[-1].submitted), int(rows[-1].id)) if len(rows) == most else None
    return new, last


def find_rejected(call: Call, place: Place) -> frozenset[int]:
    """The keys of the answers of a place that were rejected."""
    return frozenset(int(row.id) for row in _REJECTED.rows(call, place))


def _submission(row: Row) -> Submission:
    return Submission(
        key=row.id,
        assignment_id=row.assignment_id,
        item=row.hit,
        hit_id=row.hit_id,
        name=name_of(row.annotation),
        worker_id=row.worker_id,
        status=row.status,
        accepted=moment(row.accepted),
        submitted=moment(row.submitted),
        decided=at(row.approved or row.rejected),
        auto_approval=at(row.auto_approval),
        feedback=row.feedback or "",
        xml=row.answer or "",
        score=row.known_answer_score,
    )
