"""The ledger held against what its marketplace says, to the cent."""

from collections import Counter
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

import attrs

from crowdlab.accounting import Accounts
from crowdlab.errors import MTurkError
from crowdlab.ledger import BatchRecord, Ledger, Observation, WorkMoments
from crowdlab.mturk import Connection, Transport, group, pages
from crowdlab.workflow.bonuses import list_payments
from crowdlab.workflow.bookkeeping import price_of, settle_accounts
from crowdlab.workflow.publication import refuse_elsewhere
from crowdlab.workflow.receipts import Progress, no_progress
from crowdlab.workflow.statements import Audited, Difference

__all__ = ["audit"]

CHUNK = 200
GONE = "hitdoesnotexist"
NOTHING = Decimal("0.00")
ABSENT = "absent"
SANDBOX = "sandbox"

Payment = tuple[str, Decimal, str]


def audit(
    ledger: Ledger,
    connection: Connection,
    record: BatchRecord,
    *,
    now: float,
    progress: Progress = no_progress,
) -> Audited:
    """Compares a batch with its marketplace: answers, bonuses, and the balance.

    The balance is compared with that of the audit before: both moved by as much, or
    money went where no batch of this ledger knows of.
    """
    refuse_elsewhere(record.batch, connection)
    auditor = _Auditor(ledger, connection.transport, record)
    differences = list(auditor.compare(progress))
    before = ledger.observations.newest(connection.environment)
    seen = _observe(ledger, connection, int(now))
    if not _is_sandbox(connection):
        differences += _compare_balances(connection.environment, before, seen)
    return Audited(
        name=record.batch.name,
        hits=ledger.hits.count(record.key),
        answers=auditor.n_answers,
        bonuses=auditor.n_bonuses,
        balance=seen.balance,
        moved=None if before is None else seen.balance - before.balance,
        booked=None if before is None else seen.books - before.books,
        differences=tuple(differences),
        environment=connection.environment,
    )


@attrs.define
class _Auditor:
    """What is known of a batch's answers and bonuses, crossed off one by one."""

    ledger: Ledger
    transport: Transport
    record: BatchRecord
    n_answers: int = 0
    n_bonuses: int = 0

    def compare(self, progress: Progress) -> Iterator[Difference]:
        """The differences of all HITs."""
        key = self.record.key
        works: dict[str, dict[str, WorkMoments]] = {}
        for work in self.ledger.moments.worked(key):
            works.setdefault(work.hit_id, {})[work.assignment_id] = work
        paid: dict[str, Counter[Payment]] = {}
        for bonus in self.ledger.bonuses.each(key):
            payment = (bonus.assignment_id, bonus.amount, bonus.reason)
            paid.setdefault(bonus.hit_id, Counter())[payment] += 1
        ids = sorted(self.ledger.hits.ids(key))
        for start in range(0, len(ids), CHUNK):
            with group(self.transport):
                for hit_id in ids[start : start + CHUNK]:
                    known = works.get(hit_id, {})
                    yield from self._compare_hit(
                        hit_id, known, paid.get(hit_id, Counter())
                    )
            progress(min(start + CHUNK, len(ids)), len(ids))

    def _compare_hit(
        self, hit_id: str, known: Mapping[str, WorkMoments], paid: Counter[Payment]
    ) -> Iterator[Difference]:
        try:
            listed = self._list_answers(hit_id)
            payments = self._list_bonuses(hit_id)
        except MTurkError as error:
            if not (error.turk_code or "").lower().endswith(GONE):
                raise
            yield Difference(where=hit_id, what="the HIT is gone there", amount=NOTHING)
            return
        self.n_answers += len(listed)
        self.n_bonuses += payments.total()
        yield from self._compare_answers(listed, known)
        yield from self._compare_bonuses(payments, paid)

    def _list_answers(self, hit_id: str) -> dict[str, str]:
        """How the marketplace has each answer, by its assignment."""
        request = {"HITId": hit_id}
        return {
            each["AssignmentId"]: each["AssignmentStatus"]
            for page in pages(
                self.transport, "ListAssignmentsForHIT", request, "Assignments"
            )
            for each in page
        }

    def _list_bonuses(self, hit_id: str) -> Counter[Payment]:
        return Counter(
            (each["AssignmentId"], Decimal(each["BonusAmount"]), each["Reason"])
            for each in list_payments(self.transport, HITId=hit_id)
        )

    def _compare_answers(
        self, listed: Mapping[str, str], known: Mapping[str, WorkMoments]
    ) -> Iterator[Difference]:
        for name in sorted({*listed, *known}):
            ours = known[name].status if name in known else ABSENT
            theirs = listed.get(name, ABSENT)
            if ours != theirs:
                what = f"{theirs} there and {ours} in the ledger"
                yield Difference(
                    where=name, what=what, amount=self._cost(theirs) - self._cost(ours)
                )

    def _compare_bonuses(
        self, payments: Counter[Payment], paid: Counter[Payment]
    ) -> Iterator[Difference]:
        for (where, amount, reason), number in (payments - paid).items():
            what = f"a bonus unknown to the ledger: {reason!r}"
            yield Difference(where=where, what=what, amount=number * amount)
        for (where, amount, reason), number in (paid - payments).items():
            what = f"a bonus of the ledger that is not there: {reason!r}"
            yield Difference(where=where, what=what, amount=-number * amount)

    def _cost(self, status: str) -> Decimal:
        return price_of(self.record).total if status == "Approved" else NOTHING


def _observe(ledger: Ledger, connection: Connection, now: int) -> Observation:
    """The balance there, and what the books of all batches there come to."""
    answer: Mapping[str, Any] = connection.transport.call("GetAccountBalance", {})
    books = [
        settle_accounts(ledger, ledger.batches.find(batch.name))
        for batch in ledger.batches.all()
        if batch.environment == connection.environment
    ]
    seen = Observation(
        made=now,
        balance=Decimal(answer["AvailableBalance"]),
        books=-sum(map(_taken, books), NOTHING),
        dead=sum((each.dead for each in books), NOTHING),
    )
    ledger.observations.add(connection.environment, seen)
    return seen


def _taken(accounts: Accounts) -> Decimal:
    return accounts.paid + accounts.reserved


def _is_sandbox(connection: Connection) -> bool:
    """Whether it is a place where no money moves, whatever is paid."""
    market = getattr(connection.transport, "environment", "")
    return SANDBOX in {connection.environment, market}


def _compare_balances(
    where: str, before: Observation | None, now: Observation
) -> Iterator[Difference]:
    if before is None:
        return
    moved, booked = now.balance - before.balance, now.books - before.books
    # Some marketplaces hold what is dead until its HITs are deleted.
    if moved not in {booked, booked - (now.dead - before.dead)}:
        what = f"the balance moved by {moved}, and by the books it is {booked}"
        yield Difference(where=where, what=what, amount=booked - moved)
