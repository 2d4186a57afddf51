"""The report in a file, in the format that it is wanted in."""

import json
import re
from collections.abc import Callable, Sequence
from pathlib import Path

from crowdlab.display.markdown import report_markdown
from crowdlab.display.page import Kinds, report_page
from crowdlab.errors import NotFound
from crowdlab.workflow import Report

__all__ = ["name_report", "report_text", "write_report"]


def _json(accounts: Sequence[Report]) -> str:
    documents = [account.to_json() for account in accounts]
    whole = documents[0] if len(documents) == 1 else documents
    return json.dumps(whole, ensure_ascii=False, indent=2)


_WRITERS: dict[str, Callable[[Sequence[Report]], str]] = {
    "html": report_page,
    "markdown": report_markdown,
    "json": _json,
}
_SUFFIXES = {"html": ".html", "markdown": ".md", "json": ".json"}


def report_text(accounts: Sequence[Report], style: str) -> str:
    """The accounts of batches as ``html``, ``markdown`` or ``json``.

    Raises:
        NotFound: for another format; the message lists the choices.
        MissingExtra: for a page without matplotlib.
    """
    if style not in _WRITERS:
        raise NotFound("format", style, _WRITERS)
    return _WRITERS[style](accounts)


def write_report(
    accounts: Sequence[Report],
    path: str | Path,
    crowds: Kinds | None = None,
    *,
    style: str | None = None,
) -> None:
    """Writes the accounts of batches to a file.

    Args:
        accounts: one or more.
        path: of the file.
        crowds: for a batch with a simulated crowd, by its name, each worker's kind.
        style: as :func:`report_text` has it; by default what the file's name says.

    Raises:
        NotFound: for another format; the message lists the choices.
        MissingExtra: for a page without matplotlib.
    """
    chosen = style or _style_of(Path(path))
    is_page = chosen == "html"
    text = report_page(accounts, crowds) if is_page else report_text(accounts, chosen)
    Path(path).write_text(text, encoding="utf-8")


def name_report(batch: str, style: str | None = None) -> str:
    """What the file of a batch's report is called, where nobody says.

    Example:
        >>> name_report("pets"), name_report("cats & dogs", "markdown")
        ('pets-report.html', 'cats-dogs-report.md')
    """
    return (
        re.sub(r"[^\w.-]+", "-", batch)
        + f"-report{_SUFFIXES.get(style or '', '.html')}"
    )


def _style_of(path: Path) -> str:
    """The page, where the name of the file does not say another."""
    known = {suffix: style for style, suffix in _SUFFIXES.items()}
    return known.get(path.suffix.lower(), "html")
