"""Invitations: links that let somebody in once, or renew a password."""

import secrets

import attrs
import sqlalchemy as sa
from sqlalchemy import bindparam

from crowdlab.database import Database, Statement
from crowdlab.errors import BadInput, NotFound, WorkRefused
from crowdlab.marketplace import Clock
from crowdlab.server.people.schema import digest, invitations, people

__all__ = ["DAYS", "Invitation", "Invitations"]

#: For how long an invitation is good.
DAYS = 14
MOST_DAYS = 3650
SECONDS_PER_DAY = 86_400

_NEW = Statement(invitations.insert())
_PERSON = Statement(
    sa.select(people.c.id).where(people.c.worker_id == bindparam("who"))
)
_FIND = Statement(
    sa.select(invitations, people.c.worker_id, people.c.name)
    .select_from(invitations.outerjoin(people))
    .where(invitations.c.digest == bindparam("known"))
    .where(invitations.c.expires > bindparam("now"))
    .where(invitations.c.uses_left > 0)
)
_USE = Statement(
    invitations.update()
    .where(invitations.c.digest == bindparam("known"))
    .values(uses_left=invitations.c.uses_left - 1)
)


@attrs.frozen
class Invitation:
    """What a link is good for.

    Attributes:
        worker_id: whose password it renews; empty where it lets somebody new in.
        name: theirs, if they have one.
    """

    worker_id: str
    name: str


@attrs.frozen
class Invitations:
    """Makes invitations and takes them."""

    database: Database
    clock: Clock

    def make(self, *, uses: int = 1, days: int = DAYS, worker_id: str = "") -> str:
        """A new invitation; its code goes into a link, and is kept nowhere.

        Args:
            uses: how many people it lets in.
            days: for how long.
            worker_id: somebody who is here already and wants a new password.

        Raises:
            BadInput: it would never let anybody in.
            NotFound: there is no such worker.
        """
        if uses < 1 or not 1 <= days <= MOST_DAYS:
            raise BadInput(
                f"an invitation is for 1 use or more, and 1 to {MOST_DAYS} days"
            )
        code, now = secrets.token_urlsafe(18), int(self.clock())
        with self.database.transaction() as connection:
            row = {
                "digest": digest(code),
                "person": _person(connection, worker_id) if worker_id else None,
                "expires": now + days * SECONDS_PER_DAY,
                "uses_left": uses,
            }
            _NEW.run(connection, row)
        return code

    def find(self, code: str) -> Invitation:
        """What a code is good for.

        Raises:
            WorkRefused: nothing; it was used, or its time is over.
        """
        known = {"known": digest(code), "now": int(self.clock())}
        with self.database.transaction(durable=False) as connection:
            row = _FIND.first(connection, known)
        if row is None:
            text = "this invitation was used or is too old; ask for a new one"
            raise WorkRefused("bad-invitation", text)
        return Invitation(row.worker_id or "", row.name or "")

    def use(self, code: str) -> Invitation:
        """Takes an invitation: it is good for one person fewer.

        Raises:
            WorkRefused: it is good for nobody any more.
        """
        with self.database.transaction() as connection:
            invitation = self.find(code)
            _USE.run(connection, {"known": digest(code)})
        return invitation


def _person(connection: sa.Connection, worker_id: str) -> int:
    row = _PERSON.first(connection, {"who": worker_id})
    if row is None:
        raise NotFound("person with the worker id", worker_id)
    return int(row.id)
