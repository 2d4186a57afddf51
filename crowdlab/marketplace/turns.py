"""From one HIT of a group to the next: take it, or skip to it."""

import sqlalchemy as sa
from sqlalchemy import bindparam

from crowdlab.database import Statement
from crowdlab.errors import WorkRefused
from crowdlab.marketplace.board import TAKEN, UNWANTED, is_open
from crowdlab.marketplace.call import Call
from crowdlab.marketplace.queue import find_work
from crowdlab.marketplace.schema import hit_types, hits
from crowdlab.marketplace.work import accept, find_open_hit, return_
from crowdlab.marketplace.workers import find_worker

__all__ = ["find_next", "skip", "take", "take_next"]

_HERE = (
    sa.select(hits.c.id)
    .where(hits.c.hit_id == bindparam("here", type_=sa.Text))
    .scalar_subquery()
)
_NEXT = Statement(
    sa.select(hits.c.hit_id)
    .join_from(hits, hit_types, hit_types.c.id == hits.c.hit_type)
    .where(hit_types.c.hit_group_id == bindparam("group"))
    .where(is_open())
    .where(~TAKEN)
    .where(~UNWANTED)
    .where(hits.c.hit_id != bindparam("here", type_=sa.Text))
    # Those behind it first, then round again from the oldest.
    .order_by(hits.c.id <= sa.func.coalesce(_HERE, 0), hits.c.id)
    .limit(1)
)


def find_next(call: Call, worker_id: str, group_id: str, after: str = "") -> str | None:
    """The id of the next HIT of a group that a worker could do, if there is one."""
    worker = find_worker(call, worker_id)
    row = call.one(_NEXT, who=worker.id, now=call.now, group=group_id, here=after)
    return None if row is None else str(row.hit_id)


def take(call: Call, worker_id: str, hit_id: str) -> str:
    """Accepts a HIT, or the next of its group where others were quicker.

    Many workers see the same HIT at the head of a group; were they refused when it is
    gone, all but a few would have to begin anew.

    Returns:
        the assignment's id.

    Raises:
        WorkRefused: the worker may not, or nothing of the group is left.
    """
    try:
        return accept(call, worker_id, hit_id)
    except WorkRefused as refusal:
        if refusal.reason != "not-available":
            raise
        group_id = find_open_hit(call, hit_id).hit_group_id
        following = take_next(call, worker_id, group_id, hit_id)
        if following is None:
            raise
        return following


def take_next(call: Call, worker_id: str, group_id: str, after: str = "") -> str | None:
    """Accepts the next HIT of a group; the assignment's id, or ``None`` at the end.

    Raises:
        WorkRefused: the worker does not qualify.
    """
    hit_id = find_next(call, worker_id, group_id, after)
    return None if hit_id is None else accept(call, worker_id, hit_id)


def skip(call: Call, worker_id: str, assignment_id: str) -> str | None:
    """Gives an assignment back and accepts the next HIT of its group, if there is one.

    Raises:
        WorkRefused: the assignment is not the worker's to return.
    """
    work = find_work(call, worker_id, assignment_id, None)
    return_(call, worker_id, assignment_id)
    return take_next(call, worker_id, work.group_id, work.hit_id)
