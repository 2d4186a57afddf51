"""The program, run in the process and in an empty folder."""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import attrs
import pytest

from crowdlab.cli import main

ROWS = "task,text,hypothesis\n1,It rains.,It is wet.\n2,It snows.,It is hot.\n"


@attrs.frozen
class Ended:
    """How a run of the program ended."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The document on stdout."""
        return json.loads(self.out)


Run = Callable[..., Ended]


@pytest.fixture
def run(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> Run:
    """Runs the program with these words."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "120")

    def run(*words: str | Path) -> Ended:
        monkeypatch.setattr(sys, "argv", ["crowdlab", *map(str, words)])
        try:
            main()
            status = 0
        except SystemExit as end:
            status = int(end.code or 0)
        told = capsys.readouterr()
        return Ended(status, told.out, told.err)

    return run


@pytest.fixture
def rain(run: Run, tmp_path: Path) -> str:
    """A batch of two tasks, three answers each, created."""
    (tmp_path / "rain.csv").write_text(ROWS)
    (tmp_path / "truth.csv").write_text("task,label\n1,yes\n2,no\n")
    ended = run(
        "create",
        "rain",
        "--template=text-classification",
        "--inputs=rain.csv",
        "--reward=0.05",
        "--assignments=3",
        "--budget=40",
        "--truth=truth.csv",
    )
    assert ended.status == 0, ended.err
    return "rain"
