"""Where a page finds itself: previewed or accepted, and whom it sends answers to."""

import pytest

from tests.pages.conftest import PREVIEW, Open
from tests.pages.site import Site

pytestmark = pytest.mark.browser

REFUSED = [
    "http://evil.example",
    "https://evilmturk.com",
    "https://www.mturk.com.evil.example",
    "https://www.mturk.com@evil.example",
    "https://user@www.mturk.com",
    "https://www.mturk.com:8443",
    "http://www.mturk.com",
    "//www.mturk.com",
    "javascript:alert(1)",
    "nonsense",
    "",
]
KEPT = {
    "https://www.mturk.com": "https://www.mturk.com/mturk/externalSubmit",
    "https://www.mturk.com/": "https://www.mturk.com/mturk/externalSubmit",
    "https://workersandbox.mturk.com": "https://workersandbox.mturk.com/mturk/externalSubmit",
    "https://127.0.0.1": "https://127.0.0.1/mturk/externalSubmit",
    "http://localhost:8000": "http://localhost:8000/mturk/externalSubmit",
    "http://[::1]:8000/crowd/": "http://[::1]:8000/crowd/mturk/externalSubmit",
}


def test_a_preview_can_be_tried_but_not_sent(open_task: Open, site: Site) -> None:
    """A previewed page shows everything and says why nothing can be sent."""
    visit = open_task(assignment=PREVIEW)

    visit.page.get_by_label("Yes").check()

    assert "Your choice: Yes" == visit.text("#state")
    assert "Accept the task to send" == visit.text("#submit")
    assert visit.page.is_disabled("#submit")
    assert "preview" in visit.text("#notice")
    visit.page.evaluate("document.forms[0].requestSubmit()")
    visit.page.keyboard.press("Control+Enter")
    visit.page.wait_for_timeout(100)
    assert [] == site.posts


def test_a_page_opened_by_itself_is_a_preview(open_task: Open) -> None:
    """Without a query the page takes itself for a preview."""
    visit = open_task()

    visit.page.goto(visit.url.partition("?")[0])

    assert "Accept the task to send" == visit.text("#submit")


def test_an_accepted_page_can_be_sent(open_task: Open) -> None:
    """An accepted page has no notice, and a button that sends."""
    visit = open_task()

    assert "Send answer" == visit.text("#submit")
    assert visit.page.is_enabled("#submit")
    assert visit.page.is_hidden("#notice")


def test_a_stranger_gets_no_answers(open_task: Open) -> None:
    """An address that is neither MTurk's, ours nor this machine's makes a preview."""
    visit = open_task(submit_to="https://evil.example")

    assert visit.page.is_disabled("#submit")
    for address in REFUSED:
        assert "" == visit.page.evaluate("destination", address), address


def test_answers_go_to_the_known_places(open_task: Open) -> None:
    """MTurk, its sandbox, the page's own host and this machine are sent to."""
    visit = open_task()

    for address, action in KEPT.items():
        assert action == visit.page.evaluate("destination", address), address
