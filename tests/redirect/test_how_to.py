"""What the page on old scripts shows is what happens."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from crowdlab.redirect import redirect
from crowdlab.server import find_origins, make_app, open_markets, running

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "keep-your-mturk-scripts.md"
SCRIPT = re.compile(
    r"^```python\n# (\S+)\n(.*?)^```\n\n```text\n(.*?)^```", re.MULTILINE | re.DOTALL
)


@pytest.fixture
def endpoint(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A server as the page starts it, for a user who has no credentials."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    with (
        open_markets(tmp_path / "crowd") as markets,
        running(
            lambda port: make_app(markets, find_origins("127.0.0.1", port))
        ) as port,
    ):
        yield f"http://127.0.0.1:{port}"


def test_the_scripts_of_the_page_run(
    endpoint: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """One after the other, unchanged, they print what the page says."""
    scripts = SCRIPT.findall(PAGE.read_text("utf-8"))
    printed = {}
    for name, program, _ in scripts:
        (tmp_path / name).write_text(program)
        assert redirect([sys.executable, str(tmp_path / name)], endpoint) == 0
        printed[name] = capfd.readouterr().out

    assert printed == {name: text for name, _, text in scripts}
    assert list(printed) == ["publish.py", "sandbox.py", "download.py"]
