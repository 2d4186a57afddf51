"""What accounts for a batch: its books, its wages, its audit and its report."""

from decimal import Decimal

import attrs
import pandas as pd

from crowdlab.accounting import Books
from crowdlab.workflow.receipts import TABLE, Receipt

__all__ = ["Audited", "Booked", "Difference", "Earned"]


@attrs.frozen(kw_only=True, repr=False)
class Booked(Receipt):
    """The books of a batch.

    Attributes:
        entries: how many there are.
        committed: and what follows: as :class:`~crowdlab.accounting.accounts.Accounts`.
        paid: rewards, fees and bonuses together.
        trial_balance: the sum of all accounts, which is nothing.
        books: the entries themselves.
    """

    name: str
    entries: int
    committed: Decimal
    submitted: Decimal
    approved: Decimal
    rejected: Decimal
    dead: Decimal
    fees: Decimal
    bonuses: Decimal
    paid: Decimal
    trial_balance: Decimal
    environment: str
    books: Books = attrs.field(metadata=TABLE)
    labels: "dict[str, list[str]]" = attrs.field(metadata=TABLE)

    @property
    def table(self) -> pd.DataFrame:
        """A row for each entry; the amounts are text, as bookkeepers want them."""
        return pd.DataFrame(
            [entry.to_json() for entry in self.books.entries], columns=BOOK_COLUMNS
        )

    def by(self, column: str) -> pd.DataFrame:
        """What was paid for each task, worker, hit, assignment, batch or label.

        A label costs what its task cost; where a task has several, they share it.
        """
        paid = (
            self.books.paid_by_label(self.labels)
            if column == "label"
            else self.books.paid_by(column)
        )
        rows = [(name, f"{amount:.2f}") for name, amount in sorted(paid.items())]
        return pd.DataFrame(rows, columns=[column, "paid"])


BOOK_COLUMNS = [
    "at",
    "batch",
    "hit",
    "task",
    "worker",
    "assignment",
    "source",
    "target",
    "amount",
    "what",
]


@attrs.frozen(kw_only=True, repr=False)
class Earned(Receipt):
    """What workers earn on a batch, and what would bring them to a wage.

    Answers that were rejected earn nothing and do not count.

    Attributes:
        elapsed_seconds: the median from accepting to submitting.
        active_seconds: the median that a page was seen and touched, where pages tell.
        lower_wage: a quarter of the workers earned less an hour, bonuses included.
        target: the wage asked about, dollars an hour.
        fair_reward: the reward that pays it at the median time.
        bonuses: how many workers a bonus would bring to it.
        bonus_total: what these bonuses and their fees would cost.
        table: those bonuses, columns assignment_id, amount, reason.
    """

    answers: int
    by: str
    elapsed_seconds: float | None
    active_seconds: float | None
    lower_wage: Decimal | None
    median_wage: Decimal | None
    upper_wage: Decimal | None
    target: Decimal | None
    fair_reward: Decimal | None
    bonuses: int
    bonus_total: Decimal
    environment: str
    table: pd.DataFrame = attrs.field(metadata=TABLE, eq=False)


@attrs.frozen(kw_only=True, repr=False)
class Difference(Receipt):
    """One thing on which ledger and marketplace do not agree.

    Attributes:
        where: the HIT, the assignment, or the account.
        amount: how many dollars it is about; more than nothing where the marketplace
            took more than the ledger knows.
    """

    where: str
    what: str
    amount: Decimal


@attrs.frozen(kw_only=True, repr=False)
class Audited(Receipt):
    """A ledger was compared with its marketplace.

    Attributes:
        answers: how many were compared.
        bonuses: how many payments were compared.
        balance: what the marketplace says may still be spent.
        moved: by how much that changed since the audit before.
        booked: by how much it should have, by the books of all batches there.
        differences: all that do not agree; none, if all is well.
    """

    name: str
    hits: int
    answers: int
    bonuses: int
    balance: Decimal
    moved: Decimal | None
    booked: Decimal | None
    differences: tuple[Difference, ...]
    environment: str
