"""Two workers on one site: in each other's way, one after the other, and too late."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.town import Town, accept, arrive, frame, submit
from tests.journeys.ways import Mouse
from tests.pages.fillers import do
from tests.pages.hands import Direct

pytestmark = pytest.mark.browser

HANDS = Direct()
ROWS = [{"text": f"It rains {n}.", "hypothesis": "It is wet."} for n in range(2)]
HOSTILE = (
    "</script><img src=x onerror=\"document.title='run'\"> <b>Leave</b> by the door, "
    "turn left, pass the plant & the bench, and take the last door on the right. ]]>"
)


@pytest.fixture(scope="module")
def ana(browser: Browser, town: Town) -> Iterator[Page]:
    """One worker's page."""
    page = arrive(browser, town, Mouse())
    yield page
    page.context.close()


@pytest.fixture(scope="module")
def bob(browser: Browser, town: Town) -> Iterator[Page]:
    """Another worker's page."""
    page = arrive(browser, town, Mouse())
    yield page
    page.context.close()


def preview(town: Town, page: Page, title: str) -> None:
    """Looks at work on the list."""
    page.goto(town.url)
    page.get_by_role("link", name=f"Preview “{title}”").click()
    expect(frame(page).get_by_text("This is a preview")).to_be_visible()


def test_two_at_once_for_the_last(town: Town, ana: Page, bob: Page) -> None:
    """However close they press, one gets it and the other hears so."""
    with town.lab() as lab:
        title = town.publish(lab, "text-classification")
        for page in (ana, bob):
            preview(town, page, title)
        for page in (ana, bob):
            # Neither waits for the other's page.
            button = page.get_by_role("button", name="Accept")
            button.evaluate("button => { setTimeout(() => button.click(), 100); }")
        outcomes = []
        for page in (ana, bob):
            found = page.locator("#timer").or_(page.get_by_text("no assignment left"))
            expect(found).to_be_visible()
            outcomes.append(page.locator("#timer").is_visible())

        assert sorted(outcomes) == [False, True]
        status = lab.status("it")
        assert (status.available, status.pending) == (0, 1)
    (ana if outcomes[0] else bob).get_by_role("button", name="Return").click()
    (bob if outcomes[0] else ana).get_by_role("link", name="All work").click()


def test_who_is_late_gets_the_next(town: Town, ana: Page, bob: Page) -> None:
    """Where another of the kind is left, nobody is sent away, and it is told."""
    with town.lab() as lab:
        title = town.publish(lab, "text-classification", *ROWS)
        for page in (ana, bob):
            preview(town, page, title)
        before = bob.url
        texts = []
        for page in (ana, bob):
            page.get_by_role("button", name="Accept").click()
            expect(page.locator("#timer")).to_be_visible()
            texts.append(frame(page).locator("#text").inner_text())

        assert sorted(texts) == ["It rains 0.", "It rains 1."]
        expect(bob.get_by_text("Others were quicker")).to_be_visible()
        expect(ana.get_by_text("Others were quicker")).to_have_count(0)
        bob.get_by_role("button", name="Return").click()
        bob.goto(before)
        expect(frame(bob).locator("#text")).to_have_text(texts[1])
        ana.get_by_role("button", name="Return").click()


def test_a_reload_in_the_middle(town: Town, ana: Page, bob: Page) -> None:
    """What was written is there again, in the frame, and is nobody else's."""
    with town.lab() as lab:
        title = town.publish(lab, "route-description", assignments=2)
        ana.goto(town.url)
        do("route-description", accept(ana, title, HANDS), HANDS)
        ana.reload()
        expect(frame(ana).locator("#description")).to_have_value(
            re.compile("^Leave by the door")
        )
        bob.goto(town.url)
        accept(bob, title, HANDS)
        expect(frame(bob).locator("#description")).to_have_value("")
        bob.get_by_role("button", name="Return").click()
        submit(ana, HANDS)

        lab.collect("it")
        (answer,) = lab.answers("it")["answer"]
        assert answer["description"].startswith("Leave by the door")


def test_habits_last_and_drafts_stay(town: Town, ana: Page) -> None:
    """A language is chosen once for all tasks; a draft is of one task alone."""
    with town.lab() as lab:
        title = town.publish(lab, "text-classification", *ROWS)
        ana.goto(town.url)
        task = accept(ana, title, HANDS)
        task.locator("#language").select_option("es")
        task.locator("[name=label]").first.check()
        before = ana.url
        ana.get_by_role("button", name="Skip").click()
        ana.wait_for_url(lambda url: url != before)
        expect(frame(ana).locator("#submit")).to_have_text("Enviar respuesta")
        expect(frame(ana).locator("[name=label]").first).not_to_be_checked()
        frame(ana).locator("#language").select_option("en")
        ana.get_by_role("button", name="Return").click()
        lab.expire("it")


def test_too_late(town: Town, ana: Page) -> None:
    """The worker is told, keeps the text, and the work is free for others."""
    with town.lab() as lab:
        title = town.publish(lab, "route-description", duration_seconds=900)
        ana.goto(town.url)
        do("route-description", accept(ana, title, HANDS), HANDS)
        written = frame(ana).locator("#description").input_value()
        town.clock.advance(901)
        frame(ana).locator("#submit").click()

        expect(
            frame(ana).get_by_text("time for this assignment is over")
        ).to_be_visible()
        kept = frame(ana).locator("textarea")
        expect(kept).not_to_be_editable()
        assert f"description: {written}" in kept.input_value()
        ana.reload()
        expect(ana.get_by_role("heading", name="The time was over")).to_be_visible()
        assert lab.status("it").available == 1
        lab.expire("it")


def test_a_hostile_description_is_verified(town: Town, ana: Page, bob: Page) -> None:
    """What one worker wrote is text on the page of the next, whatever it was."""
    with town.lab() as lab, town.lab() as second:
        title = town.publish(lab, "route-description")
        ana.goto(town.url)
        task = accept(ana, title, HANDS)
        task.locator("#description").fill(HOSTILE)
        task.locator("[name=ends_in]").first.check()
        submit(ana, HANDS)
        lab.collect("it")
        (answer,) = lab.answers("it")["answer"]
        title = town.publish(
            second, "text-verification", {"text": answer["description"]}
        )
        bob.goto(town.url)
        task = accept(bob, title, HANDS)

        expect(task.locator("#text")).to_have_text(HOSTILE)
        assert task.locator("#text *").count() == 0
        assert task.locator("html").evaluate("() => document.title") != "run"
        do("text-verification", task, HANDS)
        submit(bob, HANDS)
