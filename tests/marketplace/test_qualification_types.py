"""Qualification types: created, changed, found, deleted."""

import datetime as dt
from typing import Any
from uuid import uuid4

import pytest

from crowdlab.marketplace import ManualClock, Marketplace
from tests.marketplace.people import (
    LOCALE,
    MASTERS,
    Square,
    answer_key,
    exam,
    refusal,
    requires,
)
from tests.marketplace.steps import hit_parameters

DAY = 86_400
NAME_TAKEN = (
    "You have already created a QualificationType with this name. A "
    "QualificationType's name must be unique among all of the QualificationTypes "
    "created by the same user."
)


@pytest.fixture(scope="module")
def square() -> Square:
    """A marketplace that the tests of this file share."""
    return Square()


def shown(square: Square, type_id: str) -> dict[str, Any]:
    """The type as GetQualificationType shows it."""
    found = square.client.get_qualification_type(QualificationTypeId=type_id)
    return dict(found["QualificationType"])


def found(square: Square, **parameters: Any) -> list[str]:
    """The ids that ListQualificationTypes finds."""
    page = square.client.list_qualification_types(
        **{"MustBeRequestable": False, "MaxResults": 100, **parameters}
    )
    return [kind["QualificationTypeId"] for kind in page["QualificationTypes"]]


def test_create(square: Square) -> None:
    """A new type comes back as it was given, and GetQualificationType agrees."""
    kind = square.client.create_qualification_type(
        Name="Cat expert",
        Keywords="cat, pet",
        Description="Knows cats",
        QualificationTypeStatus="Active",
        RetryDelayInSeconds=0,
    )["QualificationType"]

    assert kind == {
        "QualificationTypeId": kind["QualificationTypeId"],
        "CreationTime": dt.datetime.fromtimestamp(square.clock(), dt.UTC),
        "Name": "Cat expert",
        "Description": "Knows cats",
        "Keywords": "cat, pet",
        "QualificationTypeStatus": "Active",
        "RetryDelayInSeconds": 0,
        "IsRequestable": True,
        "AutoGranted": False,
    }
    assert shown(square, kind["QualificationTypeId"]) == kind


def test_name_is_unique(square: Square) -> None:
    """A second live type of one name is refused in the service's own words."""
    square.qualification_type(Name="Only one")

    assert refusal(square.qualification_type, Name="Only one") == (
        "RequestError",
        "QualificationTypeAlreadyExists",
        NAME_TAKEN,
    )


def test_names_of_others(square: Square) -> None:
    """Another requester may use the same name."""
    square.qualification_type(Name="Popular")
    other = square.market.requester("namesake")

    assert other.call(
        "CreateQualificationType",
        {"Name": "Popular", "Description": "d", "QualificationTypeStatus": "Active"},
    )["QualificationType"]


@pytest.mark.parametrize(
    ("name", "most"), [("Name", 200), ("Description", 2000), ("Keywords", 1000)]
)
def test_lengths(square: Square, name: str, most: int) -> None:
    """Each text may have so many characters, and not one more."""
    code, _, text = refusal(square.qualification_type, **{name: "n" * (most + 1)})

    assert code == "ParameterValidationError"
    assert f"parameter {name}. It may have at most {most} characters." in text
    assert square.qualification_type(**{name: "n" * most})


def test_status_is_active_or_inactive(square: Square) -> None:
    """A status outside the enumeration is refused by the front end."""
    code, _, _ = refusal(square.qualification_type, QualificationTypeStatus="Disposed")

    assert code == "ValidationException"


def test_test_is_echoed(square: Square) -> None:
    """A type with a test shows test, key and duration to its owner."""
    kind = shown(
        square,
        square.qualification_type(
            Test=exam(), AnswerKey=answer_key(), TestDurationInSeconds=60
        ),
    )

    assert kind["Test"] == exam()
    assert kind["AnswerKey"] == answer_key()
    assert kind["TestDurationInSeconds"] == 60


@pytest.mark.parametrize(
    ("parameters", "names"),
    [
        ({"Test": exam()}, "Test, TestDurationInSeconds"),
        (
            {"Test": exam(), "TestDurationInSeconds": 60, "AutoGranted": True},
            "AutoGranted, Test",
        ),
        ({"AnswerKey": answer_key()}, "AnswerKey, Test"),
    ],
    ids=["no duration", "granted anyway", "key alone"],
)
def test_combinations(square: Square, parameters: dict[str, Any], names: str) -> None:
    """A test needs its duration, excludes AutoGranted, and a key needs a test."""
    assert refusal(square.qualification_type, **parameters) == (
        "InvalidParameterCombinationError",
        "",
        f"The combination of parameters supplied to the request is invalid: {names}.",
    )


@pytest.mark.parametrize(
    "parameters",
    [
        {"Test": "<QuestionForm"},
        {"Test": hit_parameters()["Question"]},
        {"Test": exam(*["q" * 65_536])},
        {"AnswerKey": "<AnswerKey/>"},
        {"AnswerKey": answer_key(*["q" * 65_536])},
    ],
    ids=["not XML", "not a form", "large test", "not a key", "large key"],
)
def test_test_must_parse(square: Square, parameters: dict[str, Any]) -> None:
    """Test and key are checked as any question is; only a QuestionForm is a test."""
    code, _, text = refusal(
        square.qualification_type,
        **{"Test": exam(), "TestDurationInSeconds": 60, **parameters},
    )

    assert code == "ParameterValidationError"
    assert text.startswith("There was an error parsing the XML question or answer")


@pytest.mark.parametrize("seconds", [0, -1, 31_536_001])
def test_duration_has_a_range(square: Square, seconds: int) -> None:
    """A test takes between a second and a year."""
    code, _, text = refusal(
        square.qualification_type, Test=exam(), TestDurationInSeconds=seconds
    )

    assert code == "ParameterValidationError"
    assert text.endswith("Valid values range from 1 to 31536000.")


def test_retry_delay_is_not_negative(square: Square) -> None:
    """Nobody can ask again before they asked."""
    code, _, text = refusal(square.qualification_type, RetryDelayInSeconds=-1)

    assert code == "ParameterValidationError"
    assert text.startswith("The value -1 is invalid for RetryDelayInSeconds.")


def test_values_fit_into_32_bits(square: Square) -> None:
    """A number that is no Java int does not reach the store."""
    code, _, _ = refusal(
        square.qualification_type, AutoGranted=True, AutoGrantedValue=2**31
    )

    assert code == "SerializationException"


def test_auto_granted_value(square: Square) -> None:
    """AutoGrantedValue is 1 by default, and shown only where it is used."""
    granted = shown(square, square.qualification_type(AutoGranted=True))
    asked = shown(square, square.qualification_type(AutoGrantedValue=7))

    assert (granted["AutoGranted"], granted["AutoGrantedValue"]) == (True, 1)
    assert "AutoGrantedValue" not in asked


def test_update(square: Square) -> None:
    """What an update does not mention stays as it was."""
    type_id = square.qualification_type(Keywords="k", RetryDelayInSeconds=5)
    before = shown(square, type_id)

    after = square.client.update_qualification_type(
        QualificationTypeId=type_id,
        Description="Another",
        QualificationTypeStatus="Inactive",
    )["QualificationType"]

    assert after == {
        **before,
        "Description": "Another",
        "QualificationTypeStatus": "Inactive",
        "IsRequestable": False,
    }
    assert shown(square, type_id) == after


def test_new_test_drops_the_old_key(square: Square) -> None:
    """An update with a Test but no AnswerKey leaves the type without a key."""
    type_id = square.qualification_type(
        Test=exam(), AnswerKey=answer_key(), TestDurationInSeconds=60
    )

    square.client.update_qualification_type(
        QualificationTypeId=type_id, Test=exam("z"), TestDurationInSeconds=61
    )

    kind = shown(square, type_id)
    assert (kind["Test"], kind["TestDurationInSeconds"]) == (exam("z"), 61)
    assert "AnswerKey" not in kind


def test_update_keeps_the_test(square: Square) -> None:
    """An update without a Test leaves test, key and duration as they are."""
    type_id = square.qualification_type(
        Test=exam(), AnswerKey=answer_key(), TestDurationInSeconds=60
    )
    before = shown(square, type_id)

    square.client.update_qualification_type(
        QualificationTypeId=type_id, RetryDelayInSeconds=9, TestDurationInSeconds=61
    )

    assert shown(square, type_id) == {**before, "RetryDelayInSeconds": 9}


def test_update_cannot_grant_a_test_away(square: Square) -> None:
    """AutoGranted is refused for a type that has a test, in whichever order."""
    tested = square.qualification_type(Test=exam(), TestDurationInSeconds=60)
    granted = square.qualification_type(AutoGranted=True)
    update = square.client.update_qualification_type

    assert refusal(update, QualificationTypeId=tested, AutoGranted=True)[0] == (
        "InvalidParameterCombinationError"
    )
    assert refusal(
        update,
        QualificationTypeId=granted,
        Test=exam(),
        TestDurationInSeconds=60,
    )[0] == ("InvalidParameterCombinationError")


def test_unknown_type(square: Square) -> None:
    """A type that nobody made does not exist, whatever is asked of it."""
    client = square.client
    for call in (
        client.get_qualification_type,
        client.update_qualification_type,
        client.delete_qualification_type,
        client.list_workers_with_qualification_type,
        client.list_hits_for_qualification_type,
        client.list_qualification_requests,
    ):
        assert refusal(call, QualificationTypeId="3NONE") == (
            "RequestError",
            "QualificationTypeDoesNotExist",
            "QualificationType 3NONE does not exist.",
        )


def test_only_the_owner_changes(square: Square) -> None:
    """Another requester sees a type, but cannot change it, delete it or see its key."""
    type_id = square.qualification_type(
        Test=exam(), AnswerKey=answer_key(), TestDurationInSeconds=60
    )
    other = square.market.requester("onlooker").client()

    seen = other.get_qualification_type(QualificationTypeId=type_id)
    assert seen["QualificationType"]["Test"] == exam()
    assert "AnswerKey" not in seen["QualificationType"]
    for call in (other.update_qualification_type, other.delete_qualification_type):
        assert refusal(call, QualificationTypeId=type_id) == (
            "RequestError",
            "PermissionDeniedException",
            f"You are not the owner of the QualificationType {type_id}.",
        )


def test_system_types(square: Square) -> None:
    """The system's types can be looked up; nobody can request or change them."""
    kind = shown(square, LOCALE)

    assert (kind["Name"], kind["IsRequestable"]) == ("Location", False)
    update = square.client.update_qualification_type
    assert refusal(update, QualificationTypeId=LOCALE)[1] == "PermissionDeniedException"


def test_masters_by_environment() -> None:
    """The sandbox has Masters of its own; production's do not exist there."""
    sandbox = Marketplace(environment="sandbox").client()

    assert sandbox.get_qualification_type(
        QualificationTypeId="2ARFPLSP75KLA8M8DH1HTEQVJT3SY6"
    )
    assert refusal(sandbox.get_qualification_type, QualificationTypeId=MASTERS)[1] == (
        "QualificationTypeDoesNotExist"
    )


@pytest.mark.parametrize(
    "query", ["blue h", "BLUE", "wild", "tame, horse", "100%", "Été"]
)
def test_query(square: Square, query: str) -> None:
    """A query finds a part of name, description or keywords, in any case."""
    type_id = square.qualification_type(
        Name=f"Blue heron {uuid4()}",
        Description="Wild 100% bird, Été",
        Keywords="tame, horse",
    )

    assert type_id in found(square, Query=query)


def test_query_is_literal(square: Square) -> None:
    """What a database would read as a wildcard stands for itself."""
    square.qualification_type(Name="Zebra crossing")

    assert found(square, Query="zebra%ing") == []
    assert found(square, Query="zebra_crossing") == []


def test_owned_and_requestable(square: Square) -> None:
    """The filters leave out others' types, and those that nobody can request."""
    own = square.qualification_type(Name="Filter me 1")
    idle = square.qualification_type(
        Name="Filter me 2", QualificationTypeStatus="Inactive"
    )
    theirs = square.market.requester("filtered").call(
        "CreateQualificationType",
        {
            "Name": "Filter me 3",
            "Description": "d",
            "QualificationTypeStatus": "Active",
        },
    )["QualificationType"]["QualificationTypeId"]

    assert found(square, Query="filter me") == [theirs, idle, own]
    assert found(square, Query="filter me", MustBeOwnedByCaller=True) == [idle, own]
    assert found(square, Query="filter me", MustBeRequestable=True) == [theirs, own]


def test_system_types_are_found(square: Square) -> None:
    """The system's types are found behind the others, unless a filter excludes them."""
    assert found(square, Query="location") == [LOCALE]
    assert found(square, Query="location", MustBeRequestable=True) == []
    assert found(square, Query="location", MustBeOwnedByCaller=True) == []


def test_pages(square: Square) -> None:
    """Walking the pages gives every type once, the system's included."""
    whole = found(square)
    pages = square.client.get_paginator("list_qualification_types").paginate(
        MustBeRequestable=False, PaginationConfig={"PageSize": 3}
    )
    walked = [k["QualificationTypeId"] for p in pages for k in p["QualificationTypes"]]

    assert walked == whole
    assert len(walked) == len(set(walked)) > 10
    assert set(walked[-5:]) >= {LOCALE, MASTERS}


def test_delete(square: Square) -> None:
    """A deleted type is Disposed, is not listed, and nothing can be done with it."""
    type_id = square.qualification_type(Name="Going")
    worker = square.market.register()
    client = square.client

    client.delete_qualification_type(QualificationTypeId=type_id)

    assert shown(square, type_id)["QualificationTypeStatus"] == "Disposed"
    assert found(square, Query="going", MustBeOwnedByCaller=True) == []
    wrong = (
        "RequestError",
        "InvalidQualificationTypeState",
        "This operation can be called with a status of: Active,Inactive",
    )
    assert refusal(client.delete_qualification_type, QualificationTypeId=type_id) == (
        wrong
    )
    assert refusal(client.update_qualification_type, QualificationTypeId=type_id) == (
        wrong
    )
    assert (
        refusal(
            client.associate_qualification_with_worker,
            QualificationTypeId=type_id,
            WorkerId=worker,
        )
        == wrong
    )


def test_name_of_the_deleted(square: Square) -> None:
    """A deleted type that no HIT uses gives its name free at once."""
    type_id = square.qualification_type(Name="Reborn")
    square.client.delete_qualification_type(QualificationTypeId=type_id)

    assert square.qualification_type(Name="Reborn") != type_id


def test_disposing_while_used(square: Square) -> None:
    """A deleted type is Disposing, its name taken, as long as a HIT requires it."""
    type_id = square.qualification_type(Name="Needed")
    hit = square.hit(requires(type_id, "Exists"))
    square.client.delete_qualification_type(QualificationTypeId=type_id)

    assert shown(square, type_id)["QualificationTypeStatus"] == "Disposing"
    assert refusal(square.qualification_type, Name="Needed")[1] == (
        "QualificationTypeAlreadyExists"
    )

    square.expire(hit)
    square.client.delete_hit(HITId=hit["HITId"])

    assert shown(square, type_id)["QualificationTypeStatus"] == "Disposed"
    assert square.qualification_type(Name="Needed")


def test_name_is_free_after_48_hours() -> None:
    """The name of a deleted type is free after 48 hours, though a HIT requires it."""
    square = Square()
    type_id = square.qualification_type(Name="Kept")
    square.hit(requires(type_id, "Exists"), LifetimeInSeconds=30 * DAY)
    square.client.delete_qualification_type(QualificationTypeId=type_id)

    square.clock.advance(2 * DAY - 1)
    assert refusal(square.qualification_type, Name="Kept")[1]
    square.clock.advance(1)

    assert square.qualification_type(Name="Kept")


def test_requests_die_with_the_type(square: Square) -> None:
    """Pending requests are rejected together with the type they ask for."""
    type_id = square.qualification_type()
    square.market.request_qualification(square.market.register(), type_id)
    (request,) = square.client.list_qualification_requests(QualificationTypeId=type_id)[
        "QualificationRequests"
    ]

    square.client.delete_qualification_type(QualificationTypeId=type_id)

    assert refusal(
        square.client.accept_qualification_request,
        QualificationRequestId=request["QualificationRequestId"],
    )[1] == ("QualificationRequestDoesNotExist")


def test_granted_ones_stay(square: Square) -> None:
    """Who has a Qualification of a deleted type keeps it, and may do its HITs."""
    type_id = square.qualification_type()
    worker = square.market.register()
    square.client.associate_qualification_with_worker(
        QualificationTypeId=type_id, WorkerId=worker, IntegerValue=3
    )
    hit = square.hit(requires(type_id, "Exists"))

    square.client.delete_qualification_type(QualificationTypeId=type_id)

    assert square.score(type_id, worker) == 3
    assert square.market.accept(worker, hit["HITId"])


def test_hit_types_die_with_the_type(square: Square) -> None:
    """No HIT can be made of a HIT type that required a deleted Qualification type."""
    type_id = square.qualification_type()
    hit = square.hit(requires(type_id, "Exists"))
    square.client.delete_qualification_type(QualificationTypeId=type_id)

    assert refusal(
        square.client.create_hit_with_hit_type,
        HITTypeId=hit["HITTypeId"],
        LifetimeInSeconds=60,
        Question=hit["Question"],
    )[:2] == ("RequestError", "HITTypeDoesNotExist")
    assert square.client.get_hit(HITId=hit["HITId"])["HIT"]["HITStatus"] == "Assignable"


def test_types_outlive_the_process(tmp_path: Any) -> None:
    """A type is there when its file is opened again."""
    path = tmp_path / "market.db"
    with Marketplace(path, clock=ManualClock()) as market:
        made = market.call(
            "CreateQualificationType",
            {
                "Name": "Lasting",
                "Description": "d",
                "QualificationTypeStatus": "Active",
            },
        )["QualificationType"]

    with Marketplace(path, clock=ManualClock()) as market:
        type_id = made["QualificationTypeId"]
        again = market.call("GetQualificationType", {"QualificationTypeId": type_id})
    assert again["QualificationType"] == made
