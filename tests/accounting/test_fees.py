"""Fees follow the price list of Mechanical Turk to the cent."""

from decimal import Decimal
from pathlib import Path

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crowdlab.accounting import MTURK, NO_FEES, FeeSchedule, read_fees
from crowdlab.errors import BadInput, NotFound
from tests.accounting.prices import PRICES

REWARDS = st.decimals("0.00", "1000.00", places=2)


@pytest.mark.parametrize(("reward", "assignments", "masters", "total"), PRICES)
def test_a_hit_costs_what_the_price_list_says(
    reward: str, assignments: int, masters: bool, total: str
) -> None:
    """Reward and fee of one assignment, times the assignments, is the listed total."""
    fee = MTURK.fee(Decimal(reward), assignments, masters=masters)

    assert Decimal(total) == (Decimal(reward) + fee) * assignments


def test_small_hits_save_the_surcharge() -> None:
    """500 assignments in HITs of nine cost 1500 dollars, not 1750."""
    assert Decimal(1500) == (Decimal("2.50") + MTURK.fee(Decimal("2.50"), 9)) * 500


@pytest.mark.parametrize(("bonus", "fee"), [("0.25", "0.05"), ("0.02", "0.01")])
def test_a_bonus_pays_a_fifth_but_a_cent_at_least(bonus: str, fee: str) -> None:
    """Bonuses cost 20 percent, with the same minimum of one cent."""
    assert Decimal(fee) == MTURK.bonus_fee(Decimal(bonus))


@pytest.mark.parametrize(
    ("reward", "fee"), [("0.52", "0.10"), ("0.525", "0.11"), ("0.54", "0.11")]
)
def test_halves_of_a_cent_round_up(reward: str, fee: str) -> None:
    """0.104 is 0.10, and 0.105 and 0.108 are 0.11, as the price list's FAQ has it."""
    assert Decimal(fee) == MTURK.fee(Decimal(reward), 1)


def test_a_premium_is_added_flat() -> None:
    """Premium Qualifications add their price to each assignment, unrounded."""
    premium = attrs.evolve(MTURK, premium=Decimal("0.40"))

    assert Decimal("0.41") == premium.fee(Decimal("0.05"), 1)


@given(REWARDS, st.integers(1, 100))
def test_no_fees_are_none(reward: Decimal, assignments: int) -> None:
    """The schedule called none takes nothing, whatever is paid."""
    assert Decimal(0) == NO_FEES.fee(reward, assignments)
    assert Decimal(0) == NO_FEES.bonus_fee(reward)


@given(REWARDS, REWARDS, st.integers(1, 100))
def test_fees_never_fall_as_rewards_rise(
    one: Decimal, other: Decimal, assignments: int
) -> None:
    """A higher reward never has a lower fee."""
    low, high = sorted((one, other))

    assert MTURK.fee(low, assignments) <= MTURK.fee(high, assignments)


def test_prices_are_read_from_a_file(tmp_path: Path) -> None:
    """TOML and JSON say the same prices, exactly; what they leave out is free."""
    toml, js = tmp_path / "ours.toml", tmp_path / "ours.json"
    toml.write_text('name = "ours"\nrate = 0.125\nminimum = "0.02"\n')
    js.write_text('{"name": "ours", "rate": 0.125, "minimum": "0.02"}')
    wanted = FeeSchedule(name="ours", rate=Decimal("0.125"), minimum=Decimal("0.02"))

    assert [wanted, wanted] == [read_fees(toml), read_fees(str(js))]


def test_our_prices_are_read_by_name() -> None:
    """The schedules that come with the package need no file."""
    assert (MTURK, NO_FEES) == (read_fees("mturk"), read_fees("none"))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('rat = "0.2"', "there is no 'rat'; choose from: name, rate"),
        ('rate = "much"', "rate: 'much' is no price"),
        ("rate = -0.1", "is no price"),
        ("rate = ", "cannot be read"),
    ],
)
def test_wrong_prices_are_named(tmp_path: Path, text: str, reason: str) -> None:
    """A file that says no prices is refused, with its name and the fault."""
    path = tmp_path / "ours.toml"
    path.write_text(text)

    with pytest.raises(BadInput, match=rf"ours\.toml.*{reason}"):
        read_fees(path)


def test_unknown_prices_list_the_choices() -> None:
    """A name that is none says which there are."""
    with pytest.raises(NotFound, match="'prolific'; choose from: mturk, none"):
        read_fees("prolific")
