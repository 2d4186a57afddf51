"""Plots of the work: when it came in, from whom, and how long it took."""

import datetime as dt
from collections.abc import Iterator, Sequence

from crowdlab.display.canvas import BLUE, GREY, ORANGE, Plot, axes
from crowdlab.workflow import Report

__all__ = ["draw_durations", "draw_progress", "draw_workloads"]

#: The longest span in seconds for which a unit of time suits an axis.
UNITS = ((180, 1, "seconds"), (7200, 60, "minutes"), (172_800, 3600, "hours"))
DAY = 86_400
#: Answers of a simulated crowd come at once, as far as seconds tell.
SHORTEST = dt.timedelta(seconds=30)


def draw_progress(account: Report) -> Iterator[Plot]:
    """The answers that had come by each moment."""
    pace = account.pace
    if not pace.moments or pace.moments[-1] - pace.moments[0] < SHORTEST:
        return
    title = "How the answers came in"
    x, unit = _since_first(pace.moments)
    with axes(title) as (ax, drawn):
        ax.fill_between(x, pace.arrived, step="post", color=BLUE, alpha=0.2)
        ax.step(x, pace.arrived, where="post", color=BLUE, linewidth=2)
        ax.set(xlabel=f"{unit} since the first answer", ylabel="answers")
        ax.set_ylim(0)
    half = next(
        n
        for n, count in zip(x, pace.arrived, strict=True)
        if 2 * count >= account.answers
    )
    alt = (
        f"{account.answers:,} answers came within {x[-1]:.3g} {unit}; half of them within "
        f"{half:.3g}."
    )
    yield Plot(title, drawn[0], alt)


def _since_first(moments: Sequence[dt.datetime]) -> tuple[list[float], str]:
    span = (moments[-1] - moments[0]).total_seconds()
    scale, unit = next(
        ((scale, unit) for most, scale, unit in UNITS if span <= most), (DAY, "days")
    )
    return [(each - moments[0]).total_seconds() / scale for each in moments], unit


def draw_workloads(account: Report) -> Iterator[Plot]:
    """The answers of each worker, the busiest first."""
    loads = account.pace.workloads
    if not loads:
        return
    title = "Who did the work"
    with axes(title) as (ax, drawn):
        ax.bar(range(1, len(loads) + 1), loads, color=BLUE, width=0.85)
        ax.set(xlabel="workers, the busiest first", ylabel="answers")
    busiest = max(1, len(loads) // 10)
    share = 100 * sum(loads[:busiest]) / sum(loads)
    alt = (
        f"{len(loads):,} workers gave from {loads[-1]:,} to {loads[0]:,} answers each; the "
        f"busiest {busiest:,} gave {share:.0f} % of all."
    )
    yield Plot(title, drawn[0], alt)


def draw_durations(account: Report) -> Iterator[Plot]:
    """How long answers took."""
    pace = account.pace
    middle = pace.elapsed_seconds
    if not middle:
        return
    title = "How long an answer took"
    width = pace.seconds[1]
    with axes(title) as (ax, drawn):
        ax.bar(
            pace.seconds[:-1],
            pace.durations,
            width=0.94 * width,
            align="edge",
            color=BLUE,
        )
        ax.axvline(middle, color=ORANGE, linewidth=2)
        ax.text(
            middle + width / 3,
            max(pace.durations) * 1.08,
            f"median {middle:.0f} s",
        )
        ax.set(xlabel="seconds from accepting to sending", ylabel="answers")
        ax.spines["bottom"].set_color(GREY)
        ax.set_ylim(0, max(pace.durations) * 1.2)
    alt = (
        f"The median answer took {middle:.0f} seconds; nineteen of twenty took less than "
        f"{pace.seconds[-1]:.0f}. The last bar holds all that took longer."
    )
    yield Plot(title, drawn[0], alt)
