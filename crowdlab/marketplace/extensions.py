"""More of a HIT: assignments and time, whoever asks for them."""

import attrs
from sqlalchemy import bindparam

from crowdlab.database import Statement
from crowdlab.marketplace import refusals
from crowdlab.marketplace.accounts import reserve
from crowdlab.marketplace.call import Call, Row
from crowdlab.marketplace.events import emit
from crowdlab.marketplace.schema import hits

__all__ = ["enlarge", "prolong"]

#: HITs of fewer assignments pay the lower fee and may not grow to this many.
MANY = 10

_SET = hits.update().where(hits.c.id == bindparam("key"))
_ENLARGE = Statement(
    _SET.values(max_assignments=hits.c.max_assignments + bindparam("n"))
)
_PROLONG = Statement(_SET.values(expiration=bindparam("end"), due=bindparam("end")))


def enlarge(call: Call, hit: Row, number: int, at: int) -> None:
    """Adds assignments to a HIT and sets aside what they cost its requester.

    Raises:
        Refusal: a small HIT would grow to ten, or the balance does not cover it.
    """
    if hit.max_assignments < MANY <= hit.max_assignments + number:
        raise refusals.too_many_for_small_hit(hit.hit_id)
    owner = attrs.evolve(call, requester=hit.requester)
    reserve(owner, number * (hit.reward + hit.fee))
    call.run(_ENLARGE, key=hit.id, n=number)
    emit(call, "HITExtended", hit, at)


def prolong(call: Call, hit: Row, seconds: int, at: int) -> None:
    """Gives a HIT that is not under review more time, from now if it had expired."""
    call.run(_PROLONG, key=hit.id, end=max(at, hit.expiration) + seconds)
