"""The report as one page that needs nothing else."""

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from jinja2 import Environment, PackageLoader, Template

from crowdlab import __version__
from crowdlab.display.figures import (
    headline,
    memory_figures,
    method_figures,
    money_figures,
    show_share,
    work_figures,
)
from crowdlab.display.plots import draw_plots
from crowdlab.workflow import Report

__all__ = ["report_page", "write_report"]

#: Rows of the table of labels that are least sure.
DOUBTFUL = 15
#: Rows of the table of workers.
BUSIEST = 30

Kinds = Mapping[str, Mapping[str, str]]


def report_page(accounts: Sequence[Report], crowds: Kinds | None = None) -> str:
    """The accounts of batches as one HTML document.

    Args:
        accounts: one or more.
        crowds: for a batch with a simulated crowd, by its name, each worker's kind.

    Raises:
        MissingExtra: without matplotlib.
    """
    sections = [
        _section(number, account, (crowds or {}).get(account.name))
        for number, account in enumerate(accounts, start=1)
    ]
    title = ", ".join(account.name for account in accounts)
    return _template().render(sections=sections, title=title, version=__version__)


def write_report(
    accounts: Sequence[Report], path: str | Path, crowds: Kinds | None = None
) -> None:
    """Writes the accounts of batches to a file, as one HTML document."""
    Path(path).write_text(report_page(accounts, crowds), encoding="utf-8")


@cache
def _template() -> Template:
    loader = PackageLoader("crowdlab.display", "pages")
    environment = Environment(
        loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    return environment.get_template("report.html")


def _section(
    number: int, account: Report, crowd: Mapping[str, str] | None
) -> dict[str, object]:
    doubtful = sorted(account.label_table, key=lambda held: held.confidence)[:DOUBTFUL]
    return {
        "account": account,
        "headline": headline(account),
        "groups": [
            ("Work", list(work_figures(account))),
            ("Money", list(money_figures(account))),
            ("Machine", list(memory_figures(account))),
        ],
        "methods": [method_figures(method) for method in account.methods],
        "plots": draw_plots(account, crowd, prefix=f"batch-{number}-"),
        "doubtful": [
            (held.task, held.label, f"{held.confidence:.2f}", held.n_votes, held.truth)
            for held in doubtful
        ],
        "workers": [
            (
                # Whose report this is knows the ids; whom it is shown to need not.
                f"worker {place}",
                (crowd or {}).get(score.worker, ""),
                f"{score.n_votes:,}",
                f"{score.quality:.3f}",
                show_share(score.n_right / score.n_known)
                if score.n_known
                else "unknown",
            )
            for place, score in enumerate(account.worker_table[:BUSIEST], start=1)
        ],
        "n_more_workers": max(0, len(account.worker_table) - BUSIEST),
        "has_kinds": bool(crowd),
    }
