"""What a batch may cost, before and after it is published."""

from decimal import Decimal

import attrs

from crowdlab.accounting import FeeSchedule, hourly_wage
from crowdlab.errors import BudgetExceeded
from crowdlab.ledger import BatchRecord, Ledger
from crowdlab.model import Batch
from crowdlab.money import show
from crowdlab.templates import Template
from crowdlab.workflow.bookkeeping import price_of, settle_accounts
from crowdlab.workflow.footprints import predict_footprint, predict_memory
from crowdlab.workflow.receipts import Estimate

__all__ = [
    "Cost",
    "estimate",
    "refuse_bonuses_over_budget",
    "refuse_over_budget",
    "worst_case",
]


@attrs.frozen
class Cost:
    """Rewards for workers and fees for the marketplace."""

    rewards: Decimal
    fees: Decimal

    @property
    def total(self) -> Decimal:
        """Both together."""
        return self.rewards + self.fees


def worst_case(batch: Batch, fees: FeeSchedule) -> Cost:
    """What a batch costs when every assignment is answered and approved."""
    n_assignments = batch.n_tasks * batch.assignments
    fee = fees.fee(batch.reward, batch.assignments)
    return Cost(n_assignments * batch.reward, n_assignments * fee)


def refuse_over_budget(
    batch: Batch, fees: FeeSchedule, *, bonuses: Decimal | int = 0
) -> None:
    """Lets a batch pass whose worst case its budget covers.

    Args:
        batch: with all of its tasks.
        fees: the marketplace's prices.
        bonuses: dollars for those that are planned already, with their fees.

    Raises:
        BudgetExceeded: if it does not.
    """
    cost = worst_case(batch, fees)
    total = cost.total + bonuses
    if batch.budget is not None and total > batch.budget:
        more = f", {show(Decimal(bonuses))} bonuses" if bonuses else ""
        raise BudgetExceeded(
            f"batch {batch.name!r}: {batch.n_tasks:,} tasks of {batch.assignments} "
            f"assignments at {show(batch.reward)} cost up to {show(total)} "
            f"({show(cost.rewards)} rewards, {show(cost.fees)} fees{more}), and the "
            f"budget is {show(batch.budget)}"
        )


def refuse_bonuses_over_budget(ledger: Ledger, record: BatchRecord) -> None:
    """Lets the planned bonuses of a batch pass, if its budget covers them too.

    What was rejected or never answered is free for them.

    Raises:
        BudgetExceeded: if it does not.
    """
    batch, accounts = record.batch, settle_accounts(ledger, record)
    n_unpublished = (batch.n_tasks - ledger.hits.count(record.key)) * batch.assignments
    work = (
        accounts.approved + accounts.reserved + n_unpublished * price_of(record).total
    )
    paid, planned = ledger.bonuses.paid(record.key), ledger.bonuses.planned(record.key)
    work += accounts.fees - paid[1]
    total = work + sum(planned)
    if batch.budget is not None and total > batch.budget:
        raise BudgetExceeded(
            f"batch {batch.name!r}: its work costs up to {show(work)}; with bonuses of "
            f"{show(planned[0])} and fees of {show(planned[1])} for them that is "
            f"{show(total)}, and the budget is {show(batch.budget)}"
        )


def estimate(
    ledger: Ledger, record: BatchRecord, template: Template, fees: FeeSchedule
) -> Estimate:
    """What a batch will cost when every assignment is answered and approved."""
    batch = record.batch
    cost = worst_case(batch, fees)
    footprint = predict_footprint(ledger, record, template)
    return Estimate(
        tasks=batch.n_tasks,
        assignments=batch.n_tasks * batch.assignments,
        rewards=cost.rewards,
        fees=cost.fees,
        total=cost.total,
        hourly_wage=hourly_wage(batch.reward, record.seconds_per_task),
        budget=batch.budget,
        environment=batch.environment,
        memory=predict_memory(footprint),
        footprint=footprint,
    )
