"""How often something may be tried in a while, by whom and from where."""

from collections.abc import Iterator
from contextlib import contextmanager

import attrs
import sqlalchemy as sa
from sqlalchemy import bindparam

from crowdlab.database import Database, Statement
from crowdlab.errors import WorkRefused
from crowdlab.marketplace import Clock
from crowdlab.server.people.schema import attempts, digest

__all__ = ["NEWCOMERS", "SIGN_INS_AS", "SIGN_INS_AT", "Attempts", "Limit"]


@attrs.frozen
class Limit:
    """So many attempts within so many seconds.

    Attributes:
        what: what they are attempts at; limits of other things count apart.
    """

    what: str
    most: int
    seconds: int


#: Wrong passwords for one name, wherever they come from.
SIGN_INS_AS = Limit("name", 10, 900)
#: Wrong passwords from one address: many people may share it.
SIGN_INS_AT = Limit("address", 50, 900)
#: New people from one address, such as a lecture hall's.
NEWCOMERS = Limit("newcomers", 200, 3600)

LONGEST = max(limit.seconds for limit in (SIGN_INS_AS, SIGN_INS_AT, NEWCOMERS))

_COUNT = Statement(
    sa.select(sa.func.count().label("n")).where(
        (attempts.c.about == bindparam("key")) & (attempts.c.made > bindparam("since"))
    )
)
_NEW = Statement(attempts.insert())
_NEWEST = Statement(sa.select(sa.func.max(attempts.c.id).label("id")))
_FORGIVE = Statement(attempts.delete().where(attempts.c.id == bindparam("key")))
_FORGET = Statement(attempts.delete().where(attempts.c.made < bindparam("since")))


@attrs.frozen
class Attempts:
    """Counts attempts, and stops what is tried too often."""

    database: Database
    clock: Clock

    def need_few(self, limit: Limit, whom: str) -> None:
        """Refuses another attempt after too many.

        Raises:
            WorkRefused: there were too many.
        """
        since = int(self.clock()) - limit.seconds
        with self.database.transaction() as connection:
            found = _COUNT.first(connection, {"key": _key(limit, whom), "since": since})
        if found.n >= limit.most:
            minutes = limit.seconds // 60
            text = f"there were too many attempts; wait {minutes} minutes and try again"
            raise WorkRefused("too-many-attempts", text)

    def note(self, limit: Limit, whom: str) -> int:
        """Counts one more attempt, and gives the key of its count."""
        now = int(self.clock())
        with self.database.transaction(durable=False) as connection:
            _FORGET.run(connection, {"since": now - LONGEST})
            _NEW.run(connection, {"about": _key(limit, whom), "made": now})
            return int(_NEWEST.first(connection, {}).id)

    @contextmanager
    def guess(self, *guesses: tuple[Limit, str]) -> Iterator[None]:
        """A block that an error leaves where the guess is wrong; a right one is not counted.

        It is counted before the block: of many at once no more are tried than of many
        in turn.

        Raises:
            WorkRefused: there were too many.
        """
        with self.database.transaction(durable=False):
            for limit, whom in guesses:
                self.need_few(limit, whom)
            counts = [self.note(limit, whom) for limit, whom in guesses]
        yield
        with self.database.transaction(durable=False) as connection:
            for key in counts:
                _FORGIVE.run(connection, {"key": key})


def _key(limit: Limit, whom: str) -> str:
    # Nobody's address is kept as it is.
    return f"{limit.what} {digest(whom)}"
