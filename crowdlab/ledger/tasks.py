"""The tasks of a ledger, in the order of their rows."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import attrs
import sqlalchemy as sa

from crowdlab.database import Database
from crowdlab.errors import BadRow
from crowdlab.ledger.records import TaskRecord
from crowdlab.ledger.schema import hits, tasks
from crowdlab.model import Task

__all__ = ["Origin", "Tasks", "read_task"]

Origin = tuple[str, Task]

_CHUNK = 1000

_COLUMNS = sa.select(tasks.c.id, tasks.c.task_id, tasks.c.name, tasks.c.input)


@attrs.frozen
class Tasks:
    """The tasks of a ledger, in the order of their rows."""

    _database: Database

    def add(self, batch: int, rows: Sequence[Origin], *, first: int) -> None:
        """Notes tasks, each with where it came from; ``first`` is the first's position.

        Raises:
            BadRow: if a task or its name is there twice; the message names both rows.
        """
        with self._database.transaction() as connection:
            _refuse_repeated(rows, _stored(connection, batch, rows))
            connection.execute(
                tasks.insert(),
                [
                    {
                        "batch": batch,
                        "position": position,
                        "task_id": task.task_id,
                        "name": task.name,
                        "origin": origin,
                        "input": json.dumps(task.input, separators=(",", ":")),
                    }
                    for position, (origin, task) in enumerate(rows, start=first)
                ],
            )

    def first(self, batch: int) -> Task:
        """The first task of a batch."""
        wanted = _COLUMNS.where(tasks.c.batch == batch).order_by(tasks.c.id).limit(1)
        with self._database.transaction() as connection:
            return read_task(connection.execute(wanted).one())

    def each(self, batch: int) -> Iterator[Task]:
        """Every task of a batch, in the order of their rows."""
        after = 0
        while True:
            wanted = _COLUMNS.where(tasks.c.batch == batch, tasks.c.id > after)
            with self._database.transaction() as connection:
                page = wanted.order_by(tasks.c.id).limit(_CHUNK)
                rows = connection.execute(page).all()
            yield from map(read_task, rows)
            if len(rows) < _CHUNK:
                return
            after = rows[-1].id

    def unpublished(self, batch: int, *, after: int, limit: int) -> list[TaskRecord]:
        """The next tasks behind that key which have no HIT."""
        wanted = (
            _COLUMNS.outerjoin(hits, hits.c.task == tasks.c.id)
            .where(tasks.c.batch == batch, tasks.c.id > after, hits.c.id.is_(None))
            .order_by(tasks.c.id)
            .limit(limit)
        )
        with self._database.transaction() as connection:
            return [
                TaskRecord(row.id, read_task(row)) for row in connection.execute(wanted)
            ]

    def fill(self, inputs: Mapping[int, Mapping[str, Any]]) -> None:
        """Notes the inputs of tasks, by key, in which images now have their URLs."""
        change = (
            tasks.update()
            .where(tasks.c.id == sa.bindparam("key"))
            .values(input=sa.bindparam("filled"))
        )
        rows = [
            {"key": key, "filled": json.dumps(content, separators=(",", ":"))}
            for key, content in inputs.items()
        ]
        with self._database.transaction() as connection:
            if rows:
                connection.execute(change, rows)

    def named(self, batch: int, names: Sequence[str]) -> dict[str, Task]:
        """Those of the tasks that have one of these names, by name."""
        wanted = _COLUMNS.where(tasks.c.batch == batch, tasks.c.name.in_(names))
        with self._database.transaction() as connection:
            return {row.name: read_task(row) for row in connection.execute(wanted)}


def read_task(row: Any) -> Task:
    """The task in a row that has its columns."""
    return Task(row.task_id, row.name, json.loads(row.input))


def _stored(
    connection: sa.Connection, batch: int, rows: Sequence[Origin]
) -> dict[str, str]:
    """The origins of stored tasks that are the same as one of these, by id and name."""
    columns = (tasks.c.task_id, tasks.c.name, tasks.c.origin)
    same = sa.union_all(
        sa.select(*columns).where(
            tasks.c.batch == batch, tasks.c.task_id.in_([t.task_id for _, t in rows])
        ),
        sa.select(*columns).where(
            tasks.c.batch == batch, tasks.c.name.in_([t.name for _, t in rows])
        ),
    )
    return dict(_keys(connection.execute(same)))


def _keys(found: Any) -> Iterator[tuple[str, str]]:
    for task_id, name, origin in found:
        yield f"id {task_id}", origin
        yield f"name {name}", origin


def _refuse_repeated(rows: Sequence[Origin], stored: Mapping[str, str]) -> None:
    seen = dict(stored)
    for origin, task in rows:
        by_id, by_name = f"id {task.task_id}", f"name {task.name}"
        if by_id in seen:
            raise BadRow(origin, "", f"the same task as {seen[by_id]}")
        if by_name in seen:
            reason = f"{task.name!r} is the name of the task of {seen[by_name]}"
            raise BadRow(origin, "task", reason)
        seen[by_id] = seen[by_name] = origin
