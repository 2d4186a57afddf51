"""Qualifications as a worker sees them: held, asked for, and to be had."""

from typing import cast

import attrs
import sqlalchemy as sa
from sqlalchemy import bindparam

from crowdlab.database import Statement
from crowdlab.errors import WorkRefused
from crowdlab.marketplace.call import Call, Row
from crowdlab.marketplace.qualification_requests import find_requestable, need_retry
from crowdlab.marketplace.schema import (
    qualification_requests,
    qualification_types,
    qualifications,
    requesters,
)
from crowdlab.marketplace.workers import find_worker
from crowdlab.questions import QuestionForm, parse_question

__all__ = ["Standing", "find_standing", "find_standings", "find_test"]

MOST_SHOWN = 200

_last = (
    sa.select(
        qualification_requests.c.qualification_type,
        sa.func.max(qualification_requests.c.id).label("id"),
    )
    .where(qualification_requests.c.worker == bindparam("who"))
    .group_by(qualification_requests.c.qualification_type)
    .subquery()
)
_held = (qualifications.c.qualification_type == qualification_types.c.id) & (
    (qualifications.c.worker == bindparam("who"))
    & (qualifications.c.status == "Granted")
)
_anyone = bindparam("name", type_=sa.Text) == ""
_STANDINGS = Statement(
    sa.select(
        qualification_types,
        requesters.c.name.label("requester_name"),
        qualifications.c.value,
        qualification_requests.c.status.label("request"),
    )
    .select_from(
        qualification_types.join(requesters)
        .outerjoin(qualifications, _held)
        .outerjoin(_last, _last.c.qualification_type == qualification_types.c.id)
        .outerjoin(qualification_requests, qualification_requests.c.id == _last.c.id)
    )
    .where(qualification_types.c.deleted.is_(None))
    .where(
        _anyone
        | (
            qualification_types.c.qualification_type_id
            == bindparam("name", type_=sa.Text)
        )
    )
    .where(
        (qualification_types.c.status == "Active")
        | qualifications.c.value.is_not(None)
        | qualification_requests.c.id.is_not(None)
    )
    .order_by(
        qualifications.c.value.is_(None),
        qualification_requests.c.id.is_(None),
        qualification_types.c.id.desc(),
    )
    .limit(MOST_SHOWN)
)


@attrs.frozen
class Standing:
    """A Qualification and how a worker stands with it.

    Attributes:
        value: what the worker has of it; ``None`` where they do not hold it.
        request: what became of their last request: Pending, Granted, Rejected, or
            nothing where they never asked.
        has_test: whether asking for it means taking a test.
        seconds: how long the test may take, where that is limited.
        hindrance: why it cannot be asked for now; nothing where it can.
    """

    qualification_type_id: str
    name: str
    description: str
    requester: str
    value: int | None
    request: str
    has_test: bool
    seconds: int | None
    hindrance: str


def find_standings(call: Call, worker_id: str) -> list[Standing]:
    """What a worker holds, has asked for, or can ask for, in this order.

    Raises:
        WorkRefused: nobody is registered under that name.
    """
    return _standings(call, worker_id, "")


def find_standing(call: Call, worker_id: str, qualification_type_id: str) -> Standing:
    """How a worker stands with one Qualification.

    Raises:
        WorkRefused: there is none such for them.
    """
    for standing in _standings(call, worker_id, qualification_type_id):
        return standing
    text = f"there is no Qualification {qualification_type_id}"
    raise WorkRefused("unknown-qualification", text)


def find_test(call: Call, worker_id: str, qualification_type_id: str) -> QuestionForm:
    """The test of a Qualification that the worker may take now.

    Raises:
        WorkRefused: there is none, or not now.
    """
    kind = find_requestable(call, qualification_type_id)
    need_retry(call, kind, find_worker(call, worker_id).id)
    if kind.test is None:
        raise WorkRefused("no-test", f"{kind.name!r} has no test")
    return cast(QuestionForm, parse_question(kind.test))


def _standings(call: Call, worker_id: str, name: str) -> list[Standing]:
    who = find_worker(call, worker_id).id
    rows = call.rows(_STANDINGS, who=who, name=name)
    return [_standing(row, _hindrance(call, row, who)) for row in rows]


def _hindrance(call: Call, kind: Row, who: int) -> str:
    try:
        find_requestable(call, kind.qualification_type_id)
        need_retry(call, kind, who)
    except WorkRefused as refusal:
        return str(refusal)
    return ""


def _standing(row: Row, hindrance: str) -> Standing:
    return Standing(
        qualification_type_id=row.qualification_type_id,
        name=row.name,
        description=row.description,
        requester=row.requester_name,
        value=row.value,
        request=row.request or "",
        has_test=row.test is not None,
        seconds=row.test_duration,
        hindrance=hindrance,
    )
