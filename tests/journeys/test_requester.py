"""A requester's way: published from the shell, decided at the desk, told to the worker."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys.town import Town, accept, arrive, submit
from tests.journeys.ways import Mouse
from tests.pages.fillers import do
from tests.pages.hands import Direct

pytestmark = pytest.mark.browser

ROWS = "task,text,hypothesis\none,It rains.,It is wet.\ntwo,It snows.,It is hot.\n"


def run(town: Town, folder: Path, *words: str) -> Any:
    """What the program says as JSON, run in a folder, as from a shell."""
    ended = subprocess.run(
        [sys.executable, "-m", "crowdlab", *words, "--json"],
        cwd=folder,
        env={**os.environ, "CROWDLAB_ENDPOINT": town.url},
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(ended.stdout)


def test_from_the_shell_to_the_desk(
    browser: Browser, town: Town, tmp_path: Path
) -> None:
    """Two answers come; one is approved with a bonus, one rejected; all sides agree."""
    (tmp_path / "rain.csv").write_text(ROWS)
    kind = ("--template", "text-classification", "--inputs", "rain.csv")
    pay = ("--reward", "0.07", "--assignments", "1", "--title", "Rain or not")
    run(town, tmp_path, "create", "rain", *kind, *pay)
    assert run(town, tmp_path, "publish", "rain")["created"] == 2

    worker = arrive(browser, town, Mouse())
    for _ in range(2):
        worker.goto(town.url)
        do("text-classification", accept(worker, "Rain or not", Direct()), Direct())
        submit(worker, Direct())

    desk = browser.new_page(viewport={"width": 1280, "height": 900})
    desk.set_default_timeout(8000)
    desk.on("pageerror", lambda error: pytest.fail(str(error)))
    desk.goto(f"{town.url}/desk/production/batches/rain/answers")
    picks = desk.get_by_role("row").filter(has_text="to review").get_by_role("checkbox")
    expect(picks).to_have_count(2)
    picks.first.check()
    desk.get_by_role("button", name="Approve chosen", exact=True).click()
    expect(desk.get_by_text("1 answer approved.")).to_be_visible()
    picks.first.check()
    desk.get_by_label("What to tell the workers").fill("Snow is cold.")
    desk.get_by_role("button", name="Reject chosen").click()
    expect(desk.get_by_text("1 answer rejected.")).to_be_visible()

    worker.get_by_role("link", name="Earnings").click()
    expect(worker.locator(".sums dd").first).to_have_text("$0.07")
    expect(worker.get_by_text("Snow is cold.")).to_be_visible()
    collected = run(town, tmp_path, "status", "rain")
    assert (collected["approved"], collected["rejected"]) == (1, 1)
    worker.context.close()
    desk.close()
