"""The Python sessions that README and docs show."""

import doctest
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FLAGS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE


def _session(text: str) -> str:
    """The lines inside the ``pycon`` fences; the others empty, so that numbers stay."""
    lines, inside = [], False
    for line in text.splitlines():
        fence = line.startswith("```")
        lines.append("" if fence or not inside else line)
        inside = line == "```pycon" if fence else inside
    return "\n".join(lines)


def _pages() -> list[Path]:
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    return sorted(page for page in pages if ">>>" in page.read_text("utf-8"))


@pytest.mark.parametrize("page", _pages(), ids=lambda page: page.name)
def test_a_session_on_a_page_is_what_happens(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a reader types from a page, in an empty folder, gives what the page says."""
    monkeypatch.chdir(tmp_path)
    session = doctest.DocTestParser().get_doctest(
        _session(page.read_text("utf-8")), {}, page.name, str(page), 0
    )
    differences: list[str] = []

    doctest.DocTestRunner(optionflags=FLAGS).run(session, out=differences.append)

    assert session.examples, f"the sessions of {page.name} stand in no ```pycon fence"
    assert not differences, "".join(differences)
