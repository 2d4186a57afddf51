"""The account of a batch: every figure comes from the ledger."""

from decimal import Decimal

import attrs

from crowdlab.accounting import (
    Measurement,
    Model,
    find_offers,
    hourly_wage,
    list_gpus,
)
from crowdlab.aggregation import kinds
from crowdlab.ledger import BatchRecord, Ledger, Run
from crowdlab.money import round_to_cents
from crowdlab.templates import Template
from crowdlab.workflow.accounts import MethodReport, Report, Training, VerbReport
from crowdlab.workflow.bookkeeping import price_of, settle_accounts
from crowdlab.workflow.findings import Findings, look_at_votes
from crowdlab.workflow.footprints import measure_footprint
from crowdlab.workflow.paces import measure_pace
from crowdlab.workflow.polls import INEXACT

__all__ = ["report"]

#: Of the ways to have a GPU, the cheapest.
OFFERS = 5
NO_METHOD = MethodReport(
    method="",
    labels=0,
    accuracy=None,
    cost_per_label=None,
    cost_per_correct_label=None,
)


def report(
    ledger: Ledger,
    record: BatchRecord,
    template: Template | None = None,
    training: Model | None = None,
) -> Report:
    """What a batch cost, what came of it, and what it took.

    Args:
        template: of the batch; without it nothing is said of single votes.
        training: the model that the labels are for.
    """
    key, batch = record.key, record.batch
    statuses = ledger.answers.count_by_status(key)
    n_answers, n_invalid = ledger.answers.count(key)
    n_published, accounts = ledger.hits.count(key), settle_accounts(ledger, record)
    seconds = ledger.answers.median_seconds(key)
    runs = ledger.labels.runs(key)
    methods = tuple(_method(run, accounts.paid) for run in runs)
    newest = methods[-1] if methods else NO_METHOD
    measured = ledger.measurements.all(key)
    held = tuple(ledger.labels.newest(key))
    findings = look_at_votes(ledger, record, template, held) if template else Findings()
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
        rewards=accounts.approved,
        fees=accounts.fees,
        bonuses=accounts.bonuses,
        total=accounts.paid,
        committed=accounts.reserved,
        set_aside=n_published * batch.assignments * price_of(record).total,
        budget=batch.budget,
        labels=newest.labels,
        cost_per_label=newest.cost_per_label,
        cost_per_correct_label=newest.cost_per_correct_label,
        accuracy=newest.accuracy,
        hourly_wage=None if seconds is None else hourly_wage(batch.reward, seconds),
        memory=max((each.peak_bytes for each in measured), default=0),
        answer_bytes=ledger.answers.count_bytes(key),
        bytes_per_answer=_bytes_per_answer(measured, n_answers),
        accounts=accounts,
        pace=measure_pace(ledger, record),
        footprint=measure_footprint(ledger, record),
        **attrs.asdict(findings, recurse=False),
        training=None if training is None else _training(training),
        methods=methods,
        verbs=_verbs(measured),
        label_table=held,
        worker_table=tuple(ledger.labels.scores(key)),
    )


def _training(model: Model) -> Training:
    need = model.training_memory()
    hours = None if model.hours is None else Decimal(str(model.hours))
    offers = find_offers(list_gpus(), fits=need.total, hours=hours, model=model)
    return Training(
        model=model.name or f"{model.parameters / 1e6:,.1f}M parameters",
        batch_size=model.batch_size,
        training_bytes=need.total,
        inference_bytes=model.inference_memory().total,
        hours=model.hours,
        offers=tuple(offers[:OFFERS]),
    )


def _method(run: Run, total: Decimal) -> MethodReport:
    each = total / run.n_labels if run.n_labels else None
    is_known = run.n_known and run.method not in _inexact()
    accuracy = run.n_correct / run.n_known if is_known else None
    correct = each / Decimal(accuracy) if each is not None and accuracy else None
    return MethodReport(
        method=run.method,
        labels=run.n_labels,
        accuracy=accuracy,
        cost_per_label=None if each is None else round_to_cents(each),
        cost_per_correct_label=None if correct is None else round_to_cents(correct),
    )


def _inexact() -> set[str]:
    """The methods whose labels are nearly right at best: equality says little."""
    return {method for kind in INEXACT for method in kinds.find(kind).names()}


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
