"""What an operation works with: one requester's request at one moment."""

import random
import string
import threading
from collections.abc import Mapping
from typing import Any

import attrs
import sqlalchemy as sa

from crowdlab.accounting.fees import FeeSchedule
from crowdlab.database import Statement
from crowdlab.marketplace.clock import moment

__all__ = ["Call", "House", "Ids", "Params", "Reply", "Row", "at", "present"]

Params = Mapping[str, Any]
Reply = dict[str, Any]
#: A row of the store: a named tuple whose fields depend on the statement.
Row = Any

_LETTERS = string.ascii_uppercase + string.digits


class Ids:
    """Names as MTurk makes them: capitals and digits, behind a letter of their kind.

    Example:
        >>> ids = Ids(random.Random(1))
        >>> len(ids.new("3")), ids.new("A", 14)
        (30, 'A1A01787WHCW11')
    """

    def __init__(self, source: random.Random) -> None:
        self._draw = source.getrandbits

    def new(self, first: str, length: int = 30) -> str:
        """A name of that length which begins so."""
        n_letters = length - len(first)
        # One number for all letters: asking the system for each is ten times as slow.
        number = self._draw(8 * n_letters)
        letters = []
        for _ in range(n_letters):
            number, letter = divmod(number, len(_LETTERS))
            letters.append(_LETTERS[letter])
        return first + "".join(letters)


@attrs.frozen
class House:
    """What is the same for every request to one marketplace.

    Attributes:
        environment: ``production``, or ``sandbox`` where nothing costs anything.
        secret: signs the tokens that are given out.
        mail: set while notifications may wait for their delivery.
    """

    environment: str
    fees: FeeSchedule
    ids: Ids
    secret: bytes
    mail: threading.Event = attrs.field(factory=threading.Event)

    @property
    def is_sandbox(self) -> bool:
        """Whether money is only pretended."""
        return self.environment == "sandbox"


@attrs.frozen
class Call:
    """One requester's request at one moment, inside its transaction.

    Attributes:
        now: whole seconds since 1970.
        requester: the key of who asks; ``0`` where a worker does.
    """

    connection: sa.Connection
    now: int
    requester: int
    house: House

    def one(self, statement: Statement, **values: Any) -> Row:
        """The first row of what a statement gives, or ``None``."""
        return statement.first(self.connection, values)

    def rows(self, statement: Statement, **values: Any) -> list[Row]:
        """Every row of what a statement gives."""
        return statement.rows(self.connection, values)

    def run(self, statement: Statement, **values: Any) -> None:
        """Executes a statement that gives no rows."""
        statement.run(self.connection, values)

    def insert(self, statement: Statement, **values: Any) -> int:
        """Inserts a row and gives its key."""
        return int(self.one(statement, **values).id)


def present(**members: Any) -> Reply:
    """The members that have a value; the wire leaves the others out."""
    return {name: value for name, value in members.items() if value is not None}


def at(seconds: int | None) -> Any:
    """A moment of the database as a moment of the API, where there is one."""
    return None if seconds is None else moment(seconds)
