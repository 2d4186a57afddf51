"""The ledger keeps what was done, and lets nothing be done twice."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import attrs
import pytest
import sqlalchemy as sa

from crowdlab.accounting import Measurement
from crowdlab.errors import ForeignStore, StoreError
from crowdlab.ledger import Ledger, NewHIT, RawAnswer, ReadAnswer
from crowdlab.ledger import schema as tables
from crowdlab.model import Batch, Label, Task

NOW = 1_700_000_000
BATCH = Batch(
    name="pets",
    template="text-classification",
    template_version="1",
    template_path=None,
    title="Pets",
    description="Which pet?",
    keywords="pet",
    parameters={"choices": ["cat", "dög"]},
    language="en",
    reward=Decimal("0.05"),
    assignments=2,
    budget=Decimal("12.34"),
    duration_seconds=600,
    lifetime_seconds=3600,
    auto_approval_seconds=7200,
    environment="local",
    n_tasks=0,
    created_at=dt.datetime.fromtimestamp(NOW, dt.UTC),
)


@pytest.fixture
def ledger() -> Iterator[Ledger]:
    """A ledger in memory."""
    ledger = Ledger(None)
    yield ledger
    ledger.close()


@pytest.fixture
def batch(ledger: Ledger) -> int:
    """A batch of three tasks."""
    key = ledger.batches.add(BATCH, fee=Decimal("0.01"), seconds_per_task=7.5)
    rows = [(f"row {n}", Task(f"id{n}", f"name{n}", {"n": n})) for n in range(3)]
    ledger.tasks.add(key, rows, first=0)
    ledger.batches.count_tasks(key, 3)
    return key


def publish(ledger: Ledger, batch: int) -> None:
    """Notes that the first two tasks have HITs."""
    first, second, _ = ledger.tasks.unpublished(batch, after=0, limit=9)
    new = [NewHIT(first.key, 0, "HIT0"), NewHIT(second.key, 0, "HIT1")]
    ledger.hits.add(batch, new, max_assignments=2)


def raw(ledger: Ledger, batch: int, name: str, **changes: Any) -> RawAnswer:
    """An assignment of the first HIT."""
    hit = ledger.hits.wanting(batch, now=0, after=0, limit=1)[0]
    answer = RawAnswer(
        assignment_id=name,
        hit_key=hit.key,
        task_key=hit.task_key,
        worker="A1",
        status="Submitted",
        accepted=NOW,
        submitted=NOW + 10,
        auto_approval=NOW + 1000,
        approved=None,
        rejected=None,
        feedback=None,
        answer_xml="<x/>",
    )
    return attrs.evolve(answer, **changes)


def test_a_batch_comes_back_as_it_was(ledger: Ledger, batch: int) -> None:
    """Money, times, JSON and text survive the database."""
    record = ledger.batches.find("pets")

    assert (batch, Decimal("0.01"), 7.5) == (
        record.key,
        record.fee,
        record.seconds_per_task,
    )
    assert attrs.evolve(BATCH, n_tasks=3) == record.batch


def test_money_is_whole_cents(ledger: Ledger, batch: int) -> None:
    """The database holds no fraction and no float."""
    columns = (tables.batches.c.reward, tables.batches.c.fee, tables.batches.c.budget)
    with ledger._database.transaction() as connection:
        row = connection.execute(sa.select(*columns)).one()

    assert (1, (5, 1, 1234)) == (batch, tuple(row))
    assert {int} == set(map(type, row))


def test_tasks_come_back_in_the_order_of_their_rows(ledger: Ledger, batch: int) -> None:
    """Tasks are read in chunks, and no task is read twice."""
    first = ledger.tasks.unpublished(batch, after=0, limit=2)
    rest = ledger.tasks.unpublished(batch, after=first[-1].key, limit=2)

    assert ["name0", "name1", "name2"] == [r.task.name for r in first + rest]
    assert Task("id2", "name2", {"n": 2}) == rest[0].task


def test_a_task_with_a_hit_is_published(ledger: Ledger, batch: int) -> None:
    """What has a HIT is no longer waiting for one."""
    publish(ledger, batch)

    assert ["name2"] == [
        r.task.name for r in ledger.tasks.unpublished(batch, after=0, limit=9)
    ]
    assert ["HIT0", "HIT1"] == [hit_id for _, hit_id in ledger.hits.each(batch)]
    assert 2 == ledger.hits.count(batch)


def test_an_intent_is_open_until_its_hit_is_known(ledger: Ledger, batch: int) -> None:
    """What was intended and not noted is what may exist unknown to us."""
    records = ledger.tasks.unpublished(batch, after=0, limit=9)
    keys = {f"token{n}": record.key for n, record in enumerate(records)}
    ledger.hits.intend(keys, copy=0)
    ledger.hits.intend(keys, copy=0)
    publish(ledger, batch)

    assert {"token2": NewHIT(keys["token2"], 0, "")} == ledger.hits.unresolved(batch)


def test_a_hit_is_noted_once(ledger: Ledger, batch: int) -> None:
    """Noting a task's HIT again changes nothing; the database itself forbids two."""
    publish(ledger, batch)
    task = ledger.tasks.unpublished(batch, after=0, limit=1)[0].key - 1
    ledger.hits.add(batch, [NewHIT(task, 0, "OTHER")], max_assignments=2)
    row = {"hit_id": "OTHER", "batch": batch, "task": task, "copy": 0}

    assert {"HIT0", "HIT1"} == ledger.hits.ids(batch)
    with (
        pytest.raises(sa.exc.IntegrityError),
        ledger._database.transaction() as connection,
    ):
        connection.execute(
            tables.hits.insert(), row | {"max_assignments": 1, "created": 0}
        )


def test_a_known_answer_changes_its_status_alone(ledger: Ledger, batch: int) -> None:
    """An assignment that comes again is refreshed; its raw text is for ever."""
    publish(ledger, batch)
    first = raw(ledger, batch, "A")
    ledger.answers.add(batch, [first])
    again = attrs.evolve(first, status="Approved", approved=NOW + 99, answer_xml="!")
    ledger.answers.add(batch, [again])
    unread = ledger.answers.unread(batch, after=0, limit=9)

    assert [(1, "name0", "<x/>")] == [(key, t.name, xml) for key, t, xml in unread]
    assert {"Submitted": 0, "Approved": 1, "Rejected": 0} == (
        ledger.answers.count_by_status(batch)
    )


def test_an_answer_is_unread_until_it_was_read(ledger: Ledger, batch: int) -> None:
    """Reading gives JSON or a problem, and is done then."""
    publish(ledger, batch)
    ledger.answers.add(batch, [raw(ledger, batch, name) for name in "AB"])
    (one, *_), (other, *_) = ledger.answers.unread(batch, after=0, limit=9)
    ledger.answers.settle([ReadAnswer(one, '{"a": 1}', "")])
    ledger.answers.settle([ReadAnswer(other, None, "no XML")])
    answers = [answer for _, answer in ledger.answers.each(batch)]

    assert [] == ledger.answers.unread(batch, after=0, limit=9)
    assert [({"a": 1}, ""), (None, "no XML")] == [
        (a.answer, a.problem) for a in answers
    ]
    assert (2, 1) == ledger.answers.count(batch)


def test_a_complete_hit_wants_nothing_until_time_decides(
    ledger: Ledger, batch: int
) -> None:
    """A HIT is asked about while answers are missing, or were approved by time."""
    publish(ledger, batch)
    ledger.answers.add(batch, [raw(ledger, batch, name) for name in "AB"])

    def wanting(now: int) -> list[str]:
        return [
            hit.hit_id for hit in ledger.hits.wanting(batch, now=now, after=0, limit=9)
        ]

    assert ["HIT1"] == wanting(NOW + 999)
    assert ["HIT0", "HIT1"] == wanting(NOW + 1000)


@pytest.mark.parametrize(
    ("seconds", "median"), [([], None), ([5], 5), ([9, 1, 4], 4), ([1, 4, 2, 9], 3)]
)
def test_the_median_time_is_the_middle(
    ledger: Ledger, batch: int, seconds: list[int], median: float | None
) -> None:
    """Half of the answers took longer; of two in the middle it is the mean."""
    publish(ledger, batch)
    answers = [
        raw(ledger, batch, f"A{n}", submitted=NOW + took)
        for n, took in enumerate(seconds)
    ]
    if answers:
        ledger.answers.add(batch, answers)

    assert median == ledger.answers.median_seconds(batch)


def test_labels_are_held_against_the_truth(ledger: Ledger, batch: int) -> None:
    """A run knows how many labels it has, and how many of the known are right."""
    ledger.labels.add_truths(batch, {"a": "cat", "b": "dog"})
    found = [
        Label("a", "cat", 0.75, 3),
        Label("b", "cat", 0.5, 2),
        Label("c", "x", 1, 1),
    ]
    ledger.labels.add(batch, "guess", found, n_votes=6)
    (run,) = ledger.labels.runs(batch)

    assert ("guess", 3, 6, 2, 1) == attrs.astuple(run)
    assert [("a", "cat", 0.75, 3), ("b", "cat", 0.5, 2), ("c", "x", 1, 1)] == [
        (each.task, each.label, each.confidence, each.n_votes)
        for each in ledger.labels.newest(batch)
    ]


def test_measurements_come_back_in_order(ledger: Ledger, batch: int) -> None:
    """What verbs took is kept, exactly."""
    measured = [Measurement(verb, 0.25, 10, 30, 20) for verb in ("publish", "collect")]
    for each in measured:
        ledger.measurements.add(batch, each)

    assert measured == ledger.measurements.all(batch)


def test_a_failed_transaction_leaves_nothing(ledger: Ledger) -> None:
    """What is noted together is there together, or not at all."""
    with pytest.raises(ZeroDivisionError), ledger.transaction():
        ledger.batches.add(BATCH, fee=Decimal(0), seconds_per_task=1)
        raise ZeroDivisionError

    assert [] == ledger.batches.names()


def test_a_ledger_is_reopened(tmp_path: Path) -> None:
    """A ledger on disk knows what it knew."""
    for _ in range(2):
        ledger = Ledger(tmp_path / "ledger.db")
        if not ledger.batches.names():
            ledger.batches.add(BATCH, fee=Decimal(0), seconds_per_task=1)
        ledger.close()
    ledger = Ledger(tmp_path / "ledger.db")

    assert ["pets"] == ledger.batches.names()
    ledger.close()


def test_a_ledger_of_the_future_is_refused(tmp_path: Path) -> None:
    """A schema newer than this program is left alone."""
    path = tmp_path / "ledger.db"
    ledger = Ledger(path)
    with ledger._database.transaction() as connection:
        connection.exec_driver_sql(
            "UPDATE crowdlab_schema SET version = 99 WHERE version = 1"
        )
    ledger.close()

    with pytest.raises(ForeignStore, match=r"ledger\.db.*99"):
        Ledger(path)


def test_a_ledger_that_cannot_be_opened_is_told(tmp_path: Path) -> None:
    """A path in no folder is refused by name."""
    with pytest.raises(StoreError, match=r"ledger\.db"):
        Ledger(tmp_path / "none" / "ledger.db")
