"""Mechanical Turk in moto's server, over real sockets."""

import http.client
import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore import UNSIGNED
from botocore.config import Config
from botocore.exceptions import ClientError, ConnectionClosedError
from moto.core.config import default_user_config
from moto.server import ThreadedMotoServer

from crowdlab.moto import marketplace, register
from tests.marketplace.steps import do, hit_parameters

ONCE = Config(retries={"total_max_attempts": 1, "mode": "standard"})
LIST_HITS = "MTurkRequesterServiceV20170117.ListHITs"
COMMAND = str(Path(sys.executable).with_name("crowdlab-mturk-server"))


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """The port of a server that runs in this process."""
    register()
    server = ThreadedMotoServer("127.0.0.1", port=0, verbose=False)
    server.start()
    yield server.get_host_and_port()[1]
    server.stop()
    assert server._server
    server._server.server_close()


@pytest.fixture(autouse=True)
def _empty(port: int) -> None:
    """Each test finds the server as if it had just been started."""
    assert ask(port, "/moto-api/reset") == (200, b'{"status": "ok"}')


def ask(
    port: int, path: str = "/", body: bytes = b"", target: str | None = None
) -> tuple[int, bytes]:
    """A request without a signature."""
    headers = {} if target is None else {"X-Amz-Target": target}
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        connection.request("POST", path, body, headers)
        response = connection.getresponse()
        return response.status, response.read()
    finally:
        connection.close()


def connect(
    port: int, region: str = "us-east-1", service: str = "mturk", **named: Any
) -> Any:
    """A client of the server, whatever the service."""
    given = {
        "region_name": region,
        "endpoint_url": f"http://127.0.0.1:{port}",
        "aws_access_key_id": "x",
        "aws_secret_access_key": "x",
    }
    make: Any = boto3.client
    return make(service, **{**given, **named})


def test_a_whole_life(port: int) -> None:
    """Requests over a socket and workers in the process meet on one market."""
    client = connect(port)
    hit = client.create_hit(**hit_parameters())["HIT"]

    _, assignment = do(marketplace(), hit)
    client.approve_assignment(AssignmentId=assignment)

    assert client.get_hit(HITId=hit["HITId"])["HIT"]["HITStatus"] == "Reviewable"


def test_reset(port: int) -> None:
    """POST /moto-api/reset leaves an empty market."""
    client = connect(port)
    client.create_hit(**hit_parameters())

    ask(port, "/moto-api/reset")

    assert client.list_hits()["NumResults"] == 0


def test_seed(port: int) -> None:
    """POST /moto-api/seed makes ids repeatable."""
    client = connect(port)

    def hit_id() -> str:
        client.list_hits()
        ask(port, "/moto-api/seed?a=42")
        return str(client.create_hit(**hit_parameters())["HIT"]["HITId"])

    first = hit_id()
    ask(port, "/moto-api/reset")

    assert hit_id() == first


def test_the_sandbox_is_signed_for(port: int) -> None:
    """A client with the region sandbox meets the sandbox of a server."""
    connect(port, "sandbox").create_hit(**hit_parameters())

    assert connect(port).list_hits()["NumResults"] == 0
    assert marketplace(environment="sandbox").call("ListHITs", {})["HITs"]


def test_the_other_default(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server may take those who do not say for clients of the sandbox."""
    monkeypatch.setitem(default_user_config, "mturk", {"environment": "sandbox"})

    connect(port).create_hit(**hit_parameters())

    assert marketplace(environment="sandbox").call("ListHITs", {})["HITs"]
    assert marketplace().call("ListHITs", {})["HITs"] == []


def test_unsigned(port: int) -> None:
    """A request without a signature is one of ours, not one to S3."""
    client = connect(
        port,
        aws_access_key_id=None,
        aws_secret_access_key=None,
        config=Config(signature_version=UNSIGNED),
    )

    assert client.list_hits()["NumResults"] == 0
    assert ask(port, body=b"{}", target=LIST_HITS) == (
        200,
        b'{"NumResults": 0, "HITs": []}',
    )


def test_a_region_that_never_was(port: int) -> None:
    """In other regions there is nobody, and the error says where there is."""
    with pytest.raises(ClientError, match="no endpoint in eu-west-1: use us-east-1"):
        connect(port, "eu-west-1").list_hits()


@pytest.mark.parametrize(
    ("target", "body", "code"),
    [
        (LIST_HITS, b"\xff\xfe{", "SerializationException"),
        (LIST_HITS, b"[" * 100_000, "SerializationException"),
        (LIST_HITS + "2", b"{}", "UnknownOperationException"),
    ],
)
def test_hostile(port: int, target: str, body: bytes, code: str) -> None:
    """Nonsense is an error of the API, not one of the server."""
    status, reply = ask(port, body=body, target=target)

    assert (status, json.loads(reply)["__type"]) == (400, code)


def test_dropped(port: int) -> None:
    """A dropped connection ends without an answer, at once."""
    marketplace().faults.add("drop_after", operation="CreateHIT", times=1)
    start = time.monotonic()

    with pytest.raises(ConnectionClosedError):
        connect(port, config=ONCE).create_hit(**hit_parameters())

    assert time.monotonic() - start < 10
    assert connect(port).list_hits()["NumResults"] == 1


def test_many_at_once(port: int) -> None:
    """Requests that come at the same time get a HIT each, and nothing is lost."""
    client = connect(port, config=Config(max_pool_connections=8))

    def create(_number: int) -> str:
        return str(client.create_hit(**hit_parameters(Reward="0.01"))["HIT"]["HITId"])

    with ThreadPoolExecutor(8) as pool:
        made = set(pool.map(create, range(48)))

    assert len(made) == 48
    assert client.list_hits(MaxResults=100)["NumResults"] == 48
    assert client.get_account_balance()["AvailableBalance"] == "9999.04"


def test_notification(port: int) -> None:
    """A notification arrives in a queue of the same server."""
    sqs = connect(port, service="sqs")
    queue = sqs.create_queue(QueueName="events")["QueueUrl"]

    connect(port).send_test_event_notification(
        Notification={
            "Destination": queue,
            "Transport": "SQS",
            "Version": "2014-08-15",
            "EventTypes": ["Ping"],
        },
        TestEventType="Ping",
    )

    (message,) = sqs.receive_message(QueueUrl=queue)["Messages"]
    assert json.loads(message["Body"])["Events"][0]["EventType"] == "Ping"


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def test_the_command() -> None:
    """crowdlab-mturk-server is moto's server, its sandbox the default if one says so."""
    port = _free_port()
    command = [COMMAND, "--environment", "sandbox", "--port", str(port)]
    client = connect(port, config=ONCE)
    with subprocess.Popen(command, stderr=subprocess.PIPE) as process:
        try:
            assert process.stderr
            while b"Running on" not in process.stderr.readline():
                assert process.poll() is None
            marked = {"QualificationTypeId": "2ARFPLSP75KLA8M8DH1HTEQVJT3SY6"}
            requirement = {**marked, "Comparator": "Exists"}
            given = hit_parameters(QualificationRequirements=[requirement])
            assert client.create_hit(**given)["HIT"]["HITId"]
        finally:
            process.terminate()


def test_the_commands_help() -> None:
    """The help tells our option, and moto's."""
    run = subprocess.run(
        [COMMAND, "--help"], capture_output=True, text=True, check=True
    )

    assert "--environment {production,sandbox}" in run.stdout
    assert "--ssl-cert" in run.stdout
