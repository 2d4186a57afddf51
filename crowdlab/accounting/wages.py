"""What a reward comes to as an hourly wage."""

from decimal import ROUND_HALF_UP, Decimal

__all__ = ["hourly_wage"]

SECONDS_PER_HOUR = 3600


def hourly_wage(reward: Decimal, seconds: float) -> Decimal | None:
    """Dollars an hour for a reward earned in so many seconds; ``None`` for no time.

    Example:
        >>> hourly_wage(Decimal("0.05"), seconds=20)
        Decimal('9.00')
    """
    if seconds <= 0:
        return None
    wage = reward * SECONDS_PER_HOUR / Decimal(str(seconds))
    return wage.quantize(Decimal("0.01"), ROUND_HALF_UP)
