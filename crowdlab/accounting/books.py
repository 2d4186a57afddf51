"""The books of batches, in double entry: what leaves one account comes into another."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

import attrs

from crowdlab.errors import BadMoney, NotFound
from crowdlab.money import cents, from_cents

__all__ = ["ACCOUNTS", "PAID", "Books", "Entry", "Subject"]

#: Where money may be. What is rejected or dead passes through and is balance again.
ACCOUNTS = (
    "balance",
    "committed",
    "submitted",
    "approved",
    "rejected",
    "dead",
    "fees",
    "bonuses",
)
#: The accounts that money never leaves.
PAID = ("approved", "fees", "bonuses")

NOTHING = Decimal("0.00")


@attrs.frozen(kw_only=True)
class Subject:
    """What money is moved for; what is not known is empty."""

    batch: str
    hit: str = ""
    task: str = ""
    worker: str = ""
    assignment: str = ""


@attrs.frozen(kw_only=True)
class Entry:
    """An amount that leaves one account and comes into another.

    Attributes:
        at: when.
        what: why, in a word or two, such as ``reward``.

    Raises:
        NotFound: for no account; the message lists them.
        BadMoney: for an amount that is not above nothing.
    """

    at: dt.datetime
    source: str = attrs.field()
    target: str = attrs.field()
    amount: Decimal = attrs.field()
    what: str
    subject: Subject

    @source.validator
    @target.validator
    def _check_account(self, _field: object, account: str) -> None:
        if account not in ACCOUNTS:
            raise NotFound("account", account, ACCOUNTS)

    @amount.validator
    def _check_amount(self, _field: object, amount: Decimal) -> None:
        if not cents(amount):
            raise BadMoney(f"{self.what}: an entry of {amount} moves nothing")

    def to_json(self) -> dict[str, str]:
        """The columns of a row for bookkeepers."""
        return {
            "at": self.at.isoformat(),
            **attrs.asdict(self.subject),
            "source": self.source,
            "target": self.target,
            "amount": f"{self.amount:.2f}",
            "what": self.what,
        }


@attrs.frozen
class Books:
    """Entries, and what they come to.

    They balance by construction: an entry has one amount, and both of its sides.

    Example:
        >>> rain = Subject(batch="rain", task="1", worker="A1")
        >>> moves = ("balance", "committed"), ("committed", "approved")
        >>> books = Books(
        ...     Entry(
        ...         at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC),
        ...         source=source,
        ...         target=target,
        ...         amount=Decimal("0.05"),
        ...         what="example",
        ...         subject=rain,
        ...     )
        ...     for source, target in moves
        ... )
        >>> books.balances["balance"], books.balances["approved"], books.trial_balance
        (Decimal('-0.05'), Decimal('0.05'), Decimal('0.00'))
    """

    entries: tuple[Entry, ...] = attrs.field(converter=tuple[Entry, ...], default=())

    @property
    def received(self) -> dict[str, Decimal]:
        """What came into each account, all together."""
        return self._sum((entry.target, entry.amount) for entry in self.entries)

    @property
    def given(self) -> dict[str, Decimal]:
        """What left each account, all together."""
        return self._sum((entry.source, entry.amount) for entry in self.entries)

    @property
    def balances(self) -> dict[str, Decimal]:
        """What is in each account; the balance starts from nothing."""
        received, given = self.received, self.given
        return {name: received[name] - given[name] for name in ACCOUNTS}

    @property
    def trial_balance(self) -> Decimal:
        """The sum of all accounts: nothing, always."""
        return sum(self.balances.values(), NOTHING)

    @property
    def paid(self) -> Decimal:
        """What was paid for good: rewards, fees and bonuses."""
        return sum((self.balances[name] for name in PAID), NOTHING)

    def paid_by(self, column: str) -> dict[str, Decimal]:
        """What was paid for each batch, hit, task, worker or assignment.

        Raises:
            NotFound: for another column; the message lists the choices.
        """
        choices = [field.name for field in attrs.fields(Subject)]
        if column not in choices:
            raise NotFound("column", column, choices)
        return self._paid_by(lambda entry: str(getattr(entry.subject, column)))

    def paid_by_label(self, labels: Mapping[str, Iterable[str]]) -> dict[str, Decimal]:
        """What was paid for each label that was found.

        What a task cost is shared by its labels, to the cent.

        Args:
            labels: those that were found in each task, by its name: one, or one for
                each of its parts.
        """
        found = {task: sorted(of_task) for task, of_task in labels.items()}
        return self._sum(
            (label, share)
            for task, amount in self.paid_by("task").items()
            if found.get(task)
            for label, share in zip(
                found[task], _shares(amount, len(found[task])), strict=True
            )
        )

    def _paid_by(self, name_of: Any) -> dict[str, Decimal]:
        return self._sum(
            (name_of(entry), entry.amount)
            for entry in self.entries
            if entry.target in PAID
        )

    @staticmethod
    def _sum(amounts: Iterable[tuple[str, Decimal]]) -> "defaultdict[str, Decimal]":
        sums: defaultdict[str, Decimal] = defaultdict(lambda: NOTHING)
        for name, amount in amounts:
            sums[name] += amount
        return sums


def _shares(amount: Decimal, number: int) -> Iterator[Decimal]:
    """The amount in so many parts that differ by a cent at most."""
    least, rest = divmod(cents(amount), number)
    for place in range(number):
        yield from_cents(least + (place < rest))
