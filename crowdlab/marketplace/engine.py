"""What runs a marketplace: one transaction for each call, with the time that it is."""

import hashlib
import random
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

import sqlalchemy as sa
from sqlalchemy import bindparam

from crowdlab.accounting.fees import MTURK, NO_FEES
from crowdlab.database import Database
from crowdlab.errors import BadInput, MTurkError
from crowdlab.marketplace.call import Call, House, Ids
from crowdlab.marketplace.clock import Clock
from crowdlab.marketplace.faults import Faults
from crowdlab.marketplace.operations import OPERATIONS
from crowdlab.marketplace.outbox import Deliver, Outbox
from crowdlab.marketplace.refusals import Refusal
from crowdlab.marketplace.schema import settings
from crowdlab.marketplace.shapes import check
from crowdlab.marketplace.site_schema import MIGRATIONS
from crowdlab.marketplace.sweep import sweep

__all__ = ["ENVIRONMENTS", "NOBODY", "Engine"]

#: What the store of each environment is; on PostgreSQL one database holds both.
KINDS = {"production": "marketplace", "sandbox": "marketplace_sandbox"}
ENVIRONMENTS = tuple(KINDS)
#: Who acts where no requester does: a worker.
NOBODY = 0

P = ParamSpec("P")
T = TypeVar("T")

_SETTING = sa.select(settings.c.value).where(settings.c.name == bindparam("known"))
_OPENINGS = settings.update().where(settings.c.name == "openings")


class Engine:
    """The store of a marketplace, its clock, and what is due whenever somebody calls.

    Attributes:
        database: the store.
        clock: gives the seconds since 1970.
        faults: what fails on demand.
        house: what is the same for every call.
        outbox: the notifications that wait for their delivery.

    Args:
        path: a file that keeps it all, an SQLAlchemy URL, or ``None`` for memory.
        clock: likewise.
        seed: makes ids repeatable; or what they are drawn from.
        environment: one of :data:`ENVIRONMENTS`.
        deliver: brings notifications to their destinations.
    """

    def __init__(
        self,
        path: str | Path | None,
        clock: Clock,
        seed: int | random.Random | None,
        environment: str,
        deliver: Deliver,
    ) -> None:
        if environment not in ENVIRONMENTS:
            choices = ", ".join(ENVIRONMENTS)
            raise BadInput(f"environment: {environment!r} is none of {choices}")
        self.clock, self.faults = clock, Faults()
        self.database = Database(path, kind=KINDS[environment], migrations=MIGRATIONS)
        with self.database.transaction() as connection:
            self.house = _furnish(connection, environment, seed)
        self.outbox = Outbox(self.database, clock, self.house.mail, deliver)

    @contextmanager
    def group(self) -> Iterator[None]:
        """Many calls that become durable together; an error undoes all of them."""
        with self.database.transaction():
            yield
        self.outbox.empty()

    def act(
        self,
        requester: int,
        act: Callable[Concatenate[Call, P], T],
        *values: P.args,
        **named: P.kwargs,
    ) -> T:
        """What an act gives, done for a requester, after all that was due by now."""
        with self.database.transaction() as connection:
            call = Call(connection, int(self.clock()), requester, self.house)
            sweep(call)
            result = act(call, *values, **named)
        self.outbox.empty()
        return result

    def operate(
        self, requester: int, operation: str, params: Mapping[str, Any]
    ) -> dict[str, Any]:
        """Does an operation of the API for a requester.

        Raises:
            MTurkError: it is refused.
        """
        try:
            with self.faults.around(operation):
                check(operation, params)
                return self.act(requester, OPERATIONS[operation], params)
        except Refusal as refusal:
            raise self._stamped(refusal) from None

    def sign(self, text: str) -> str:
        """A signature of a text that whoever opens the store can make."""
        key = self.house.secret
        return hashlib.blake2b(text.encode(), key=key, digest_size=16).hexdigest()

    def _stamped(self, refusal: Refusal) -> MTurkError:
        text = refusal.text
        if refusal.stamped:
            unit = " s" if self.house.is_sandbox else ""
            text += f" ({int(self.clock() * 1000)}{unit})"
        return MTurkError(
            refusal.code, text, turk_code=refusal.full_turk_code, status=refusal.status
        )


def _furnish(
    connection: sa.Connection, environment: str, seed: int | random.Random | None
) -> House:
    secret = connection.execute(_SETTING, {"known": "secret"}).scalar_one()
    fees = NO_FEES if environment == "sandbox" else MTURK
    ids = Ids(_source(connection, seed))
    return House(environment, fees, ids, bytes.fromhex(secret))


def _source(
    connection: sa.Connection, seed: int | random.Random | None
) -> random.Random:
    if seed is None:
        return random.SystemRandom()
    if isinstance(seed, random.Random):
        return seed
    # Ids must not repeat when a file is opened again with the same seed.
    return random.Random(f"{seed}/{_opening(connection)}")  # noqa: S311 - names


def _opening(connection: sa.Connection) -> int:
    number = int(connection.execute(_SETTING, {"known": "openings"}).scalar() or 0) + 1
    row = {"name": "openings", "value": str(number)}
    statement = settings.insert() if number == 1 else _OPENINGS
    connection.execute(statement.values(row))
    return number
