"""What a HIT requires of its workers: its QualificationRequirements."""

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy import bindparam

from crowdlab.database import Statement
from crowdlab.marketplace import refusals
from crowdlab.marketplace.call import Call, Reply, present
from crowdlab.marketplace.countries import is_country, is_subdivision
from crowdlab.marketplace.schema import hit_type_requirements, qualification_types
from crowdlab.marketplace.system_qualifications import LOCALE, MASTERS, SYSTEM_TYPES

__all__ = ["Requirement", "admit", "need_usable", "needs_masters", "note"]

Requirement = Mapping[str, Any]

MOST = 10
MOST_INTEGERS = 15
MOST_LOCALES = 30

PRESENCE = frozenset({"Exists", "DoesNotExist"})
SETS = frozenset({"In", "NotIn"})
LOCAL = frozenset({"EqualTo", "NotEqualTo", "In", "NotIn"})

_TYPE = Statement(
    sa.select(
        qualification_types.c.status,
        qualification_types.c.deleted,
    ).where(qualification_types.c.qualification_type_id == bindparam("name"))
)
_NOTE = Statement(hit_type_requirements.insert())


def admit(call: Call, given: Sequence[Requirement]) -> list[Reply]:
    """The requirements of a HIT type as the service echoes them.

    Raises:
        Refusal: there are too many, or one of them cannot be.
    """
    if len(given) > MOST:
        hint = f"A HIT may have at most {MOST}."
        raise refusals.bad_parameter("QualificationRequirements", len(given), hint)
    for requirement in given:
        need_usable(call, requirement["QualificationTypeId"])
        _check_values(requirement)
    return [_echo(requirement) for requirement in given]


def need_usable(call: Call, qualification_type_id: str) -> None:
    """Refuses a Qualification type that no new HIT may require.

    Raises:
        Refusal: there is none such, it is deleted, or it is not Active.
    """
    if qualification_type_id in SYSTEM_TYPES[call.house.environment]:
        return
    kind = call.one(_TYPE, name=qualification_type_id)
    if kind is None:
        raise refusals.does_not_exist("QualificationType", qualification_type_id)
    if kind.deleted is not None or kind.status != "Active":
        raise refusals.wrong_state("Active", "InvalidQualificationTypeState")


def note(call: Call, hit_type: int, requirements: Sequence[Requirement]) -> None:
    """Notes which Qualification types a new HIT type requires."""
    for name in {r["QualificationTypeId"] for r in requirements}:
        call.run(_NOTE, hit_type=hit_type, qualification_type_id=name)


def needs_masters(requirements: Sequence[Requirement]) -> bool:
    """Whether only Masters may do it, which costs more.

    Example:
        >>> needs_masters([])
        False
        >>> sandbox = "2ARFPLSP75KLA8M8DH1HTEQVJT3SY6"
        >>> needs_masters([{"QualificationTypeId": sandbox, "Comparator": "Exists"}])
        True
    """
    return any(
        requirement["QualificationTypeId"] in MASTERS.values()
        and requirement["Comparator"] != "DoesNotExist"
        for requirement in requirements
    )


def _check_values(requirement: Requirement) -> None:
    integers = requirement.get("IntegerValues") or ()
    locales = requirement.get("LocaleValues") or ()
    if requirement["QualificationTypeId"] == LOCALE:
        _check_comparator(requirement)
        _check_number(requirement, "LocaleValues", locales, MOST_LOCALES)
        _check_none("IntegerValues", integers, "A locale is no number.")
        for locale in locales:
            _check_locale(locale)
    else:
        _check_number(requirement, "IntegerValues", integers, MOST_INTEGERS)
        _check_none("LocaleValues", locales, "Only Worker_Locale has a locale.")


def _check_comparator(requirement: Requirement) -> None:
    comparator = requirement["Comparator"]
    if comparator not in LOCAL:
        hint = f"A locale is compared with {', '.join(sorted(LOCAL))}."
        raise refusals.bad_parameter("Comparator", comparator, hint)


def _check_number(
    requirement: Requirement, name: str, values: Sequence[Any], most: int
) -> None:
    """A set has up to ``most`` values, a test of presence none, the others one."""
    comparator = requirement["Comparator"]
    if comparator in SETS:
        fits, number = 1 <= len(values) <= most, f"1 to {most} values"
    elif comparator in PRESENCE:
        fits, number = not values, "no value"
    else:
        fits, number = len(values) == 1, "one value"
    if not fits:
        raise refusals.bad_parameter(name, values, f"{comparator} takes {number}.")


def _check_none(name: str, values: Sequence[Any], hint: str) -> None:
    if values:
        raise refusals.bad_parameter(name, values, hint)


def _check_locale(locale: Mapping[str, str]) -> None:
    if not is_country(locale["Country"]):
        hint = "It must be an ISO 3166 country code."
        raise refusals.bad_parameter("Country", locale["Country"], hint)
    subdivision = locale.get("Subdivision")
    if subdivision is not None and not is_subdivision(subdivision):
        hint = "It must be an ISO 3166-2 subdivision code."
        raise refusals.bad_parameter("Subdivision", subdivision, hint)


def _echo(requirement: Requirement) -> Reply:
    guarded = requirement.get("ActionsGuarded")
    preview = requirement.get("RequiredToPreview")
    if guarded is not None and preview is not None:
        raise refusals.bad_combination("ActionsGuarded", "RequiredToPreview")
    guarded = guarded or ("PreviewAndAccept" if preview else "Accept")
    return present(
        QualificationTypeId=requirement["QualificationTypeId"],
        Comparator=requirement["Comparator"],
        IntegerValues=requirement.get("IntegerValues") or None,
        LocaleValues=requirement.get("LocaleValues") or None,
        RequiredToPreview=guarded != "Accept",
        ActionsGuarded=guarded,
    )
