"""What a page keeps while the worker is away."""

import attrs
import pytest

from crowdlab.templates import load_template
from tests.pages.conftest import PREVIEW, TEXT, Open

pytestmark = pytest.mark.browser

DRAFTS = "Object.keys(localStorage).filter((key) => key.startsWith('crowdlab:draft:')).length"


def test_a_reload_loses_nothing(open_task: Open) -> None:
    """Choice, feedback and the time worked are there again."""
    visit = open_task()
    visit.page.get_by_label("No").check()
    visit.page.get_by_text("Tell the requester something").click()
    visit.page.fill("#feedback", "well …")
    visit.page.evaluate("mark -= 5000, save()")

    visit.page.reload()

    assert visit.page.get_by_label("No").is_checked()
    answer = visit.send()
    assert "well …" == answer["feedback"]
    assert answer["telemetry"]["elapsed_ms"] > 5000
    assert 1 == answer["telemetry"]["counts"]["restored"]


def test_a_draft_is_of_one_assignment(open_task: Open) -> None:
    """Another assignment of the same HIT starts empty."""
    visit = open_task()
    visit.page.get_by_label("No").check()

    other = open_task(assignment="ASSIGNMENT2", page=visit.page)

    assert not other.page.get_by_label("No").is_checked()


@pytest.mark.parametrize("changed", [{"version": "999"}, {"template": "other"}])
def test_a_draft_is_of_one_version_of_one_template(
    open_task: Open, changed: dict[str, str]
) -> None:
    """Neither a newer template nor another takes up a draft."""
    template = load_template("text-classification")
    layout = attrs.evolve(template.layout, facts={**template.layout.facts, **changed})
    visit = open_task()
    visit.page.get_by_label("No").check()

    newer = open_task(TEXT, attrs.evolve(template, layout=layout), page=visit.page)

    assert not newer.page.get_by_label("No").is_checked()


def test_a_sent_answer_leaves_no_draft(open_task: Open) -> None:
    """The store that all pages share is left clean."""
    visit = open_task()
    visit.page.get_by_label("No").check()
    assert 1 == visit.page.evaluate(DRAFTS)

    visit.send()

    assert 0 == visit.page.evaluate(DRAFTS)


def test_a_preview_keeps_no_draft(open_task: Open) -> None:
    """Who only looks leaves nothing behind."""
    visit = open_task(assignment=PREVIEW)

    visit.page.get_by_label("No").check()

    assert 0 == visit.page.evaluate(DRAFTS)


def test_old_drafts_are_thrown_away(open_task: Open) -> None:
    """A draft that nobody came back to for a fortnight is removed."""
    visit = open_task()
    visit.page.evaluate(
        "localStorage.setItem('crowdlab:draft:old', JSON.stringify({at: Date.now() - 15 * 86400000}))"
    )
    visit.page.evaluate(
        "localStorage.setItem('crowdlab:draft:new', JSON.stringify({at: Date.now()}))"
    )

    visit.page.reload()

    assert visit.page.evaluate("localStorage.getItem('crowdlab:draft:old')") is None
    assert visit.page.evaluate("localStorage.getItem('crowdlab:draft:new')") is not None


def test_a_store_that_throws_is_no_obstacle(open_task: Open) -> None:
    """Where nothing can be kept the page works, and says so."""
    visit = open_task()
    visit.page.add_init_script(
        "Object.defineProperty(window, 'localStorage', { get() { throw new Error('no'); } })"
    )
    visit.page.reload()
    visit.page.get_by_text("What this page records").click()

    visit.page.get_by_label("No").check()

    assert "does not let the page keep a draft" in visit.text("#drafts")
    assert "no" == visit.send()["label"]


def test_closed_instructions_stay_closed(open_task: Open) -> None:
    """Instructions are open at first, and as the worker left them later."""
    visit = open_task()
    assert visit.page.is_visible("#rules")

    visit.page.get_by_text("Instructions").click()
    other = open_task({"text": "a", "question": "b"}, page=visit.page)

    assert other.page.is_hidden("#rules")
