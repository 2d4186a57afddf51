"""Money: reserved, paid, freed; every cent is somewhere."""

from decimal import Decimal
from typing import Any

import pytest
from botocore.exceptions import ClientError
from mypy_boto3_mturk import MTurkClient
from sqlalchemy import select

from crowdlab.errors import BadMoney
from crowdlab.marketplace import Marketplace
from crowdlab.marketplace.schema import requesters
from tests.marketplace.steps import LONG_AGO, Make, do, hit_parameters, refused


def books_balance(market: Marketplace) -> bool:
    """Whether what was deposited is available, reserved or paid."""
    with market._engine.database.transaction() as connection:
        account = connection.execute(select(requesters)).one()
    spent = account.reserved + account.rewards + account.fees + account.bonuses
    return bool(account.deposited == int(market.balance * 100) + spent)


def test_publishing_reserves(market: Marketplace, make_hit: Make) -> None:
    """A HIT reserves reward and fee of all its assignments."""
    make_hit(Reward="1.00", MaxAssignments=10)

    assert market.balance == Decimal("9986.00")
    assert books_balance(market)


def test_decisions_pay_or_free(
    market: Marketplace, client: MTurkClient, make_hit: Make
) -> None:
    """Approving pays reward and fee, rejecting frees them, deleting frees the rest."""
    hit = make_hit(Reward="1.00", MaxAssignments=3)
    assert market.balance == Decimal("9996.40")
    work = [do(market, hit)[1] for _ in range(2)]
    client.approve_assignment(AssignmentId=work[0])
    assert market.balance == Decimal("9996.40")
    client.reject_assignment(AssignmentId=work[1], RequesterFeedback="x")
    assert market.balance == Decimal("9997.60")

    client.update_expiration_for_hit(HITId=hit["HITId"], ExpireAt=LONG_AGO)
    client.delete_hit(HITId=hit["HITId"])

    assert market.balance == Decimal("9998.80")
    assert client.get_account_balance()["AvailableBalance"] == "9998.80"
    assert books_balance(market)


def test_insufficient_funds(market: Marketplace, client: MTurkClient) -> None:
    """What the balance does not cover is refused, and nothing is there."""
    with pytest.raises(ClientError, match="insufficient funds") as error:
        client.create_hit(**hit_parameters(Reward="1.00", MaxAssignments=10_000))

    assert refused(error) == ("RequestError", "InsufficientFunds")
    assert client.list_hits()["HITs"] == []
    assert market.balance == Decimal("10000.00")


def test_deposit(market: Marketplace) -> None:
    """A deposit is available at once; nothing and fractions are refused."""
    market.deposit("0.55")

    assert market.balance == Decimal("10000.55")
    for amount in ("0", "0.005", "-1"):
        with pytest.raises(BadMoney):
            market.deposit(amount)


def test_override_pays(
    market: Marketplace, client: MTurkClient, make_hit: Make
) -> None:
    """A rejection that is taken back is paid after all."""
    _, work = do(market, make_hit(Reward="1.00"))
    client.reject_assignment(AssignmentId=work, RequesterFeedback="x")
    client.approve_assignment(AssignmentId=work, OverrideRejection=True)

    assert market.balance == Decimal("9998.80")
    assert books_balance(market)


def test_override_without_funds(client: MTurkClient, market: Marketplace) -> None:
    """An override that the balance does not cover leaves the rejection as it is."""
    hit = client.create_hit(**hit_parameters(Reward="1.00"))["HIT"]
    _, work = do(market, dict(hit))
    client.reject_assignment(AssignmentId=work, RequesterFeedback="x")
    client.create_hit(**hit_parameters(Reward="8332.50"))

    with pytest.raises(ClientError, match="insufficient funds"):
        client.approve_assignment(AssignmentId=work, OverrideRejection=True)

    found = client.get_assignment(AssignmentId=work)["Assignment"]
    assert found["AssignmentStatus"] == "Rejected"


def test_bonus(market: Marketplace, client: MTurkClient, make_hit: Make) -> None:
    """A bonus and its fee are paid at once, to the assignment's own worker."""
    hit = make_hit()
    worker, work = do(market, hit)
    before = market.balance
    client.send_bonus(
        WorkerId=worker, AssignmentId=work, BonusAmount="0.25", Reason="fine work"
    )

    (paid,) = client.list_bonus_payments(HITId=hit["HITId"])["BonusPayments"]
    assert (paid["WorkerId"], paid["BonusAmount"]) == (worker, "0.25")
    assert paid["Reason"] == "fine work"
    assert market.balance == before - Decimal("0.30")
    assert books_balance(market)
    with pytest.raises(ClientError):
        client.send_bonus(
            WorkerId=market.register(), AssignmentId=work, BonusAmount="1", Reason="x"
        )


def test_bonus_token(market: Marketplace, client: MTurkClient, make_hit: Make) -> None:
    """A bonus with the token of another is refused and not paid."""
    worker, work = do(market, make_hit())
    bonus = {
        "WorkerId": worker,
        "AssignmentId": work,
        "BonusAmount": "0.10",
        "Reason": "x",
        "UniqueRequestToken": "t",
    }
    client.send_bonus(**bonus)

    with pytest.raises(ClientError, match="idempotency token"):
        client.send_bonus(**bonus)

    paid = client.list_bonus_payments(AssignmentId=work)["BonusPayments"]
    assert len(paid) == 1


@pytest.mark.parametrize("asked", [{}, {"HITId": "3A", "AssignmentId": "3B"}])
def test_bonuses_of_what(client: MTurkClient, asked: dict[str, Any]) -> None:
    """ListBonusPayments needs exactly one of a HIT and an assignment."""
    with pytest.raises(ClientError) as error:
        client.list_bonus_payments(**asked)

    assert refused(error)[0] == "ParameterValidationError"


def test_sandbox_is_free() -> None:
    """The sandbox always shows the same balance and refuses nothing for money."""
    client = Marketplace(environment="sandbox").client()
    client.create_hit(**hit_parameters(Reward="1000.00", MaxAssignments=1000))

    assert client.get_account_balance()["AvailableBalance"] == "10000.00"


def test_growth(market: Marketplace, client: MTurkClient, make_hit: Make) -> None:
    """More assignments reserve more, but a small HIT never grows to ten."""
    hit = make_hit(Reward="1.00", MaxAssignments=8)
    client.create_additional_assignments_for_hit(
        HITId=hit["HITId"], NumberOfAdditionalAssignments=1, UniqueRequestToken="t"
    )
    assert market.balance == Decimal("9989.20")

    for changes in ({"UniqueRequestToken": "t"}, {}):
        with pytest.raises(ClientError) as error:
            client.create_additional_assignments_for_hit(
                HITId=hit["HITId"], NumberOfAdditionalAssignments=1, **changes
            )
    assert refused(error) == ("RequestError", "InvalidMaximumAssignmentsIncrease")
    assert client.get_hit(HITId=hit["HITId"])["HIT"]["MaxAssignments"] == 9


def test_new_type_new_price(
    market: Marketplace, client: MTurkClient, make_hit: Make
) -> None:
    """A HIT that changes its type changes its price, unless work has begun."""
    dear, cheap = make_hit(Reward="2.00"), make_hit(Reward="1.00")
    client.update_hit_type_of_hit(HITId=cheap["HITId"], HITTypeId=dear["HITTypeId"])
    assert market.balance == Decimal("9995.20")
    assert client.get_hit(HITId=cheap["HITId"])["HIT"]["Reward"] == "2.00"

    market.accept(market.register(), dear["HITId"])
    with pytest.raises(ClientError) as error:
        client.update_hit_type_of_hit(HITId=dear["HITId"], HITTypeId=cheap["HITTypeId"])
    assert refused(error) == ("RequestError", "InvalidHITState")
