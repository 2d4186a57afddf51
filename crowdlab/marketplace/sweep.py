"""What happens by itself as time passes: done lazily, when somebody next calls.

Abandoned at the deadline, approved when nobody reviews, waiting for review once
expired, disposed of after 120 days: each in the order of its moment, as if it had
happened then.
"""

import sqlalchemy as sa
from sqlalchemy import bindparam

from crowdlab.database import Statement
from crowdlab.marketplace.call import Call
from crowdlab.marketplace.decisions import ASSIGNMENT_COLUMNS, approve
from crowdlab.marketplace.events import emit
from crowdlab.marketplace.lifecycle import dispose, find_by_key, settle
from crowdlab.marketplace.schema import assignments, hits
from crowdlab.marketplace.work import leave

__all__ = ["sweep"]

#: What is done in one go; a long absence is caught up with in several.
AT_ONCE = 500

_DUE = sa.union_all(
    sa.select(
        assignments.c.due, sa.literal("work").label("kind"), assignments.c.id
    ).where(assignments.c.due <= bindparam("now")),
    sa.select(hits.c.due, sa.literal("hit"), hits.c.id).where(
        hits.c.due <= bindparam("now")
    ),
)
_NEXT_DUE = Statement(_DUE.order_by("due", "kind", "id").limit(AT_ONCE))
_WORK = Statement(ASSIGNMENT_COLUMNS.where(assignments.c.id == bindparam("key")))
_HIT_DUE = Statement(
    hits.update().where(hits.c.id == bindparam("key")).values(due=None)
)


def sweep(call: Call) -> None:
    """Lets everything happen that was due by now."""
    while due := call.rows(_NEXT_DUE, now=call.now):
        for row in due:
            end = _end_of_work if row.kind == "work" else _end_of_hit
            end(call, row.id, row.due)


def _end_of_work(call: Call, key: int, moment: int) -> None:
    work = call.one(_WORK, key=key)
    if work is None or work.due != moment:
        return
    if work.status == "Submitted":
        approve(call, work, moment, None)
    else:
        leave(call, work, moment, "Abandoned")


def _end_of_hit(call: Call, key: int, moment: int) -> None:
    hit = find_by_key(call, key)
    if hit.due != moment:
        return
    if hit.reviewable_since is not None and not hit.n_submitted:
        dispose(call, hit, moment)
        return
    call.run(_HIT_DUE, key=key)
    if hit.reviewable_since is None:
        emit(call, "HITExpired", hit, moment)
    settle(call, hit, moment)
