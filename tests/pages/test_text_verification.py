"""Saying how right a text is, and why not."""

from typing import Any

import pytest

from crowdlab.templates import load_template
from tests.pages.conftest import Open
from tests.pages.site import Visit

pytestmark = pytest.mark.browser

MAPPED, PICTURED, _ = load_template("text-verification").examples()
HOSTILE = """</script><img src=x onerror="document.title='mine'"> <!-- ]]> & \u2028"""


def _open(open_task: Open, **settings: Any) -> Visit:
    return open_task({"text": "Turn left.", **settings}, "text-verification")


def _problem(visit: Visit) -> str:
    visit.page.click("#submit")
    return visit.text("#error-list")


def test_a_right_text_takes_one_key(open_task: Open) -> None:
    """Who finds the text right is asked nothing else."""
    visit = _open(open_task)

    visit.page.keyboard.press("5")
    assert visit.page.is_hidden("#reasons")
    visit.page.keyboard.press("Control+Enter")
    visit.wait_until_sent()

    answer = visit.read()
    assert (5, []) == (answer["rating"], answer["reasons"])


def test_a_low_rating_needs_a_reason(open_task: Open) -> None:
    """A tick or own words are asked for, and sent; not above what the input says."""
    visit = _open(open_task)

    assert "Choose a step from 1 to 5" == _problem(visit)
    visit.page.keyboard.press("2")
    assert "Say why: tick a reason, or write one" == _problem(visit)
    assert "What is wrong with it?" == visit.text("#why")
    visit.page.fill("#comment", "  ")
    assert "Say why" in _problem(visit)
    visit.page.get_by_label("In your own words").fill("It is on the right 走.")
    assert visit.page.is_hidden("#errors")
    visit.page.get_by_label("Something important is missing").check()

    answer = visit.send()
    assert ["missing"] == answer["reasons"]
    assert "It is on the right 走." == answer["comment"]


def test_a_middling_rating_may_have_a_reason(open_task: Open) -> None:
    """Between low and right, reasons are offered."""
    visit = _open(open_task)

    visit.page.keyboard.press("4")

    assert "What is wrong with it? (optional)" == visit.text("#why")
    assert [] == visit.send()["reasons"]


def test_a_reason_of_a_changed_mind_is_not_sent(open_task: Open) -> None:
    """What was ticked before the text was found right does not count."""
    visit = _open(open_task)

    visit.page.keyboard.press("1")
    visit.page.locator("#reasons input").first.check()
    visit.page.keyboard.press("5")

    assert [] == visit.send()["reasons"]


def test_numbers_in_a_reason_are_no_keys(open_task: Open) -> None:
    """Who writes "5" in the reason does not change the rating."""
    visit = _open(open_task)
    visit.page.keyboard.press("1")

    visit.page.locator("#comment").press("5")

    answer = visit.send()
    assert (1, "5") == (answer["rating"], answer["comment"])


def test_the_scale_is_in_words(open_task: Open) -> None:
    """Each step has a name, ours in the worker's language or the requester's."""
    visit = _open(open_task)
    assert visit.page.get_by_label("Mostly right").is_visible()
    visit.page.select_option("#language", "es")
    assert visit.page.get_by_label("Casi todo correcto").is_visible()

    words = ["no", "hardly", "half", "nearly", "yes"]
    own = _open(open_task, words=words, reasons=[{"value": "x", "label": "Too short"}])
    own.page.get_by_label("hardly").check()
    own.page.get_by_label("Too short").check()

    assert ["x"] == own.send()["reasons"]


def test_a_draft_is_restored(open_task: Open) -> None:
    """Rating, ticks and words are there again."""
    visit = _open(open_task)
    visit.page.keyboard.press("1")
    visit.page.locator("#reasons [type=checkbox]").nth(1).check()
    visit.page.fill("#comment", "no door")

    visit.page.reload()

    answer = visit.send()
    assert (1, ["missing"], "no door") == (
        answer["rating"],
        answer["reasons"],
        answer["comment"],
    )


def test_a_hostile_description_is_text(open_task: Open) -> None:
    """Markup of the worker who wrote it is shown, not run."""
    visit = _open(
        open_task,
        text=HOSTILE,
        question=HOSTILE,
        words=[HOSTILE] * 5,
        reasons=[HOSTILE],
    )

    for selector in ("#text", "#question", ".step .words", "#reason-list span"):
        assert HOSTILE == visit.page.text_content(selector)
    assert 0 == visit.page.locator("img").count()
    assert "Check a description" == visit.page.title()


def test_a_map_shows_the_way(open_task: Open) -> None:
    """Start, goal and way stand where they were told, in letters and in words."""
    visit = open_task(MAPPED, "text-verification")
    visit.page.wait_for_selector("#submit:enabled")

    for letter, point in (("S", MAPPED["start"]), ("G", MAPPED["goal"])):
        place = visit.page.locator(".mark", has_text=letter).evaluate(
            """node => {
              const {x, y, width, height} = node.querySelector("circle").getBoundingClientRect();
              const map = document.querySelector(".scene image").getBoundingClientRect();
              return [(x + width / 2 - map.x) * 300 / map.width, (y + height / 2 - map.y) * 200 / map.height];
            }"""
        )
        assert pytest.approx(point, abs=0.5) == place
    assert "Start" in visit.text("#legend")
    assert "Goal" in visit.text("#legend")


def test_a_picture_stands_beside_its_text(open_task: Open) -> None:
    """On a desk beside, on a phone above."""
    visit = open_task(PICTURED, "text-verification")
    visit.page.wait_for_selector("#submit:enabled")

    def sides() -> tuple[bool, bool]:
        picture = visit.page.locator(".seen").bounding_box()
        text = visit.page.locator(".text").bounding_box()
        assert picture
        assert text
        return text["x"] > picture["x"], text["y"] > picture["y"] + picture["height"]

    assert (True, False) == sides()
    visit.page.set_viewport_size({"width": 320, "height": 640})
    assert (False, True) == sides()
