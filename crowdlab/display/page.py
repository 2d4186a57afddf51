"""The report as one page that needs nothing else."""

from collections.abc import Mapping, Sequence
from functools import cache

from jinja2 import Environment, PackageLoader, Template

from crowdlab import __version__
from crowdlab.display.figures import (
    METHOD_COLUMNS,
    doubtful,
    headline,
    method_figures,
    show_groups,
    show_share,
    show_votes,
)
from crowdlab.display.pictures import find_thumbnail
from crowdlab.display.plots import draw_plots
from crowdlab.ledger import Score
from crowdlab.money import show as show_money
from crowdlab.workflow import Doubt, Report, Training

__all__ = ["Kinds", "report_page"]

#: Tasks that workers agree on least.
DOUBTFUL = 12
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
    kinds = crowd or {}
    return {
        "account": account,
        "headline": headline(account),
        "groups": list(show_groups(account)),
        "method_columns": METHOD_COLUMNS,
        "methods": [method_figures(method) for method in account.methods],
        "plots": draw_plots(account, crowd, prefix=f"batch-{number}-"),
        "doubts": [_doubt(doubt) for doubt in doubtful(account, DOUBTFUL)],
        "training": account.training and _training(account.training),
        "workers": [
            _worker(place, score, kinds.get(score.worker, ""))
            for place, score in enumerate(account.worker_table[:BUSIEST], start=1)
        ],
        "n_more_workers": max(0, len(account.worker_table) - BUSIEST),
        "has_kinds": bool(crowd),
    }


def _doubt(doubt: Doubt) -> dict[str, object]:
    return {
        "task": doubt.task,
        "text": doubt.text,
        "picture": find_thumbnail(doubt),
        "votes": doubt.votes,
        "said": show_votes(doubt),
        "n_votes": sum(n for _, n in doubt.votes),
        "label": doubt.label,
        "confidence": doubt.confidence and f"{doubt.confidence:.2f}",
        "truth": doubt.truth,
    }


def _worker(place: int, score: Score, kind: str) -> tuple[str, ...]:
    share = show_share(score.n_right / score.n_known) if score.n_known else "unknown"
    # Whose report this is knows the ids; whom it is shown to need not.
    name = f"worker {place}"
    return name, kind, f"{score.n_votes:,}", f"{score.quality:.3f}", share


def _training(training: Training) -> list[tuple[str, ...]]:
    """The ways to have a GPU, a row each."""
    return [
        (
            offer.gpu.name,
            f"{offer.gpu.memory_gb} GB",
            offer.term,
            show_money(offer.price)
            + (f" a {offer.gpu.unit}" if offer.gpu.unit else ""),
            "" if offer.cost is None else show_money(offer.cost),
        )
        for offer in training.offers
    ]
