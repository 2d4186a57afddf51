"""What each verb took: seconds, and bytes of this process."""

import time

import attrs
import sqlalchemy as sa

from crowdlab.accounting import Measurement
from crowdlab.database import Database
from crowdlab.ledger.schema import measurements

__all__ = ["Measurements"]


@attrs.frozen
class Measurements:
    """What each verb took: seconds, and bytes of this process."""

    _database: Database

    def add(self, batch: int, measurement: Measurement) -> None:
        """Notes what a verb took."""
        row = {"batch": batch, "created": int(time.time()), **attrs.asdict(measurement)}
        with self._database.transaction(durable=False) as connection:
            connection.execute(measurements.insert(), row)

    def all(self, batch: int) -> list[Measurement]:
        """What every verb took on a batch, in the order in which they were done."""
        wanted = (
            sa.select(
                measurements.c.verb,
                measurements.c.seconds,
                measurements.c.before_bytes,
                measurements.c.peak_bytes,
                measurements.c.held_bytes,
            )
            .where(measurements.c.batch == batch)
            .order_by(measurements.c.id)
        )
        with self._database.transaction() as connection:
            return [Measurement(*row) for row in connection.execute(wanted)]
