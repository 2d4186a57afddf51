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
from crowdlab.marketplace.workers import find_worker

__all__ = ["Message", "deliver", "notify_workers", "received"]

MOST_WORKERS = 100
MOST_SUBJECT = 200
MOST_TEXT = 4096
STRANGER = "Cannot send a notification to a worker who has not done any work for you"

_NEW = Statement(messages.insert())
_RECEIVED = Statement(
    sa.select(messages, requesters.c.customer_id)
    .select_from(messages.join(requesters))
    .where(messages.c.worker == bindparam("who"))
    .order_by(messages.c.id.desc())
)
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
    """

    requester: str
    sent: dt.datetime
    subject: str
    text: str


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
        Message(row.customer_id, moment(row.sent), row.subject, row.text)
        for row in call.rows(_RECEIVED, who=worker.id)
    ]


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
