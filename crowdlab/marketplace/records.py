"""What a worker has done and earned: by day, decision by decision, and altogether."""

from decimal import Decimal
from fractions import Fraction

import attrs
import sqlalchemy as sa
from sqlalchemy import bindparam

from crowdlab.database import Statement
from crowdlab.marketplace.call import Call, Row
from crowdlab.marketplace.schema import (
    assignments,
    bonuses,
    hit_types,
    hits,
    is_live,
    requesters,
)
from crowdlab.marketplace.workers import find_worker
from crowdlab.money import from_cents, round_to_cents

__all__ = ["Bonus", "Day", "Decision", "Record", "Tally", "find_record"]

#: How many days, and how many assignments, are shown at most.
MOST_DAYS = 60
MOST_SHOWN = 200
SECONDS_PER_DAY = 86_400
SECONDS_PER_HOUR = 3600

# In the text itself: PostgreSQL takes two parameters for two different expressions.
_DAY_LENGTH: sa.ColumnElement[int] = sa.literal_column(str(SECONDS_PER_DAY), sa.Integer)
_submission_day = assignments.c.submitted // _DAY_LENGTH
_bonus_day = bonuses.c.granted // _DAY_LENGTH


def _sum_where(status: str, column: sa.ColumnElement[int], label: str) -> sa.Label[int]:
    case = sa.case((assignments.c.status == status, column), else_=0)
    return sa.func.sum(case).label(label)


_one: sa.ColumnElement[int] = sa.literal_column("1", sa.Integer)
_seconds = assignments.c.submitted - assignments.c.accepted
_of_worker = (
    (assignments.c.worker == bindparam("who"))
    & assignments.c.submitted.is_not(None)
    # Says nothing new, but lets the store use the index of live work.
    & is_live(assignments)
)
_DAYS = Statement(
    sa.select(
        _submission_day.label("day"),
        _sum_where("Submitted", _one, "n_pending"),
        _sum_where("Approved", _one, "n_approved"),
        _sum_where("Rejected", _one, "n_rejected"),
        _sum_where("Submitted", hits.c.reward, "pending"),
        _sum_where("Approved", hits.c.reward, "rewards"),
        _sum_where("Approved", _seconds, "seconds"),
    )
    .join_from(assignments, hits)
    .where(_of_worker)
    .group_by(_submission_day)
)
_BONUS_DAYS = Statement(
    sa.select(_bonus_day.label("day"), sa.func.sum(bonuses.c.amount).label("amount"))
    .join_from(bonuses, assignments)
    .where(assignments.c.worker == bindparam("who"))
    .group_by(_bonus_day)
)
_DECISIONS = Statement(
    sa.select(
        assignments,
        hits.c.reward,
        hit_types.c.title,
        requesters.c.name.label("requester_name"),
    )
    .join_from(assignments, hits, hits.c.id == assignments.c.hit)
    .join(hit_types, hit_types.c.id == hits.c.hit_type)
    .join(requesters, requesters.c.id == hits.c.requester)
    .where(_of_worker)
    .order_by(assignments.c.submitted.desc(), assignments.c.id.desc())
    .limit(MOST_SHOWN)
)
_BONUSES = Statement(
    sa.select(bonuses)
    .join_from(bonuses, assignments)
    .where(assignments.c.worker == bindparam("who"))
    .order_by(bonuses.c.id.desc())
    .limit(MOST_SHOWN)
)


@attrs.frozen
class Tally:
    """How much was done, what came of it, and what it paid.

    Attributes:
        seconds: how long the approved work took, from accepting to submitting.
        pending: the rewards of what is not yet decided.
    """

    n_pending: int = 0
    n_approved: int = 0
    n_rejected: int = 0
    pending: Decimal = Decimal(0)
    rewards: Decimal = Decimal(0)
    bonuses: Decimal = Decimal(0)
    seconds: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        """Both together."""
        mine, others = attrs.astuple(self), attrs.astuple(other)
        return Tally(*(a + b for a, b in zip(mine, others, strict=True)))

    @property
    def n_submitted(self) -> int:
        """How many answers were handed in."""
        return self.n_pending + self.n_approved + self.n_rejected

    @property
    def earned(self) -> Decimal:
        """Rewards and bonuses."""
        return self.rewards + self.bonuses

    @property
    def percent_approved(self) -> int | None:
        """How many in a hundred of the decided assignments were approved."""
        n_decided = self.n_approved + self.n_rejected
        return int(Fraction(100 * self.n_approved, n_decided)) if n_decided else None

    @property
    def hourly(self) -> Decimal | None:
        """What an hour of approved work paid."""
        if not self.seconds:
            return None
        return round_to_cents(self.earned * SECONDS_PER_HOUR / self.seconds)


@attrs.frozen
class Day:
    """A day, as the seconds at which it began, and what was done on it."""

    began: int
    tally: Tally


@attrs.frozen
class Bonus:
    """What a requester paid beyond the reward, and why."""

    amount: Decimal
    reason: str
    granted: int


@attrs.frozen
class Decision:
    """A submitted assignment and what came of it so far.

    Attributes:
        status: Submitted, Approved or Rejected.
        feedback: what the requester said to it.
        auto_approval: when it is approved by itself, where nobody decides.
    """

    assignment_id: str
    title: str
    requester: str
    reward: Decimal
    status: str
    feedback: str
    submitted: int
    auto_approval: int
    bonuses: tuple[Bonus, ...]


@attrs.frozen
class Record:
    """A worker's work: the newest days and decisions, and the sum of all."""

    total: Tally
    days: tuple[Day, ...]
    decisions: tuple[Decision, ...]


def find_record(call: Call, worker_id: str) -> Record:
    """What a worker has done and earned.

    Raises:
        WorkRefused: nobody is registered under that name.
    """
    who = find_worker(call, worker_id).id
    tallies = _tallies(call, who)
    days = [Day(day * SECONDS_PER_DAY, tallies[day]) for day in sorted(tallies)[::-1]]
    return Record(
        sum(tallies.values(), Tally()),
        tuple(days[:MOST_DAYS]),
        _decisions(call, who),
    )


def _tallies(call: Call, who: int) -> dict[int, Tally]:
    tallies = {row.day: _tally(row) for row in call.rows(_DAYS, who=who)}
    for row in call.rows(_BONUS_DAYS, who=who):
        before = tallies.get(row.day, Tally())
        tallies[row.day] = before + Tally(bonuses=from_cents(int(row.amount)))
    return tallies


def _tally(row: Row) -> Tally:
    return Tally(
        n_pending=int(row.n_pending),
        n_approved=int(row.n_approved),
        n_rejected=int(row.n_rejected),
        pending=from_cents(int(row.pending)),
        rewards=from_cents(int(row.rewards)),
        seconds=int(row.seconds),
    )


def _decisions(call: Call, who: int) -> tuple[Decision, ...]:
    paid: dict[int, list[Bonus]] = {}
    for row in call.rows(_BONUSES, who=who):
        bonus = Bonus(from_cents(row.amount), row.reason, row.granted)
        paid.setdefault(row.assignment, []).append(bonus)
    return tuple(
        _decision(row, tuple(paid.get(row.id, ())))
        for row in call.rows(_DECISIONS, who=who)
    )


def _decision(row: Row, paid: tuple[Bonus, ...]) -> Decision:
    return Decision(
        assignment_id=row.assignment_id,
        title=row.title,
        requester=row.requester_name,
        reward=from_cents(row.reward),
        status=row.status,
        feedback=row.feedback or "",
        submitted=row.submitted,
        auto_approval=row.auto_approval,
        bonuses=paid,
    )
