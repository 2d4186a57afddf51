"""The books of a batch as a requester gets them, each label with its price."""

from collections import defaultdict

import attrs

from crowdlab.ledger import BatchRecord, Ledger
from crowdlab.templates import Template
from crowdlab.workflow.bookkeeping import Accounts, keep_books
from crowdlab.workflow.statements import Booked

__all__ = ["book"]


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
