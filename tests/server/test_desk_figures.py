"""What the desk makes of answers: figures, drawings, and no more than is known."""

import json
from decimal import Decimal
from typing import Any

import attrs
import pytest

from crowdlab.marketplace.overview import Place
from crowdlab.model import Task
from crowdlab.questions import HTMLQuestion, build_answers
from crowdlab.server.desk import crowds
from crowdlab.server.desk.crowds import study
from crowdlab.server.desk.drawings import Scene, draw
from crowdlab.server.desk.reading import Entry, Reading, Vote
from crowdlab.server.desk.tasks import Said, read_answer, read_asked
from crowdlab.templates import load_template

PLACE = Place("batch", "pets", "pets")
CENTS = Decimal("0.05")


def entry(key: int, worker: str, *, item: int = 1, **named: Any) -> Entry:
    """An answer of ten seconds."""
    whole = Entry(key, item, worker, 0, 12, 10.0, 0, None, None, False)
    return attrs.evolve(whole, **named)


def reading(kind: str, rows: list[tuple[str, str, Any]]) -> Reading:
    """Votes as they were read: thing, worker, label; one answer each."""
    things = sorted({thing for thing, _, _ in rows})
    found = Reading(PLACE, kind=kind)
    for key, (thing, worker, label) in enumerate(rows):
        item = things.index(thing)
        found.entries.append(entry(key, worker, item=item))
        found.votes.append(Vote(key, thing, label))
        found.items[thing] = item
    return found


UNANIMOUS = [(t, w, "x" if t == "a" else "y") for t in "ab" for w in ("A1", "A2", "A3")]


def test_the_unanimous_agree_wholly() -> None:
    """Alpha is one, every item's agreement is one, everybody agrees with the others."""
    crowd = study(reading("classes", UNANIMOUS), CENTS)

    assert (crowd.agreement.measure, crowd.agreement.value) == ("alpha", 1.0)
    assert crowd.by_item == {0: 1.0, 1: 1.0}
    assert {worker.agreement for worker in crowd.workers} == {1.0}


def test_rejected_answers_count_for_nobody() -> None:
    """An answer that was rejected spoils no agreement, and is still an answer."""
    rows = [*UNANIMOUS, ("a", "A4", "y")]
    before = study(reading("classes", rows), CENTS)
    after = study(reading("classes", rows), CENTS, rejected={6})

    assert (before.by_item[0], after.by_item[0]) == (0.5, 1.0)
    assert before.n_read == after.n_read == 7


def test_a_single_voice_agrees_with_nobody() -> None:
    """Where one worker answered there is no agreement, and no error."""
    crowd = study(reading("classes", [("a", "A1", "x")]), CENTS)

    assert crowd.agreement.value is None
    assert crowd.by_item == {}
    assert crowd.workers[0].agreement is None


def test_nothing_is_known_of_nothing() -> None:
    """A batch without answers has empty figures."""
    crowd = study(Reading(PLACE), CENTS)

    assert (crowd.n_read, crowd.workers, crowd.pace.wage) == (0, (), None)


def test_regions_agree_by_their_overlap() -> None:
    """Equal boxes overlap wholly; what only one of several marked, not at all."""
    box = {"cls": "cat", "kind": "box", "bbox": [0, 0, 10, 10]}
    other = {"cls": "cat", "kind": "box", "bbox": [50, 50, 10, 10]}
    both = [("a", "A1", [box]), ("a", "A2", [box])]
    alone = [("b", "A1", [box, other]), ("b", "A2", [box])]
    crowd = study(reading("boxes", both + alone), CENTS)

    assert crowd.by_item == pytest.approx({0: 1.0, 1: 0.5})
    assert crowd.agreement.value == pytest.approx(0.75)


def test_numbers_agree_by_nearness() -> None:
    """Ratings that lie close together agree more than the same far apart."""
    near, far = (
        study(
            reading(
                "numbers",
                [
                    (t, w, s)
                    for t, said in rows
                    for w, s in zip("AB", said, strict=True)
                ],
            ),
            CENTS,
        ).agreement.value
        for rows in (
            [("a", ("1", "2")), ("b", ("5", "4"))],
            [("a", ("1", "5")), ("b", ("5", "1"))],
        )
    )
    assert near is not None
    assert far is not None
    assert near > 0 > far


def test_who_follows_says_whether_they_arrived() -> None:
    """Without the route the desk tells what followers claim, and calls it so."""
    found = Reading(PLACE, kind="routes")
    found.entries += [entry(n, f"A{n}", has_arrived=n < 3) for n in range(4)]
    agreement = study(found, CENTS).agreement

    assert (agreement.measure, agreement.value) == ("arrived", 0.75)


def test_known_answers_of_a_policy_are_gold() -> None:
    """The mean of what review policies scored stands beside a worker."""
    found = Reading(PLACE)
    found.entries += [entry(n, "A1", score=score) for n, score in enumerate((1.0, 0.5))]
    (worker,) = study(found, CENTS).workers

    assert (worker.gold, worker.n_gold) == (0.75, 2)


def test_gold_in_the_tasks_counts() -> None:
    """Labels that the tasks themselves know are held against each worker."""
    found = reading("classes", [*UNANIMOUS, ("a", "A4", "y")])
    found.gold |= {"a": "x"}
    by_worker = {each.worker: each for each in study(found, CENTS).workers}

    assert (by_worker["A1"].gold, by_worker["A4"].gold) == (1.0, 0.0)


def test_who_takes_no_care_comes_first() -> None:
    """Who says the same of everything leads the ranking, with the reason in words."""
    said = dict.fromkeys(("A1", "A2", "A3"), "xxyyxyxyyx" * 4) | {"A4": "x" * 40}
    rows = [(f"{n:02}", w, label) for w in said for n, label in enumerate(said[w])]
    first, *others = study(reading("classes", rows), CENTS).workers

    assert (first.worker, "said x in 40 of 40" in first.reasons) == ("A4", True)
    assert not any(other.reasons for other in others)


def test_of_many_votes_a_sample_is_studied(monkeypatch: pytest.MonkeyPatch) -> None:
    """Above the limit whole items are left out, and it is said."""
    monkeypatch.setattr(crowds, "MOST_VOTES", 4)
    crowd = study(reading("classes", UNANIMOUS), CENTS)

    assert (crowd.is_sample, crowd.n_read, list(crowd.by_item)) == (True, 6, [0])


TEMPLATE = load_template("text-classification")
ROW = {"task": "rain", "text": "It rains.", "hypothesis": "It is wet."}


def test_a_page_of_ours_tells_task_and_template() -> None:
    """From the XML alone: template, version and input, under the requester's name."""
    task = TEMPLATE.task(ROW, "row")
    xml = TEMPLATE.question(task.input, task_id=task.task_id, language="es")
    asked = read_asked(xml, "rain")

    assert (asked.template, asked.version) == (TEMPLATE.name, TEMPLATE.version)
    assert asked.language == "es"
    assert asked.task == task
    said = read_answer(asked, build_answers(TEMPLATE.answer(task, {"rain": "yes"})))
    assert (said.votes, said.fault) == ((("rain", "yes"),), "")


def test_a_packed_page_is_read_too() -> None:
    """A page that was deflated for its size tells the same."""
    task = TEMPLATE.task(ROW, "row")
    page = TEMPLATE.layout.packed(task.input, item=task.task_id, language="en")
    asked = read_asked(HTMLQuestion(page).to_xml(), "rain")

    assert (asked.template, asked.task) == (TEMPLATE.name, task)


@pytest.mark.parametrize(
    "block",
    ["[1]", '{"item": 1}', '{"item": 1, "input": []}', "{", "[" * 100_000, "\\ud800"],
)
def test_pages_of_others_are_left_alone(block: str) -> None:
    """Whatever stands where our task would, no page breaks the desk."""
    page = f'<script type="application/json" id="task">{block}</script>'
    asked = read_asked(HTMLQuestion(page).to_xml())

    assert (asked.kind, asked.task) == ("a page", None)


@pytest.mark.parametrize("name", ["../../etc", "/usr", "nothing", str(TEMPLATE.folder)])
def test_a_page_cannot_name_a_folder(name: str) -> None:
    """Only templates that are installed read answers, never a path in a page."""
    page = (
        f'<script type="application/json" id="page">{json.dumps({"template": name})}'
        '</script><script type="application/json" id="task">{"item":"1","input":{}}'
        "</script>"
    )
    assert read_asked(HTMLQuestion(page).to_xml()).reader is None


@pytest.mark.parametrize(
    "xml", ["", "<a/>", build_answers({"answer": "{"}), build_answers({"answer": "[]"})]
)
def test_an_answer_that_is_none_is_kept_and_flagged(xml: str) -> None:
    """What cannot be read votes for nothing, says why, and breaks no page."""
    task = TEMPLATE.task(ROW, "row")
    asked = read_asked(
        TEMPLATE.question(task.input, task_id=task.task_id, language="en"), "rain"
    )
    said = read_answer(asked, xml)

    assert said.votes == ()
    assert said.fault
    assert (said.active, said.n_pasted, said.has_arrived) == (None, 0, None)


WAY = Task(
    "0",
    "way",
    {
        "map": {"url": "https://example.org/m.png", "width": 200, "height": 100},
        "start": [10, 10],
        "route": [[10, 10], [90, 50]],
    },
)


def test_walks_are_drawn_over_the_map() -> None:
    """Every follower's path is a line over the map; the route's start is marked."""
    scene = draw(WAY, [("A1", "1", Said({}, {"path": [[10, 10], [20, 30]]}))])

    assert isinstance(scene, Scene)
    assert (scene.url, scene.width) == ("https://example.org/m.png", 200)
    assert '<polyline class="way" points="10,10 20,30"' in scene.layers[0].shapes
    assert 'class="start"' in scene.base


@pytest.mark.parametrize(
    "answer",
    [
        {"path": "x"},
        {"path": [["<", 1]]},
        {"path": [[1e400, 2]]},
        {"path": [[1]]},
        {"regions": [{"bbox": ["a", 1, 2, 3]}, 7]},
        {"regions": 5},
    ],
)
def test_what_is_no_drawing_is_not_drawn(answer: dict[str, Any]) -> None:
    """Coordinates that are none draw nothing, and no text of theirs gets in."""
    scene = draw(WAY, [("A1", "1", Said({}, answer))])

    assert isinstance(scene, Scene)
    assert scene.layers == ()


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "http://example.org/a.png", "data:text/html,x", 7]
)
def test_only_pictures_are_shown(url: Any) -> None:
    """An address that is none of a picture is not loaded."""
    task = Task("0", "way", {"map": {"url": url, "width": 2, "height": 1}})
    scene = draw(task, [])

    assert isinstance(scene, Scene)
    assert scene.url == ""
