"""The books of a batch, kept from what the ledger knows."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal

import attrs

from crowdlab.accounting import Books, Entry, Price, Subject
from crowdlab.ledger import BatchRecord, Ledger, WorkMoments

__all__ = ["Accounts", "keep_books", "price_of", "settle_accounts"]

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


def price_of(record: BatchRecord) -> Price:
    """What one assignment of a batch costs."""
    return Price(record.batch.reward, record.fee)


def keep_books(ledger: Ledger, record: BatchRecord) -> Books:
    """The books of a batch, every entry in the order of time."""
    entries = sorted(_entries(ledger, record), key=lambda entry: entry.at)
    return Books(entries)


def settle_accounts(ledger: Ledger, record: BatchRecord) -> Accounts:
    """What those books come to, from counts alone: as quick for a million answers."""
    key, price = record.key, price_of(record)
    counts = ledger.answers.count_by_status(key)
    n_dead = ledger.endings.count_dead(key)
    n_open = ledger.hits.count(key) * record.batch.assignments
    n_open -= n_dead + sum(counts.values())
    bonuses, fees_of_bonuses = ledger.bonuses.paid(key)
    return Accounts(
        committed=n_open * price.total,
        submitted=counts["Submitted"] * price.total,
        approved=counts["Approved"] * price.reward,
        rejected=counts["Rejected"] * price.total,
        dead=n_dead * price.total,
        fees=counts["Approved"] * price.fee + fees_of_bonuses,
        bonuses=bonuses,
    )


def _entries(ledger: Ledger, record: BatchRecord) -> Iterator[Entry]:
    key, name, price = record.key, record.batch.name, price_of(record)
    for hit in ledger.moments.published(key):
        about = Subject(batch=name, hit=hit.hit_id, task=hit.task)
        yield from price.publish(_moment(hit.at), about, hit.assignments)
    for work in ledger.moments.worked(key):
        yield from _work_entries(price, name, work)
    for dead in ledger.endings.each_dead(key):
        about = Subject(batch=name, hit=dead.hit_id, task=dead.task)
        yield from price.die(_moment(dead.at), about, dead.n_missing)
    for bonus in ledger.bonuses.each(key):
        about = Subject(
            batch=name,
            hit=bonus.hit_id,
            task=bonus.task,
            worker=bonus.worker,
            assignment=bonus.assignment_id,
        )
        yield from price.reward_more(_moment(bonus.at), about, bonus.amount, bonus.fee)


def _work_entries(price: Price, batch: str, work: WorkMoments) -> Iterator[Entry]:
    about = Subject(
        batch=batch,
        hit=work.hit_id,
        task=work.task,
        worker=work.worker,
        assignment=work.assignment_id,
    )
    yield from price.submit(_moment(work.submitted), about)
    if work.status == "Approved":
        yield from price.approve(_moment(work.decided), about)
    elif work.status == "Rejected":
        yield from price.reject(_moment(work.decided), about)


def _moment(seconds: int) -> dt.datetime:
    return dt.datetime.fromtimestamp(seconds, dt.UTC)
