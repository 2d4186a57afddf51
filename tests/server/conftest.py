"""Servers to talk to, over real sockets."""

import http.client
import secrets
import urllib.parse
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from typing import Any

import attrs
import boto3
import pytest
from argon2 import PasswordHasher
from playwright.sync_api import Browser, BrowserContext, Page

from crowdlab.marketplace import ManualClock
from crowdlab.questions import ExternalQuestion, HTMLQuestion
from crowdlab.server import (
    Consent,
    Entry,
    Key,
    Markets,
    Origins,
    find_origins,
    make_app,
    open_markets,
    running,
)
from crowdlab.server.people import passwords
from tests.postgresql import Cluster, cluster

KEYS = {
    key.access_key: key
    for key in (Key("AKIAANA", "sesame", "ana"), Key("AKIABOB", "open", "bob"))
}
PAGE = """<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Pets</title>
<script src="https://s3.amazonaws.com/mturk-public/externalHIT_v1.js"></script></head>
<body><form id="mturk_form" method="post"
action="https://www.mturk.com/mturk/externalSubmit">
<label>Cat or dog? <input name="animal"></label>
<label><input type="checkbox" name="colour" value="black">black</label>
<label><input type="checkbox" name="colour" value="white">white</label>
<input type="submit" id="submitButton" value="Send"></form>
<script>turkSetAssignmentID()</script></body></html>"""


@attrs.frozen
class Answered:
    """A response, with its body."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()


@attrs.frozen
class Server:
    """A server that runs, and the markets behind it."""

    url: str
    markets: Markets
    origins: Origins

    @property
    def port(self) -> int:
        return int(urllib.parse.urlsplit(self.url).port or 0)

    def client(self, **named: Any) -> Any:
        """A boto3 client; anybody's, unless told whose."""
        given = {
            "region_name": "us-east-1",
            "endpoint_url": self.url,
            "aws_access_key_id": "anybody",
            "aws_secret_access_key": "at all",
        }
        return boto3.client("mturk", **{**given, **named})

    def ask(
        self,
        method: str,
        path: str,
        body: bytes | str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answered:
        """One request, as it is, over a connection of its own."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.request(method, path, body, dict(headers or {}))
            response = connection.getresponse()
            return Answered(
                response.status,
                {name.lower(): value for name, value in response.getheaders()},
                response.read(),
            )
        finally:
            connection.close()

    def post(self, path: str, fields: Mapping[str, Any], **headers: str) -> Answered:
        """Posts a form, as a browser does."""
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        body = urllib.parse.urlencode(fields, doseq=True)
        return self.ask("POST", path, body, {**kind, **headers})


def start(markets: Markets, site: str | None = None, **named: Any) -> Any:
    """A running server for markets."""
    return running(
        lambda port: make_app(markets, find_origins("127.0.0.1", port, site), **named)
    )


@pytest.fixture(autouse=True)
def haste(monkeypatch: pytest.MonkeyPatch) -> None:
    """Passwords are still hashed by Argon2, but without the trouble."""
    quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(passwords, "_hasher", quick)
    monkeypatch.setattr(passwords, "_NOBODYS", quick.hash(""))


@pytest.fixture
def clock() -> ManualClock:
    """The markets' time, which stands still."""
    return ManualClock()


@pytest.fixture
def server(clock: ManualClock) -> Iterator[Server]:
    """An open server with its markets in memory."""
    with open_markets(None, clock) as markets, start(markets) as port:
        origins = find_origins("127.0.0.1", port)
        yield Server(origins.site, markets, origins)


@pytest.fixture
def locked(clock: ManualClock) -> Iterator[Server]:
    """A server with the keys of Ana and Bob."""
    with open_markets(None, clock) as markets, start(markets, keys=KEYS) as port:
        origins = find_origins("127.0.0.1", port)
        yield Server(origins.site, markets, origins)


Publish = Callable[..., str]


@pytest.fixture
def publish(server: Server) -> Publish:
    """Publishes a HIT on the production market of the open server, and gives its id."""

    def publish(question: Any = None, **named: Any) -> str:
        given = {
            "Title": "Cats and dogs",
            "Description": "Say which it is.",
            "Keywords": "pets, pictures",
            "Reward": "0.05",
            "AssignmentDurationInSeconds": 600,
            "LifetimeInSeconds": 86400,
            "MaxAssignments": 1,
            "Question": (question or HTMLQuestion(PAGE, 400)).to_xml(),
        }
        made = server.markets.production.call("CreateHIT", {**given, **named})
        return str(made["HIT"]["HITId"])

    return publish


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A browser of one person."""
    context = browser.new_context(viewport={"width": 1024, "height": 768})
    context.set_default_timeout(8000)
    yield context
    context.close()


@pytest.fixture
def visit(context: BrowserContext, server: Server) -> Callable[..., Page]:
    """Opens the site, signed in; whatever a page complains of fails the test."""

    def visit(name: str = "ana", *, inside: BrowserContext | None = None) -> Page:
        page = (inside or context).new_page()
        page.on("pageerror", lambda error: pytest.fail(str(error)))
        page.goto(server.url)
        page.get_by_label("Your name").fill(name)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url("**/production/")
        return page

    return visit


def external(url: str) -> ExternalQuestion:
    """A question whose page is elsewhere."""
    return ExternalQuestion(url, 300)


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Cluster]:
    """A PostgreSQL server for all tests that need one."""
    with cluster() as running_cluster:
        yield running_cluster


@pytest.fixture
def store(postgresql: Cluster) -> Iterator[str]:
    """The URL of an empty PostgreSQL database."""
    name = f"crowdlab_{secrets.token_hex(4)}"
    yield postgresql.create(name)
    postgresql.drop(name)


Open = Callable[..., Server]


@pytest.fixture
def opened(clock: ManualClock) -> Iterator[Open]:
    """Opens sites with a way in; they share their markets and people."""
    with open_markets(None, clock) as markets, ExitStack() as running:

        def opened(registration: str, text: str = "") -> Server:
            entry = Entry(registration, Consent(text))
            port = running.enter_context(start(markets, entry=entry))
            origins = find_origins("127.0.0.1", port)
            return Server(origins.site, markets, origins)

        yield opened
