"""Who signed a request, and whether it is what was signed."""

import datetime as dt
import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.exceptions import ClientError

from crowdlab.errors import MTurkError
from crowdlab.server.signatures import Message, Signature, _Signer, verify
from tests.server.conftest import KEYS, Server

TARGET = "MTurkRequesterServiceV20170117.GetAccountBalance"
SCOPE = "Credential=A/20260504/us-east-1/mturk-requester/aws4_request"
HEADERS = {
    "content-type": "application/x-amz-json-1.1",
    "host": "crowd.example.org",
    "x-amz-target": TARGET,
}


def signed(
    *,
    headers: Mapping[str, str] = HEADERS,
    service: str = "mturk-requester",
    secret: str = "sesame",  # noqa: S107 - made up
    body: bytes = b"{}",
) -> Message:
    """A request as botocore signs it, as it arrives."""
    request = AWSRequest("POST", "http://crowd.example.org/", dict(headers), body)
    SigV4Auth(Credentials("AKIAANA", secret), service, "us-east-1").add_auth(request)
    arrived = [(name.lower(), value) for name, value in request.headers.items()]
    return Message("POST", "/", arrived, body)


def refusal(message: Message, now: dt.datetime | None = None) -> str:
    """The code of the error with which a request of Ana's is refused."""
    with pytest.raises(MTurkError) as caught:
        moment = now or dt.datetime.now(dt.UTC)
        verify(message, Signature.read(message), "sesame", moment)
    return caught.value.code


def changed(message: Message, **headers: str) -> Message:
    """The same request with other headers."""
    others = [pair for pair in message.headers if pair[0] not in headers]
    return Message("POST", "/", [*others, *headers.items()], message.body)


def test_what_its_owner_signed_passes() -> None:
    """A request that botocore signed with the right secret is let through."""
    message = signed()

    verify(message, Signature.read(message), "sesame", dt.datetime.now(dt.UTC))


def test_the_signature_is_that_of_the_published_example() -> None:
    """The example "get-vanilla" of AWS's test suite gives the signature it states."""
    headers = [("host", "example.amazonaws.com"), ("x-amz-date", "20150830T123600Z")]
    message = Message("GET", "/", headers, b"")
    names = frozenset({"host", "x-amz-date"})
    example = Signature("AKIDEXAMPLE", "20150830", "us-east-1", "service", names, "")
    empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    secret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"  # noqa: S105 - published

    signature = _Signer(example, secret, empty).sign(
        message, dt.datetime(2015, 8, 30, 12, 36, tzinfo=dt.UTC)
    )

    assert signature == (
        "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"
    )


def test_a_header_sent_twice_counts_as_one() -> None:
    """Values of one name are signed together, as the algorithm wants it."""
    message = signed(headers={**HEADERS, "x-amz-note": "one,two"})
    apart = [pair for pair in message.headers if pair[0] != "x-amz-note"]
    apart += [("x-amz-note", "one"), ("x-amz-note", "two")]
    twice = Message("POST", "/", apart, b"{}")

    verify(twice, Signature.read(twice), "sesame", dt.datetime.now(dt.UTC))


@pytest.mark.parametrize(
    "forge",
    [
        lambda m: Message("POST", "/", m.headers, b'{"HITId":"3X"}'),
        lambda m: Message("POST", "/?Action=DeleteHIT", m.headers, b"{}"),
        lambda m: changed(m, **{"x-amz-target": f"{TARGET}s"}),
        lambda m: changed(m, host="elsewhere.example.org"),
        lambda m: changed(m, **{"x-amz-extra": "not signed"}),
        lambda m: changed(m, **{"x-amz-content-sha256": "UNSIGNED-PAYLOAD"}),
        lambda _: signed(secret="guessed"),  # noqa: S106 - made up
        lambda _: signed(service="s3"),
        lambda _: signed(headers={**HEADERS, "x-amz-content-sha256": "0" * 64}),
    ],
    ids=[
        "body",
        "query",
        "target",
        "host",
        "unsigned header",
        "unsigned body",
        "secret",
        "service",
        "wrong hash",
    ],
)
def test_a_forged_request_is_refused(forge: Callable[[Message], Message]) -> None:
    """Whatever was changed after signing, or signed otherwise, is noticed."""
    assert refusal(forge(signed())) == "InvalidSignatureException"


def test_a_host_that_is_not_signed_is_refused() -> None:
    """A signature has to say for which server it was made."""
    message = signed()
    value = str(message.header("authorization")).replace("host;", "")

    forged = changed(message, authorization=value)

    assert refusal(forged) == "InvalidSignatureException"


@pytest.mark.parametrize("minutes", [-16, 16])
def test_a_signature_of_another_time_is_refused(minutes: int) -> None:
    """More than fifteen minutes from our clock, a request is too old or too new."""
    moment = dt.datetime.now(dt.UTC) + dt.timedelta(minutes=minutes)

    assert refusal(signed(), moment) == "InvalidSignatureException"


@pytest.mark.parametrize("minutes", [-14, 14])
def test_a_clock_may_be_a_little_off(minutes: int) -> None:
    """Fourteen minutes from our clock, a request is still taken."""
    message = signed()
    moment = dt.datetime.now(dt.UTC) + dt.timedelta(minutes=minutes)

    verify(message, Signature.read(message), "sesame", moment)


@pytest.mark.parametrize(
    ("header", "code"),
    [
        (None, "MissingAuthenticationTokenException"),
        ("", "MissingAuthenticationTokenException"),
        ("Basic YW5hOnNlc2FtZQ==", "IncompleteSignatureException"),
        ("AWS4-HMAC-SHA256 nonsense", "IncompleteSignatureException"),
        (
            "AWS4-HMAC-SHA256 Credential=AKIAANA, SignedHeaders=host, Signature=00",
            "IncompleteSignatureException",
        ),
        (
            f"AWS4-HMAC-SHA256 {SCOPE}, SignedHeaders=host",
            "IncompleteSignatureException",
        ),
        (f"AWS4-HMAC-SHA256 {SCOPE}, Signature=00", "IncompleteSignatureException"),
    ],
)
def test_an_incomplete_signature_is_told_apart(header: str | None, code: str) -> None:
    """No signature, and half of one, are errors of their own."""
    pairs = [] if header is None else [("authorization", header)]
    with pytest.raises(MTurkError) as caught:
        Signature.read(Message("POST", "/", pairs, b""))

    assert caught.value.code == code


def test_a_request_without_a_date_is_incomplete() -> None:
    """A signature has to say when it was made."""
    message = signed()
    rest = [pair for pair in message.headers if pair[0] != "x-amz-date"]

    assert refusal(Message("POST", "/", rest, b"{}")) == "IncompleteSignatureException"


def credentials(name: str) -> dict[str, str]:
    """A key of the server as boto3 is given it."""
    key = KEYS[name]
    return {
        "aws_access_key_id": key.access_key,
        "aws_secret_access_key": key.secret,
    }


def code_of(client: Any) -> str:
    """The code of the error that a client hears when it asks for the balance."""
    with pytest.raises(ClientError) as caught:
        client.get_account_balance()
    return str(caught.value.response["Error"]["Code"])


def test_boto3_with_a_configured_key_is_let_in(locked: Server) -> None:
    """An access key of the server works from boto3, as it is."""
    client = locked.client(**credentials("AKIAANA"))

    assert client.get_account_balance()["AvailableBalance"] == "10000.00"


def test_an_unknown_key_is_not_let_in(locked: Server) -> None:
    """A key that the server does not know is named as such."""
    assert code_of(locked.client()) == "UnrecognizedClientException"


def test_a_wrong_secret_is_not_let_in(locked: Server) -> None:
    """To know the name of a key is not enough."""
    client = locked.client(**{**credentials("AKIABOB"), "aws_access_key_id": "AKIAANA"})

    assert code_of(client) == "InvalidSignatureException"


@pytest.mark.parametrize("kind", ["server", "locked"])
def test_an_unsigned_request_is_refused(
    kind: str, request: pytest.FixtureRequest
) -> None:
    """Without a signature nothing is done, on an open server neither."""
    answer = request.getfixturevalue(kind).ask(
        "POST", "/", "{}", {"X-Amz-Target": TARGET}
    )

    assert answer.status == 400
    assert json.loads(answer.body)["__type"] == "MissingAuthenticationTokenException"


def test_a_balance_is_the_key_owners(locked: Server) -> None:
    """Each key acts for its own requester."""
    locked.markets.production.requester("bob").deposit("5.00")
    balances = [
        locked.client(**credentials(name)).get_account_balance()["AvailableBalance"]
        for name in ("AKIAANA", "AKIABOB")
    ]

    assert balances == ["10000.00", "10005.00"]
