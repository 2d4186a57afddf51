"""The HITs of a ledger: intended first, then known to exist."""

import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import attrs
import sqlalchemy as sa

from crowdlab.database import Database
from crowdlab.ledger.records import HITRecord, NewHIT
from crowdlab.ledger.schema import assignments, hits, intents, tasks
from crowdlab.ledger.tasks import read_task
from crowdlab.model import Task

__all__ = ["HITs"]

_CHUNK = 1000
_COLUMNS = sa.select(hits.c.id, hits.c.hit_id, hits.c.task)


@attrs.frozen
class HITs:
    """The HITs of a ledger: intended first, then known to exist."""

    _database: Database

    def intend(self, tasks_by_token: Mapping[str, int], *, copy: int) -> None:
        """Notes, for good, that these HITs are about to be asked for."""
        wanted = sa.select(intents.c.token).where(intents.c.token.in_(tasks_by_token))
        with self._database.transaction() as connection:
            known = set(connection.execute(wanted).scalars())
            rows = [
                {"token": token, "task": task, "copy": copy, "created": _now()}
                for token, task in tasks_by_token.items()
                if token not in known
            ]
            if rows:
                connection.execute(intents.insert(), rows)

    def unresolved(self, batch: int) -> dict[str, NewHIT]:
        """What was intended and is not known to exist, by token, without HIT ids."""
        wanted = (
            sa.select(intents.c.token, intents.c.task, intents.c.copy)
            .join(tasks, tasks.c.id == intents.c.task)
            .outerjoin(
                hits, (hits.c.task == intents.c.task) & (hits.c.copy == intents.c.copy)
            )
            .where(tasks.c.batch == batch, hits.c.id.is_(None))
        )
        with self._database.transaction() as connection:
            rows = connection.execute(wanted).all()
        return {row.token: NewHIT(row.task, row.copy, "") for row in rows}

    def add(self, batch: int, new: Sequence[NewHIT], *, max_assignments: int) -> None:
        """Notes HITs that exist; those that are known already are left alone."""
        of_these = hits.c.task.in_([hit.task_key for hit in new])
        wanted = sa.select(hits.c.task, hits.c.copy).where(of_these)
        with self._database.transaction() as connection:
            known = {tuple(row) for row in connection.execute(wanted)}
            rows = [
                {
                    "hit_id": hit.hit_id,
                    "batch": batch,
                    "task": hit.task_key,
                    "copy": hit.copy,
                    "max_assignments": max_assignments,
                    "created": _now(),
                }
                for hit in new
                if (hit.task_key, hit.copy) not in known
            ]
            if rows:
                connection.execute(hits.insert(), rows)

    def count(self, batch: int) -> int:
        """How many HITs of a batch are known to exist."""
        wanted = sa.select(sa.func.count()).where(hits.c.batch == batch)
        with self._database.transaction() as connection:
            return int(connection.execute(wanted).scalar_one())

    def ids(self, batch: int) -> set[str]:
        """The ids of a batch's HITs."""
        wanted = sa.select(hits.c.hit_id).where(hits.c.batch == batch)
        with self._database.transaction() as connection:
            return set(connection.execute(wanted).scalars())

    def each(self, batch: int) -> Iterator[tuple[Task, str]]:
        """Every task that has a HIT, with the HIT's id."""
        after = 0
        while rows := self._published(batch, after):
            for row in rows:
                yield read_task(row), row.hit_id
            after = rows[-1].id

    def _published(self, batch: int, after: int) -> Sequence[Any]:
        columns = (
            hits.c.id,
            hits.c.hit_id,
            tasks.c.task_id,
            tasks.c.name,
            tasks.c.input,
        )
        wanted = (
            sa.select(*columns)
            .join(tasks, tasks.c.id == hits.c.task)
            .where(hits.c.batch == batch, hits.c.id > after)
            .order_by(hits.c.id)
            .limit(_CHUNK)
        )
        with self._database.transaction() as connection:
            return connection.execute(wanted).all()

    def wanting(
        self, batch: int, *, now: float, after: int, limit: int
    ) -> list[HITRecord]:
        """The next HITs behind that key about which the marketplace may know more.

        Those are the HITs of which not all answers are here, and those that hold an
        answer whose time to be approved by itself has come.
        """
        mine = sa.select(sa.func.count()).where(assignments.c.hit == hits.c.id)
        ripe = sa.exists().where(
            assignments.c.hit == hits.c.id,
            assignments.c.status == "Submitted",
            assignments.c.auto_approval <= int(now),
        )
        wanted = (
            _COLUMNS.where(hits.c.batch == batch, hits.c.id > after)
            .where((mine.scalar_subquery() < hits.c.max_assignments) | ripe)
            .order_by(hits.c.id)
            .limit(limit)
        )
        with self._database.transaction() as connection:
            return [HITRecord(*row) for row in connection.execute(wanted)]


def _now() -> int:
    return int(time.time())
