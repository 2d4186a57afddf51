"""Every figure of a report is what happened."""

import json
import shutil
from decimal import Decimal
from pathlib import Path

import pytest

from crowdlab.accounting import Model
from crowdlab.errors import NotFound
from crowdlab.lab import Lab
from crowdlab.marketplace import Marketplace
from crowdlab.model import Task
from crowdlab.templates import load_template
from tests.lab.conftest import Work

TRUTH = {"a": "yes", "b": "yes", "c": "no", "d": "no"}


def judge(worker: str, task: Task) -> str:
    """Two workers know the truth; the third always says yes. Nobody knows c."""
    if worker == "AWORKER2" or task.name == "c":
        return "yes"
    return TRUTH.get(task.name, "no")


@pytest.fixture
def known(lab: Lab, rows: list[dict[str, object]], work: Work) -> str:
    """A batch with truth, answered and collected."""
    lab.create(
        "known",
        template="text-classification",
        inputs=rows,
        reward="0.10",
        assignments=3,
        truth=TRUTH,
        budget="2",
    )
    lab.publish("known")
    work(lab, "known", judge=judge, seconds=20)
    lab.collect("known")
    return "known"


def test_labels_are_what_most_workers_say(lab: Lab, known: str) -> None:
    """The receipt counts the labels and carries the table."""
    labelled = lab.labels(known, "majority-vote")
    table = labelled.table

    assert {"method": "majority-vote", "n_labels": 5, "n_votes": 15} == {
        key: labelled.to_json()[key] for key in ("method", "n_labels", "n_votes")
    }
    assert ["task", "label", "confidence", "n_votes"] == list(table)
    assert [("a", "yes"), ("b", "yes"), ("c", "yes"), ("d", "no"), ("e", "no")] == list(
        zip(table["task"], table["label"], strict=True)
    )
    assert [3] * 5 == table["n_votes"].tolist()
    assert "table" not in labelled.to_json()


def test_dawid_skene_knows_whom_to_trust(lab: Lab, known: str) -> None:
    """Worker quality comes with the labels."""
    workers = lab.labels(known, "dawid-skene").workers.set_index("worker")["quality"]

    assert workers["AWORKER2"] < workers["AWORKER0"]


def test_labels_without_answers_are_none(lab: Lab, pets: str) -> None:
    """Before anybody answered, there are no labels and no error."""
    labelled = lab.labels(pets)

    assert (0, 0) == (labelled.n_labels, len(labelled.table))
    assert ["task", "label", "confidence", "n_votes"] == list(labelled.table)


def test_an_unknown_method_lists_the_known(lab: Lab, pets: str, known: str) -> None:
    """Asking for a method that does not exist says which do, answers or not."""
    for batch in (pets, known):
        with pytest.raises(NotFound, match=r"'guess'; choose from: .*dawid-skene"):
            lab.labels(batch, "guess")


def test_rewards_and_fees_are_paid_for_what_was_approved(
    lab: Lab, known: str, marketplace: Marketplace
) -> None:
    """The report's money is what left the account, to the cent."""
    (first, *rest) = lab.answers(known)["assignment_id"]
    lab.review(known, reject=[first], feedback="Empty.")
    lab.review(known)
    report = lab.report(known).to_json()

    assert {
        "rewards": "1.40",
        "fees": "0.28",
        "bonuses": "0.00",
        "total": "1.68",
        "committed": "0.00",
        "budget": "2.00",
    } == {name: report[name] for name in MONEY}
    assert Decimal(10_000) - marketplace.balance == Decimal(report["total"])
    assert 14 == len(rest)


MONEY = ("rewards", "fees", "bonuses", "total", "committed", "budget")


def test_what_is_not_decided_is_committed(lab: Lab, known: str) -> None:
    """Published work that nobody decided may still cost its reward and fee."""
    report = lab.report(known)

    assert Decimal(0) == report.total
    assert Decimal("1.80") == report.committed


def test_costs_are_per_label_and_per_correct_label(lab: Lab, known: str) -> None:
    """1.80 dollars for five labels, of which three in four are right."""
    lab.review(known)
    lab.labels(known, "majority-vote")
    report = lab.report(known)

    assert 5 == report.labels
    assert 0.75 == report.accuracy
    assert Decimal("0.36") == report.cost_per_label
    assert Decimal("0.48") == report.cost_per_correct_label


def test_the_newest_run_of_each_method_is_told(lab: Lab, known: str) -> None:
    """Labelling again replaces a method's figures and is the newest then."""
    lab.labels(known, "majority-vote")
    lab.labels(known, "dawid-skene")
    lab.labels(known, "majority-vote")
    report = lab.report(known)

    assert ["dawid-skene", "majority-vote"] == [m.method for m in report.methods]
    assert 5 == report.labels


def test_the_wage_is_what_the_median_worker_earned(lab: Lab, known: str) -> None:
    """Ten cents in twenty seconds are eighteen dollars an hour."""
    assert Decimal("18.00") == lab.report(known).hourly_wage


def test_memory_is_measured_per_verb(lab: Lab, known: str) -> None:
    """Each verb that worked has its seconds and bytes; the largest is the memory."""
    report = lab.report(known)
    bytes_by_verb = {verb.verb: verb.peak_bytes for verb in report.verbs}

    assert ["create", "publish", "collect"] == list(bytes_by_verb)
    assert max(bytes_by_verb.values()) == report.memory
    assert all(size > 10**7 for size in bytes_by_verb.values())
    assert all(verb.seconds > 0 for verb in report.verbs)
    assert 15 * 300 < report.answer_bytes < 15 * 3000


def test_a_report_without_answers_has_gaps(lab: Lab, pets: str) -> None:
    """A batch that was only created has an account, with nothing spent."""
    report = lab.report(pets).to_json()

    assert (5, 0, "0.00", 0) == (
        report["tasks"],
        report["published"],
        report["total"],
        report["labels"],
    )
    assert report["cost_per_label"] is None
    assert report["hourly_wage"] is None


def test_a_report_is_json(lab: Lab, known: str) -> None:
    """Money is text with two decimals, counts and bytes are numbers."""
    lab.labels(known, "majority-vote")
    report = json.loads(json.dumps(lab.report(known).to_json()))

    assert "0.00" == report["methods"][0]["cost_per_label"]
    assert isinstance(report["memory"], int)
    assert {"rewards", "fees", "bonuses", "total", "labels", "cost_per_label"} <= set(
        report
    )


def test_the_status_follows_the_work(lab: Lab, known: str) -> None:
    """Available, pending, submitted, approved and rejected add up to all."""
    market = lab.marketplace
    lab.create(
        "open",
        template="text-classification",
        inputs=[{"text": "t", "hypothesis": "h"}],
        reward="0.05",
        assignments=4,
    )
    lab.publish("open")
    (hit_id,) = lab._ledger.hits.ids(lab._find("open").key)
    market.accept("AWORKER0", hit_id)
    lab.review(known, reject=lab.answers(known)["assignment_id"][:2], feedback="No.")

    assert (
        "Status(published=1, available=3, pending=1, submitted=0, approved=0, "
        "rejected=0, environment='local')" == repr(lab.status("open"))
    )
    assert (
        "Status(published=5, available=0, pending=0, submitted=13, approved=0, "
        "rejected=2, environment='local')" == repr(lab.status(known))
    )


def test_an_expired_batch_takes_no_more_work(lab: Lab, pets: str) -> None:
    """Every HIT is off the market, and twice makes no difference."""
    lab.publish(pets)
    expired = [lab.expire(pets), lab.expire(pets)]
    listed = lab.marketplace.call("ListHITs", {})["HITs"]

    assert ["Expired(expired=5, environment='local')"] * 2 == list(map(repr, expired))
    assert {"Reviewable"} == {hit["HITStatus"] for hit in listed}


def test_agreement_and_confusion_come_from_the_votes(lab: Lab, known: str) -> None:
    """Against the truth each vote has its cell; the most divided tasks are named."""
    lab.labels(known, "majority-vote")
    report = lab.report(known)

    assert report.confusion is not None
    assert report.agreement is not None
    assert ("truth", ("no", "yes")) == (
        report.confusion.against,
        report.confusion.labels,
    )
    assert ((2, 4), (0, 6)) == report.confusion.votes
    assert 15 == report.agreement.n_answers
    assert [
        ("d", "no", (("no", 2), ("yes", 1))),
        ("e", "no", (("no", 2), ("yes", 1))),
    ] == [(doubt.task, doubt.label, doubt.votes) for doubt in report.doubts]
    assert "The d is blue. \u00b7 It has a colour." == report.doubts[0].text


def test_the_pace_is_when_and_by_whom(lab: Lab, known: str) -> None:
    """Answers come one after the other, twenty seconds each, five from each worker."""
    pace = lab.report(known).pace

    assert 280 == (pace.moments[-1] - pace.moments[0]).total_seconds()
    assert (1, 15) == (pace.arrived[0], pace.arrived[-1])
    assert (5, 5, 5) == pace.workloads
    assert (20.0, 15) == (pace.elapsed_seconds, sum(pace.durations))
    assert pace.wages is not None
    assert Decimal("18.00") == pace.wages.median


def test_the_bytes_of_a_batch_are_counted(
    lab: Lab, known: str, rows: list[dict[str, object]]
) -> None:
    """Pages, raw answers, the ledger's growth and the votes are as they were."""
    lab.labels(known, "majority-vote")
    made = lab.report(known).footprint
    template = load_template("text-classification")
    tasks = [template.task(row, "row") for row in rows]
    pages = sum(
        len(template.question(t.input, task_id=t.task_id, language="en")) for t in tasks
    )

    assert (pages, 0, 15 * 12) == (made.pages, made.images, made.votes)
    assert lab.report(known).answer_bytes == made.answers
    assert 15 * 300 < made.ledger < lab._ledger.n_bytes
    assert (made.answers + made.ledger) // 15 == made.per_answer


def test_the_bytes_of_a_batch_are_foretold(lab: Lab, work: Work) -> None:
    """What an estimate says before anything is published comes true within a quarter."""
    rows = [{"text": f"It rains {n}.", "hypothesis": "It is wet."} for n in range(150)]
    lab.create(
        "rain",
        template="text-classification",
        inputs=rows,
        reward="0.05",
        assignments=5,
    )
    told = lab.estimate("rain")
    lab.publish("rain")
    work(lab, "rain", workers=5)
    lab.collect("rain")
    lab.labels("rain", "dawid-skene")
    made = lab.report("rain").footprint

    for name in ("pages", "answers", "ledger", "votes", "per_answer"):
        foretold, counted = (getattr(each, name) for each in (told.footprint, made))
        assert counted == pytest.approx(foretold, rel=0.25), name
    assert lab.report("rain").memory == pytest.approx(told.memory, rel=0.25)


def test_a_model_to_train_stands_beside_the_labels(lab: Lab, known: str) -> None:
    """People and machines are on one page: GPU memory, hours and dollars."""
    model = Model(
        parameters=100e6, activations=10e6, input_bytes=1e6, batch_size=128, hours=10
    )
    training = lab.report(known, training=model).training

    assert training is not None
    assert 11_568_000_000 == training.training_bytes
    assert ("100.0M parameters", Decimal("1.10")) == (training.model, training.cost)
    assert lab.report(known).training is None


def test_tasks_of_several_kinds_have_no_agreement(lab: Lab) -> None:
    """Where labels are no classes there is a report all the same."""
    template = load_template("region-annotation")
    lab.create("regions", template=template, inputs=template.examples(), reward="0.05")
    report = lab.report("regions")

    assert (None, None, ()) == (report.agreement, report.confusion, report.doubts)
    assert lab.estimate("regions").footprint.answers > 0


def test_a_report_outlives_its_template(
    lab: Lab, rows: list[dict[str, object]], tmp_path: Path
) -> None:
    """Where a template's folder is gone, the ledger still accounts for the batch."""
    own = tmp_path / "own"
    shutil.copytree(load_template("text-classification").folder, own)
    lab.create("own", template=own, inputs=rows, reward="0.05")
    lab.publish("own")
    shutil.rmtree(own)
    report = lab.report("own")

    assert (5, Decimal("0.90"), None) == (
        report.published,
        report.committed,
        report.agreement,
    )
