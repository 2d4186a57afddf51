"""Exact dollars."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crowdlab.errors import BadMoney
from crowdlab.money import cents, dollars, from_cents, show

amounts = st.integers(0, 10**12).map(from_cents)


@given(amounts)
def test_cents_lose_nothing(amount: Decimal) -> None:
    """An amount in whole cents is the same amount."""
    assert from_cents(cents(amount)) == amount == dollars(str(amount))


@pytest.mark.parametrize(
    ("amount", "reason"),
    [
        (0.05, "0.05 is a float; write it as the text '0.05'"),
        (True, "True is no amount"),
        ("x", "'x' is no amount of dollars"),
        ("nan", "'nan' is no amount of dollars"),
        ("inf", "'inf' is no amount of dollars"),
        ("1e99", "'1e99' is no amount of dollars"),
        ("-1", "-1 is negative"),
        ("0.001", "0.001 has a fraction of a cent"),
    ],
)
def test_what_is_no_money(amount: object, reason: str) -> None:
    """What is no exact amount is refused under the name it was given for."""
    with pytest.raises(BadMoney, match=f"^reward: {reason}"):
        dollars(amount, name="reward")  # type: ignore[arg-type]


def test_amounts_are_shown_as_people_write_them() -> None:
    """Thousands are set apart, and a debt's sign stands before the dollars."""
    assert show(Decimal(1234567)) == "$1,234,567.00"
    assert show(Decimal("-0.05")) == "-$0.05"
