"""The books of a batch, kept from what the ledger knows."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator

import attrs

from crowdlab.accounting import Accounts, Books, Entry, Price, Subject
from crowdlab.ledger import BatchRecord, Ledger, WorkMoments
from crowdlab.templates import Template
from crowdlab.workflow.statements import Booked

__all__ = ["book", "keep_books", "price_of", "settle_accounts"]


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


def book(ledger: Ledger, record: BatchRecord, template: Template) -> Booked:
    """The books of a batch, and what each of its labels cost."""
    books = keep_books(ledger, record)
    accounts = Accounts.of(books)
    return Booked(
        name=record.batch.name,
        entries=len(books.entries),
        **attrs.asdict(accounts),
        paid=books.paid,
        trial_balance=books.trial_balance,
        environment=record.batch.environment,
        books=books,
        labels=_labels_by_task(ledger, record, template),
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


def _labels_by_task(
    ledger: Ledger, record: BatchRecord, template: Template
) -> dict[str, list[str]]:
    """The labels of the newest run, by the name of their task."""
    found: dict[str, list[str]] = defaultdict(list)
    label_by_thing = {
        each.task: each.label for each in ledger.labels.newest(record.key)
    }
    for task, _ in ledger.hits.each(record.key) if label_by_thing else ():
        for thing, _ in template.things(task):
            if thing in label_by_thing:
                found[task.name].append(label_by_thing[thing])
    return found
