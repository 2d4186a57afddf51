"""A requester's money: deposited, reserved for open work, paid.

``deposited = available + reserved + rewards + fees + bonuses``, always. Publishing a
HIT reserves what all its assignments would cost; deciding on one pays or frees its
share. The sandbox charges nothing and always shows the same balance.
"""

from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy import bindparam

from crowdlab.database import Statement
from crowdlab.errors import BadMoney
from crowdlab.marketplace import refusals
from crowdlab.marketplace.call import Call, Params, Reply, Row
from crowdlab.marketplace.schema import requesters
from crowdlab.money import cents, dollars, from_cents

__all__ = [
    "SANDBOX_BALANCE",
    "available",
    "deposit",
    "find_account",
    "find_requester",
    "get_account_balance",
    "pay",
    "pay_bonus",
    "release",
    "reserve",
    "withdraw",
]

SANDBOX_BALANCE = "10000.00"
OPENING_BALANCE = Decimal("10000.00")

_REQUESTER = Statement(sa.select(requesters).where(requesters.c.id == bindparam("key")))
_REQUESTER_BY_NAME = Statement(
    sa.select(requesters).where(requesters.c.name == bindparam("known"))
)
_NEW = Statement(requesters.insert().returning(requesters.c.id))
_SET = requesters.update().where(requesters.c.id == bindparam("key"))
_DEPOSIT = Statement(
    _SET.values(deposited=requesters.c.deposited + bindparam("amount"))
)
_RESERVE = Statement(_SET.values(reserved=requesters.c.reserved + bindparam("amount")))
_BONUS = Statement(
    _SET.values(
        bonuses=requesters.c.bonuses + bindparam("bonus"),
        fees=requesters.c.fees + bindparam("fee"),
    )
)
_PAY = Statement(
    _SET.values(
        reserved=requesters.c.reserved - bindparam("held"),
        rewards=requesters.c.rewards + bindparam("reward"),
        fees=requesters.c.fees + bindparam("fee"),
    )
)


def find_requester(call: Call, name: str) -> int:
    """The key of the requester of that name, who is let in if new."""
    known = call.one(_REQUESTER_BY_NAME, known=name)
    if known is not None:
        return int(known.id)
    return call.insert(
        _NEW,
        name=name,
        customer_id=call.house.ids.new("A", 14),
        deposited=cents(OPENING_BALANCE),
    )


def get_account_balance(call: Call, _params: Params) -> Reply:
    """GetAccountBalance: what may still be spent."""
    if call.house.is_sandbox:
        return {"AvailableBalance": SANDBOX_BALANCE}
    return {"AvailableBalance": str(from_cents(available(call)))}


def available(call: Call) -> int:
    """The cents that are neither spent nor reserved."""
    account = find_account(call)
    spent = account.rewards + account.fees + account.bonuses
    return int(account.deposited - account.reserved - spent)


def find_account(call: Call) -> Row:
    """The account of the requester who asks, in cents."""
    return call.one(_REQUESTER, key=call.requester)


def deposit(call: Call, amount: str | int | Decimal) -> None:
    """Puts money into the account."""
    value = dollars(amount, name="deposit")
    if not value:
        raise BadMoney("deposit: 0.00 changes nothing")
    call.run(_DEPOSIT, key=call.requester, amount=cents(value))


def withdraw(call: Call, amount: str | int | Decimal) -> None:
    """Takes money out of the account again.

    Raises:
        BadMoney: it is nothing, or more than is available.
    """
    value = dollars(amount, name="withdrawal")
    if not 0 < cents(value) <= available(call):
        raise BadMoney(f"withdrawal: {value} is not within the balance")
    call.run(_DEPOSIT, key=call.requester, amount=-cents(value))


def reserve(call: Call, amount: int) -> None:
    """Sets cents aside for work to come.

    Raises:
        Refusal: the balance does not cover them.
    """
    if call.house.is_sandbox:
        return
    if amount > available(call):
        raise refusals.insufficient_funds()
    call.run(_RESERVE, key=call.requester, amount=amount)


def release(call: Call, requester: int, amount: int) -> None:
    """Frees cents that were set aside."""
    if amount and not call.house.is_sandbox:
        call.run(_RESERVE, key=requester, amount=-amount)


def pay_bonus(call: Call, *, bonus: int, fee: int) -> None:
    """Pays a bonus and its fee out of what is available.

    Raises:
        Refusal: the balance does not cover them.
    """
    if call.house.is_sandbox:
        return
    if bonus + fee > available(call):
        raise refusals.insufficient_funds()
    call.run(_BONUS, key=call.requester, bonus=bonus, fee=fee)


def pay(call: Call, requester: int, *, reward: int, fee: int) -> None:
    """Pays a worker's reward and the marketplace's fee out of what was set aside."""
    if not call.house.is_sandbox:
        call.run(_PAY, key=requester, held=reward + fee, reward=reward, fee=fee)
