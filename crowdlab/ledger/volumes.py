"""Bytes that were there once and are not kept, such as those of a batch's pages."""

import attrs
import sqlalchemy as sa

from crowdlab.database import Database
from crowdlab.ledger.account_schema import volumes

__all__ = ["Volumes"]


@attrs.frozen
class Volumes:
    """Bytes that were there once and are not kept, such as those of a batch's pages."""

    _database: Database

    def add(self, batch: int, noun: str, n_bytes: int) -> None:
        """Notes that there are so many bytes more."""
        this = (volumes.c.batch == batch) & (volumes.c.noun == noun)
        with self._database.transaction() as connection:
            row = {
                "batch": batch,
                "noun": noun,
                "n_bytes": n_bytes + self.get(batch, noun),
            }
            connection.execute(volumes.delete().where(this))
            connection.execute(volumes.insert(), row)

    def get(self, batch: int, noun: str) -> int:
        """How many bytes there were; none where nobody counted."""
        wanted = sa.select(volumes.c.n_bytes).where(
            volumes.c.batch == batch, volumes.c.noun == noun
        )
        with self._database.transaction() as connection:
            return int(connection.execute(wanted).scalar_one_or_none() or 0)
