"""How a worker does the first example of each template, in a browser.

Whoever adds a template adds the function that does its task: what is tested of every
page is then tested of that page too.
"""

import re
from collections.abc import Callable

from playwright.sync_api import expect

from tests.pages.hands import Direct, Hands, Where
from tests.pages.site import Visit

__all__ = ["do", "does", "fill"]

Filler = Callable[[Where, Hands], None]

FILLERS: dict[str, Filler] = {}


def does(template: str) -> Callable[[Filler], Filler]:
    """Marks the function that does the task of a template."""

    def mark(filler: Filler) -> Filler:
        FILLERS[template] = filler
        return filler

    return mark


def do(template: str, task: Where, hands: Hands) -> None:
    """Does the task of a template, up to the button."""
    FILLERS[template](task, hands)


def fill(visit: Visit) -> None:
    """Does the task on the page, up to the button."""
    do(visit.template.name, visit.page, Direct())


@does("image-selection")
def select_a_tile(task: Where, hands: Hands) -> None:
    """One tile is enough."""
    hands.choose(task.locator(".tile input").first)


@does("image-classification")
@does("text-classification")
def choose_a_label(task: Where, hands: Hands) -> None:
    """The first will do."""
    hands.choose(task.locator("[name=label]").first)


@does("region-annotation")
def mark_a_box(task: Where, hands: Hands) -> None:
    """One is enough."""
    hands.draw(task.locator(".scene"))


@does("pairwise-comparison")
def prefer_one(task: Where, hands: Hands) -> None:
    """Whichever stands first."""
    hands.choose(task.locator("[name=better]").first)


@does("text-verification")
def find_fault(task: Where, hands: Hands) -> None:
    """A low rating, and its reason."""
    hands.choose(task.locator("[name=rating]").first)
    hands.choose(task.locator("#reasons [type=checkbox]").first)


@does("route-follow")
def walk_a_step(task: Where, hands: Hands) -> None:
    """One step; and that is where the way is said to end."""
    hands.walk(task.locator(".scene"))
    expect(task.locator("#state")).not_to_have_text(re.compile(": 0 "))
    hands.choose(task.locator("[name=arrived]").first)
    hands.choose(task.locator("[name=clarity]").first)


@does("route-description")
def describe_a_way(task: Where, hands: Hands) -> None:
    """Some words about what one passes, and the first room."""
    words = (
        "Leave by the door, turn left, pass the plant and the bench, and take the last"
    )
    hands.write(task.locator("#description"), f"{words} door on the right.")
    hands.choose(task.locator("[name=ends_in]").first)
