"""Mechanical Turk inside moto's ``mock_aws``."""

import json
import subprocess
import sys
import unittest
from collections.abc import Callable
from sqlite3 import OperationalError
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError, EndpointConnectionError
from moto.core import set_initial_no_auth_action_count
from moto.core.exceptions import ServiceNotWhitelisted
from mypy_boto3_mturk import MTurkClient

from crowdlab.errors import NotFound
from crowdlab.marketplace import ManualClock
from crowdlab.moto import marketplace, mock_aws
from tests.marketplace.steps import do, hit_parameters

ONCE = Config(retries={"total_max_attempts": 1, "mode": "standard"})
SANDBOX_URL = "https://mturk-requester-sandbox.us-east-1.amazonaws.com"


def connect(region: str = "us-east-1", **named: Any) -> MTurkClient:
    return boto3.client("mturk", region_name=region, **named)


def create(client: MTurkClient) -> dict[str, Any]:
    return dict(client.create_hit(**hit_parameters())["HIT"])


def n_hits(client: MTurkClient) -> int:
    return client.list_hits()["NumResults"]


def test_a_whole_life() -> None:
    """A requester's client and the workers' side meet on one market."""
    with mock_aws():
        client = connect()
        hit = create(client)

        _, assignment = do(marketplace(), hit, animal="cat")
        client.approve_assignment(AssignmentId=assignment)

        found = client.get_assignment(AssignmentId=assignment)["Assignment"]
        assert found["AssignmentStatus"] == "Approved"
        assert client.get_account_balance()["AvailableBalance"] == "9999.94"


@pytest.mark.parametrize("decorate", [mock_aws, mock_aws()])
def test_decorator(decorate: Callable[..., Any]) -> None:
    """It decorates a function, with parentheses and without."""

    @decorate
    def publish() -> int:
        create(connect())
        return n_hits(connect())

    assert [publish(), publish()] == [1, 1]


@mock_aws
class TestClass:
    """A class of tests, each with a mock of its own."""

    def test_first(self) -> None:
        """A decorated class has its tests mocked."""
        create(connect())
        assert n_hits(connect()) == 1

    def test_second(self) -> None:
        """What another test published is gone."""
        assert n_hits(connect()) == 0


@mock_aws
class TestUnit(unittest.TestCase):
    """A case of unittest, whose setUp belongs to the test."""

    client: MTurkClient

    def setUp(self) -> None:
        """Publishes a HIT."""
        self.client = connect()
        create(self.client)

    def test_set_up(self) -> None:
        """What setUp publishes is there in the test."""
        self.assertEqual(n_hits(self.client), 1)  # noqa: PT009 - a case of unittest

    def test_set_up_again(self) -> None:
        """It is there once in each test."""
        self.assertEqual(n_hits(self.client), 1)  # noqa: PT009


def test_a_client_from_before() -> None:
    """A client that was made before the mock is answered by it."""
    client = connect(aws_access_key_id="x", aws_secret_access_key="x")  # noqa: S106

    with mock_aws():
        create(client)

        assert n_hits(connect()) == 1


def test_nested_mocks() -> None:
    """A mock inside another keeps its market."""
    with mock_aws():
        create(connect())
        with mock_aws():
            assert n_hits(connect()) == 1


def test_environments_are_apart() -> None:
    """The sandbox is met by its region and by its host, and holds no HIT of ours."""
    with mock_aws():
        production = connect()
        create(production)

        assert n_hits(connect("sandbox")) == 0
        assert n_hits(connect(endpoint_url=SANDBOX_URL)) == 0
        create(connect("sandbox"))
        assert n_hits(connect(endpoint_url=SANDBOX_URL)) == 1
        assert marketplace().call("ListHITs", {})["NumResults"] == 1
        sandbox = marketplace(environment="sandbox")
        assert sandbox.environment == "sandbox"
        assert sandbox.call("ListHITs", {})["NumResults"] == 1


def test_accounts_are_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each AWS account has a market of its own."""
    with mock_aws():
        create(connect())
        monkeypatch.setenv("MOTO_ACCOUNT_ID", "111122223333")

        assert n_hits(connect()) == 0
        assert marketplace() is marketplace(account="111122223333")
        assert marketplace(account="123456789012").call("ListHITs", {})["HITs"]


def test_assumed_roles() -> None:
    """Credentials of another account's role lead to that account's market."""
    with mock_aws():
        sts = boto3.client("sts", region_name="us-east-1")
        role = sts.assume_role(
            RoleArn="arn:aws:iam::444455556666:role/labels", RoleSessionName="labels"
        )["Credentials"]
        client = connect(
            aws_access_key_id=role["AccessKeyId"],
            aws_secret_access_key=role["SecretAccessKey"],
            aws_session_token=role["SessionToken"],
        )
        create(client)

        assert n_hits(connect()) == 0
        assert marketplace(account="444455556666").call("ListHITs", {})["HITs"]


def test_a_region_that_never_was() -> None:
    """In other regions there is no host to be connected to."""
    with mock_aws(), pytest.raises(EndpointConnectionError, match="eu-west-1"):
        connect("eu-west-1", config=ONCE).list_hits()


def test_an_environment_that_never_was() -> None:
    """An environment that is none is told together with those there are."""
    with mock_aws(), pytest.raises(NotFound, match="production, sandbox"):
        marketplace(environment="staging")


def test_the_state_is_motos() -> None:
    """The markets stand where the state of moto's own services does."""
    with mock_aws():
        from moto.mturk.models import (  # type: ignore[import-not-found]  # noqa: PLC0415
            mturk_backends,
        )

        assert mturk_backends["123456789012"]["us-east-1"].market is marketplace()


def test_whitelist() -> None:
    """The whitelist of moto knows this one."""
    with mock_aws(config={"core": {"service_whitelist": ["mturk"]}}):
        assert n_hits(connect()) == 0
    with (
        mock_aws(config={"core": {"service_whitelist": ["s3"]}}),
        pytest.raises(ServiceNotWhitelisted),
    ):
        connect().list_hits()


def test_clock() -> None:
    """The mock's configuration gives the markets their time."""
    clock = ManualClock(1_800_000_000)
    with mock_aws(config={"mturk": {"clock": clock}}):
        hit = create(connect())
        clock.advance(3600)

        assert hit["CreationTime"].timestamp() == 1_800_000_000
        found = connect().get_hit(HITId=hit["HITId"])["HIT"]
        assert found["HITStatus"] == "Reviewable"


def test_seed() -> None:
    """The seed of moto makes ids repeatable."""
    from moto.moto_api._internal import mock_random  # noqa: PLC0415 - moto's own way

    def ids(seed: int) -> list[str]:
        with mock_aws():
            n_hits(connect())
            mock_random.seed(seed)
            return [create(connect())["HITId"], marketplace().register()]

    assert ids(1) == ids(1)
    assert ids(1) != ids(2)


def test_the_market_ends() -> None:
    """With the mock its market ends, and what was kept of it is gone."""
    with mock_aws():
        create(connect())
        market = marketplace()

    with pytest.raises(OperationalError, match="no such table"):
        market.call("ListHITs", {})


def test_permissions() -> None:
    """Where moto minds permissions, a user needs that to use Mechanical Turk."""
    may = {"Effect": "Allow", "Action": "mturk-requester:ListHITs", "Resource": "*"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [may]})
    with mock_aws():
        iam = boto3.client("iam", "us-east-1")
        iam.create_user(UserName="ana")
        key = iam.create_access_key(UserName="ana")["AccessKey"]
        client = connect(
            aws_access_key_id=key["AccessKeyId"],
            aws_secret_access_key=key["SecretAccessKey"],
        )
        minding = set_initial_no_auth_action_count(0)

        with pytest.raises(ClientError, match="not authorized to perform: mturk"):
            minding(client.list_hits)()
        iam.put_user_policy(UserName="ana", PolicyName="p", PolicyDocument=policy)
        assert minding(client.list_hits)()["NumResults"] == 0


def test_other_services() -> None:
    """S3 of the same mock works beside it."""
    with mock_aws():
        create(connect())
        s3 = boto3.client("s3", region_name="us-east-1")
        s3.create_bucket(Bucket="shelves")
        s3.put_object(Bucket="shelves", Key="17.jpg", Body=b"image")

        assert s3.get_object(Bucket="shelves", Key="17.jpg")["Body"].read() == b"image"


def notify(client: MTurkClient, transport: str, destination: str) -> None:
    client.send_test_event_notification(
        Notification={
            "Destination": destination,
            "Transport": transport,  # type: ignore[typeddict-item]
            "Version": "2014-08-15",
            "EventTypes": ["Ping"],
        },
        TestEventType="Ping",
    )


@pytest.mark.parametrize("region", ["us-east-1", "eu-west-1"])
def test_queue(region: str) -> None:
    """A notification arrives in the queue of the same mock, whatever its region."""
    with mock_aws():
        sqs = boto3.client("sqs", region_name=region)
        url = sqs.create_queue(QueueName="events")["QueueUrl"]

        notify(connect(), "SQS", url)

        (message,) = sqs.receive_message(QueueUrl=url)["Messages"]
        assert json.loads(message["Body"])["Events"][0]["EventType"] == "Ping"


def test_topic() -> None:
    """A notification is published to the topic of the same mock."""
    with mock_aws():
        sqs = boto3.client("sqs", region_name="us-east-1")
        sns = boto3.client("sns", region_name="us-east-1")
        url = sqs.create_queue(QueueName="events")["QueueUrl"]
        topic = sns.create_topic(Name="events")["TopicArn"]
        arn = "arn:aws:sqs:us-east-1:123456789012:events"
        sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)

        notify(connect(), "SNS", topic)

        (message,) = sqs.receive_message(QueueUrl=url)["Messages"]
        document = json.loads(json.loads(message["Body"])["Message"])
        assert document["Events"][0]["EventType"] == "Ping"


def test_no_queue(caplog: pytest.LogCaptureFixture) -> None:
    """A queue that does not exist breaks no request, and is told in the log."""
    with mock_aws():
        notify(
            connect(), "SQS", "https://sqs.us-east-1.amazonaws.com/123456789012/none"
        )

        assert marketplace().sent_events() == []
    assert "queue does not exist" in caplog.text


def test_faults() -> None:
    """Faults of the market reach clients of the mock."""
    with mock_aws():
        marketplace().faults.add("drop", times=1)
        with pytest.raises(Exception, match="Connection was closed before"):
            connect(config=ONCE).list_hits()
        marketplace().faults.add("throttle", times=1)
        with pytest.raises(Exception, match="Rate exceeded"):
            connect(config=ONCE).list_hits()

        assert n_hits(connect()) == 0


def test_without_moto() -> None:
    """Without moto the room says in one sentence what to install."""
    program = (
        "import sys; sys.modules['moto'] = None\n"
        "try: import crowdlab.moto\n"
        "except ImportError as error: print(error)"
    )
    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )

    assert run.stdout == (
        "mocks of Mechanical Turk need an extra: pip install 'crowdlab[moto]'\n"
    )
