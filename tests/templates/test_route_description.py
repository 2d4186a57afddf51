"""Ways that are described: their rows, their answers, and the words in them."""

import json
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crowdlab.aggregation import aggregate
from crowdlab.errors import BadAnswer, BadRow
from crowdlab.maps import describe_tasks, list_plans, load_plan
from crowdlab.quality import score_on_gold
from crowdlab.templates import load_template
from crowdlab.templates.wording import is_copied, is_repetitive, words

WAYS = load_template("route-description")
ROW: dict[str, Any] = {
    "task": "house/1",
    "map": {"url": "https://example.org/house.png", "width": 800, "height": 600},
    "start": [10, 10],
    "goal": [790, 10],
    "route": [[10, 10], [400, 300.5], [790, 10]],
    "rooms": ["Attic", "Hall", "Library"],
    "ends_in": "Library",
}
TASK = WAYS.task(ROW, "row 1")
TEXT = (
    "Walk out of the door, turn left and follow the corridor past two shelves and a bike "
    "until the last door."
)
SAID = {"house/1": TEXT, "house/1/ends_in": "Hall"}


def _changed(**changes: Any) -> dict[str, str]:
    answer = {**json.loads(WAYS.answer(TASK, SAID)["answer"]), **changes}
    kept = {name: value for name, value in answer.items() if value is not None}
    return {"answer": json.dumps(kept)}


def _describing(text: str) -> dict[str, str]:
    return _changed(description=text, n_words=len(words(text)))


def _refusal(fields: Mapping[str, str]) -> str:
    with pytest.raises(BadAnswer) as refused:
        WAYS.read(TASK, fields)
    return str(refused.value)


def test_an_answer_is_two_votes() -> None:
    """One about the way, which may get any text, and one about its end."""
    assert [("house/1", ()), ("house/1/ends_in", ("Attic", "Hall", "Library"))] == (
        WAYS.things(TASK)
    )
    answer = WAYS.read(TASK, WAYS.answer(TASK, SAID))

    assert SAID == dict(WAYS.votes(TASK, answer))
    assert 21 == answer["n_words"]
    assert "texts" == WAYS.kind_of(TASK)


def test_the_end_is_gold() -> None:
    """Who says another room than the requester knows to be right is wrong on gold."""
    votes = [
        (thing, worker, label)
        for worker, room in (("Ann", "Library"), ("Bob", "Hall"))
        for thing, label in WAYS.votes(TASK, {"description": TEXT, "ends_in": room})
    ]

    scores = score_on_gold(votes, WAYS.gold(TASK)).set_index("worker")

    assert [1, 0] == scores["n_right"].loc[["Ann", "Bob"]].tolist()
    assert [1, 1] == scores["n_gold"].loc[["Ann", "Bob"]].tolist()


def test_what_workers_wrote_can_be_aggregated() -> None:
    """Of several descriptions the one most like the others is the label."""
    votes = [
        vote
        for worker, text in enumerate((TEXT, TEXT + " Stop.", "I do not know."))
        for vote in [("house/1", worker, text), ("house/1/ends_in", worker, "Library")]
    ]

    labels = aggregate(votes, kind=WAYS.kind_of(TASK)).labels.set_index("task")["label"]

    assert TEXT in labels["house/1"]
    assert "Library" == labels["house/1/ends_in"]


def test_no_end_is_no_vote() -> None:
    """Where no rooms are given, a description is all there is."""
    task = WAYS.task({k: ROW[k] for k in ("task", "map")}, "row 1")

    assert [("house/1", ())] == WAYS.things(task)
    assert {} == WAYS.gold(task)
    answer = WAYS.read(task, WAYS.answer(task, {"house/1": TEXT}))
    assert [("house/1", TEXT)] == WAYS.votes(task, answer)


def test_no_page_tells_the_end() -> None:
    """The right room is in the row, and nowhere else."""
    shown = WAYS.page(TASK.input, task_id=TASK.task_id, language="en")
    other = WAYS.task({**ROW, "ends_in": "Attic"}, "row 1")

    assert "Library" == TASK.input["ends_in"]
    assert shown == WAYS.page(other.input, task_id=other.task_id, language="en")


@pytest.mark.parametrize("name", list_plans())
def test_plans_make_rows(name: str) -> None:
    """A route on a plan that comes with crowdlab is a task, and fits a question."""
    plan = load_plan(name)
    rooms = [room.name for room in plan.rooms]
    (row,) = describe_tasks(plan, [[rooms[0], rooms[-1]]])

    task = WAYS.task(row, "row 1")

    assert WAYS.question(task.input, task_id=task.task_id, language="es")
    assert {f"{name}/1/ends_in": rooms[-1]} == WAYS.gold(task)


@pytest.mark.parametrize(
    ("changes", "field", "reason"),
    [
        ({"map": {"url": "house.png", "width": 8, "height": 6}}, "map.url", "begins with"),
        ({"map": {"url": "https://a.b/c.png", "width": 8}}, "map.height", "is missing"),
        ({"start": [10]}, "start", "too short"),
        ({"start": [801, 10]}, "start", "[801, 10] is not on the map of 800 by 600"),
        ({"goal": [790, -1]}, "goal", "is not on the map"),
        ({"route": [[1, 1]]}, "route", "too short"),
        ({"route": [[1, 1], [1, 601]]}, "route", "[1, 601] is not on the map"),
        ({"rooms": ["Hall", "Hall"], "ends_in": "Hall"}, "rooms", "'Hall' is there twice"),
        ({"ends_in": "Cellar"}, "ends_in", "none of the rooms: Attic, Hall, Library"),
        ({"rooms": None}, "ends_in", "there are none"),
        ({"answer_language": "English"}, "answer_language", "the tag of a language"),
        ({"answer_language": "en_US"}, "answer_language", "the tag of a language"),
        ({"min_words": 0}, "min_words", "less than the minimum"),
    ],
)  # fmt: skip
def test_a_bad_way_is_named(changes: dict[str, Any], field: str, reason: str) -> None:
    """Points beside the map, ends in no room, and limits that are none."""
    row = {k: v for k, v in {**ROW, **changes}.items() if v is not None}

    with pytest.raises(BadRow) as refused:
        WAYS.task(row, "ways.jsonl, row 3")

    assert field == refused.value.field
    assert reason in refused.value.reason


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        (_describing(""), "0 words are written; the task asks for 15 or more"),
        (_describing("Go left."), "2 words are written"),
        (_describing(TEXT * 30), "3120 characters are written; the task allows 2000"),
        (_describing("left right " * 8), "the text repeats a few words"),
        (_describing(TEXT + " go" * 4), "the text repeats a few words"),
        (_changed(n_words=20), "n_words is 20; the text has 21"),
        (_changed(ends_in="Cellar"), "ends_in 'Cellar' is none of: Attic, Hall, Library"),
        (_changed(ends_in=None), "ends_in None is none of"),
        (_changed(description=3), "description: 3 is not of type 'string'"),
    ],
)  # fmt: skip
def test_a_bad_description_is_refused(fields: dict[str, str], reason: str) -> None:
    """What the page would not have sent is not read either."""
    assert reason in _refusal(fields)


def test_a_room_that_nobody_asked_for_is_refused() -> None:
    """An answer says no more than its task asks."""
    task = WAYS.task({k: ROW[k] for k in ("task", "map")}, "row 1")
    faults = list(
        WAYS.ballot.answer_faults(
            task, {"description": TEXT, "n_words": 21, "ends_in": "Hall"}
        )
    )

    assert ["ends_in was not asked for"] == faults


@pytest.mark.parametrize("language", WAYS.languages)
def test_a_copied_example_is_refused(language: str) -> None:
    """Ours in any language; the requester's own where there are such."""
    ours = WAYS.layout.messages[language]["example.text.1"]
    own = [
        {"good": True, "text": TEXT, "why": "It is."},
        {"good": False, "why": "A picture alone is no text."},
    ]
    task = WAYS.task({**ROW, "examples": own}, "row 1")

    assert "the text is copied from an example" in _refusal(_describing(ours))
    assert [] == list(_faults(task, ours))
    assert ["the text is copied from an example"] == list(_faults(task, f"So: {TEXT}"))


def _faults(task: Any, text: str) -> list[str]:
    answer = {"description": text, "n_words": len(words(text)), "ends_in": "Hall"}
    return list(WAYS.ballot.answer_faults(task, answer))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ""),
        (" \n…!? 🚪 -- ", ""),
        ("Leave the ROOM.", "leave the room"),
        ("check-in desk/counter", "check-in desk counter"),
        ("out\u2013then—left", "out then left"),
        ("don't, don\u2019t, l'étage", "don't don\u2019t l'étage"),
        ("3.5 m, 2nd 1,000", "3.5 m 2nd 1,000"),
        ("«ven» ¿aquí? ñandú", "ven aquí ñandú"),
        ("go🚪out 👉now", "go🚪out now"),
        ("走过厨房\uff0c到门", "走 过 厨 房 到 门"),
        ("キッチンを出る", "キ ッ チ ン を 出 る"),
        ("부엌을 나와", "부엌을 나와"),
        ("اخرج من المطبخ", "اخرج من المطبخ"),
        ("a\u00a0b\u3000c\ufeffd", "a b c d"),
    ],
)
def test_words_are_counted_by_one_rule(text: str, expected: str) -> None:
    """Blanks, slashes and dashes part them; a letter or a digit makes them."""
    assert expected.split() == words(text)


@given(st.text(), st.text())
def test_texts_beside_one_another_keep_their_words(one: str, other: str) -> None:
    """Two texts with a blank between them have the words of both."""
    assert words(one) + words(other) == words(f"{one} {other}")


@given(st.text())
def test_a_word_begins_with_a_letter_or_a_digit(text: str) -> None:
    """Marks around a word do not make another of it, and no gap is within."""
    for word in words(text):
        assert word[0].isalnum()
        assert not set(word) & set(" \t\n/—")


def test_repetition_is_of_words_not_of_marks() -> None:
    """Case and marks make no other word; few different words, and one on end, are told."""
    assert is_repetitive("Left, left! LEFT. (left)", least=2)
    assert is_repetitive("one two three four", least=9)
    assert not is_repetitive("one two three four", least=8)
    assert not is_repetitive("no no no, go on", least=4)


def test_a_copy_is_told_from_a_common_phrase() -> None:
    """All the words of one of the two must be there, in their order."""
    assert is_copied("turn left", "Please turn left here.")
    assert is_copied("Please turn left here.", "turn left")
    assert not is_copied("Turn left there.", "Please turn left here.")
    assert not is_copied("urn left", "turn left")
