"""A market with something of everything: batches, answers, decisions, pay, problems."""

import random
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import attrs

from crowdlab import Lab, Marketplace, load_template
from crowdlab.marketplace import ManualClock, Requester
from crowdlab.marketplace.panels import Panel
from crowdlab.marketplace.problems import report_problem
from crowdlab.questions import Annotation
from crowdlab.server import (
    Consent,
    Entry,
    Key,
    Markets,
    People,
    find_origins,
    make_app,
    running,
)
from docs.showing.answers import answer
from docs.showing.streets import OTHERS, street

__all__ = ["CONSENT", "FAMILIES", "KEY", "PASSWORD", "Fair", "fair"]

# A Monday morning.
START = 1_773_651_600
#: The share of answers that the requester has approved by now.
DECIDED = 0.55
PASSWORD = "a few easy words"  # noqa: S105 - of a market that is gone in a minute
KEY = Key("AKIAEXAMPLE", "secret", "Wayfinding lab")
CONSENT = Consent(
    "We study how people describe what they see.\n\n"
    "You judge pictures and texts. We keep your answers, how long each took, and your "
    "worker id; not your name, your address or what else your computer does. You may stop "
    "at any time, and what was approved is paid."
)
WORKERS = tuple(f"A{name}" for name in ("1KQ7RWZ2H9C4X", "2BX8MPL5T3V6N", "3FD6JYG1S8K2W",
    "4HV9CNE7Q5R3Z", "5LT2XSA8W6M1P", "6NR5BKU3D9J7F"))  # fmt: skip
#: A batch of each family: its name, template, pay, answers wanted, answers there.
FAMILIES = (
    ("traffic lights", "image-selection", "0.05", 5, 4),
    ("signals", "image-classification", "0.04", 5, 4),
    ("shelves", "region-annotation", "0.40", 4, 3),
    ("tidy drawings", "pairwise-comparison", "0.04", 6, 4),
    ("reviews", "text-classification", "0.05", 5, 3),
    ("office ways", "route-description", "0.50", 4, 3),
    ("ways checked", "text-verification", "0.06", 5, 4),
    ("ways followed", "route-follow", "0.20", 5, 4),
)
REVIEWS = (
    ("The battery lasts two days, but the screen scratched within a week.", "mixed"),
    ("Works as it should, and the price is fair.", "good"),
    ("It broke on the second day, and nobody answers my letters.", "bad"),
    ("Lighter than the old one; the strap could be longer.", "mixed"),
    ("I bought three more for my sisters.", "good"),
    ("It smells of glue, even after a month at the window.", "bad"),
)


@attrs.frozen
class Fair:
    """A market that is open, at an address.

    Attributes:
        hits: the ids of the HITs of each batch.
        worker_id: of the one who is called Ana.
        done: the ids of her assignments by what became of them.
    """

    url: str
    markets: Markets
    clock: ManualClock
    hits: dict[str, list[str]]
    worker_id: str
    done: dict[str, str]
    panel: Panel
    qualification: str

    @property
    def market(self) -> Marketplace:
        """Where money counts."""
        return self.markets.production


@contextmanager
def fair() -> Iterator[Fair]:
    """A market on which six workers have been busy since the morning."""
    clock = ManualClock(START)
    with (
        tempfile.TemporaryDirectory() as folder,
        Marketplace(None, clock, seed=1) as market,
        Marketplace(None, clock, seed=2, environment="sandbox") as sandbox,
        Markets(market, sandbox, People(None, clock)) as markets,
    ):
        lab = market.requester(KEY.requester)
        qualification = qualify(lab)
        tasks = {name: publish(lab, Path(folder), name) for name, *_ in FAMILIES}
        clock.advance(1800)
        worker_id = register(markets)
        work(market, lab, clock, tasks)
        done = decide(market, lab, clock, worker_id, tasks)
        panel = lab.open_panel(
            "reviews", completion_url="https://panel.example.org/done?cc=C1ABCD",
            completion_code="C1ABCD", most=2,
        )  # fmt: skip
        entry = Entry("open", CONSENT)
        keys = {KEY.access_key: KEY}
        with running(
            lambda port: make_app(
                markets, find_origins("127.0.0.1", port), keys=keys, entry=entry
            )
        ) as port:
            hits = {name: [hit for hit, _ in found] for name, found in tasks.items()}
            url = f"http://127.0.0.1:{port}"
            yield Fair(url, markets, clock, hits, worker_id, done, panel, qualification)


def qualify(lab: Requester) -> str:
    """A Qualification that is granted by itself, and one that has to be asked for."""
    for name, granted in (("Read the guide", True), ("Spanish, fluent", False)):
        given: dict[str, Any] = {
            "Name": name,
            "Description": "Given to who has read the guide for annotators."
            if granted
            else "For tasks in Spanish; tell us how well you speak it.",
            "QualificationTypeStatus": "Active",
            **({"AutoGranted": True, "AutoGrantedValue": 1} if granted else {}),
        }
        made = lab.call("CreateQualificationType", given)["QualificationType"]
    return str(made["QualificationTypeId"])


def rows(name: str, template: str) -> list[dict[str, Any]]:
    """The inputs of a batch."""
    if name == "traffic lights":
        return [_tiles(number) for number in range(6)]
    if name == "signals":
        return [_signal(number) for number in range(8)]
    if name == "reviews":
        choices = ["good", "mixed", "bad"]
        question = "How does the customer feel about the product?"
        return [
            {"task": f"review {n}", "text": text, "question": question,
             "choices": choices, "gold": gold}
            for n, (text, gold) in enumerate(REVIEWS, start=1)
        ]  # fmt: skip
    found = load_template(template).examples()
    if template == "route-description":
        return found[::-1]
    return found


def _tiles(number: int) -> dict[str, Any]:
    things = ["red", *OTHERS, "green", *OTHERS][number : number + 9]
    things += ["red", "tree", "green"][: 9 - len(things)]
    images = [
        {"id": f"t{n}", "url": street(n + number, thing)}
        for n, thing in enumerate(things)
    ]
    gold = {
        f"t{n}": "yes" if thing in {"red", "green"} else "no"
        for n, thing in enumerate(things)
    }
    return {"task": f"grid {number + 1}", "target": "traffic lights", "images": images,
            "gold": gold}  # fmt: skip


def _signal(number: int) -> dict[str, Any]:
    thing = ["red", "green", "lamp"][number % 3]
    choices = [
        {"value": "red", "label": "Red: stop"},
        {"value": "green", "label": "Green: go"},
        {"value": "none", "label": "There is none"},
    ]
    return {
        "task": f"crossing {number + 1}", "image": street(number, thing),
        "question": "What does the traffic light show?", "choices": choices,
        "gold": thing if thing != "lamp" else "none",
    }  # fmt: skip


def publish(lab: Requester, folder: Path, name: str) -> list[tuple[str, Any]]:
    """Publishes a batch; its HITs and their tasks."""
    _, template, reward, wanted, _ = next(each for each in FAMILIES if each[0] == name)
    inputs = rows(name, template)
    with Lab(folder / f"{name}.db", endpoint=lab) as mine:
        mine.create(
            name, template=template, inputs=inputs, reward=reward, assignments=wanted
        )
        mine.publish(name)
    loaded = load_template(template)
    tasks = {row["task"]: loaded.task(row, "a row") for row in inputs}
    found = lab.call("ListHITs", {"MaxResults": 100})["HITs"]
    named = {hit["HITId"]: Annotation.read(hit["RequesterAnnotation"]) for hit in found}
    return [
        (hit_id, tasks[annotation.task])
        for hit_id, annotation in named.items()
        if annotation and annotation.batch == name
    ][::-1]


def register(markets: Markets) -> str:
    """Everybody who works here; the id of Ana."""
    for worker_id in WORKERS:
        markets.register(worker_id)
    markets.people.register("A7ANAPHQ2M5XD", "Ana", PASSWORD)
    markets.people.agree("A7ANAPHQ2M5XD", CONSENT)
    for market in markets.by_environment.values():
        market.register("A7ANAPHQ2M5XD")
    return "A7ANAPHQ2M5XD"


def work(
    market: Marketplace,
    lab: Requester,
    clock: ManualClock,
    tasks: dict[str, list[tuple[str, Any]]],
) -> None:
    """Lets the workers answer."""
    dice = random.Random(7)  # noqa: S311 - the same market every time
    for name, template, _, _, n_answers in FAMILIES:
        loaded = load_template(template)
        for hit_id, task in tasks[name]:
            for worker_id in dice.sample(WORKERS, n_answers):
                assignment_id = market.accept(worker_id, hit_id)
                clock.advance(
                    int(loaded.manifest.seconds_per_task * dice.uniform(0.7, 2))
                )
                market.submit(worker_id, assignment_id, answer(loaded, task, dice))
                if dice.random() < DECIDED:
                    lab.call("ApproveAssignment", {"AssignmentId": assignment_id})


def decide(
    market: Marketplace,
    lab: Requester,
    clock: ManualClock,
    ana: str,
    tasks: dict[str, list[tuple[str, Any]]],
) -> dict[str, str]:
    """Ana works, is paid, rejected once, and written to; her assignments."""
    dice, done = random.Random(3), []  # noqa: S311 - the same market every time
    for name in ("traffic lights", "reviews"):
        loaded = load_template(next(each[1] for each in FAMILIES if each[0] == name))
        for hit_id, task in tasks[name][-3:]:
            done.append(market.accept(ana, hit_id))
            clock.advance(25)
            market.submit(ana, done[-1], answer(loaded, task, dice))
    for assignment_id in done[:4]:
        feedback = {"RequesterFeedback": "Careful work, thank you."}
        lab.call("ApproveAssignment", {"AssignmentId": assignment_id, **feedback})
    why = "The customer praises the price, so this is no bad review."
    lab.call("RejectAssignment", {"AssignmentId": done[4], "RequesterFeedback": why})
    bonus = {"AssignmentId": done[0], "BonusAmount": "0.25", "Reason": "Hundred tiles!"}
    lab.call("SendBonus", {"WorkerId": ana, **bonus})
    said = "From Tuesday on there are new grids. Amber lights count as traffic lights."
    lab.call("NotifyWorkers", {"WorkerIds": [ana], "Subject": "New grids",
                               "MessageText": said})  # fmt: skip
    market.visit(report_problem, ana, tasks["shelves"][0][0], "broken",
                 "The picture stays grey on my phone.")  # fmt: skip
    return {"approved": done[0], "rejected": done[4], "submitted": done[5]}
