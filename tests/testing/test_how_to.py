"""What the page on testing requester code shows is what happens."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "test-your-requester-code.md"
FILE = re.compile(r"^```(?:python|toml)\n# (\S+)\n(.*?)^```", re.MULTILINE | re.DOTALL)
PRINTED = re.compile(r"^```text\n(.*?)^```", re.MULTILINE | re.DOTALL)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the files of the page."""
    for name, text in FILE.findall(PAGE.read_text("utf-8")):
        (tmp_path / name).write_text(text, "utf-8")
    return tmp_path


def run(folder: Path, *command: str, **more: str) -> subprocess.CompletedProcess[str]:
    """Runs Python in the folder, without credentials but those that are given."""
    return subprocess.run(
        [sys.executable, *command],
        cwd=folder,
        env={"PATH": os.environ["PATH"], "HOME": str(folder), **more},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def endpoint(folder: Path) -> Iterator[str]:
    """A server as the page starts it."""
    command = "serve", "--port", "0", "--faults", "faults.toml"
    with subprocess.Popen(
        [sys.executable, "-m", "crowdlab", *command],
        cwd=folder,
        stderr=subprocess.PIPE,
        text=True,
    ) as server:
        assert server.stderr
        lines = iter(server.stderr.readline, "")
        yield next(line.split()[-1] for line in lines if "ready at" in line)
        server.terminate()


def test_the_tests_of_the_page_pass(folder: Path) -> None:
    """They pass as they stand, in a folder of their own."""
    done = run(folder, "-m", "pytest", "-q", "-p", "no:cacheprovider")

    assert "3 passed" in done.stdout, done.stdout


@pytest.mark.parametrize(
    ("good", "bad"),
    [
        ("for page in pages:", "for page in [next(iter(pages))]:"),
        ('"<FreeText>cat</FreeText>" in assignment["Answer"]', "True"),
    ],
    ids=["no paging", "no look at answers"],
)
def test_the_tests_of_the_page_find_mistakes(folder: Path, good: str, bad: str) -> None:
    """They fail for the two mistakes that the page says they find."""
    program = folder / "pets.py"
    mistaken = program.read_text("utf-8").replace(good, bad)
    assert mistaken != program.read_text("utf-8")
    program.write_text(mistaken, "utf-8")

    done = run(folder, "-m", "pytest", "-q", "-p", "no:cacheprovider")

    assert "1 failed, 2 passed" in done.stdout, done.stdout


def test_the_program_of_the_page_survives(folder: Path, endpoint: str) -> None:
    """Against a server with the page's faults it prints what the page says."""
    done = run(
        folder,
        "publish.py",
        AWS_ENDPOINT_URL_MTURK=endpoint,
        AWS_ACCESS_KEY_ID="anybody",
        AWS_SECRET_ACCESS_KEY="at all",  # noqa: S106 - the server is open
    )

    assert [done.stdout] == PRINTED.findall(PAGE.read_text("utf-8")), done.stderr
