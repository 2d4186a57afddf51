"""What a worker does to a page, whatever with: the mouse, the keys, a finger."""

from typing import Protocol

from playwright.sync_api import FrameLocator, Locator, Page

__all__ = ["Direct", "Hands", "Where"]

#: A task's page, or the frame in which it is.
Where = Page | FrameLocator


class Hands(Protocol):
    """One way to use a page."""

    def press(self, button: Locator) -> None:
        """Presses a button, or follows a link."""

    def choose(self, choice: Locator) -> None:
        """Chooses a tile or a label, or ticks a box."""

    def write(self, field: Locator, text: str) -> None:
        """Writes into a field."""

    def draw(self, picture: Locator) -> None:
        """Draws a box on a picture."""

    def walk(self, plan: Locator) -> None:
        """Takes a step upwards on a map."""


class Direct:
    """The quickest way, where it does not matter."""

    def press(self, button: Locator) -> None:
        """By a click."""
        button.click()

    def choose(self, choice: Locator) -> None:
        """If it is not chosen already."""
        choice.check()

    def write(self, field: Locator, text: str) -> None:
        """All at once."""
        field.fill(text)

    def draw(self, picture: Locator) -> None:
        """By keys: a cross sets two corners."""
        for key in ("n", "Space", *["ArrowRight", "ArrowDown"] * 5, "Space"):
            picture.press(key)

    def walk(self, plan: Locator) -> None:
        """By a key."""
        plan.press("ArrowUp")
