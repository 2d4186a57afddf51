"""The plots of a report, as SVG that can stand inside a page."""

import re
from collections.abc import Iterator, Mapping

import attrs

from crowdlab.display.canvas import STYLE, Plot
from crowdlab.display.label_plots import draw_confidence, draw_confusion, draw_workers
from crowdlab.display.money_plots import draw_money, draw_verbs, draw_wages
from crowdlab.display.work_plots import draw_durations, draw_progress, draw_workloads
from crowdlab.errors import MissingExtra
from crowdlab.workflow import Report

__all__ = ["draw_plots"]


def draw_plots(
    account: Report, crowd: Mapping[str, str] | None = None, *, prefix: str = ""
) -> list[Plot]:
    """The plots that a batch has something for.

    Args:
        account: of the batch.
        crowd: the kind of each worker, where the crowd was simulated.
        prefix: sets the ids of these plots apart from others on the page.

    Raises:
        MissingExtra: without matplotlib.
    """
    try:
        import matplotlib as mpl  # noqa: PLC0415 - an extra
    except ModuleNotFoundError as error:
        raise MissingExtra("the plots of a report", "plots") from error
    with mpl.rc_context(STYLE):
        return [
            attrs.evolve(plot, svg=_rename(plot.svg, f"{prefix}plot-{number}-"))
            for number, plot in enumerate(_draw(account, crowd or {}), start=1)
        ]


def _draw(account: Report, crowd: Mapping[str, str]) -> Iterator[Plot]:
    yield from draw_money(account)
    yield from draw_wages(account)
    yield from draw_confidence(account)
    yield from draw_confusion(account)
    yield from draw_workers(account, crowd)
    yield from draw_workloads(account)
    yield from draw_progress(account)
    yield from draw_durations(account)
    yield from draw_verbs(account)


def _rename(svg: str, prefix: str) -> str:
    return re.sub(r'(id="|url\(#|href="#)', rf"\g<1>{prefix}", svg)
