"""A requester's HITs, answers and workers, a page at a time: read, and nothing changed.

Pages are walked by position, not by number, so that the last of a hundred thousand
answers is found as quickly as the first.
"""

import datetime as dt
from collections.abc import Container, Iterable
from decimal import Decimal

import attrs
import sqlalchemy as sa
from sqlalchemy import bindparam

from crowdlab.database import Statement
from crowdlab.errors import NotFound
from crowdlab.marketplace.call import Call, Row, at
from crowdlab.marketplace.clock import moment
from crowdlab.marketplace.lifecycle import HIT_COLUMNS, left, question_of, status
from crowdlab.marketplace.overview import Place, PlaceStatement
from crowdlab.marketplace.schema import (
    assignments,
    bonuses,
    hits,
    questions,
    worker_blocks,
    workers,
)
from crowdlab.marketplace.site_schema import problems
from crowdlab.money import from_cents
from crowdlab.questions import Annotation

__all__ = [
    "DECISIONS",
    "Bonus",
    "Item",
    "Report",
    "Submission",
    "Tally",
    "find_answer",
    "find_answers",
    "find_answers_to",
    "find_block",
    "find_bonuses",
    "find_hits",
    "find_item",
    "find_items",
    "find_new_answers",
    "find_question",
    "find_questions",
    "find_rejected",
    "find_reports",
    "find_tallies",
    "find_worker_answers",
]

#: What an answer can be, undecided first.
DECISIONS = ("Submitted", "Approved", "Rejected")


@attrs.frozen
class Item:
    """A HIT: the task that workers answer.

    Attributes:
        key: its place in lists.
        name: what the requester calls the task; empty where nothing says it.
    """

    key: int
    hit_id: str
    name: str
    title: str
    status: str
    reward: Decimal
    wanted: int
    available: int
    accepted: int
    submitted: int
    approved: int
    rejected: int
    created: dt.datetime
    expires: dt.datetime

    @property
    def done(self) -> int:
        """The assignments that were answered."""
        return self.submitted + self.approved + self.rejected


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


@attrs.frozen
class Tally:
    """How many of a worker's answers in a place are in which state."""

    worker_id: str
    submitted: int
    approved: int
    rejected: int
    is_blocked: bool


@attrs.frozen
class Bonus:
    """A bonus that was paid for an answer."""

    assignment_id: str
    amount: Decimal
    reason: str
    granted: dt.datetime


@attrs.frozen
class Report:
    """What a worker says is wrong with a HIT.

    Attributes:
        name: what the requester calls the task; empty where nothing says it.
    """

    hit_id: str
    name: str
    worker_id: str
    reason: str
    text: str
    told: dt.datetime


_FIRST = hits.c.id >= bindparam("start")
_ITEMS = {
    "all": HIT_COLUMNS.where(_FIRST),
    "review": HIT_COLUMNS.where(_FIRST).where(hits.c.n_submitted > 0),
    "open": HIT_COLUMNS.where(_FIRST)
    .where(hits.c.disposed.is_(None))
    .where(hits.c.expiration > bindparam("now"))
    .where(
        hits.c.max_assignments
        > hits.c.n_accepted + hits.c.n_submitted + hits.c.n_approved + hits.c.n_rejected
    ),
}
_ITEMS_OF = {
    name: PlaceStatement(
        core, lambda core: core.order_by(hits.c.id).limit(bindparam("most"))
    )
    for name, core in _ITEMS.items()
}
_ITEM = Statement(
    HIT_COLUMNS.where(hits.c.requester == bindparam("asks")).where(
        hits.c.hit_id == bindparam("name")
    )
)
_HITS = PlaceStatement(
    sa.select(hits.c.hit_id, hits.c.expiration).where(hits.c.disposed.is_(None)),
    lambda core: core.order_by(hits.c.id),
)

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
_TALLIES = PlaceStatement(
    sa.select(
        workers.c.worker_id,
        *(
            sa.func.sum(sa.case((assignments.c.status == state, 1), else_=0)).label(
                state.lower()
            )
            for state in DECISIONS
        ),
        sa.func.max(worker_blocks.c.id).label("block"),
    )
    .select_from(
        hits.join(assignments)
        .join(workers)
        .outerjoin(
            worker_blocks,
            (worker_blocks.c.worker == workers.c.id)
            & (worker_blocks.c.requester == hits.c.requester),
        )
    )
    .where(_IS_ANSWER),
    lambda core: core.group_by(workers.c.worker_id).order_by(workers.c.worker_id),
)
_BONUSES = Statement(
    sa.select(bonuses, assignments.c.assignment_id)
    .select_from(bonuses.join(assignments))
    .where(bonuses.c.assignment == bindparam("key"))
    .order_by(bonuses.c.id)
)
_REPORTS = PlaceStatement(
    sa.select(problems, hits.c.hit_id, hits.c.annotation, workers.c.worker_id)
    .select_from(problems.join(hits, hits.c.id == problems.c.hit))
    .join(workers, workers.c.id == problems.c.worker),
    lambda core: core.order_by(problems.c.id.desc()).limit(bindparam("most")),
)
_QUESTION = Statement(
    sa.select(questions.c.text).where(questions.c.hit == bindparam("key"))
)
_BLOCK = Statement(
    sa.select(worker_blocks.c.reason)
    .select_from(worker_blocks.join(workers))
    .where(worker_blocks.c.requester == bindparam("asks"))
    .where(workers.c.worker_id == bindparam("name"))
)


def find_items(
    call: Call, place: Place, *, which: str = "all", start: int = 0, most: int
) -> list[Item]:
    """The HITs of a place from a key on: all, those to review, or those still open."""
    rows = _ITEMS_OF[which].rows(call, place, start=start, most=most, now=call.now)
    return [_item(call, row) for row in rows]


def find_item(call: Call, hit_id: str) -> Item:
    """A HIT of the requester, also a deleted one.

    Raises:
        NotFound: the requester has none such.
    """
    return _item(call, _find_hit(call, hit_id))


def find_question(call: Call, hit_id: str) -> str:
    """The XML that asks.

    Raises:
        NotFound: the requester has no such HIT.
    """
    return question_of(call, _find_hit(call, hit_id))


def find_hits(call: Call, place: Place) -> list[tuple[str, dt.datetime]]:
    """Every HIT of a place that is not deleted, and when it leaves the market."""
    rows = _HITS.rows(call, place)
    return [(row.hit_id, moment(row.expiration)) for row in rows]


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


def find_questions(call: Call, items: Iterable[int]) -> dict[int, str]:
    """The XML that asks, by the keys of HITs that the requester has."""
    rows = {item: call.one(_QUESTION, key=item) for item in set(items)}
    return {item: str(row.text) for item, row in rows.items()}


def find_tallies(call: Call, place: Place) -> list[Tally]:
    """Who answered in a place, and what became of it."""
    return [
        Tally(
            row.worker_id,
            int(row.submitted),
            int(row.approved),
            int(row.rejected),
            row.block is not None,
        )
        for row in _TALLIES.rows(call, place)
    ]


def find_rejected(call: Call, place: Place) -> frozenset[int]:
    """The keys of the answers of a place that were rejected."""
    return frozenset(int(row.id) for row in _REJECTED.rows(call, place))


def find_reports(call: Call, place: Place, *, most: int) -> list[Report]:
    """What workers reported about the HITs of a place, the newest first."""
    return [
        Report(
            row.hit_id,
            _name(row.annotation),
            row.worker_id,
            row.reason,
            row.text,
            moment(row.told),
        )
        for row in _REPORTS.rows(call, place, most=most)
    ]


def find_bonuses(call: Call, key: int) -> list[Bonus]:
    """The bonuses that were paid for the answer of that key."""
    return [
        Bonus(
            row.assignment_id, from_cents(row.amount), row.reason, moment(row.granted)
        )
        for row in call.rows(_BONUSES, key=key)
    ]


def find_block(call: Call, worker_id: str) -> str | None:
    """Why the requester has blocked a worker; ``None`` where they have not."""
    row = call.one(_BLOCK, asks=call.requester, name=worker_id)
    return None if row is None else str(row.reason)


def _find_hit(call: Call, hit_id: str) -> Row:
    hit = call.one(_ITEM, asks=call.requester, name=hit_id)
    if hit is None:
        raise NotFound("HIT", hit_id)
    return hit


def _item(call: Call, row: Row) -> Item:
    return Item(
        key=row.id,
        hit_id=row.hit_id,
        name=_name(row.annotation),
        title=row.title,
        status=status(row, call.now),
        reward=from_cents(row.reward),
        wanted=row.max_assignments,
        available=left(row) if row.expiration > call.now else 0,
        accepted=row.n_accepted,
        submitted=row.n_submitted,
        approved=row.n_approved,
        rejected=row.n_rejected,
        created=moment(row.created),
        expires=moment(row.expiration),
    )


def _submission(row: Row) -> Submission:
    return Submission(
        key=row.id,
        assignment_id=row.assignment_id,
        item=row.hit,
        hit_id=row.hit_id,
        name=_name(row.annotation),
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


def _name(annotation: str | None) -> str:
    read = Annotation.read(annotation)
    return read.task if read else ""
