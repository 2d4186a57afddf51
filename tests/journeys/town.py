"""A requester and workers, each with their own means: a lab over HTTP, and browsers."""

import itertools
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import attrs
import pytest
from playwright.sync_api import Browser, FrameLocator, Page, expect

from crowdlab.lab import Lab
from crowdlab.marketplace import ManualClock
from crowdlab.server import Markets
from crowdlab.templates import load_template
from tests.journeys.ways import Fingers
from tests.pages.hands import Hands

__all__ = ["Town", "accept", "arrive", "frame", "submit"]

PASSWORD = "open sesame"  # noqa: S105 - everybody has the same
_numbers = itertools.count(1)


@attrs.frozen
class Town:
    """A site that runs.

    Attributes:
        folder: where requesters keep their ledgers.
    """

    url: str
    markets: Markets
    clock: ManualClock
    folder: Path

    @contextmanager
    def lab(self) -> Iterator[Lab]:
        """A requester's lab, which reaches the site over HTTP."""
        with Lab(self.folder / f"lab-{next(_numbers)}.db", endpoint=self.url) as lab:
            yield lab

    def publish(
        self, lab: Lab, template: str, *rows: Mapping[str, Any], **named: Any
    ) -> str:
        """Publishes tasks, the first example if none is given; gives the title."""
        title = f"Work {next(_numbers)}"
        inputs = rows or load_template(template).examples()[:1]
        given = {"reward": "0.05", "assignments": 1, "title": title, **named}
        lab.create("it", template=template, inputs=inputs, **given)
        lab.publish("it")
        return title


def arrive(browser: Browser, town: Town, hands: Hands) -> Page:
    """A page of somebody who has just registered; its complaints fail the test."""
    phone = {"viewport": {"width": 390, "height": 780}, "has_touch": True}
    desk = {"viewport": {"width": 1280, "height": 900}}
    is_touched = isinstance(hands, Fingers)
    context = browser.new_context(**(phone if is_touched else desk))
    context.set_default_timeout(8000)
    page = context.new_page()
    page.on("pageerror", lambda error: pytest.fail(str(error)))
    page.goto(f"{town.url}/register")
    hands.write(page.get_by_label("Your name here"), f"Worker {next(_numbers)}")
    hands.write(page.get_by_label("Password"), PASSWORD)
    hands.write(page.get_by_label("The same once more"), PASSWORD)
    hands.choose(page.get_by_label("I have read"))
    hands.press(page.get_by_role("button", name="Register"))
    page.wait_for_url("**/production/")
    return page


def accept(page: Page, title: str, hands: Hands) -> FrameLocator:
    """Finds work on the list, looks at it, accepts it; the frame of its page."""
    hands.press(page.get_by_role("link", name=f"Preview “{title}”"))
    expect(frame(page).get_by_text("This is a preview")).to_be_visible()
    hands.press(page.get_by_role("button", name="Accept"))
    page.wait_for_url("**/assignments/**")
    expect(frame(page).locator("#submit")).to_be_enabled()
    return frame(page)


def frame(page: Page) -> FrameLocator:
    """Where the task's page is."""
    return page.frame_locator("#task")


def submit(page: Page, hands: Hands) -> None:
    """Sends the answer, and is thanked."""
    hands.press(frame(page).locator("#submit"))
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
