"""A requester's HITs a page at a time: read, and nothing changed.

Pages are walked by position, not by number, so that the last of a hundred thousand
HITs is found as quickly as the first.
"""

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal

import attrs
import sqlalchemy as sa
from sqlalchemy import bindparam

from crowdlab.database import Statement
from crowdlab.errors import NotFound
from crowdlab.marketplace.call import Call, Row
from crowdlab.marketplace.clock import moment
from crowdlab.marketplace.lifecycle import HIT_COLUMNS, left, question_of, status
from crowdlab.marketplace.overview import Place, PlaceStatement
from crowdlab.marketplace.schema import hits, questions, workers
from crowdlab.marketplace.site_schema import problems
from crowdlab.money import from_cents
from crowdlab.questions import Annotation

__all__ = [
    "Item",
    "Report",
    "find_hits",
    "find_item",
    "find_items",
    "find_question",
    "find_questions",
    "find_reports",
    "name_of",
]


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


_REPORTS = PlaceStatement(
    sa.select(problems, hits.c.hit_id, hits.c.annotation, workers.c.worker_id)
    .select_from(problems.join(hits, hits.c.id == problems.c.hit))
    .join(workers, workers.c.id == problems.c.worker),
    lambda core: core.order_by(problems.c.id.desc()).limit(bindparam("most")),
)


_QUESTION = Statement(
    sa.select(questions.c.text).where(questions.c.hit == bindparam("key"))
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


def find_questions(call: Call, items: Iterable[int]) -> dict[int, str]:
    """The XML that asks, by the keys of HITs that the requester has."""
    rows = {item: call.one(_QUESTION, key=item) for item in set(items)}
    return {item: str(row.text) for item, row in rows.items()}


def find_reports(call: Call, place: Place, *, most: int) -> list[Report]:
    """What workers reported about the HITs of a place, the newest first."""
    return [
        Report(
            row.hit_id,
            name_of(row.annotation),
            row.worker_id,
            row.reason,
            row.text,
            moment(row.told),
        )
        for row in _REPORTS.rows(call, place, most=most)
    ]


def name_of(annotation: str | None) -> str:
    """What the requester calls the task of a HIT; empty where nothing says it."""
    read = Annotation.read(annotation)
    return read.task if read else ""


def _find_hit(call: Call, hit_id: str) -> Row:
    hit = call.one(_ITEM, asks=call.requester, name=hit_id)
    if hit is None:
        raise NotFound("HIT", hit_id)
    return hit


def _item(call: Call, row: Row) -> Item:
    return Item(
        key=row.id,
        hit_id=row.hit_id,
        name=name_of(row.annotation),
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
