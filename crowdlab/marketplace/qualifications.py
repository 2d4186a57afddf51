"""Qualifications: what a requester says of a worker, and HITs that ask for it."""

import sqlalchemy as sa
from sqlalchemy import bindparam

from crowdlab.database import Statement
from crowdlab.marketplace import refusals
from crowdlab.marketplace.call import Call, Params, Reply, Row
from crowdlab.marketplace.clock import moment
from crowdlab.marketplace.hits import NEWEST, describe
from crowdlab.marketplace.lifecycle import HIT_COLUMNS
from crowdlab.marketplace.messages import deliver
from crowdlab.marketplace.pages import list_page
from crowdlab.marketplace.qualification_types import (
    find_own_type,
    find_type,
    need_alive,
)
from crowdlab.marketplace.schema import (
    hit_type_requirements,
    hits,
    qualification_types,
    qualifications,
    workers,
)
from crowdlab.marketplace.system_qualifications import SYSTEM_TYPES
from crowdlab.marketplace.workers import known_worker

__all__ = [
    "associate_qualification_with_worker",
    "disassociate_qualification_from_worker",
    "get_qualification_score",
    "grant",
    "list_hits_for_qualification_type",
    "list_workers_with_qualification_type",
]

_THE_ONE = (qualifications.c.qualification_type == bindparam("kind")) & (
    qualifications.c.worker == bindparam("who")
)
_FIND = Statement(sa.select(qualifications.c.id).where(_THE_ONE))
_NEW = Statement(qualifications.insert())
_RENEW = Statement(
    qualifications.update()
    .where(_THE_ONE)
    .values(status="Granted", value=bindparam("score"), granted=bindparam("now"))
)
_REVOKE = Statement(
    qualifications.update()
    .where(qualifications.c.id == bindparam("key"))
    .values(status="Revoked")
)
_COLUMNS = sa.select(
    qualifications,
    workers.c.worker_id,
    qualification_types.c.qualification_type_id,
    qualification_types.c.name,
).select_from(qualifications.join(workers).join(qualification_types))
_OWN = Statement(
    _COLUMNS.where(
        (qualification_types.c.requester == bindparam("asks"))
        & (qualification_types.c.qualification_type_id == bindparam("kind"))
        & (workers.c.worker_id == bindparam("who"))
    )
)
_OF_TYPE = Statement(
    _COLUMNS.where(
        (qualifications.c.qualification_type == bindparam("kind"))
        & (qualifications.c.status == bindparam("state"))
        & (qualifications.c.id > bindparam("after"))
    )
    .order_by(qualifications.c.id)
    .limit(bindparam("most"))
)
_USERS = sa.select(hit_type_requirements.c.hit_type).where(
    hit_type_requirements.c.qualification_type_id == bindparam("kind")
)
_HITS = Statement(
    HIT_COLUMNS.where(
        (hits.c.requester == bindparam("asks"))
        & hits.c.disposed.is_(None)
        & hits.c.hit_type.in_(_USERS)
        & (hits.c.id < bindparam("before"))
    )
    .order_by(hits.c.id.desc())
    .limit(bindparam("most"))
)


def associate_qualification_with_worker(call: Call, params: Params) -> Reply:
    """AssociateQualificationWithWorker: also a new value, and again after a revocation."""
    kind = find_own_type(call, params["QualificationTypeId"])
    need_alive(kind)
    worker = known_worker(call, params["WorkerId"])
    grant(call, kind, worker.id, params.get("IntegerValue"))
    if params.get("SendNotification") is not False:
        text = f"You now have the Qualification {kind.name!r}."
        deliver(call, call.requester, worker.id, "A Qualification for you", text)
    return {}


def disassociate_qualification_from_worker(call: Call, params: Params) -> Reply:
    """DisassociateQualificationFromWorker: tells the worker why, where a reason is given."""
    found = _find_granted(call, params)
    call.run(_REVOKE, key=found.id)
    text = (
        params.get("Reason") or f"You no longer have the Qualification {found.name!r}."
    )
    deliver(call, call.requester, found.worker, "A Qualification was revoked", text)
    return {}


def get_qualification_score(call: Call, params: Params) -> Reply:
    """GetQualificationScore: of one's own types alone; the system's are nobody's."""
    return {"Qualification": _describe(_find_granted(call, params))}


def list_workers_with_qualification_type(call: Call, params: Params) -> Reply:
    """ListWorkersWithQualificationType: in the order in which they got it first."""
    kind = find_own_type(call, params["QualificationTypeId"])
    state = params.get("Status") or "Granted"
    rows, frame = list_page(
        call,
        params,
        scope=f"ListWorkersWithQualificationType {kind.id} {state}",
        start=[0],
        fetch=lambda after, n: call.rows(
            _OF_TYPE, kind=kind.id, state=state, after=after[0], most=n
        ),
        position=lambda row: [row.id],
    )
    return frame | {"Qualifications": [_describe(row) for row in rows]}


def list_hits_for_qualification_type(call: Call, params: Params) -> Reply:
    """ListHITsForQualificationType: the requester's HITs that require it, newest first."""
    name = params["QualificationTypeId"]
    if name not in SYSTEM_TYPES[call.house.environment]:
        find_type(call, name)
    rows, frame = list_page(
        call,
        params,
        scope=f"ListHITsForQualificationType {name}",
        start=[NEWEST],
        fetch=lambda after, n: call.rows(
            _HITS, asks=call.requester, kind=name, before=after[0], most=n
        ),
        position=lambda hit: [hit.id],
    )
    return frame | {"HITs": [describe(call, hit) for hit in rows]}


def grant(call: Call, kind: Row, worker: int, value: int | None) -> None:
    """Gives a worker a Qualification, or a new value of it; 1 where none is said."""
    score = 1 if value is None else value
    if call.one(_FIND, kind=kind.id, who=worker) is not None:
        call.run(_RENEW, kind=kind.id, who=worker, score=score, now=call.now)
        return
    call.run(
        _NEW,
        qualification_type=kind.id,
        worker=worker,
        status="Granted",
        value=score,
        granted=call.now,
    )


def _find_granted(call: Call, params: Params) -> Row:
    found = call.one(
        _OWN,
        asks=call.requester,
        kind=params["QualificationTypeId"],
        who=params["WorkerId"],
    )
    if found is None:
        raise refusals.no_qualification()
    if found.status != "Granted":
        raise refusals.wrong_state("Granted", "InvalidQualificationState")
    return found


def _describe(found: Row) -> Reply:
    return {
        "QualificationTypeId": found.qualification_type_id,
        "WorkerId": found.worker_id,
        "GrantTime": moment(found.granted),
        "IntegerValue": found.value,
        "Status": found.status,
    }
