"""The marketplace through each of its doors, beside moto's SQS through two of them.

CreateHIT, and the full cycle of a HIT: created, accepted, submitted, listed, approved.
Workers act in the process, or, where the marketplace is in another one, over its store.
Every door has a store in memory, but the server has a file, which survives it.

    python docs/benchmarks/doors.py --seconds 3
"""

import argparse
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import boto3

from crowdlab import Marketplace
from crowdlab.moto import marketplace, mock_aws
from crowdlab.questions import ExternalQuestion

HIT = {
    "Title": "Cat or dog?",
    "Description": "Say which it is.",
    "Reward": "0.05",
    "AssignmentDurationInSeconds": 600,
    "LifetimeInSeconds": 86_400,
    "Question": ExternalQuestion("https://example.org/pets").to_xml(),
}
KEYS = {"aws_access_key_id": "anybody", "aws_secret_access_key": "at all"}
PLENTY = "10000000.00"

Call = Callable[..., Any]
#: The stubs know no keys that come as a mapping.
connect: Any = boto3.client


def rate(act: Callable[[], object], seconds: float) -> float:
    """How often a second something can be done."""
    act()
    n, start = 0, time.perf_counter()
    while time.perf_counter() < start + seconds:
        act()
        n += 1
    return n / (time.perf_counter() - start)


def create(client: Call) -> str:
    """Creates a HIT, and gives its id."""
    return str(client("CreateHIT", HIT)["HIT"]["HITId"])


def cycle(client: Call, market: Marketplace, worker: str) -> None:
    """Takes a HIT from its creation to its approval."""
    hit_id = create(client)
    market.submit(worker, market.accept(worker, hit_id), {"pet": "cat"})
    (work,) = client("ListAssignmentsForHIT", {"HITId": hit_id})["Assignments"]
    client("ApproveAssignment", {"AssignmentId": work["AssignmentId"]})


def calls_of(client: Any) -> Call:
    """A boto3 client, asked by the names of operations."""
    names = {
        operation: name for name, operation in client.meta.method_to_api_mapping.items()
    }
    methods = {operation: getattr(client, name) for operation, name in names.items()}
    return lambda operation, given: methods[operation](**given)


Door = tuple[Call, Marketplace]


@contextmanager
def transport() -> Iterator[Door]:
    """No boto3 at all."""
    with Marketplace() as market:
        yield market.call, market


@contextmanager
def bound_client() -> Iterator[Door]:
    """A boto3 client whose requests stay in the process."""
    with Marketplace() as market:
        yield calls_of(market.client()), market


@contextmanager
def mocked() -> Iterator[Door]:
    """A boto3 client under moto."""
    with mock_aws():
        yield calls_of(connect("mturk", "us-east-1")), marketplace()


@contextmanager
def served() -> Iterator[Door]:
    """A boto3 client over HTTP; the workers' side opens the same file."""
    with tempfile.TemporaryDirectory() as folder:
        store = Path(folder) / "market.db"
        command = ["-m", "crowdlab", "serve", "--port", "0", "--store", str(store)]
        with process(command, r"ready at (\S+)") as url, Marketplace(store) as market:
            client = connect("mturk", "us-east-1", endpoint_url=url, **KEYS)
            yield calls_of(client), market


@contextmanager
def process(command: list[str], ready: str) -> Iterator[str]:
    """A server in a process of its own; gives what it says of its address."""
    with subprocess.Popen(
        [sys.executable, *command],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as server:
        assert server.stdout
        found = None
        while found is None:
            found = re.search(ready, server.stdout.readline())
        # Whoever does not read what a server goes on saying stops it some day.
        drain = subprocess.Popen(
            ["cat"],  # noqa: S607 - wherever it is
            stdin=server.stdout,
            stdout=subprocess.DEVNULL,
        )
        try:
            yield found[1]
        finally:
            server.terminate()
            server.wait()
            drain.wait()


def send_message(client: Any) -> Callable[[], object]:
    """Sends a message as large as a HIT to a new queue."""
    url = client.create_queue(QueueName="doors")["QueueUrl"]
    return partial(client.send_message, QueueUrl=url, MessageBody=str(HIT))


@contextmanager
def mocked_queue() -> Iterator[Callable[[], object]]:
    """SQS under moto."""
    with mock_aws():
        yield send_message(connect("sqs", "us-east-1"))


@contextmanager
def served_queue() -> Iterator[Callable[[], object]]:
    """SQS in moto's server."""
    command = ["-m", "moto.server", "-p", "0", "-H", "127.0.0.1"]
    with process(command, r"Running on (http://127\S+)") as url:
        yield send_message(connect("sqs", "us-east-1", endpoint_url=url, **KEYS))


DOORS = {
    "in process: `market.call`": (transport, None),
    "in process: `market.client()`": (bound_client, "process"),
    "`mock_aws`": (mocked, "process"),
    "HTTP: `crowdlab serve`": (served, "http"),
}
QUEUES = {"process": mocked_queue, "http": served_queue}


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=3, help="for each number")
    seconds = parser.parse_args().seconds
    print("load:", *(f"{each:.1f}" for each in os.getloadavg()), "\n")
    queues = {}
    for name, queue in QUEUES.items():
        with queue() as act:
            queues[name] = rate(act, seconds)
    print(
        "| door | CreateHIT/s | cycles/s | moto's SQS SendMessage/s | CreateHIT : SendMessage |"
    )
    print("|---|---|---|---|---|")
    for door, (opened, beside) in DOORS.items():
        with opened() as (client, market):
            market.deposit(PLENTY)
            creations = rate(partial(create, client), seconds)
            cycles = rate(partial(cycle, client, market, market.register()), seconds)
        messages = queues.get(beside or "")
        shown = f"{messages:,.0f} | {creations / messages:.1f}" if messages else "— | —"
        print(f"| {door} | {creations:,.0f} | {cycles:,.0f} | {shown} |")
    print("\nload:", *(f"{each:.1f}" for each in os.getloadavg()))


if __name__ == "__main__":
    main()
