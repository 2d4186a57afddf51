"""A service that falters: what the client sees, and what was done."""

import time
from collections.abc import Iterator

import pytest
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from tests.conformance.bench import Bench, Refused, request_error

ONCE = Config(retries={"total_max_attempts": 1, "mode": "standard"})


@pytest.fixture
def faltering(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bench]:
    """A market that forgets its faults; boto3 does not pause between attempts."""
    monkeypatch.setattr(time, "sleep", lambda _seconds: None)
    yield bench
    bench.workers.faults.clear()


def n_hits(bench: Bench) -> int:
    """How many HITs there are."""
    bench.workers.faults.clear()
    pages = bench.client.get_paginator("list_hits").paginate()
    return sum(page["NumResults"] for page in pages)


def test_a_throttle(faltering: Bench) -> None:
    """Too many requests are told ``Rate exceeded``, without a stamp."""
    faltering.workers.faults.add("throttle")
    refused = faltering.refusal("list_hits", client=faltering.connect(ONCE))

    assert refused == Refused(
        "ThrottlingException", None, "Rate exceeded", is_stamped=False
    )


def test_an_endless_throttle(faltering: Bench) -> None:
    """boto3 says how often it tried in vain."""
    patient = faltering.connect(Config(retries={"max_attempts": 4, "mode": "legacy"}))
    faltering.workers.faults.add("throttle")

    with pytest.raises(ClientError, match=r"reached max retries: 4\): Rate exceeded"):
        patient.list_hits()


def test_a_fault(faltering: Bench) -> None:
    """An outage is a ServiceFault, which the client knows, with HTTP 500."""
    faltering.workers.faults.add("fail_before")
    impatient = faltering.connect(ONCE)
    with pytest.raises(impatient.exceptions.ServiceFault) as caught:
        impatient.list_hits()

    response = caught.value.response
    assert response["TurkErrorCode"] == "AWS.ServiceUnavailable"
    assert response["ResponseMetadata"]["HTTPStatusCode"] == 500
    assert response["Error"]["Message"].startswith(
        "There was an error with this request"
    )


@pytest.mark.parametrize("kind", ["throttle", "fail_before", "drop"])
def test_boto3_gets_over_it(faltering: Bench, kind: str) -> None:
    """What fails before anything was done is tried again by boto3, and done once."""
    before = n_hits(faltering)
    faltering.workers.faults.add(kind, operation="CreateHIT", times=1)
    faltering.hit()

    assert n_hits(faltering) == before + 1


@pytest.mark.parametrize("kind", ["fail_after", "drop_after"])
def test_a_lost_answer(faltering: Bench, kind: str) -> None:
    """What was done before its answer was lost boto3 does twice, but with a token not."""
    before = n_hits(faltering)
    faltering.workers.faults.add(kind, operation="CreateHIT", times=1)
    faltering.hit()
    assert n_hits(faltering) == before + 2

    faltering.workers.faults.add(kind, operation="CreateHIT", times=1)
    token = faltering.name()
    refused = faltering.refusal(
        "create_hit", **faltering.parameters(UniqueRequestToken=token)
    )
    assert refused == request_error("HITAlreadyExists")
    assert n_hits(faltering) == before + 3


@pytest.mark.parametrize(("kind", "done"), [("drop", 0), ("drop_after", 1)])
def test_a_broken_connection(faltering: Bench, kind: str, done: int) -> None:
    """A connection that breaks is an error of the line, not of the service."""
    before = n_hits(faltering)
    impatient = faltering.connect(ONCE)
    faltering.workers.faults.add(kind, times=1)

    with pytest.raises(BotoCoreError):
        impatient.create_hit(**faltering.parameters())
    assert n_hits(faltering) == before + done
