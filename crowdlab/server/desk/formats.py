"""How the desk writes figures, for people and for programs."""

import datetime as dt
import math
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

import attrs

from crowdlab.money import show

__all__ = [
    "FILTERS",
    "count",
    "figure",
    "money",
    "share",
    "to_json",
    "took",
    "when",
]

NOTHING = "–"  # noqa: RUF001 - what people put where there is no figure
_UNITS = (("d", 86_400), ("h", 3600), ("min", 60), ("s", 1))


def to_json(value: Any) -> Any:
    """The value as JSON has it: money as text, what is undefined as null.

    Example:
        >>> to_json({"paid": Decimal("0.5"), "alpha": float("nan")})
        {'paid': '0.50', 'alpha': None}
    """
    for kinds, write in _WRITERS:
        if isinstance(value, kinds):
            return write(value)
    if attrs.has(type(value)):
        return {
            field.name: to_json(getattr(value, field.name))
            for field in attrs.fields(type(value))
            if field.metadata.get("json", True)
        }
    return value


def _defined(number: float) -> float | None:
    return number if math.isfinite(number) else None


_WRITERS: tuple[tuple[Any, Callable[[Any], Any]], ...] = (
    (Decimal, lambda amount: f"{amount:.2f}"),
    (float, _defined),
    (dt.datetime, dt.datetime.isoformat),
    (Mapping, lambda value: {str(name): to_json(value[name]) for name in value}),
    ((list, tuple, set, frozenset), lambda value: [to_json(each) for each in value]),
)


def when(moment: dt.datetime | None) -> str:
    """A moment for people, in UTC.

    Example:
        >>> when(dt.datetime(2023, 11, 14, 22, 13, tzinfo=dt.UTC))
        '14 Nov 2023, 22:13'
    """
    return NOTHING if moment is None else f"{moment:%-d %b %Y, %H:%M}"


def took(seconds: float | None) -> str:
    """A length of time in its two largest units.

    Example:
        >>> took(75), took(0.4), took(200_000)
        ('1 min 15 s', '0.4 s', '2 d 7 h')
    """
    if seconds is None or math.isnan(seconds):
        return NOTHING
    if seconds < 10:  # noqa: PLR2004 - a digit more where it counts
        return f"{seconds:.1f} s"
    words, left = [], round(seconds)
    for unit, size in _UNITS:
        count, left = divmod(left, size)
        if count:
            words.append(f"{count} {unit}")
    return " ".join(words[:2])


def count(number: int) -> str:
    """A number with its thousands apart.

    Example:
        >>> count(12345)
        '12,345'
    """
    return f"{number:,}"


def share(part: float | None) -> str:
    """A share of one as percent.

    Example:
        >>> share(0.875)
        '88 %'
    """
    if part is None or math.isnan(part):
        return NOTHING
    return f"{100 * part:.0f} %"


def figure(number: float | None) -> str:
    """A number with two decimals.

    Example:
        >>> figure(0.8166)
        '0.82'
    """
    return NOTHING if number is None or math.isnan(number) else f"{number:.2f}"


def money(amount: Decimal | None) -> str:
    """An amount; nothing where there is none."""
    return NOTHING if amount is None else show(amount)


FILTERS = {
    "count": count,
    "figure": figure,
    "money": money,
    "share": share,
    "took": took,
    "when": when,
}
