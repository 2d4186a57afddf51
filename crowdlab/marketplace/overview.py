"""What a requester has on the market: batches and HIT types, their work and their cost.

HITs of one batch belong together; those of programs that name no batch, by HIT type.
All of it is read, and nothing changed.
"""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import attrs
import sqlalchemy as sa
from sqlalchemy import bindparam

from crowdlab.database import Statement
from crowdlab.errors import NotFound
from crowdlab.marketplace.accounts import SANDBOX_BALANCE, available, find_account
from crowdlab.marketplace.call import Call, Row
from crowdlab.marketplace.clock import moment
from crowdlab.marketplace.schema import assignments, bonuses, hit_types, hits
from crowdlab.money import from_cents

__all__ = [
    "Account",
    "Group",
    "Place",
    "PlaceStatement",
    "count_submissions",
    "find_account_figures",
    "find_group",
    "find_groups",
    "find_place_of_hit",
]


@attrs.frozen
class Place:
    """Which group of HITs is meant.

    Attributes:
        kind: ``batch``, or ``type`` for HITs that name no batch.
        name: of the batch, or the HITTypeId.
        key: what the store finds it by.
    """

    kind: str
    name: str
    key: str | int = attrs.field(metadata={"json": False})


@attrs.frozen
class Account:
    """A requester's money, in dollars."""

    balance: Decimal
    deposited: Decimal
    reserved: Decimal
    rewards: Decimal
    fees: Decimal
    bonuses: Decimal


@attrs.frozen
class Group:
    """HITs that belong together, and how far their work has come.

    Assignments are counted by what became of them: ``wanted`` is the sum of the other
    counts.

    Attributes:
        title: what workers read; that of the newest HIT, as is the reward.
        n_open: the HITs that workers can still take.
        unanswered: those on HITs that left the market before somebody took them.
        reserved: what is set aside for work that is not decided.
        fees: paid for rewards and for bonuses.
        created: when its first HIT came; ``expires`` is when the last of them leaves.
    """

    place: Place
    title: str
    reward: Decimal
    n_hits: int
    n_open: int
    available: int
    accepted: int
    submitted: int
    approved: int
    rejected: int
    unanswered: int
    reserved: Decimal
    rewards: Decimal
    fees: Decimal
    bonuses: Decimal
    created: dt.datetime
    expires: dt.datetime

    @property
    def done(self) -> int:
        """The assignments that were answered."""
        return self.submitted + self.approved + self.rejected

    @property
    def wanted(self) -> int:
        """All assignments."""
        return self.done + self.accepted + self.available + self.unanswered


class PlaceStatement:
    """A statement about the HITs of one place, whichever kind it is.

    Args:
        core: a query in which ``hits`` occurs.
        finish: what follows the choice of the place, such as an order.
    """

    def __init__(
        self,
        core: "sa.Select[Any]",
        finish: "Callable[[sa.Select[Any]], sa.Select[Any]]" = lambda core: core,
    ) -> None:
        own = core.where(hits.c.requester == bindparam("asks"))
        self._by_kind = {
            "batch": Statement(finish(own.where(hits.c.batch == bindparam("place")))),
            "type": Statement(
                finish(
                    own.where(hits.c.hit_type == bindparam("place")).where(
                        hits.c.batch.is_(None)
                    )
                )
            ),
        }

    def rows(self, call: Call, place: Place, **values: Any) -> list[Row]:
        """Every row of what is asked about the requester's HITs there."""
        statement = self._by_kind[place.kind]
        return call.rows(statement, asks=call.requester, place=place.key, **values)


_taken = hits.c.n_accepted + hits.c.n_submitted + hits.c.n_approved + hits.c.n_rejected
_left = hits.c.max_assignments - _taken
_is_here = hits.c.disposed.is_(None)
_is_open = _is_here & (hits.c.expiration > bindparam("now"))
_undecided = hits.c.max_assignments - hits.c.n_approved - hits.c.n_rejected
#: Where a HIT belongs by its type: only where it names no batch.
_kind = sa.case((hits.c.batch.is_(None), hits.c.hit_type))


def _sum(value: Any, condition: Any = None) -> Any:
    counted = value if condition is None else sa.case((condition, value), else_=0)
    return sa.func.coalesce(sa.func.sum(counted), 0)


_FIGURES = (
    sa.func.count(hits.c.id).label("n_hits"),
    sa.func.max(hits.c.id).label("newest"),
    _sum(1, _is_open & (_left > 0)).label("n_open"),
    _sum(_left, _is_open).label("available"),
    _sum(_left, _is_here & (hits.c.expiration <= bindparam("now"))).label("unanswered"),
    _sum(hits.c.n_accepted).label("accepted"),
    _sum(hits.c.n_submitted).label("submitted"),
    _sum(hits.c.n_approved).label("approved"),
    _sum(hits.c.n_rejected).label("rejected"),
    _sum(_undecided * (hits.c.reward + hits.c.fee), _is_here).label("reserved"),
    _sum(hits.c.n_approved * hits.c.reward).label("rewards"),
    _sum(hits.c.n_approved * hits.c.fee).label("fees"),
    sa.func.min(hits.c.created).label("created"),
    sa.func.max(hits.c.expiration).label("expires"),
)
_PAID = (
    sa.func.sum(bonuses.c.amount).label("paid"),
    sa.func.sum(bonuses.c.fee).label("fee"),
)
_HITS_WITH_BONUSES = bonuses.join(assignments).join(hits)

_GROUPS = Statement(
    sa.select(hits.c.batch, _kind.label("kind"), *_FIGURES)
    .where(hits.c.requester == bindparam("asks"))
    .group_by(hits.c.batch, _kind)
)
_GROUP = PlaceStatement(sa.select(*_FIGURES))
_BONUSES = Statement(
    sa.select(hits.c.batch, _kind.label("kind"), *_PAID)
    .select_from(_HITS_WITH_BONUSES)
    .where(hits.c.requester == bindparam("asks"))
    .group_by(hits.c.batch, _kind)
)
_BONUSES_OF_GROUP = PlaceStatement(sa.select(*_PAID).select_from(_HITS_WITH_BONUSES))
_NEWEST = Statement(
    sa.select(
        hits.c.hit_id,
        hits.c.batch,
        hits.c.hit_type,
        hits.c.reward,
        hit_types.c.title,
        hit_types.c.hit_type_id,
    )
    .join_from(hits, hit_types)
    .where(hits.c.id == bindparam("key"))
)
_TYPE = Statement(
    sa.select(hit_types.c.id)
    .where(hit_types.c.requester == bindparam("asks"))
    .where(hit_types.c.hit_type_id == bindparam("name"))
)
_width = bindparam("width", type_=sa.BigInteger)
_bucket = assignments.c.submitted - assignments.c.submitted % _width
_SUBMISSIONS = PlaceStatement(
    sa.select(_bucket.label("start"), sa.func.count().label("n"))
    .select_from(hits.join(assignments))
    .where(assignments.c.submitted >= bindparam("since")),
    lambda core: core.group_by(sa.text("start")).order_by(sa.text("start")),
)


def find_account_figures(call: Call) -> Account:
    """The requester's money; in the sandbox nothing is counted."""
    account = find_account(call)
    balance = from_cents(available(call))
    return Account(
        Decimal(SANDBOX_BALANCE) if call.house.is_sandbox else balance,
        *(
            from_cents(getattr(account, name))
            for name in ("deposited", "reserved", "rewards", "fees", "bonuses")
        ),
    )


def find_groups(call: Call) -> list[Group]:
    """All groups of the requester, the newest first."""
    paid = {
        (row.batch, row.kind): row for row in call.rows(_BONUSES, asks=call.requester)
    }
    rows = call.rows(_GROUPS, asks=call.requester, now=call.now)
    return [
        _group(call, row, paid.get((row.batch, row.kind)))
        for row in sorted(rows, key=lambda row: -int(row.newest))
    ]


def find_group(call: Call, kind: str, name: str) -> Group:
    """One group of the requester.

    Raises:
        NotFound: the requester has none such.
    """
    place = _place(call, kind, name)
    (row,) = _GROUP.rows(call, place, now=call.now)
    if not row.n_hits:
        raise NotFound(kind, name)
    (paid,) = _BONUSES_OF_GROUP.rows(call, place)
    return _group(call, row, paid)


def find_place_of_hit(call: Call, key: int) -> Place:
    """The group that a HIT belongs to."""
    return _place_of(call.one(_NEWEST, key=key))


def count_submissions(
    call: Call, place: Place, *, width: int, since: int = 0
) -> list[tuple[int, int]]:
    """How many answers came in each span of ``width`` seconds that has some."""
    rows = _SUBMISSIONS.rows(call, place, width=width, since=since)
    return [(int(row.start), int(row.n)) for row in rows]


def _place(call: Call, kind: str, name: str) -> Place:
    if kind == "batch":
        return Place(kind, name, name)
    found = call.one(_TYPE, asks=call.requester, name=name)
    if kind != "type" or found is None:
        raise NotFound(kind, name)
    return Place(kind, name, int(found.id))


def _place_of(hit: Row) -> Place:
    if hit.batch is None:
        return Place("type", hit.hit_type_id, int(hit.hit_type))
    return Place("batch", hit.batch, hit.batch)


def _group(call: Call, row: Row, paid: Row | None) -> Group:
    newest = call.one(_NEWEST, key=row.newest)
    bonus, fee = (int(paid.paid or 0), int(paid.fee or 0)) if paid else (0, 0)
    return Group(
        place=_place_of(newest),
        title=newest.title,
        reward=from_cents(newest.reward),
        **{name: int(getattr(row, name)) for name in _COUNTS},
        reserved=from_cents(int(row.reserved)),
        rewards=from_cents(int(row.rewards)),
        fees=from_cents(int(row.fees) + fee),
        bonuses=from_cents(bonus),
        created=moment(row.created),
        expires=moment(row.expires),
    )


_COUNTS = (
    "n_hits",
    "n_open",
    "available",
    "accepted",
    "submitted",
    "approved",
    "rejected",
    "unanswered",
)
