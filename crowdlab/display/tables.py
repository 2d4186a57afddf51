"""The report on a terminal."""

from collections.abc import Iterable

from rich import box
from rich.columns import Columns
from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from crowdlab.display.figures import (
    METHOD_COLUMNS,
    Figure,
    doubtful,
    headline,
    method_figures,
    show_groups,
    show_votes,
)
from crowdlab.workflow import Report

__all__ = ["report_table"]

DOUBTFUL = 5


def report_table(account: Report) -> RenderableType:
    """The account of a batch for a terminal."""
    groups = [_figures(name, figures) for name, figures in show_groups(account)]
    parts: list[RenderableType] = [
        headline(account),
        "",
        Columns(groups, padding=(0, 4)),
    ]
    if account.methods:
        parts += ["", _methods(account)]
    if account.doubts:
        parts += ["", _doubts(account)]
    title = f"{account.name} ({account.environment})"
    return Panel(Group(*parts), title=title, box=box.ROUNDED, expand=False)


def _figures(title: str, figures: Iterable[Figure]) -> Table:
    table = Table(title, "", box=box.SIMPLE_HEAD, pad_edge=False)
    table.columns[1].justify = "right"
    for name, value in figures:
        table.add_row(name, value)
    return table


def _methods(account: Report) -> Table:
    table = Table(*METHOD_COLUMNS, box=box.SIMPLE_HEAD, pad_edge=False)
    for column in table.columns[1:]:
        column.justify = "right"
    for method in account.methods:
        table.add_row(*method_figures(method))
    return table


def _doubts(account: Report) -> Table:
    """Names and words of others are text here, whatever brackets are in them."""
    columns = ("workers disagree on", "votes", "label")
    table = Table(*columns, box=box.SIMPLE_HEAD, pad_edge=False)
    for doubt in doubtful(account, DOUBTFUL):
        row = (doubt.task, show_votes(doubt), doubt.label or "")
        table.add_row(*map(Text, row))
    return table
