"""A verb's memory is what the process really held."""

from decimal import Decimal

import pytest

from crowdlab.accounting import hourly_wage, measured

MEGABYTE = 2**20


def test_the_peak_counts_what_was_given_back() -> None:
    """Forty megabytes that were held for a moment are in the peak, not in what is held."""
    with measured("burst") as burst:
        bytearray(b"x" * 40 * MEGABYTE)

    assert burst.peak_bytes - burst.before_bytes > 35 * MEGABYTE
    assert burst.peak_bytes - burst.held_bytes > 35 * MEGABYTE


def test_what_is_kept_is_held() -> None:
    """Forty megabytes that are kept count as held."""
    with measured("keep") as keep:
        kept = bytearray(b"x" * 40 * MEGABYTE)

    assert keep.held_bytes - keep.before_bytes > 35 * MEGABYTE
    assert len(kept) == 40 * MEGABYTE


def test_an_earlier_peak_is_forgotten() -> None:
    """The peak is the verb's own, not the process's."""
    with measured("burst") as burst:
        bytearray(b"x" * 40 * MEGABYTE)
    with measured("rest") as rest:
        pass

    assert rest.peak_bytes < burst.peak_bytes - 30 * MEGABYTE


def test_work_that_fails_is_measured_too() -> None:
    """The time of work that ended in an error is known."""
    with pytest.raises(ZeroDivisionError), measured("fail") as failed:
        1 / 0  # noqa: B018

    assert failed.seconds > 0


@pytest.mark.parametrize(
    ("reward", "seconds", "wage"),
    [("0.05", 20, "9.00"), ("0.10", 7.5, "48.00"), ("0.01", 7, "5.14")],
)
def test_a_wage_is_dollars_an_hour(reward: str, seconds: float, wage: str) -> None:
    """The reward over its time, in dollars and cents an hour."""
    assert Decimal(wage) == hourly_wage(Decimal(reward), seconds)


def test_no_time_is_no_wage() -> None:
    """Work that took no time has no hourly wage."""
    assert hourly_wage(Decimal(1), 0) is None
