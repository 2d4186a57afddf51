"""Exact dollars: ``Decimal`` outside, whole cents in databases, never a float."""

from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from crowdlab.errors import BadMoney

__all__ = ["cents", "dollars", "from_cents", "round_to_cents", "show"]

CENT = Decimal("0.01")


def dollars(amount: str | int | Decimal, *, name: str = "amount") -> Decimal:
    """The amount as exact dollars with two decimals.

    Args:
        amount: ``"0.05"``, ``5`` or a ``Decimal``.
        name: what the amount is for; the error begins with it.

    Raises:
        BadMoney: for a float, a negative amount, a fraction of a cent, or no number.

    Example:
        >>> dollars("0.5")
        Decimal('0.50')
        >>> dollars(0.05, name="reward")
        Traceback (most recent call last):
        ...
        crowdlab.errors.BadMoney: reward: 0.05 is a float; write it as the text '0.05'
    """
    if isinstance(amount, float):
        raise BadMoney(f"{name}: {amount} is a float; write it as the text '{amount}'")
    if isinstance(amount, bool) or not isinstance(amount, str | int | Decimal):
        raise BadMoney(
            f"{name}: {amount!r} is no amount; write it as text, like '0.05'"
        )
    try:
        value = Decimal(amount)
        exact = value.quantize(CENT, ROUND_HALF_UP)
    except InvalidOperation:  # no number, an infinite one, or of too many digits
        raise BadMoney(f"{name}: {amount!r} is no amount of dollars") from None
    if not value.is_finite():
        raise BadMoney(f"{name}: {amount!r} is no amount of dollars")
    if value < 0:
        raise BadMoney(f"{name}: {amount} is negative")
    if exact != value:
        raise BadMoney(f"{name}: {amount} has a fraction of a cent")
    return exact


def round_to_cents(amount: Decimal) -> Decimal:
    """The amount to the nearest cent, halves up, as the marketplace rounds fees.

    Example:
        >>> round_to_cents(Decimal("0.105"))
        Decimal('0.11')
    """
    return amount.quantize(CENT, ROUND_HALF_UP)


def cents(amount: Decimal) -> int:
    """The amount in whole cents; it must have no fraction of one.

    Example:
        >>> cents(Decimal("0.05"))
        5
    """
    return int(dollars(amount).scaleb(2))


def from_cents(n_cents: int) -> Decimal:
    """Whole cents as dollars; differences may be negative.

    Example:
        >>> from_cents(5)
        Decimal('0.05')
    """
    return Decimal(n_cents).scaleb(-2).quantize(CENT)


def show(amount: Decimal) -> str:
    """The amount as people write it.

    Example:
        >>> show(Decimal("1234.5")), show(Decimal("-0.05"))
        ('$1,234.50', '-$0.05')
    """
    sign = "-" if amount < 0 else ""
    return f"{sign}${abs(amount):,.2f}"
