"""The ledger: what this requester did, once."""

from contextlib import AbstractContextManager
from pathlib import Path

from crowdlab.database import Database
from crowdlab.ledger.account_schema import MIGRATIONS
from crowdlab.ledger.answers import Answers
from crowdlab.ledger.assets import Assets
from crowdlab.ledger.batches import Batches
from crowdlab.ledger.bonuses import Bonuses
from crowdlab.ledger.endings import Endings
from crowdlab.ledger.hits import HITs
from crowdlab.ledger.labels import Labels
from crowdlab.ledger.measurements import Measurements
from crowdlab.ledger.moments import Moments
from crowdlab.ledger.observations import Observations
from crowdlab.ledger.reviews import Reviews
from crowdlab.ledger.tasks import Tasks
from crowdlab.ledger.volumes import Volumes

__all__ = ["Ledger"]

_SIZE_OF_FILE = (
    "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()"
)
_SIZE_ON_SERVER = (
    "SELECT coalesce(sum(pg_total_relation_size(c.oid)), 0) FROM pg_class c"
    " JOIN pg_namespace n ON n.oid = c.relnamespace"
    " WHERE n.nspname = current_schema() AND c.relkind = 'r'"
)


class Ledger:
    """What this requester did, once: a database, and a drawer of it for each noun.

    Args:
        location: a file's path, ``None`` for memory, or an SQLAlchemy URL.

    Raises:
        StoreLocked: another program holds it.
        ForeignStore: the file is no ledger of ours.

    Example:
        >>> Ledger(None).batches.names()
        []
    """

    def __init__(self, location: str | Path | None) -> None:
        self._database = Database(location, kind="ledger", migrations=MIGRATIONS)
        self.batches = Batches(self._database)
        self.tasks = Tasks(self._database)
        self.assets = Assets(self._database)
        self.hits = HITs(self._database)
        self.endings = Endings(self._database)
        self.answers = Answers(self._database)
        self.reviews = Reviews(self._database)
        self.moments = Moments(self._database)
        self.bonuses = Bonuses(self._database)
        self.labels = Labels(self._database)
        self.measurements = Measurements(self._database)
        self.volumes = Volumes(self._database)
        self.observations = Observations(self._database)

    def __repr__(self) -> str:
        return f"Ledger({self.location!r})"

    @property
    def location(self) -> str:
        """Where it is kept."""
        return self._database.location

    @property
    def n_bytes(self) -> int:
        """How large it is by now, tables and indexes."""
        size = _SIZE_OF_FILE if self._database.is_sqlite else _SIZE_ON_SERVER
        with self._database.transaction(durable=False) as connection:
            return int(connection.exec_driver_sql(size).scalar_one())

    def transaction(self) -> AbstractContextManager[object]:
        """All that is noted inside stays together, or not at all."""
        return self._database.transaction()

    def close(self) -> None:
        """Closes the database."""
        self._database.close()
