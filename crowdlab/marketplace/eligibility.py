"""Who qualifies: what a worker has, against what a HIT requires."""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Literal

import sqlalchemy as sa
from sqlalchemy import bindparam

from crowdlab.database import Statement
from crowdlab.errors import WorkRefused
from crowdlab.marketplace.call import Call, Row
from crowdlab.marketplace.requirements import PRESENCE, Requirement
from crowdlab.marketplace.schema import qualification_types, qualifications
from crowdlab.marketplace.system_qualifications import (
    SYSTEM_TYPES,
    Locale,
    Value,
    system_value,
)

__all__ = ["Action", "demand", "phrase", "unmet"]

Action = Literal["Discover", "Preview", "Accept"]

#: What each setting of ActionsGuarded keeps from those who do not qualify.
GUARDED: Mapping[str, frozenset[Action]] = {
    "Accept": frozenset({"Accept"}),
    "PreviewAndAccept": frozenset({"Preview", "Accept"}),
    "DiscoverPreviewAndAccept": frozenset({"Discover", "Preview", "Accept"}),
}

_INTEGER_TESTS: Mapping[str, Callable[[int, Sequence[int]], bool]] = {
    "LessThan": lambda value, given: value < given[0],
    "LessThanOrEqualTo": lambda value, given: value <= given[0],
    "GreaterThan": lambda value, given: value > given[0],
    "GreaterThanOrEqualTo": lambda value, given: value >= given[0],
    "EqualTo": lambda value, given: value in given,
    "NotEqualTo": lambda value, given: value not in given,
    "In": lambda value, given: value in given,
    "NotIn": lambda value, given: value not in given,
}

_NAME = Statement(
    sa.select(qualification_types.c.name).where(
        qualification_types.c.qualification_type_id == bindparam("known")
    )
)
_VALUE = Statement(
    sa.select(qualifications.c.value)
    .select_from(qualifications.join(qualification_types))
    .where(
        (qualification_types.c.qualification_type_id == bindparam("name"))
        & (qualifications.c.worker == bindparam("who"))
        & (qualifications.c.status == "Granted")
    )
)


def demand(call: Call, worker: Row, hit: Row, action: Action) -> None:
    """Keeps a worker from what they do not qualify for.

    Raises:
        WorkRefused: names what they lack.
    """
    lacking = unmet(call, worker, hit, action)
    if lacking:
        said = "; ".join(phrase(call, requirement) for requirement in lacking)
        raise WorkRefused(
            "not-qualified", f"{worker.worker_id} does not qualify: {said}"
        )


def unmet(call: Call, worker: Row, hit: Row, action: Action) -> list[Requirement]:
    """The requirements of a HIT, or its type, that keep a worker from an action."""
    if hit.requirements == "[]":
        return []
    return [
        requirement
        for requirement in json.loads(hit.requirements)
        if action in GUARDED[requirement["ActionsGuarded"]]
        and not _is_met(call, worker, requirement)
    ]


def phrase(call: Call, requirement: Requirement) -> str:
    """A requirement in words: ``Location EqualTo US-WA``."""
    type_id = requirement["QualificationTypeId"]
    kind = SYSTEM_TYPES[call.house.environment].get(type_id)
    values = [
        *requirement.get("IntegerValues", ()),
        *map(_locale, requirement.get("LocaleValues", ())),
    ]
    words = [
        (kind or call.one(_NAME, known=type_id)).name,
        requirement["Comparator"],
        ", ".join(map(str, values)),
    ]
    return " ".join(filter(None, words))


def _is_met(call: Call, worker: Row, requirement: Requirement) -> bool:
    value = _value(call, worker, requirement["QualificationTypeId"])
    comparator: str = requirement["Comparator"]
    if comparator in PRESENCE:
        return (value is not None) == (comparator == "Exists")
    if value is None:
        return False
    if isinstance(value, Locale):
        wanted = map(_locale, requirement["LocaleValues"])
        is_there = any(place.holds(value) for place in wanted)
        return is_there == (comparator in {"EqualTo", "In"})
    return _INTEGER_TESTS[comparator](value, requirement["IntegerValues"])


def _value(call: Call, worker: Row, qualification_type_id: str) -> Value | None:
    if qualification_type_id in SYSTEM_TYPES[call.house.environment]:
        return system_value(call, worker, qualification_type_id)
    found = call.one(_VALUE, name=qualification_type_id, who=worker.id)
    return None if found is None else int(found.value)


def _locale(given: Mapping[str, str]) -> Locale:
    return Locale(given["Country"], given.get("Subdivision"))
