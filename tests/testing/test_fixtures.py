"""What every test may ask for where crowdlab is installed."""

import boto3
import pytest
from mypy_boto3_mturk import MTurkClient

from crowdlab import Lab
from crowdlab.marketplace import ManualClock, Marketplace
from tests.marketplace.steps import do, hit_parameters

ROWS = [{"text": "It rains.", "hypothesis": "It is wet."}]


def test_one_market(mturk: MTurkClient, marketplace: Marketplace) -> None:
    """The client and the workers' side are those of one market, where money counts."""
    hit = dict(mturk.create_hit(**hit_parameters())["HIT"])
    _, assignment = do(marketplace, hit)
    mturk.approve_assignment(AssignmentId=assignment)

    assert str(marketplace.balance) == "9999.94"


@pytest.mark.parametrize("time", ["first", "second"])
def test_an_empty_market(mturk: MTurkClient, time: str) -> None:
    """Each test finds an empty market."""
    assert mturk.list_hits()["NumResults"] == 0
    mturk.create_hit(**hit_parameters(Title=time))


def test_clients_of_the_program(mturk: MTurkClient, marketplace: Marketplace) -> None:
    """The program under test makes clients of its own, and meets the same market."""
    theirs = boto3.client("mturk", region_name="us-east-1")
    theirs.create_hit(**hit_parameters())

    assert mturk.list_hits()["NumResults"] == 1
    assert marketplace.call("ListHITs", {})["NumResults"] == 1


def test_clock(mturk: MTurkClient, clock: ManualClock) -> None:
    """The market's time is the clock's, which moves when it is told to."""
    hit_id = mturk.create_hit(**hit_parameters())["HIT"]["HITId"]
    clock.advance(3599)
    assert mturk.get_hit(HITId=hit_id)["HIT"]["HITStatus"] == "Assignable"
    clock.advance(1)

    assert mturk.get_hit(HITId=hit_id)["HIT"]["HITStatus"] == "Reviewable"


def test_lab(lab: Lab, mturk: MTurkClient, marketplace: Marketplace) -> None:
    """What the lab publishes is on the market, and it collects what workers answer."""
    rain = lab.create(
        "rain", template="text-classification", inputs=ROWS, reward="0.05"
    )
    lab.publish(rain)
    (hit,) = mturk.list_hits()["HITs"]
    do(marketplace, dict(hit), label="yes")

    assert lab.collect(rain).answers == 1


@pytest.mark.parametrize("time", ["first", "second"])
def test_an_empty_ledger(lab: Lab, time: str) -> None:
    """Each test's lab has a ledger that knows no batch."""
    batch = lab.create(
        "rain", template="text-classification", inputs=ROWS, reward="0.05"
    )

    assert batch.name == "rain", time


def test_the_mock_is_motos(mturk: MTurkClient) -> None:
    """Whatever else is asked of AWS is mocked too."""
    assert mturk.list_hits()["NumResults"] == 0
    assert boto3.client("sqs", "us-east-1").create_queue(QueueName="q")["QueueUrl"]


class TestSandbox:
    """Tests of a program that works in the sandbox."""

    @pytest.fixture
    def mturk_environment(self) -> str:
        """The other environment."""
        return "sandbox"

    def test_sandbox(self, mturk: MTurkClient, marketplace: Marketplace) -> None:
        """With the environment overridden, client and market are the sandbox's."""
        mturk.create_hit(**hit_parameters())

        assert "mturk-requester-sandbox" in mturk.meta.endpoint_url
        assert marketplace.environment == "sandbox"
        assert mturk.get_account_balance()["AvailableBalance"] == "10000.00"
