"""Small drawings of figures, as SVG that a page holds, each with its words."""

import datetime as dt
from collections.abc import Sequence
from itertools import accumulate, pairwise

import attrs
import numpy as np
from markupsafe import Markup

from crowdlab.marketplace.items import Item
from crowdlab.marketplace.overview import Group
from crowdlab.server.desk.formats import count, took, when

__all__ = ["Chart", "draw_arrivals", "draw_times", "meter"]

#: The states of assignments, in the order of a meter; the rest of it is empty.
STATES = ("approved", "submitted", "rejected", "accepted")
WIDTH, HEIGHT = 320, 100
BARS = 24


@attrs.frozen
class Chart:
    """A drawing with what stands at its edges.

    Attributes:
        svg: with the words for who does not see it.
        left: what stands under its left end; ``right`` and ``top`` likewise.
    """

    svg: Markup
    left: str
    right: str
    top: str


def meter(work: Group | Item) -> Markup:
    """How far the assignments of a group or a HIT are, as one bar."""
    wanted = max(work.wanted, 1)
    counts = [getattr(work, state) for state in STATES]
    ends = [0, *accumulate(counts)]
    bars = [
        Markup('<rect class="{}" x="{:.3f}" width="{:.3f}" height="1"/>').format(
            state, 100 * start / wanted, 100 * (end - start) / wanted
        )
        for state, (start, end) in zip(STATES, pairwise(ends), strict=True)
        if end > start
    ]
    words = ", ".join(
        f"{count(n)} {state}" for state, n in zip(STATES, counts, strict=True) if n
    )
    return Markup(
        '<svg class="meter" viewBox="0 0 100 1" preserveAspectRatio="none" '
        'role="img" aria-label="{}">{}</svg>'
    ).format(
        f"Of {count(work.wanted)} assignments: {words or 'none taken yet'}",
        Markup().join(bars),
    )


def draw_arrivals(
    group: Group, arrivals: Sequence[tuple[int, int]], now: dt.datetime
) -> Chart:
    """How the number of answers grew, up to all that are wanted.

    Args:
        arrivals: the start of each span of time with answers, and their number.
    """
    start = group.created.timestamp()
    end = max(now.timestamp(), start + 1)
    totals = [0, *accumulate(n for _, n in arrivals)]
    steps = [f"M0 {HEIGHT}"]
    for (moment, _), total in zip(arrivals, totals[1:], strict=True):
        x = WIDTH * min(1, max(0, moment - start) / (end - start))
        steps.append(f"L{x:.1f} {HEIGHT * (1 - total / max(1, group.wanted)):.1f}")
    top = HEIGHT * (1 - totals[-1] / max(1, group.wanted))
    steps.append(f"L{WIDTH} {top:.1f}")
    line = " ".join(steps)
    words = (
        f"{count(totals[-1])} of {count(group.wanted)} answers came "
        f"from {when(group.created)} to {when(now)} UTC"
    )
    shapes = Markup('<path class="area" d="{0} V{1} Z"/><path class="line" d="{0}"/>')
    return Chart(
        _svg(words, shapes.format(line, HEIGHT)),
        when(group.created),
        when(now),
        f"{count(group.wanted)} wanted",
    )


def draw_times(seconds: Sequence[float]) -> Chart | None:
    """How many answers took how long; those beyond the slowest 5 % are left out."""
    if not seconds:
        return None
    values = np.asarray(seconds, dtype=np.float64)
    most = float(max(np.quantile(values, 0.95), 1.0))
    counts, _ = np.histogram(values[values <= most], bins=BARS, range=(0, most))
    tallest, step = max(1, int(counts.max())), WIDTH / BARS
    bars = [
        Markup('<rect class="bar" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}"/>')
        .format(n * step + 1, HEIGHT * (1 - c / tallest), step - 2, HEIGHT * c / tallest)
        for n, c in enumerate(counts.tolist())
        if c
    ]  # fmt: skip
    quarter, middle, most_quarter = np.quantile(values, [0.25, 0.5, 0.75])
    words = (
        f"Half of {count(len(values))} answers took {took(quarter)} to "
        f"{took(most_quarter)}; the median is {took(middle)}"
    )
    return Chart(
        _svg(words, Markup().join(bars)),
        "0 s",
        took(most),
        f"{count(tallest)} at most",
    )


def _svg(words: str, shapes: Markup) -> Markup:
    return Markup(
        '<svg class="chart" viewBox="0 0 {} {}" preserveAspectRatio="none" '
        'role="img" aria-label="{}">{}</svg>'
    ).format(WIDTH, HEIGHT, words, shapes)
