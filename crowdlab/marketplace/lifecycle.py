"""The life of a HIT, as the requester guide's table tells it.

A HIT's status is not stored: it follows from four counts and the time. See `Life cycle
of a HIT <https://docs.aws.amazon.com/AWSMechTurk/latest/RequesterUI/>`_ in the
requester guide.
"""

import sqlalchemy as sa
from sqlalchemy import bindparam

from crowdlab.database import Statement
from crowdlab.marketplace.accounts import release
from crowdlab.marketplace.call import Call, Row
from crowdlab.marketplace.events import TOLD, emit
from crowdlab.marketplace.reviews import review_hit
from crowdlab.marketplace.schema import hit_types, hits, questions

__all__ = [
    "HIT_COLUMNS",
    "REVIEWABLE",
    "dispose",
    "find_by_key",
    "left",
    "question_of",
    "settle",
    "status",
]

DAY = 86_400
#: Days after which a HIT that waits for its review disposes of itself.
DISPOSAL_DAYS = 120
#: The states that wait for the requester, in the order of the service's messages.
REVIEWABLE = ("Reviewing", "Reviewable")

HIT_COLUMNS = sa.select(
    hits,
    hit_types.c.hit_type_id,
    hit_types.c.hit_group_id,
    hit_types.c.title,
    hit_types.c.description,
    hit_types.c.keywords,
    hit_types.c.duration,
    hit_types.c.auto_approval_delay,
    hit_types.c.requirements,
    TOLD,
).join_from(hits, hit_types, hits.c.hit_type == hit_types.c.id)

_QUESTION = Statement(
    sa.select(questions.c.text).where(questions.c.hit == bindparam("key"))
)
HIT_BY_KEY = Statement(HIT_COLUMNS.where(hits.c.id == bindparam("key")))

_SET_HIT = hits.update().where(hits.c.id == bindparam("key"))
_MARK = Statement(
    _SET_HIT.values(
        reviewable_since=bindparam("since"), is_reviewing=False, due=bindparam("next")
    )
)
_DISPOSE = Statement(_SET_HIT.values(disposed=bindparam("now"), due=None))


def left(hit: Row) -> int:
    """How many assignments nobody has taken."""
    taken = hit.n_accepted + hit.n_submitted + hit.n_approved + hit.n_rejected
    return int(hit.max_assignments - taken)


def status(hit: Row, now: int) -> str:
    """The HIT's status: Assignable, Unassignable, Reviewable, Reviewing or Disposed."""
    if hit.disposed is not None:
        return "Disposed"
    if left(hit) > 0 and hit.expiration > now:
        return "Assignable"
    if hit.n_accepted:
        return "Unassignable"
    return "Reviewing" if hit.is_reviewing else "Reviewable"


def question_of(call: Call, hit: Row) -> str:
    """The question of a HIT."""
    return str(call.one(_QUESTION, key=hit.id).text)


def find_by_key(call: Call, key: int) -> Row:
    """The HIT of that key, together with its type."""
    return call.one(HIT_BY_KEY, key=key)


def settle(call: Call, hit: Row, at: int) -> None:
    """Notes when a HIT begins to wait for its review, or no longer does.

    Its own review policy comes first, and may ask for more answers instead.
    """
    waits = status(hit, at) in REVIEWABLE
    if waits and hit.reviewable_since is None:
        if not review_hit(call, hit, at):
            disposal = at + DISPOSAL_DAYS * DAY
            call.run(_MARK, key=hit.id, since=at, next=disposal)
            emit(call, "HITReviewable", hit, at)
    elif not waits and hit.reviewable_since is not None:
        call.run(_MARK, key=hit.id, since=None, next=hit.expiration)


def dispose(call: Call, hit: Row, at: int) -> None:
    """Takes a HIT from the market for good and frees what was set aside for it."""
    undecided = hit.max_assignments - hit.n_approved - hit.n_rejected
    release(call, hit.requester, undecided * (hit.reward + hit.fee))
    call.run(_DISPOSE, key=hit.id, now=at)
    emit(call, "HITDisposed", hit, at)
