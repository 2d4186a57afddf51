"""The answers of a ledger: raw first and for ever, then what they were read as."""

import datetime as dt
import json
from collections.abc import Iterator, Sequence
from typing import Any

import attrs
import sqlalchemy as sa
from sqlalchemy import bindparam

from crowdlab.database import Database
from crowdlab.ledger.records import RawAnswer, ReadAnswer
from crowdlab.ledger.schema import assignments, tasks
from crowdlab.ledger.tasks import read_task
from crowdlab.model import Answer, Task

__all__ = ["CHANGE", "Answers"]

STATUSES = ("Submitted", "Approved", "Rejected")
_CHUNK = 1000

_JOINED = assignments.join(tasks, tasks.c.id == assignments.c.task)
_TASK = (tasks.c.id.label("task_key"), tasks.c.task_id, tasks.c.name, tasks.c.input)
_ANSWER = (
    assignments.c.assignment_id,
    assignments.c.worker,
    assignments.c.status,
    assignments.c.accepted,
    assignments.c.submitted,
    assignments.c.answer,
    assignments.c.problem,
)
_READ = (
    assignments.update()
    .where(assignments.c.id == bindparam("key"))
    .values(answer=bindparam("text"), problem=bindparam("why"))
)
#: How the marketplace now has an assignment; who uses it says which one.
CHANGE = assignments.update().values(
    status=bindparam("new_status"),
    approved=bindparam("new_approved"),
    rejected=bindparam("new_rejected"),
    feedback=bindparam("new_feedback"),
)
_CHANGE_NAMED = CHANGE.where(assignments.c.assignment_id == bindparam("name"))


@attrs.frozen
class Answers:
    """The answers of a ledger: raw first and for ever, then what they were read as."""

    _database: Database

    def add(self, batch: int, raw: Sequence[RawAnswer]) -> None:
        """Notes assignments as the marketplace tells them; of known ones the status."""
        wanted = sa.select(assignments.c.assignment_id, assignments.c.status).where(
            assignments.c.hit.in_({each.hit_key for each in raw})
        )
        # A lost commit would only be collected again.
        with self._database.transaction(durable=False) as connection:
            known = {
                row.assignment_id: row.status for row in connection.execute(wanted)
            }
            new = [each for each in raw if each.assignment_id not in known]
            changed = [
                each
                for each in raw
                if known.get(each.assignment_id, each.status) != each.status
            ]
            if new:
                rows = [_to_row(batch, each) for each in new]
                connection.execute(assignments.insert(), rows)
            if changed:
                connection.execute(_CHANGE_NAMED, list(map(_to_change, changed)))

    def unread(
        self, batch: int, *, after: int, limit: int
    ) -> list[tuple[int, Task, str]]:
        """The next answers behind that key that were not read: key, task and XML."""
        wanted = (
            sa.select(assignments.c.id, assignments.c.answer_xml, *_TASK)
            .select_from(_JOINED)
            .where(assignments.c.batch == batch, assignments.c.problem.is_(None))
            .where(assignments.c.id > after)
            .order_by(assignments.c.id)
            .limit(limit)
        )
        with self._database.transaction() as connection:
            rows = connection.execute(wanted).all()
        return [(row.id, task, row.answer_xml) for row, task in _with_tasks(rows)]

    def settle(self, read: Sequence[ReadAnswer]) -> None:
        """Notes what reading gave."""
        rows = [{"key": r.key, "text": r.answer, "why": r.problem} for r in read]
        with self._database.transaction(durable=False) as connection:
            connection.execute(_READ, rows)

    def count(self, batch: int) -> tuple[int, int]:
        """How many answers there are, and how many of them are flagged."""
        wanted = sa.select(
            sa.func.count(), sa.func.count(sa.func.nullif(assignments.c.problem, ""))
        ).where(assignments.c.batch == batch)
        with self._database.transaction() as connection:
            n_answers, n_flagged = connection.execute(wanted).one()
        return int(n_answers), int(n_flagged)

    def count_by_status(self, batch: int) -> dict[str, int]:
        """How many answers are Submitted, Approved and Rejected."""
        wanted = (
            sa.select(assignments.c.status, sa.func.count())
            .where(assignments.c.batch == batch)
            .group_by(assignments.c.status)
        )
        with self._database.transaction() as connection:
            counts = {row[0]: row[1] for row in connection.execute(wanted)}
        return {status: int(counts.get(status, 0)) for status in STATUSES}

    def each(self, batch: int) -> Iterator[tuple[Task, Answer]]:
        """Every answer with its task; a task's answers stand together."""
        last = (-1, -1)
        while rows := self._chunk(batch, last):
            for row, task in _with_tasks(rows):
                yield task, _to_answer(row)
            last = (rows[-1].task_key, rows[-1].id)

    def median_seconds(self, batch: int) -> float | None:
        """The median time from accepting to submitting; ``None`` without answers."""
        n_answers, _ = self.count(batch)
        wanted = (
            sa.select(assignments.c.submitted - assignments.c.accepted)
            .where(assignments.c.batch == batch)
            .order_by(sa.literal_column("1"))
            .offset((n_answers - 1) // 2)
            .limit(2 - n_answers % 2)
        )
        with self._database.transaction() as connection:
            middle = connection.execute(wanted).scalars().all() if n_answers else []
        return sum(middle) / len(middle) if middle else None

    def count_bytes(self, batch: int) -> int:
        """How long the raw answers are; marketplaces deliver them as ASCII."""
        length = sa.func.sum(sa.func.length(assignments.c.answer_xml))
        wanted = sa.select(length).where(assignments.c.batch == batch)
        with self._database.transaction() as connection:
            return int(connection.execute(wanted).scalar() or 0)

    def _chunk(self, batch: int, after: tuple[int, int]) -> Sequence[Any]:
        place = sa.tuple_(assignments.c.task, assignments.c.id)
        wanted = (
            sa.select(assignments.c.id, *_ANSWER, *_TASK)
            .select_from(_JOINED)
            .where(assignments.c.batch == batch, place > after)
            .order_by(assignments.c.task, assignments.c.id)
            .limit(_CHUNK)
        )
        with self._database.transaction() as connection:
            return connection.execute(wanted).all()


def _with_tasks(
    rows: Sequence[Any],
) -> Iterator[tuple[Any, Task]]:
    """Each row with its task, which is read once where rows share it."""
    key, task = None, None
    for row in rows:
        if task is None or row.task_key != key:
            key, task = row.task_key, read_task(row)
        yield row, task


def _to_row(batch: int, raw: RawAnswer) -> dict[str, Any]:
    return {
        "assignment_id": raw.assignment_id,
        "hit": raw.hit_key,
        "batch": batch,
        "task": raw.task_key,
        "worker": raw.worker,
        "status": raw.status,
        "accepted": raw.accepted,
        "submitted": raw.submitted,
        "auto_approval": raw.auto_approval,
        "approved": raw.approved,
        "rejected": raw.rejected,
        "feedback": raw.feedback,
        "answer_xml": raw.answer_xml,
    }


def _to_change(raw: RawAnswer) -> dict[str, Any]:
    return {
        "name": raw.assignment_id,
        "new_status": raw.status,
        "new_approved": raw.approved,
        "new_rejected": raw.rejected,
        "new_feedback": raw.feedback,
    }


def _to_answer(row: Any) -> Answer:
    return Answer(
        task=row.name,
        worker=row.worker,
        assignment_id=row.assignment_id,
        status=row.status,
        accept_time=_moment(row.accepted),
        submit_time=_moment(row.submitted),
        answer=None if row.answer is None else json.loads(row.answer),
        problem=row.problem or "",
    )


def _moment(seconds: int) -> dt.datetime:
    return dt.datetime.fromtimestamp(seconds, dt.UTC)
