"""Collecting: what workers sent is kept first, and read then."""

import datetime as dt
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from crowdlab.errors import BadAnswer, MTurkError
from crowdlab.ledger import BatchRecord, HITRecord, Ledger, RawAnswer, ReadAnswer
from crowdlab.model import Task
from crowdlab.mturk import Connection, Transport, group, pages
from crowdlab.questions import parse_answers
from crowdlab.templates import Template
from crowdlab.workflow.publication import refuse_elsewhere
from crowdlab.workflow.receipts import Collected, Progress, no_progress

__all__ = ["collect"]

CHUNK = 200
GONE = "hitdoesnotexist"
#: The states in which nobody works on a HIT, nor may.
OVER = ("Reviewable", "Reviewing", "Disposed")


def collect(
    ledger: Ledger,
    connection: Connection,
    record: BatchRecord,
    template: Template,
    *,
    now: float,
    progress: Progress = no_progress,
) -> Collected:
    """Brings what workers answered into the ledger.

    Only HITs are asked about of which the marketplace may know more than the ledger.

    Args:
        now: the marketplace's time, in seconds since 1970.
    """
    refuse_elsewhere(record.batch, connection)
    wanted = record.batch.n_tasks * record.batch.assignments
    after = 0
    while hits := ledger.hits.wanting(record.key, now=now, after=after, limit=CHUNK):
        # Asked first: what came in before a HIT was over is among its answers then.
        over = _find_over(ledger, connection.transport, record, hits, now)
        raw = _fetch(connection.transport, hits)
        with ledger.transaction():
            if raw:
                ledger.answers.add(record.key, raw)
            if over:
                ledger.endings.close(over, at=int(now))
        _read(ledger, record, template)
        after = hits[-1].key
        progress(ledger.answers.count(record.key)[0], wanted)
    _read(ledger, record, template)
    n_answers, n_invalid = ledger.answers.count(record.key)
    return Collected(
        answers=n_answers,
        missing=wanted - n_answers,
        invalid=n_invalid,
        environment=connection.environment,
    )


def _fetch(transport: Transport, hits: Iterable[HITRecord]) -> list[RawAnswer]:
    with group(transport):
        return [raw for hit in hits for raw in _fetch_one(transport, hit)]


def _fetch_one(transport: Transport, hit: HITRecord) -> list[RawAnswer]:
    request = {"HITId": hit.hit_id}
    try:
        return [
            _raw(hit, assignment)
            for page in pages(
                transport, "ListAssignmentsForHIT", request, "Assignments"
            )
            for assignment in page
        ]
    except MTurkError as error:
        # Marketplaces forget HITs some time after these were deleted.
        if (error.turk_code or "").lower().endswith(GONE):
            return []
        raise


def _find_over(
    ledger: Ledger,
    transport: Transport,
    record: BatchRecord,
    hits: Sequence[HITRecord],
    now: float,
) -> list[int]:
    """Those of the HITs that nobody can answer any more."""
    ripe = ledger.endings.ripe(
        [hit.key for hit in hits],
        created_before=int(now) - record.batch.lifetime_seconds,
    )
    with group(transport):
        return [hit.key for hit in hits if hit.key in ripe and _is_over(transport, hit)]


def _is_over(transport: Transport, hit: HITRecord) -> bool:
    try:
        answer = transport.call("GetHIT", {"HITId": hit.hit_id})
    except MTurkError as error:
        if (error.turk_code or "").lower().endswith(GONE):
            return True
        raise
    return answer["HIT"]["HITStatus"] in OVER


def _raw(hit: HITRecord, assignment: Mapping[str, Any]) -> RawAnswer:
    return RawAnswer(
        assignment_id=assignment["AssignmentId"],
        hit_key=hit.key,
        task_key=hit.task_key,
        worker=assignment["WorkerId"],
        status=assignment["AssignmentStatus"],
        accepted=int(assignment["AcceptTime"].timestamp()),
        submitted=int(assignment["SubmitTime"].timestamp()),
        auto_approval=_seconds(assignment.get("AutoApprovalTime")),
        approved=_seconds(assignment.get("ApprovalTime")),
        rejected=_seconds(assignment.get("RejectionTime")),
        feedback=assignment.get("RequesterFeedback"),
        answer_xml=assignment.get("Answer", ""),
    )


def _seconds(moment: dt.datetime | None) -> int | None:
    return None if moment is None else int(moment.timestamp())


def _read(ledger: Ledger, record: BatchRecord, template: Template) -> None:
    """Reads every answer that was not read, also after an earlier process was killed."""
    after = 0
    while unread := ledger.answers.unread(record.key, after=after, limit=CHUNK):
        ledger.answers.settle([_read_one(template, *each) for each in unread])
        after = unread[-1][0]


def _read_one(template: Template, key: int, task: Task, xml: str) -> ReadAnswer:
    try:
        answer = template.read(task, parse_answers(xml))
    except BadAnswer as error:
        return ReadAnswer(key, None, str(error))
    return ReadAnswer(key, json.dumps(answer, separators=(",", ":")), "")
