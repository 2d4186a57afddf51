"""Worked examples, and what a worker can do about a task that is wrong."""

import pytest
from playwright.sync_api import expect

from crowdlab.samples import digits
from tests.pages.conftest import PREVIEW, TEXT, Open
from tests.pages.site import Site, Visit

pytestmark = pytest.mark.browser

PICTURE = next(digits().rows())["images"][0]
HOSTILE = "</script><img src=x onerror=\"document.title='mine'\">"
EXAMPLES = [
    {"good": True, "text": "It pours.", "why": "Rain is wet."},
    {"good": False, "text": HOSTILE, "image": PICTURE, "why": HOSTILE},
]
SITE = """<!DOCTYPE html>
<title>A marketplace</title>
<link rel="icon" href="data:,">
<script>
const told = [];
addEventListener("message", ({{ data }}) => data.crowdlab === "problem" && told.push(data));
</script>
<iframe sandbox="allow-scripts allow-forms" width=900 height=900 src="{url}"></iframe>
"""


def _framed(site: Site, visit: Visit) -> None:
    """Shows the page as the site of a marketplace does."""
    visit.page.goto(site.put("/site", SITE.format(url=visit.url.replace("&", "&amp;"))))


def test_worked_examples_are_shown(open_task: Open) -> None:
    """Good and bad are told in words, with text, picture and reason, in each language."""
    visit = open_task({**TEXT, "examples": EXAMPLES})
    examples = visit.page.locator("#examples > li")

    expect(examples).to_have_count(2)
    assert ["A good answer", "It pours.", "Rain is wet."] == [
        line for line in examples.nth(0).inner_text().split("\n") if line
    ]
    assert "A bad answer" in examples.nth(1).inner_text()
    assert 2 == str(examples.nth(1).text_content()).count(HOSTILE)
    assert [PICTURE] == examples.locator("img").evaluate_all(
        "all => all.map((image) => image.src)"
    )
    assert "mine" != visit.page.title()

    visit.page.select_option("#language", "es")

    assert "Una buena respuesta" in examples.nth(0).inner_text()
    assert "Una mala respuesta" in examples.nth(1).inner_text()


def test_the_sign_of_an_example_is_not_its_colour(open_task: Open) -> None:
    """A tick and a cross are read where no colour is seen."""
    visit = open_task({**TEXT, "examples": EXAMPLES})

    signs = visit.page.locator(".verdict").evaluate_all(
        "all => all.map((node) => getComputedStyle(node, '::before').content)"
    )

    assert ['"\u2713"', '"\u2717"'] == signs


def test_a_broken_example_holds_nobody_back(open_task: Open, site: Site) -> None:
    """Only pictures that are judged are waited for."""
    gone = {"good": True, "image": f"{site.address}/gone.png", "why": "Look."}
    visit = open_task({**TEXT, "examples": [gone]})
    visit.page.get_by_label("No").check()

    assert visit.send()
    visit.complaints.clear()


def test_without_examples_there_is_no_list(open_task: Open) -> None:
    """Nothing empty is shown, nor read out."""
    assert open_task().page.is_hidden("#examples")


def test_a_task_is_reported_to_the_site_around_it(open_task: Open, site: Site) -> None:
    """The site is told by the worker's click alone, and of this assignment."""
    visit = open_task()
    _framed(site, visit)
    inside = visit.page.frame_locator("iframe")
    inside.get_by_label("No").check()
    assert [] == visit.page.evaluate("told")

    inside.get_by_text("Something is wrong with this task").click()
    expect(inside.locator("#report")).to_contain_text("asks you first what is wrong")
    inside.get_by_role("button", name="Report and give back").click()
    expect(inside.locator("#report [role=status]")).to_contain_text(
        "should be open now"
    )

    assert visit.page.evaluate("told") == [
        {"crowdlab": "problem", "reason": "", "assignmentId": "ASSIGNMENT1"}
    ]
    assert [] == site.posts


def test_a_broken_picture_is_reported_with_its_reason(
    open_task: Open, site: Site
) -> None:
    """Beside the notice is a button, and the site's form can be filled in already."""
    broken = {"target": "x", "images": [f"{site.address}/gone.svg"]}
    visit = open_task(broken, "image-selection")
    _framed(site, visit)
    inside = visit.page.frame_locator("iframe")

    inside.locator("#notice").get_by_role("button", name="Report and give back").click()
    expect(inside.locator("#notice [role=status]")).to_be_visible()

    assert ["A picture did not load."] == visit.page.evaluate(
        "told.map(({ reason }) => reason)"
    )
    visit.complaints.clear()


def test_alone_a_page_says_where_to_give_a_task_back(open_task: Open) -> None:
    """Where no site is around the page there is nobody to tell, so there is no button."""
    visit = open_task()

    visit.page.get_by_text("Something is wrong with this task").click()

    assert "marketplace's own button" in visit.text("#report")
    assert 0 == visit.page.locator("#report button").count()


def test_mechanical_turk_has_a_button_of_its_own(open_task: Open, site: Site) -> None:
    """In its frame nobody listens, so the page says where its button is."""
    visit = open_task(submit_to="https://workersandbox.mturk.com")
    _framed(site, visit)
    inside = visit.page.frame_locator("iframe")

    inside.get_by_text("Something is wrong with this task").click()

    expect(inside.locator("#report")).to_contain_text("marketplace's own button")
    expect(inside.locator("#report button")).to_have_count(0)


def test_a_preview_has_nothing_to_give_back(open_task: Open) -> None:
    """Who has not accepted a task cannot return it."""
    assert open_task(assignment=PREVIEW).page.is_hidden("#report")
