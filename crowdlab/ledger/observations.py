"""What marketplaces said of the account, each time beside the books of that moment."""

import attrs
import sqlalchemy as sa

from crowdlab.database import Database
from crowdlab.ledger.account_schema import observations
from crowdlab.ledger.records import Observation
from crowdlab.money import cents, from_cents

__all__ = ["Observations"]

_AMOUNTS = ("balance", "books", "dead")


@attrs.frozen
class Observations:
    """What marketplaces said of the account, each time beside the books of that moment."""

    _database: Database

    def add(self, environment: str, new: Observation) -> None:
        """Notes an observation."""
        row = {
            "environment": environment,
            "made": new.made,
            "balance": cents(new.balance),
            # What was paid and set aside is a debt of the books.
            "books": -cents(-new.books),
            "dead": cents(new.dead),
        }
        with self._database.transaction() as connection:
            connection.execute(observations.insert(), row)

    def newest(self, environment: str) -> Observation | None:
        """The last observation; ``None`` before the first."""
        wanted = (
            sa.select(observations.c.made, *(observations.c[name] for name in _AMOUNTS))
            .where(observations.c.environment == environment)
            .order_by(observations.c.id.desc())
            .limit(1)
        )
        with self._database.transaction() as connection:
            row = connection.execute(wanted).first()
        if row is None:
            return None
        made, *amounts = row
        return Observation(made, *map(from_cents, amounts))
