"""Labelling one image."""

from typing import Any

import pytest
from playwright.sync_api import expect

from crowdlab.templates import load_template
from tests.pages.conftest import Open
from tests.pages.site import Visit

pytestmark = pytest.mark.browser

NAME = "image-classification"
LIGHT = load_template(NAME).examples()[0]


def _open(open_task: Open, **settings: Any) -> Visit:
    visit = open_task({**LIGHT, **settings}, NAME)
    visit.page.wait_for_selector(".scene")
    return visit


def test_a_choice_is_a_vote(open_task: Open) -> None:
    """What was chosen is what is counted; the known label stays with the requester."""
    visit = _open(open_task)
    assert "Is the traffic light red?" == visit.text("h1")

    visit.page.get_by_label("No").check()
    answer = visit.send()

    assert [("red", "no")] == visit.template.votes(visit.task, answer)
    assert {"red": "yes"} == visit.template.gold(visit.task)
    assert "gold" not in answer


def test_number_keys_choose(open_task: Open) -> None:
    """The keys 1 to 9 choose, and Ctrl + Enter sends."""
    visit = _open(open_task)

    visit.page.keyboard.press("2")
    assert "Your choice: No" == visit.text("#state")
    visit.page.keyboard.press("Control+Enter")
    visit.wait_until_sent()

    assert "no" == visit.read()["label"]


def test_many_choices_are_all_reached(open_task: Open) -> None:
    """The tenth has no key, and a mouse, a finger or the arrows."""
    visit = _open(open_task, choices=[f"kind {n}" for n in range(1, 14)], gold="kind 3")
    keys = visit.page.locator(".choice kbd").all_inner_texts()
    visit.page.locator("[name=label]").nth(11).focus()

    visit.page.keyboard.press("ArrowDown")

    assert [*map(str, range(1, 10)), "", "", "", ""] == keys
    assert "kind 13" == visit.send()["label"]


def test_the_image_can_be_looked_at_closely(open_task: Open) -> None:
    """It lies on a stage: keys zoom while it has the focus, and leave the choice alone."""
    visit = _open(open_task)
    visit.page.locator(".scene").focus()

    visit.page.keyboard.press("+")

    assert "0 0 640 480" != visit.page.get_attribute(".scene", "viewBox")
    expect(visit.page.locator("output")).to_have_text("150%")
    assert "Nothing chosen yet" == visit.text("#state")
    visit.page.get_by_label("Yes").check()
    assert visit.send()["telemetry"]["counts"]["zoom"]


def test_nothing_tells_the_answer(open_task: Open) -> None:
    """The image is described by no text, and its stage is named as any other."""
    visit = _open(open_task)

    expect(visit.page.locator(".scene")).to_have_accessible_name("The image")
    visit.page.select_option("#language", "es")
    expect(visit.page.locator(".scene")).to_have_accessible_name("La imagen")
    assert 0 == visit.page.locator("img, [alt], svg title").count()
