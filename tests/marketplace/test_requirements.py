"""QualificationRequirements: what a HIT may require of its workers."""

from typing import Any

import pytest

from crowdlab.marketplace import Marketplace
from tests.marketplace.people import (
    LOCALE,
    MASTERS,
    PERCENT,
    Square,
    lives,
    refusal,
    requires,
)


@pytest.fixture(scope="module")
def square() -> Square:
    """A marketplace that the tests of this file share."""
    return Square()


def test_echo(square: Square) -> None:
    """A requirement comes back with what it left out filled in."""
    hit = square.hit(requires(PERCENT, "GreaterThan", 95))

    assert hit["QualificationRequirements"] == [
        {
            "QualificationTypeId": PERCENT,
            "Comparator": "GreaterThan",
            "IntegerValues": [95],
            "RequiredToPreview": False,
            "ActionsGuarded": "Accept",
        }
    ]


def test_required_to_preview(square: Square) -> None:
    """The old RequiredToPreview is the same as guarding the preview."""
    (echo,) = square.hit(requires(MASTERS, "Exists", RequiredToPreview=True))[
        "QualificationRequirements"
    ]

    assert (echo["RequiredToPreview"], echo["ActionsGuarded"]) == (
        True,
        "PreviewAndAccept",
    )


def test_old_and_new_way_exclude_each_other(square: Square) -> None:
    """ActionsGuarded and RequiredToPreview together are refused."""
    both = requires(MASTERS, "Exists", RequiredToPreview=False, ActionsGuarded="Accept")

    code, _, text = refusal(square.hit, both)

    assert code == "InvalidParameterCombinationError"
    assert text.endswith("invalid: ActionsGuarded, RequiredToPreview.")


IMPOSSIBLE = {
    "no integer": requires(PERCENT, "EqualTo"),
    "two integers": requires(PERCENT, "GreaterThan", 1, 2),
    "empty set": requires(PERCENT, "In"),
    "16 integers": requires(PERCENT, "NotIn", *range(16)),
    "existence of a number": requires(PERCENT, "Exists", 1),
    "absence of a number": requires(PERCENT, "DoesNotExist", 1),
    "place of a percentage": lives("EqualTo", "US", QualificationTypeId=PERCENT),
    "locale that exists": requires(LOCALE, "Exists"),
    "locale above a place": lives("GreaterThan", "US"),
    "locale as a number": requires(LOCALE, "EqualTo", 1),
    "locale and a number": lives("EqualTo", "US") | {"IntegerValues": [1]},
    "two places": lives("EqualTo", "US", "CA"),
    "no place": lives("In"),
    "31 places": lives("In", *["US"] * 31),
    "no country": lives("EqualTo", "UK"),
    "country in small letters": lives("EqualTo", "us"),
    "state in small letters": lives("EqualTo", "US-wa"),
}


@pytest.mark.parametrize("name", IMPOSSIBLE)
def test_impossible(square: Square, name: str) -> None:
    """A comparator takes its own number of values, of the type's own kind."""
    requirement = IMPOSSIBLE[name]

    assert refusal(square.hit, requirement)[0] == ("ParameterValidationError")


def test_as_many_as_allowed(square: Square) -> None:
    """A set holds up to 15 integers, or 30 places."""
    assert square.hit(
        requires(PERCENT, "In", *range(15)), lives("NotIn", *["US-WA"] * 30)
    )


def test_eleven_requirements(square: Square) -> None:
    """A HIT has at most ten requirements."""
    eleven = [requires(PERCENT, "GreaterThan", n) for n in range(11)]

    assert square.hit(*eleven[:10])
    assert refusal(square.hit, *eleven)[0] == ("ParameterValidationError")


def test_unknown_type(square: Square) -> None:
    """A type that nobody made cannot be required."""
    requirement = requires("3NONE", "Exists")

    assert refusal(square.hit, requirement) == (
        "RequestError",
        "QualificationTypeDoesNotExist",
        "QualificationType 3NONE does not exist.",
    )


@pytest.mark.parametrize("state", ["inactive", "deleted"])
def test_type_must_be_active(square: Square, state: str) -> None:
    """A type that is inactive or deleted cannot be required any more."""
    type_id = square.qualification_type(
        QualificationTypeStatus="Inactive" if state == "inactive" else "Active"
    )
    if state == "deleted":
        square.client.delete_qualification_type(QualificationTypeId=type_id)

    assert refusal(square.hit, requires(type_id, "Exists")) == (
        "RequestError",
        "InvalidQualificationTypeState",
        "This operation can be called with a status of: Active",
    )


def test_masters_of_the_other_environment() -> None:
    """Production's Masters cannot be required in the sandbox."""
    sandbox = Marketplace(environment="sandbox").client()
    kind: Any = {
        "Title": "t",
        "Description": "d",
        "Reward": "0.05",
        "AssignmentDurationInSeconds": 60,
    }

    assert refusal(
        sandbox.create_hit_type,
        **kind,
        QualificationRequirements=[requires(MASTERS, "Exists")],
    )[1] == ("QualificationTypeDoesNotExist")


def test_order_of_members_does_not_matter(square: Square) -> None:
    """The same requirement, written in another order, gives the same HIT type."""
    requirement = requires(PERCENT, "GreaterThan", 95)
    turned = dict(reversed(requirement.items()))

    types = {
        square.hit(one, Title="Turned")["HITTypeId"] for one in (requirement, turned)
    }
    assert len(types) == 1


def test_masters_cost_more() -> None:
    """A HIT for Masters reserves 5% of the reward more, one without Masters does not."""
    cases = [
        (requires(MASTERS, "Exists"), "11.25"),
        (requires(MASTERS, "DoesNotExist"), "10.80"),
        (requires(PERCENT, "GreaterThan", 95), "10.80"),
    ]
    for requirement, total in cases:
        square = Square()
        before = square.market.balance
        square.hit(requirement, Reward="1.00", MaxAssignments=9)
        assert str(before - square.market.balance) == total
