"""One method reaches every marketplace, with the same answers and refusals."""

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

import boto3
import pytest
from botocore.config import Config

from crowdlab.errors import MTurkError
from crowdlab.marketplace import Marketplace
from crowdlab.mturk import Transport, group, pages
from crowdlab.mturk.boto import BotoTransport, make_client

KIND = {
    "Title": "Look",
    "Description": "Look at it.",
    "Reward": "0.05",
    "AssignmentDurationInSeconds": 60,
}
EXTERNAL = (
    '<ExternalQuestion xmlns="http://mechanicalturk.amazonaws.com/'
    'AWSMechanicalTurkDataSchemas/2006-07-14/ExternalQuestion.xsd">'
    "<ExternalURL>https://example.org/</ExternalURL><FrameHeight>0</FrameHeight>"
    "</ExternalQuestion>"
)


@pytest.fixture
def marketplace() -> Iterator[Marketplace]:
    """A marketplace in memory."""
    with Marketplace(seed=1) as marketplace:
        yield marketplace


@pytest.fixture(params=["embedded", "boto3"])
def transport(request: pytest.FixtureRequest, marketplace: Marketplace) -> Transport:
    """The marketplace itself, and a real boto3 client in front of it."""
    if request.param == "embedded":
        return marketplace
    return BotoTransport(marketplace.client())


def create_hit(transport: Transport, **changes: Any) -> dict[str, Any]:
    """A new HIT."""
    request = {**KIND, "LifetimeInSeconds": 3600, "Question": EXTERNAL, **changes}
    hit: dict[str, Any] = transport.call("CreateHIT", request)["HIT"]
    return hit


def test_an_answer_is_the_operations_own(transport: Transport) -> None:
    """Times are aware, money is text, and nothing of the protocol is in it."""
    hit = create_hit(transport)
    answer = transport.call("GetHIT", {"HITId": hit["HITId"]})

    assert ["HIT"] == list(answer)
    assert "0.05" == answer["HIT"]["Reward"]
    assert dt.timedelta(0) == answer["HIT"]["CreationTime"].utcoffset()


def test_a_refusal_has_its_codes(transport: Transport) -> None:
    """What a marketplace says comes as one error that carries every part of it."""
    with pytest.raises(MTurkError, match="Hit NONE does not exist") as caught:
        transport.call("GetHIT", {"HITId": "NONE"})

    assert ("RequestError", "AWS.MechanicalTurk.HITDoesNotExist", 400) == (
        caught.value.code,
        caught.value.turk_code,
        caught.value.status,
    )


def test_a_list_comes_in_pages(transport: Transport) -> None:
    """Every item comes once, a hundred at a time."""
    created = [create_hit(transport)["HITId"] for _ in range(205)]
    listed = [
        [hit["HITId"] for hit in page]
        for page in pages(transport, "ListHITs", {}, "HITs")
    ]

    assert [100, 100, 5] == [len(page) for page in listed]
    assert sorted(created) == sorted(hit for page in listed for hit in page)


def test_an_empty_last_page_ends_a_list() -> None:
    """AWS gives a token with each page but the last, which is empty."""

    class Amazon:
        def call(self, operation: str, params: Mapping[str, Any], /) -> dict[str, Any]:
            assert "ListHITs" == operation
            assert 100 == params["MaxResults"]
            n = int(params.get("NextToken", "0"))
            return (
                {"HITs": [n], "NextToken": str(n + 1)} if n < 2 else {"NumResults": 0}
            )

    listed: list[list[Any]] = list(pages(Amazon(), "ListHITs", {}, "HITs"))

    assert [[0], [1], []] == listed


def test_a_group_is_undone_by_an_error(marketplace: Marketplace) -> None:
    """The embedded marketplace keeps all of a group, or nothing."""
    create_hit(marketplace)
    with pytest.raises(ZeroDivisionError), group(marketplace):
        create_hit(marketplace)
        raise ZeroDivisionError

    assert 1 == marketplace.call("ListHITs", {})["NumResults"]


def test_calls_over_a_wire_stand_alone(marketplace: Marketplace) -> None:
    """Where there are no groups, each call is kept as it is made."""
    transport = BotoTransport(marketplace.client())
    with pytest.raises(ZeroDivisionError), group(transport):
        create_hit(transport)
        raise ZeroDivisionError

    assert 1 == marketplace.call("ListHITs", {})["NumResults"]


def test_what_boto3_refuses_by_itself_is_the_same_error(
    marketplace: Marketplace,
) -> None:
    """A parameter that never reaches the marketplace is refused in the same way."""
    with pytest.raises(MTurkError, match=r"(?s)ParamValidationError: .*HITId"):
        BotoTransport(marketplace.client()).call("GetHIT", {})


def test_a_marketplace_that_is_down_is_an_error_of_ours() -> None:
    """Nobody at the other end is told as an error with the address."""
    client = boto3.client(
        "mturk",
        region_name="us-east-1",
        endpoint_url="http://127.0.0.1:1",
        aws_access_key_id="a",
        aws_secret_access_key="b",  # noqa: S106 (nobody reads it)
        config=Config(retries={"total_max_attempts": 1}, connect_timeout=1),
    )

    with pytest.raises(MTurkError, match=r"EndpointConnectionError: .*127\.0\.0\.1:1"):
        BotoTransport(client).call("GetAccountBalance", {})


def test_our_clients_are_patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """The clients that we make retry ten times, adaptively, and need no account."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    retries = make_client("http://127.0.0.1:1").meta.config.retries

    assert ("adaptive", 10) == (retries["mode"], retries["total_max_attempts"] - 1)
