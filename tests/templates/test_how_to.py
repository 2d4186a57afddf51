"""What the page on one's own template shows is what happens."""

import doctest
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "write-your-own-template.md"
FLAGS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
# A file with what is in it, or a block to be run, in the order of the page.
STEP = re.compile(r"^(?:`(\S+)`:\n\n)?```(\w+)\n(.*?)^```", re.MULTILINE | re.DOTALL)


def _run(folder: Path, *words: str) -> str:
    done = subprocess.run(
        [sys.executable, *words],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Traceback" not in done.stderr, done.stderr
    return done.stdout


@pytest.mark.browser
@pytest.mark.slow
def test_the_page_can_be_followed(tmp_path: Path) -> None:
    """Its files are written, its commands given, and they say what it says they say."""
    checker = doctest.OutputChecker()
    commands = []
    for path, kind, text in STEP.findall(PAGE.read_text("utf-8")):
        if path:
            (tmp_path / path).write_text(text, "utf-8")
        elif kind == "console":
            command, _, expected = text.removeprefix("$ ").partition("\n")
            program, *words = shlex.split(command)
            assert "crowdlab" == program
            commands.append(command)
            told = _run(tmp_path, "-m", program, *words)
            assert checker.check_output(expected, told, FLAGS), told
        else:
            assert "moods" in _run(tmp_path, "-c", text)

    assert 4 == len(commands)
