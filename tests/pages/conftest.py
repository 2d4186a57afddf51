"""A site, and pages opened on it."""

import threading
import urllib.parse
from collections.abc import Iterator, Mapping
from typing import Any, Protocol

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from crowdlab.templates import Template, load_template
from tests.pages.site import Site, Visit

PREVIEW = "ASSIGNMENT_ID_NOT_AVAILABLE"

TEXT = {"text": "It rains.", "hypothesis": "It is wet."}


class Open(Protocol):
    """Opens a task's page as a marketplace does: accepted, unless told otherwise."""

    def __call__(
        self,
        row: Mapping[str, Any] = TEXT,
        template: str | Template = "text-classification",
        *,
        assignment: str = "ASSIGNMENT1",
        submit_to: str | None = None,
        page: Page | None = None,
    ) -> Visit: ...


@pytest.fixture
def site() -> Iterator[Site]:
    """A running site."""
    with Site() as server:
        serve = threading.Thread(
            target=server.serve_forever, kwargs={"poll_interval": 0.01}
        )
        serve.start()
        yield server
        server.shutdown()
        serve.join()


@pytest.fixture(scope="module")
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A browser context; every site is an origin with an empty store."""
    context = browser.new_context(viewport={"width": 1024, "height": 768})
    context.set_default_timeout(5000)
    yield context
    context.close()


@pytest.fixture
def visits() -> Iterator[list[Visit]]:
    """The pages that a test opened; in the end no browser may have complained."""
    visits: list[Visit] = []
    yield visits
    for visit in visits:
        visit.page.close()
    assert [] == [complaint for visit in visits for complaint in visit.complaints]


@pytest.fixture
def open_task(site: Site, context: BrowserContext, visits: list[Visit]) -> Open:
    """Opens a task's page."""

    def open_task(
        row: Mapping[str, Any] = TEXT,
        template: str | Template = "text-classification",
        *,
        assignment: str = "ASSIGNMENT1",
        submit_to: str | None = None,
        page: Page | None = None,
    ) -> Visit:
        if isinstance(template, str):
            template = load_template(template)
        task = template.task(row, "row 1")
        html = template.page(task.input, task_id=task.task_id, language="en")
        query = {"assignmentId": assignment, "hitId": "HIT1"}
        if assignment != PREVIEW:
            target = site.address if submit_to is None else submit_to
            query |= {"workerId": "WORKER1", "turkSubmitTo": target}
        path = site.put(f"/{task.task_id}", html)
        url = f"{path}?{urllib.parse.urlencode(query)}"
        visit = Visit(template, task, site, url, page or context.new_page())
        visit.open()
        visits.append(visit)
        return visit

    return open_task
