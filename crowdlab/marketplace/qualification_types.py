"""Qualification types: what a requester may ask of workers, and how they get it."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy import bindparam

from crowdlab.database import Statement
from crowdlab.errors import BadQuestion
from crowdlab.marketplace import refusals
from crowdlab.marketplace.call import Call, Params, Reply, Row, present
from crowdlab.marketplace.clock import moment
from crowdlab.marketplace.hit_types import YEAR, need_range, need_short
from crowdlab.marketplace.pages import list_page
from crowdlab.marketplace.schema import (
    hit_type_requirements,
    hit_types,
    hits,
    qualification_requests,
    qualification_types,
)
from crowdlab.marketplace.system_qualifications import SYSTEM_TYPES, SystemType
from crowdlab.marketplace.text_search import pattern, searched
from crowdlab.questions import AnswerKey, QuestionForm, parse_question

__all__ = [
    "create_qualification_type",
    "delete_qualification_type",
    "find_own_type",
    "find_type",
    "get_qualification_type",
    "list_qualification_types",
    "need_alive",
    "update_qualification_type",
]

MOST_NAME = 200
MOST_DESCRIPTION = 2000
MOST_KEYWORDS = 1000
#: Seconds after which a deleted type's name is free, though HITs may still use it.
NAME_HELD = 48 * 3600
#: The day on which Mechanical Turk opened, and its own types were there.
OPENING = 1_130_889_600
NEWEST = 2**62
LONGEST = 2**63 - 1

#: What can change, and stays as it is where a request does not mention it.
SETTINGS = {
    "Description": "description",
    "QualificationTypeStatus": "status",
    "RetryDelayInSeconds": "retry_delay",
    "AutoGranted": "auto_granted",
    "AutoGrantedValue": "auto_granted_value",
}
#: What changes together, and only where a request brings a test.
TEST = {
    "Test": "test",
    "TestDurationInSeconds": "test_duration",
    "AnswerKey": "answer_key",
}
COLUMNS = (*SETTINGS.values(), *TEST.values())
DEFAULTS = {**dict.fromkeys(COLUMNS), "auto_granted": False, "auto_granted_value": 1}

_FIND = Statement(
    sa.select(qualification_types).where(
        qualification_types.c.qualification_type_id == bindparam("known")
    )
)
_NAMESAKES = Statement(
    sa.select(qualification_types).where(
        (qualification_types.c.requester == bindparam("asks"))
        & (qualification_types.c.name == bindparam("wanted"))
        & (
            qualification_types.c.deleted.is_(None)
            | (qualification_types.c.deleted > bindparam("since"))
        )
    )
)
_NEW = Statement(qualification_types.insert())
_SET = qualification_types.update().where(
    qualification_types.c.qualification_type_id == bindparam("known")
)
_CHANGE = Statement(
    _SET.values({column: bindparam(f"new_{column}") for column in COLUMNS})
)
_DELETE = Statement(_SET.values(deleted=bindparam("now")))
_REJECT_REQUESTS = Statement(
    qualification_requests.update()
    .where(
        (qualification_requests.c.qualification_type == bindparam("key"))
        & (qualification_requests.c.status == "Pending")
    )
    .values(status="Rejected")
)
_USERS = sa.select(hit_type_requirements.c.hit_type).where(
    hit_type_requirements.c.qualification_type_id == bindparam("known")
)
_DELETE_HIT_TYPES = Statement(
    hit_types.update().where(hit_types.c.id.in_(_USERS)).values(is_deleted=True)
)
_USED = Statement(
    sa.select(hits.c.id)
    .where(hits.c.hit_type.in_(_USERS) & hits.c.disposed.is_(None))
    .limit(1)
)
_PAGE = Statement(
    sa.select(qualification_types)
    .where(
        qualification_types.c.deleted.is_(None)
        & (qualification_types.c.id < bindparam("before"))
        & searched(
            qualification_types.c.name,
            qualification_types.c.description,
            qualification_types.c.keywords,
        )
        & (
            (qualification_types.c.status == "Active")
            | (bindparam("any_status", type_=sa.Integer) == 1)
        )
        & (
            (qualification_types.c.requester == bindparam("asks"))
            | (bindparam("any_owner", type_=sa.Integer) == 1)
        )
    )
    .order_by(qualification_types.c.id.desc())
    .limit(bindparam("most"))
)


def create_qualification_type(call: Call, params: Params) -> Reply:
    """CreateQualificationType: its name is unique among the requester's own."""
    name, keywords = params["Name"], params.get("Keywords")
    need_short("Name", name, MOST_NAME)
    need_short("Keywords", keywords, MOST_KEYWORDS)
    settings = _settle(params, DEFAULTS)
    if _is_taken(call, name):
        raise refusals.name_taken()
    type_id = call.house.ids.new("3")
    call.run(
        _NEW,
        qualification_type_id=type_id,
        requester=call.requester,
        created=call.now,
        name=name,
        keywords=keywords,
        **settings,
    )
    return {"QualificationType": _describe(call, find_type(call, type_id))}


def update_qualification_type(call: Call, params: Params) -> Reply:
    """UpdateQualificationType: a new test replaces all that belongs to the old one."""
    kind = find_own_type(call, params["QualificationTypeId"])
    need_alive(kind)
    settings = _settle(params, {name: getattr(kind, name) for name in COLUMNS})
    changes = {f"new_{name}": value for name, value in settings.items()}
    call.run(_CHANGE, known=kind.qualification_type_id, **changes)
    kind = find_type(call, kind.qualification_type_id)
    return {"QualificationType": _describe(call, kind)}


def get_qualification_type(call: Call, params: Params) -> Reply:
    """GetQualificationType: anybody's, the system's too, and also a deleted one."""
    type_id = params["QualificationTypeId"]
    system = SYSTEM_TYPES[call.house.environment].get(type_id)
    if system is not None:
        return {"QualificationType": _describe_system(system)}
    return {"QualificationType": _describe(call, find_type(call, type_id))}


def list_qualification_types(call: Call, params: Params) -> Reply:
    """ListQualificationTypes: newest first, the system's own last; no deleted ones."""
    query = params.get("Query") or ""
    own, requestable = (
        bool(params.get("MustBeOwnedByCaller")),
        params["MustBeRequestable"],
    )

    def fetch(after: list[int], most: int) -> list[tuple[int, Reply]]:
        rows = call.rows(
            _PAGE,
            before=after[0],
            sought=pattern(query),
            any_status=int(not requestable),
            any_owner=int(not own),
            asks=call.requester,
            most=most,
        )
        found = [(row.id, _describe(call, row)) for row in rows]
        if not own and not requestable:
            found += _system_types(call, query, after[0])
        return found[:most]

    rows, frame = list_page(
        call,
        params,
        scope=f"ListQualificationTypes {own} {requestable} {query}",
        start=[NEWEST],
        fetch=fetch,
        position=lambda row: [row[0]],
    )
    return frame | {"QualificationTypes": [shown for _, shown in rows]}


def delete_qualification_type(call: Call, params: Params) -> Reply:
    """DeleteQualificationType: nobody can ask for it any more; who has it keeps it."""
    kind = find_own_type(call, params["QualificationTypeId"])
    need_alive(kind)
    call.run(_DELETE, known=kind.qualification_type_id, now=call.now)
    call.run(_REJECT_REQUESTS, key=kind.id)
    call.run(_DELETE_HIT_TYPES, known=kind.qualification_type_id)
    return {}


def find_type(call: Call, qualification_type_id: str) -> Row:
    """The Qualification type of that name, whoever made it.

    Raises:
        Refusal: nobody made one such.
    """
    kind = call.one(_FIND, known=qualification_type_id)
    if kind is None:
        raise refusals.does_not_exist("QualificationType", qualification_type_id)
    return kind


def find_own_type(call: Call, qualification_type_id: str) -> Row:
    """The requester's Qualification type of that name, even if it is deleted.

    Raises:
        Refusal: there is none such, or it belongs to the system or somebody else.
    """
    if qualification_type_id in SYSTEM_TYPES[call.house.environment]:
        raise refusals.not_owner(qualification_type_id)
    kind = find_type(call, qualification_type_id)
    if kind.requester != call.requester:
        raise refusals.not_owner(qualification_type_id)
    return kind


def need_alive(kind: Row) -> None:
    """Refuses a Qualification type that is deleted."""
    if kind.deleted is not None:
        raise refusals.wrong_state("Active,Inactive", "InvalidQualificationTypeState")


def _settle(params: Params, before: Mapping[str, Any]) -> dict[str, Any]:
    """What can change, as a request leaves it."""
    settings = {**before, **_given(params, SETTINGS)}
    if params.get("Test") is not None:
        _check_test(params)
        settings |= {column: params.get(name) for name, column in TEST.items()}
    elif params.get("AnswerKey") is not None:
        raise refusals.bad_combination("AnswerKey", "Test")
    if settings["auto_granted"] and settings["test"] is not None:
        raise refusals.bad_combination("AutoGranted", "Test")
    need_short("Description", settings["description"], MOST_DESCRIPTION)
    need_range("RetryDelayInSeconds", settings["retry_delay"] or 0, 0, LONGEST)
    return settings


def _given(params: Params, names: Mapping[str, str]) -> dict[str, Any]:
    given = ((column, params.get(name)) for name, column in names.items())
    return {column: value for column, value in given if value is not None}


def _check_test(params: Params) -> None:
    duration, key = params.get("TestDurationInSeconds"), params.get("AnswerKey")
    if duration is None:
        raise refusals.bad_combination("Test", "TestDurationInSeconds")
    need_range("TestDurationInSeconds", duration, 1, YEAR)
    try:
        question = parse_question(params["Test"])
        if key is not None:
            AnswerKey.parse(key)
    except BadQuestion as error:
        raise refusals.bad_question(error) from None
    if not isinstance(question, QuestionForm):
        raise refusals.bad_question(BadQuestion("A test must be a QuestionForm."))


def _is_taken(call: Call, name: str) -> bool:
    """Whether the requester has a type of that name, or had until just now."""
    since = call.now - NAME_HELD
    return any(
        kind.deleted is None or _is_used(call, kind)
        for kind in call.rows(_NAMESAKES, asks=call.requester, wanted=name, since=since)
    )


def _is_used(call: Call, kind: Row) -> bool:
    return call.one(_USED, known=kind.qualification_type_id) is not None


def _system_types(call: Call, query: str, before: int) -> list[tuple[int, Reply]]:
    """Those that match, at places behind every other's."""
    known = SYSTEM_TYPES[call.house.environment].values()
    return [
        (-place, _describe_system(kind))
        for place, kind in enumerate(known, start=1)
        if -place < before
        and query.lower() in f"{kind.name}\n{kind.description}\n{kind.keywords}".lower()
    ]


def _status(call: Call, kind: Row) -> str:
    if kind.deleted is None:
        return str(kind.status)
    return "Disposing" if _is_used(call, kind) else "Disposed"


def _describe(call: Call, kind: Row) -> Reply:
    status, granted = _status(call, kind), bool(kind.auto_granted)
    return present(
        QualificationTypeId=kind.qualification_type_id,
        CreationTime=moment(kind.created),
        Name=kind.name,
        Description=kind.description,
        Keywords=kind.keywords,
        QualificationTypeStatus=status,
        Test=kind.test,
        TestDurationInSeconds=kind.test_duration,
        # Whoever could read the key would pass the test.
        AnswerKey=kind.answer_key if kind.requester == call.requester else None,
        RetryDelayInSeconds=kind.retry_delay,
        IsRequestable=status == "Active",
        AutoGranted=granted,
        AutoGrantedValue=kind.auto_granted_value if granted else None,
    )


def _describe_system(kind: SystemType) -> Reply:
    return {
        "QualificationTypeId": kind.qualification_type_id,
        "CreationTime": moment(OPENING),
        "Name": kind.name,
        "Description": kind.description,
        "Keywords": kind.keywords,
        "QualificationTypeStatus": "Active",
        "IsRequestable": False,
        "AutoGranted": False,
    }
