"""The figures of a report, named and written as people read them."""

from collections.abc import Iterator
from decimal import Decimal

from crowdlab.accounting import show_bytes
from crowdlab.money import show
from crowdlab.workflow import Doubt, MethodReport, Report, Training

__all__ = [
    "METHOD_COLUMNS",
    "Figure",
    "doubtful",
    "headline",
    "method_figures",
    "show_groups",
    "show_optional",
    "show_share",
    "show_votes",
]

Figure = tuple[str, str]

METHOD_COLUMNS = ("method", "labels", "accuracy", "per label", "per correct label")
MINUTE = 60


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


def show_groups(account: Report) -> Iterator[tuple[str, list[Figure]]]:
    """All figures, each group under its name."""
    yield "work", list(_work(account))
    yield "money", list(_money(account))
    yield "crowd", list(_crowd(account))
    yield "machine", list(_machine(account))
    if account.training is not None:
        yield "training", list(_training(account.training))


def _work(account: Report) -> Iterator[Figure]:
    yield "tasks", f"{account.tasks:,}"
    yield "HITs published", f"{account.published:,}"
    yield "answers", f"{account.answers:,}"
    if account.invalid:
        yield "of them unreadable", f"{account.invalid:,}"
    yield "approved", f"{account.approved:,}"
    yield "rejected", f"{account.rejected:,}"
    if account.submitted:
        yield "waiting for review", f"{account.submitted:,}"


def _money(account: Report) -> Iterator[Figure]:
    yield "rewards", show(account.rewards)
    yield "fees", show(account.fees)
    if account.bonuses:
        yield "bonuses", show(account.bonuses)
    yield "total", show(account.total)
    if account.committed:
        yield "committed, not decided", show(account.committed)
    if account.accounts.rejected:
        yield "returned for rejections", show(account.accounts.rejected)
    if account.accounts.dead:
        yield "returned, not answered", show(account.accounts.dead)
    if account.budget is not None:
        yield "budget", show(account.budget)
    yield "per label", show_optional(account.cost_per_label)
    yield "per correct label", show_optional(account.cost_per_correct_label)


def _crowd(account: Report) -> Iterator[Figure]:
    pace = account.pace
    yield "workers", f"{len(pace.workloads):,}"
    if account.agreement is not None:
        found = account.agreement
        interval = f"{found.alpha_low:.2f} to {found.alpha_high:.2f}"
        yield "agreement", f"{found.alpha:.2f} ({interval})"
    if pace.elapsed_seconds:
        yield "median time", _show_seconds(pace.elapsed_seconds)
    if pace.active_seconds:
        yield "of it active", _show_seconds(pace.active_seconds)
    if pace.wages is not None:
        yield "median hourly wage", show(pace.wages.median)
        yield "half are paid", f"{show(pace.wages.lower)} to {show(pace.wages.upper)}"


def _machine(account: Report) -> Iterator[Figure]:
    made = account.footprint
    yield "memory at most", show_bytes(account.memory)
    yield "pages", show_bytes(made.pages)
    if made.images:
        yield "images", show_bytes(made.images)
    yield "raw answers", show_bytes(made.answers)
    yield "ledger", show_bytes(made.ledger)
    if made.votes:
        yield "votes in memory", show_bytes(made.votes)
    if made.per_answer:
        yield "kept for each answer", show_bytes(made.per_answer)
    yield "seconds in all", f"{sum(each.seconds for each in account.verbs):.1f}"


def _training(training: Training) -> Iterator[Figure]:
    yield "model", training.model
    yield "batch size", f"{training.batch_size:,}"
    yield "GPU memory to train", show_bytes(training.training_bytes)
    yield "memory to use it", show_bytes(training.inference_bytes)
    if training.hours is not None:
        yield "hours", f"{training.hours:,g}"
    for offer in training.offers[:1]:
        yield "cheapest GPU", f"{offer.gpu.name}, {offer.term}"
        yield "GPU cost", show_optional(training.cost)


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


def doubtful(account: Report, most: int) -> list[Doubt]:
    """The tasks that workers agree on least; where votes tell nothing, the least sure."""
    if account.doubts:
        return list(account.doubts[:most])
    surest_last = sorted(account.label_table, key=lambda held: held.confidence)
    return [
        Doubt(
            task=held.task,
            label=held.label,
            confidence=held.confidence,
            truth=held.truth,
            votes=(),
            text="",
            address="",
            image=None,
        )
        for held in surest_last[:most]
    ]


def show_votes(doubt: Doubt) -> str:
    """How workers voted on a task."""
    return ", ".join(f"{n} {label}" for label, n in doubt.votes)


def show_share(share: float) -> str:
    """A share as percent.

    Example:
        >>> show_share(0.927)
        '92.7 %'
    """
    return f"{100 * share:.1f} %"


def show_optional(amount: Decimal | None) -> str:
    """Dollars, or that they are not known."""
    return "unknown" if amount is None else show(amount)


def _show_seconds(seconds: float) -> str:
    if seconds < 2 * MINUTE:
        return f"{seconds:.0f} s"
    return f"{seconds / MINUTE:.1f} min"
