"""The ways to use a page: with a mouse alone, with keys alone, with fingers alone."""

import pytest
from playwright.sync_api import FloatRect, Locator

from tests.pages.hands import Hands

__all__ = ["WAYS", "Fingers", "Keys", "Mouse"]

#: No page has so many places to tab to.
MOST_TABS = 120
HAS_FOCUS = "thing => thing === thing.ownerDocument.activeElement"


def _box(thing: Locator) -> FloatRect:
    """Where something is on the screen."""
    thing.scroll_into_view_if_needed()
    box = thing.bounding_box()
    assert box is not None
    return box


def _corners(picture: Locator) -> tuple[tuple[float, float], tuple[float, float]]:
    """The corners of a box to draw."""
    box = _box(picture.locator("image"))
    left, top = box["x"] + 0.3 * box["width"], box["y"] + 0.3 * box["height"]
    return (left, top), (left + 60, top + 40)


def _ahead(plan: Locator) -> tuple[float, float]:
    """A place on the map that is a little above the one who walks there."""
    box = _box(plan.locator(".walker"))
    return box["x"] + box["width"] / 2, box["y"] - 12


class Mouse:
    """Clicks and drags."""

    def press(self, button: Locator) -> None:
        """Clicks."""
        button.click()

    def choose(self, choice: Locator) -> None:
        """Clicks."""
        choice.click()

    def write(self, field: Locator, text: str) -> None:
        """Clicks into the field, and types."""
        field.click()
        field.page.keyboard.type(text)

    def draw(self, picture: Locator) -> None:
        """Drags from corner to corner."""
        start, end = _corners(picture)
        mouse = picture.page.mouse
        mouse.move(*start)
        mouse.down()
        mouse.move(*end, steps=3)
        mouse.up()

    def walk(self, plan: Locator) -> None:
        """Clicks where to go."""
        plan.page.mouse.click(*_ahead(plan))


class Keys:
    """Tab, Space, Enter, arrows and letters; nothing else."""

    def press(self, button: Locator) -> None:
        """Tabs there and presses Enter."""
        self._go(button)
        button.page.keyboard.press("Enter")

    def choose(self, choice: Locator) -> None:
        """Tabs there and presses Space."""
        self._go(choice)
        choice.page.keyboard.press("Space")

    def write(self, field: Locator, text: str) -> None:
        """Tabs there and types."""
        self._go(field)
        field.page.keyboard.type(text)

    def draw(self, picture: Locator) -> None:
        """A cross sets two corners."""
        self._go(picture)
        for key in ("n", "Space", *["ArrowRight", "ArrowDown"] * 5, "Space"):
            picture.page.keyboard.press(key)

    def walk(self, plan: Locator) -> None:
        """One arrow, one step."""
        self._go(plan)
        plan.page.keyboard.press("ArrowUp")

    def _go(self, place: Locator) -> None:
        place.wait_for()
        for _ in range(MOST_TABS):
            if place.evaluate(HAS_FOCUS):
                return
            place.page.keyboard.press("Tab")
        pytest.fail(f"Tab never comes to {place}")


class Fingers:
    """Taps and strokes."""

    def press(self, button: Locator) -> None:
        """Taps."""
        button.tap()

    def choose(self, choice: Locator) -> None:
        """Taps."""
        choice.tap()

    def write(self, field: Locator, text: str) -> None:
        """Taps into the field, and types on the phone's keyboard."""
        field.tap()
        field.page.keyboard.insert_text(text)

    def draw(self, picture: Locator) -> None:
        """Strokes from corner to corner."""
        start, end = _corners(picture)
        finger = picture.page.context.new_cdp_session(picture.page)
        middle = ((start[0] + end[0]) / 2, (start[1] + end[1]) / 2)
        for kind, points in (
            ("touchStart", [start]),
            ("touchMove", [middle]),
            ("touchMove", [end]),
            ("touchEnd", []),
        ):
            touched = [{"x": x, "y": y} for x, y in points]
            finger.send(
                "Input.dispatchTouchEvent", {"type": kind, "touchPoints": touched}
            )
        finger.detach()

    def walk(self, plan: Locator) -> None:
        """Taps where to go."""
        plan.page.touchscreen.tap(*_ahead(plan))


WAYS: dict[str, Hands] = {"mouse": Mouse(), "keys": Keys(), "fingers": Fingers()}
