"""The batches of a ledger."""

import datetime as dt
import json
import uuid
from decimal import Decimal
from typing import Any

import attrs
import sqlalchemy as sa

from crowdlab.database import Database
from crowdlab.errors import AlreadyExists, NotFound
from crowdlab.ledger.records import BatchRecord
from crowdlab.ledger.schema import batches
from crowdlab.model import Batch
from crowdlab.money import cents, from_cents

__all__ = ["Batches"]


@attrs.frozen
class Batches:
    """The batches of a ledger."""

    _database: Database

    def add(self, batch: Batch, *, fee: Decimal, seconds_per_task: float) -> int:
        """Notes a new batch and gives its key.

        Raises:
            AlreadyExists: if there is one of that name.
        """
        row = {
            "uid": uuid.uuid4().hex,
            "fee": cents(fee),
            "seconds_per_task": seconds_per_task,
            **_to_row(batch),
        }
        with self._database.transaction() as connection:
            self.refuse_known(batch.name)
            key = connection.execute(batches.insert(), row).inserted_primary_key
        assert key is not None
        return int(key[0])

    def refuse_known(self, name: str) -> None:
        """Lets a name pass that no batch has.

        Raises:
            AlreadyExists: if there is a batch of that name.
        """
        if name in self.names():
            raise AlreadyExists(
                f"there is a batch {name!r} already; choose another name"
            )

    def count_tasks(self, key: int, n_tasks: int) -> None:
        """Notes how many tasks a batch has."""
        change = batches.update().where(batches.c.id == key).values(n_tasks=n_tasks)
        with self._database.transaction() as connection:
            connection.execute(change)

    def find(self, name: str) -> BatchRecord:
        """The batch of that name.

        Raises:
            NotFound: if there is none; the message lists the choices.
        """
        wanted = sa.select(batches).where(batches.c.name == name)
        with self._database.transaction() as connection:
            row = connection.execute(wanted).one_or_none()
            if row is None:
                raise NotFound("batch", name, self.names())
        return _to_record(row)

    def names(self) -> list[str]:
        """Every name, oldest batch first."""
        wanted = sa.select(batches.c.name).order_by(batches.c.id)
        with self._database.transaction() as connection:
            return list(connection.execute(wanted).scalars())

    def all(self) -> list[Batch]:
        """Every batch, oldest first."""
        wanted = sa.select(batches).order_by(batches.c.id)
        with self._database.transaction() as connection:
            return [_to_record(row).batch for row in connection.execute(wanted)]


def _to_row(batch: Batch) -> dict[str, Any]:
    row = attrs.asdict(batch, recurse=False)
    row["parameters"] = json.dumps(dict(batch.parameters))
    row["reward"] = cents(batch.reward)
    row["budget"] = None if batch.budget is None else cents(batch.budget)
    row["created"] = int(row.pop("created_at").timestamp())
    return row


def _to_record(row: Any) -> BatchRecord:
    values = dict(row._mapping)  # noqa: SLF001 (SQLAlchemy's own way to say it)
    values["parameters"] = json.loads(row.parameters)
    values["reward"] = from_cents(row.reward)
    values["budget"] = None if row.budget is None else from_cents(row.budget)
    values["created_at"] = dt.datetime.fromtimestamp(values.pop("created"), dt.UTC)
    return BatchRecord(
        key=values.pop("id"),
        uid=values.pop("uid"),
        fee=from_cents(values.pop("fee")),
        seconds_per_task=values.pop("seconds_per_task"),
        batch=Batch(**values),
    )
