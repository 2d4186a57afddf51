"""HIT types: what HITs of one kind share, and workers see as one group."""

import hashlib
import json
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy import bindparam

from crowdlab.database import Statement
from crowdlab.marketplace import refusals
from crowdlab.marketplace.call import Call, Params, Reply, Row
from crowdlab.marketplace.requirements import admit, note
from crowdlab.marketplace.schema import hit_types
from crowdlab.money import cents

__all__ = ["create_hit_type", "find_hit_type", "need_range", "need_short", "own_type"]

YEAR = 31_536_000
MAX_AUTO_APPROVAL = 2_592_000

_BY_FINGERPRINT = Statement(
    sa.select(hit_types).where(
        (hit_types.c.requester == bindparam("who"))
        & (hit_types.c.fingerprint == bindparam("print"))
    )
)
_NEW = Statement(hit_types.insert().returning(hit_types.c.id))
_BY_KEY = Statement(sa.select(hit_types).where(hit_types.c.id == bindparam("key")))
_BY_NAME = Statement(
    sa.select(hit_types).where(
        (hit_types.c.requester == bindparam("who"))
        & (hit_types.c.hit_type_id == bindparam("name"))
        & ~hit_types.c.is_deleted
    )
)


def create_hit_type(call: Call, params: Params) -> Reply:
    """CreateHITType: the same seven properties always give the same type."""
    return {"HITTypeId": own_type(call, params).hit_type_id}


def find_hit_type(call: Call, hit_type_id: str) -> Row:
    """The requester's type of that name, unless it is deleted.

    Raises:
        Refusal: the requester has none such.
    """
    found = call.one(_BY_NAME, who=call.requester, name=hit_type_id)
    if found is None:
        raise refusals.does_not_exist("HITType", hit_type_id)
    return found


def own_type(call: Call, params: Params) -> Row:
    """The type with these seven properties, made if there is none."""
    properties = _read(call, params)
    fingerprint = _fingerprint(properties)
    known = call.one(_BY_FINGERPRINT, who=call.requester, print=fingerprint)
    if known is not None:
        return known
    key = call.insert(
        _NEW,
        hit_type_id=call.house.ids.new("3"),
        hit_group_id=call.house.ids.new("3"),
        requester=call.requester,
        fingerprint=fingerprint,
        **properties,
    )
    note(call, key, json.loads(properties["requirements"]))
    return call.one(_BY_KEY, key=key)


def _read(call: Call, params: Params) -> dict[str, Any]:
    duration = params["AssignmentDurationInSeconds"]
    delay = params.get("AutoApprovalDelayInSeconds", MAX_AUTO_APPROVAL)
    need_range("AssignmentDurationInSeconds", duration, 30, YEAR)
    need_range("AutoApprovalDelayInSeconds", delay, 0, MAX_AUTO_APPROVAL)
    for name, most in (("Title", 128), ("Description", 2000), ("Keywords", 1000)):
        need_short(name, params.get(name), most)
    return {
        "title": params["Title"],
        "description": params["Description"],
        "keywords": params.get("Keywords"),
        "reward": cents(Decimal(params["Reward"])),
        "duration": duration,
        "auto_approval_delay": delay,
        "requirements": json.dumps(
            admit(call, params.get("QualificationRequirements") or [])
        ),
    }


def _fingerprint(properties: dict[str, Any]) -> str:
    text = json.dumps(properties, sort_keys=True)
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def need_range(name: str, value: int, low: int, high: int) -> None:
    """Refuses a number outside the range of its parameter."""
    if not low <= value <= high:
        raise refusals.out_of_range(name, value, low, high)


def need_short(name: str, value: str | None, most: int) -> None:
    """Refuses a text longer than its parameter may be."""
    if value is not None and len(value) > most:
        hint = f"It may have at most {most} characters."
        raise refusals.bad_parameter(name, value, hint)
