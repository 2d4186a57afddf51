"""Hostile input: a clear error each, no traceback, nothing stored."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from botocore import UNSIGNED
from botocore.config import Config
from botocore.exceptions import ClientError

from crowdlab.errors import CrowdlabError
from tests.conformance.bench import Bench
from tests.conformance.papers import external, html
from tests.marketplace.people import answer_key, exam

TARGET = "MTurkRequesterServiceV20170117"
ENTITIES = '<!DOCTYPE b [<!ENTITY a "{}">]>'
BOMB = (
    '<!DOCTYPE b [<!ENTITY a "aaaaaaaaaa">'
    + "".join(
        f'<!ENTITY {name} "{f"&{before};" * 10}">'
        for before, name in zip("abcdefgh", "bcdefghi", strict=True)
    )
    + "]>"
)
FILE = '<!DOCTYPE b [<!ENTITY i SYSTEM "file:///etc/passwd">]>'
REMOTE = '<!DOCTYPE b SYSTEM "https://example.org/b.dtd">'
MEGABYTES = 10_000_000

Send = Callable[..., dict[str, Any]]


@pytest.fixture
def send(bench: Bench) -> Send:
    """Sends what boto3 would not: other bodies, other headers; gives the error."""

    def sent(body: bytes | None = None, **headers: str) -> dict[str, Any]:
        client = bench.connect()

        def spoil(params: dict[str, Any], **_: object) -> None:
            if body is not None:
                params["body"] = body
            params["headers"] |= {k.replace("_", "-"): v for k, v in headers.items()}

        client.meta.events.register("before-call.mturk.*", spoil)
        with pytest.raises(ClientError) as caught:
            client.create_hit(**bench.parameters())
        assert 400 <= caught.value.response["ResponseMetadata"]["HTTPStatusCode"] < 500
        assert "Traceback" not in json.dumps(caught.value.response)
        return dict(caught.value.response["Error"])

    return sent


@pytest.fixture(autouse=True)
def _nothing_stored(bench: Bench) -> Any:
    """Whatever is refused leaves no HIT and costs nothing."""
    before = bench.client.get_account_balance()["AvailableBalance"]
    yield
    assert bench.client.get_account_balance()["AvailableBalance"] == before


@pytest.mark.parametrize(
    "question",
    [
        BOMB + external().replace("<FrameHeight>0", "<FrameHeight>&i;"),
        BOMB + html().replace("<![CDATA[", "&i;<![CDATA["),
        FILE + external("&i;"),
        FILE + html().replace("<![CDATA[", "&i;<![CDATA["),
        REMOTE + external(),
        ENTITIES.format("x") + exam(),
        html() + "\x00",
        html().replace("answer", "\x08"),
        html().replace("answer", "]]>"),
        html().replace("answer", "\ud800"),
        "<" * 60_000,
        "<a>" * 20_000,
        html("x" * 65_536),
    ],
    ids=[
        "bomb",
        "bomb in a page",
        "file",
        "file in a page",
        "remote",
        "entity",
        "NUL",
        "control character",
        "end of CDATA",
        "half a character",
        "brackets",
        "depth",
        "size",
    ],
)
def test_questions(bench: Bench, question: str) -> None:
    """No entity is resolved, no file is read, nothing that is no XML is kept."""
    refused = bench.refusal("create_hit", **bench.parameters(Question=question))

    assert refused.code in {"ParameterValidationError", "SerializationException"}
    assert refused.status == 400
    assert "root:" not in refused.text
    assert "Traceback" not in refused.text


@pytest.mark.parametrize(
    ("test", "key"),
    [(FILE + exam(), answer_key()), (exam(), FILE + answer_key()), (exam(), "<" * 999)],
)
def test_tests_and_keys(bench: Bench, test: str, key: str) -> None:
    """Tests and their keys are read as carefully."""
    refused = bench.refusal(
        "create_qualification_type",
        Name=bench.name(),
        Description="d",
        QualificationTypeStatus="Active",
        Test=test,
        AnswerKey=key,
        TestDurationInSeconds=60,
    )

    assert refused.code == "ParameterValidationError"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xff\xfe",
        b'{"Title": "\xc3\x28"}',
        b"no JSON",
        b"[]",
        b'"text"',
        b"null",
        b"[" * 100_000,
        b'{"Title": {}}',
        b'{"Title": "\\u0000"}',
        b'{"MaxAssignments": 1e400}',
    ],
)
def test_bodies(send: Send, body: bytes) -> None:
    """What is no JSON object of the right types is an error of the client's."""
    code = "ValidationException" if body == b"" else "SerializationException"

    assert send(body)["Code"] == code


@pytest.mark.parametrize(
    "target",
    [
        f"{TARGET}.NoSuchThing",
        f"{TARGET}.__init__",
        f"{TARGET}.",
        TARGET,
        "X.CreateHIT",
    ],
)
def test_targets(send: Send, target: str) -> None:
    """Only the operations of this API are done."""
    assert send(X_Amz_Target=target)["Code"] == "UnknownOperationException"


def test_a_large_body(bench: Bench) -> None:
    """Ten megabytes are refused."""
    with pytest.raises(ClientError) as caught:
        bench.client.create_hit(**bench.parameters(Title="x" * MEGABYTES))

    assert caught.value.response["Error"]["Code"] in {
        "ParameterValidationError",
        "RequestEntityTooLargeException",
    }
    assert len(caught.value.response["Error"]["Message"]) < 1000


def test_an_unsigned_request(bench: Bench, request: pytest.FixtureRequest) -> None:
    """A server tells who signed nothing so; in the process there is none to tell."""
    careless = bench.connect(Config(signature_version=UNSIGNED))
    if "http" in request.node.name:
        refused = bench.refusal("get_account_balance", client=careless)
        assert refused.code == "MissingAuthenticationTokenException"
    else:
        assert careless.get_account_balance()["AvailableBalance"]


@pytest.mark.parametrize(
    "text", ["走 🦊", "a ]]> b", "<b>&amp;</b>", "'; DROP TABLE hits; --", "a\nb\tc"]
)
def test_texts_that_look_hostile(bench: Bench, text: str) -> None:
    """Text is text: it comes back as it was, in titles as in answers."""
    hit = bench.hit(Title=text, Reward="0.00")
    bench.expire(hit)
    bench.client.delete_hit(HITId=hit["HITId"])

    assert bench.get(hit)["Title"] == text


@pytest.mark.parametrize("value", ["\x00", "\x08", "\ud800"])
def test_answers(bench: Bench, value: str) -> None:
    """An answer that no XML can hold is refused, or comes without what cannot be."""
    hit = bench.hit()
    work = bench.accept(hit)
    try:
        bench.workers.submit(*work, {"answer": value})
    except CrowdlabError:
        assert bench.standing(hit) == ("Unassignable", 0, 1)
        bench.workers.return_(*work)
    else:
        assert bench.assignment(work[1])["Answer"].isascii()
    bench.expire(hit)
    for each in bench.client.list_assignments_for_hit(HITId=hit["HITId"])[
        "Assignments"
    ]:
        bench.reject(each["AssignmentId"])
    bench.client.delete_hit(HITId=hit["HITId"])
