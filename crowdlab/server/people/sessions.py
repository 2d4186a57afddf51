"""Sessions: which browser is whose, for how long, and confined to what."""

import secrets

import attrs
import sqlalchemy as sa
from sqlalchemy import bindparam

from crowdlab.database import Database, Statement
from crowdlab.marketplace import Clock
from crowdlab.server.people.schema import consents, digest, people, sessions

__all__ = ["LIFETIME", "Guest", "Sessions"]

#: The seconds after which somebody has to sign in again.
LIFETIME = 14 * 86_400

_NEW = Statement(sessions.insert())
_FIND = Statement(
    sa.select(people.c.worker_id, people.c.name, sessions.c.scope, consents.c.agreed)
    .select_from(
        sessions.join(people).outerjoin(
            consents,
            (consents.c.person == people.c.id)
            & (consents.c.version == bindparam("consent")),
        )
    )
    .where(sessions.c.digest == bindparam("known"))
    .where(sessions.c.expires > bindparam("now"))
)
_END = Statement(sessions.delete().where(sessions.c.digest == bindparam("known")))
_END_OLD = Statement(sessions.delete().where(sessions.c.expires <= bindparam("now")))
_PERSON = (
    sa.select(people.c.id)
    .where(people.c.worker_id == bindparam("who"))
    .scalar_subquery()
)
_END_ALL = Statement(sessions.delete().where(sessions.c.person == _PERSON))
_FIND_PERSON = Statement(
    sa.select(people.c.id).where(people.c.worker_id == bindparam("who"))
)


@attrs.frozen
class Guest:
    """Whose browser it is.

    Attributes:
        name: the name they chose, if they did.
        scope: the panel that the session is confined to, if any.
        has_agreed: whether they agreed to the text that they were asked about.
    """

    worker_id: str
    name: str
    scope: str
    has_agreed: bool


@attrs.frozen
class Sessions:
    """Begins, finds and ends sessions."""

    database: Database
    clock: Clock

    def begin(self, worker_id: str, scope: str = "") -> str:
        """Begins a session of somebody who is known, and gives its key."""
        key, now = secrets.token_urlsafe(24), int(self.clock())
        with self.database.transaction(durable=False) as connection:
            _END_OLD.run(connection, {"now": now})
            person = _FIND_PERSON.first(connection, {"who": worker_id})
            row = {"digest": digest(key), "person": person.id, "scope": scope}
            _NEW.run(connection, {**row, "expires": now + LIFETIME})
        return key

    def find(self, key: str, consent: str = "") -> Guest | None:
        """Whose session it is, if it lasts; and whether they agreed to that version."""
        known = {"known": digest(key), "now": int(self.clock()), "consent": consent}
        with self.database.transaction(durable=False) as connection:
            row = _FIND.first(connection, known)
        if row is None:
            return None
        has_agreed = not consent or row.agreed is not None
        return Guest(row.worker_id, row.name or "", row.scope, has_agreed)

    def end(self, key: str) -> None:
        """Ends a session."""
        with self.database.transaction() as connection:
            _END.run(connection, {"known": digest(key)})

    def end_all(self, worker_id: str) -> None:
        """Ends all sessions of somebody, in every browser."""
        with self.database.transaction() as connection:
            _END_ALL.run(connection, {"who": worker_id})
