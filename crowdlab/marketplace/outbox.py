"""The outbox: event documents on their way to queues, topics and mailboxes.

Delivery comes after the commit and never breaks the call that caused it: what cannot
be delivered stays, and is tried again after a minute, then two, four, at last every
hour. A document may arrive twice, when a process dies between delivering and noting
it; that is why documents carry an id.
"""

import json
import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy import bindparam

from crowdlab.database import Database, Statement
from crowdlab.errors import StoreError
from crowdlab.marketplace.call import Row
from crowdlab.marketplace.clock import Clock
from crowdlab.marketplace.schema import outbox

__all__ = ["Deliver", "Outbox"]

#: Takes the transport (``SQS``, ``SNS`` or ``Email``), the destination, the document.
Deliver = Callable[[str, str, Mapping[str, Any]], object]

#: How long a document is left to whoever took it, before another may try.
LEASE = 60
LONGEST_PAUSE = 3600

_TAKE = Statement(
    outbox.update()
    .where(outbox.c.due <= bindparam("now"))
    .values(due=bindparam("lease"))
    .returning(outbox)
)
_NEXT = Statement(sa.select(sa.func.min(outbox.c.due).label("due")))
_THE_DOCUMENT = outbox.update().where(outbox.c.id == bindparam("key"))
_SENT = Statement(_THE_DOCUMENT.values(due=None))
_FAILED = Statement(
    _THE_DOCUMENT.values(
        due=bindparam("later"), n_failures=outbox.c.n_failures + bindparam("more")
    )
)
_ALL_SENT = Statement(
    sa.select(outbox.c.document).where(outbox.c.due.is_(None)).order_by(outbox.c.id)
)

_log = logging.getLogger(__name__)


class Outbox:
    """Delivers what waits in a marketplace's store.

    Args:
        mail: set while something may wait.
        deliver: what brings a document to its destination, or raises.
    """

    def __init__(
        self, database: Database, clock: Clock, mail: threading.Event, deliver: Deliver
    ) -> None:
        self._database, self._clock = database, clock
        self._mail, self._deliver = mail, deliver
        self._next_try = float("inf")
        # Re-entrant, because a deliverer may call the marketplace.
        self._lock = threading.RLock()
        self._is_busy = False
        mail.set()

    def empty(self) -> None:
        """Delivers everything that is due; between transactions only."""
        if not self._mail.is_set() and self._clock() < self._next_try:
            return
        if self._database.in_transaction:
            return
        with self._lock:
            if self._is_busy:
                return
            self._is_busy = True
            try:
                while documents := self._take():
                    self._send(documents)
            except StoreError as error:
                self._mail.set()
                _log.warning("notifications wait, the store is not free: %s", error)
            finally:
                self._is_busy = False

    def sent(self) -> list[dict[str, Any]]:
        """Every document delivered so far, oldest first."""
        with self._database.transaction() as connection:
            rows = _ALL_SENT.rows(connection, {})
        return [json.loads(row.document) for row in rows]

    def _take(self) -> list[Row]:
        self._mail.clear()
        now = int(self._clock())
        with self._database.transaction(durable=False) as connection:
            rows = _TAKE.rows(connection, {"now": now, "lease": now + LEASE})
            waiting = _NEXT.first(connection, {}).due
        self._next_try = float("inf") if waiting is None else waiting
        return sorted(rows)

    def _send(self, documents: Sequence[Row]) -> None:
        dead: set[str] = set()
        sent, failed = [], []
        for document in documents:
            if document.destination in dead or not self._is_delivered(document):
                dead.add(document.destination)
                failed.append(self._postponed(document))
            else:
                sent.append({"key": document.id})
        with self._database.transaction(durable=False) as connection:
            _SENT.run_many(connection, sent)
            _FAILED.run_many(connection, failed)

    def _is_delivered(self, document: Row) -> bool:
        try:
            self._deliver(
                document.transport, document.destination, json.loads(document.document)
            )
        except Exception as error:  # noqa: BLE001 - whatever a deliverer stumbles over
            _log.warning(
                "a notification to %s waits for another try: %s",
                document.destination,
                error,
            )
            return False
        return True

    def _postponed(self, document: Row) -> dict[str, int]:
        pause = min(60 * 2 ** min(document.n_failures, 10), LONGEST_PAUSE)
        return {"key": document.id, "later": int(self._clock()) + pause, "more": 1}
