"""The ends of HITs: off the market first, and closed once nobody can answer them."""

from collections.abc import Collection, Iterator
from typing import Any

import attrs
import sqlalchemy as sa

from crowdlab.database import Database
from crowdlab.ledger.account_schema import endings
from crowdlab.ledger.records import DeadHIT
from crowdlab.ledger.schema import assignments, hits, tasks

__all__ = ["Endings"]

_ANSWERS = (
    sa.select(sa.func.count())
    .where(assignments.c.hit == hits.c.id)
    .correlate(hits)
    .scalar_subquery()
)
_MISSING = (hits.c.max_assignments - _ANSWERS).label("missing")
_CLOSED = hits.join(endings, endings.c.hit == hits.c.id)


@attrs.frozen
class Endings:
    """The ends of HITs: off the market first, and closed once nobody can answer them."""

    _database: Database

    def expire(self, hit_ids: Collection[str], *, at: int) -> None:
        """Notes that HITs were taken off the market; the first time counts."""
        wanted = sa.select(hits.c.id).where(hits.c.hit_id.in_(hit_ids))
        with self._database.transaction() as connection:
            keys = connection.execute(wanted).scalars().all()
            self._add(connection, dict.fromkeys(keys), at)

    def close(self, keys: Collection[int], *, at: int) -> None:
        """Notes that nobody can answer these HITs any more."""
        change = (
            endings.update()
            .where(endings.c.hit.in_(keys), endings.c.closed.is_(None))
            .values(closed=at)
        )
        with self._database.transaction() as connection:
            connection.execute(change)
            self._add(connection, dict.fromkeys(keys, at), at)

    def ripe(self, keys: Collection[int], *, created_before: int) -> set[int]:
        """Those of the HITs that may be over by now, and are not known to be.

        Args:
            keys: of HITs.
            created_before: those made until then are at the end of their lifetime.
        """
        wanted = (
            sa.select(hits.c.id)
            .outerjoin(endings, endings.c.hit == hits.c.id)
            .where(
                hits.c.id.in_(keys),
                endings.c.closed.is_(None),
                endings.c.hit.is_not(None) | (hits.c.created <= created_before),
            )
        )
        with self._database.transaction() as connection:
            return set(connection.execute(wanted).scalars())

    def each_dead(self, batch: int) -> Iterator[DeadHIT]:
        """Every closed HIT that lacks answers."""
        wanted = (
            sa.select(hits.c.hit_id, tasks.c.name, endings.c.closed, _MISSING)
            .select_from(_CLOSED.join(tasks, tasks.c.id == hits.c.task))
            .where(hits.c.batch == batch, endings.c.closed.is_not(None))
            .order_by(hits.c.id)
        )
        with self._database.transaction() as connection:
            rows = connection.execute(wanted).all()
        return (DeadHIT(*row) for row in rows if row.missing > 0)

    def count_dead(self, batch: int) -> int:
        """How many assignments of closed HITs nobody answered."""
        missing = (
            sa.select(_MISSING)
            .select_from(_CLOSED)
            .where(hits.c.batch == batch, endings.c.closed.is_not(None))
            .subquery()
        )
        wanted = sa.select(sa.func.coalesce(sa.func.sum(missing.c.missing), 0))
        with self._database.transaction() as connection:
            return int(connection.execute(wanted).scalar_one())

    @staticmethod
    def _add(connection: sa.Connection, closed: dict[int, Any], at: int) -> None:
        wanted = sa.select(endings.c.hit).where(endings.c.hit.in_(closed))
        known = set(connection.execute(wanted).scalars())
        rows = [
            {"hit": key, "expired": at, "closed": moment}
            for key, moment in closed.items()
            if key not in known
        ]
        if rows:
            connection.execute(endings.insert(), rows)
