"""Pages that would be too large as they are: sent deflated, inflated by the browser."""

import urllib.parse

import pytest

from crowdlab.questions import HTMLQuestion, parse_question
from crowdlab.templates import load_template
from tests.pages.conftest import TEXT, Open
from tests.pages.site import Site, Visit

pytestmark = pytest.mark.browser

LONG = {**TEXT, "text": "It rains in </script> and \u2028 走 ]]> elsewhere. " * 2000}


@pytest.fixture
def packed(open_task: Open, site: Site) -> Visit:
    """A packed page, opened."""
    visit = open_task()
    task = visit.template.task(LONG, "row 1")
    xml = visit.template.question(task.input, task_id=task.task_id, language="en")
    question = parse_question(xml)
    assert isinstance(question, HTMLQuestion)
    query = urllib.parse.urlsplit(visit.url).query
    visit.task, visit.url = task, f"{site.put('/packed', question.content)}?{query}"
    visit.page.goto(visit.url)
    return visit


def test_a_packed_page_works_as_any_other(packed: Visit) -> None:
    """It shows the very same task, and sends an answer, under the same strict policy."""
    assert LONG["text"] == packed.page.text_content("#text")
    packed.page.get_by_label("No").check()

    assert "no" == packed.send()["label"]
    host = packed.site.address
    assert all(url.startswith((host, "data:")) for url in packed.requests)


def test_a_packed_page_runs_no_other_script(packed: Visit) -> None:
    """What the policy does not know by its hash is refused, the unpacked page's too."""
    packed.page.evaluate(
        "() => document.body.append(Object.assign(document.createElement('script'),"
        " {textContent: 'document.title = 1'}))"
    )

    assert "Choose a label" == packed.page.title()
    assert 1 == len(packed.complaints)
    assert "Content Security Policy" in packed.complaints.pop()


def test_a_packed_page_keeps_a_draft(packed: Visit) -> None:
    """A reload brings back what was chosen."""
    packed.page.get_by_label("No").check()

    packed.page.reload()

    packed.page.wait_for_selector("[value=no]:checked")


def test_a_browser_that_is_too_old_says_so(packed: Visit) -> None:
    """Who cannot inflate the page reads that, and is not left with nothing."""
    packed.page.add_init_script("delete window.DecompressionStream")

    packed.page.reload()

    packed.page.get_by_text("needs a newer browser").wait_for()
    assert packed.page.is_disabled("#submit")


def test_only_large_pages_are_packed() -> None:
    """A page that fits is sent as it is, for everybody to read."""
    template = load_template("text-classification")
    texts = {"small": TEXT["text"], "large": LONG["text"]}
    xml = {}
    for name, text in texts.items():
        task = template.task({**TEXT, "text": text}, "row 1")
        xml[name] = template.question(task.input, task_id=task.task_id, language="en")

    assert "DecompressionStream" not in xml["small"]
    assert "DecompressionStream" in xml["large"]
    assert len(xml["large"]) < len(xml["small"])
