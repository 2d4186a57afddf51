"""Qualification types, requests for them, tests, scores."""

import datetime as dt
from typing import Any

import pytest

from crowdlab.errors import WorkRefused
from tests.conformance.bench import (
    DAY,
    Bench,
    Refused,
    of_range,
    request_error,
    wrong_state,
)
from tests.conformance.papers import external
from tests.marketplace.people import APPROVED, answer_key, exam, requires

NAME_TAKEN = (
    "You have already created a QualificationType with this name. A "
    "QualificationType's name must be unique among all of the QualificationTypes "
    "created by the same user."
)
NONE_SUCH = "You requested a Qualification that does not exist."


def get(bench: Bench, type_id: str) -> dict[str, Any]:
    """A Qualification type as it is now."""
    found = bench.client.get_qualification_type(QualificationTypeId=type_id)
    return dict(found["QualificationType"])


def request(bench: Bench, type_id: str, worker: str = "", **answers: Any) -> str:
    """A worker asks for a Qualification; gives the worker's id."""
    worker = worker or bench.worker()
    bench.binding.population.request_qualification(worker, type_id, answers or None)
    return worker


def pending(bench: Bench, type_id: str) -> list[dict[str, Any]]:
    """The requests that wait for a decision."""
    listed = bench.client.list_qualification_requests(QualificationTypeId=type_id)
    return list(listed["QualificationRequests"])


def mapping(inside: str) -> str:
    """How the scores of a test become a value."""
    return f"<QualificationValueMapping>{inside}</QualificationValueMapping>"


def scores_from(lowest: int) -> str:
    """A mapping by which scores up to 3 are worth 50, and others -1."""
    return (
        f"<RangeMapping><SummedScoreRange><InclusiveLowerBound>{lowest}"
        "</InclusiveLowerBound><InclusiveUpperBound>3</InclusiveUpperBound>"
        "<QualificationValue>50</QualificationValue></SummedScoreRange>"
        "<OutOfRangeQualificationValue>-1</OutOfRangeQualificationValue></RangeMapping>"
    )


def test_a_new_type(bench: Bench) -> None:
    """It says what it was told, and is there again when it is asked for."""
    name = bench.name()
    made = bench.client.create_qualification_type(
        Name=name,
        Description="d",
        Keywords="k",
        QualificationTypeStatus="Active",
        RetryDelayInSeconds=60,
    )["QualificationType"]

    assert (made["Name"], made["Description"], made["Keywords"]) == (name, "d", "k")
    assert made["QualificationTypeStatus"] == "Active"
    assert made["RetryDelayInSeconds"] == 60
    assert made["IsRequestable"] is True
    assert made["AutoGranted"] is False
    assert {"Test", "AnswerKey", "AutoGrantedValue"}.isdisjoint(made)
    assert get(bench, made["QualificationTypeId"]) == made


def test_names_are_unique(bench: Bench) -> None:
    """A requester's types have different names; that of a deleted one is free."""
    name = bench.name()
    first = bench.qualification_type(Name=name)
    given = {"Name": name, "Description": "d", "QualificationTypeStatus": "Active"}

    refused = bench.refusal("create_qualification_type", **given)
    assert refused == request_error("QualificationTypeAlreadyExists", NAME_TAKEN)
    bench.client.delete_qualification_type(QualificationTypeId=first)
    bench.clock.advance(2 * DAY)

    assert bench.qualification_type(Name=name) != first


@pytest.mark.parametrize(
    "settings",
    [
        {"Test": exam()},
        {"Test": exam(), "TestDurationInSeconds": 60, "AutoGranted": True},
        {"AnswerKey": answer_key()},
    ],
    ids=["no duration", "granted without the test", "a key without a test"],
)
def test_settings_that_contradict(bench: Bench, settings: dict[str, Any]) -> None:
    """A test has a duration and is not skipped; an answer key belongs to a test."""
    base = {
        "Name": bench.name(),
        "Description": "d",
        "QualificationTypeStatus": "Active",
    }
    refused = bench.refusal("create_qualification_type", **base, **settings)

    assert refused == Refused("InvalidParameterCombinationError")


@pytest.mark.parametrize(
    "settings",
    [
        {"Test": external()},
        {"Test": "<no"},
        {"Test": exam(), "AnswerKey": "<no"},
        {"Test": exam("x" * 65_536)},
        {"Description": "x" * 2001},
        {"Keywords": "x" * 1001},
    ],
    ids=["no form", "no XML", "no key", "large", "description", "keywords"],
)
def test_what_a_type_cannot_have(bench: Bench, settings: dict[str, str]) -> None:
    """A test is a QuestionForm of limited size, its key an AnswerKey, texts are short."""
    given = {
        "Name": bench.name(),
        "Description": "d",
        "QualificationTypeStatus": "Active",
        "TestDurationInSeconds": 60,
        **settings,
    }
    refused = bench.refusal("create_qualification_type", **given)

    assert refused.code == "ParameterValidationError"


def test_a_test_takes_time(bench: Bench) -> None:
    """A test lasts a second at least."""
    refused = bench.refusal(
        "create_qualification_type",
        Name=bench.name(),
        Description="d",
        QualificationTypeStatus="Active",
        Test=exam(),
        TestDurationInSeconds=0,
    )

    assert refused == of_range("TestDurationInSeconds", 0, 1, 31_536_000)


def test_searching(bench: Bench) -> None:
    """Types are found by part of their name, description or keywords."""
    word = bench.name().replace(" ", "")
    made = [
        bench.qualification_type(Name=f"An {word} name"),
        bench.qualification_type(Description=f"in {word}"),
        bench.qualification_type(Keywords=f"one,{word}"),
    ]

    def found(query: str, **more: bool) -> set[str]:
        given = {"MustBeRequestable": False, "MustBeOwnedByCaller": True, **more}
        listed = bench.client.list_qualification_types(Query=query, **given)
        return {kind["QualificationTypeId"] for kind in listed["QualificationTypes"]}

    assert found(word) == found(word[:-1]) & set(made) == set(made)
    bench.client.update_qualification_type(
        QualificationTypeId=made[0], QualificationTypeStatus="Inactive"
    )
    assert found(word, MustBeRequestable=True) == set(made[1:])
    bench.client.delete_qualification_type(QualificationTypeId=made[1])
    assert found(word) == {made[0], made[2]}


def test_the_services_own_types(bench: Bench) -> None:
    """They are found, but belong to nobody: nobody changes or gives them."""
    listed = bench.client.list_qualification_types(
        Query="Worker_NumberHITsApproved", MustBeRequestable=False
    )["QualificationTypes"]
    assert [kind["QualificationTypeId"] for kind in listed] == [APPROVED]
    assert get(bench, APPROVED)["IsRequestable"] is False

    expected, worker = request_error("PermissionDeniedException"), bench.worker()
    assert expected == bench.refusal(
        "associate_qualification_with_worker",
        QualificationTypeId=APPROVED,
        WorkerId=worker,
    )
    assert expected == bench.refusal(
        "delete_qualification_type", QualificationTypeId=APPROVED
    )
    assert request_error("QualificationDoesNotExist", NONE_SUCH) == bench.refusal(
        "get_qualification_score", QualificationTypeId=APPROVED, WorkerId=worker
    )


def test_changing(bench: Bench) -> None:
    """What is not mentioned stays; the name and the keywords always do."""
    type_id = bench.qualification_type(Keywords="k", RetryDelayInSeconds=60)
    before = get(bench, type_id)
    changed = bench.client.update_qualification_type(
        QualificationTypeId=type_id,
        Description="new",
        QualificationTypeStatus="Inactive",
        RetryDelayInSeconds=90,
    )["QualificationType"]

    assert changed == before | {
        "Description": "new",
        "QualificationTypeStatus": "Inactive",
        "RetryDelayInSeconds": 90,
        "IsRequestable": False,
    }
    assert get(bench, type_id) == changed


def test_a_new_test_drops_the_key(bench: Bench) -> None:
    """A test that replaces another one brings its own key, or has none."""
    type_id = bench.qualification_type(
        Test=exam(), AnswerKey=answer_key(), TestDurationInSeconds=60
    )
    assert get(bench, type_id)["AnswerKey"] == answer_key()
    bench.client.update_qualification_type(
        QualificationTypeId=type_id, Test=exam("z"), TestDurationInSeconds=61
    )
    now = get(bench, type_id)

    assert (now["Test"], now["TestDurationInSeconds"]) == (exam("z"), 61)
    assert "AnswerKey" not in now


@pytest.mark.parametrize(
    "change",
    [
        {"Test": exam()},
        {"AutoGranted": True, "Test": exam(), "TestDurationInSeconds": 60},
        {"AnswerKey": answer_key()},
    ],
)
def test_changes_that_contradict(bench: Bench, change: dict[str, Any]) -> None:
    """What a type could not be from the start it cannot become."""
    type_id = bench.qualification_type()

    refused = bench.refusal(
        "update_qualification_type", QualificationTypeId=type_id, **change
    )

    assert refused == Refused("InvalidParameterCombinationError")


def test_no_grant_by_itself_beside_a_test(bench: Bench) -> None:
    """A type with a test cannot become one that is granted to everybody."""
    type_id = bench.qualification_type(Test=exam(), TestDurationInSeconds=60)

    refused = bench.refusal(
        "update_qualification_type", QualificationTypeId=type_id, AutoGranted=True
    )

    assert refused == Refused("InvalidParameterCombinationError")


def test_deleting(bench: Bench) -> None:
    """Requests end, Qualifications stay, and nothing of the type changes any more."""
    type_id, owner = bench.qualification_type(), bench.worker()
    bench.grant(type_id, owner, 7)
    asking = request(bench, type_id)
    bench.client.delete_qualification_type(QualificationTypeId=type_id)

    assert get(bench, type_id)["QualificationTypeStatus"] in {"Disposing", "Disposed"}
    assert bench.score(type_id, owner) == 7
    assert pending(bench, type_id) == []
    gone = wrong_state("Active,Inactive", "InvalidQualificationTypeState")
    given = {"QualificationTypeId": type_id}
    assert bench.refusal("delete_qualification_type", **given) == gone
    assert gone == bench.refusal("update_qualification_type", **given, Description="d")
    assert gone == bench.refusal(
        "associate_qualification_with_worker", **given, WorkerId=asking
    )
    with pytest.raises(WorkRefused):
        request(bench, type_id)


def test_granting(bench: Bench) -> None:
    """A Qualification has a value, 1 where none is said, and a time; both can change."""
    type_id, worker = bench.qualification_type(), bench.worker()
    bench.grant(type_id, worker)
    assert bench.score(type_id, worker) == 1
    bench.clock.advance(60)
    bench.grant(type_id, worker, 42)
    found = bench.client.get_qualification_score(
        QualificationTypeId=type_id, WorkerId=worker
    )["Qualification"]

    assert found == {
        "QualificationTypeId": type_id,
        "WorkerId": worker,
        "IntegerValue": 42,
        "Status": "Granted",
        "GrantTime": dt.datetime.fromtimestamp(bench.clock(), dt.UTC),
    }


def test_revoking(bench: Bench) -> None:
    """A revoked Qualification has no score, cannot be revoked again, but given again."""
    type_id, worker = bench.qualification_type(), bench.worker()
    given = {"QualificationTypeId": type_id, "WorkerId": worker}
    bench.grant(type_id, worker, 5)
    bench.client.disassociate_qualification_from_worker(**given, Reason="r")

    gone = wrong_state("Granted", "InvalidQualificationState")
    assert bench.refusal("get_qualification_score", **given) == gone
    assert bench.refusal("disassociate_qualification_from_worker", **given) == gone
    bench.grant(type_id, worker, 6)
    assert bench.score(type_id, worker) == 6


@pytest.mark.parametrize(
    "operation", ["get_qualification_score", "disassociate_qualification_from_worker"]
)
def test_a_qualification_that_nobody_gave(bench: Bench, operation: str) -> None:
    """What a worker never had does not exist."""
    refused = bench.refusal(
        operation,
        QualificationTypeId=bench.qualification_type(),
        WorkerId=bench.worker(),
    )

    assert refused == request_error("QualificationDoesNotExist", NONE_SUCH)


def test_who_has_it(bench: Bench) -> None:
    """Those who have it are listed, those who had it only where they are asked for."""
    type_id = bench.qualification_type()
    owner, former = bench.worker(), bench.worker()
    for worker in (owner, former):
        bench.grant(type_id, worker)
    bench.client.disassociate_qualification_from_worker(
        QualificationTypeId=type_id, WorkerId=former
    )

    def listed(**more: str) -> list[str]:
        page = bench.client.list_workers_with_qualification_type(
            QualificationTypeId=type_id, **more
        )
        return [each["WorkerId"] for each in page["Qualifications"]]

    assert listed() == listed(Status="Granted") == [owner]
    assert listed(Status="Revoked") == [former]


def test_which_hits_require_it(bench: Bench) -> None:
    """They are listed until they are deleted."""
    type_id = bench.qualification_type()
    hits = [
        bench.hit(QualificationRequirements=[requires(type_id, "Exists")])
        for _ in range(2)
    ]
    bench.hit()
    bench.expire(hits[0])
    bench.client.delete_hit(HITId=hits[0]["HITId"])
    page = bench.client.list_hits_for_qualification_type(QualificationTypeId=type_id)

    assert [hit["HITId"] for hit in page["HITs"]] == [hits[1]["HITId"]]


def test_a_request_waits(bench: Bench) -> None:
    """Where nothing decides by itself, the requester does."""
    type_id = bench.qualification_type()
    worker = request(bench, type_id)
    (waiting,) = pending(bench, type_id)

    assert (waiting["WorkerId"], waiting["QualificationTypeId"]) == (worker, type_id)
    assert {"Test", "Answer"}.isdisjoint(waiting)
    everything = bench.client.list_qualification_requests(MaxResults=100)
    assert waiting in everything["QualificationRequests"]


@pytest.mark.parametrize(("given", "value"), [({}, 1), ({"IntegerValue": 9}, 9)])
def test_accepting_a_request(bench: Bench, given: dict[str, int], value: int) -> None:
    """What was asked for is granted, 1 where no value is said, and waits no longer."""
    type_id = bench.qualification_type()
    worker = request(bench, type_id)
    name = pending(bench, type_id)[0]["QualificationRequestId"]
    bench.client.accept_qualification_request(QualificationRequestId=name, **given)

    assert bench.score(type_id, worker) == value
    assert pending(bench, type_id) == []
    refused = bench.refusal("accept_qualification_request", QualificationRequestId=name)
    assert refused == request_error("QualificationRequestDoesNotExist")


def test_rejecting_a_request(bench: Bench) -> None:
    """Nothing is granted, and the request is gone."""
    type_id = bench.qualification_type()
    worker = request(bench, type_id)
    name = pending(bench, type_id)[0]["QualificationRequestId"]
    bench.client.reject_qualification_request(QualificationRequestId=name, Reason="no")

    assert pending(bench, type_id) == []
    assert request_error("QualificationDoesNotExist") == bench.refusal(
        "get_qualification_score", QualificationTypeId=type_id, WorkerId=worker
    )
    refused = bench.refusal("accept_qualification_request", QualificationRequestId=name)
    assert refused == request_error("QualificationRequestDoesNotExist")


def test_granting_leaves_requests(bench: Bench) -> None:
    """A request waits on although its worker got the Qualification otherwise."""
    type_id = bench.qualification_type()
    worker = request(bench, type_id)
    bench.grant(type_id, worker, 3)

    assert len(pending(bench, type_id)) == 1


@pytest.mark.parametrize(("given", "value"), [({}, 1), ({"AutoGrantedValue": 8}, 8)])
def test_granted_by_itself(bench: Bench, given: dict[str, int], value: int) -> None:
    """A type can be granted to whoever asks."""
    type_id = bench.qualification_type(AutoGranted=True, **given)
    worker = request(bench, type_id)

    assert bench.score(type_id, worker) == value
    assert pending(bench, type_id) == []


def test_a_test_without_a_key(bench: Bench) -> None:
    """The request waits, with the test and its answers."""
    type_id = bench.qualification_type(Test=exam(), TestDurationInSeconds=60)
    request(bench, type_id, q1=["b"])
    (waiting,) = pending(bench, type_id)

    assert waiting["Test"] == exam()
    assert "<SelectionIdentifier>b</SelectionIdentifier>" in waiting["Answer"]


@pytest.mark.parametrize(
    ("how", "value"),
    [
        ("", 2),
        (
            "<PercentageMapping><MaximumSummedScore>3</MaximumSummedScore></PercentageMapping>",
            67,
        ),
        (
            "<ScaleMapping><SummedScoreMultiplier>3</SummedScoreMultiplier></ScaleMapping>",
            6,
        ),
        (scores_from(2), 50),
        (scores_from(3), -1),
    ],
    ids=["sum", "percentage", "scale", "in range", "out of range"],
)
def test_a_test_with_a_key(bench: Bench, how: str, value: int) -> None:
    """It is graded at once, and its scores become a value."""
    names = ("q1", "q2", "q3")
    type_id = bench.qualification_type(
        Test=exam(*names),
        AnswerKey=answer_key(*names, mapping=mapping(how) if how else ""),
        TestDurationInSeconds=60,
    )
    worker = request(bench, type_id, q1=["a"], q2=["a"], q3=["b"])

    assert bench.score(type_id, worker) == value
    assert pending(bench, type_id) == []


def test_asking_again(bench: Bench) -> None:
    """A request can be made once, or again when the delay is over."""
    once = bench.qualification_type(AutoGranted=True)
    again = bench.qualification_type(AutoGranted=True, RetryDelayInSeconds=600)
    worker = bench.worker()
    for type_id in (once, again):
        request(bench, type_id, worker)
    bench.clock.advance(599)
    for type_id in (once, again):
        with pytest.raises(WorkRefused):
            request(bench, type_id, worker)
    bench.clock.advance(1)

    request(bench, again, worker)
    with pytest.raises(WorkRefused):
        request(bench, once, worker)


def test_asking_for_what_is_not_to_be_had(bench: Bench) -> None:
    """Nobody asks for a Qualification of an inactive type."""
    type_id = bench.qualification_type(QualificationTypeStatus="Inactive")

    with pytest.raises(WorkRefused):
        request(bench, type_id)
