"""A server in a process of its own."""

import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from crowdlab.errors import BadInput, MissingExtra
from crowdlab.server import add_key, find_origins, serve
from crowdlab.server.serving import _listening
from tests.server.test_markets import HIT

PROGRAM = """
import sys
from crowdlab.server import serve
serve(**eval(sys.argv[1]))
"""


class Process:
    """A server in a process, and what it says on standard error."""

    def __init__(self, **settings: Any) -> None:
        self.lines: list[str] = []
        self.process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, repr({"port": 0, **settings})],
            stderr=subprocess.PIPE,
            text=True,
        )
        self.url = self._ready()

    def _ready(self) -> str:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self.lines.append(line)
            if "ready at " in line:
                return line.partition("ready at ")[2].strip()
        pytest.fail("".join(self.lines))

    def client(self, key: str = "any", secret: str = "any", **named: Any) -> Any:  # noqa: S107 - nobody's
        return boto3.client(
            "mturk",
            region_name="us-east-1",
            endpoint_url=self.url,
            aws_access_key_id=key,
            aws_secret_access_key=secret,
            **named,
        )

    def end(self, number: int = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        assert self.process.stderr is not None
        with self.process.stderr as stream:
            self.lines.extend(stream)
        return self.process.wait(timeout=20)


@pytest.fixture
def launch() -> Iterator[Callable[..., Process]]:
    """Starts servers, and sees to it that none outlives the test."""
    started: list[Process] = []

    def launch(**settings: Any) -> Process:
        started.append(Process(**settings))
        return started[-1]

    yield launch
    for each in started:
        if each.process.poll() is None:
            each.process.kill()
            each.end()


Launch = Callable[..., Process]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_server_stops_in_peace(launch: Launch, number: int) -> None:
    """Told to stop, it ends well and says nothing of it."""
    server = launch()
    server.client().get_account_balance()

    assert server.end(number) == 0
    assert "Traceback" not in "".join(server.lines)


def test_a_killed_server_loses_nothing(launch: Launch, tmp_path: Path) -> None:
    """What was acknowledged is there when the server was killed and runs again."""
    server = launch(store=str(tmp_path))
    hit_id = server.client().create_hit(**HIT)["HIT"]["HITId"]
    server.end(signal.SIGKILL)

    again = launch(store=str(tmp_path))

    assert again.client().get_hit(HITId=hit_id)["HIT"]["Title"] == HIT["Title"]


def test_an_open_server_says_so(launch: Launch) -> None:
    """Who starts a server without keys is told what that means."""
    assert "OPEN" in "".join(launch().lines)


def test_a_server_with_keys_asks_for_them(launch: Launch, tmp_path: Path) -> None:
    """With a file of keys only they are let in."""
    key = add_key(tmp_path / "keys.toml", "ana")
    server = launch(keys=str(tmp_path / "keys.toml"))

    assert "OPEN" not in "".join(server.lines)
    assert server.client(key.access_key, key.secret).get_account_balance()
    with pytest.raises(ClientError, match="UnrecognizedClientException"):
        server.client().get_account_balance()


def test_a_server_falters_as_told(launch: Launch, tmp_path: Path) -> None:
    """A file of faults reaches the clients."""
    file = tmp_path / "faults.toml"
    file.write_text('[[fault]]\nkind = "fail_before"\noperation = "ListHITs"\n')
    client = launch(faults=str(file)).client()

    assert client.get_account_balance()
    with pytest.raises(ClientError, match="ServiceFault"):
        client.list_hits()


def test_a_locked_out_port_is_named(launch: Launch) -> None:
    """Where another program listens, the error says where."""
    port = int(launch().url.rpartition(":")[2])

    with pytest.raises(BadInput, match=f"127.0.0.1:{port}"):
        serve(port=port)


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "crowd.example.org", "::"])  # noqa: S104
def test_an_open_server_serves_this_machine_only(host: str) -> None:
    """Without keys no other machine may connect."""
    with pytest.raises(BadInput, match="without keys"):
        serve(host=host, port=0)


@pytest.mark.parametrize(
    ("settings", "complaint"),
    [
        ({"environment": "staging"}, "environment: 'staging'"),
        ({"site": "crowd.example.org"}, "site: 'crowd.example.org'"),
        ({"frames": "https://tasks.example.org/tasks"}, "frames"),
        ({"keys": "/nowhere/keys.toml"}, "/nowhere/keys.toml"),
        ({"faults": "/nowhere/faults.toml"}, "/nowhere/faults.toml"),
        ({"registration": "anybody"}, "names, open, invitation, closed"),
        ({"consent": "/nowhere/consent.txt"}, "/nowhere/consent.txt"),
        ({"registration": "names", "proxy": "127.0.0.1"}, "without passwords"),
        ({"registration": "names", "site": "https://a.org"}, "without passwords"),
    ],
)
def test_a_setting_that_cannot_be_is_named(
    settings: dict[str, Any], complaint: str
) -> None:
    """What cannot be served is refused before anything is."""
    with pytest.raises(BadInput, match=complaint):
        serve(port=0, **settings)


@pytest.mark.parametrize(
    ("settings", "way_in"),
    [
        ({}, "whoever gives a name"),
        ({"site": "https://crowd.example.org"}, "who was invited"),
        ({"proxy": "127.0.0.1"}, "who was invited"),
        ({"registration": "open"}, "whoever registers"),
    ],
)
def test_who_may_come_is_told(
    launch: Launch, settings: dict[str, str], way_in: str
) -> None:
    """Where others can reach the site nobody gets in by a name alone."""
    assert way_in in "".join(launch(**settings).lines)


def test_the_two_names_of_this_machine_keep_pages_apart() -> None:
    """On one machine the site and the task pages get a host name each."""
    origins = find_origins("127.0.0.1", 5001)

    assert origins.are_apart
    assert find_origins("localhost", 5001).frames == "http://127.0.0.1:5001"


def test_where_there_is_one_name_pages_share_it() -> None:
    """A server that is known by one name only says so."""
    assert not find_origins("192.0.2.1", 80).are_apart
    assert find_origins("192.0.2.1", 80, "https://a.org", "https://b.org").are_apart


def test_a_missing_extra_is_explained() -> None:
    """Without Starlette the error says what to install."""
    program = "import sys; sys.modules['starlette'] = None\nimport crowdlab.server"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )

    assert f"{MissingExtra.__name__}: " in done.stderr
    assert "pip install 'crowdlab[server]'" in done.stderr


def test_an_answer_is_sent_at_once() -> None:
    """Connections do not wait for a packet to be acknowledged before the next."""
    with _listening("127.0.0.1", 0) as listener:
        assert listener.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
