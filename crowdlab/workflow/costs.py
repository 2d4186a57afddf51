"""What a batch may cost, before and after it is published."""

from decimal import Decimal

import attrs

from crowdlab.accounting import FeeSchedule, hourly_wage
from crowdlab.errors import BudgetExceeded
from crowdlab.ledger import BatchRecord
from crowdlab.model import Batch
from crowdlab.money import show
from crowdlab.workflow.receipts import Estimate

__all__ = ["Cost", "estimate", "refuse_over_budget", "worst_case"]


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


def refuse_over_budget(batch: Batch, fees: FeeSchedule) -> None:
    """Lets a batch pass whose worst case its budget covers.

    Raises:
        BudgetExceeded: if it does not.
    """
    cost = worst_case(batch, fees)
    if batch.budget is not None and cost.total > batch.budget:
        raise BudgetExceeded(
            f"batch {batch.name!r}: {batch.n_tasks:,} tasks of {batch.assignments} "
            f"assignments at {show(batch.reward)} cost up to {show(cost.total)} "
            f"({show(cost.rewards)} rewards, {show(cost.fees)} fees), and the budget is "
            f"{show(batch.budget)}"
        )


def estimate(record: BatchRecord, fees: FeeSchedule) -> Estimate:
    """What a batch will cost when every assignment is answered and approved."""
    batch = record.batch
    cost = worst_case(batch, fees)
    return Estimate(
        tasks=batch.n_tasks,
        assignments=batch.n_tasks * batch.assignments,
        rewards=cost.rewards,
        fees=cost.fees,
        total=cost.total,
        hourly_wage=hourly_wage(batch.reward, record.seconds_per_task),
        budget=batch.budget,
        environment=batch.environment,
    )
