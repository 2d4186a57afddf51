"""Who qualifies: what a worker has, against what a HIT requires."""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Literal

import attrs
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

__all__ = ["Action", "Need", "demand", "needs", "phrase", "unmet"]

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

_WORDS: Mapping[str, str] = {
    "LessThan": "below",
    "LessThanOrEqualTo": "at most",
    "GreaterThan": "above",
    "GreaterThanOrEqualTo": "at least",
    "EqualTo": "is",
    "NotEqualTo": "is not",
    "In": "is one of",
    "NotIn": "is none of",
    "Exists": "is needed",
    "DoesNotExist": "must not be held",
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


@attrs.frozen
class Need:
    """A requirement, as a worker reads it.

    Attributes:
        text: the requirement in words: ``Location is US-WA``.
        lack: the same as a refusal says it; nothing where it is met.
        qualification_type_id: of what can be asked for; nothing for the system's own.
    """

    text: str
    lack: str
    qualification_type_id: str

    @property
    def is_met(self) -> bool:
        """Whether the worker has what is asked for."""
        return not self.lack


def needs(call: Call, worker: Row, hit: Row) -> tuple[Need, ...]:
    """Everything that a HIT, or its type, requires of whoever accepts it."""
    if hit.requirements == "[]":
        return ()
    return tuple(_need(call, worker, each) for each in json.loads(hit.requirements))


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
    return _sentence(call, requirement, requirement["Comparator"])


def _sentence(call: Call, requirement: Requirement, comparison: str) -> str:
    type_id = requirement["QualificationTypeId"]
    kind = SYSTEM_TYPES[call.house.environment].get(type_id)
    values = [
        *requirement.get("IntegerValues", ()),
        *map(_locale, requirement.get("LocaleValues", ())),
    ]
    words = [
        (kind or call.one(_NAME, known=type_id)).name,
        comparison,
        ", ".join(map(str, values)),
    ]
    return " ".join(filter(None, words))


def _need(call: Call, worker: Row, requirement: Requirement) -> Need:
    type_id = requirement["QualificationTypeId"]
    is_systems = type_id in SYSTEM_TYPES[call.house.environment]
    is_met = _is_met(call, worker, requirement)
    return Need(
        text=_sentence(call, requirement, _WORDS[requirement["Comparator"]]),
        lack="" if is_met else phrase(call, requirement),
        qualification_type_id="" if is_systems else type_id,
    )


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
