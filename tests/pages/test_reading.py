"""Pages for every worker: languages, keys, errors, small and large."""

import pytest

from crowdlab.samples import digits
from tests.pages.conftest import PREVIEW, TEXT, Open
from tests.pages.site import Visit

pytestmark = pytest.mark.browser

GRID = next(digits().rows())
TASKS = {"text-classification": TEXT, "image-selection": GRID}
EACH = pytest.mark.parametrize("template", TASKS)

SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
SMALL = """() => [...document.querySelectorAll("button, select, summary, a, input, textarea")]
  .map((node) => [node, (node.closest("label") ?? node).getBoundingClientRect()])
  .filter(([node, box]) => node.checkVisibility() && node.type !== "hidden" && Math.min(box.width, box.height) < 24)
  .map(([node, box]) => node.outerHTML + box.width + "x" + box.height)"""
CONTROLS = """() => [...document.querySelectorAll("button, select, summary, input, textarea")]
  .filter((node) => node.checkVisibility() && node.type !== "hidden" && !node.disabled)"""


def _say_all(visit: Visit) -> str:
    return visit.page.inner_text("body") + visit.page.title()


@EACH
def test_the_language_can_be_changed(open_task: Open, template: str) -> None:
    """Everything is said in the other language, and the answer stays."""
    visit = open_task(TASKS[template], template)
    visit.page.locator("[type=radio], .tile input").first.check()
    english = set(_say_all(visit).splitlines())

    visit.page.select_option("#language", "es")

    assert "es" == visit.page.get_attribute("html", "lang")
    left = english & set(_say_all(visit).splitlines())
    assert left <= {
        "",
        "English",
        "Español",
        "No",
        "1",
        "2",
        TEXT["text"],
        TEXT["hypothesis"],
    }
    assert visit.page.locator("[type=radio], .tile input").first.is_checked()
    assert "es" == visit.send()["lang"]


def test_the_chosen_language_is_remembered(open_task: Open) -> None:
    """The next task speaks the worker's language from the start."""
    visit = open_task()
    visit.page.select_option("#language", "es")

    other = open_task(assignment="ASSIGNMENT2", page=visit.page)

    assert "Enviar respuesta" == other.text("#submit")


@EACH
def test_an_empty_answer_is_not_sent(open_task: Open, template: str) -> None:
    """The errors are listed, linked, focused and marked; mending takes them away."""
    visit = open_task(TASKS[template], template)

    visit.page.click("#submit")

    assert "errors" == visit.page.evaluate("document.activeElement.id")
    assert visit.page.locator("[aria-invalid=true]").count() > 0
    assert visit.text("#error-list") == visit.text("main > .error:not(:empty)")
    visit.page.locator("#error-list a").click()
    assert visit.page.evaluate(
        "document.activeElement.matches('[type=radio], .tile input')"
    )
    assert [] == visit.site.posts

    visit.page.keyboard.press("Space")

    assert visit.page.is_hidden("#errors")
    assert 0 == visit.page.locator("[aria-invalid]").count()
    assert visit.send()


@EACH
@pytest.mark.parametrize("zoom", [100, 200])
def test_nothing_scrolls_sideways_on_a_small_screen(
    open_task: Open, template: str, zoom: int
) -> None:
    """At 320 pixels, and at twice the text size, every state fits."""
    for assignment in (PREVIEW, "ASSIGNMENT1"):
        visit = open_task(
            {**TASKS[template], "instructions": "Look. " * 40},
            template,
            assignment=assignment,
        )
        visit.page.set_viewport_size({"width": 320, "height": 640})
        visit.page.evaluate(f"document.documentElement.style.fontSize = '{zoom}%'")
        for summary in visit.page.locator("footer summary").all():
            summary.click()
        assert 0 == visit.page.evaluate(SIDEWAYS)
        if assignment != PREVIEW:
            visit.page.click("#submit")
            assert 0 == visit.page.evaluate(SIDEWAYS)


@EACH
def test_everything_can_be_hit(open_task: Open, template: str) -> None:
    """No target is smaller than 24 pixels, on a phone either."""
    visit = open_task(TASKS[template], template)
    visit.page.set_viewport_size({"width": 320, "height": 640})
    visit.page.click("#submit")

    assert [] == visit.page.evaluate(SMALL)


@EACH
def test_tab_reaches_everything_in_order(open_task: Open, template: str) -> None:
    """Going by Tab visits all controls as they stand, visibly, and gets out again."""
    visit = open_task(TASKS[template], template)
    visit.page.evaluate(f"controls = ({CONTROLS})(); document.body.focus()")
    # A group of radio buttons is one stop; arrows go to its other buttons.
    stops = visit.page.evaluate(
        "[...controls.keys()].filter((n) => controls[n].type !== 'radio' || controls[n - 1].type !== 'radio')"
    )
    seen = []
    for _ in stops:
        visit.page.keyboard.press("Tab")
        seen.append(visit.page.evaluate("controls.indexOf(document.activeElement)"))
        assert visit.page.evaluate(
            "[document.activeElement, document.activeElement.closest('label') ?? document.body]"
            ".some((node) => getComputedStyle(node).outlineStyle !== 'none')"
        )

    assert stops == seen


def test_number_keys_choose(open_task: Open) -> None:
    """The keys 1 to 9 choose, but not while somebody writes."""
    visit = open_task()

    visit.page.keyboard.press("2")
    assert visit.page.get_by_label("No").is_checked()
    visit.page.keyboard.press("9")
    visit.page.get_by_text("Tell the requester something").click()
    visit.page.locator("#feedback").press("1")

    answer = visit.send()
    assert ("no", "1") == (answer["label"], answer["feedback"])


def test_number_keys_can_be_put_off(open_task: Open) -> None:
    """Who is disturbed by single keys turns them off once."""
    visit = open_task()
    visit.page.uncheck("#keys")
    visit.page.reload()

    visit.page.keyboard.press("2")

    assert not visit.page.get_by_label("No").is_checked()


def test_choices_have_the_requesters_words(open_task: Open) -> None:
    """A choice shows its label and sends its value."""
    choices = [{"value": "+", "label": "good"}, {"value": "-", "label": "bad"}]
    visit = open_task({"text": "Nice.", "question": "How is it?", "choices": choices})

    visit.page.get_by_label("bad").check()

    assert "How is it?" == visit.text("h1")
    assert visit.page.is_hidden("#hypothesis")
    assert "-" == visit.send()["label"]
