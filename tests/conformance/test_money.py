"""Money: fees, what is set aside, what is paid, bonuses, an empty account."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.accounting.prices import PRICES
from tests.conformance.bench import Bench, bad_parameter, request_error
from tests.marketplace.people import MASTERS, requires

POOR = (
    "This Requester has insufficient funds in their account to complete this "
    "transaction. Please visit https://requester.mturk.com/prepayments/new to purchase "
    "Prepaid HITs."
)


@pytest.fixture
def broke(bench: Bench) -> Iterator[Bench]:
    """A market whose requester has a dollar left."""
    before = str(bench.workers.balance)
    bench.binding.set_balance("1.00")
    yield bench
    bench.binding.set_balance(before)


@pytest.mark.parametrize(
    ("reward", "number", "masters", "cost"),
    PRICES,
)
def test_what_a_hit_costs(
    bench: Bench, reward: str, number: int, masters: bool, cost: str
) -> None:
    """Rewards and fees of all its assignments are set aside when it is created."""
    needed = [requires(MASTERS, "Exists")] if masters else []

    spent = bench.balance_after(
        lambda: bench.hit(
            Reward=reward, MaxAssignments=number, QualificationRequirements=needed
        )
    )

    assert spent == f"-{cost}"


def test_the_balance(bench: Bench) -> None:
    """GetAccountBalance says in dollars and cents what may be spent."""
    balance = bench.client.get_account_balance()["AvailableBalance"]

    assert balance == str(bench.workers.balance)
    assert balance.partition(".")[2].isdigit()


def test_approving_costs_nothing_more(bench: Bench) -> None:
    """What an approval pays was set aside before."""
    _, done = bench.do(bench.hit())

    assert bench.balance_after(lambda: bench.approve(done)) == "0.00"


def test_rejecting_frees(bench: Bench) -> None:
    """Rejected work costs neither reward nor fee."""
    _, done = bench.do(bench.hit(Reward="1.00"))

    assert bench.balance_after(lambda: bench.reject(done)) == "1.20"


def test_overriding_costs(bench: Bench) -> None:
    """What a rejection freed is spent again when it is overridden."""
    _, done = bench.do(bench.hit(Reward="1.00"))
    bench.reject(done)

    spent = bench.balance_after(lambda: bench.approve(done, OverrideRejection=True))

    assert spent == "-1.20"


def test_deleting_frees_the_rest(bench: Bench) -> None:
    """What was set aside for assignments that nobody took comes back."""
    hit = bench.hit(Reward="1.00", MaxAssignments=3)
    bench.approve(bench.do(hit)[1])
    bench.expire(hit)

    freed = bench.balance_after(lambda: bench.client.delete_hit(HITId=hit["HITId"]))

    assert freed == "2.40"


def test_more_assignments_cost(bench: Bench) -> None:
    """What is added is set aside too."""
    hit = bench.hit(Reward="1.00")

    spent = bench.balance_after(
        lambda: bench.client.create_additional_assignments_for_hit(
            HITId=hit["HITId"], NumberOfAdditionalAssignments=2
        )
    )

    assert spent == "-2.40"


def test_another_type_costs_the_difference(bench: Bench) -> None:
    """A HIT whose type changes costs what the new one pays."""
    hit, dearer = bench.hit(Reward="1.00"), bench.hit_type(Reward="2.00")

    spent = bench.balance_after(
        lambda: bench.client.update_hit_type_of_hit(
            HITId=hit["HITId"], HITTypeId=dearer
        )
    )

    assert spent == "-1.20"


def test_an_empty_account(broke: Bench) -> None:
    """What the balance does not cover is not created, and uses up nothing."""
    given = broke.parameters(Reward="1.00", UniqueRequestToken=broke.name())

    assert broke.refusal("create_hit", **given) == request_error(
        "InsufficientFunds", POOR
    )
    assert broke.client.get_account_balance()["AvailableBalance"] == "1.00"
    assert broke.client.create_hit(**given | {"Reward": "0.50"})["HIT"]


def test_too_poor_for_more_assignments(broke: Bench) -> None:
    """Nor does a HIT grow, or change its type, on credit."""
    hit = broke.hit(Reward="0.50")
    dearer = broke.hit_type(Reward="2.00")

    assert request_error("InsufficientFunds", POOR) == broke.refusal(
        "create_additional_assignments_for_hit",
        HITId=hit["HITId"],
        NumberOfAdditionalAssignments=1,
    )
    assert request_error("InsufficientFunds", POOR) == broke.refusal(
        "update_hit_type_of_hit", HITId=hit["HITId"], HITTypeId=dearer
    )
    assert broke.get(hit) == hit


def test_too_poor_to_override(broke: Bench) -> None:
    """An override that cannot be paid leaves the rejection."""
    _, done = broke.do(broke.hit(Reward="0.50"))
    broke.reject(done)
    broke.binding.set_balance("0.10")

    refused = broke.refusal(
        "approve_assignment", AssignmentId=done, OverrideRejection=True
    )

    assert refused == request_error("InsufficientFunds", POOR)
    assert broke.assignment(done)["AssignmentStatus"] == "Rejected"


def give(bench: Bench, worker: str, work: str, **changes: str) -> dict[str, str]:
    """What SendBonus needs."""
    return {
        "WorkerId": worker,
        "AssignmentId": work,
        "BonusAmount": "0.25",
        "Reason": bench.name(),
        **changes,
    }


@pytest.mark.parametrize(
    ("amount", "cost"),
    [
        ("0.25", "0.30"),
        ("0.02", "0.03"),
        ("0.01", "0.02"),
        ("2", "2.40"),
        ("0.13", "0.16"),
    ],
)
def test_what_a_bonus_costs(bench: Bench, amount: str, cost: str) -> None:
    """A fifth of it, and a cent at least."""
    given = give(bench, *bench.do(bench.hit()), BonusAmount=amount)

    spent = bench.balance_after(lambda: bench.client.send_bonus(**given))

    assert spent == f"-{cost}"


def test_bonuses_of_a_large_hit_cost_the_same(bench: Bench) -> None:
    """The higher fee of ten assignments is none on bonuses."""
    given = give(bench, *bench.do(bench.hit(MaxAssignments=10)), BonusAmount="1.00")

    assert bench.balance_after(lambda: bench.client.send_bonus(**given)) == "-1.20"


@pytest.mark.parametrize("decision", ["", "approve", "reject"])
def test_a_bonus_whatever_was_decided(bench: Bench, decision: str) -> None:
    """Submitted, approved and rejected work can have a bonus; it is listed."""
    hit = bench.hit()
    worker, done = bench.do(hit)
    if decision:
        getattr(bench, decision)(done)
    given = give(bench, worker, done)
    bench.client.send_bonus(**given)

    for key in ({"HITId": hit["HITId"]}, {"AssignmentId": done}):
        (paid,) = bench.client.list_bonus_payments(**key)["BonusPayments"]
        moment = paid.pop("GrantTime")
        assert moment.timestamp() == bench.clock()
        assert paid == given


def test_a_bonus_for_work_in_progress(bench: Bench) -> None:
    """What is not submitted is no assignment yet."""
    worker, taken = bench.accept(bench.hit())

    refused = bench.refusal("send_bonus", **give(bench, worker, taken))

    assert refused == request_error(
        "AssignmentDoesNotExist", f"Assignment {taken} does not exist."
    )


def test_a_bonus_for_somebody_else(bench: Bench) -> None:
    """A bonus goes to the worker of the assignment."""
    _, done = bench.do(bench.hit())
    other = bench.worker()

    refused = bench.refusal("send_bonus", **give(bench, other, done))

    assert refused == bad_parameter("WorkerId", other)


@pytest.mark.parametrize("amount", ["0", "0.00"])
def test_a_bonus_of_nothing(bench: Bench, amount: str) -> None:
    """A bonus is a cent at least."""
    given = give(bench, *bench.do(bench.hit()), BonusAmount=amount)

    assert bench.refusal("send_bonus", **given).code == "ParameterValidationError"


def test_a_bonus_with_a_token(bench: Bench) -> None:
    """A token that comes twice pays once."""
    worker, done = bench.do(bench.hit())
    given = give(bench, worker, done, UniqueRequestToken=bench.name())
    bench.client.send_bonus(**given)

    refused = bench.refusal("send_bonus", **given)

    token = given["UniqueRequestToken"]
    text = f'The idempotency token "{token}" has already been processed.'
    assert refused == request_error(None, text)
    listed = bench.client.list_bonus_payments(AssignmentId=done)
    assert listed["NumResults"] == 1


def test_a_bonus_on_credit(broke: Bench) -> None:
    """A bonus that the balance does not cover is not paid."""
    worker, done = broke.do(broke.hit())

    refused = broke.refusal(
        "send_bonus", **give(broke, worker, done, BonusAmount="0.90")
    )

    assert refused == request_error("InsufficientFunds", POOR)
    assert broke.client.list_bonus_payments(AssignmentId=done)["NumResults"] == 0


@pytest.mark.parametrize("given", [{}, {"HITId": "3A", "AssignmentId": "3B"}])
def test_whose_bonuses(bench: Bench, given: dict[str, Any]) -> None:
    """They are those of one HIT, or of one assignment."""
    refused = bench.refusal("list_bonus_payments", **given)

    assert refused.code == "ParameterValidationError"
