"""The three doors, bound for a conformance suite that knows boto3 alone.

A suite is given the name of one, such as ``tests.conformance.binding:http``, in the
variable ``MTURK_CONFORMANCE_BINDING``, and is started in the checkout.
"""

import json
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from decimal import Decimal
from functools import cache
from typing import Any, Protocol

import attrs
import boto3
from botocore.config import Config

import crowdlab.moto
from crowdlab.marketplace import ManualClock, Marketplace
from crowdlab.server import Markets, find_origins, make_app, running
from crowdlab.server.people import People

__all__ = ["Binding", "Population", "http", "in_process", "moto"]

QUEUE = "https://sqs.us-east-1.amazonaws.com/123456789012/events"
ENVIRONMENT = "production"

Document = dict[str, Any]


class MakeClient(Protocol):
    """Makes a boto3 client of the market."""

    def __call__(self, config: Config | None = None) -> Any: ...


@attrs.frozen
class Population:
    """Who works on the market."""

    market: Marketplace

    def new_worker(self, **traits: Any) -> str:
        """Registers a worker with traits, and gives the id."""
        return self.market.register(**traits)

    def request_qualification(
        self,
        worker_id: str,
        qualification_type_id: str,
        answers: Mapping[str, Any] | None = None,
    ) -> None:
        """Lets a worker ask for a Qualification."""
        self.market.request_qualification(worker_id, qualification_type_id, answers)


@attrs.frozen
class Binding:
    """What a suite needs of a market beside a boto3 client.

    Attributes:
        workers: has preview, accept, submit and return_.
        sent_events: gives every notification document so far, oldest first.
    """

    make_client: MakeClient
    workers: Marketplace
    clock: ManualClock
    sent_events: Callable[[], list[Document]]
    notification_destination: Mapping[str, str]
    environment: str = ENVIRONMENT

    @property
    def population(self) -> Population:
        """Registers workers and lets them ask for Qualifications."""
        return Population(self.workers)

    def set_balance(self, amount: str) -> None:
        """Lets the requester have so many dollars to spend."""
        missing = Decimal(amount) - self.workers.balance
        if missing > 0:
            self.workers.deposit(missing)
        elif missing < 0:
            self.workers.withdraw(-missing)

    def add_layout(self, html: str) -> str:
        """Keeps a page with ``${name}`` in it, and gives its HITLayoutId."""
        return self.workers.add_layout(html)


@contextmanager
def in_process() -> Iterator[Binding]:
    """Door 1: a boto3 client whose requests never leave the process."""
    clock = _clock()
    with (
        Marketplace(clock=clock, deliver=_swallow) as market,
        _clients(lambda config: market.client(config=config)) as make_client,
    ):
        yield _bind(make_client, market, clock)


@contextmanager
def http() -> Iterator[Binding]:
    """Door 3: our server on a free port, open to this machine."""
    clock = _clock()
    markets = Markets(
        Marketplace(clock=clock, deliver=_swallow),
        Marketplace(clock=clock, environment="sandbox"),
        People(None, clock),
    )

    def client(config: Config | None) -> Any:
        return _session().client(
            "mturk", region_name="us-east-1", endpoint_url=origins.site, config=config
        )

    with (
        markets,
        running(lambda p: make_app(markets, find_origins("127.0.0.1", p))) as port,
        _clients(client) as make_client,
    ):
        origins = find_origins("127.0.0.1", port)
        yield _bind(make_client, markets.production, clock)


@contextmanager
def moto() -> Iterator[Binding]:
    """Door 2: boto3 under moto, with a queue of the same mock for notifications."""
    clock = _clock()
    with (
        crowdlab.moto.mock_aws(config={"mturk": {"clock": clock}}),
        _clients(
            lambda config: boto3.client("mturk", "us-east-1", config=config)
        ) as make_client,
        closing(boto3.client("sqs", "us-east-1")) as sqs,
    ):
        queue = sqs.create_queue(QueueName="events")["QueueUrl"]
        market = crowdlab.moto.marketplace(environment=ENVIRONMENT)
        received: list[Document] = []

        def sent_events() -> list[Document]:
            received.extend(_drain(sqs, queue))
            return list(received)

        yield _bind(make_client, market, clock, sent_events, queue)


def _bind(
    make_client: MakeClient,
    market: Marketplace,
    clock: ManualClock,
    sent_events: Callable[[], list[Document]] | None = None,
    queue: str = QUEUE,
) -> Binding:
    return Binding(
        make_client,
        market,
        clock,
        sent_events or market.sent_events,
        {"Transport": "SQS", "Destination": queue},
    )


def _clock() -> ManualClock:
    return ManualClock(int(time.time()))


def _swallow(_transport: str, _destination: str, _document: object) -> None:
    """Delivers nowhere: what was sent is read from the market."""


def _drain(sqs: Any, queue: str) -> Iterator[Document]:
    while True:
        arrived = sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10)
        messages = arrived.get("Messages", [])
        if not messages:
            return
        for message in messages:
            sqs.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])
            yield json.loads(message["Body"])


@contextmanager
def _clients(make: Callable[[Config | None], Any]) -> Iterator[MakeClient]:
    """Clients that are closed at the end, their sockets with them."""
    with ExitStack() as stack:

        def make_client(config: Config | None = None) -> Any:
            return stack.enter_context(closing(make(config)))

        yield make_client


@cache
def _session() -> boto3.session.Session:
    """One that has read the API's model already."""
    return boto3.session.Session(
        aws_access_key_id="anybody",
        aws_secret_access_key="at all",  # noqa: S106 - the server is open
    )
