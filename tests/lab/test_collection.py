"""Nothing a worker sent is lost, read or not."""

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from crowdlab.lab import Lab
from crowdlab.ledger.schema import assignments
from crowdlab.marketplace import ManualClock, Marketplace
from crowdlab.model import Task
from crowdlab.templates import load_template
from crowdlab.workflow import collection
from tests.lab.conftest import Work, hits

DAY = 24 * 3600


class Counting:
    """A marketplace that counts what it is asked."""

    def __init__(self, marketplace: Marketplace) -> None:
        self.marketplace = marketplace
        self.asked: Counter[str] = Counter()

    def call(self, operation: str, params: Mapping[str, Any], /) -> dict[str, Any]:
        """The marketplace's answer."""
        self.asked[operation] += 1
        return self.marketplace.call(operation, params)


def column(lab: Lab, name: str) -> list[Any]:
    """What the ledger has in a column of its assignments."""
    wanted = sa.select(assignments.c[name]).order_by(assignments.c.id)
    with lab._ledger._database.transaction() as connection:
        return list(connection.execute(wanted).scalars())


def send(lab: Lab, fields: Mapping[str, str], batch: str = "pets") -> None:
    """Lets a new worker answer the first task of a batch in their own words."""
    market = lab.marketplace
    worker = market.register()
    (_, hit_id), *_ = hits(lab, batch)
    market.submit(worker, market.accept(worker, hit_id), fields)


def test_answers_come_into_the_ledger(lab: Lab, pets: str, work: Work) -> None:
    """What came is counted, and what is missing."""
    lab.publish(pets)
    work(lab, pets, workers=2)
    collected = lab.collect(pets)

    assert "Collected(answers=10, missing=5, invalid=0, environment='local')" == repr(
        collected
    )


def test_an_answer_is_kept_whole(lab: Lab, pets: str, work: Work) -> None:
    """Task, worker, times, label and the raw text of each answer are there."""
    lab.publish(pets)
    done = work(lab, pets, workers=1, seconds=30)
    lab.collect(pets)
    frame = lab.answers(pets)
    first = frame.iloc[0]

    assert list("abcde") == frame["task"].tolist()
    assert done == frame["assignment_id"].tolist()
    assert ("AWORKER0", "yes", "Submitted", "") == (
        first.worker,
        first.label,
        first.status,
        first.problem,
    )
    assert dt.timedelta(seconds=30) == first.submit_time - first.accept_time
    assert "yes" == first.answer["label"]
    assert all(xml.startswith("<?xml") for xml in column(lab, "answer_xml"))


def test_collecting_twice_changes_nothing(lab: Lab, pets: str, work: Work) -> None:
    """The second time nothing is new."""
    lab.publish(pets)
    work(lab, pets)

    assert lab.collect(pets) == lab.collect(pets)
    assert 15 == len(lab.answers(pets))


def test_a_complete_hit_is_not_asked_about_again(
    tmp_path: Path, marketplace: Marketplace, rows: list[dict[str, object]], work: Work
) -> None:
    """Only HITs of which answers are missing cost a request."""
    wire = Counting(marketplace)
    with Lab(tmp_path / "ledger.db", endpoint=wire) as lab:
        lab.create(
            "pets",
            template="text-classification",
            inputs=rows,
            reward="0.05",
            assignments=2,
        )
        lab.publish("pets")
        work(lab, "pets", workers=1)
        lab.collect("pets")
        first = wire.asked["ListAssignmentsForHIT"]
        marketplace.register("ALATE")
        for task, hit_id in hits(lab, "pets")[:3]:
            assignment = marketplace.accept("ALATE", hit_id)
            fields = load_template("text-classification").answer(
                task, {task.name: "no"}
            )
            marketplace.submit("ALATE", assignment, fields)
        lab.collect("pets")
        lab.collect("pets")

    assert 5 == first
    assert 5 + 5 + 2 == wire.asked["ListAssignmentsForHIT"]


def test_many_answers_come_in_pages(
    lab: Lab, rows: list[dict[str, object]], work: Work
) -> None:
    """A HIT with more answers than a page holds is collected whole."""
    lab.create(
        "many",
        template="text-classification",
        inputs=rows[:1],
        reward="0.01",
        assignments=230,
    )
    lab.publish("many")
    work(lab, "many", workers=230)

    assert 230 == lab.collect("many").answers


def test_statuses_are_refreshed_once_they_are_due(
    lab: Lab, pets: str, work: Work, clock: ManualClock
) -> None:
    """Work that was approved by time is known to be, although nothing new came."""
    lab.publish(pets)
    work(lab, pets)
    lab.collect(pets)
    before = lab.report(pets).approved
    clock.advance(lab.batches()[0].auto_approval_seconds + 1)
    lab.collect(pets)

    assert (0, 15) == (before, lab.report(pets).approved)


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"other": "1"},
        {"answer": "{"},
        {"answer": "[]"},
        {"answer": '{"label": "yes"}'},
    ],
)
def test_an_answer_that_fails_its_schema_is_kept(
    lab: Lab, pets: str, fields: dict[str, str]
) -> None:
    """It is flagged with its reason, has no label, and is there in the raw."""
    lab.publish(pets)
    send(lab, fields)
    collected = lab.collect(pets)
    (answer,) = lab.answers(pets).itertuples()

    assert (1, 1) == (collected.answers, collected.invalid)
    assert answer.problem
    assert answer.answer is None
    assert answer.label is None
    assert "QuestionFormAnswers" in column(lab, "answer_xml")[0]


def test_an_answer_that_is_no_xml_is_kept(
    tmp_path: Path, marketplace: Marketplace, rows: list[dict[str, object]]
) -> None:
    """What a marketplace sends is stored as it came, even if nobody can read it."""

    class Garbling(Counting):
        def call(self, operation: str, params: Mapping[str, Any], /) -> dict[str, Any]:
            answer = super().call(operation, params)
            for assignment in answer.get("Assignments", ()):
                assignment["Answer"] = "no XML at all"
            return answer

    with Lab(tmp_path / "ledger.db", endpoint=Garbling(marketplace)) as lab:
        lab.create("pets", template="text-classification", inputs=rows, reward="0.05")
        lab.publish("pets")
        worker = marketplace.register()
        (_, hit_id), *_ = hits(lab, "pets")
        marketplace.submit(worker, marketplace.accept(worker, hit_id), {"a": "b"})

        assert 1 == lab.collect("pets").invalid
        assert ["no XML at all"] == column(lab, "answer_xml")


def test_a_flagged_answer_is_payable(lab: Lab, pets: str) -> None:
    """Approving all pays flagged answers too, and they do not vote."""
    lab.publish(pets)
    send(lab, {"answer": "?"})
    lab.collect(pets)

    assert 0 == lab.labels(pets, "majority-vote").n_labels
    assert 1 == lab.review(pets).approved


def test_raw_answers_survive_a_reader_that_fails(
    lab: Lab, pets: str, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When reading breaks down, what came is in the ledger and is read next time."""
    lab.publish(pets)
    work(lab, pets)

    def break_down(_xml: str) -> dict[str, str]:
        raise ZeroDivisionError

    with monkeypatch.context() as patch:
        patch.setattr(collection, "parse_answers", break_down)
        with pytest.raises(ZeroDivisionError):
            lab.collect(pets)
    kept = len(column(lab, "answer_xml"))
    collected = lab.collect(pets)

    assert 15 == kept == collected.answers
    assert 0 == collected.invalid
    assert {"yes"} == set(lab.answers(pets)["label"])


def test_answers_of_several_things_have_no_single_label(
    lab: Lab, marketplace: Marketplace
) -> None:
    """An answer about nine tiles is one row, with all it says in its JSON."""
    template = load_template("image-selection")
    row = {**template.examples()[0], "task": "grid"}
    lab.create("grids", template=template, inputs=[row], reward="0.05", assignments=1)
    lab.publish("grids")
    ((task, hit_id),) = hits(lab, "grids")
    worker = marketplace.register()
    judgements = judge_tiles(task)
    fields = template.answer(task, judgements)
    marketplace.submit(worker, marketplace.accept(worker, hit_id), fields)
    lab.collect("grids")
    answer: Any
    (answer,) = lab.answers("grids").itertuples()
    labels = lab.labels("grids", "majority-vote").table

    assert answer.label is None
    assert judgements == dict(template.votes(task, answer.answer))
    assert judgements == dict(zip(labels["task"], labels["label"], strict=True))


def judge_tiles(task: Task) -> dict[str, str]:
    """A judgement of every tile: the first one or two are it."""
    template = load_template("image-selection")
    least = max(int(task.input.get("min", 1)), 1)
    things = [thing for thing, _ in template.things(task)]
    return {t: "yes" if n < least else "no" for n, t in enumerate(things)}


def test_a_hit_that_is_gone_is_no_obstacle(
    tmp_path: Path, marketplace: Marketplace, rows: list[dict[str, object]], work: Work
) -> None:
    """A marketplace that forgot a HIT does not keep the others from being collected."""

    class Forgetful(Counting):
        def call(self, operation: str, params: Mapping[str, Any], /) -> dict[str, Any]:
            if params.get("HITId") == forgotten:
                params = {**params, "HITId": "UNKNOWN"}
            return super().call(operation, params)

    forgotten = ""
    with Lab(tmp_path / "ledger.db", endpoint=Forgetful(marketplace)) as lab:
        lab.create("pets", template="text-classification", inputs=rows, reward="0.05")
        lab.publish("pets")
        work(lab, "pets")
        forgotten = hits(lab, "pets")[2][1]

        assert 12 == lab.collect("pets").answers
