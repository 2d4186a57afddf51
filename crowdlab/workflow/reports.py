"""The account of a batch: every figure comes from the ledger."""

from decimal import Decimal

from crowdlab.accounting import Measurement, hourly_wage
from crowdlab.ledger import BatchRecord, Ledger, Run
from crowdlab.money import round_to_cents
from crowdlab.workflow.costs import Cost
from crowdlab.workflow.receipts import MethodReport, Report, VerbReport

__all__ = ["report"]

NO_BONUSES = Decimal("0.00")
NO_METHOD = MethodReport(
    method="",
    labels=0,
    accuracy=None,
    cost_per_label=None,
    cost_per_correct_label=None,
)


def report(ledger: Ledger, record: BatchRecord) -> Report:
    """What a batch cost, what came of it, and what it took."""
    key, batch = record.key, record.batch
    statuses = ledger.answers.count_by_status(key)
    n_answers, n_invalid = ledger.answers.count(key)
    n_published = ledger.hits.count(key)
    n_decided = statuses["Approved"] + statuses["Rejected"]
    paid = _cost(record, statuses["Approved"])
    total = paid.total + NO_BONUSES
    seconds = ledger.answers.median_seconds(key)
    methods = tuple(_method(run, total) for run in ledger.labels.runs(key))
    newest = methods[-1] if methods else NO_METHOD
    measured = ledger.measurements.all(key)
    return Report(
        name=batch.name,
        environment=batch.environment,
        tasks=batch.n_tasks,
        published=n_published,
        answers=n_answers,
        invalid=n_invalid,
        submitted=statuses["Submitted"],
        approved=statuses["Approved"],
        rejected=statuses["Rejected"],
        rewards=paid.rewards,
        fees=paid.fees,
        bonuses=NO_BONUSES,
        total=total,
        committed=_cost(record, n_published * batch.assignments - n_decided).total,
        budget=batch.budget,
        labels=newest.labels,
        cost_per_label=newest.cost_per_label,
        cost_per_correct_label=newest.cost_per_correct_label,
        accuracy=newest.accuracy,
        hourly_wage=None if seconds is None else hourly_wage(batch.reward, seconds),
        memory=max((each.peak_bytes for each in measured), default=0),
        answer_bytes=ledger.answers.count_bytes(key),
        bytes_per_answer=_bytes_per_answer(measured, n_answers),
        methods=methods,
        verbs=_verbs(measured),
        label_table=tuple(ledger.labels.newest(key)),
        worker_table=tuple(ledger.labels.scores(key)),
    )


def _cost(record: BatchRecord, n_assignments: int) -> Cost:
    return Cost(n_assignments * record.batch.reward, n_assignments * record.fee)


def _method(run: Run, total: Decimal) -> MethodReport:
    each = total / run.n_labels if run.n_labels else None
    accuracy = run.n_correct / run.n_known if run.n_known else None
    correct = each / Decimal(accuracy) if each is not None and accuracy else None
    return MethodReport(
        method=run.method,
        labels=run.n_labels,
        accuracy=accuracy,
        cost_per_label=None if each is None else round_to_cents(each),
        cost_per_correct_label=None if correct is None else round_to_cents(correct),
    )


def _bytes_per_answer(measured: list[Measurement], n_answers: int) -> int | None:
    grown = [m.peak_bytes - m.before_bytes for m in measured if m.verb == "collect"]
    return max(grown) // n_answers if grown and n_answers else None


def _verbs(measured: list[Measurement]) -> tuple[VerbReport, ...]:
    by_verb: dict[str, list[Measurement]] = {}
    for each in measured:
        by_verb.setdefault(each.verb, []).append(each)
    return tuple(_verb(verb, group) for verb, group in by_verb.items())


def _verb(verb: str, measured: list[Measurement]) -> VerbReport:
    return VerbReport(
        verb=verb,
        seconds=sum(each.seconds for each in measured),
        peak_bytes=max(each.peak_bytes for each in measured),
        held_bytes=max(each.held_bytes for each in measured),
    )
