"""The marketplace: one engine behind every door."""

import random
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from time import time
from types import TracebackType
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, Self, TypeVar

from crowdlab.accounting.fees import FeeSchedule
from crowdlab.marketplace import (
    board,
    messages,
    qualification_requests,
    queue,
    work,
    workers,
)
from crowdlab.marketplace.board import AnyQuestion, Group, Offer
from crowdlab.marketplace.call import Call
from crowdlab.marketplace.clock import Clock
from crowdlab.marketplace.couriers import Courier
from crowdlab.marketplace.engine import ENVIRONMENTS, NOBODY, Engine
from crowdlab.marketplace.frames import Frame
from crowdlab.marketplace.messages import Message
from crowdlab.marketplace.outbox import Deliver
from crowdlab.marketplace.queue import Work
from crowdlab.marketplace.requester import Requester
from crowdlab.marketplace.workers import Traits

if TYPE_CHECKING:
    from botocore.config import Config
    from mypy_boto3_mturk import MTurkClient

__all__ = ["ENVIRONMENTS", "OWNER", "Marketplace"]

#: The account of whoever opens a marketplace.
OWNER = "requester"

P = ParamSpec("P")
T = TypeVar("T")


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
        self._engine = Engine(
            path, clock or time, seed, environment, deliver or Courier()
        )
        self.environment = environment
        self.clock, self.faults = self._engine.clock, self._engine.faults
        self._owner = self.requester(OWNER)

    def __repr__(self) -> str:
        """Says where it is kept, and whether money counts."""
        return f"Marketplace({self.location!r}, {self.environment!r})"

    @property
    def location(self) -> str:
        """Where it is kept."""
        return self._engine.database.location

    @property
    def fees(self) -> FeeSchedule:
        """What it takes beyond rewards and bonuses."""
        return self._engine.house.fees

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
        self._engine.database.close()

    @contextmanager
    def group(self) -> Iterator[None]:
        """Many calls that become durable together, which is much quicker.

        An error that leaves the block undoes all of them.
        """
        with self._engine.group():
            yield

    # The requester's side.

    def call(self, operation: str, params: Mapping[str, Any]) -> dict[str, Any]:
        """Does an operation of the API for the owner of this marketplace.

        Raises:
            MTurkError: the operation is refused.
        """
        return self._owner.call(operation, params)

    def client(self, *, config: "Config | None" = None) -> "MTurkClient":
        """A real boto3 client whose requests come here, without any network.

        ``config`` is botocore's, for one who has retries of their own.
        """
        return self._owner.client(config=config)

    def requester(self, name: str) -> "Requester":
        """The side of another requester, with HITs and money of their own."""
        return Requester(self._engine, name)

    def add_layout(self, html: str, *, frame_height: int = 0) -> str:
        """Keeps a page with ``${name}`` in it for the owner's HITs; its HITLayoutId.

        A fragment of a page becomes a page with a form, as on MTurk's website.

        Raises:
            BadInput: the page is empty, or the height below zero.
        """
        return self._owner.add_layout(html, frame_height=frame_height)

    def sent_events(self) -> list[dict[str, Any]]:
        """The documents of all notifications delivered so far, oldest first."""
        return self._engine.outbox.sent()

    def deposit(self, amount: str | int | Decimal) -> None:
        """Puts dollars into the owner's account.

        Raises:
            BadMoney: it is no exact positive amount.
        """
        self._owner.deposit(amount)

    def withdraw(self, amount: str | int | Decimal) -> None:
        """Takes dollars out of the owner's account again.

        Raises:
            BadMoney: it is nothing, or more than the balance.
        """
        self._owner.withdraw(amount)

    @property
    def balance(self) -> Decimal:
        """What the owner may still spend."""
        return self._owner.balance

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
        return self.visit(workers.register, worker_id, traits)

    def search(self, worker_id: str, query: str | None = None) -> list[Group]:
        """The groups with work that a worker may discover and take, newest first.

        A query finds those with the text in their title, description or keywords.
        """
        return self.visit(board.find_groups, worker_id, query=query)

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
        return self.visit(
            qualification_requests.request_qualification,
            worker_id,
            qualification_type_id,
            answers,
        )

    def messages(self, worker_id: str) -> list[Message]:
        """What a worker was told by requesters, the newest first."""
        return self.visit(messages.received, worker_id)

    def preview(
        self, worker_id: str, hit_id: str, *, submit_to: str | None = None
    ) -> Frame:
        """What a worker sees of a HIT before accepting it.

        ``submit_to`` is the origin of the site that serves pages and takes answers;
        by default Mechanical Turk's own.

        Raises:
            WorkRefused: there is no such HIT, or not for them.
        """
        return self.visit(board.preview, worker_id, hit_id, submit_to)

    def accept(self, worker_id: str, hit_id: str) -> str:
        """Takes an assignment for a worker, and gives its id.

        Raises:
            WorkRefused: there is none for them.
        """
        return self.visit(work.accept, worker_id, hit_id)

    def submit(self, worker_id: str, assignment_id: str, fields: work.Fields) -> bool:
        """Hands in a worker's answer; a second time changes nothing and gives ``False``.

        The fields are what the page's form would post, or for the choices of a
        QuestionForm the list of selection identifiers.

        Raises:
            WorkRefused: it is not theirs to submit, or no longer.
        """
        return self.visit(work.submit, worker_id, assignment_id, fields)

    def return_(self, worker_id: str, assignment_id: str) -> None:
        """Gives an assignment back.

        Raises:
            WorkRefused: it is not theirs to return.
        """
        self.visit(work.return_, worker_id, assignment_id)

    # What a site needs beside.

    def groups(self, worker_id: str, group_id: str = "") -> list[Group]:
        """The groups with work for a worker, newest first; or only one of them."""
        return self.visit(board.find_groups, worker_id, group_id)

    def offer(
        self, worker_id: str, hit_id: str, *, submit_to: str | None = None
    ) -> Offer:
        """A HIT as a worker sees it before accepting it, with its terms.

        Raises:
            WorkRefused: there is no such HIT, or not for them.
        """
        return self.visit(board.find_offer, worker_id, hit_id, submit_to)

    def queue(self, worker_id: str, *, submit_to: str | None = None) -> list[Work]:
        """What a worker has accepted and not yet submitted, most urgent first."""
        return self.visit(queue.find_queue, worker_id, submit_to)

    def work(
        self, worker_id: str, assignment_id: str, *, submit_to: str | None = None
    ) -> Work:
        """An assignment as its worker sees it.

        Raises:
            WorkRefused: the worker has none such.
        """
        return self.visit(queue.find_work, worker_id, assignment_id, submit_to)

    def worker_of(self, assignment_id: str) -> str:
        """The id of the worker who accepted an assignment.

        Raises:
            WorkRefused: there is no such assignment.
        """
        return self.visit(queue.find_owner, assignment_id)

    def question(self, hit_id: str) -> AnyQuestion:
        """The question of a HIT, for those who put it on a page.

        Raises:
            WorkRefused: there is no such HIT.
        """
        return self.visit(board.find_question, hit_id)

    def visit(
        self, act: Callable[Concatenate[Call, P], T], *values: P.args, **named: P.kwargs
    ) -> T:
        """What one of the functions of this room does or finds for a worker."""
        return self._engine.act(NOBODY, act, *values, **named)

    def sign(self, text: str) -> str:
        """A signature of a text that whoever opens this marketplace's store can make."""
        return self._engine.sign(text)
