"""The people of a site: who may sign in as which worker, and what they agreed to."""

import unicodedata
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import bindparam

from crowdlab.database import Database, Statement
from crowdlab.errors import WorkRefused
from crowdlab.marketplace import Clock
from crowdlab.server.people.attempts import SIGN_INS_AS, SIGN_INS_AT, Attempts
from crowdlab.server.people.consent import Consent
from crowdlab.server.people.invitations import Invitations
from crowdlab.server.people.passwords import hash_password, is_password, need_sound
from crowdlab.server.people.schema import (
    MIGRATIONS,
    consent_texts,
    consents,
    people,
)
from crowdlab.server.people.sessions import Sessions

__all__ = ["MOST_NAME", "People"]

MOST_NAME = 100

_NEW = Statement(people.insert())
_BY_WORKER = Statement(sa.select(people).where(people.c.worker_id == bindparam("who")))
_BY_NAME = Statement(sa.select(people).where(people.c.known_as == bindparam("known")))
_SET_PASSWORD = Statement(
    people.update()
    .where(people.c.worker_id == bindparam("who"))
    .values(password=bindparam("kept"))
)
_TEXT = Statement(
    sa.select(consent_texts).where(consent_texts.c.version == bindparam("known"))
)
_NEW_TEXT = Statement(consent_texts.insert())
_CONSENT = Statement(
    sa.select(consents).where(
        (consents.c.person == bindparam("who"))
        & (consents.c.version == bindparam("what"))
    )
)
_AGREE = Statement(consents.insert())


class People:
    """Everybody who has been let in, and how.

    Attributes:
        sessions: which browser is whose.
        invitations: links that let somebody in.
        attempts: how often was tried what.

    Args:
        location: a file, an SQLAlchemy URL, or ``None`` for memory.
        clock: gives the seconds since 1970.
    """

    def __init__(self, location: str | Path | None, clock: Clock) -> None:
        self.clock = clock
        self._database = Database(location, kind="people", migrations=MIGRATIONS)
        self.sessions = Sessions(self._database, clock)
        self.invitations = Invitations(self._database, clock)
        self.attempts = Attempts(self._database, clock)

    def close(self) -> None:
        """Closes the store; nothing is lost."""
        self._database.close()

    def admit(self, worker_id: str) -> None:
        """Notes somebody who has no name and no password here; twice changes nothing."""
        with self._database.transaction() as connection:
            if _BY_WORKER.first(connection, {"who": worker_id}) is None:
                row = {"worker_id": worker_id, "joined": int(self.clock())}
                _NEW.run(connection, row)

    def register(
        self, worker_id: str, name: str, password: str, invitation: str | None = None
    ) -> None:
        """Notes somebody new, with a name and a password to sign in.

        Args:
            worker_id: who they are on the markets.
            name: what they call themselves.
            password: theirs.
            invitation: the code that let them in, which is used up by it.

        Raises:
            WorkRefused: the name is none, or taken; the password is none; or the
                invitation is no longer good.
        """
        self.need_free(name)
        need_sound(password)
        row = {
            "worker_id": worker_id,
            "name": name.strip(),
            "known_as": _known_as(name),
            "password": hash_password(password),
            "joined": int(self.clock()),
        }
        with self._database.transaction() as connection:
            # Somebody may have been quicker.
            self.need_free(name)
            if invitation is not None:
                self.invitations.use(invitation)
            _NEW.run(connection, row)

    def need_free(self, name: str) -> None:
        """Refuses a name that nobody new can have.

        Raises:
            WorkRefused: it is none, or taken.
        """
        if not name.strip() or len(name) > MOST_NAME or not name.isprintable():
            raise WorkRefused("bad-name", f"give a name of 1 to {MOST_NAME} characters")
        if self._named(name) is not None:
            raise WorkRefused("name-taken", "somebody else has this name; take another")

    def sign_in(self, name: str, password: str, address: str) -> str:
        """The id of the worker who has that name and password.

        Args:
            name: what they call themselves.
            password: theirs.
            address: where they are, as the network has it.

        Raises:
            WorkRefused: nobody has; or there were too many attempts.
        """
        with self.attempts.guess(
            (SIGN_INS_AS, _known_as(name)), (SIGN_INS_AT, address)
        ):
            person = self._named(name)
            if not is_password(person and person.password, password):
                raise WorkRefused("wrong", "name and password do not belong together")
        return str(person.worker_id)

    def change_password(self, worker_id: str, password: str, new: str) -> None:
        """Changes somebody's password, which they have to know; ends all sessions.

        Raises:
            WorkRefused: it is another, or the new one is none.
        """
        with self.attempts.guess((SIGN_INS_AS, worker_id)):
            if not is_password(self._password_of(worker_id), password):
                raise WorkRefused("wrong", "this is not your password")
        self.renew_password(worker_id, new)

    def renew_password(
        self, worker_id: str, new: str, invitation: str | None = None
    ) -> None:
        """Sets somebody's password; ends all sessions.

        Args:
            worker_id: whose it is.
            new: the password.
            invitation: the code that allows it, which is used up by it.

        Raises:
            WorkRefused: it is none, or the invitation is no longer good.
        """
        need_sound(new)
        row = {"who": worker_id, "kept": hash_password(new)}
        with self._database.transaction() as connection:
            if invitation is not None:
                self.invitations.use(invitation)
            _SET_PASSWORD.run(connection, row)
            self.sessions.end_all(worker_id)

    def has_password(self, worker_id: str) -> bool:
        """Whether somebody signs in with a password."""
        return self._password_of(worker_id) is not None

    def agree(self, worker_id: str, consent: Consent) -> None:
        """Records that somebody agreed to a text, which is kept with it."""
        with self._database.transaction() as connection:
            person = _BY_WORKER.first(connection, {"who": worker_id}).id
            if _TEXT.first(connection, {"known": consent.version}) is None:
                row = {"version": consent.version, "text": consent.text}
                _NEW_TEXT.run(connection, row)
            known = {"who": person, "what": consent.version}
            if _CONSENT.first(connection, known) is None:
                row = {"person": person, "version": consent.version}
                _AGREE.run(connection, {**row, "agreed": int(self.clock())})

    def _password_of(self, worker_id: str) -> str | None:
        with self._database.transaction(durable=False) as connection:
            person = _BY_WORKER.first(connection, {"who": worker_id})
        kept: str | None = person and person.password
        return kept

    def _named(self, name: str) -> Any:
        with self._database.transaction(durable=False) as connection:
            return _BY_NAME.first(connection, {"known": _known_as(name)})


def _known_as(name: str) -> str:
    """What two spellings of one name have in common."""
    return unicodedata.normalize("NFKC", name).strip().casefold()
