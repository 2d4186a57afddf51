"""Labels that are no classes, and workers held against what is known."""

import json
from typing import Any

import pandas as pd
import pytest

from crowdlab.errors import BadInput, NotFound
from crowdlab.lab import Lab
from crowdlab.templates import load_template

CREW = {"diligent": 4}
TEXTS = {
    "house/1": "Leave the study by its door, walk along the long hall to its far end,"
    " pass the stairs, and enter the last room on the left hand side.",
    "office/1": "From the desk turn right, follow the corridor westwards until it ends,"
    " then open the glass door, and stop beside the tall shelves.",
}


def gold_box(left: int) -> dict[str, Any]:
    """A box around a pear."""
    return {"kind": "box", "cls": "pear", "bbox": [left, 20, 80, 90]}


def a_picture(name: str, left: int, **more: object) -> dict[str, Any]:
    """A task whose box is known, in a picture that nobody will look at."""
    _, fruit = load_template("region-annotation").examples()
    plain = {k: v for k, v in fruit.items() if k not in {"initial", "gold", "question"}}
    return {**plain, "task": name, "tools": ["box"], "gold": [gold_box(left)], **more}


def fill(lab: Lab, template: str, rows: object, truth: object = None) -> str:
    """A batch that a diligent crowd has answered."""
    lab.create(
        "batch",
        template=template,
        inputs=rows,
        truth=truth,
        reward="0.05",
        assignments=4,
    )
    lab.publish("batch")
    lab.simulate("batch", CREW, seed=3)
    lab.collect("batch")
    return "batch"


@pytest.fixture
def boxes(lab: Lab) -> str:
    """Three pictures, each with a box that most workers drew."""
    rows = [a_picture(f"p{n}", 90 * n) for n in range(3)]
    return fill(lab, "region-annotation", rows, {"p0": [gold_box(0)]})


@pytest.fixture
def ways(lab: Lab) -> str:
    """Two descriptions, and the rooms in which their writers say that they end."""
    rows = load_template("route-description").examples()
    return fill(lab, "route-description", rows, TEXTS)


def test_labels_are_of_the_kind_that_tasks_ask_for(lab: Lab, boxes: str) -> None:
    """Boxes are matched and averaged, and not counted as if they were names."""
    labelled = lab.labels(boxes)

    assert ("boxes", "boxes", 3) == (labelled.kind, labelled.method, labelled.n_labels)
    for n, found in enumerate(labelled.table["label"]):
        (region,) = found
        assert "pear" == region["cls"]
        assert [90 * n, 20, 80, 90] == pytest.approx(region["bbox"])


def test_the_ledger_keeps_values_as_json(lab: Lab, boxes: str) -> None:
    """What is noted of a run can be read again, and claims no accuracy by equality."""
    labelled = lab.labels(boxes)

    account = lab.report(boxes)

    noted = [json.loads(held.label) for held in account.label_table]
    assert labelled.table["label"].tolist() == noted
    assert 3 == account.labels
    assert account.accuracy is None


def test_what_checks_workers_is_no_label(lab: Lab, ways: str) -> None:
    """Of a description the text is the label; the room is held against the gold."""
    labelled, rated = lab.labels(ways), lab.workers(ways)

    assert "texts" == labelled.kind
    assert TEXTS == dict(labelled.table[["task", "label"]].itertuples(index=False))
    assert set(TEXTS.values()) == set(lab.answers(ways)["label"])
    assert 8 == rated.n_gold
    assert rated.table["n_gold"].tolist() == [2, 2, 2, 2]


def test_texts_can_be_taken_as_classes(lab: Lab, ways: str) -> None:
    """The kind may be told; then the methods are those of that kind."""
    labelled = lab.labels(ways, "majority-vote", kind="classes")

    assert ("classes", "majority-vote") == (labelled.kind, labelled.method)
    with pytest.raises(NotFound, match="choose from: medoid, rover"):
        lab.labels(ways, "majority-vote")
    with pytest.raises(NotFound, match="kind of labels"):
        lab.labels(ways, kind="hexagons")


def test_several_kinds_are_told_apart(lab: Lab) -> None:
    """Where some tasks ask for boxes and some for points, one has to be chosen."""
    point = {"kind": "point", "cls": "pear", "points": [[40, 40]]}
    rows = [a_picture("p0", 0), a_picture("p1", 0, tools=["point"], gold=[point])]
    batch = fill(lab, "region-annotation", rows)

    with pytest.raises(BadInput, match="several kinds: boxes, points"):
        lab.labels(batch)

    assert ["p1"] == lab.labels(batch, kind="points").table["task"].tolist()
    assert ["p0"] == lab.labels(batch, kind="boxes").table["task"].tolist()


def test_gold_is_told_to_the_method(lab: Lab) -> None:
    """A planted label is the label, whatever most workers say."""
    rows = [
        {"task": name, "text": f"The {name} is blue.", "hypothesis": "It is.", **gold}
        for name, gold in (("sky", {"gold": "no"}), ("sea", {}))
    ]
    truth = {"sky": "yes", "sea": "yes"}
    labels = lab.labels(fill(lab, "text-classification", rows, truth)).table

    assert {"sky": "no", "sea": "yes"} == dict(
        labels[["task", "label"]].itertuples(index=False)
    )


def test_workers_are_held_against_the_gold(lab: Lab, boxes: str) -> None:
    """Each worker has a row: quality, gold with its interval, and where to look."""
    rated = lab.workers(boxes)

    assert (4, 4) == (rated.n_workers, len(rated.table))
    assert rated.n_gold == rated.table["n_gold"].sum() >= 12
    right = rated.table.sort_values("share")["quality"]
    assert right.is_monotonic_increasing
    assert set(rated.table["standing"]) <= {"above", "below", "open"}


def test_signs_of_no_care_have_reasons(lab: Lab) -> None:
    """Who answers at random is named first, with the words to look at."""
    rows = [
        {"task": f"{n}", "text": f"Line {n} is blue.", "hypothesis": "It is."}
        for n in range(120)
    ]
    truth = {f"{n}": "yes" if n % 2 else "no" for n in range(120)}
    lab.create(
        "lines",
        template="text-classification",
        inputs=rows,
        truth=truth,
        reward="0.05",
        assignments=5,
    )
    lab.publish("lines")
    lab.simulate("lines", {"diligent": 4, "spammer": 1}, seed=1)
    lab.collect("lines")

    rated = lab.workers("lines")

    first = rated.table.iloc[0]
    assert "ASPAMMER001" == first["worker"]
    assert "spammer" in first["signs"]
    assert first["reasons"]
    assert 1 == rated.n_concerning


def test_nobody_is_rated_without_answers(lab: Lab, pets: str) -> None:
    """Before the first answer there is an empty table with its columns."""
    rated = lab.workers(pets)

    assert (0, 0) == (rated.n_workers, rated.n_gold)
    assert {"worker", "standing", "reasons"} <= set(rated.table)


def test_a_crowd_that_knows_nothing_cannot_write(lab: Lab) -> None:
    """Without a true text a simulation says what is missing, and answers nothing."""
    rows = load_template("route-description").examples()
    lab.create("ways", template="route-description", inputs=rows, reward="0.05")
    lab.publish("ways")

    with pytest.raises(BadInput, match="nothing is known of 'house/1'"):
        lab.simulate("ways", CREW)

    assert 0 == lab.collect("ways").answers


def test_careless_workers_say_nothing_that_a_page_refuses(lab: Lab) -> None:
    """What is true elsewhere may not be possible here: then the truth is said."""
    rows = [a_picture("wide", 390), a_picture("narrow", 10, width=200)]
    lab.create("fruit", template="region-annotation", inputs=rows, reward="0.05")
    lab.publish("fruit")

    lab.simulate("fruit", {"spammer": 3}, seed=1)

    collected = lab.collect("fruit")
    assert (6, 0) == (collected.answers, collected.invalid)
    table = lab.answers("fruit")
    said = {label[0]["bbox"][0] for label in table["label"][table["task"] == "narrow"]}
    assert {10} == said


def test_careless_writers_say_what_is_true_elsewhere(lab: Lab) -> None:
    """Where there is nothing to pick from, a spammer's text is another task's."""
    rows = load_template("route-description").examples()
    lab.create(
        "ways", template="route-description", inputs=rows, truth=TEXTS, reward="0.05"
    )
    lab.publish("ways")
    lab.simulate("ways", {"spammer": 3}, seed=2)
    lab.collect("ways")

    said = lab.answers("ways")
    truth = said["task"].map(pd.Series(TEXTS))
    assert set(said["label"]) <= set(TEXTS.values())
    assert (said["label"] != truth).any()
