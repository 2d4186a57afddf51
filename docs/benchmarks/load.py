"""Fifty workers at once on the workers' site, over HTTP, until all work is done.

A server in a process of its own keeps an SQLite file. Each worker signs in and then, as
fast as the server lets them, finds the work on the list, looks at a HIT, accepts it, loads
the task's page, sends an answer and reads what is said of it. Afterwards the requester
collects over the API and approves everything, and each answer is compared with what its
worker sent. `--pause` makes workers wait before each page, as people do.

    python docs/benchmarks/load.py
    python docs/benchmarks/load.py --pause 1
"""

import argparse
import html
import http.client
import json
import os
import random
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Container, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import attrs
import boto3
import numpy as np

from crowdlab import Lab

COPIES = 5
REWARD = Decimal("0.05")
CHOICES = ("yes", "no")
#: What is compared of an answer: which task, and what was said.
ANSWERED = ("item", "label", "feedback")
KEYS = {"aws_access_key_id": "anybody", "aws_secret_access_key": "at all"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
TOKEN = re.compile(r'name="token" value="(\w+)"')
ACCEPT = re.compile(r'action="(/production/hits/\w+/accept)"')
GROUP = re.compile(r'class="button" href="(/production/groups/\w+)"')
FRAME = re.compile(r'<iframe [^>]*src="([^"]+)"')
TASK = re.compile(
    r'<script type="application/json" id="task">(.*?)</script>', re.DOTALL
)
#: A server that asks for more than this stands still.
PATIENCE = 60


@attrs.define
class Record:
    """What happened: how long each page took, and what went wrong.

    Attributes:
        seconds: of every request, by page.
        sent: item, label and words of each answer, by assignment.
        n_gone: HITs that others had taken when a worker looked at them.
        n_late: HITs that others took while a worker looked, the last of their kind.
    """

    seconds: defaultdict[str, list[float]] = attrs.field(
        factory=lambda: defaultdict(list)
    )
    errors: Counter[str] = attrs.field(factory=Counter)
    sent: dict[str, tuple[str, str, str]] = attrs.field(factory=dict)
    n_gone: int = 0
    n_late: int = 0
    _lock: threading.Lock = attrs.field(factory=threading.Lock)

    def note(self, page: str, seconds: float, problem: str) -> None:
        """One request."""
        with self._lock:
            self.seconds[page].append(seconds)
            if problem:
                self.errors[f"{page}: {problem}"] += 1


@attrs.define
class Page:
    """What came back for a request."""

    status: int
    place: str
    text: str

    def found(self, pattern: re.Pattern[str]) -> str:
        """What a pattern finds in the page; nothing where it does not."""
        match = pattern.search(self.text)
        return html.unescape(match[1]) if match else ""


@attrs.define
class Worker:
    """Somebody with a browser, which keeps one connection to each host."""

    number: int
    site: str
    record: Record
    pause: float
    _random: random.Random = attrs.field(init=False)
    _cookie: str = ""
    _connections: dict[str, http.client.HTTPConnection] = attrs.field(factory=dict)

    def __attrs_post_init__(self) -> None:
        """Makes the worker's own chances."""
        self._random = random.Random(self.number)  # noqa: S311 - nobody is to guess it

    def work(self) -> None:
        """Signs in, and does tasks until there are none."""
        page = self._ask("sign in", "/sign-in")
        fields = {"token": page.found(TOKEN), "name": f"Worker {self.number}"}
        self._ask("sign in", "/sign-in", {**fields, "next": "/production/"})
        while group := self._ask("list", "/production/").found(GROUP):
            self._do(group)

    def _do(self, group: str) -> None:
        """Looks at a HIT, accepts it, and sends an answer, unless others took it all."""
        offer = self._ask("group", group)
        while offer.place:
            is_hit = "/hits/" in offer.place
            offer = self._ask("preview" if is_hit else "list", offer.place)
        if not offer.found(ACCEPT):
            self.record.n_gone += 1
            return
        self._ask("frame", offer.found(FRAME))
        token = {"token": offer.found(TOKEN)}
        accepted = self._ask("accept", offer.found(ACCEPT), token, {303, 409})
        if accepted.status == http.client.CONFLICT:
            self.record.n_late += 1
            return
        frame = self._ask("work page", accepted.place).found(FRAME)
        task = json.loads(self._ask("frame", frame).found(TASK))
        assignment_id = urlsplit(accepted.place).path.rpartition("/")[2]
        self._answer(frame, assignment_id, task["item"])
        self._ask("outcome", accepted.place)

    def _answer(self, frame: str, assignment_id: str, item: str) -> None:
        """Sends an answer that no other is like."""
        label = self._random.choice(CHOICES)
        words = f"Worker {self.number}: {self._random.getrandbits(60)} 走 ñ"
        answer = {
            "schema": "crowdlab.answer/1",
            "template": "text-classification",
            "template_version": "1",
            "item": item,
            "lang": "en",
            "label": label,
            "feedback": words,
            "telemetry": {"v": 1, "elapsed_ms": 9000, "active_ms": 8000},
        }
        self.record.sent[assignment_id] = (item, label, words)
        fields = {"assignmentId": assignment_id, "answer": json.dumps(answer)}
        parts = urlsplit(frame)
        place = f"{parts.scheme}://{parts.netloc}/mturk/externalSubmit"
        self._ask("submit", place, fields)

    def _ask(
        self,
        name: str,
        address: str,
        fields: dict[str, str] | None = None,
        expected: Container[int] = (200, 303),
    ) -> Page:
        """One request, timed."""
        time.sleep(self._random.uniform(0, 2 * self.pause))
        start = time.perf_counter()
        try:
            page = self._send(address, fields)
            problem = "" if page.status in expected else f"status {page.status}"
        except OSError as error:
            page, problem = Page(0, "", ""), type(error).__name__
        self.record.note(name, time.perf_counter() - start, problem)
        return page

    def _send(self, address: str, fields: dict[str, str] | None) -> Page:
        parts = urlsplit(address)
        host = parts.netloc or urlsplit(self.site).netloc
        if host not in self._connections:
            self._connections[host] = http.client.HTTPConnection(host, timeout=PATIENCE)
        path = f"{parts.path}?{parts.query}" if parts.query else parts.path
        mine = {} if parts.netloc else {"Cookie": self._cookie}
        method, body = ("GET", None) if fields is None else ("POST", urlencode(fields))
        self._connections[host].request(method, path, body, {**FORM, **mine})
        response = self._connections[host].getresponse()
        text = response.read().decode()
        if cookie := response.getheader("Set-Cookie"):
            self._cookie = cookie.partition(";")[0]
        return Page(response.status, response.getheader("Location", ""), text)


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """A server in a process of its own; gives its address."""
    command = ["-m", "crowdlab", "serve", "--port", "0", "--store", str(folder)]
    with subprocess.Popen(
        [sys.executable, *command], stderr=subprocess.PIPE, text=True
    ) as server:
        assert server.stderr
        lines = iter(server.stderr.readline, "")
        address = next(line.split()[-1] for line in lines if "ready at" in line)
        # Whoever does not read what a server goes on saying stops it some day.
        threading.Thread(target=lambda: [*lines], daemon=True).start()
        try:
            yield address
        finally:
            server.terminate()


def publish(lab: Lab, n_assignments: int) -> None:
    """Publishes a batch of texts."""
    lab.create(
        "rain",
        template="text-classification",
        inputs=[
            {"task": str(number), "text": f"It may rain on day {number}."}
            for number in range(n_assignments // COPIES)
        ],
        reward=str(REWARD),
        assignments=COPIES,
        parameters={"question": "Does it rain?", "choices": list(CHOICES)},
    )
    lab.publish("rain")


def rush(site: str, n_workers: int, pause: float) -> tuple[Record, float]:
    """What happened when all workers worked at once, and how many seconds it took."""
    record = Record()
    workers = [Worker(number, site, record, pause) for number in range(n_workers)]
    start = time.perf_counter()
    with ThreadPoolExecutor(n_workers) as pool:
        # A worker who broke off is an error, whatever the others did.
        for result in [pool.submit(worker.work) for worker in workers]:
            result.result()
    return record, time.perf_counter() - start


def check(lab: Lab, client: Any, sent: dict[str, tuple[str, str, str]]) -> int:
    """The number of answers that the API does not have as they were sent; it pays them."""
    before = balance(client)
    lab.collect("rain")
    lab.review("rain")
    found = {
        row["assignment_id"]: tuple(row["answer"][name] for name in ANSWERED)
        for row in lab.answers("rain").to_dict("records")
        if not row["problem"]
    }
    report, n = lab.report("rain"), len(sent)
    assert (report.approved, report.committed) == (n, Decimal(0))
    assert report.rewards == n * REWARD
    # Approving pays out of what publishing had set aside.
    assert balance(client) == before
    return sum(found.get(assignment_id) != said for assignment_id, said in sent.items())


def balance(client: Any) -> Decimal:
    """What the requester has left."""
    return Decimal(client.get_account_balance()["AvailableBalance"])


def show(record: Record, seconds: float, n_lost: int) -> None:
    """Prints the tables."""
    n_requests = sum(map(len, record.seconds.values()))
    n_errors, n_sent = record.errors.total(), len(record.sent)
    print("| answers | requests | errors | answers lost | requests/s | answers/s |")
    print("|---|---|---|---|---|---|")
    rates = f"{n_requests / seconds:,.0f} | {n_sent / seconds:,.1f}"
    print(f"| {n_sent:,} | {n_requests:,} | {n_errors} | {n_lost} | {rates} |\n")
    print("| page | requests | p50 | p95 | slowest |\n|---|---|---|---|---|")
    for page, times in record.seconds.items():
        figures = np.quantile(times, [0.5, 0.95, 1]) * 1000
        shown = " | ".join(f"{figure:,.0f} ms" for figure in figures)
        print(f"| {page} | {len(times):,} | {shown} |")
    print(f"\ntaken by others before a worker saw it: {record.n_gone}")
    print(f"taken by others before a worker accepted it: {record.n_late}")
    for error, count in record.errors.most_common():
        print(f"{count} times {error}")


def main() -> None:
    """Prints how long each page took, and whether anything was lost."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--workers", type=int, default=50)
    parser.add_argument("--assignments", type=int, default=2000)
    parser.add_argument("--pause", type=float, default=0, help="seconds before a page")
    given = parser.parse_args()
    print("load:", *(f"{each:.1f}" for each in os.getloadavg()), "\n")
    with tempfile.TemporaryDirectory() as name, served(folder := Path(name)) as site:
        client: Any = boto3.client("mturk", "us-east-1", endpoint_url=site, **KEYS)  # type: ignore[call-overload]
        with Lab(folder / "ledger.db", endpoint=site) as lab:
            publish(lab, given.assignments)
            record, seconds = rush(site, given.workers, given.pause)
            show(record, seconds, check(lab, client, record.sent))
    assert len(record.sent) == given.assignments


if __name__ == "__main__":
    main()
