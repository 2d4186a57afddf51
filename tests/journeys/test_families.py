"""A worker's way from the list to the pay, for every family, with any hands."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from crowdlab.templates import list_templates
from tests.journeys.town import Town, accept, arrive, frame, submit
from tests.journeys.ways import WAYS
from tests.pages.fillers import do

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module", params=WAYS)
def way(request: pytest.FixtureRequest) -> str:
    """What the worker's hands are."""
    return str(request.param)


@pytest.fixture(scope="module")
def page(browser: Browser, town: Town, way: str) -> Iterator[Page]:
    """The page of a worker who registered with the same hands."""
    page = arrive(browser, town, WAYS[way])
    yield page
    page.context.close()


@pytest.mark.parametrize("template", list_templates())
def test_from_the_list_to_the_pay(
    town: Town, way: str, page: Page, template: str
) -> None:
    """Found, looked at, accepted, done and sent; read, approved, and seen to be paid."""
    hands = WAYS[way]
    page.goto(town.url)
    with town.lab() as lab:
        title = town.publish(lab, template)
        page.reload()
        task = accept(page, title, hands)
        do(template, task, hands)
        submit(page, hands)
        lab.collect("it")
        assert lab.answers("it")["problem"].tolist() == [""]
        lab.review("it")
    page.reload()
    expect(page.get_by_role("heading", name="Approved")).to_be_visible()
    expect(page.locator(".sum")).to_have_text("$0.05")
    expect(frame(page).locator("body")).to_have_count(0)
