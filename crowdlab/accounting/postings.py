"""What happens in a campaign, as entries of its books."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal

import attrs

from crowdlab.accounting.books import Entry, Subject

__all__ = ["Price"]


@attrs.frozen
class Price:
    """What one assignment costs, and the entries that this makes as it goes on.

    Each of its methods gives the entries of something that happened at a moment.

    Example:
        >>> price = Price(reward=Decimal("0.05"), fee=Decimal("0.01"))
        >>> pets = Subject(batch="pets")
        >>> now = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
        >>> [(e.source, e.target, str(e.amount)) for e in price.approve(now, pets)]
        [('submitted', 'approved', '0.05'), ('submitted', 'fees', '0.01')]
    """

    reward: Decimal
    fee: Decimal

    @property
    def total(self) -> Decimal:
        """Both together."""
        return self.reward + self.fee

    def publish(
        self, at: dt.datetime, subject: Subject, assignments: int
    ) -> Iterator[Entry]:
        """So many assignments are on the market."""
        amount = assignments * self.total
        yield from _move(
            at, subject, "published", amount, source="balance", target="committed"
        )

    def submit(self, at: dt.datetime, subject: Subject) -> Iterator[Entry]:
        """An answer came."""
        yield from _move(
            at, subject, "answer", self.total, source="committed", target="submitted"
        )

    def approve(self, at: dt.datetime, subject: Subject) -> Iterator[Entry]:
        """An answer was approved."""
        yield from _move(
            at, subject, "reward", self.reward, source="submitted", target="approved"
        )
        yield from _move(
            at, subject, "fee", self.fee, source="submitted", target="fees"
        )

    def reject(self, at: dt.datetime, subject: Subject) -> Iterator[Entry]:
        """An answer was rejected; nobody gets anything for it."""
        yield from _move(
            at, subject, "rejection", self.total, source="submitted", target="rejected"
        )
        yield from _move(
            at, subject, "returned", self.total, source="rejected", target="balance"
        )

    def die(
        self, at: dt.datetime, subject: Subject, assignments: int
    ) -> Iterator[Entry]:
        """So many assignments are over, and nobody answered."""
        amount = assignments * self.total
        yield from _move(
            at, subject, "no answer", amount, source="committed", target="dead"
        )
        yield from _move(
            at, subject, "returned", amount, source="dead", target="balance"
        )

    @staticmethod
    def reward_more(
        at: dt.datetime, subject: Subject, amount: Decimal, fee: Decimal
    ) -> Iterator[Entry]:
        """A bonus was paid, and the fee for it."""
        yield from _move(
            at, subject, "bonus", amount, source="balance", target="bonuses"
        )
        yield from _move(
            at, subject, "fee of a bonus", fee, source="balance", target="fees"
        )


def _move(
    at: dt.datetime,
    subject: Subject,
    what: str,
    amount: Decimal,
    *,
    source: str,
    target: str,
) -> Iterator[Entry]:
    """The entry; none where there is nothing to move, as where a marketplace is free."""
    if amount:
        yield Entry(
            at=at,
            source=source,
            target=target,
            amount=amount,
            what=what,
            subject=subject,
        )
