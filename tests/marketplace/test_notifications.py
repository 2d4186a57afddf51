"""Notifications: what is told of HITs and assignments, when, and to whom."""

import datetime as dt
import json
import logging
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import attrs
import boto3
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws

from crowdlab.marketplace import ManualClock, Marketplace
from tests.marketplace.steps import Make, do, hit_parameters, refused

QUEUE = "https://sqs.us-east-1.amazonaws.com/123456789012/events"
TOPIC = "arn:aws:sns:us-east-1:123456789012:events"
ALL = [
    "AssignmentAccepted",
    "AssignmentAbandoned",
    "AssignmentReturned",
    "AssignmentSubmitted",
    "AssignmentRejected",
    "AssignmentApproved",
    "HITCreated",
    "HITExpired",
    "HITReviewable",
    "HITExtended",
    "HITDisposed",
]

Subscribe = Callable[..., dict[str, Any]]


@attrs.define
class Recipient:
    """Whoever is told; it may be out of reach."""

    is_reachable: bool = True
    delivered: list[tuple[str, str, Mapping[str, Any]]] = attrs.field(factory=list)
    n_tries: int = 0

    def __call__(
        self, transport: str, destination: str, document: Mapping[str, Any]
    ) -> None:
        """Takes a document."""
        self.n_tries += 1
        if not self.is_reachable:
            raise ConnectionError("nobody there")
        self.delivered.append((transport, destination, document))


@pytest.fixture
def recipient() -> Recipient:
    """Takes every document."""
    return Recipient()


@pytest.fixture
def market(clock: ManualClock, recipient: Recipient) -> Marketplace:
    """A marketplace that tells the recipient."""
    return Marketplace(clock=clock, seed=7, deliver=recipient)


@pytest.fixture
def subscribe(client: Any) -> Subscribe:
    """Asks for a HIT type's events; gives CreateHIT's parameters for that type."""

    def act(*events: str, **changes: Any) -> dict[str, Any]:
        parameters = hit_parameters(**changes)
        own = ("LifetimeInSeconds", "MaxAssignments", "Question")
        kind = {k: v for k, v in parameters.items() if k not in own}
        client.update_notification_settings(
            HITTypeId=client.create_hit_type(**kind)["HITTypeId"],
            Notification=specification(*events or ALL),
        )
        return parameters

    return act


def specification(*events: str, **changes: Any) -> dict[str, Any]:
    """A NotificationSpecification."""
    return {
        "Destination": QUEUE,
        "Transport": "SQS",
        "Version": "2014-08-15",
        "EventTypes": list(events),
        **changes,
    }


PING = {"Notification": specification("Ping"), "TestEventType": "Ping"}


def events(market: Marketplace) -> list[dict[str, Any]]:
    """Everything that was told."""
    return [event for document in market.sent_events() for event in document["Events"]]


def kinds(market: Marketplace) -> list[str]:
    """The types of everything that was told."""
    return [event["EventType"] for event in events(market)]


def when(time: dt.datetime, seconds: int = 0) -> str:
    """A moment as events tell it, so many seconds later."""
    later = time + dt.timedelta(seconds=seconds)
    return later.strftime("%Y-%m-%dT%H:%M:%SZ")


def test_document(client: Any, subscribe: Subscribe, recipient: Recipient) -> None:
    """A document says of what version, whose, and what happened to what and when."""
    hit = client.create_hit(**subscribe())["HIT"]

    ((transport, destination, document),) = recipient.delivered

    assert (transport, destination) == ("SQS", QUEUE)
    assert set(document) == {"EventDocVersion", "EventDocId", "CustomerId", "Events"}
    assert document["EventDocVersion"] == "2014-08-15"
    assert document["CustomerId"].startswith("A")
    assert document["Events"] == [
        {
            "EventType": "HITCreated",
            "EventTimestamp": when(hit["CreationTime"]),
            "HITTypeId": hit["HITTypeId"],
            "HITId": hit["HITId"],
        }
    ]


def test_old_version_is_echoed(
    market: Marketplace, client: Any, make_hit: Make
) -> None:
    """The version that was asked for is the version that is told."""
    client.update_notification_settings(
        HITTypeId=make_hit()["HITTypeId"],
        Notification=specification("HITCreated", Version="2006-05-05"),
    )
    make_hit()

    assert [d["EventDocVersion"] for d in market.sent_events()] == ["2006-05-05"]


def test_ids_differ(market: Marketplace, client: Any, subscribe: Subscribe) -> None:
    """Each document has an id of its own, and all have the requester's."""
    parameters = subscribe()
    for _ in range(3):
        client.create_hit(**parameters)

    documents = market.sent_events()

    assert len({document["EventDocId"] for document in documents}) == 3
    assert len({document["CustomerId"] for document in documents}) == 1


def test_work_and_approval(
    market: Marketplace, client: Any, subscribe: Subscribe
) -> None:
    """Accepting, submitting, approving and deleting are told, in this order."""
    hit = client.create_hit(**subscribe())["HIT"]
    _, assignment = do(market, hit)
    client.approve_assignment(AssignmentId=assignment)
    client.delete_hit(HITId=hit["HITId"])

    assert kinds(market) == [
        "HITCreated",
        "AssignmentAccepted",
        "AssignmentSubmitted",
        "HITReviewable",
        "AssignmentApproved",
        "HITDisposed",
    ]
    assert [event.get("AssignmentId") for event in events(market)] == [
        None,
        assignment,
        assignment,
        None,
        assignment,
        None,
    ]


def test_rejection_and_change_of_mind(
    market: Marketplace, client: Any, subscribe: Subscribe
) -> None:
    """A rejection is told, and so is the approval that overrides it."""
    hit = client.create_hit(**subscribe("AssignmentRejected", "AssignmentApproved"))
    _, assignment = do(market, hit["HIT"])
    client.reject_assignment(AssignmentId=assignment, RequesterFeedback="no")
    client.approve_assignment(AssignmentId=assignment, OverrideRejection=True)

    assert kinds(market) == ["AssignmentRejected", "AssignmentApproved"]


def test_return(market: Marketplace, client: Any, subscribe: Subscribe) -> None:
    """Giving an assignment back is told."""
    hit = client.create_hit(**subscribe("AssignmentReturned"))["HIT"]
    worker = market.register()
    assignment = market.accept(worker, hit["HITId"])
    market.return_(worker, assignment)

    (event,) = events(market)
    assert (event["EventType"], event["AssignmentId"]) == (
        "AssignmentReturned",
        assignment,
    )


def test_abandonment_is_told_with_its_moment(
    market: Marketplace, clock: ManualClock, client: Any, subscribe: Subscribe
) -> None:
    """An assignment is abandoned at its deadline, however late anybody looks."""
    hit = client.create_hit(**subscribe("AssignmentAbandoned"))["HIT"]
    market.accept(market.register(), hit["HITId"])
    clock.advance(5000)
    client.get_account_balance()

    (event,) = events(market)
    assert event["EventTimestamp"] == when(hit["CreationTime"], 600)


def test_expiry_is_told_with_its_moment(
    market: Marketplace, clock: ManualClock, client: Any, subscribe: Subscribe
) -> None:
    """A HIT that nobody took expires and is reviewable at its expiration."""
    hit = client.create_hit(**subscribe("HITExpired", "HITReviewable"))["HIT"]
    clock.advance(10_000)
    client.get_account_balance()

    assert [(e["EventType"], e["EventTimestamp"]) for e in events(market)] == [
        ("HITExpired", when(hit["Expiration"])),
        ("HITReviewable", when(hit["Expiration"])),
    ]


def test_expiry_with_work_under_way(
    market: Marketplace, clock: ManualClock, client: Any, subscribe: Subscribe
) -> None:
    """A HIT expires with an assignment under way, and is reviewable after that."""
    hit = client.create_hit(**subscribe("HITExpired", "HITReviewable"))["HIT"]
    clock.advance(3500)
    market.accept(market.register(), hit["HITId"])
    clock.advance(10_000)
    client.get_account_balance()

    assert [(e["EventType"], e["EventTimestamp"]) for e in events(market)] == [
        ("HITExpired", when(hit["Expiration"])),
        ("HITReviewable", when(hit["CreationTime"], 3500 + 600)),
    ]


def test_expiry_on_request(
    market: Marketplace, client: Any, subscribe: Subscribe
) -> None:
    """Expiring a HIT is told once, however often it is asked for."""
    hit = client.create_hit(**subscribe("HITExpired"))["HIT"]
    for _ in range(2):
        client.update_expiration_for_hit(HITId=hit["HITId"], ExpireAt=0)

    assert kinds(market) == ["HITExpired"]


def test_expiry_on_request_with_work_under_way(
    market: Marketplace, clock: ManualClock, client: Any, subscribe: Subscribe
) -> None:
    """Expired on request, a HIT is reviewable only when its last worker is done."""
    hit = client.create_hit(**subscribe("HITExpired", "HITReviewable"))["HIT"]
    market.accept(market.register(), hit["HITId"])
    client.update_expiration_for_hit(HITId=hit["HITId"], ExpireAt=0)
    client.get_account_balance()
    assert kinds(market) == ["HITExpired"]

    clock.advance(600)
    client.get_account_balance()
    assert kinds(market) == ["HITExpired", "HITReviewable"]


def test_complete_hits_do_not_expire(
    market: Marketplace, clock: ManualClock, client: Any, subscribe: Subscribe
) -> None:
    """A HIT whose work is all done has nothing left that could expire."""
    hit = client.create_hit(**subscribe("HITExpired", "HITReviewable"))["HIT"]
    do(market, hit)
    clock.advance(10_000)
    client.get_account_balance()

    assert kinds(market) == ["HITReviewable"]


def test_extensions(market: Marketplace, client: Any, subscribe: Subscribe) -> None:
    """More assignments and more time are both told as an extension."""
    hit = client.create_hit(**subscribe("HITExtended"))["HIT"]
    client.create_additional_assignments_for_hit(
        HITId=hit["HITId"], NumberOfAdditionalAssignments=1
    )
    client.update_expiration_for_hit(
        HITId=hit["HITId"], ExpireAt=hit["Expiration"] + dt.timedelta(hours=1)
    )

    assert kinds(market) == ["HITExtended", "HITExtended"]


def test_what_time_does(
    market: Marketplace, clock: ManualClock, client: Any, subscribe: Subscribe
) -> None:
    """Auto-approval and disposal are told with their moments."""
    parameters = subscribe(
        "AssignmentApproved", "HITDisposed", AutoApprovalDelayInSeconds=60
    )
    hit = client.create_hit(**parameters)["HIT"]
    do(market, hit)
    clock.advance(130 * 86_400)
    client.get_account_balance()

    assert [(e["EventType"], e["EventTimestamp"]) for e in events(market)] == [
        ("AssignmentApproved", when(hit["CreationTime"], 60)),
        ("HITDisposed", when(hit["CreationTime"], 120 * 86_400)),
    ]


def test_policies_are_told(
    market: Marketplace, client: Any, subscribe: Subscribe
) -> None:
    """What a review policy decides and extends is told like anything else."""
    policy = {
        "PolicyName": "ScoreMyKnownAnswers/2011-09-01",
        "Parameters": [
            {"Key": "AnswerKey", "MapEntries": [{"Key": "a", "Values": ["x"]}]},
            {"Key": "RejectIfKnownAnswerScoreIsLessThan", "Values": ["100"]},
            {"Key": "ExtendIfKnownAnswerScoreIsLessThan", "Values": ["100"]},
        ],
    }
    parameters = subscribe() | {"AssignmentReviewPolicy": policy}
    do(market, client.create_hit(**parameters)["HIT"], a="wrong")

    assert kinds(market)[2:] == [
        "AssignmentSubmitted",
        "AssignmentRejected",
        "HITExtended",
    ]


def test_only_what_was_asked_for(
    market: Marketplace, client: Any, subscribe: Subscribe
) -> None:
    """Events that are not in the specification are not told."""
    do(market, client.create_hit(**subscribe("AssignmentSubmitted"))["HIT"])

    assert kinds(market) == ["AssignmentSubmitted"]


def test_only_of_that_type(
    market: Marketplace, subscribe: Subscribe, make_hit: Make
) -> None:
    """HITs of other types are not told of."""
    subscribe(Title="Something else")
    make_hit()

    assert market.sent_events() == []


def test_no_settings_no_statement(market: Marketplace, make_hit: Make) -> None:
    """Without settings, nothing is asked or written for the sake of notifications."""
    statements: list[str] = []
    do(market, make_hit())
    raw: Any = market._engine.database._connected().connection.driver_connection
    raw.set_trace_callback(statements.append)

    do(market, make_hit())

    assert any("INSERT INTO hits" in statement for statement in statements)
    told = ("outbox", "SELECT requesters.customer_id")
    assert not [text for text in statements if any(t in text for t in told)]


def test_replacing(client: Any, make_hit: Make, recipient: Recipient) -> None:
    """A new specification replaces the old one."""
    kind = make_hit()["HITTypeId"]
    for new in (
        specification("HITCreated"),
        specification("HITCreated", Destination=TOPIC, Transport="SNS"),
    ):
        client.update_notification_settings(HITTypeId=kind, Notification=new)
    make_hit()

    assert [where for _, where, _ in recipient.delivered] == [TOPIC]


def test_switch(market: Marketplace, client: Any, make_hit: Make) -> None:
    """Active=False silences, Active=True alone speaks again with the old settings."""
    kind = make_hit()["HITTypeId"]
    client.update_notification_settings(
        HITTypeId=kind,
        Notification=specification("HITCreated"),
        Active=False,
    )
    make_hit()
    assert market.sent_events() == []

    client.update_notification_settings(HITTypeId=kind, Active=True)
    make_hit()
    assert kinds(market) == ["HITCreated"]


def test_replacing_does_not_switch(
    market: Marketplace, client: Any, make_hit: Make
) -> None:
    """A specification without a word on Active leaves silence as it was."""
    kind = make_hit()["HITTypeId"]
    client.update_notification_settings(
        HITTypeId=kind,
        Notification=specification("HITCreated"),
        Active=False,
    )
    client.update_notification_settings(
        HITTypeId=kind,
        Notification=specification(*ALL),
    )
    make_hit()

    assert market.sent_events() == []


REFUSED: dict[str, dict[str, Any]] = {
    "nothing": {},
    "a switch without a specification": {"Active": True},
    "Ping": {"Notification": specification("Ping")},
    "another version": {"Notification": specification(*ALL, Version="2012-03-25")},
}


@pytest.mark.parametrize("members", REFUSED.values(), ids=list(REFUSED))
def test_bad_settings(client: Any, make_hit: Make, members: dict[str, Any]) -> None:
    """Settings that say nothing, or what cannot be, are refused."""
    with pytest.raises(ClientError) as error:
        client.update_notification_settings(
            HITTypeId=make_hit()["HITTypeId"], **members
        )

    assert refused(error)[0] == "ParameterValidationError"


@pytest.mark.parametrize(
    ("transport", "destination"),
    [
        ("SQS", TOPIC),
        ("SQS", "https://sqs.us-east-1.amazonaws.com"),
        ("SNS", QUEUE),
        ("SNS", "arn:aws:sqs:us-east-1:123456789012:events"),
        ("Email", QUEUE),
    ],
)
def test_bad_destinations(
    client: Any, make_hit: Make, transport: str, destination: str
) -> None:
    """A destination must fit its transport."""
    with pytest.raises(ClientError) as error:
        client.update_notification_settings(
            HITTypeId=make_hit()["HITTypeId"],
            Notification=specification(
                *ALL, Transport=transport, Destination=destination
            ),
        )

    assert refused(error) == ("RequestError", "InvalidTransportEndpoint")


def test_unknown_type(client: Any) -> None:
    """Only HIT types of one's own have settings."""
    with pytest.raises(ClientError, match="3NOTYPE"):
        client.update_notification_settings(HITTypeId="3NOTYPE", Active=True)


@pytest.mark.parametrize("kind", ["Ping", "HITReviewable", "AssignmentSubmitted"])
def test_tests(market: Marketplace, client: Any, kind: str) -> None:
    """A test is sent at once, whatever the EventTypes; it tells of a HIT that is not."""
    client.send_test_event_notification(
        Notification=specification("HITExpired"),
        TestEventType=kind,
    )

    (event,) = events(market)
    assert event["EventType"] == kind
    assert event["HITTypeId"]
    assert event["HITId"]
    assert ("AssignmentId" in event) == kind.startswith("Assignment")


def test_test_of_ping(market: Marketplace, client: Any) -> None:
    """In a test the EventTypes may name Ping."""
    client.send_test_event_notification(
        Notification=specification("Ping"),
        TestEventType="Ping",
    )

    assert kinds(market) == ["Ping"]


def test_email(client: Any, recipient: Recipient) -> None:
    """E-mail is accepted, as the real service does, and left to the deliverer."""
    client.send_test_event_notification(
        Notification=specification(
            "Ping", Transport="Email", Destination="me@example.org"
        ),
        TestEventType="Ping",
    )

    assert [row[:2] for row in recipient.delivered] == [("Email", "me@example.org")]


def test_refused_calls_tell_nothing(
    market: Marketplace, client: Any, subscribe: Subscribe
) -> None:
    """What is undone is not told."""
    parameters = subscribe()

    with pytest.raises(RuntimeError), market.group():
        client.create_hit(**parameters)
        raise RuntimeError

    client.get_account_balance()
    assert market.sent_events() == []


def test_groups_tell_at_their_end(
    market: Marketplace, client: Any, subscribe: Subscribe, recipient: Recipient
) -> None:
    """Within a group nothing is told before all of it is durable."""
    parameters = subscribe()

    with market.group():
        client.create_hit(**parameters)
        assert recipient.delivered == []

    assert len(recipient.delivered) == 1


def test_failed_delivery(
    client: Any,
    subscribe: Subscribe,
    recipient: Recipient,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """A destination out of reach breaks no call; the log says so."""
    parameters = subscribe("HITCreated")
    recipient.is_reachable = False

    with caplog.at_level(logging.WARNING):
        assert client.create_hit(**parameters)["HIT"]

    assert "nobody there" in caplog.text


def test_other_tries(
    market: Marketplace, clock: ManualClock, recipient: Recipient
) -> None:
    """What could not be delivered is tried again, after longer and longer pauses."""
    recipient.is_reachable = False
    market.call("SendTestEventNotification", PING)

    tries = []
    for _ in range(10):
        clock.advance(30)
        market.call("GetAccountBalance", {})
        tries.append(recipient.n_tries)
    assert tries == [1, 2, 2, 2, 2, 3, 3, 3, 3, 3]
    assert market.sent_events() == []

    recipient.is_reachable = True
    clock.advance(3600)
    market.call("GetAccountBalance", {})
    assert kinds(market) == ["Ping"]
    assert len(recipient.delivered) == 1


def test_one_dead_destination_is_tried_once(
    market: Marketplace, client: Any, subscribe: Subscribe, recipient: Recipient
) -> None:
    """Of several documents to a place out of reach, only the first is tried at a time."""
    parameters = subscribe("HITCreated")
    recipient.is_reachable = False

    with market.group():
        for _ in range(3):
            client.create_hit(**parameters)

    assert recipient.n_tries == 1


def test_what_waits_survives(tmp_path: Path, clock: ManualClock) -> None:
    """A document that was not delivered is delivered after reopening the store."""
    path = tmp_path / "market.db"
    gone, back = Recipient(is_reachable=False), Recipient()
    with Marketplace(path, clock, deliver=gone) as market:
        market.call("SendTestEventNotification", PING)
    clock.advance(60)

    with Marketplace(path, clock, deliver=back) as market:
        market.call("GetAccountBalance", {})

    assert len(back.delivered) == 1


def test_unfinished_delivery(tmp_path: Path, clock: ManualClock) -> None:
    """A document that a dead process had in hand is delivered a minute later."""

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    path, recipient = tmp_path / "market.db", Recipient()
    with (
        Marketplace(path, clock, deliver=die) as market,
        pytest.raises(KeyboardInterrupt),
    ):
        market.call("SendTestEventNotification", PING)

    with Marketplace(path, clock, deliver=recipient) as market:
        market.call("GetAccountBalance", {})
        assert recipient.n_tries == 0
        clock.advance(60)
        market.call("GetAccountBalance", {})

    assert len(recipient.delivered) == 1


def test_recipients_may_act(clock: ManualClock) -> None:
    """Whoever is told may call the marketplace; what comes of it is told next."""
    told = []

    def approve(_transport: str, _where: str, document: Mapping[str, Any]) -> None:
        (event,) = document["Events"]
        told.append(event["EventType"])
        if event["EventType"] == "AssignmentSubmitted":
            engine.call("ApproveAssignment", {"AssignmentId": event["AssignmentId"]})

    engine = Marketplace(clock=clock, deliver=approve)
    hit = engine.call("CreateHIT", hit_parameters(MaxAssignments=2))["HIT"]
    engine.call(
        "UpdateNotificationSettings",
        {
            "HITTypeId": hit["HITTypeId"],
            "Notification": specification("AssignmentSubmitted", "AssignmentApproved"),
        },
    )
    with engine.group():
        do(engine, hit)
        do(engine, hit)

    assert told == ["AssignmentSubmitted"] * 2 + ["AssignmentApproved"] * 2


def test_requesters_are_told_apart(market: Marketplace) -> None:
    """Each requester's documents carry their own CustomerId."""
    market.call("SendTestEventNotification", PING)
    market.requester("somebody else").call("SendTestEventNotification", PING)

    first, second = market.sent_events()

    assert first["CustomerId"] != second["CustomerId"]


@mock_aws
def test_queues_of_amazon(clock: ManualClock) -> None:
    """Left to itself a marketplace delivers to SQS, in the region of the queue."""
    sqs = boto3.client("sqs", region_name="eu-west-1")
    queue = sqs.create_queue(QueueName="events")["QueueUrl"]
    market = Marketplace(clock=clock)
    market.call(
        "SendTestEventNotification",
        {
            "Notification": specification("Ping", Destination=queue),
            "TestEventType": "Ping",
        },
    )

    (message,) = sqs.receive_message(QueueUrl=queue)["Messages"]

    assert [json.loads(message["Body"])] == market.sent_events()


@mock_aws
def test_topics_of_amazon(clock: ManualClock) -> None:
    """Left to itself a marketplace publishes to SNS, in the region of the topic."""
    sns = boto3.client("sns", region_name="eu-west-1")
    sqs = boto3.client("sqs", region_name="eu-west-1")
    topic = sns.create_topic(Name="events")["TopicArn"]
    queue = sqs.create_queue(QueueName="all")["QueueUrl"]
    arn = "arn:aws:sqs:eu-west-1:123456789012:all"
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)
    market = Marketplace(clock=clock)
    market.call(
        "SendTestEventNotification",
        {
            "Notification": specification("Ping", Transport="SNS", Destination=topic),
            "TestEventType": "Ping",
        },
    )

    (message,) = sqs.receive_message(QueueUrl=queue)["Messages"]

    assert [json.loads(json.loads(message["Body"])["Message"])] == market.sent_events()


@mock_aws
def test_missing_queue(clock: ManualClock) -> None:
    """A queue that comes into being later still gets what waited for it."""
    market = Marketplace(clock=clock)
    market.call("SendTestEventNotification", PING)
    assert market.sent_events() == []

    boto3.client("sqs", region_name="us-east-1").create_queue(QueueName="events")
    clock.advance(60)
    market.call("GetAccountBalance", {})

    assert kinds(market) == ["Ping"]


@mock_aws
def test_credentials_may_come_later(
    clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without credentials a document waits, until boto3 finds some."""
    boto3.client("sqs", region_name="us-east-1").create_queue(QueueName="events")
    market = Marketplace(clock=clock)
    with monkeypatch.context() as environment:
        environment.setenv("AWS_EC2_METADATA_DISABLED", "true")
        environment.delenv("AWS_ACCESS_KEY_ID")
        market.call("SendTestEventNotification", PING)
    assert market.sent_events() == []

    clock.advance(60)
    market.call("GetAccountBalance", {})
    assert kinds(market) == ["Ping"]


def test_email_by_default(clock: ManualClock) -> None:
    """Left to itself a marketplace sends no e-mail, and says that it was sent."""
    market = Marketplace(clock=clock)
    market.call(
        "SendTestEventNotification",
        {
            "Notification": specification(
                "Ping", Transport="Email", Destination="me@example.org"
            ),
            "TestEventType": "Ping",
        },
    )

    assert kinds(market) == ["Ping"]
