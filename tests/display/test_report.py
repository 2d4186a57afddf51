"""The report of a batch: on a terminal, and as one page."""

import re
from pathlib import Path

import html5lib
import pytest
from playwright.sync_api import Browser
from rich.console import Console

from crowdlab.display import report_page, report_table, write_report
from crowdlab.lab import Lab
from crowdlab.workflow import Report

HOSTILE = "<script>alert('x')</script>"


def account(name: str = "rain", *, truth: bool = True, answered: bool = True) -> Report:
    """The account of a small batch."""
    with Lab(None, endpoint="memory") as lab:
        rows = [{"task": f"{HOSTILE} {n}", "text": f"It rains {n}."} for n in range(12)]
        known = {row["task"]: "yes" for row in rows} if truth else None
        batch = lab.create(
            name,
            template="text-classification",
            inputs=rows,
            reward="0.05",
            truth=known,
            parameters={"choices": ["yes", "no"], "question": "Does it rain?"},
        )
        if answered:
            lab.publish(batch)
            lab.simulate(batch, {"diligent": 5}, seed=1)
            lab.collect(batch)
            lab.labels(batch, "dawid-skene")
            lab.review(batch)
        return lab.report(batch)


def as_text(shown: Report) -> str:
    console = Console(record=True, width=100)
    console.print(report_table(shown))
    return console.export_text()


def test_terminal() -> None:
    """The terminal shows work, money, machine and methods, as the ledger has them."""
    text = as_text(account())

    for line in ("tasks +12", r"rewards +\$1\.80", r"total +\$2\.16", "approved +36"):
        assert re.search(line, text), line
    assert "dawid-skene" in text


def test_nothing_yet() -> None:
    """A batch that is only created has a report too."""
    shown = account(answered=False)

    assert "no labels yet" in as_text(shown)
    assert "no labels yet" in report_page([shown])


def test_page_is_html() -> None:
    """The page is HTML5 without a parse error outside the plots."""
    page = report_page([account()])
    parser = html5lib.HTMLParser()
    parser.parse(re.sub(r"<svg.*?</svg>", "", page, flags=re.DOTALL))

    assert parser.errors == []


def test_names_are_text() -> None:
    """A task whose name is a script is shown, not run."""
    page = report_page([account()])

    assert HOSTILE not in page
    assert "&lt;script&gt;" in page


def test_no_worker_ids() -> None:
    """The page names no worker: whom it is shown to need not know them."""
    assert "ADILIGENT" not in report_page([account()])


def test_every_plot_has_words() -> None:
    """Each plot says in words what it shows."""
    page = report_page([account()])

    assert page.count('role="img"') == page.count("<svg") == 4
    assert all(re.findall(r'role="img" aria-label="([^"]*)"', page))


def test_truth_is_not_needed() -> None:
    """Without truth there are plots of what is known."""
    page = report_page([account(truth=False)])

    assert "What is thought of the workers" in page
    assert "unknown" in page


def test_same_account_same_page() -> None:
    """The page of an account is the same to the byte."""
    shown = account()

    assert report_page([shown]) == report_page([shown])


@pytest.mark.browser
@pytest.mark.parametrize("width", [1280, 360, 320])
def test_browser(browser: Browser, tmp_path: Path, width: int) -> None:
    """The page asks nobody for anything, complains of nothing and fits the screen."""
    write_report([account("one"), account("two")], tmp_path / "report.html")
    page = browser.new_page(viewport={"width": width, "height": 800})
    complaints: list[str] = []
    requests: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("request", lambda request: requests.append(request.url))
    page.goto((tmp_path / "report.html").as_uri())

    assert complaints == []
    assert [url for url in requests if not url.startswith(("file:", "data:"))] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    ids = page.evaluate("[...document.querySelectorAll('[id]')].map(e => e.id)")
    page.close()
    assert len(ids) == len(set(ids))
