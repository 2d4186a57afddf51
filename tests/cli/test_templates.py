"""The commands for templates."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Run

COLOURLESS = "#question { color: #eee; }\n"


def _program(
    folder: Path, *words: str, **more: str
) -> subprocess.CompletedProcess[str]:
    """Runs the program as a shell would."""
    return subprocess.run(
        [sys.executable, "-m", "crowdlab", *words],
        cwd=folder,
        env={**os.environ, **more},
        capture_output=True,
        text=True,
        check=False,
    )


def test_templates(run: Run) -> None:
    """The templates are listed, and each can be shown with an example."""
    listed = run("templates", "--json").json
    assert {"image-selection", "text-classification"} <= {one["name"] for one in listed}
    assert "image-selection" in run("templates").out

    shown = run("templates", "show", "image-selection").out
    assert "images" in shown
    assert "An example" in shown
    assert run("templates", "show", "image-selection", "--json").json["example"]


@pytest.mark.browser
def test_a_template_of_ones_own(tmp_path: Path) -> None:
    """It passes as it is made; spoilt, it is told where, and the program ends with 1."""
    made = _program(tmp_path, "templates", "new", "pets", "--like", "image-selection")
    assert (0, "Made: pets, like image-selection\n") == (made.returncode, made.stdout)
    assert "templates check pets" in made.stderr

    sound = _program(tmp_path, "templates", "check", "pets")
    assert (0, "") == (sound.returncode, sound.stderr)
    assert "fact: example.jsonl, row 1: " in sound.stdout
    assert "fault" not in sound.stdout

    with (tmp_path / "pets" / "style.css").open("a") as style:
        style.write(COLOURLESS)
    spoilt = _program(tmp_path, "templates", "check", "pets")
    assert 1 == spoilt.returncode
    assert "fault: page, previewed: #question: " in spoilt.stdout


def test_what_a_check_says_to_programs(run: Run, tmp_path: Path) -> None:
    """One document with the number of faults, and each finding."""
    run("templates", "new", "pets")
    (tmp_path / "pets" / "example.jsonl").write_text("")

    ended = run("templates", "check", "pets", "--json")

    assert 1 == ended.status
    assert 1 == ended.json["faults"]
    assert {"level": "fault", "where": "example.jsonl", "what": "it is empty"} in (
        ended.json["findings"]
    )


def test_without_a_browser_a_check_goes_on(tmp_path: Path) -> None:
    """One sentence says so; what was checked is sound, and the program ends with 0."""
    ended = _program(
        tmp_path, "templates", "check", "text-classification", CHROMIUM="/nowhere"
    )

    assert 0 == ended.returncode
    assert "fact: browser: no chromium to try pages in; set CHROMIUM" in ended.stdout
    assert "fact: example.jsonl, row 1" in ended.stdout


def test_a_new_template_as_json(run: Run, tmp_path: Path) -> None:
    """Programs get what they would get of any template."""
    made = run("templates", "new", "pets", "--json").json

    assert ("pets", str(tmp_path / "pets")) == (made["name"], made["folder"])


def test_a_name_that_is_taken(run: Run) -> None:
    """The second time is refused with one line."""
    run("templates", "new", "pets")

    again = run("templates", "new", "pets")

    assert (1, "") == (again.status, again.out)
    assert "pets is there already" in again.err


def test_a_broken_folder_is_told_what_to_mend(run: Run, tmp_path: Path) -> None:
    """A folder that is no template ends with 1, and names the file."""
    (tmp_path / "broken").mkdir()

    ended = run("templates", "check", "broken/")

    assert 1 == ended.status
    assert "template.toml" in ended.out + ended.err
