"""What a requester knows of those who answered: counts, blocks and bonuses."""

import datetime as dt
from decimal import Decimal

import attrs
import sqlalchemy as sa
from sqlalchemy import bindparam

from crowdlab.database import Statement
from crowdlab.marketplace.call import Call
from crowdlab.marketplace.clock import moment
from crowdlab.marketplace.overview import Place, PlaceStatement
from crowdlab.marketplace.schema import (
    assignments,
    bonuses,
    hits,
    worker_blocks,
    workers,
)
from crowdlab.marketplace.submissions import DECISIONS
from crowdlab.money import from_cents

__all__ = ["Bonus", "Tally", "find_block", "find_bonuses", "find_tallies"]


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
    .where(assignments.c.submitted.is_not(None)),
    lambda core: core.group_by(workers.c.worker_id).order_by(workers.c.worker_id),
)


_BONUSES = Statement(
    sa.select(bonuses, assignments.c.assignment_id)
    .select_from(bonuses.join(assignments))
    .where(bonuses.c.assignment == bindparam("key"))
    .order_by(bonuses.c.id)
)


_BLOCK = Statement(
    sa.select(worker_blocks.c.reason)
    .select_from(worker_blocks.join(workers))
    .where(worker_blocks.c.requester == bindparam("asks"))
    .where(workers.c.worker_id == bindparam("name"))
)


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
