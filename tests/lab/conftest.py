"""A lab with an embedded marketplace, a batch in it, and people who work."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from crowdlab.lab import Lab
from crowdlab.marketplace import ManualClock, Marketplace
from crowdlab.model import Task
from crowdlab.templates import load_template

Row = dict[str, object]
#: Says which label a worker gives to a task.
Judge = Callable[[str, Task], str]
Work = Callable[..., list[str]]


@pytest.fixture
def rows() -> list[Row]:
    """Five tasks for text-classification, named a to e."""
    return [
        {"task": name, "text": f"The {name} is blue.", "hypothesis": "It has a colour."}
        for name in "abcde"
    ]


@pytest.fixture
def clock() -> ManualClock:
    """A clock that stands still until it is moved; it is ahead of every computer's."""
    return ManualClock(4_102_444_800)


@pytest.fixture
def marketplace(clock: ManualClock) -> Iterator[Marketplace]:
    """A marketplace in memory."""
    with Marketplace(clock=clock, seed=1) as marketplace:
        yield marketplace


@pytest.fixture
def lab(tmp_path: Path, marketplace: Marketplace) -> Iterator[Lab]:
    """A lab whose work goes to that marketplace."""
    with Lab(tmp_path / "ledger.db", endpoint=marketplace) as lab:
        yield lab


@pytest.fixture
def pets(lab: Lab, rows: list[Row]) -> str:
    """A batch of five tasks for three workers each, not published yet."""
    lab.create(
        "pets",
        template="text-classification",
        inputs=rows,
        reward="0.05",
        assignments=3,
    )
    return "pets"


@pytest.fixture
def work(marketplace: Marketplace) -> Work:
    """Lets workers answer every published task of a batch; gives the assignments."""

    def work(
        lab: Lab,
        batch: str,
        workers: int = 3,
        judge: Judge = lambda _worker, _task: "yes",
        seconds: int = 0,
    ) -> list[str]:
        template = load_template("text-classification")
        clock = marketplace.clock
        done = []
        for number in range(workers):
            worker = marketplace.register(f"AWORKER{number}")
            for task, hit_id in hits(lab, batch):
                assignment = marketplace.accept(worker, hit_id)
                if isinstance(clock, ManualClock):
                    clock.advance(seconds)
                fields = template.answer(task, {task.name: judge(worker, task)})
                marketplace.submit(worker, assignment, fields)
                done.append(assignment)
        return done

    return work


def hits(lab: Lab, batch: str) -> list[tuple[Task, str]]:
    """The published tasks of a batch, each with its HIT."""
    return list(lab._ledger.hits.each(lab._find(batch).key))
