"""The figures of a report, named and written as people read them."""

from collections.abc import Iterator
from decimal import Decimal

from crowdlab.money import show
from crowdlab.workflow import MethodReport, Report

__all__ = [
    "headline",
    "memory_figures",
    "method_figures",
    "money_figures",
    "show_bytes",
    "show_optional",
    "show_share",
    "work_figures",
]

Figure = tuple[str, str]

UNITS = ("B", "kB", "MB", "GB", "TB")


def headline(account: Report) -> str:
    """What became of a batch, in one sentence.

    It names the labels, their price and, where truth is known, their accuracy.
    """
    if not account.labels:
        return f"{account.answers:,} answers, no labels yet"
    price = show(account.total) if account.total else "nothing yet"
    text = f"{account.labels:,} labels from {account.answers:,} answers for {price}"
    if account.accuracy is not None:
        text += f", {show_share(account.accuracy)} of them right"
    return text


def work_figures(account: Report) -> Iterator[Figure]:
    """How much work a batch is, and how far it has come."""
    yield "tasks", f"{account.tasks:,}"
    yield "HITs published", f"{account.published:,}"
    yield "answers", f"{account.answers:,}"
    if account.invalid:
        yield "of them unreadable", f"{account.invalid:,}"
    yield "workers", f"{len(account.worker_table):,}"
    yield "approved", f"{account.approved:,}"
    yield "rejected", f"{account.rejected:,}"
    if account.submitted:
        yield "waiting for review", f"{account.submitted:,}"


def money_figures(account: Report) -> Iterator[Figure]:
    """What a batch costs, and what for."""
    yield "rewards", show(account.rewards)
    yield "fees", show(account.fees)
    if account.bonuses:
        yield "bonuses", show(account.bonuses)
    yield "total", show(account.total)
    if account.committed:
        yield "committed, not decided", show(account.committed)
    if account.budget is not None:
        yield "budget", show(account.budget)
    yield "per label", show_optional(account.cost_per_label)
    yield "per correct label", show_optional(account.cost_per_correct_label)
    if account.hourly_wage is not None:
        yield "median hourly wage", show(account.hourly_wage)


def memory_figures(account: Report) -> Iterator[Figure]:
    """What a batch took of this machine."""
    yield "memory at most", show_bytes(account.memory)
    yield "raw answers", show_bytes(account.answer_bytes)
    if account.bytes_per_answer:
        yield "memory per answer collected", show_bytes(account.bytes_per_answer)
    yield "seconds in all", f"{sum(each.seconds for each in account.verbs):.1f}"


def method_figures(method: MethodReport) -> tuple[str, ...]:
    """A row about one method: name, labels, accuracy, price, price if correct."""
    accuracy = "unknown" if method.accuracy is None else show_share(method.accuracy)
    return (
        method.method,
        f"{method.labels:,}",
        accuracy,
        show_optional(method.cost_per_label),
        show_optional(method.cost_per_correct_label),
    )


def show_share(share: float) -> str:
    """A share as percent.

    Example:
        >>> show_share(0.927)
        '92.7 %'
    """
    return f"{100 * share:.1f} %"


def show_bytes(n_bytes: int) -> str:
    """Bytes in the unit that leaves the fewest digits.

    Example:
        >>> show_bytes(999), show_bytes(215_400_000)
        ('999 B', '215 MB')
    """
    size = float(n_bytes)
    for unit in UNITS:
        if size < 1000 or unit == UNITS[-1]:  # noqa: PLR2004 - SI units
            break
        size /= 1000
    return f"{size:.3g} {unit}"


def show_optional(amount: Decimal | None) -> str:
    """Dollars, or that they are not known."""
    return "unknown" if amount is None else show(amount)
