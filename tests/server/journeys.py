"""The steps that workers take on the site with a browser."""

from collections.abc import Callable

from playwright.sync_api import Frame, Page

from crowdlab.questions import parse_answers
from tests.server.conftest import Server

__all__ = ["Visit", "accept", "answers", "frame_of", "submit"]

Visit = Callable[..., Page]


def accept(page: Page) -> None:
    """Accepts the first HIT of the list."""
    page.get_by_role("link", name="Preview").first.click()
    page.get_by_role("button", name="Accept").click()


def submit(page: Page, animal: str = "cat") -> None:
    """Fills the task's page in and sends it."""
    task = page.frame_locator("#task")
    task.get_by_label("Cat or dog?").fill(animal)
    task.get_by_role("button", name="Send").click()


def frame_of(page: Page) -> Frame:
    """The frame of the task's page, once that is there."""
    page.frame_locator("#task").get_by_label("Cat or dog?").wait_for()
    handle = page.locator("#task").element_handle()
    assert handle is not None
    frame = handle.content_frame()
    assert frame is not None
    return frame


def answers(server: Server, hit_id: str) -> list[dict[str, str]]:
    """What was answered on the production market."""
    found = server.markets.production.call("ListAssignmentsForHIT", {"HITId": hit_id})
    return [parse_answers(work["Answer"]) for work in found["Assignments"]]
