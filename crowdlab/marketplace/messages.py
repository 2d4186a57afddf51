"""Messages to workers: what a requester writes, and what the marketplace tells.

Nothing is sent anywhere: a worker's site shows them.
"""

import datetime as dt

import attrs
import sqlalchemy as sa
from sqlalchemy import bindparam

from crowdlab.database import Statement
from crowdlab.marketplace import refusals
from crowdlab.marketplace.call import Call, Params, Reply
from crowdlab.marketplace.clock import moment
from crowdlab.marketplace.hit_types import need_short
from crowdlab.marketplace.schema import (
    assignments,
    hits,
    is_live,
    messages,
    requesters,
    workers,
)
from crowdlab.marketplace.site_schema import readings
from crowdlab.marketplace.workers import find_worker

__all__ = [
    "Message",
    "count_unread",
    "deliver",
    "mark_read",
    "notify_workers",
    "received",
]

MOST_WORKERS = 100
MOST_SUBJECT = 200
MOST_TEXT = 4096
STRANGER = "Cannot send a notification to a worker who has not done any work for you"

_NEW = Statement(messages.insert())
_RECEIVED = Statement(
    sa.select(
        messages,
        requesters.c.customer_id,
        requesters.c.name.label("requester_name"),
        readings.c.read,
    )
    .select_from(messages.join(requesters).outerjoin(readings))
    .where(messages.c.worker == bindparam("who"))
    .order_by(messages.c.id.desc())
)
_UNREAD = (
    sa.select(messages.c.id, bindparam("now", type_=sa.BigInteger).label("read"))
    .select_from(messages.outerjoin(readings))
    .where(messages.c.worker == bindparam("who"))
    .where(messages.c.id <= bindparam("newest"))
    .where(readings.c.message.is_(None))
)
_N_UNREAD = Statement(
    sa.select(sa.func.count().label("n"))
    .select_from(messages.join(workers).outerjoin(readings))
    .where(workers.c.worker_id == bindparam("who"))
    .where(readings.c.message.is_(None))
)
_READ = Statement(readings.insert().from_select(["message", "read"], _UNREAD))
_REVIEWED_WORKER = Statement(
    sa.select(workers.c.id)
    .select_from(workers.join(assignments).join(hits))
    .where(
        (workers.c.worker_id == bindparam("name"))
        & (hits.c.requester == bindparam("asks"))
        & is_live(assignments)
        & (assignments.c.approved.is_not(None) | assignments.c.rejected.is_not(None))
    )
    .limit(1)
)


@attrs.frozen
class Message:
    """A message as its worker reads it.

    Attributes:
        requester: the id of who wrote it.
        name: of that requester.
        number: greater than those of older messages.
    """

    requester: str
    sent: dt.datetime
    subject: str
    text: str
    name: str = attrs.field(default="", eq=False)
    number: int = attrs.field(default=0, eq=False)
    is_read: bool = attrs.field(default=False, eq=False)


def notify_workers(call: Call, params: Params) -> Reply:
    """NotifyWorkers: those whose work the requester has reviewed; names the others."""
    need_short("Subject", params["Subject"], MOST_SUBJECT)
    need_short("MessageText", params["MessageText"], MOST_TEXT)
    names = dict.fromkeys(params["WorkerIds"])
    if len(names) > MOST_WORKERS:
        hint = f"At most {MOST_WORKERS} Workers can be notified at a time."
        raise refusals.bad_parameter("WorkerIds", len(names), hint)
    strangers = [name for name in names if not _notify(call, name, params)]
    return {"NotifyWorkersFailureStatuses": [_failure(name) for name in strangers]}


def deliver(call: Call, requester: int, worker: int, subject: str, text: str) -> None:
    """Puts a message where its worker finds it."""
    call.run(
        _NEW,
        requester=requester,
        worker=worker,
        sent=call.now,
        subject=subject,
        text=text,
    )


def received(call: Call, worker_id: str) -> list[Message]:
    """What a worker was told, the newest first.

    Raises:
        WorkRefused: nobody is registered under that name.
    """
    worker = find_worker(call, worker_id)
    return [
        Message(
            row.customer_id,
            moment(row.sent),
            row.subject,
            row.text,
            name=row.requester_name,
            number=row.id,
            is_read=row.read is not None,
        )
        for row in call.rows(_RECEIVED, who=worker.id)
    ]


def count_unread(call: Call, worker_id: str) -> int:
    """How many messages a worker has not read."""
    return int(call.one(_N_UNREAD, who=worker_id).n)


def mark_read(call: Call, worker_id: str, newest: int) -> None:
    """Notes that a worker has read their messages up to the one of that number.

    Raises:
        WorkRefused: nobody is registered under that name.
    """
    worker = find_worker(call, worker_id)
    call.run(_READ, who=worker.id, newest=newest, now=call.now)


def _notify(call: Call, worker_id: str, params: Params) -> bool:
    worker = call.one(_REVIEWED_WORKER, name=worker_id, asks=call.requester)
    if worker is None:
        return False
    deliver(call, call.requester, worker.id, params["Subject"], params["MessageText"])
    return True


def _failure(worker_id: str) -> Reply:
    return {
        "NotifyWorkersFailureCode": "HardFailure",
        "NotifyWorkersFailureMessage": STRANGER,
        "WorkerId": worker_id,
    }
