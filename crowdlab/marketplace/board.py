"""What a site shows to a worker: the groups of HITs, and each HIT with its terms."""

from decimal import Decimal

import attrs
import sqlalchemy as sa
from sqlalchemy import bindparam

from crowdlab.database import Statement
from crowdlab.marketplace import frames
from crowdlab.marketplace.call import Call, Row
from crowdlab.marketplace.eligibility import Need, demand, needs, unmet
from crowdlab.marketplace.frames import Frame
from crowdlab.marketplace.lifecycle import left, question_of
from crowdlab.marketplace.schema import (
    assignments,
    hit_types,
    hits,
    is_live,
    requesters,
    worker_blocks,
)
from crowdlab.marketplace.text_search import pattern, searched
from crowdlab.marketplace.work import find_open_hit
from crowdlab.marketplace.workers import find_worker
from crowdlab.money import from_cents
from crowdlab.questions import (
    ExternalQuestion,
    HTMLQuestion,
    QuestionForm,
    parse_question,
)

__all__ = [
    "TAKEN",
    "UNWANTED",
    "AnyQuestion",
    "Group",
    "Offer",
    "find_groups",
    "find_offer",
    "find_question",
    "is_open",
    "preview",
]

AnyQuestion = HTMLQuestion | ExternalQuestion | QuestionForm

#: How many groups are shown at most.
MOST_SHOWN = 200


@attrs.frozen
class Group:
    """HITs of one type in which there is work for the worker who asks.

    Attributes:
        hit_id: the oldest of them.
        n_hits: how many the worker has not done yet.
        needs: what a worker must have to be let in.
        duration: the seconds that one assignment may take.
        created: when the newest of them came, in seconds since 1970.
        expires: when the last of them leaves the market.
    """

    group_id: str
    hit_id: str
    title: str
    description: str
    keywords: str
    requester: str
    reward: Decimal
    duration: int
    n_hits: int
    needs: tuple[Need, ...]
    created: int
    expires: int

    @property
    def lacks(self) -> tuple[str, ...]:
        """What the worker who asks would need to be let in, in words."""
        return tuple(need.lack for need in self.needs if not need.is_met)


@attrs.frozen
class Offer:
    """A HIT, as a worker sees it before accepting it.

    Attributes:
        duration: the seconds that one assignment may take.
        needs: what a worker must have to be let in.
        n_left: how many assignments nobody has taken.
        expires: when it leaves the market, in seconds since 1970.
        mine: the id of the assignment of it that the worker has or had, if any.
    """

    hit_id: str
    group_id: str
    title: str
    description: str
    requester: str
    reward: Decimal
    duration: int
    needs: tuple[Need, ...]
    n_left: int
    expires: int
    mine: str
    frame: Frame

    @property
    def is_allowed(self) -> bool:
        """Whether the worker has all that is needed."""
        return all(need.is_met for need in self.needs)


#: That the worker has or had an assignment of the HIT.
TAKEN = (
    sa.exists()
    .where(assignments.c.hit == hits.c.id)
    .where(assignments.c.worker == bindparam("who"))
    .where(is_live(assignments))
)
#: That the HIT's requester has blocked the worker.
UNWANTED = (
    sa.exists()
    .where(worker_blocks.c.requester == hits.c.requester)
    .where(worker_blocks.c.worker == bindparam("who"))
)
_n_taken = (
    hits.c.n_accepted + hits.c.n_submitted + hits.c.n_approved + hits.c.n_rejected
)


def is_open() -> sa.ColumnElement[bool]:
    """Whether a HIT is on the market and has an assignment left."""
    return (
        hits.c.disposed.is_(None)
        & (hits.c.expiration > bindparam("now"))
        & (hits.c.max_assignments > _n_taken)
    )


_open = (
    sa.select(
        hits.c.hit_type,
        sa.func.min(hits.c.id).label("first"),
        sa.func.count().label("n_hits"),
        sa.func.max(hits.c.created).label("newest"),
        sa.func.max(hits.c.expiration).label("expires"),
    )
    .where(is_open())
    .where(~TAKEN)
    .where(~UNWANTED)
    .group_by(hits.c.hit_type)
    .subquery()
)
_anywhere = bindparam("group", type_=sa.Text) == ""
_GROUPS = Statement(
    sa.select(
        hit_types,
        hits.c.hit_id,
        requesters.c.name.label("requester_name"),
        _open.c.n_hits,
        _open.c.newest,
        _open.c.expires,
    )
    .join_from(_open, hits, hits.c.id == _open.c.first)
    .join(hit_types, hit_types.c.id == hits.c.hit_type)
    .join(requesters, requesters.c.id == hit_types.c.requester)
    .where(_anywhere | (hit_types.c.hit_group_id == bindparam("group", type_=sa.Text)))
    .where(searched(hit_types.c.title, hit_types.c.description, hit_types.c.keywords))
    .order_by(_open.c.first.desc())
    .limit(MOST_SHOWN)
)
_REQUESTER = Statement(
    sa.select(requesters.c.name).where(requesters.c.id == bindparam("key"))
)
_MINE = Statement(
    sa.select(assignments.c.assignment_id).where(
        (assignments.c.worker == bindparam("who"))
        & (assignments.c.hit == bindparam("key"))
        & is_live(assignments)
    )
)


def find_groups(
    call: Call, worker_id: str, group_id: str = "", *, query: str | None = None
) -> list[Group]:
    """The groups with work for a worker, newest first.

    Args:
        group_id: only the one of that id.
        query: only those with the text in their title, description or keywords.
    """
    worker = find_worker(call, worker_id)
    rows = call.rows(
        _GROUPS,
        who=worker.id,
        now=call.now,
        group=group_id,
        sought=pattern(query),
    )
    return [
        _group(row, needs(call, worker, row))
        for row in rows
        if not unmet(call, worker, row, "Discover")
    ]


def preview(call: Call, worker_id: str, hit_id: str, submit_to: str | None) -> Frame:
    """What a worker sees of a HIT before accepting it.

    Raises:
        WorkRefused: there is no such HIT, or not for them.
    """
    return find_offer(call, worker_id, hit_id, submit_to).frame


def find_offer(call: Call, worker_id: str, hit_id: str, submit_to: str | None) -> Offer:
    """A HIT that a worker may look at.

    Raises:
        WorkRefused: there is no such HIT, or not for them.
    """
    worker, hit = find_worker(call, worker_id), find_open_hit(call, hit_id)
    demand(call, worker, hit, "Preview")
    return Offer(
        hit_id=hit.hit_id,
        group_id=hit.hit_group_id,
        title=hit.title,
        description=hit.description,
        requester=call.one(_REQUESTER, key=hit.requester).name,
        reward=from_cents(hit.reward),
        duration=hit.duration,
        needs=needs(call, worker, hit),
        n_left=left(hit),
        expires=hit.expiration,
        mine=_mine(call, worker, hit),
        frame=frames.frame(call, hit, submit_to=submit_to),
    )


def find_question(call: Call, hit_id: str) -> AnyQuestion:
    """The question of a HIT that is not deleted.

    Raises:
        WorkRefused: there is no such HIT.
    """
    return parse_question(question_of(call, find_open_hit(call, hit_id)))


def _mine(call: Call, worker: Row, hit: Row) -> str:
    found = call.one(_MINE, who=worker.id, key=hit.id)
    return "" if found is None else str(found.assignment_id)


def _group(row: Row, required: tuple[Need, ...]) -> Group:
    return Group(
        group_id=row.hit_group_id,
        hit_id=row.hit_id,
        title=row.title,
        description=row.description,
        keywords=row.keywords or "",
        requester=row.requester_name,
        reward=from_cents(row.reward),
        duration=row.duration,
        n_hits=row.n_hits,
        needs=required,
        created=row.newest,
        expires=row.expires,
    )
