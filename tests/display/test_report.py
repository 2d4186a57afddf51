"""The report of a batch: on a terminal, and as one page."""

import base64
import io
import json
import re
from importlib import resources
from pathlib import Path
from typing import Any

import html5lib
import pytest
from PIL import Image
from playwright.sync_api import Browser
from rich.console import Console

from crowdlab.display import (
    report_markdown,
    report_page,
    report_table,
    write_report,
)
from crowdlab.display.pictures import Thumbnail, find_thumbnail
from crowdlab.errors import NotFound
from crowdlab.lab import Lab
from crowdlab.ledger import ImageRecord
from crowdlab.workflow import Doubt, Report

HOSTILE = "<script>alert('x')</script>"


def account(name: str = "rain", *, truth: bool = True, answered: bool = True) -> Report:
    """The account of a small batch."""
    with Lab(None, endpoint="memory") as lab:
        rows = [
            {"task": f"{HOSTILE} {n}", "text": f"{HOSTILE} rains {n}."}
            for n in range(12)
        ]
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
            lab.simulate(batch, {"diligent": 3, "spammer": 2}, seed=1)
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
    """A task whose name and words are a script is shown, not run."""
    shown = account()
    page = report_page([shown])

    assert HOSTILE in shown.doubts[0].text
    assert HOSTILE not in page
    assert "&lt;script&gt;" in page


def test_no_worker_ids() -> None:
    """The page names no worker: whom it is shown to need not know them."""
    assert "ADILIGENT" not in report_page([account()])


def test_every_plot_has_words() -> None:
    """Each plot says in words what it shows."""
    page = report_page([account()])

    assert page.count('role="img"') == page.count("<svg") == 6
    assert all(re.findall(r'role="img" aria-label="([^"]*)"', page))


def test_truth_is_not_needed() -> None:
    """Without truth there are plots of what is known."""
    page = report_page([account(truth=False)])

    assert "What is thought of the workers" in page
    assert "unknown" in page


def test_the_page_shows_the_whole_account(rich: Report) -> None:
    """Money, wage, agreement, pace, confusion, doubts and training are all on it."""
    page = report_page([rich])
    titles = re.findall(r"<h2>(.*?)</h2>", page)

    assert titles == [
        "work",
        "money",
        "crowd",
        "machine",
        "training",
        "Methods",
        "Where the money went",
        "What an hour of work pays",
        "How sure the labels are",
        "What workers confuse",
        "What is thought of the workers",
        "Who did the work",
        "How the answers came in",
        "How long an answer took",
        "What each step took",
        "Where workers agree least",
        "Machines to train resnet-50",
        "The busiest workers",
    ]
    for text in ("2 yes, 1 no", "agreement", "returned, not answered"):
        assert text in page


def test_the_way_of_the_money_adds_up(rich: Report) -> None:
    """What was set aside is what was returned and what was paid for work."""
    page = report_page([rich])

    assert (
        "set aside $1.92, returned $0.54, rewards $1.15, fees $0.28, bonuses $0.25, "
        "paid $1.68" in page
    )


def test_pictures_are_small_and_inside(rich: Report) -> None:
    """A picture of this machine is in the page, small; one from elsewhere is a link."""
    page = report_page([rich])
    pictures = re.findall(r'src="data:image/webp;base64,([^"]+)"', page)

    assert len(pictures) == 7
    assert {(160, 120)} == {_size(each) for each in pictures}
    assert 'href="https://pets.example.org/far.jpg"' in page
    assert page.count("src=") == 7


def _size(text: str) -> tuple[int, int]:
    with Image.open(io.BytesIO(base64.b64decode(text))) as picture:
        return picture.size


@pytest.mark.parametrize(
    "address",
    ["data:image/png;base64,AAAA", "data:image/png;base64,!", "javascript:alert(1)"],
)
def test_a_picture_that_is_none_is_left_out(address: str) -> None:
    """What cannot be read, and what is no address of the web, is not on the page."""
    doubt = Doubt(
        task="a",
        label=None,
        confidence=None,
        truth=None,
        votes=(),
        text="",
        address=address,
        image=None,
    )

    assert Thumbnail() == find_thumbnail(doubt)


def test_the_picture_of_a_file_that_is_gone_is_left_out(tmp_path: Path) -> None:
    """A report can be made when the images have left the machine."""
    gone = ImageRecord("digest", str(tmp_path / "gone.jpg"), 1, 1, 1)
    doubt = Doubt(
        task="a",
        label=None,
        confidence=None,
        truth=None,
        votes=(),
        text="",
        address="asset:digest",
        image=gone,
    )

    assert Thumbnail() == find_thumbnail(doubt)


def test_the_report_is_written_as_its_name_says(rich: Report, tmp_path: Path) -> None:
    """HTML, Markdown and JSON are chosen by the file's name, or by wish."""
    for name in ("r.html", "r.md", "r.json"):
        write_report([rich], tmp_path / name)
    write_report([rich], tmp_path / "r", style="json")

    assert (tmp_path / "r.html").read_text().startswith("<!DOCTYPE html>")
    assert (tmp_path / "r.md").read_text().startswith("# pets\n")
    assert json.loads((tmp_path / "r.json").read_text()) == rich.to_json()
    assert (tmp_path / "r").read_text() == (tmp_path / "r.json").read_text()


def test_an_unknown_format_lists_the_known(rich: Report, tmp_path: Path) -> None:
    """There is no other format, and the message says which there are."""
    with pytest.raises(NotFound, match="'pdf'; choose from: html, markdown, json"):
        write_report([rich], tmp_path / "r", style="pdf")


def test_markdown_has_the_figures_as_tables(rich: Report) -> None:
    """Each table has a head, a rule and rows of as many cells; money is among them."""
    lines = report_markdown([rich]).split("\n")
    rules = [n for n, line in enumerate(lines) if set(line) <= {"|", "-", " "} and line]

    assert "| bonuses | $0.25 |" in lines
    assert len(rules) == 7
    for n in rules:
        assert lines[n - 1].count("|") == lines[n].count("|") == lines[n + 1].count("|")


def test_names_are_text_in_markdown() -> None:
    """What Markdown or HTML would read in a name is written so that it does not."""
    text = report_markdown([account(HOSTILE)])

    assert HOSTILE not in text
    assert r"\<script\>" in text


def test_a_notebook_shows_the_figures(rich: Report) -> None:
    """A small table, no scripts, no details; names are text there too."""
    shown = rich._repr_html_()

    assert "<tr><th>total</th><td>$1.68</td></tr>" in shown
    assert "data:" not in shown
    assert len(shown) < 3000
    assert "<script" not in account(HOSTILE, answered=False)._repr_html_()


def test_json_has_the_parts(rich: Report) -> None:
    """Programs read the pinned figures, and the parts under their names."""
    told = json.loads(json.dumps(rich.to_json()))

    assert {"rewards", "fees", "bonuses", "total", "labels", "memory"} <= set(told)
    assert told["accounts"]["dead"] == "0.48"
    assert told["pace"]["workloads"] == [8, 8, 8]
    assert told["footprint"]["answers"] > 0
    assert told["doubts"][0]["votes"] == [["no", 1], ["yes", 1]]
    assert told["training"]["offers"][0]["cost"] is not None
    assert "AWORKER" not in json.dumps(told)


def test_same_account_same_page() -> None:
    """The page of an account is the same to the byte."""
    shown = account()

    assert report_page([shown]) == report_page([shown])


AXE = """(tags) => axe.run({runOnly: tags, resultTypes: ["violations"]}).then(found =>
  found.violations.map(each => each.id + " " + each.nodes[0].target))"""


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe(browser: Browser, tmp_path: Path, rich: Report, scheme: str) -> None:
    """The page keeps the rules of WCAG 2.2 AA, on a phone, in both schemes."""
    write_report([rich], tmp_path / "report.html")
    chosen: Any = scheme
    page = browser.new_page(viewport={"width": 360, "height": 640}, color_scheme=chosen)
    page.goto((tmp_path / "report.html").as_uri())
    axe = resources.files("axe_playwright_python").joinpath("axe.min.js")
    page.evaluate(axe.read_text("utf-8"))
    found = page.evaluate(AXE, ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"])
    page.close()

    assert found == []


@pytest.mark.browser
@pytest.mark.parametrize("width", [1280, 360, 320])
def test_browser(browser: Browser, tmp_path: Path, rich: Report, width: int) -> None:
    """The page asks nobody for anything, complains of nothing and fits the screen."""
    write_report([account("one"), rich], tmp_path / "report.html")
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
