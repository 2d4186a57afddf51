"""Plots of money and machines: where dollars went, and what each step took."""

from collections.abc import Iterator
from decimal import Decimal

from crowdlab.accounting import show_bytes
from crowdlab.display.canvas import BLUE, GREEN, GREY, ORANGE, Plot, axes
from crowdlab.money import show
from crowdlab.workflow import Report

__all__ = ["draw_money", "draw_verbs", "draw_wages"]

ROW = 0.34


def draw_money(account: Report) -> Iterator[Plot]:
    """The way of the money from what was set aside to what was paid."""
    steps = list(_steps(account))
    if not steps:
        return
    title = "Where the money went"
    with axes(title, height=0.7 + ROW * len(steps)) as (ax, drawn):
        right = float(max(start + amount for _, start, amount, _ in steps))
        for place, (_, start, amount, colour) in enumerate(steps):
            ax.barh(place, float(amount), left=float(start), color=colour, height=0.7)
            ax.text(
                float(start + amount) + right / 60, place, show(amount), va="center"
            )
        ax.set_yticks(range(len(steps)), [name for name, *_ in steps])
        ax.set_xlabel("dollars")
        ax.set_xlim(0, right * 1.28)
        ax.invert_yaxis()
    said = ", ".join(f"{name} {show(amount)}" for name, _, amount, _ in steps)
    yield Plot(title, drawn[0], f"The way of the money: {said}.")


def _steps(account: Report) -> Iterator[tuple[str, Decimal, Decimal, str]]:
    """Name, start, length and colour of each bar: a waterfall from left to right."""
    sums = account.accounts
    returned = sums.rejected + sums.dead
    if returned:
        yield "set aside", Decimal(0), account.set_aside, GREY
        yield "returned", account.set_aside - returned, returned, GREY
    place = Decimal(0)
    for name, amount, colour in (
        ("rewards", sums.approved, BLUE),
        ("fees", sums.fees, ORANGE),
        ("bonuses", sums.bonuses, GREEN),
        ("not decided", sums.submitted, GREY),
        ("not answered", sums.committed, GREY),
    ):
        if amount:
            yield name, place, amount, colour
        place += amount
    if sums.paid:
        yield "paid", Decimal(0), sums.paid, BLUE


def draw_wages(account: Report) -> Iterator[Plot]:
    """The quartiles of the hourly wage."""
    wages = account.pace.wages
    if wages is None:
        return
    title = "What an hour of work pays"
    low, middle, high = map(float, (wages.lower, wages.median, wages.upper))
    with axes(title, height=1.35) as (ax, drawn):
        ax.plot([low, high], [0, 0], color=BLUE, linewidth=12, alpha=0.45)
        ax.plot([middle], [0], "o", color=BLUE, markersize=11)
        ax.annotate(
            f"half of the workers earn more than {show(wages.median)}",
            (middle, 0),
            (0, 14),
            textcoords="offset points",
            ha="center",
        )
        ax.set(xlabel="dollars an hour, bonuses included", yticks=[], ylim=(-0.4, 1))
        ax.set_xlim(0, max(high * 1.15, middle * 2))
        ax.spines["left"].set_visible(False)
    alt = (
        f"Half of the workers earned from {show(wages.lower)} to {show(wages.upper)} an "
        f"hour; the median is {show(wages.median)}."
    )
    yield Plot(title, drawn[0], alt)


def draw_verbs(account: Report) -> Iterator[Plot]:
    """The seconds and the memory of each step."""
    verbs = account.verbs
    if not verbs:
        return
    title = "What each step took"
    most = max(each.seconds for each in verbs)
    with axes(title, height=0.7 + ROW * len(verbs)) as (ax, drawn):
        bars = ax.barh(
            [each.verb for each in verbs], [v.seconds for v in verbs], color=BLUE
        )
        ax.bar_label(
            bars,
            [f"{v.seconds:.2f} s, {show_bytes(v.peak_bytes)}" for v in verbs],
            padding=4,
        )
        ax.set(xlabel="seconds; beside each the memory at most")
        ax.set_xlim(0, most * 1.75)
        ax.invert_yaxis()
    alt = ". ".join(
        f"{v.verb}: {v.seconds:.2f} seconds, {show_bytes(v.peak_bytes)}" for v in verbs
    )
    yield Plot(title, drawn[0], alt)
