"""The report as Markdown, for a wiki or a pull request."""

import re
from collections.abc import Iterable, Iterator, Sequence

from crowdlab.display.figures import (
    METHOD_COLUMNS,
    doubtful,
    headline,
    method_figures,
    show_groups,
    show_votes,
)
from crowdlab.workflow import Report

__all__ = ["report_markdown"]

DOUBTFUL = 12
LONGEST_TEXT = 120
# What Markdown or HTML would read as more than letters.
_SIGNS = re.compile(r"([\\`*_{}\[\]<>()#+!|~&-])")


def report_markdown(accounts: Sequence[Report]) -> str:
    """The accounts of batches as one Markdown document."""
    return "\n".join(line for account in accounts for line in _lines(account))


def _lines(account: Report) -> Iterator[str]:
    yield from (f"# {_plain(account.name)}", "")
    yield from (f"{headline(account)}. Published in {_plain(account.environment)}.", "")
    for name, figures in show_groups(account):
        yield from _table((name, ""), figures)
    if account.methods:
        yield from _table(METHOD_COLUMNS, map(method_figures, account.methods))
    doubts = doubtful(account, DOUBTFUL)
    if doubts:
        rows = ((d.task, d.text, show_votes(d), d.label or "") for d in doubts)
        yield from _table(("least agreed", "shows", "votes", "label"), rows)


def _table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield _row(columns)
    yield _row(["---"] * len(columns), plain=False)
    for row in rows:
        yield _row(row)
    yield ""


def _row(cells: Iterable[str], *, plain: bool = True) -> str:
    shown = (_plain(cell) if plain else cell for cell in cells)
    return f"| {' | '.join(shown)} |"


def _plain(text: str) -> str:
    """The text on one line, as nothing but text."""
    short = text if len(text) <= LONGEST_TEXT else f"{text[: LONGEST_TEXT - 3]}..."
    return _SIGNS.sub(r"\\\1", " ".join(short.split()))
