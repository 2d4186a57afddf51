"""What a marketplace takes on top of what a worker gets."""

import json
import tomllib
from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import attrs

from crowdlab.errors import BadInput, NotFound
from crowdlab.money import round_to_cents

__all__ = ["MTURK", "NO_FEES", "FeeSchedule", "read_fees"]

NOTHING = Decimal("0.00")


@attrs.frozen(kw_only=True)
class FeeSchedule:
    """A marketplace's prices, as data.

    Attributes:
        name: whose prices they are.
        rate: share of the reward, or of a bonus.
        surcharge: further share of the reward for HITs of many assignments.
        surcharge_from: the number of assignments that is many.
        masters: further share of the reward where Masters are required.
        minimum: the least that is taken for an assignment or a bonus.
        premium: flat dollars for each assignment, for premium Qualifications.

    Example:
        >>> MTURK.fee(Decimal("0.05"), assignments=10)
        Decimal('0.02')
        >>> attrs.evolve(MTURK, premium=Decimal("0.40")).fee(Decimal("1.00"), 3)
        Decimal('0.60')
    """

    name: str
    rate: Decimal = NOTHING
    surcharge: Decimal = NOTHING
    surcharge_from: int = 10
    masters: Decimal = NOTHING
    minimum: Decimal = NOTHING
    premium: Decimal = NOTHING

    def fee(
        self, reward: Decimal, assignments: int, *, masters: bool = False
    ) -> Decimal:
        """The fee for one assignment of a HIT with so many assignments in all."""
        share = self.rate
        if assignments >= self.surcharge_from:
            share += self.surcharge
        if masters:
            share += self.masters
        return self._at_least_minimum(reward * share) + self.premium

    def bonus_fee(self, amount: Decimal) -> Decimal:
        """The fee for a bonus, whatever its HIT's number of assignments."""
        return self._at_least_minimum(amount * self.rate)

    def _at_least_minimum(self, fee: Decimal) -> Decimal:
        return max(self.minimum, round_to_cents(fee))


MTURK = FeeSchedule(
    name="Mechanical Turk",
    rate=Decimal("0.20"),
    surcharge=Decimal("0.20"),
    masters=Decimal("0.05"),
    minimum=Decimal("0.01"),
)
NO_FEES = FeeSchedule(name="none")

#: Those that come with crowdlab.
SCHEDULES = {"mturk": MTURK, "none": NO_FEES}

_READERS: dict[str, Callable[[str], Any]] = {
    ".toml": lambda text: tomllib.loads(text, parse_float=Decimal),
    ".json": lambda text: json.loads(text, parse_float=Decimal),
}


def read_fees(place: str | Path) -> FeeSchedule:
    """The prices of that name, ``mturk`` or ``none``, or those in a file.

    The file is TOML or JSON with the fields of ``FeeSchedule``; what it does not tell
    is not taken.

    Raises:
        NotFound: there is neither such a name nor such a file.
        BadInput: naming the file and what is wrong in it.

    Example:
        >>> read_fees("none").fee(Decimal("0.05"), assignments=3)
        Decimal('0.00')
    """
    if str(place) in SCHEDULES:
        return SCHEDULES[str(place)]
    path = Path(place)
    read = _READERS.get(path.suffix.lower())
    if read is None or not path.is_file():
        raise NotFound(
            "fee schedule", str(place), (*SCHEDULES, "a .toml or .json file")
        )
    try:
        facts = read(path.read_text("utf-8"))
    except ValueError as error:
        raise BadInput(f"{path}: cannot be read: {error}") from None
    if not isinstance(facts, Mapping):
        raise BadInput(f"{path}: holds no table of prices")
    return _schedule(path, facts)


def _schedule(path: Path, facts: Mapping[str, Any]) -> FeeSchedule:
    known = [field.name for field in attrs.fields(FeeSchedule)]
    for name in facts:
        if name not in known:
            raise BadInput(
                f"{path}: there is no {name!r}; choose from: {', '.join(known)}"
            )
    prices = {
        name: _number(f"{path}: {name}", value)
        for name, value in facts.items()
        if name not in {"name", "surcharge_from"}
    }
    many = _number(f"{path}: surcharge_from", facts.get("surcharge_from", 10))
    name = str(facts.get("name", path.stem))
    return FeeSchedule(name=name, surcharge_from=int(many), **prices)


def _number(what: str, value: object) -> Decimal:
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        number = Decimal(-1)
    if not number.is_finite() or number < 0:
        raise BadInput(f"{what}: {value!r} is no price")
    return number
