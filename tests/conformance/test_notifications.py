"""Notifications: which events are told, how, and until when."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from tests.conformance.bench import Bench, request_error
from tests.marketplace.steps import QUESTION

HIT_EVENTS = ("HITCreated", "HITExtended", "HITExpired", "HITReviewable", "HITDisposed")
WORK_EVENTS = tuple(
    f"Assignment{what}"
    for what in (
        "Accepted",
        "Abandoned",
        "Returned",
        "Submitted",
        "Rejected",
        "Approved",
    )
)
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


def specification(bench: Bench, *events: str, **changes: str) -> dict[str, Any]:
    """Where these events are to be told."""
    destination = bench.binding.notification_destination
    version = {"Version": "2014-08-15"}
    return {**destination, **version, "EventTypes": list(events), **changes}


def told_type(bench: Bench, *events: str) -> str:
    """A HIT type whose events are told."""
    type_id = bench.hit_type(AssignmentDurationInSeconds=60)
    bench.client.update_notification_settings(
        HITTypeId=type_id, Notification=specification(bench, *events)
    )
    return type_id


def hit_of(bench: Bench, type_id: str) -> dict[str, Any]:
    """A HIT of a type."""
    made = bench.client.create_hit_with_hit_type(
        HITTypeId=type_id, LifetimeInSeconds=3600, MaxAssignments=2, Question=QUESTION
    )
    return dict(made["HIT"])


@contextmanager
def listening(bench: Bench) -> Iterator[list[dict[str, Any]]]:
    """The documents that are sent meanwhile, once it is over."""
    before, heard = len(bench.binding.sent_events()), list[dict[str, Any]]()
    yield heard
    heard += bench.binding.sent_events()[before:]


def kinds(documents: list[dict[str, Any]]) -> list[str]:
    """The kinds of the events that documents tell of."""
    return [event["EventType"] for doc in documents for event in doc["Events"]]


@pytest.mark.parametrize("kind", ["Ping", *HIT_EVENTS, *WORK_EVENTS])
def test_a_test(bench: Bench, kind: str) -> None:
    """A test is sent at once, whatever the EventTypes say, and looks like the rest."""
    with listening(bench) as heard:
        bench.client.send_test_event_notification(
            Notification=specification(bench, "Ping"), TestEventType=kind
        )

    (document,) = heard
    (event,) = document["Events"]
    assert document["EventDocVersion"] == "2014-08-15"
    assert document["EventDocId"]
    assert re.fullmatch("A[A-Z0-9]+", document["CustomerId"])
    assert event["EventType"] == kind
    assert TIME.fullmatch(event["EventTimestamp"])
    assert event["HITTypeId"]
    assert event["HITId"]
    assert ("AssignmentId" in event) == kind.startswith("Assignment")


def test_the_life_of_work(bench: Bench) -> None:
    """What happens to assignments is told, each with its id, in its order."""
    with listening(bench) as heard:
        hit = hit_of(bench, told_type(bench, *WORK_EVENTS))
        _, first = bench.accept(hit)
        bench.clock.advance(60)
        second = bench.accept(hit)
        bench.workers.return_(*second)
        third, fourth = (bench.do(hit)[1] for _ in range(2))
        bench.approve(third)
        bench.reject(fourth)

    events = [event for document in heard for event in document["Events"]]
    assert kinds(heard) == [
        "AssignmentAccepted",
        "AssignmentAbandoned",
        "AssignmentAccepted",
        "AssignmentReturned",
        "AssignmentAccepted",
        "AssignmentSubmitted",
        "AssignmentAccepted",
        "AssignmentSubmitted",
        "AssignmentApproved",
        "AssignmentRejected",
    ]
    assert events[0]["AssignmentId"] == events[1]["AssignmentId"] == first
    assert events[-1]["AssignmentId"] == fourth
    assert {event["HITId"] for event in events} == {hit["HITId"]}
    assert {event["HITTypeId"] for event in events} == {hit["HITTypeId"]}


def test_the_life_of_a_hit(bench: Bench) -> None:
    """What happens to a HIT is told, in its order."""
    with listening(bench) as heard:
        hit = hit_of(bench, told_type(bench, *HIT_EVENTS))
        bench.client.create_additional_assignments_for_hit(
            HITId=hit["HITId"], NumberOfAdditionalAssignments=1
        )
        bench.do(hit)
        bench.clock.advance(3600)
        bench.approve(
            bench.client.list_assignments_for_hit(HITId=hit["HITId"])["Assignments"][0][
                "AssignmentId"
            ]
        )
        bench.client.delete_hit(HITId=hit["HITId"])

    assert kinds(heard) == [
        "HITCreated",
        "HITExtended",
        "HITExpired",
        "HITReviewable",
        "HITDisposed",
    ]
    assert not any("AssignmentId" in doc["Events"][0] for doc in heard)


def test_work_after_the_expiry_is_told(bench: Bench) -> None:
    """Expiring a HIT by hand silences nothing."""
    hit = hit_of(bench, told_type(bench, "AssignmentSubmitted"))
    work = bench.accept(hit)
    bench.expire(hit)
    with listening(bench) as heard:
        bench.workers.submit(*work, {"answer": "late"})

    assert kinds(heard) == ["AssignmentSubmitted"]


def test_only_what_was_asked_for(bench: Bench) -> None:
    """Other events, and those of other types, are not told."""
    with listening(bench) as heard:
        hit = hit_of(bench, told_type(bench, "HITExpired"))
        bench.do(hit)
        bench.do(bench.hit())

    assert heard == []


def test_on_and_off(bench: Bench) -> None:
    """Active alone silences a specification and brings it back."""
    type_id = told_type(bench, "HITCreated")
    counts = []
    for active in (False, True):
        bench.client.update_notification_settings(HITTypeId=type_id, Active=active)
        with listening(bench) as heard:
            hit_of(bench, type_id)
        counts.append(len(heard))

    assert counts == [0, 1]


def test_a_new_specification_replaces_the_old(bench: Bench) -> None:
    """A HIT type has one specification."""
    type_id = told_type(bench, "HITCreated")
    bench.client.update_notification_settings(
        HITTypeId=type_id, Notification=specification(bench, "AssignmentAccepted")
    )
    with listening(bench) as heard:
        bench.accept(hit_of(bench, type_id))

    assert kinds(heard) == ["AssignmentAccepted"]


@pytest.mark.parametrize("version", ["2006-05-05", "2014-08-15"])
def test_versions(bench: Bench, version: str) -> None:
    """Both versions that the documentation names are known, and echoed."""
    with listening(bench) as heard:
        bench.client.send_test_event_notification(
            Notification=specification(bench, "Ping", Version=version),
            TestEventType="Ping",
        )

    assert heard[0]["EventDocVersion"] == version


def test_an_unknown_version(bench: Bench) -> None:
    """Another version is refused."""
    refused = bench.refusal(
        "send_test_event_notification",
        Notification=specification(bench, "Ping", Version="2020-01-01"),
        TestEventType="Ping",
    )

    assert refused.code == "ParameterValidationError"


@pytest.mark.parametrize(
    ("transport", "destination"),
    [("SQS", "queue"), ("SNS", "https://example.org/topic"), ("Email", "nobody")],
)
def test_no_destination(bench: Bench, transport: str, destination: str) -> None:
    """A queue has a URL, a topic an ARN, a mailbox an address."""
    given = specification(
        bench, "HITCreated", Transport=transport, Destination=destination
    )
    refused = bench.refusal(
        "update_notification_settings", HITTypeId=bench.hit_type(), Notification=given
    )

    assert refused == request_error("InvalidTransportEndpoint")


@pytest.mark.parametrize("given", [{}, {"Active": True}], ids=["nothing", "active"])
def test_no_specification(bench: Bench, given: dict[str, bool]) -> None:
    """A type that has none yet needs one."""
    refused = bench.refusal(
        "update_notification_settings", HITTypeId=bench.hit_type(), **given
    )

    assert refused.code == "ParameterValidationError"


def test_pings_are_tests(bench: Bench) -> None:
    """Ping is no event of a HIT type."""
    refused = bench.refusal(
        "update_notification_settings",
        HITTypeId=bench.hit_type(),
        Notification=specification(bench, "Ping"),
    )

    assert refused.code == "ParameterValidationError"
