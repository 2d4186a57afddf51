"""The report on a terminal."""

from collections.abc import Iterable

from rich import box
from rich.columns import Columns
from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.table import Table

from crowdlab.display.figures import (
    Figure,
    headline,
    memory_figures,
    method_figures,
    money_figures,
    work_figures,
)
from crowdlab.workflow import Report

__all__ = ["report_table"]


def report_table(account: Report) -> RenderableType:
    """The account of a batch for a terminal."""
    figures = Columns(
        [
            _figures("work", work_figures(account)),
            _figures("money", money_figures(account)),
            _figures("machine", memory_figures(account)),
        ],
        padding=(0, 4),
    )
    parts: list[RenderableType] = [headline(account), "", figures]
    if account.methods:
        parts += ["", _methods(account)]
    title = f"{account.name} ({account.environment})"
    return Panel(Group(*parts), title=title, box=box.ROUNDED, expand=False)


def _figures(title: str, figures: Iterable[Figure]) -> Table:
    table = Table(title, "", box=box.SIMPLE_HEAD, pad_edge=False)
    table.columns[1].justify = "right"
    for name, value in figures:
        table.add_row(name, value)
    return table


def _methods(account: Report) -> Table:
    table = Table(
        "method",
        "labels",
        "accuracy",
        "per label",
        "per correct label",
        box=box.SIMPLE_HEAD,
        pad_edge=False,
    )
    for column in table.columns[1:]:
        column.justify = "right"
    for method in account.methods:
        table.add_row(*method_figures(method))
    return table
