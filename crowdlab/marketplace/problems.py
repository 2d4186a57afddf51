"""Problems: what workers report about a HIT, for its requester to read."""

import datetime as dt
from collections.abc import Mapping

import attrs
import sqlalchemy as sa
from sqlalchemy import bindparam

from crowdlab.database import Statement
from crowdlab.errors import WorkRefused
from crowdlab.marketplace.call import Call, Row
from crowdlab.marketplace.clock import moment
from crowdlab.marketplace.schema import (
    assignments,
    hit_types,
    hits,
    is_live,
    workers,
)
from crowdlab.marketplace.site_schema import problems
from crowdlab.marketplace.work import find_open_hit
from crowdlab.marketplace.workers import find_worker

__all__ = ["REASONS", "Problem", "find_problems", "report_problem"]

#: What may be wrong with a HIT.
REASONS: Mapping[str, str] = {
    "broken": "Something does not work",
    "rules": "It breaks the rules",
    "other": "Something else",
}
MOST_TEXT = 2000
#: How often one worker may speak of one HIT.
MOST_OF_ONE = 10

_NEW = Statement(problems.insert())
_COUNT = Statement(
    sa.select(sa.func.count().label("n")).where(
        (problems.c.hit == bindparam("key")) & (problems.c.worker == bindparam("who"))
    )
)
_ASSIGNMENT = Statement(
    sa.select(assignments.c.id).where(
        (assignments.c.hit == bindparam("key"))
        & (assignments.c.worker == bindparam("who"))
        & is_live(assignments)
    )
)
_anywhere = bindparam("name", type_=sa.Text) == ""
_TOLD = Statement(
    sa.select(
        problems,
        workers.c.worker_id,
        hits.c.hit_id,
        hit_types.c.hit_type_id,
        hit_types.c.title,
        assignments.c.assignment_id,
    )
    .select_from(
        problems.join(workers, workers.c.id == problems.c.worker)
        .join(hits, hits.c.id == problems.c.hit)
        .join(hit_types, hit_types.c.id == hits.c.hit_type)
        .outerjoin(assignments, assignments.c.id == problems.c.assignment)
    )
    .where(hits.c.requester == bindparam("asks"))
    .where(_anywhere | (hits.c.hit_id == bindparam("name", type_=sa.Text)))
    .order_by(problems.c.id.desc())
    .limit(bindparam("most"))
)


@attrs.frozen
class Problem:
    """What a worker reported about a HIT.

    Attributes:
        assignment_id: what they had accepted of it; ``None`` while they only looked.
        reason: one of :data:`REASONS`.
    """

    hit_id: str
    hit_type_id: str
    title: str
    assignment_id: str | None
    worker_id: str
    reason: str
    text: str
    told: dt.datetime


def report_problem(
    call: Call, worker_id: str, hit_id: str, reason: str, text: str
) -> None:
    """Keeps what a worker says is wrong with a HIT.

    Raises:
        WorkRefused: there is no such HIT or reason, or enough was said.
    """
    worker, hit = find_worker(call, worker_id), find_open_hit(call, hit_id)
    if reason not in REASONS:
        choices = ", ".join(REASONS)
        raise WorkRefused("bad-reason", f"a problem is one of {choices}")
    if len(text) > MOST_TEXT:
        raise WorkRefused("too-long", f"say it in at most {MOST_TEXT} characters")
    if call.one(_COUNT, key=hit.id, who=worker.id).n >= MOST_OF_ONE:
        raise WorkRefused("told", f"you have reported HIT {hit_id} often enough")
    work = call.one(_ASSIGNMENT, key=hit.id, who=worker.id)
    call.run(
        _NEW,
        hit=hit.id,
        worker=worker.id,
        assignment=None if work is None else work.id,
        reason=reason,
        text=text.strip(),
        told=call.now,
    )


def find_problems(call: Call, hit_id: str = "", most: int = 1000) -> list[Problem]:
    """What was reported about the requester's HITs, or one of them, newest first."""
    rows = call.rows(_TOLD, asks=call.requester, name=hit_id, most=most)
    return [_problem(row) for row in rows]


def _problem(row: Row) -> Problem:
    return Problem(
        hit_id=row.hit_id,
        hit_type_id=row.hit_type_id,
        title=row.title,
        assignment_id=row.assignment_id,
        worker_id=row.worker_id,
        reason=row.reason,
        text=row.text,
        told=moment(row.told),
    )
