"""Correcting what is marked in a picture, undoing it, and what keeps it from being sent."""

import random
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from crowdlab.questions import HTMLQuestion, parse_question
from crowdlab.templates import load_template
from crowdlab.templates.ballots.shapes import crosses_itself
from tests.pages.conftest import Open
from tests.pages.easel import Easel

pytestmark = pytest.mark.browser

CAT = {"cls": "cat", "kind": "box", "bbox": [100, 100, 100, 100]}
DOG = {"cls": "dog", "kind": "box", "bbox": [300, 100, 100, 100], "id": "rex"}
TENT = {
    "cls": "bird",
    "kind": "polygon",
    "points": [[100, 300], [200, 250], [300, 300]],
}


@pytest.fixture(scope="module")
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A screen that a picture of 600 by 400 pixels has room on."""
    context = browser.new_context(viewport={"width": 1024, "height": 900})
    context.set_default_timeout(5000)
    yield context
    context.close()


def _open(open_task: Open, *initial: dict[str, Any], **settings: Any) -> Easel:
    return Easel.open(open_task, initial=list(initial), **settings)


def test_a_box_is_moved_and_resized_by_dragging(open_task: Open) -> None:
    """Whole, by a corner, by a side; never out of the picture, and upright always."""
    easel = _open(open_task, CAT)
    easel.press("v")

    easel.drag((150.0, 150.0), (170.0, 160.0))
    assert [[120, 110, 100, 100]] == easel.boxes()
    easel.drag((220.0, 210.0), (240.0, 250.0))
    assert [[120, 110, 120, 140]] == easel.boxes()
    easel.drag((120.0, 180.0), (100.0, 10.0))
    assert [[100, 110, 140, 140]] == easel.boxes()
    easel.drag((100.0, 110.0), (260.0, 300.0))
    assert [[240, 250, 20, 50]] == easel.boxes()
    easel.drag((250.0, 275.0), (900.0, 800.0))

    assert [[580, 350, 20, 50]] == easel.boxes()


def test_an_outline_is_corrected_by_dragging(open_task: Open) -> None:
    """Corners are moved, added in the middle of a side, and deleted."""
    easel = _open(open_task, TENT)
    easel.press("v")
    easel.click((200.0, 290.0))

    easel.drag((200.0, 250.0), (200.0, 200.0))
    easel.drag((200.0, 300.0), (200.0, 350.0))
    assert [[[100, 300], [200, 200], [300, 300], [200, 350]]] == easel.outlines()
    easel.press("Delete")
    easel.drag((100.0, 300.0), (250.0, 220.0))
    assert [[[100, 300], [200, 200], [300, 300]]] != easel.outlines()
    easel.drag((250.0, 220.0), (250.0, 250.0))

    assert "Refused: the outline would cross or touch itself" == easel.said()
    assert [[[250, 220], [200, 200], [300, 300]]] == easel.outlines()


def test_a_correction_that_crosses_is_refused(open_task: Open) -> None:
    """The outline is as it was."""
    points = [[100, 100], [200, 100], [200, 200], [100, 200]]
    easel = _open(open_task, {"cls": "cat", "kind": "polygon", "points": points})
    easel.press("v")
    easel.click((150.0, 150.0))

    easel.drag((200.0, 200.0), (150.0, 50.0))

    assert "Refused: the outline would cross or touch itself" == easel.said()
    assert [points] == easel.outlines()


def test_pages_and_servers_refuse_the_same_outlines(open_task: Open) -> None:
    """What a page lets through is not refused when it is read."""
    rng = random.Random(0)
    outlines = [
        [(rng.randint(0, 9), rng.randint(0, 9)) for _ in range(rng.randint(3, 7))]
        for _ in range(500)
    ]
    easel = Easel.open(open_task)

    refused = easel.visit.page.evaluate(
        "all => all.map((points) => shapes.fault('polygon', points) === 'unfit.crossing')",
        outlines,
    )

    assert [crosses_itself(points) for points in outlines] == refused
    assert 100 < sum(refused) < 400


def test_keys_correct_an_outline(open_task: Open) -> None:
    """Corners are chosen, moved, added and deleted without a mouse."""
    easel = _open(open_task, TENT)

    easel.press(".", "Enter", ".", "ArrowUp", "i", "ArrowDown", "ArrowDown")
    assert [[[100, 300], [200, 249], [250, 276], [300, 300]]] == easel.outlines()
    easel.press(",", "Delete", "Escape", "ArrowRight")
    assert [[[101, 300], [251, 276], [301, 300]]] == easel.outlines()
    easel.press("Enter", "Delete")

    assert "Refused: an outline has three corners or more" == easel.said()


def test_the_smaller_is_picked(open_task: Open) -> None:
    """What lies within something larger can be selected, whichever came first."""
    large = {"cls": "dog", "kind": "box", "bbox": [50, 50, 300, 300]}
    easel = _open(open_task, CAT, large)
    easel.press("v")

    easel.click((150.0, 150.0))
    assert "Selected: cat 1" == easel.said()
    easel.click((300.0, 300.0))
    assert "Selected: dog 2" == easel.said()
    easel.click((500.0, 300.0))

    assert 0 == easel.visit.page.locator("[aria-pressed=true]").count()


def test_every_step_is_undone_and_done_again(open_task: Open) -> None:
    """Drawing, moving, resizing, relabelling, deleting: back to the start and forth."""
    easel = Easel.open(open_task)

    def select_and_move() -> None:
        easel.press("v")
        easel.drag((150.0, 150.0), (160.0, 170.0))

    steps: list[Callable[[], None]] = [
        lambda: easel.drag((100.0, 100.0), (200.0, 200.0)),
        lambda: easel.drag((300.0, 100.0), (400.0, 200.0)),
        select_and_move,
        lambda: easel.drag((210.0, 220.0), (250.0, 260.0)),
        lambda: easel.choose_class("bird"),
        lambda: easel.press("ArrowLeft", "ArrowLeft"),
        lambda: easel.press("Delete"),
        lambda: easel.visit.page.check("#none"),
    ]
    state = "JSON.stringify([ours.answer().regions, ours.answer().none])"
    states = [easel.visit.page.evaluate(state)]
    for step in steps:
        step()
        states.append(easel.visit.page.evaluate(state))
    assert len(states) == len(set(states))

    for before in reversed(states[:-1]):
        easel.button("undo")
        assert before == easel.visit.page.evaluate(state)
    assert "true" == easel.visit.page.get_attribute("[name=undo]", "aria-disabled")
    for after in states[1:]:
        easel.press("Control+y")
        assert after == easel.visit.page.evaluate(state)

    easel.press("Control+z", "Control+z", "Control+Shift+Z")
    assert states[-2] == easel.visit.page.evaluate(state)


def test_the_list_selects_relabels_and_deletes(open_task: Open) -> None:
    """It shows class and number, and does by keys what the picture does."""
    easel = _open(open_task, CAT, DOG)
    rows = easel.visit.page.locator("#list .pick")
    assert ["dog 2", "cat 1"] == rows.all_inner_texts()

    rows.nth(1).click()
    assert "true" == rows.nth(1).get_attribute("aria-pressed")
    rows.nth(1).press("3")
    assert ["dog 2", "bird 1"] == rows.all_inner_texts()
    assert "Changed: bird 1" == easel.said()
    easel.choose_class("dog")
    assert ["dog 2", "dog 1"] == rows.all_inner_texts()
    rows.nth(1).press("Delete")
    assert ["dog 2"] == rows.all_inner_texts()
    easel.visit.page.get_by_label("Delete dog 2").click()

    assert [] == easel.regions()
    assert easel.visit.page.evaluate("document.activeElement.id") == "regions"


def test_an_unfinished_shape_holds_the_answer_back(open_task: Open) -> None:
    """An open outline would be lost."""
    easel = _open(open_task, CAT)
    easel.tool("polygon")
    easel.click((300.0, 100.0), (400.0, 100.0))

    assert "A shape is not finished: finish it or cancel it" == easel.problem()
    easel.button("cancel")

    assert 1 == len(easel.visit.send()["regions"])


def test_limits_are_kept(open_task: Open) -> None:
    """Too few are not sent, and more than enough are not drawn."""
    easel = Easel.open(open_task, min=2, max=2)
    assert "Mark 2 to 2" == easel.visit.text("#limits")

    easel.drag((100.0, 100.0), (200.0, 200.0))
    assert "Mark 2 to 2" == easel.problem()
    easel.drag((300.0, 100.0), (400.0, 200.0))
    easel.drag((300.0, 300.0), (400.0, 350.0))

    assert "Mark 2 to 2" == easel.said()
    assert 2 == len(easel.visit.send()["regions"])


def test_nothing_to_mark_is_an_answer_of_its_own(open_task: Open) -> None:
    """It is said, and not beside regions; drawing takes it back."""
    easel = Easel.open(open_task)
    none = easel.visit.page.locator("#none")
    assert "or say that there is nothing to mark" in easel.problem()

    none.check()
    easel.drag((100.0, 100.0), (200.0, 200.0))
    expect(none).not_to_be_checked()
    none.check()
    assert "and marked 1" in easel.problem()
    easel.visit.page.get_by_label("Delete cat 1").click()

    answer = easel.visit.send()
    assert (True, []) == (answer["none"], answer["regions"])


def test_something_may_be_asked_for(open_task: Open) -> None:
    """Where nothing is no answer, it cannot be said."""
    easel = Easel.open(open_task, allow_none=False)

    assert 0 == easel.visit.page.locator("#none").count()
    assert "Mark what you see in the picture" == easel.problem()


def test_one_class_can_be_seen_alone(open_task: Open) -> None:
    """'Show all' hides and shows; it deletes nothing."""
    easel = _open(open_task, CAT, DOG)
    marks = easel.visit.page.locator(".marks [data-id]")

    easel.visit.page.uncheck("#all")
    assert (1, 1) == (marks.count(), easel.visit.page.locator("#list li").count())
    assert "Only cat is shown" == easel.said()
    easel.choose_class("bird")
    assert 0 == marks.count()
    easel.drag((100.0, 250.0), (200.0, 350.0))
    assert 1 == marks.count()
    assert 3 == len(easel.regions())
    easel.visit.page.check("#all")

    assert 3 == marks.count()


def test_two_hundred_regions_are_quick(open_task: Open) -> None:
    """Every action takes less than a tenth of a second, and the answer fits."""
    boxes = [
        {"cls": "dog", "kind": "box", "bbox": [n % 20 * 30 + 2.25, n // 20 * 40 + 3.75, 21.5, 31.25]}
        for n in range(199)
    ]  # fmt: skip
    easel = _open(open_task, *boxes)
    easel.visit.page.evaluate("""
        times = [];
        for (const name of ["pointerdown", "pointerup", "keydown", "change"]) {
          let start;
          addEventListener(name, () => {
            start = performance.now();
            const done = () => times.push(performance.now() - start);
            requestAnimationFrame(() => setTimeout(done));
          }, true);
        }
    """)

    easel.drag((572.0, 365.0), (595.0, 395.0))
    easel.press("v")
    easel.drag((10.0, 20.0), (14.0, 22.0))
    easel.choose_class("bird")
    easel.press("Delete", "Control+z", ".", "ArrowRight")
    easel.visit.page.uncheck("#all")
    easel.visit.page.check("#all")
    easel.visit.page.wait_for_function("times.length > 10")
    times = easel.visit.page.evaluate("times.sort((a, b) => a - b)")

    assert times[len(times) // 2] < 100
    assert 200 == len(easel.visit.send()["regions"])
    assert len(easel.visit.site.posts[-1].fields["answer"][0]) < 60_000


def test_more_than_can_be_sent_is_told(open_task: Open) -> None:
    """An answer that is too long is not sent and lost."""
    points = [[1.01 + 0.5 * n, 100.02 + n % 2] for n in range(499)]
    outlines = [
        {"cls": "cat", "kind": "polygon", "points": [*points, [150, 30 + n]]}
        for n in range(9)
    ]
    easel = _open(open_task, *outlines)

    assert "This is more than can be sent" in easel.problem()


def test_initial_regions_say_what_became_of_them(open_task: Open) -> None:
    """Untouched, changed, changed back, deleted and new ones are told apart."""
    bird = {"cls": "bird", "kind": "point", "points": [[550, 50]], "id": "tweety"}
    easel = _open(open_task, CAT, DOG, TENT, bird)
    easel.press("v")

    easel.click((350.0, 150.0))
    easel.choose_class("cat")
    easel.click((200.0, 290.0))
    easel.press("ArrowLeft", "ArrowRight", "v")
    easel.click((550.0, 50.0))
    easel.press("Delete", "b")
    easel.drag((400.0, 300.0), (500.0, 350.0))
    regions = easel.visit.send()["regions"]

    facts = ("id", "cls", "how", "modified")
    assert [
        ("i1", "cat", "initial", False),
        ("rex", "cat", "initial", True),
        ("i3", "bird", "initial", False),
        ("r5", "bird", "drag", False),
    ] == [tuple(region[fact] for fact in facts) for region in regions]
    assert [0, 1, 1, 0] == [region["edits"] for region in regions]
    assert regions[0]["t"] == 0 < regions[3]["t"]


def test_a_reload_loses_no_region(open_task: Open) -> None:
    """Regions, the class and the tool are there again."""
    easel = _open(open_task, CAT)
    easel.choose_class("dog")
    easel.tool("polygon")
    easel.click((300.0, 100.0), (400.0, 100.0), (400.0, 200.0))
    easel.press("Enter")
    before = easel.regions()

    easel.visit.page.reload()

    assert before == easel.regions()
    assert easel.visit.page.is_checked("#tools [value=polygon]")
    assert easel.visit.page.get_by_label("dog").first.is_checked()
    assert before == easel.visit.send()["regions"]


def test_classes_have_names_in_each_language(open_task: Open) -> None:
    """Workers read their own words; what is sent is the requester's."""
    easel = Easel.open(open_task, **load_template("region-annotation").examples()[0])
    easel.choose_class("Bottle")
    easel.drag((60.0, 70.0), (120.0, 260.0))

    easel.visit.page.select_option("#language", "es")

    assert "Botella 1" == easel.visit.text("#list .pick")
    assert "Lata genérica" in easel.visit.text("#classes")
    assert "Botella" == easel.visit.send()["regions"][0]["cls"]


def test_colour_is_never_alone(open_task: Open) -> None:
    """Each class has a sign on the picture and beside it, and neighbours another line."""
    easel = _open(open_task, CAT, DOG)
    page = easel.visit.page

    assert ["1", "2"] == page.locator(".tag text").all_text_contents()
    signs = page.locator(".class .chip").evaluate_all(
        "all => all.map((chip) => chip.dataset.sign)"
    )
    assert ["1", "2", "3"] == signs
    lines = page.locator(".marks .line").evaluate_all(
        "all => all.map((line) => line.getAttribute('stroke-dasharray'))"
    )
    assert 2 == len(set(lines))


def test_hostile_classes_are_only_texts(open_task: Open) -> None:
    """Whatever a class is called, it is shown and does nothing."""
    name = "<img src=x onerror=alert(1)></script>' \" ${x}"
    easel = Easel.open(
        open_task, classes=[name, {"value": "__proto__", "label": {"fr": "b"}}]
    )
    easel.drag((100.0, 100.0), (200.0, 200.0))
    easel.choose_class("b")
    easel.drag((300.0, 100.0), (400.0, 200.0))

    assert f"{name} 1" == easel.visit.page.locator(".pick").nth(1).inner_text()
    assert [name, "__proto__"] == [r["cls"] for r in easel.visit.send()["regions"]]


def test_a_packed_page_draws_alike(open_task: Open) -> None:
    """A page with four hundred regions to correct is small enough, and works."""
    template = load_template("region-annotation")
    boxes = [
        {"cls": "Caja", "kind": "box", "bbox": [n, n / 2, 50, 50.5]} for n in range(400)
    ]
    row = {**template.examples()[0], "initial": boxes, "max": 500}
    task = template.task(row, "row 1")
    xml = template.question(task.input, task_id=task.task_id, language="en")
    easel = Easel.open(open_task, **row)
    packed = parse_question(xml)
    assert isinstance(packed, HTMLQuestion)
    assert len(xml.encode()) <= 65_535
    easel.visit.site.put(f"/{task.task_id}", packed.content)

    easel.visit.page.reload()
    easel.visit.page.wait_for_selector("#submit:enabled")
    easel.drag((10.0, 10.0), (200.0, 200.0))

    assert 401 == len(easel.regions())
