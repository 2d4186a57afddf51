"""The plots of a report, as SVG that can stand inside a page."""

import io
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import attrs

from crowdlab.errors import MissingExtra
from crowdlab.workflow import Report

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["Plot", "draw_plots"]

# Okabe and Ito's colours, which people who confuse red and green can tell apart.
BLUE, ORANGE, GREEN, GREY = "#0072B2", "#E69F00", "#009E73", "#767676"
KIND_COLOURS = {"diligent": BLUE, "sloppy": ORANGE, "spammer": "#D55E00"}
KIND_MARKS = {"diligent": "o", "sloppy": "s", "spammer": "X"}
STYLE: Any = {
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.titlesize": "medium",
    "figure.constrained_layout.use": True,
    "font.size": 11,
    "svg.fonttype": "none",
    "svg.hashsalt": "crowdlab",
}
#: The limits of the bands of confidence.
BANDS = (0.0, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99, 1.0)


@attrs.frozen
class Plot:
    """A plot with what it says.

    Attributes:
        svg: stands in HTML as it is.
        alt: the same for who does not see it.
    """

    title: str
    svg: str
    alt: str


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
    if account.label_table:
        yield _confidence(account)
    if account.worker_table:
        yield _workers(account, crowd)
    if account.total:
        yield _money(account)
    if account.verbs:
        yield _verbs(account)


def _confidence(account: Report) -> Plot:
    bands = [_in_band(account, low, high) for low, high in pairwise(BANDS)]
    names = [f"{low:g} to {high:g}" for low, high in pairwise(BANDS)]
    known = any(held.truth is not None for held in account.label_table)
    title = "How sure the labels are" + (", and how right" if known else "")
    with _axes(title) as (axes, drawn):
        start = [0.0] * len(bands)
        for part, colour in (("right", BLUE), ("wrong", ORANGE), ("not known", GREY)):
            heights = [100 * band.count(part) / max(1, len(band)) for band in bands]
            if any(heights):
                axes.bar(names, heights, bottom=start, color=colour, label=part)
                start = [a + b for a, b in zip(start, heights, strict=True)]
        for place, band in enumerate(bands):
            axes.text(place, 101 if band else 1, f"{len(band):,}", ha="center")
        axes.set(
            xlabel="confidence; above each bar its labels", ylabel="% of the labels"
        )
        axes.tick_params(axis="x", rotation=20)
        axes.legend(frameon=False, loc="lower left", bbox_to_anchor=(0, 1.05), ncols=3)
    said = (
        f"{name}: {len(band):,} labels"
        + (f", {100 * band.count('right') / len(band):.0f} % right" if known else "")
        for name, band in zip(names, bands, strict=True)
        if band
    )
    return Plot(title, drawn[0], "Labels by their confidence. " + "; ".join(said))


def _in_band(account: Report, low: float, high: float) -> list[str]:
    """How the labels of that confidence stand to the truth."""
    return [
        "not known"
        if held.truth is None
        else ("right" if held.label == held.truth else "wrong")
        for held in account.label_table
        if low <= held.confidence < high or held.confidence == high == BANDS[-1]
    ]


def _workers(account: Report, crowd: Mapping[str, str]) -> Plot:
    rated = [score for score in account.worker_table if score.n_known]
    if not rated:
        return _activity(account)
    title = "What is thought of the workers, and what is true"
    groups: dict[str, list[tuple[float, float, int]]] = {}
    for score in rated:
        point = (score.n_right / score.n_known, score.quality, score.n_votes)
        groups.setdefault(crowd.get(score.worker, "worker"), []).append(point)
    with _axes(title) as (axes, drawn):
        low = min(min(x, y) for points in groups.values() for x, y, _ in points)
        axes.plot([low, 1], [low, 1], color=GREY, linewidth=1, linestyle=":")
        for kind in sorted(groups):
            x, y, n = zip(*groups[kind], strict=True)
            axes.scatter(
                x,
                y,
                s=[15 + 120 * each / account.worker_table[0].n_votes for each in n],
                color=KIND_COLOURS.get(kind, BLUE),
                marker=KIND_MARKS.get(kind, "o"),
                alpha=0.7,
                label=f"{len(x)} {kind}" + ("s" if kind == "worker" else ""),
            )
        axes.set(
            xlabel="share of votes that the truth finds right",
            ylabel="estimated quality",
        )
        axes.legend(frameon=False, loc="upper left")
    error = sum(abs(s.quality - s.n_right / s.n_known) for s in rated) / len(rated)
    alt = (
        f"Each of {len(rated)} workers as a point, larger for more votes: estimated "
        f"quality over the true share of right votes. The mean difference is {error:.3f}."
    )
    return Plot(title, drawn[0], alt)


def _activity(account: Report) -> Plot:
    title = "What is thought of the workers"
    with _axes(title) as (axes, drawn):
        axes.scatter(
            [score.n_votes for score in account.worker_table],
            [score.quality for score in account.worker_table],
            color=BLUE,
            alpha=0.7,
        )
        axes.set(xlabel="votes", ylabel="estimated quality")
    most, least = account.worker_table[0], account.worker_table[-1]
    alt = (
        f"The estimated quality of {len(account.worker_table)} workers over their number "
        f"of votes, which goes from {least.n_votes:,} to {most.n_votes:,}."
    )
    return Plot(title, drawn[0], alt)


def _money(account: Report) -> Plot:
    title = "Where the money went"
    parts = [
        ("rewards", account.rewards, BLUE),
        ("fees", account.fees, ORANGE),
        ("bonuses", account.bonuses, GREEN),
    ]
    shown = [part for part in parts if part[1]]
    with _axes(title, height=1.6) as (axes, drawn):
        start = 0.0
        for name, amount, colour in shown:
            axes.barh([""], [float(amount)], left=start, color=colour, label=name)
            axes.text(
                start + float(amount) / 2,
                0,
                f"{name}\n${amount:,.2f}",
                ha="center",
                va="center",
                color="black" if colour == ORANGE else "white",
            )
            start += float(amount)
        axes.set(xlabel="dollars", yticks=[])
        axes.spines["left"].set_visible(False)
    alt = "Of " + f"${account.total:,.2f}: "
    alt += ", ".join(f"{name} ${amount:,.2f}" for name, amount, _ in shown)
    return Plot(title, drawn[0], alt)


def _verbs(account: Report) -> Plot:
    title = "What each step took"
    verbs = account.verbs[::-1]
    with _axes(title, height=0.8 + 0.35 * len(verbs)) as (axes, drawn):
        bars = axes.barh(
            [each.verb for each in verbs], [each.seconds for each in verbs], color=BLUE
        )
        axes.bar_label(
            bars, [f" {v.seconds:.2f} s, {v.peak_bytes / 1e6:.0f} MB" for v in verbs]
        )
        axes.set(xlabel="seconds; beside each the memory at most")
        axes.margins(x=0.3)
    alt = ". ".join(
        f"{each.verb}: {each.seconds:.2f} seconds, {each.peak_bytes / 1e6:.0f} megabytes"
        for each in account.verbs
    )
    return Plot(title, drawn[0], alt)


@contextmanager
def _axes(title: str, height: float = 3.6) -> Iterator[tuple["Axes", list[str]]]:
    """Axes to draw on; afterwards the list holds the SVG."""
    from matplotlib.figure import Figure  # noqa: PLC0415 - an extra

    figure = Figure(figsize=(6.4, height))
    axes = figure.subplots()
    drawn: list[str] = []
    yield axes, drawn
    buffer = io.StringIO()
    figure.savefig(buffer, format="svg", metadata={"Date": None, "Title": title})
    drawn.append(_inline(buffer.getvalue()))


def _inline(svg: str) -> str:
    """Only the element: a page has no place for an XML declaration and a doctype."""
    element = svg[svg.index("<svg") :]
    return re.sub(r'width="[^"]+" height="[^"]+"', "", element, count=1)


def _rename(svg: str, prefix: str) -> str:
    return re.sub(r'(id="|url\(#|href="#)', rf"\g<1>{prefix}", svg)
