"""What a marketplace takes on top of what a worker gets."""

from decimal import Decimal

import attrs

from crowdlab.money import round_to_cents

__all__ = ["MTURK", "NO_FEES", "FeeSchedule"]

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
