"""What workers earn on a batch, and what would be fair."""

from collections.abc import Iterator
from decimal import Decimal
from statistics import median

import attrs
import pandas as pd

from crowdlab.accounting import FeeSchedule, Piece, Wages, fair_reward, top_ups
from crowdlab.errors import NotFound
from crowdlab.ledger import BatchRecord, Ledger
from crowdlab.model import Answer
from crowdlab.workflow.statements import Earned

__all__ = ["CLOCKS", "Timed", "earn", "read_times"]

#: What time is paid: from accepting to submitting, or that at the page.
CLOCKS = ("elapsed", "active")
TOP_UP_COLUMNS = ["assignment_id", "amount", "reason"]


@attrs.frozen
class Timed:
    """How long an answer took, in seconds, and what it earned.

    Attributes:
        active: ``None`` where the page did not tell.
        is_paid: whether it was not rejected.
    """

    worker: str
    assignment_id: str
    elapsed: float
    active: float | None
    pay: Decimal
    is_paid: bool
    at: float

    def seconds(self, clock: str) -> float:
        """By that clock; by the other, where the page told nothing."""
        is_active = clock == "active" and self.active is not None
        return self.active if is_active and self.active is not None else self.elapsed


def read_times(ledger: Ledger, record: BatchRecord) -> Iterator[Timed]:
    """The time that each answer took, and what it earned with its bonuses."""
    bonuses = ledger.bonuses.by_assignment(record.key)
    for _, answer in ledger.answers.each(record.key):
        more = bonuses.get(answer.assignment_id, Decimal(0))
        yield Timed(
            worker=answer.worker,
            assignment_id=answer.assignment_id,
            elapsed=(answer.submit_time - answer.accept_time).total_seconds(),
            active=_active(answer),
            pay=record.batch.reward + more,
            is_paid=answer.status != "Rejected",
            at=answer.submit_time.timestamp(),
        )


def earn(
    ledger: Ledger,
    record: BatchRecord,
    *,
    target: Decimal | None,
    clock: str,
    fees: FeeSchedule,
) -> Earned:
    """What workers earn on a batch by the hour, and how they would come to a wage.

    Raises:
        NotFound: for an unknown clock; the message lists the choices.
    """
    if clock not in CLOCKS:
        raise NotFound("clock", clock, CLOCKS)
    done = [timed for timed in read_times(ledger, record) if timed.is_paid]
    done.sort(key=lambda timed: timed.at)
    pieces = [
        Piece(each.worker, each.assignment_id, each.seconds(clock), each.pay)
        for each in done
    ]
    wages = Wages.of(pieces)
    more = [] if target is None else list(top_ups(pieces, target))
    told = [each.active for each in done if each.active is not None]
    return Earned(
        answers=len(done),
        by=clock,
        elapsed_seconds=median(each.elapsed for each in done) if done else None,
        active_seconds=median(told) if told else None,
        lower_wage=None if wages is None else wages.lower,
        median_wage=None if wages is None else wages.median,
        upper_wage=None if wages is None else wages.upper,
        target=target,
        fair_reward=target and fair_reward([each.seconds for each in pieces], target),
        bonuses=len(more),
        bonus_total=sum(
            (each.amount + fees.bonus_fee(each.amount) for each in more),
            Decimal("0.00"),
        ),
        environment=record.batch.environment,
        table=pd.DataFrame(
            [(each.assignment_id, f"{each.amount:.2f}", each.reason) for each in more],
            columns=TOP_UP_COLUMNS,
        ),
    )


def _active(answer: Answer) -> float | None:
    told = (answer.answer or {}).get("telemetry", {}).get("active_ms")
    # Answers that no browser gave tell no time.
    return told / 1000 if told else None
