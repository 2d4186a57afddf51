"""The bonuses of a ledger: planned first, then known to be paid."""

import time
from collections.abc import Collection, Iterator, Sequence
from decimal import Decimal

import attrs
import sqlalchemy as sa
from sqlalchemy import bindparam

from crowdlab.database import Database
from crowdlab.ledger.account_schema import bonuses
from crowdlab.ledger.records import NewBonus, PaidBonus, PendingBonus
from crowdlab.ledger.schema import assignments, hits, tasks
from crowdlab.money import cents, from_cents

__all__ = ["Bonuses"]

_PAY = (
    bonuses.update()
    .where(bonuses.c.id == bindparam("key"))
    .values(paid=bindparam("at"))
)
_JOINED = (
    bonuses.join(assignments, assignments.c.id == bonuses.c.assignment)
    .join(hits, hits.c.id == assignments.c.hit)
    .join(tasks, tasks.c.id == assignments.c.task)
)
_COLUMNS = (
    bonuses.c.paid,
    bonuses.c.amount,
    bonuses.c.fee,
    bonuses.c.reason,
    assignments.c.assignment_id,
    assignments.c.worker,
    hits.c.hit_id,
    tasks.c.name,
)


@attrs.frozen
class Bonuses:
    """The bonuses of a ledger: planned first, then known to be paid."""

    _database: Database

    def plan(self, batch: int, new: Sequence[NewBonus]) -> None:
        """Notes, for good, that these bonuses are about to be paid."""
        rows = [
            {
                "batch": batch,
                "assignment": bonus.assignment_key,
                "token": bonus.token,
                "amount": cents(bonus.amount),
                "fee": cents(bonus.fee),
                "reason": bonus.reason,
                "planned": int(time.time()),
            }
            for bonus in new
        ]
        with self._database.transaction() as connection:
            if rows:
                connection.execute(bonuses.insert(), rows)

    def known(self, tokens: Collection[str]) -> set[str]:
        """Those of the tokens whose bonuses were planned before."""
        wanted = sa.select(bonuses.c.token).where(bonuses.c.token.in_(tokens))
        with self._database.transaction() as connection:
            return set(connection.execute(wanted).scalars())

    def pending(self, batch: int, *, limit: int) -> list[PendingBonus]:
        """The next bonuses that are planned and not known to be paid."""
        wanted = (
            sa.select(
                bonuses.c.id,
                assignments.c.assignment_id,
                assignments.c.worker,
                bonuses.c.amount,
                bonuses.c.reason,
                bonuses.c.token,
            )
            .join(assignments, assignments.c.id == bonuses.c.assignment)
            .where(bonuses.c.batch == batch, bonuses.c.paid.is_(None))
            .order_by(bonuses.c.id)
            .limit(limit)
        )
        with self._database.transaction() as connection:
            rows = connection.execute(wanted).all()
        return [
            PendingBonus(key, name, worker, from_cents(amount), reason, token)
            for key, name, worker, amount, reason, token in rows
        ]

    def count_pending(self, batch: int) -> int:
        """How many bonuses are planned and not known to be paid."""
        wanted = sa.select(sa.func.count()).where(
            bonuses.c.batch == batch, bonuses.c.paid.is_(None)
        )
        with self._database.transaction() as connection:
            return int(connection.execute(wanted).scalar_one())

    def settle(self, keys: Sequence[int], *, at: int) -> None:
        """Notes that these bonuses are paid."""
        with self._database.transaction() as connection:
            if keys:
                connection.execute(_PAY, [{"key": key, "at": at} for key in keys])

    def paid(self, batch: int) -> tuple[Decimal, Decimal]:
        """The dollars of the bonuses that are paid, and of their fees."""
        return self._sum(batch, bonuses.c.paid.is_not(None))

    def planned(self, batch: int) -> tuple[Decimal, Decimal]:
        """The same of those that are planned, paid or not."""
        return self._sum(batch, sa.true())

    def by_assignment(self, batch: int) -> dict[str, Decimal]:
        """The dollars planned for each assignment, paid or not, without fees."""
        wanted = (
            sa.select(assignments.c.assignment_id, sa.func.sum(bonuses.c.amount))
            .join(assignments, assignments.c.id == bonuses.c.assignment)
            .where(bonuses.c.batch == batch)
            .group_by(assignments.c.assignment_id)
        )
        with self._database.transaction() as connection:
            rows = connection.execute(wanted).all()
        return {name: from_cents(int(amount)) for name, amount in rows}

    def each(self, batch: int) -> Iterator[PaidBonus]:
        """Every bonus that is paid, in the order in which they were planned."""
        wanted = (
            sa.select(*_COLUMNS)
            .select_from(_JOINED)
            .where(bonuses.c.batch == batch, bonuses.c.paid.is_not(None))
            .order_by(bonuses.c.id)
        )
        with self._database.transaction() as connection:
            rows = connection.execute(wanted).all()
        for at, amount, fee, *rest in rows:
            yield PaidBonus(at, from_cents(amount), from_cents(fee), *rest)

    def _sum(
        self, batch: int, condition: "sa.ColumnElement[bool]"
    ) -> tuple[Decimal, Decimal]:
        wanted = sa.select(
            sa.func.coalesce(sa.func.sum(bonuses.c.amount), 0),
            sa.func.coalesce(sa.func.sum(bonuses.c.fee), 0),
        ).where(bonuses.c.batch == batch, condition)
        with self._database.transaction() as connection:
            amount, fee = connection.execute(wanted).one()
        return from_cents(int(amount)), from_cents(int(fee))
