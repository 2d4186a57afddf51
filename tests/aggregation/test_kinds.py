"""What holds for every kind of value, and how methods are found."""

from typing import Any

import numpy as np
import pandas as pd
import pytest

from crowdlab.aggregation import aggregate, kinds
from crowdlab.errors import BadInput, BadVotes, NotFitted, NotFound

Row = tuple[str, str, Any]


def _box(left: float) -> list[dict[str, Any]]:
    return [{"kind": "box", "cls": "cat", "bbox": [left, 10, 40, 40]}]


def _polygon(left: float) -> list[dict[str, Any]]:
    corners = [[left, 0], [left + 40, 0], [left + 40, 40], [left, 40]]
    return [{"kind": "polygon", "cls": "cat", "points": corners}]


def _point(left: float) -> list[dict[str, Any]]:
    return [{"kind": "point", "cls": "eye", "points": [[left, 7]]}]


# Three answers of each kind: what all say, and what a spammer says instead.
SAID: dict[str, tuple[Any, Any]] = {
    "sets": ("yes", "no"),
    "candidates": ("yes", "no"),
    "boxes": (_box(10), _box(500)),
    "polygons": (_polygon(10), _polygon(500)),
    "points": (_point(10), _point(500)),
    "numbers": (20.0, 900.0),
    "rankings": (["a", "b", "c"], ["c", "b", "a"]),
    "texts": ("The cat sat on the mat.", "asdf qwer"),
    "routes": ("yes", "no"),
}
METHODS = [(kind, name) for kind in kinds.names() for name in kinds.find(kind).names()]
each_method = pytest.mark.parametrize(("kind", "method"), METHODS)


def _votes(kind: str, spammers: int = 0, workers: int = 4) -> list[Row]:
    said, spam = SAID[kind]
    crowd = [(f"w{n}", said) for n in range(workers)]
    crowd += [(f"x{n}", spam) for n in range(spammers)]
    return [(f"t{task}/1", name, word) for task in range(6) for name, word in crowd]


def _flat(label: Any) -> list[float | str]:
    """A label as a list of numbers and texts, whatever its kind."""
    if isinstance(label, dict):
        return [flat for key in sorted(label) for flat in _flat(label[key])]
    if isinstance(label, list | tuple):
        return sorted((f for item in label for f in _flat(item)), key=str)
    return [label] if isinstance(label, str) else [round(float(label), 5)]


@each_method
def test_where_all_agree_they_are_right(kind: str, method: str) -> None:
    """Unanimous answers are the label, and it is sure."""
    agreed = aggregate(_votes(kind), method, kind=kind)
    alone = aggregate(_votes(kind, workers=1), method, kind=kind)

    assert len(agreed.labels) == 6
    expected = {"sets": ("1",), "candidates": "1", "routes": True}
    said = expected.get(kind, SAID[kind][0])
    for label in [*agreed.labels["label"], *alone.labels["label"]]:
        assert _flat(said) == _flat(label)
    assert (agreed.labels["confidence"] > 0.8).all()
    assert set(agreed.labels) >= {"task", "label", "confidence", "n_votes"}
    assert set(agreed.workers) >= {"worker", "quality", "n"}


@each_method
def test_a_spammer_flips_nothing(kind: str, method: str) -> None:
    """One who always says something else changes no label, and is found out."""
    found = aggregate(_votes(kind, spammers=1), method, kind=kind)

    expected = aggregate(_votes(kind), method, kind=kind).labels["label"]
    for said, label in zip(expected, found.labels["label"], strict=True):
        if kind == "numbers":
            assert abs(said - label) < 1
        else:
            assert _flat(said) == _flat(label)
    quality = found.workers.set_index("worker")["quality"]
    assert quality["x0"] < quality["w0"]


@each_method
def test_names_and_order_do_not_matter(kind: str, method: str) -> None:
    """Other names and another order of the rows: the same labels and qualities."""
    rows = _votes(kind, spammers=2)
    rows = [row for place, row in enumerate(rows) if place % 5]
    again = [(f"a{task}", f"{w[::-1]}", label) for task, w, label in rows][::-1]

    first = aggregate(rows, method, kind=kind)
    second = aggregate(again, method, kind=kind)

    for one, other in zip(first.labels["label"], second.labels["label"], strict=True):
        assert _flat(one) == pytest.approx(_flat(other), abs=1e-4)
    np.testing.assert_allclose(
        first.labels["confidence"], second.labels["confidence"], atol=1e-4
    )
    renamed = second.workers.assign(worker=second.workers["worker"].str[::-1])
    np.testing.assert_allclose(
        first.workers.sort_values("worker")["quality"],
        renamed.sort_values("worker")["quality"],
        atol=1e-4,
    )


@each_method
def test_what_cannot_be_read_is_named(kind: str, method: str) -> None:
    """The error tells row and field of the first label that makes no sense."""
    rows = _votes(kind)
    rows[2] = (*rows[2][:2], 3 + 4j)

    with pytest.raises(BadVotes, match="row 3, field 'label'"):
        aggregate(rows, method, kind=kind)


@each_method
def test_results_come_after_fit(kind: str, method: str) -> None:
    """The grammar is scikit-learn's: what ends in an underscore is there after fit."""
    made = kinds.find(kind).find(method)()
    with pytest.raises(NotFitted):
        _ = made.labels_

    made.fit(pd.DataFrame(_votes(kind), columns=["task", "worker", "label"]))

    assert len(made.labels_) == 6
    assert len(made.workers_) == 4
    assert made.diagnostics_["iterations"] >= 0
    assert made.result_.method == method


def test_an_unknown_kind_lists_the_choices() -> None:
    """Kind, method, option: what there is not is refused with what there is."""
    with pytest.raises(NotFound, match=r"kind of labels 'cubes'.*classes, sets"):
        aggregate([], kind="cubes")
    with pytest.raises(NotFound, match=r"method for texts 'dawid.*medoid, rover"):
        aggregate([], "dawid-skene", kind="texts")
    with pytest.raises(BadInput, match=r"boxes has no option radius; choose from"):
        aggregate([], kind="boxes", radius=3)
    with pytest.raises(BadInput, match="overlap is 2"):
        aggregate([], kind="boxes", overlap=2)
    with pytest.raises(BadInput, match="gold labels are for classes"):
        aggregate([], kind="boxes", gold={})


@pytest.mark.parametrize(
    ("kind", "label", "reason"),
    [
        ("boxes", [{"bbox": [1, 2, 3]}], "region 1: bbox is"),
        ("boxes", [{"bbox": [1, 2, 0, 3]}], "without an area"),
        ("boxes", "[{", "is no JSON"),
        ("boxes", [{"kind": "point", "points": [[1, 2]]}], "is a point, no box"),
        ("polygons", [{"points": [[0, 0], [2, 2], [2, 0], [0, 2]]}], "crosses itself"),
        ("points", [{"points": [[1, 2], [3, 4]]}], "not a list of one point"),
        ("numbers", float("inf"), "no finite number"),
        ("rankings", ["a"], "fewer than two"),
        ("rankings", ["a", ["b", "a"]], "has an item twice"),
        ("sets", "maybe", "neither yes nor no"),
    ],
)
def test_a_bad_label_is_told_with_its_reason(
    kind: str, label: Any, reason: str
) -> None:
    """Each kind says what is wrong with a label, and in which row."""
    with pytest.raises(BadVotes, match=f"^row 1, field 'label': .*{reason}"):
        aggregate([("t/1", "Ann", label)], kind=kind)


def test_a_tile_needs_its_set() -> None:
    """A task that names no part is refused with its row."""
    with pytest.raises(BadVotes, match="row 2, field 'task': 'b' names no tile"):
        aggregate([("a/1", 1, "yes"), ("b", 1, "yes")], kind="sets")
