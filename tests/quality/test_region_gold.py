"""Workers on pictures in which everything is known."""

from typing import Any

import pytest

from crowdlab.errors import BadInput
from crowdlab.quality import score_regions_on_gold

CAT = {"cls": "cat", "kind": "box", "bbox": [10, 10, 40, 40]}
DOG = {"cls": "dog", "kind": "box", "bbox": [100, 10, 40, 40]}


def _near(region: dict[str, Any], by: float) -> dict[str, Any]:
    left, *rest = region["bbox"]
    return {**region, "bbox": [left + by, *rest]}


@pytest.mark.parametrize(
    ("said", "right", "asked"),
    [
        ([CAT, DOG], 2, 2),
        ([_near(CAT, 4), _near(DOG, -4)], 2, 2),
        ([CAT], 1, 2),
        ([], 0, 2),
        ([CAT, DOG, _near(DOG, 200)], 2, 3),
        ([CAT, DOG, DOG], 2, 3),
        ([CAT, {**DOG, "cls": "cat"}], 1, 2),
        ([_near(CAT, 20), DOG], 1, 3),
    ],
)
def test_misses_ghosts_and_classes_count(
    said: list[dict[str, Any]], right: int, asked: int
) -> None:
    """What is missed, marked besides, marked twice, badly, or of another class is wrong."""
    table = score_regions_on_gold([("a", "Ann", said)], {"a": [CAT, DOG]})

    assert (right, asked) == (table["n_right"][0], table["n_gold"][0])


def test_an_empty_picture_is_right_once() -> None:
    """To mark nothing where nothing is there is right; to mark something is wrong."""
    votes = [("a", "Ann", []), ("a", "Bob", [CAT]), ("b", "Bob", [CAT])]

    table = score_regions_on_gold(votes, {"a": []})

    assert [(1, 1), (0, 1)] == list(zip(table["n_right"], table["n_gold"], strict=True))


def test_other_shapes_are_scored_by_their_own_likeness() -> None:
    """Points by distance, polygons by what they cover."""
    eye = {"cls": "eye", "kind": "point", "points": [[50, 50]]}
    tent = {"cls": "tent", "kind": "polygon", "points": [[0, 0], [40, 0], [20, 30]]}

    for kind, region, other in (
        ("points", eye, {**eye, "points": [[53, 50]]}),
        ("polygons", tent, {**tent, "points": [[1, 0], [41, 0], [21, 30]]}),
    ):
        table = score_regions_on_gold(
            [("a", "Ann", [other])], {"a": [region]}, kind=kind
        )
        assert 1 == table["n_right"][0]


def test_many_right_answers_make_a_standing() -> None:
    """As with classes, enough is known once the interval leaves out what is required."""
    votes = [
        (n, worker, [CAT] if worker == "Ann" else [])
        for n in range(20)
        for worker in ("Ann", "Bob")
    ]

    table = score_regions_on_gold(votes, {n: [CAT] for n in range(20)})

    assert ["above", "below"] == table["standing"].tolist()


def test_what_cannot_be_scored_is_refused() -> None:
    """Gold that nobody met, kinds that are no regions, shares that are none."""
    votes = [("a", "Ann", [CAT])]

    with pytest.raises(BadInput, match="none of the 1 gold tasks was answered"):
        score_regions_on_gold(votes, {"z": [CAT]})
    with pytest.raises(BadInput, match="numbers are no regions"):
        score_regions_on_gold(votes, {"a": [CAT]}, kind="numbers")
    with pytest.raises(BadInput, match="required is 2"):
        score_regions_on_gold(votes, {"a": [CAT]}, required=2)
    with pytest.raises(BadInput, match="overlap is 0"):
        score_regions_on_gold(votes, {"a": [CAT]}, overlap=0)
