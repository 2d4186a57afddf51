"""What happened to the HITs and answers of a batch, and when: what its books are of."""

from collections.abc import Iterator
from typing import Any

import attrs
import sqlalchemy as sa

from crowdlab.database import Database
from crowdlab.ledger.records import HITMoment, WorkMoments
from crowdlab.ledger.schema import assignments, hits, tasks

__all__ = ["Moments"]

_CHUNK = 1000
_HITS = sa.select(
    hits.c.id, hits.c.hit_id, tasks.c.name, hits.c.created, hits.c.max_assignments
).join(tasks, tasks.c.id == hits.c.task)
_WORK = sa.select(
    assignments.c.id,
    hits.c.hit_id,
    tasks.c.name,
    assignments.c.worker,
    assignments.c.assignment_id,
    assignments.c.status,
    assignments.c.submitted,
    sa.func.coalesce(
        assignments.c.approved, assignments.c.rejected, assignments.c.submitted
    ),
).select_from(
    assignments.join(hits, hits.c.id == assignments.c.hit).join(
        tasks, tasks.c.id == assignments.c.task
    )
)


@attrs.frozen
class Moments:
    """What happened to the HITs and answers of a batch, and when."""

    _database: Database

    def published(self, batch: int) -> Iterator[HITMoment]:
        """Every HIT, oldest first."""
        return (HITMoment(*rest) for _, *rest in self._rows(_HITS, hits, batch))

    def worked(self, batch: int) -> Iterator[WorkMoments]:
        """Every answer, in the order in which they were collected."""
        rows = self._rows(_WORK, assignments, batch)
        return (WorkMoments(*rest) for _, *rest in rows)

    def _rows(
        self, wanted: "sa.Select[Any]", table: sa.Table, batch: int
    ) -> Iterator[Any]:
        """The rows of a batch, read in chunks so that nobody waits for the ledger."""
        after = 0
        page = wanted.where(table.c.batch == batch).order_by(table.c.id).limit(_CHUNK)
        while True:
            with self._database.transaction() as connection:
                rows = connection.execute(page.where(table.c.id > after)).all()
            yield from rows
            if len(rows) < _CHUNK:
                return
            after = rows[-1].id
