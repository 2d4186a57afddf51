"""What books come to: the account of a batch in seven sums."""

from decimal import Decimal

import attrs

from crowdlab.accounting.books import Books

__all__ = ["Accounts"]

NOTHING = Decimal("0.00")


@attrs.frozen(kw_only=True)
class Accounts:
    """What the books of a batch come to.

    Attributes:
        committed: reserved for work that nobody sent yet.
        submitted: reserved for answers that nobody decided yet.
        approved: paid to workers as rewards.
        rejected: returned for answers that were rejected.
        dead: returned for work that nobody did in time.
        fees: paid to the marketplace, for rewards and bonuses.
        bonuses: paid to workers beyond the reward.
    """

    committed: Decimal = NOTHING
    submitted: Decimal = NOTHING
    approved: Decimal = NOTHING
    rejected: Decimal = NOTHING
    dead: Decimal = NOTHING
    fees: Decimal = NOTHING
    bonuses: Decimal = NOTHING

    @classmethod
    def of(cls, books: Books) -> "Accounts":
        """What books come to; of what is returned, that which passed through."""
        there, passed = books.balances, books.received
        through = {name: passed[name] for name in ("rejected", "dead")}
        rest = (each.name for each in attrs.fields(cls) if each.name not in {*through})
        return cls(**through, **{name: there[name] for name in rest})

    @property
    def paid(self) -> Decimal:
        """What is gone for good."""
        return self.approved + self.fees + self.bonuses

    @property
    def reserved(self) -> Decimal:
        """What may still be paid, or be returned."""
        return self.committed + self.submitted

    def to_json(self) -> dict[str, str]:
        """The amounts as text, by account."""
        return {name: f"{amount:.2f}" for name, amount in attrs.asdict(self).items()}
