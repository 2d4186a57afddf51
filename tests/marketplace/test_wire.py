"""What goes over the wire, whoever sends it."""

import json

import pytest

from crowdlab.errors import MTurkError
from crowdlab.marketplace import Marketplace, wire
from tests.marketplace.steps import hit_parameters

PREFIX = "MTurkRequesterServiceV20170117."


def send(operation: str, body: bytes) -> tuple[int, dict[str, object]]:
    response = wire.answer(Marketplace().call, PREFIX + operation, body)
    return response.status, json.loads(response.body)


def test_times_are_numbers() -> None:
    """Times cross the wire as whole seconds."""
    status, reply = send("CreateHIT", json.dumps(hit_parameters()).encode())

    assert status == 200
    assert isinstance(reply["HIT"], dict)
    assert isinstance(reply["HIT"]["CreationTime"], int)


def test_writing_answers_an_empty_object() -> None:
    """An operation that tells nothing answers an empty object."""
    market = Marketplace()
    hit_id = market.call("CreateHIT", hit_parameters())["HIT"]["HITId"]
    body = json.dumps({"HITId": hit_id, "ExpireAt": 0}).encode()

    response = wire.answer(market.call, PREFIX + "UpdateExpirationForHIT", body)

    assert (response.status, response.body) == (200, b"{}")


@pytest.mark.parametrize(
    "body", [b"{", b"[]", b"null", b"\xff\xfe", b"[" * 100_000, b'{"MaxResults": "x"}']
)
def test_not_serializable(body: bytes) -> None:
    """A body that is no such JSON is a SerializationException."""
    status, reply = send("ListHITs", body)

    assert (status, reply["__type"]) == (400, "SerializationException")


@pytest.mark.parametrize("target", [None, "", "S3.Get", PREFIX, PREFIX + "Nothing"])
def test_unknown_operation(target: str | None) -> None:
    """A target that is none of the 39 operations is refused."""
    response = wire.answer(Marketplace().call, target, b"{}")

    assert json.loads(response.body)["__type"] == "UnknownOperationException"


def test_turk_error_code_crosses() -> None:
    """The TurkErrorCode stands beside the error's type."""
    _, reply = send("GetHIT", b'{"HITId": "3NONE"}')

    assert reply["TurkErrorCode"] == "AWS.MechanicalTurk.HITDoesNotExist"


def test_required_member() -> None:
    """A missing member is named, its first letter in lower case."""
    with pytest.raises(MTurkError, match="Value null at 'hITId' failed"):
        Marketplace().call("GetHIT", {})


def test_unsigned_service_code() -> None:
    """In process the error carries code, TurkErrorCode, text and status."""
    with pytest.raises(MTurkError) as error:
        Marketplace().call("GetHIT", {"HITId": "3NONE"})

    assert error.value.code == "RequestError"
    assert error.value.turk_code == "AWS.MechanicalTurk.HITDoesNotExist"
    assert error.value.status == 400
