"""Where a batch stands on its marketplace, and taking it off."""

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from crowdlab.errors import MTurkError
from crowdlab.ledger import BatchRecord, Ledger
from crowdlab.mturk import Connection, Transport, group, pages
from crowdlab.workflow.publication import refuse_elsewhere
from crowdlab.workflow.receipts import Expired, Progress, Status, no_progress

__all__ = ["expire", "status"]

CHUNK = 200
# MTurk takes any moment that is over for now.
PAST = dt.datetime(1987, 1, 1, tzinfo=dt.UTC)
GONE = ("hitdoesnotexist", "invalidhitstate")


def status(ledger: Ledger, connection: Connection, record: BatchRecord) -> Status:
    """Where a batch stands, asked of the marketplace.

    A HIT tells how many of its assignments are decided, not how. Those rejected are
    the ledger's own: only a requester rejects.
    """
    refuse_elsewhere(record.batch, connection)
    ids = ledger.hits.ids(record.key)
    counts: Counter[str] = Counter()
    for hit in _find(connection.transport, ids):
        counts.update(_counts(hit))
    rejected = ledger.answers.count_by_status(record.key)["Rejected"]
    return Status(
        published=len(ids),
        available=counts["available"],
        pending=counts["pending"],
        submitted=counts["submitted"],
        approved=max(counts["decided"] - rejected, 0),
        rejected=rejected,
        environment=connection.environment,
    )


def expire(
    ledger: Ledger,
    connection: Connection,
    record: BatchRecord,
    *,
    now: float,
    progress: Progress = no_progress,
) -> Expired:
    """Takes the HITs of a batch off the market; what workers took they may finish.

    What nobody answers is known to be dead once the batch is collected again.
    """
    refuse_elsewhere(record.batch, connection)
    ids = sorted(ledger.hits.ids(record.key))
    n_expired = 0
    for start in range(0, len(ids), CHUNK):
        chunk = ids[start : start + CHUNK]
        with group(connection.transport):
            for hit_id in chunk:
                n_expired += _expire(connection.transport, hit_id)
        ledger.endings.expire(chunk, at=int(now))
        progress(min(start + CHUNK, len(ids)), len(ids))
    return Expired(expired=n_expired, environment=connection.environment)


def _find(transport: Transport, ids: set[str]) -> Iterator[Mapping[str, Any]]:
    """Those of the HITs that the marketplace lists; the newest come first."""
    left = set(ids)
    for page in pages(transport, "ListHITs", {}, "HITs") if left else ():
        for hit in page:
            if hit["HITId"] in left:
                left.discard(hit["HITId"])
                yield hit
        if not left:
            return


def _counts(hit: Mapping[str, Any]) -> dict[str, int]:
    available = hit["NumberOfAssignmentsAvailable"]
    pending = hit["NumberOfAssignmentsPending"]
    decided = hit["NumberOfAssignmentsCompleted"]
    return {
        "available": available,
        "pending": pending,
        "decided": decided,
        "submitted": hit["MaxAssignments"] - available - pending - decided,
    }


def _expire(transport: Transport, hit_id: str) -> int:
    try:
        transport.call("UpdateExpirationForHIT", {"HITId": hit_id, "ExpireAt": PAST})
    except MTurkError as error:
        if (error.turk_code or "").lower().endswith(GONE):
            return 0
        raise
    return 1
