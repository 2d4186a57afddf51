"""Answers that are read, votes that they hold, and what is refused."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crowdlab.errors import BadAnswer
from crowdlab.model import Task
from crowdlab.templates import Template, load_template

TEXTS = load_template("text-classification")
IMAGES = load_template("image-selection")
TEXT = TEXTS.task({"task": "25", "text": "It rains.", "hypothesis": "Wet."}, "row 1")
URL = "https://example.org/1.png"
GRID_ROW = {"task": "g", "target": "a 3", "images": [URL] * 4}
GRID = IMAGES.task(GRID_ROW, "row 1")
SAID = {"g/1": "no", "g/2": "yes", "g/3": "no", "g/4": "yes"}


def _text(**changes: Any) -> dict[str, str]:
    return _changed(TEXTS.answer(TEXT, {"25": "yes"}), **changes)


def _grid(task: Task = GRID, **changes: Any) -> dict[str, str]:
    return _changed(IMAGES.answer(task, SAID), **changes)


def _changed(fields: dict[str, str], **changes: Any) -> dict[str, str]:
    answer = json.loads(fields["answer"])
    kept = {
        name: value
        for name, value in {**answer, **changes}.items()
        if value is not None
    }
    return {"answer": json.dumps(kept)}


def _refusal(template: Template, task: Task, fields: dict[str, str]) -> str:
    with pytest.raises(BadAnswer) as refused:
        template.read(task, fields)
    return str(refused.value)


def test_one_label_is_one_vote() -> None:
    """A text's answer is a vote about the task."""
    assert [("25", ("yes", "no"))] == TEXTS.things(TEXT)
    assert [("25", "yes")] == TEXTS.votes(TEXT, TEXTS.read(TEXT, _text()))


def test_a_selection_is_a_vote_about_every_tile() -> None:
    """Tiles that were not selected got a no."""
    things = [(thing, ("yes", "no")) for thing in SAID]

    assert things == IMAGES.things(GRID)
    assert list(SAID.items()) == IMAGES.votes(GRID, IMAGES.read(GRID, _grid()))


def test_tiles_are_told_by_their_ids() -> None:
    """Ids that the requester gave are those of the things."""
    tiles = [{"id": "left", "url": URL}, {"id": "right", "url": URL}]
    task = IMAGES.task({**GRID_ROW, "images": tiles}, "row 1")

    assert ["g/left", "g/right"] == [thing for thing, _ in IMAGES.things(task)]


def test_labels_are_the_values_of_choices() -> None:
    """What workers read is not what is voted."""
    choices = [{"value": "+", "label": "Good"}, "-"]
    task = TEXTS.task({"text": "a", "question": "b", "choices": choices}, "row 1")

    assert [(task.name, ("+", "-"))] == TEXTS.things(task)


@given(
    st.dictionaries(
        st.sampled_from(list(SAID)), st.sampled_from(["yes", "no"]), min_size=4
    )
)
def test_an_answer_is_the_inverse_of_votes(judgements: dict[str, str]) -> None:
    """Whatever is judged, the posted answer is read and votes for just that."""
    answer = IMAGES.read(GRID, IMAGES.answer(GRID, judgements))

    assert judgements == dict(IMAGES.votes(GRID, answer))
    assert answer["none"] is ("yes" not in judgements.values())


def test_an_answer_is_ascii() -> None:
    """What replayed workers post is as plain as what pages post."""
    task = TEXTS.task({"text": "a", "question": "b", "choices": ["sí", "走"]}, "row 1")

    assert TEXTS.answer(task, {task.name: "走"})["answer"].isascii()


@pytest.mark.parametrize(
    ("judgements", "reason"),
    [
        ({}, "nothing is said of '25'"),
        ({"25": "yes", "26": "no"}, "the task does not ask for '26'"),
        ({"25": "maybe"}, "'maybe' is none of: yes, no"),
    ],
)
def test_a_judgement_that_cannot_be_said_is_refused(
    judgements: dict[str, str], reason: str
) -> None:
    """Replaying stops at labels and tasks that the template does not have."""
    with pytest.raises(BadAnswer, match=reason):
        TEXTS.answer(TEXT, judgements)


def test_a_selection_that_cannot_be_made_is_refused() -> None:
    """A simulated worker keeps to the limits too."""
    task = IMAGES.task({**GRID_ROW, "max": 1}, "row 1")

    with pytest.raises(
        BadAnswer, match="2 tiles are selected; the task asks for 1 to 1"
    ):
        IMAGES.answer(task, SAID)


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({}, "there is no field 'answer'; the fields are: none"),
        ({"label": "yes"}, "the fields are: label"),
        ({"answer": ""}, "it is no JSON"),
        ({"answer": "yes"}, "it is no JSON"),
        ({"answer": "[" * 100_000}, "it is no JSON"),
        ({"answer": "NaN"}, "it is no JSON: NaN is no number"),
        ({"answer": "[]"}, "[] is not of type 'object'"),
        ({"answer": '"\\ud800"'}, "half of a character"),
        (_text(schema=None), "schema: is missing"),
        (_text(schema="crowdlab.answer/2"), "'crowdlab.answer/1' was expected"),
        (_text(template="image-selection"), "'text-classification' was expected"),
        (_text(item="other"), "it answers another task: 'other'"),
        (_text(label=None), "label: is missing"),
        (_text(label=3), "label: 3 is not of type 'string'"),
        (_text(label="maybe"), "label 'maybe' is none of: yes, no"),
        (_text(labels=["yes"]), "labels: is unknown"),
        (_text(feedback="x" * 1001), "is too long"),
        (_text(telemetry={"v": 1}), "telemetry.elapsed_ms: is missing"),
        (_text(telemetry={"v": 1, "elapsed_ms": -1, "active_ms": 0}), "less than"),
        (_text(telemetry={"v": 1, "elapsed_ms": 1, "active_ms": 0, "events": [0] * 201}),
         "telemetry.events"),
    ],
)  # fmt: skip
def test_a_bad_answer_is_refused(fields: dict[str, str], reason: str) -> None:
    """The reason says what is wrong, shortly."""
    said = _refusal(TEXTS, TEXT, fields)

    assert reason in said
    assert len(said) < 200


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"selected": ["5"]}, "the task has no tile '5'; it has: 1, 2, 3, 4"),
        ({"selected": ["2", "2"]}, "selected: ['2', '2'] has non-unique elements"),
        ({"selected": []}, "0 tiles are selected; the task asks for 1 to 4"),
        ({"none": True}, "'none' and selected tiles exclude each other"),
        ({"shown": ["1", "2", "3"]}, "'shown' does not list every tile"),
        ({"shown": ["1", "2", "3", "3"]}, "'shown' does not list every tile"),
        ({"selected": [["2"]]}, "selected[0]: ['2'] is not of type 'string'"),
    ],
)
def test_a_bad_selection_is_refused(changes: dict[str, Any], reason: str) -> None:
    """Tiles of another task, contradictions and broken limits are told apart."""
    assert reason in _refusal(IMAGES, GRID, _grid(**changes))


@pytest.mark.parametrize(
    ("settings", "changes", "reason"),
    [
        ({"min": 3}, {}, "2 tiles are selected; the task asks for 3 to 4"),
        ({"max": 1}, {}, "2 tiles are selected; the task asks for 1 to 1"),
        ({"allow_none": False}, {"selected": [], "none": True}, "'none' is no answer"),
    ],
)
def test_the_limits_of_a_task_are_kept(
    settings: dict[str, Any], changes: dict[str, Any], reason: str
) -> None:
    """What the page does not let through is refused when it comes all the same."""
    task = IMAGES.task({**GRID_ROW, **settings}, "row 1")

    assert reason in _refusal(IMAGES, task, _grid(item=task.task_id, **changes))


def test_consent_is_demanded() -> None:
    """An answer without consent to this version is no answer."""
    row = {"text": "a", "question": "b", "consent": {"version": "2", "text": "c"}}
    task = TEXTS.task(row, "row 1")
    fields = TEXTS.answer(task, {task.name: "yes"})
    older = {"version": "1", "at_ms": 0}

    assert TEXTS.read(task, fields)
    for consent in (None, older):
        reason = _refusal(TEXTS, task, _changed(fields, consent=consent))
        assert "it does not agree to version '2' of the consent" == reason


def test_any_order_of_tiles_is_read() -> None:
    """Workers see tiles in orders of their own, and votes do not depend on it."""
    answer = IMAGES.read(GRID, _grid(shown=["4", "2", "1", "3"], selected=["4", "2"]))

    assert list(SAID.items()) == IMAGES.votes(GRID, answer)


@given(st.text(max_size=50) | st.binary(max_size=50).map(str))
def test_no_text_breaks_the_reader(text: str) -> None:
    """Whatever a worker's browser sends, it is read or refused."""
    with pytest.raises(BadAnswer):
        TEXTS.read(TEXT, {"answer": text})
