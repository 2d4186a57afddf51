"""Votes of who followed a description, and what their walks are worth."""

import json
from typing import Any

import pytest

from crowdlab.aggregation import aggregate
from crowdlab.errors import BadAnswer, BadRow
from crowdlab.maps import follow_tasks, load_plan
from crowdlab.templates import load_template

FOLLOWS = load_template("route-follow")
PLAN = load_plan("house")
ROW = next(
    follow_tasks(PLAN, [{"text": "Cook.", "route": ["Hall", "Kitchen"], "task": "t"}])
)
TASK = FOLLOWS.task(ROW, "row 1")
ELSEWHERE = [list(point) for point in PLAN.walk(ROW["start"], "Study").points]


def _walk(path: list[Any], **changes: Any) -> dict[str, str]:
    answer = json.loads(FOLLOWS.answer(TASK, {"t": "yes"})["answer"])
    facts = {"path": path, "times": [9 * n for n in range(len(path))]}
    return {"answer": json.dumps({**answer, **facts, **changes})}


def _verdict(fields: dict[str, str]) -> str:
    ((thing, label),) = FOLLOWS.votes(TASK, FOLLOWS.read(TASK, fields))
    assert "t" == thing
    return str(label)


@pytest.mark.parametrize("label", ["yes", "no"])
def test_an_answer_is_the_inverse_of_votes(label: str) -> None:
    """Whatever is judged, the posted walk is read and votes for just that."""
    fields = FOLLOWS.answer(TASK, {"t": label})

    assert [("t", ("yes", "no"))] == FOLLOWS.things(TASK)
    assert label == _verdict(fields)


def test_arriving_is_found_out_not_believed() -> None:
    """Who says to have arrived elsewhere has not, and who gave up at the goal neither."""
    assert "yes" == _verdict(_walk(ROW["route"]))
    assert "no" == _verdict(_walk(ELSEWHERE))
    given_up = {"arrived": False, "reasons": ["short"]}
    assert "no" == _verdict(_walk(ROW["route"], **given_up))


def test_a_walk_has_a_score() -> None:
    """All measures of an answer, and the steps that lead back count."""
    there = FOLLOWS.read(TASK, _walk(ROW["route"]))
    astray = [*ELSEWHERE, *ELSEWHERE[-2::-1], *ROW["route"][1:]]
    back = FOLLOWS.read(TASK, _walk(astray))

    straight, detour = FOLLOWS.score(TASK, there), FOLLOWS.score(TASK, back)

    assert straight is not None
    assert detour is not None
    assert (0, 1, 1) == (
        straight["navigation_error"],
        straight["ndtw"],
        straight["reference_spl"],
    )
    assert straight["success"] is detour["success"] is True
    assert 0 == straight["back_steps"] < detour["back_steps"]
    assert detour["spl"] < straight["spl"]
    assert json.dumps(detour)


def test_only_walks_have_a_score() -> None:
    """Other templates have nothing to measure."""
    texts = load_template("text-classification")
    task = texts.task({"text": "a", "question": "b"}, "row 1")

    assert texts.score(task, {"label": "yes"}) is None


def test_votes_are_routes() -> None:
    """Aggregation says whether a description can be followed."""
    votes = [
        ("t", worker, _verdict(_walk(path)))
        for worker, path in (("a", ROW["route"]), ("b", ROW["route"]), ("c", ELSEWHERE))
    ]

    (row,) = aggregate(votes, kind=FOLLOWS.kind_of(TASK)).labels.to_dict("records")

    assert row["label"]
    assert row["success"] == pytest.approx(2 / 3)


def test_a_known_description_checks_followers() -> None:
    """Gold says whether a good follower arrives."""
    known = FOLLOWS.task({**ROW, "gold": "yes"}, "row 1")

    assert {"t": "yes"} == FOLLOWS.gold(known)
    assert {} == FOLLOWS.gold(TASK)


def test_the_page_knows_neither_goal_nor_way() -> None:
    """What says where the description leads is in no part of the page."""
    html = FOLLOWS.page(TASK.input, task_id=TASK.task_id, language="en")

    for name in ("plan", "goal", "route", "threshold_metres", "gold"):
        assert f'"{name}":' not in html
    for x, y in ROW["route"][1:]:
        assert f"[{x},{y}]" not in html


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        (_walk([[1, 2], ROW["start"]]), "the path begins at [1, 2], not at the start"),
        (_walk([ROW["start"], ROW["goal"]]), "leg 1 of the path leads through a wall"),
        (_walk([ROW["start"], [-9, -9]]), "leg 1 of the path leads through a wall"),
        (_walk(ROW["route"], times=[0]), "points were reached at 1 times"),
        (_walk(ELSEWHERE, times=[9, *range(len(ELSEWHERE) - 1)]), "are not in order"),
        (_walk([ROW["start"]]), "it arrived without a step"),
        (_walk(ELSEWHERE, arrived=False), "whoever did not arrive says why"),
        (_walk(ELSEWHERE, arrived=False, reasons=["wind"]), "'wind' is none of: false"),
        (_walk([]), "path: [] should be non-empty"),
        (_walk(ELSEWHERE, clarity=0), "clarity: 0 is less"),
        (_walk([ROW["start"], [0, "1"]]), "path[1][1]: '1' is not of type 'number'"),
    ],
)
def test_a_walk_that_nobody_walked_is_refused(
    fields: dict[str, str], reason: str
) -> None:
    """Through walls, from elsewhere, back in time; and a failure without a reason."""
    with pytest.raises(BadAnswer) as refused:
        FOLLOWS.read(TASK, fields)

    assert reason in str(refused.value)


@pytest.mark.parametrize(
    ("changes", "field", "reason"),
    [
        ({"radius": None}, "radius", "None is not of type 'number'"),
        ({"plan": {}}, "plan", "the plan: "),
        ({"route": [[1, 2], [3, 4]]}, "route", "it begins at [1, 2], not at the start"),
        ({"route": [ROW["start"], ROW["goal"]]}, "route", "leg 1 leads through a wall"),
        ({"reasons": ["a", "a"]}, "reasons", "'a' is there twice"),
        ({"map": {"url": ROW["map"]["url"]}}, "map.width", "is missing"),
        ({"visibility": "night"}, "visibility", "'night' is not one of"),
        ({"start": [1]}, "start", "[1] is not a point [x, y]"),
    ],
)
def test_a_bad_row_is_named(changes: dict[str, Any], field: str, reason: str) -> None:
    """A plan that is none and a way through its walls are faults of the row."""
    with pytest.raises(BadRow) as refused:
        FOLLOWS.task({**ROW, **changes}, "row 1")

    assert field == refused.value.field
    assert reason in refused.value.reason


def test_fog_needs_a_radius() -> None:
    """How far one sees must be said."""
    row = {name: value for name, value in ROW.items() if name != "radius"}

    with pytest.raises(BadRow, match="radius"):
        FOLLOWS.task(row, "row 1")
