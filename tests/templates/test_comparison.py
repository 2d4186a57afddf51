"""Votes that rank two items."""

import json
from typing import Any

import pytest

from crowdlab.aggregation import aggregate
from crowdlab.errors import BadAnswer, BadRow
from crowdlab.templates import load_template

PAIRS = load_template("pairwise-comparison")
ROW = {"task": "p", "items": [{"id": "a", "text": "tea"}, {"id": "b", "text": "milk"}]}
PAIR = PAIRS.task(ROW, "row 1")
LABELS = ('["a", "b"]', '["b", "a"]', '[["a", "b"]]')


def _said(label: str, **changes: Any) -> dict[str, str]:
    fields = PAIRS.answer(PAIR, {"p": label})
    return {"answer": json.dumps({**json.loads(fields["answer"]), **changes})}


def test_a_pair_is_ranked_in_three_ways() -> None:
    """Labels are rankings of ids: one before the other, or both together."""
    assert [("p", LABELS)] == PAIRS.things(PAIR)
    assert "rankings" == PAIRS.kind_of(PAIR)


@pytest.mark.parametrize("label", LABELS)
def test_an_answer_is_the_inverse_of_votes(label: str) -> None:
    """Whatever is judged, the posted answer is read and votes for just that."""
    assert [("p", label)] == PAIRS.votes(PAIR, PAIRS.read(PAIR, _said(label)))


def test_without_ties_there_is_none() -> None:
    """Where the input allows no tie, nobody can say so."""
    strict = PAIRS.task({**ROW, "ties": False}, "row 1")

    assert LABELS[:2] == PAIRS.things(strict)[0][1]
    with pytest.raises(BadAnswer, match="better 'tie' is none of: a, b"):
        PAIRS.answer(strict, {"p": LABELS[2]})


def test_texts_alone_are_told_by_their_places() -> None:
    """Items that are texts are called 1 and 2."""
    task = PAIRS.task({"task": "p", "items": ["tea", "milk"]}, "row 1")

    assert '["1", "2"]' == PAIRS.things(task)[0][1][0]


def test_pairs_of_one_scale_make_one_ranking() -> None:
    """Tasks that share a scale vote on one thing, which aggregation puts in order."""
    answers = []
    for better, worse in (("a", "b"), ("b", "c"), ("a", "c")):
        items = [{"id": worse, "text": worse}, {"id": better, "text": better}]
        task = PAIRS.task({"items": items, "scale": "drinks"}, "row 1")
        ranking = json.dumps([better, worse])
        fields = PAIRS.answer(task, {"drinks": ranking})
        ((thing, label),) = PAIRS.votes(task, PAIRS.read(task, fields))
        answers += [(thing, worker, label) for worker in "xyz"]

    (order,) = aggregate(answers, kind=PAIRS.kind_of(task)).labels["label"]

    assert ["a", "b", "c"] == order


def test_a_known_pair_checks_workers() -> None:
    """Gold is a ranking of the pair alone, whatever scale it belongs to, and private."""
    row = {**ROW, "gold": "b", "scale": "drinks"}
    task = PAIRS.task(row, "row 1")
    page = PAIRS.page(task.input, task_id=task.task_id, language="en")

    assert {"p": LABELS[1]} == PAIRS.gold(task)
    assert "p" == PAIRS.things(task)[0][0]
    assert "drinks" not in page
    assert {} == PAIRS.gold(PAIR)


@pytest.mark.parametrize(
    ("changes", "field", "reason"),
    [
        ({"items": ["a"]}, "items", "['a'] is too short"),
        ({"items": [{"id": "a", "text": "x"}] * 2}, "items", "the id 'a' is there twice"),
        ({"items": [{"id": "tie", "text": "x"}, "y"]}, "items", "what a tie is called"),
        ({"items": [{"id": "a"}, "y"]}, "items[0]", "is not"),
        ({"items": [{"text": "a"}, "y"]}, "items[0].id", "is missing"),
        ({"gold": "c"}, "gold", "'c' is none of: a, b, tie"),
        ({"gold": "tie", "ties": False}, "gold", "'tie' is none of: a, b"),
    ],
)  # fmt: skip
def test_a_bad_pair_is_named(changes: dict[str, Any], field: str, reason: str) -> None:
    """The error names the field and the reason."""
    with pytest.raises(BadRow) as refused:
        PAIRS.task({**ROW, **changes}, "row 1")

    assert field == refused.value.field
    assert reason in refused.value.reason


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"better": "c"}, "better 'c' is none of: a, b, tie"),
        ({"shown": ["a", "a"]}, "'shown' does not list both of: a, b"),
        ({"shown": ["a"]}, "shown: ['a'] is too short"),
    ],
)
def test_a_bad_answer_is_refused(changes: dict[str, Any], reason: str) -> None:
    """Items of another task are told."""
    with pytest.raises(BadAnswer) as refused:
        PAIRS.read(PAIR, _said(LABELS[0], **changes))

    assert reason in str(refused.value)
