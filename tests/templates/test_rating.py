"""Votes of a rating from 1 to 5."""

import json
from typing import Any

import pytest

from crowdlab.aggregation import aggregate
from crowdlab.errors import BadAnswer, BadRow
from crowdlab.templates import load_template

CHECKS = load_template("text-verification")
ROW = {"task": "t", "text": "Turn left."}
TEXT = CHECKS.task(ROW, "row 1")


def _said(rating: str, /, **changes: Any) -> dict[str, str]:
    answer = {**json.loads(CHECKS.answer(TEXT, {"t": rating})["answer"]), **changes}
    kept = {name: value for name, value in answer.items() if value is not None}
    return {"answer": json.dumps(kept)}


@pytest.mark.parametrize("rating", ["1", "2", "3", "4", "5"])
def test_a_rating_is_one_vote(rating: str) -> None:
    """Whatever is judged, the posted answer is read and votes for just that."""
    answer = CHECKS.read(TEXT, _said(rating))

    assert [("t", rating)] == CHECKS.votes(TEXT, answer)
    assert [("t", ("1", "2", "3", "4", "5"))] == CHECKS.things(TEXT)


def test_ratings_are_numbers() -> None:
    """A strict and a lenient worker agree, once it is known how they err."""
    ratings = {"strict": "123", "fair": "234", "lenient": "345"}
    votes = [
        (f"text {n}", worker, label)
        for worker, labels in ratings.items()
        for n, label in enumerate(labels)
    ]

    found = aggregate(votes, kind=CHECKS.kind_of(TEXT))

    assert [2, 3, 4] == found.labels["label"].round(1).tolist()
    assert found.workers.set_index("worker")["bias"]["strict"] < 0


def test_a_text_that_is_known_to_be_wrong_checks_workers() -> None:
    """Gold is the known rating, and is not in the page."""
    task = CHECKS.task({**ROW, "gold": 1}, "row 1")
    page = CHECKS.page(task.input, task_id=task.task_id, language="en")

    assert {"t": "1"} == CHECKS.gold(task)
    assert '"gold"' not in page
    assert {} == CHECKS.gold(TEXT)


def test_who_rates_low_says_why() -> None:
    """The input says up to which rating; a tick or own words will do."""
    low = _said("2", comment=None)
    mild = CHECKS.task({**ROW, "why_up_to": 1}, "row 1")

    with pytest.raises(BadAnswer, match="a rating of 2 needs a reason"):
        CHECKS.read(TEXT, low)
    for changes in ({"reasons": ["false"]}, {"comment": "It is on the right."}):
        assert CHECKS.read(TEXT, _said("2", **{"comment": None, **changes}))
    assert CHECKS.read(
        mild, {"answer": low["answer"].replace(TEXT.task_id, mild.task_id)}
    )


@pytest.mark.parametrize(
    ("changes", "field", "reason"),
    [
        ({"text": " "}, "text", "is not a text"),
        ({"goal": [1, 2]}, "", "'map' is a dependency of 'goal'"),
        ({"words": ["a", "b"]}, "words", "is too short"),
        ({"reasons": ["a", "a"]}, "reasons", "'a' is there twice"),
        ({"gold": 6}, "gold", "6 is greater than the maximum of 5"),
        ({"why_up_to": -1}, "why_up_to", "-1 is less than the minimum of 0"),
    ],
)
def test_a_bad_row_is_named(changes: dict[str, Any], field: str, reason: str) -> None:
    """The error names the field and the reason."""
    with pytest.raises(BadRow) as refused:
        CHECKS.task({**ROW, **changes}, "row 1")

    assert field == refused.value.field
    assert reason in refused.value.reason


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"rating": 6}, "rating: 6 is greater"),
        ({"rating": 4.5}, "rating: 4.5 is not of type 'integer'"),
        ({"reasons": ["tone"]}, "reason 'tone' is none of: false, missing"),
        ({"comment": " "}, "comment: "),
        ({"comment": "x" * 501}, "comment: "),
    ],
)
def test_a_bad_answer_is_refused(changes: dict[str, Any], reason: str) -> None:
    """No other steps, no other reasons."""
    with pytest.raises(BadAnswer) as refused:
        CHECKS.read(TEXT, _said("4", **changes))

    assert reason in str(refused.value)
