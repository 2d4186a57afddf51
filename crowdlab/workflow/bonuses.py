"""Paying bonuses: each once, whatever is killed in between."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

import attrs

from crowdlab.accounting import FeeSchedule
from crowdlab.errors import BadRow, MTurkError
from crowdlab.ledger import BatchRecord, Ledger, NewBonus, PendingBonus
from crowdlab.mturk import Connection, Transport, group, pages
from crowdlab.workflow.costs import refuse_bonuses_over_budget
from crowdlab.workflow.publication import refuse_elsewhere
from crowdlab.workflow.receipts import BonusesPaid, Progress, no_progress

__all__ = ["Wish", "list_payments", "pay_bonuses"]

CHUNK = 200
LONGEST_REASON = 4096
TOKEN_USED = "idempotency token"  # noqa: S105 - the service's words, and no secret


@attrs.frozen
class Wish:
    """A bonus that a requester wants to pay.

    Attributes:
        origin: where the wish stands, for messages.
        reason: what the worker is told.
    """

    origin: str
    assignment_id: str
    amount: Decimal
    reason: str


def pay_bonuses(
    ledger: Ledger,
    connection: Connection,
    record: BatchRecord,
    wishes: Iterable[Wish],
    *,
    fees: FeeSchedule,
    now: float,
    progress: Progress = no_progress,
) -> BonusesPaid:
    """Pays these bonuses, and those of an earlier list that was not paid to its end.

    The same amount for the same answer and reason is one bonus, however often it is
    asked for.

    Raises:
        BadRow: for an answer that is not there, or a bonus that is none or stands twice
            in the list; nothing is paid then.
        BudgetExceeded: if the batch could cost more than its budget.
        MTurkError: if the marketplace refuses; what was paid until then is noted.
    """
    refuse_elsewhere(record.batch, connection)
    _find_paid(ledger, connection.transport, record, int(now))
    n_already = _plan(ledger, record, list(wishes), fees)
    before = ledger.bonuses.paid(record.key)
    n_paid = 0
    total = ledger.bonuses.count_pending(record.key)
    while pending := ledger.bonuses.pending(record.key, limit=CHUNK):
        n_paid += _send_all(ledger, connection.transport, pending, int(now))
        progress(n_paid, total)
    after = ledger.bonuses.paid(record.key)
    return BonusesPaid(
        paid=n_paid,
        already=n_already,
        bonuses=after[0] - before[0],
        fees=after[1] - before[1],
        environment=connection.environment,
    )


def _plan(
    ledger: Ledger, record: BatchRecord, wishes: Sequence[Wish], fees: FeeSchedule
) -> int:
    """Notes what is to be paid, and gives how many wishes were noted before."""
    n_known = 0
    with ledger.transaction():
        seen: dict[str, str] = {}
        for start in range(0, len(wishes), CHUNK):
            new = _read(ledger, record, wishes[start : start + CHUNK], fees, seen)
            known = ledger.bonuses.known(new)
            n_known += len(known)
            ledger.bonuses.plan(
                record.key,
                [bonus for token, bonus in new.items() if token not in known],
            )
        refuse_bonuses_over_budget(ledger, record)
    return n_known


def _read(
    ledger: Ledger,
    record: BatchRecord,
    wishes: Sequence[Wish],
    fees: FeeSchedule,
    seen: dict[str, str],
) -> dict[str, NewBonus]:
    """The bonuses that are wished for, by token."""
    known = ledger.reviews.statuses(record.key, [wish.assignment_id for wish in wishes])
    new = {}
    for wish in wishes:
        _refuse_unsound(wish)
        if wish.assignment_id not in known:
            reason = f"{wish.assignment_id!r} is absent in batch {record.batch.name!r}"
            raise BadRow(wish.origin, "assignment_id", reason)
        token = _token(record.uid, wish)
        if token in seen:
            raise BadRow(wish.origin, "", f"the same bonus as {seen[token]}")
        seen[token] = wish.origin
        new[token] = NewBonus(
            assignment_key=known[wish.assignment_id][0],
            token=token,
            amount=wish.amount,
            fee=fees.bonus_fee(wish.amount),
            reason=wish.reason,
        )
    return new


def _refuse_unsound(wish: Wish) -> None:
    if not wish.amount:
        raise BadRow(wish.origin, "amount", "a bonus is at least 0.01")
    if not 0 < len(wish.reason.strip()) <= LONGEST_REASON:
        raise BadRow(
            wish.origin,
            "reason",
            f"a worker is told what a bonus is for, in 1 to {LONGEST_REASON} characters",
        )


def _token(batch_uid: str, wish: Wish) -> str:
    text = f"{batch_uid}/bonus/{wish.assignment_id}/{wish.amount}/{wish.reason}"
    return hashlib.blake2b(text.encode(), digest_size=24).hexdigest()


def _find_paid(
    ledger: Ledger, transport: Transport, record: BatchRecord, now: int
) -> None:
    """Notes those bonuses that were sent by a process which did not live to note it.

    Tokens keep a request from being repeated for a day; the list of payments tells
    for ever.
    """
    n_pending = ledger.bonuses.count_pending(record.key)
    pending = ledger.bonuses.pending(record.key, limit=n_pending)
    found = [bonus.key for bonus in pending if _is_paid(transport, bonus)]
    ledger.bonuses.settle(found, at=now)


def _send_all(
    ledger: Ledger, transport: Transport, pending: Sequence[PendingBonus], now: int
) -> int:
    sent: list[int] = []
    refusal = None
    with group(transport):
        for bonus in pending:
            try:
                _send(transport, bonus)
            except MTurkError as error:
                # Those before it are paid, and have to be noted.
                refusal = error
                break
            sent.append(bonus.key)
    ledger.bonuses.settle(sent, at=now)
    if refusal is not None:
        raise refusal
    return len(sent)


def _send(transport: Transport, bonus: PendingBonus) -> None:
    request = {
        "WorkerId": bonus.worker,
        "AssignmentId": bonus.assignment_id,
        "BonusAmount": f"{bonus.amount:.2f}",
        "Reason": bonus.reason,
        "UniqueRequestToken": bonus.token,
    }
    try:
        transport.call("SendBonus", request)
    except MTurkError as error:
        # A request that was sent again because its answer was lost.
        if TOKEN_USED not in error.message or not _is_paid(transport, bonus):
            raise


def _is_paid(transport: Transport, bonus: PendingBonus) -> bool:
    return any(
        Decimal(payment["BonusAmount"]) == bonus.amount
        and payment.get("Reason") == bonus.reason
        for payment in list_payments(transport, AssignmentId=bonus.assignment_id)
    )


def list_payments(transport: Transport, **of: str) -> Iterator[dict[str, str]]:
    """The bonuses that a marketplace paid for a HIT or an assignment."""
    for page in pages(transport, "ListBonusPayments", of, "BonusPayments"):
        yield from page
