"""Planning and costing are arithmetic: no ledger, no marketplace."""

import datetime as dt
from decimal import Decimal

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crowdlab.accounting import MTURK, NO_FEES
from crowdlab.errors import BudgetExceeded
from crowdlab.ledger import BatchRecord, TaskRecord
from crowdlab.model import Batch, Task
from crowdlab.workflow.costs import refuse_over_budget, worst_case
from crowdlab.workflow.publication import plan, token

BATCH = Batch(
    name="pets",
    template="text-classification",
    template_version="1",
    template_path=None,
    title="Pets",
    description="Which pet?",
    keywords="",
    parameters={},
    language="en",
    reward=Decimal("0.05"),
    assignments=3,
    budget=None,
    duration_seconds=600,
    lifetime_seconds=3600,
    auto_approval_seconds=7200,
    environment="local",
    n_tasks=10,
    created_at=dt.datetime(2030, 1, 1, tzinfo=dt.UTC),
)
RECORD = BatchRecord(1, "uid", BATCH, Decimal("0.01"), 10.0)
TEXTS = st.text(max_size=20)
CENTS = st.integers(0, 10_000).map(lambda n: Decimal(n) / 100)


@given(TEXTS, TEXTS, st.integers(0, 9))
def test_a_token_fits_the_wire(uid: str, task_id: str, copy: int) -> None:
    """Every token has at most the 64 characters that MTurk allows, and some."""
    assert 0 < len(token(uid, task_id, copy)) <= 64
    assert token(uid, task_id, copy).isalnum()


@given(
    st.sets(st.tuples(st.sampled_from("ab"), st.sampled_from("xy"), st.integers(0, 3)))
)
def test_tokens_differ_where_hits_do(parts: set[tuple[str, str, int]]) -> None:
    """Another batch, task or copy is another token."""
    assert len(parts) == len({token(*part) for part in parts})


@given(st.lists(st.text(min_size=1, max_size=8), unique=True, max_size=20))
def test_a_plan_is_the_same_each_time(ids: list[str]) -> None:
    """Planning again gives the same tokens, one for each task that has no HIT."""
    tasks = [TaskRecord(n, Task(name, name, {})) for n, name in enumerate(ids)]
    actions = plan(RECORD, tasks)

    assert actions == plan(RECORD, tasks)
    assert tasks == [action.task for action in actions]
    assert len(tasks) == len({action.token for action in actions})


@given(CENTS, st.integers(1, 30), st.integers(1, 500))
def test_the_worst_case_is_every_assignment(
    reward: Decimal, assignments: int, n_tasks: int
) -> None:
    """Each assignment costs its reward and its fee, and nothing is forgotten."""
    batch = attrs.evolve(BATCH, reward=reward, assignments=assignments, n_tasks=n_tasks)
    each = reward + MTURK.fee(reward, assignments)

    assert each * assignments * n_tasks == worst_case(batch, MTURK).total
    assert reward * assignments * n_tasks == worst_case(batch, NO_FEES).total


@given(CENTS, st.integers(1, 30), st.integers(1, 500))
def test_a_budget_refuses_from_the_first_cent(
    reward: Decimal, assignments: int, n_tasks: int
) -> None:
    """The worst case itself is allowed; a cent less is not."""
    batch = attrs.evolve(BATCH, reward=reward, assignments=assignments, n_tasks=n_tasks)
    total = worst_case(batch, MTURK).total

    refuse_over_budget(attrs.evolve(batch, budget=total), MTURK)
    with pytest.raises(BudgetExceeded):
        refuse_over_budget(attrs.evolve(batch, budget=total - Decimal("0.01")), MTURK)


def test_no_budget_is_no_limit() -> None:
    """Without a budget any batch passes."""
    refuse_over_budget(attrs.evolve(BATCH, n_tasks=10**9), MTURK)
