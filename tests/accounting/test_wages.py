"""A wage is what was paid, over the time it took."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crowdlab.accounting import Piece, Wages, fair_reward, top_ups

DIME = Decimal("0.10")
PIECES = st.lists(
    st.builds(
        Piece,
        st.sampled_from(["A1", "A2", "A3"]),
        st.text("abcdef", min_size=6),
        st.integers(0, 900).map(float),
        st.integers(0, 200).map(lambda cents: Decimal(cents).scaleb(-2)),
    ),
    max_size=12,
    unique_by=lambda piece: piece.assignment_id,
)


def test_the_quartiles_part_the_workers() -> None:
    """A quarter of the workers earned less than the lower wage, over all they did."""
    pieces = [
        Piece(f"A{n}", f"{n}-{part}", n / 2, DIME / 2)
        for n in (10, 20, 30, 40, 50)
        for part in "ab"
    ]

    assert Wages(Decimal("9.00"), Decimal("12.00"), Decimal("18.00")) == Wages.of(
        pieces
    )


def test_no_time_is_no_wage() -> None:
    """Where nobody's time is known, there is nothing to say of a wage."""
    assert Wages.of([Piece("A1", "a", 0.0, DIME)]) is None
    assert fair_reward([0.0, 0.0], Decimal(15)) is None
    assert fair_reward([], Decimal(15)) is None


@pytest.mark.parametrize(
    ("seconds", "target", "reward"), [(60, "15.00", "0.25"), (61, "15.00", "0.26")]
)
def test_a_fair_reward_is_not_below_the_target(
    seconds: float, target: str, reward: str
) -> None:
    """A fraction of a cent is rounded up, for the worker."""
    assert Decimal(reward) == fair_reward([seconds], Decimal(target))


@given(PIECES, st.integers(1, 40).map(Decimal))
def test_topped_up_every_worker_reaches_the_target(
    pieces: list[Piece], target: Decimal
) -> None:
    """With the bonuses each worker earned the target at least, a cent more at most."""
    bonuses = {each.assignment_id: each.amount for each in top_ups(pieces, target)}
    for worker in {piece.worker for piece in pieces}:
        work = [piece for piece in pieces if piece.worker == worker]
        earned = target * sum(Decimal(piece.seconds) for piece in work) / 3600
        bonus = bonuses.get(work[-1].assignment_id, Decimal(0))
        paid = sum(piece.pay for piece in work) + bonus

        assert paid >= earned
        assert not bonus or paid - earned < Decimal("0.01")
