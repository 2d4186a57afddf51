"""Requesters at their desk, without a browser: and something on it."""

import json
import random
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import attrs

from crowdlab.lab import Lab
from crowdlab.marketplace import ManualClock, Marketplace, Requester
from crowdlab.questions import Annotation
from crowdlab.templates import load_template
from tests.server.conftest import Answered, Server

__all__ = ["ANSWERERS", "Desk", "answer_all", "hit_ids", "publish_texts"]

ANSWERERS = tuple(f"ADESKWORKER{n}" for n in range(5))
TOKEN = re.compile(r'name="token" value="(\w+)"')


@attrs.define
class Desk:
    """A requester with a cookie."""

    server: Server
    cookie: str = ""

    @classmethod
    def sit_down(cls, server: Server, access_key: str, secret: str) -> "Desk":
        """Signs in."""
        desk = cls(server)
        desk.post(
            "/desk/sign-in",
            {"access_key": access_key, "secret": secret},
            page="/desk/sign-in",
        )
        return desk

    def get(self, path: str, **headers: str) -> Answered:
        """Opens a page."""
        return self._remember(
            self.server.ask(
                "GET", path, headers={"Cookie": self.cookie, **self._named(headers)}
            )
        )

    def json(self, path: str) -> Any:
        """The figures of a page."""
        answer = self.get(f"{path}.json")
        assert answer.status == 200, answer.text
        return json.loads(answer.body)

    def token(self, page: str = "/desk/production") -> str:
        """What a form of a page carries, as every form of the session does."""
        found = TOKEN.search(self.get(page).text)
        assert found, f"{page} has no form"
        return found[1]

    def post(self, path: str, fields: Mapping[str, Any], *, page: str = "") -> Answered:
        """Sends a form of a page."""
        token = self.token(page or "/desk/production/batches/texts")
        return self._remember(
            self.server.post(path, {"token": token, **fields}, Cookie=self.cookie)
        )

    def _remember(self, answer: Answered) -> Answered:
        given = answer.headers.get("set-cookie", "").partition(";")[0]
        if given.startswith("crowdlab-desk="):
            self.cookie = given
        return answer

    def _named(self, headers: Mapping[str, str]) -> dict[str, str]:
        return {name.replace("_", "-"): value for name, value in headers.items()}


def publish_texts(
    folder: Path,
    endpoint: Any,
    *,
    name: str = "texts",
    n: int = 4,
    assignments: int = 3,
) -> None:
    """Publishes a batch of texts to judge, from a ledger of its own."""
    with Lab(folder / f"{name.replace('/', '-')}.db", endpoint=endpoint) as lab:
        rows = [
            {"task": f"text-{k}", "text": f"It rains {k}.", "hypothesis": "It is wet."}
            for k in range(n)
        ]
        lab.create(
            name,
            template="text-classification",
            inputs=rows,
            reward="0.05",
            assignments=assignments,
        )
        lab.publish(name)


def hit_ids(market: Any, batch: str = "texts") -> dict[str, str]:
    """The HITs of a batch by the name of their task."""
    found = market.call("ListHITs", {"MaxResults": 100})["HITs"]
    read = {
        hit["HITId"]: Annotation.read(hit.get("RequesterAnnotation")) for hit in found
    }
    return {
        annotation.task: hit_id
        for hit_id, annotation in read.items()
        if annotation and annotation.batch == batch
    }


def answer_all(
    market: Marketplace,
    requester: Requester | Marketplace,
    clock: ManualClock,
    *,
    batch: str = "texts",
    workers: Sequence[str] = ANSWERERS[:3],
    said: Mapping[str, Any] | None = None,
) -> list[str]:
    """Lets workers answer every HIT of a batch; the first of them always says no.

    Each is at work for 20 seconds, and pastes once; gives the assignments.
    """
    template, dice = load_template("text-classification"), random.Random(1)
    done = []
    for task_name, hit_id in sorted(hit_ids(requester, batch).items()):
        number = task_name.rpartition("-")[2]
        row = {"text": f"It rains {number}.", "hypothesis": "It is wet."}
        task = template.task({"task": task_name, **row}, "row")
        for worker in workers:
            market.register(worker)
            assignment_id = market.accept(worker, hit_id)
            clock.advance(30)
            label = "no" if worker == workers[0] else dice.choice(["yes", "yes", "no"])
            fields = template.answer(task, {task_name: label})
            telemetry = {
                "v": 1,
                "elapsed_ms": 25_000,
                "active_ms": 20_000,
                "counts": {"paste": 1},
            }
            answer = {
                **json.loads(fields["answer"]),
                "telemetry": telemetry,
                **(said or {}),
            }
            market.submit(worker, assignment_id, {"answer": json.dumps(answer)})
            done.append(assignment_id)
    return done
