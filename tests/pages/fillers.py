"""How a worker does the first example of each template, in a browser.

Whoever adds a template adds the function that does its task: what is tested of every
page is then tested of that page too.
"""

import re
from collections.abc import Callable

from playwright.sync_api import expect

from tests.pages.site import Visit

__all__ = ["does", "fill"]

Filler = Callable[[Visit], None]

FILLERS: dict[str, Filler] = {}


def does(template: str) -> Callable[[Filler], Filler]:
    """Marks the function that does the task of a template."""

    def mark(filler: Filler) -> Filler:
        FILLERS[template] = filler
        return filler

    return mark


def fill(visit: Visit) -> None:
    """Does the task on the page, up to the button."""
    FILLERS[visit.template.name](visit)


@does("image-selection")
def select_a_tile(visit: Visit) -> None:
    """One tile is enough."""
    visit.page.locator(".tile input").first.check()


@does("image-classification")
@does("text-classification")
def choose_a_label(visit: Visit) -> None:
    """The first will do."""
    visit.page.locator("[name=label]").first.check()


@does("region-annotation")
def mark_a_box(visit: Visit) -> None:
    """By keys: a cross sets two corners."""
    picture = visit.page.locator(".scene")
    for key in ("n", "Space", *["ArrowRight", "ArrowDown"] * 5, "Space"):
        picture.press(key)


@does("pairwise-comparison")
def prefer_one(visit: Visit) -> None:
    """Whichever stands first."""
    visit.page.locator("[name=better]").first.check()


@does("text-verification")
def find_fault(visit: Visit) -> None:
    """A low rating, and its reason."""
    visit.page.locator("[name=rating]").first.check()
    visit.page.locator("#reasons [type=checkbox]").first.check()


@does("route-follow")
def walk_a_step(visit: Visit) -> None:
    """By a key; and that is where the way is said to end."""
    visit.page.locator(".scene").press("ArrowUp")
    expect(visit.page.locator("#state")).not_to_have_text(re.compile(": 0 "))
    visit.page.locator("[name=arrived]").first.check()
    visit.page.locator("[name=clarity]").first.check()


@does("route-description")
def describe_a_way(visit: Visit) -> None:
    """Some words about what one passes, and the first room."""
    words = (
        "Leave by the door, turn left, pass the plant and the bench, and take the last"
    )
    visit.page.fill("#description", f"{words} door on the right.")
    visit.page.locator("[name=ends_in]").first.check()
