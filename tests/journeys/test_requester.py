"""A requester's way: published from the shell, decided at the desk, told to the worker."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from typer.testing import CliRunner

from crowdlab.cli.program import app
from tests.journeys.town import Town, accept, arrive, submit
from tests.journeys.ways import Mouse
from tests.pages.fillers import do
from tests.pages.hands import Direct

pytestmark = pytest.mark.browser

ROWS = "task,text,hypothesis\none,It rains.,It is wet.\ntwo,It snows.,It is hot.\n"

Run = Callable[..., Any]


@pytest.fixture
def run(town: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs the program in a folder of the requester's, and gives what it says as JSON."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CROWDLAB_ENDPOINT", town.url)
    (tmp_path / "rain.csv").write_text(ROWS)

    def run(*words: str) -> Any:
        ended = CliRunner().invoke(app, [*words, "--json"], catch_exceptions=False)
        assert ended.exit_code == 0, ended.stderr
        return json.loads(ended.stdout)

    return run


def work(browser: Browser, town: Town) -> Page:
    """The page of a worker who has done both tasks."""
    page = arrive(browser, town, Mouse())
    for _ in range(2):
        page.goto(town.url)
        do("text-classification", accept(page, "Rain or not", Direct()), Direct())
        submit(page, Direct())
    return page


def decide(browser: Browser, town: Town) -> None:
    """Approves one answer at the desk, and rejects the other."""
    desk = browser.new_page(viewport={"width": 1280, "height": 900})
    desk.set_default_timeout(8000)
    desk.on("pageerror", lambda error: pytest.fail(str(error)))
    desk.goto(f"{town.url}/desk")
    desk.get_by_role("link", name="rain").click()
    desk.get_by_role("link", name="2 to review").click()
    waiting = desk.get_by_role("row").filter(has_text="to review")
    waiting.first.get_by_role("checkbox").check()
    desk.get_by_role("button", name="Approve chosen", exact=True).click()
    expect(desk.get_by_text("1 answer approved.")).to_be_visible()
    waiting.get_by_role("checkbox").check()
    desk.get_by_label("What to tell the workers").fill("Snow is cold.")
    desk.get_by_role("button", name="Reject chosen").click()
    expect(desk.get_by_text("1 answer rejected.")).to_be_visible()
    desk.close()


def test_from_the_shell_to_the_desk(browser: Browser, town: Town, run: Run) -> None:
    """Two answers come; one is approved and one rejected; worker and ledger agree."""
    kind = ("--template", "text-classification", "--inputs", "rain.csv")
    pay = ("--reward", "0.07", "--assignments", "1", "--title", "Rain or not")
    run("create", "rain", *kind, *pay)
    assert run("publish", "rain")["created"] == 2
    worker = work(browser, town)
    decide(browser, town)

    worker.get_by_role("link", name="Earnings").click()
    expect(worker.locator(".sums dd").first).to_have_text("$0.07")
    expect(worker.get_by_text("Snow is cold.")).to_be_visible()
    run("collect", "rain")
    status = run("status", "rain")
    assert (status["approved"], status["rejected"]) == (1, 1)
    worker.context.close()
