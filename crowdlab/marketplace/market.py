"""The marketplace: one engine behind every door."""

import hashlib
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from time import time
from types import TracebackType
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, Self, TypeVar

import sqlalchemy as sa
from sqlalchemy import bindparam

from crowdlab.accounting.fees import MTURK, NO_FEES, FeeSchedule
from crowdlab.database import Database
from crowdlab.errors import BadInput, MTurkError
from crowdlab.marketplace import (
    accounts,
    board,
    layouts,
    messages,
    panels,
    problems,
    qualification_requests,
    work,
    workers,
)
from crowdlab.marketplace.board import AnyQuestion, Group, Offer, Work
from crowdlab.marketplace.call import Call, House, Ids
from crowdlab.marketplace.clock import Clock
from crowdlab.marketplace.couriers import Courier
from crowdlab.marketplace.faults import Faults
from crowdlab.marketplace.frames import Frame
from crowdlab.marketplace.messages import Message
from crowdlab.marketplace.operations import OPERATIONS
from crowdlab.marketplace.outbox import Deliver, Outbox
from crowdlab.marketplace.panels import PARAMETERS, Panel, Participant
from crowdlab.marketplace.problems import Problem
from crowdlab.marketplace.refusals import Refusal
from crowdlab.marketplace.schema import settings
from crowdlab.marketplace.shapes import check
from crowdlab.marketplace.site_schema import MIGRATIONS
from crowdlab.marketplace.sweep import sweep
from crowdlab.marketplace.workers import Traits
from crowdlab.money import from_cents

if TYPE_CHECKING:
    from botocore.config import Config
    from mypy_boto3_mturk import MTurkClient

__all__ = ["ENVIRONMENTS", "Marketplace", "Requester"]

#: What the store of each environment is; on PostgreSQL one database holds both.
KINDS = {"production": "marketplace", "sandbox": "marketplace_sandbox"}
ENVIRONMENTS = tuple(KINDS)
OWNER = "requester"
#: Who acts where no requester does: a worker.
NOBODY = 0

P = ParamSpec("P")
T = TypeVar("T")

_SETTING = sa.select(settings.c.value).where(settings.c.name == bindparam("known"))
_OPENINGS = settings.update().where(settings.c.name == "openings")


class Marketplace:
    """A marketplace in the process: where HITs live, and workers find them.

    It speaks the requester API of Mechanical Turk: :meth:`call` takes an operation and
    its parameters as boto3 would send them, and :meth:`client` gives a real boto3
    client. What workers do are its other methods. Time passes by its clock, and what
    is due by then (abandonment, expiry, approval) happens when somebody next calls.
    Its ``faults`` let it falter on demand.

    Args:
        path: a file that keeps it all, an SQLAlchemy URL, or ``None`` for memory.
        clock: gives the seconds since 1970; the computer's by default.
        seed: makes ids repeatable; or what they are drawn from.
        environment: ``production``, where money is counted, or ``sandbox``.
        deliver: brings notifications to their destinations: it is given the transport,
            the destination and the document. By default boto3 does, where a HIT type's
            notifications name a queue or a topic.

    Raises:
        StoreError: the file cannot be used.

    Example:
        >>> market = Marketplace(seed=1)
        >>> market.call("GetAccountBalance", {})
        {'AvailableBalance': '10000.00'}
    """

    def __init__(
        self,
        path: str | Path | None = None,
        clock: Clock | None = None,
        seed: int | random.Random | None = None,
        *,
        environment: str = "production",
        deliver: Deliver | None = None,
    ) -> None:
        if environment not in ENVIRONMENTS:
            choices = ", ".join(ENVIRONMENTS)
            raise BadInput(f"environment: {environment!r} is none of {choices}")
        self.clock: Clock = clock or time
        self.environment = environment
        self.faults = Faults()
        self._database = Database(path, kind=KINDS[environment], migrations=MIGRATIONS)
        with self._database.transaction() as connection:
            self._house = _furnish(connection, environment, seed)
        self._outbox = Outbox(
            self._database, self.clock, self._house.mail, deliver or Courier()
        )
        self._requester = Requester(self, self._key_of(OWNER))

    def __repr__(self) -> str:
        """Says where it is kept, and whether money counts."""
        return f"Marketplace({self._database.location!r}, {self.environment!r})"

    @property
    def location(self) -> str:
        """Where it is kept."""
        return self._database.location

    @property
    def fees(self) -> FeeSchedule:
        """What it takes beyond rewards and bonuses."""
        return self._house.fees

    def __enter__(self) -> Self:
        """Itself; it is closed at the end of the block."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Closes the store."""
        self.close()

    def close(self) -> None:
        """Closes the store; nothing is lost."""
        self._database.close()

    @contextmanager
    def group(self) -> Iterator[None]:
        """Many calls that become durable together, which is much quicker.

        An error that leaves the block undoes all of them.
        """
        with self._database.transaction():
            yield
        self._outbox.empty()

    # The requester's side.

    def call(self, operation: str, params: Mapping[str, Any]) -> dict[str, Any]:
        """Does an operation of the API for the owner of this marketplace.

        Raises:
            MTurkError: the operation is refused.
        """
        return self._requester.call(operation, params)

    def client(self, *, config: "Config | None" = None) -> "MTurkClient":
        """A real boto3 client whose requests come here, without any network.

        ``config`` is botocore's, for one who has retries of their own.
        """
        return self._requester.client(config=config)

    def requester(self, name: str) -> "Requester":
        """The side of another requester, with HITs and money of their own."""
        return Requester(self, self._key_of(name))

    def add_layout(self, html: str, *, frame_height: int = 0) -> str:
        """Keeps a page with ``${name}`` in it for the owner's HITs; its HITLayoutId.

        A fragment of a page becomes a page with a form, as on MTurk's website.

        Raises:
            BadInput: the page is empty, or the height below zero.
        """
        return self._requester.add_layout(html, frame_height=frame_height)

    def sent_events(self) -> list[dict[str, Any]]:
        """The documents of all notifications delivered so far, oldest first."""
        return self._outbox.sent()

    def deposit(self, amount: str | int | Decimal) -> None:
        """Puts dollars into the owner's account.

        Raises:
            BadMoney: it is no exact positive amount.
        """
        self._requester.deposit(amount)

    def withdraw(self, amount: str | int | Decimal) -> None:
        """Takes dollars out of the owner's account again.

        Raises:
            BadMoney: it is nothing, or more than the balance.
        """
        self._requester.withdraw(amount)

    @property
    def balance(self) -> Decimal:
        """What the owner may still spend."""
        return self._requester.balance

    # The worker's side.

    def register(
        self,
        worker_id: str | None = None,
        *,
        country: str = "US",
        subdivision: str | None = None,
        approved: int = 0,
        percent: int = 100,
        masters: bool = False,
        adult: bool = False,
    ) -> str:
        """Lets a worker in, and gives their id; a second time changes nothing.

        Args:
            worker_id: an A, then capitals and digits; a new one by default.
            country: where they live, by its ISO 3166 code.
            subdivision: the state, by its ISO 3166-2 code, where that is known.
            approved: how many of their assignments were approved elsewhere.
            percent: how many in a hundred of those they submitted were.
            masters: whether they are a Master.
            adult: whether they agreed to see what is not for children.

        Raises:
            BadInput: there can be no such worker.
        """
        traits = Traits(
            country=country,
            subdivision=subdivision,
            approved=approved,
            percent=percent,
            masters=masters,
            adult=adult,
        )
        return self._act(NOBODY, workers.register, worker_id, traits)

    def search(self, worker_id: str, query: str | None = None) -> list[Group]:
        """The groups with work that a worker may discover and take, newest first.

        A query finds those with the text in their title, description or keywords.
        """
        return self._act(NOBODY, board.find_groups, worker_id, query=query)

    def request_qualification(
        self,
        worker_id: str,
        qualification_type_id: str,
        answers: work.Fields | None = None,
    ) -> int | None:
        """Asks for a Qualification, with the answers of its test where it has one.

        Gives its value where it is granted at once, ``None`` where the requester will
        decide.

        Raises:
            WorkRefused: it is not to be had, or not yet again.
        """
        return self._act(
            NOBODY,
            qualification_requests.request_qualification,
            worker_id,
            qualification_type_id,
            answers,
        )

    def messages(self, worker_id: str) -> list[Message]:
        """What a worker was told by requesters, the newest first."""
        return self._act(NOBODY, messages.received, worker_id)

    def preview(
        self, worker_id: str, hit_id: str, *, submit_to: str | None = None
    ) -> Frame:
        """What a worker sees of a HIT before accepting it.

        ``submit_to`` is the origin of the site that serves pages and takes answers;
        by default Mechanical Turk's own.

        Raises:
            WorkRefused: there is no such HIT, or not for them.
        """
        return self._act(NOBODY, board.preview, worker_id, hit_id, submit_to)

    def accept(self, worker_id: str, hit_id: str) -> str:
        """Takes an assignment for a worker, and gives its id.

        Raises:
            WorkRefused: there is none for them.
        """
        return self._act(NOBODY, work.accept, worker_id, hit_id)

    def submit(self, worker_id: str, assignment_id: str, fields: work.Fields) -> bool:
        """Hands in a worker's answer; a second time changes nothing and gives ``False``.

        The fields are what the page's form would post, or for the choices of a
        QuestionForm the list of selection identifiers.

        Raises:
            WorkRefused: it is not theirs to submit, or no longer.
        """
        return self._act(NOBODY, work.submit, worker_id, assignment_id, fields)

    def return_(self, worker_id: str, assignment_id: str) -> None:
        """Gives an assignment back.

        Raises:
            WorkRefused: it is not theirs to return.
        """
        self._act(NOBODY, work.return_, worker_id, assignment_id)

    # What a site needs beside.

    def groups(self, worker_id: str, group_id: str = "") -> list[Group]:
        """The groups with work for a worker, newest first; or only one of them."""
        return self._act(NOBODY, board.find_groups, worker_id, group_id)

    def offer(
        self, worker_id: str, hit_id: str, *, submit_to: str | None = None
    ) -> Offer:
        """A HIT as a worker sees it before accepting it, with its terms.

        Raises:
            WorkRefused: there is no such HIT, or not for them.
        """
        return self._act(NOBODY, board.find_offer, worker_id, hit_id, submit_to)

    def queue(self, worker_id: str, *, submit_to: str | None = None) -> list[Work]:
        """What a worker has accepted and not yet submitted, most urgent first."""
        return self._act(NOBODY, board.find_queue, worker_id, submit_to)

    def work(
        self, worker_id: str, assignment_id: str, *, submit_to: str | None = None
    ) -> Work:
        """An assignment as its worker sees it.

        Raises:
            WorkRefused: the worker has none such.
        """
        return self._act(NOBODY, board.find_work, worker_id, assignment_id, submit_to)

    def worker_of(self, assignment_id: str) -> str:
        """The id of the worker who accepted an assignment.

        Raises:
            WorkRefused: there is no such assignment.
        """
        return self._act(NOBODY, board.find_owner, assignment_id)

    def question(self, hit_id: str) -> AnyQuestion:
        """The question of a HIT, for those who put it on a page.

        Raises:
            WorkRefused: there is no such HIT.
        """
        return self._act(NOBODY, board.find_question, hit_id)

    def visit(
        self, act: Callable[Concatenate[Call, P], T], *values: P.args, **named: P.kwargs
    ) -> T:
        """What one of the functions of this room does or finds for a worker."""
        return self._act(NOBODY, act, *values, **named)

    def sign(self, text: str) -> str:
        """A signature of a text that whoever opens this marketplace's store can make."""
        key = self._house.secret
        return hashlib.blake2b(text.encode(), key=key, digest_size=16).hexdigest()

    def _act(
        self,
        requester: int,
        act: Callable[Concatenate[Call, P], T],
        *values: P.args,
        **named: P.kwargs,
    ) -> T:
        with self._database.transaction() as connection:
            call = Call(connection, int(self.clock()), requester, self._house)
            sweep(call)
            result = act(call, *values, **named)
        self._outbox.empty()
        return result

    def _key_of(self, name: str) -> int:
        return self._act(NOBODY, accounts.find_requester, name)

    def _operate(
        self, requester: int, operation: str, params: Mapping[str, Any]
    ) -> dict[str, Any]:
        try:
            with self.faults.around(operation):
                check(operation, params)
                return self._act(requester, OPERATIONS[operation], params)
        except Refusal as refusal:
            raise self._stamped(refusal) from None

    def _stamped(self, refusal: Refusal) -> MTurkError:
        text = refusal.text
        if refusal.stamped:
            unit = " s" if self._house.is_sandbox else ""
            text += f" ({int(self.clock() * 1000)}{unit})"
        return MTurkError(
            refusal.code, text, turk_code=refusal.full_turk_code, status=refusal.status
        )


class Requester:
    """One requester's side of a marketplace: the API, and an account."""

    def __init__(self, market: Marketplace, key: int) -> None:
        self._market, self._key = market, key

    @property
    def location(self) -> str:
        """Where the marketplace is kept."""
        return self._market.location

    @property
    def fees(self) -> FeeSchedule:
        """What the marketplace takes beyond rewards and bonuses."""
        return self._market.fees

    def call(self, operation: str, params: Mapping[str, Any]) -> dict[str, Any]:
        """Does an operation of the API for this requester.

        Raises:
            MTurkError: the operation is refused.
        """
        return self._market._operate(self._key, operation, params)  # noqa: SLF001 - ours

    def read(
        self,
        find: Callable[Concatenate[Call, P], T],
        *values: P.args,
        **named: P.kwargs,
    ) -> T:
        """What one of the finding functions of this room finds for this requester."""
        return self._market._act(self._key, find, *values, **named)  # noqa: SLF001 - ours

    @contextmanager
    def group(self) -> Iterator[None]:
        """Many calls that become durable together."""
        with self._market.group():
            yield

    def client(self, *, config: "Config | None" = None) -> "MTurkClient":
        """A real boto3 client whose requests come here, without any network."""
        from crowdlab.marketplace.boto import bound_client  # noqa: PLC0415 - slow import

        return bound_client(self.call, self._market.environment, config)

    def add_layout(self, html: str, *, frame_height: int = 0) -> str:
        """Keeps a page with ``${name}`` in it, and gives its HITLayoutId."""
        return self._market._act(self._key, layouts.add_layout, html, frame_height)  # noqa: SLF001 - ours

    def open_panel(
        self,
        work: str,
        *,
        completion_url: str,
        completion_code: str,
        most: int | None = None,
        parameters: Sequence[str] = PARAMETERS,
    ) -> Panel:
        """Opens a way in for people of another site; see :mod:`~crowdlab.marketplace.panels`.

        Args:
            work: the name of a batch, or the id of a HIT type, its group or a HIT of it.
            completion_url: where people go when they are done.
            completion_code: what they show there.
            most: how many assignments are enough; all there are by default.
            parameters: how the link calls participant, study and session.

        Raises:
            BadInput: there can be no such panel.
            NotFound: this requester has no such work.
        """
        return self.read(
            panels.open_panel,
            work,
            completion_url=completion_url,
            completion_code=completion_code,
            most=most,
            parameters=parameters,
        )

    def close_panel(self, name: str) -> None:
        """Lets nobody new in through a panel; who is in can finish."""
        self.read(panels.close_panel, name)

    def panels(self) -> list[Panel]:
        """The panels that were opened, newest first."""
        return self.read(panels.find_panels)

    def participants(self, name: str) -> list[Participant]:
        """Who came through a panel: personal data of the other site."""
        return self.read(panels.find_participants, name)

    def problems(self, hit_id: str = "") -> list[Problem]:
        """What workers reported about the HITs, or about one, newest first."""
        return self.read(problems.find_problems, hit_id)

    def deposit(self, amount: str | int | Decimal) -> None:
        """Puts dollars into the account."""
        self._market._act(self._key, accounts.deposit, amount)  # noqa: SLF001 - ours

    def withdraw(self, amount: str | int | Decimal) -> None:
        """Takes dollars out of the account again."""
        self._market._act(self._key, accounts.withdraw, amount)  # noqa: SLF001 - ours

    @property
    def balance(self) -> Decimal:
        """What may still be spent."""
        return from_cents(self._market._act(self._key, accounts.available))  # noqa: SLF001 - ours


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
