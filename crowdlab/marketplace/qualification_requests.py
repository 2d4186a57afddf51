"""Requests for Qualifications: workers ask and take tests, requesters decide."""

from collections.abc import Mapping, Sequence
from typing import cast

import sqlalchemy as sa
from sqlalchemy import bindparam

from crowdlab.database import Statement
from crowdlab.errors import WorkRefused
from crowdlab.marketplace import refusals
from crowdlab.marketplace.call import Call, Params, Reply, Row, present
from crowdlab.marketplace.clock import moment
from crowdlab.marketplace.messages import deliver
from crowdlab.marketplace.pages import list_page
from crowdlab.marketplace.qualification_types import find_own_type
from crowdlab.marketplace.qualifications import grant
from crowdlab.marketplace.schema import (
    qualification_requests,
    qualification_types,
    workers,
)
from crowdlab.marketplace.workers import find_worker
from crowdlab.questions import AnswerKey, QuestionForm, build_answers, parse_question

__all__ = [
    "accept_qualification_request",
    "find_requestable",
    "list_qualification_requests",
    "need_retry",
    "reject_qualification_request",
    "request_qualification",
]

Answers = Mapping[str, str | Sequence[str]]

#: What a test may be worth: the wire has room for 32 bits.
LOWEST, HIGHEST = -(2**31), 2**31 - 1

_TYPE = Statement(
    sa.select(qualification_types).where(
        qualification_types.c.qualification_type_id == bindparam("known")
    )
)
_LAST = Statement(
    sa.select(qualification_requests.c.status, qualification_requests.c.submitted)
    .where(
        (qualification_requests.c.qualification_type == bindparam("kind"))
        & (qualification_requests.c.worker == bindparam("who"))
    )
    .order_by(qualification_requests.c.id.desc())
    .limit(1)
)
_NEW = Statement(qualification_requests.insert())
_PENDING = (
    sa.select(
        qualification_requests,
        workers.c.worker_id,
        qualification_types.c.qualification_type_id,
        qualification_types.c.name,
    )
    .select_from(qualification_requests.join(workers).join(qualification_types))
    .where(
        (qualification_types.c.requester == bindparam("asks"))
        & (qualification_requests.c.status == "Pending")
    )
)
_BY_NAME = Statement(
    _PENDING.where(
        qualification_requests.c.qualification_request_id == bindparam("known")
    )
)
_PAGE = (
    _PENDING.where(qualification_requests.c.id > bindparam("after"))
    .order_by(qualification_requests.c.id)
    .limit(bindparam("most"))
)
_PAGE_OF_ANY = Statement(_PAGE)
_PAGE_OF_TYPE = Statement(
    _PAGE.where(qualification_requests.c.qualification_type == bindparam("kind"))
)
_DECIDE = Statement(
    qualification_requests.update()
    .where(qualification_requests.c.id == bindparam("key"))
    .values(status=bindparam("state"))
)


def list_qualification_requests(call: Call, params: Params) -> Reply:
    """ListQualificationRequests: those that wait, of one type or of all one's own."""
    type_id = params.get("QualificationTypeId")
    kind = {} if type_id is None else {"kind": find_own_type(call, type_id).id}
    rows, frame = list_page(
        call,
        params,
        scope=f"ListQualificationRequests {type_id}",
        start=[0],
        fetch=lambda after, n: call.rows(
            _PAGE_OF_TYPE if kind else _PAGE_OF_ANY,
            asks=call.requester,
            after=after[0],
            most=n,
            **kind,
        ),
        position=lambda row: [row.id],
    )
    return frame | {"QualificationRequests": [_describe(row) for row in rows]}


def accept_qualification_request(call: Call, params: Params) -> Reply:
    """AcceptQualificationRequest: grants what was asked for."""
    request = _find(call, params["QualificationRequestId"])
    kind = call.one(_TYPE, known=request.qualification_type_id)
    grant(call, kind, request.worker, params.get("IntegerValue"))
    call.run(_DECIDE, key=request.id, state="Granted")
    text = f"You now have the Qualification {kind.name!r}."
    deliver(call, call.requester, request.worker, "A Qualification for you", text)
    return {}


def reject_qualification_request(call: Call, params: Params) -> Reply:
    """RejectQualificationRequest: tells the worker why, where a reason is given."""
    request = _find(call, params["QualificationRequestId"])
    call.run(_DECIDE, key=request.id, state="Rejected")
    text = params.get("Reason") or f"You did not get {request.name!r}."
    deliver(call, call.requester, request.worker, "No Qualification for you", text)
    return {}


def request_qualification(
    call: Call, worker_id: str, qualification_type_id: str, answers: Answers | None
) -> int | None:
    """Asks for a Qualification; gives its value, or ``None`` where the request waits.

    Raises:
        WorkRefused: there is none such to be had, or not yet again.
    """
    worker = find_worker(call, worker_id)
    kind = find_requestable(call, qualification_type_id)
    need_retry(call, kind, worker.id)
    value = _value(kind, answers)
    call.run(
        _NEW,
        qualification_request_id=call.house.ids.new("3"),
        qualification_type=kind.id,
        worker=worker.id,
        status="Pending" if value is None else "Granted",
        submitted=call.now,
        **_paper(kind, answers),
    )
    if value is not None:
        grant(call, kind, worker.id, value)
    return value


def find_requestable(call: Call, qualification_type_id: str) -> Row:
    """The type of that name, if workers may ask for it.

    Raises:
        WorkRefused: they may not.
    """
    kind = call.one(_TYPE, known=qualification_type_id)
    if kind is None or kind.deleted is not None or kind.status != "Active":
        text = f"nobody can ask for a Qualification {qualification_type_id}"
        raise WorkRefused("not-requestable", text)
    return kind


def need_retry(call: Call, kind: Row, worker: int) -> None:
    """Keeps a worker from asking again while they may not.

    Raises:
        WorkRefused: they have asked, and cannot ask again yet, or ever.
    """
    last = call.one(_LAST, kind=kind.id, who=worker)
    if last is None:
        return
    if last.status == "Pending":
        raise WorkRefused("already-requested", "the requester has yet to decide")
    if kind.retry_delay is None:
        raise WorkRefused("no-retake", "this Qualification can be asked for once only")
    wait = last.submitted + kind.retry_delay - call.now
    if wait > 0:
        raise WorkRefused("too-early", f"it can be asked for again in {wait} seconds")


def _value(kind: Row, answers: Answers | None) -> int | None:
    """The value that is granted at once, if any."""
    if kind.auto_granted:
        return int(kind.auto_granted_value)
    if kind.answer_key is None:
        return None
    score = AnswerKey.parse(kind.answer_key).score(answers or {})
    return max(LOWEST, min(HIGHEST, score))


def _paper(kind: Row, answers: Answers | None) -> dict[str, str]:
    """The test as it was taken, and what was answered."""
    if kind.test is None or answers is None:
        return {}
    form = cast(QuestionForm, parse_question(kind.test))
    return {"test": kind.test, "answer": build_answers(answers, form)}


def _find(call: Call, request_id: str) -> Row:
    request = call.one(_BY_NAME, asks=call.requester, known=request_id)
    if request is None:
        raise refusals.does_not_exist("QualificationRequest", request_id)
    return request


def _describe(request: Row) -> Reply:
    return present(
        QualificationRequestId=request.qualification_request_id,
        QualificationTypeId=request.qualification_type_id,
        WorkerId=request.worker_id,
        Test=request.test,
        Answer=request.answer,
        SubmitTime=moment(request.submitted),
    )
