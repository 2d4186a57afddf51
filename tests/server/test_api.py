"""The requester API over HTTP."""

import json
import logging
import socket
from concurrent.futures import ThreadPoolExecutor
from http.client import RemoteDisconnected
from typing import Any

import pytest
from botocore.exceptions import ClientError

from crowdlab.marketplace import Marketplace
from crowdlab.questions import HTMLQuestion
from tests.server.conftest import KEYS, PAGE, Answered, Server, start

SIGNED = {
    "Authorization": "AWS4-HMAC-SHA256 Credential="
    "anybody/20260504/us-east-1/mturk-requester/aws4_request, "
    "SignedHeaders=host, Signature=00",
    "X-Amz-Target": "MTurkRequesterServiceV20170117.CreateHIT",
}
HIT: dict[str, Any] = {
    "Title": "Cats and dogs",
    "Description": "Say which it is.",
    "Reward": "0.05",
    "AssignmentDurationInSeconds": 600,
    "LifetimeInSeconds": 86400,
    "Question": HTMLQuestion(PAGE).to_xml(),
}


def send(
    server: Server, body: bytes | str, target: str = "CreateHIT", **headers: str
) -> Answered:
    """One request to the API, believed to be signed."""
    full = f"MTurkRequesterServiceV20170117.{target}"
    return server.ask("POST", "/", body, {**SIGNED, "X-Amz-Target": full, **headers})


def kind_of(answer: Answered) -> str:
    """The type of the error that a response carries."""
    return str(json.loads(answer.body)["__type"])


def number_of_hits(server: Server) -> int:
    """How many HITs there are on both markets."""
    return sum(
        len(market.call("ListHITs", {})["HITs"])
        for market in server.markets.by_environment.values()
    )


def test_a_hit_goes_there_and_back(server: Server) -> None:
    """What boto3 creates over HTTP it gets back, text and times included."""
    client = server.client()
    hit_id = client.create_hit(**HIT)["HIT"]["HITId"]

    hit = client.get_hit(HITId=hit_id)["HIT"]

    assert (hit["Title"], hit["Question"]) == (HIT["Title"], HIT["Question"])
    assert hit["Expiration"].timestamp() - hit["CreationTime"].timestamp() == 86400


def test_a_refusal_has_code_and_text(server: Server) -> None:
    """boto3 raises the error that the market gave, with its TurkErrorCode."""
    with pytest.raises(ClientError) as caught:
        server.client().get_hit(HITId="3X")

    answer: Any = caught.value.response
    assert answer["Error"]["Code"] == "RequestError"
    assert answer["TurkErrorCode"] == "AWS.MechanicalTurk.HITDoesNotExist"
    assert answer["ResponseMetadata"]["RequestId"]


def test_the_region_sandbox_means_the_sandbox(server: Server) -> None:
    """A client of the region ``sandbox`` gets the sandbox's balance and HITs."""
    server.client(region_name="sandbox").create_hit(**HIT)

    assert server.markets.sandbox.call("ListHITs", {})["NumResults"] == 1
    assert server.markets.production.call("ListHITs", {})["NumResults"] == 0


@pytest.mark.parametrize(
    ("host", "environment"),
    [
        ("mturk-requester-sandbox.us-east-1.amazonaws.com", "sandbox"),
        ("mturk-requester.us-east-1.amazonaws.com", "production"),
    ],
)
def test_a_host_of_amazon_means_its_environment(
    server: Server, host: str, environment: str
) -> None:
    """A request that was meant for one of Amazon's hosts reaches what it means."""
    assert send(server, json.dumps(HIT), Host=host).status == 200

    market = server.markets.by_environment[environment]
    assert market.call("ListHITs", {})["NumResults"] == 1


def test_other_requests_go_where_the_server_says() -> None:
    """The server's default environment takes what names none."""
    from crowdlab.server import find_origins, open_markets  # noqa: PLC0415

    with open_markets(None) as markets, start(markets, environment="sandbox") as port:
        origins = find_origins("127.0.0.1", port)
        Server(origins.site, markets, origins).client().create_hit(**HIT)

        assert markets.sandbox.call("ListHITs", {})["NumResults"] == 1


def test_one_requester_does_not_see_anothers_hits(locked: Server) -> None:
    """HITs belong to the account of the key that signed."""
    clients = {
        key.requester: locked.client(
            aws_access_key_id=key.access_key, aws_secret_access_key=key.secret
        )
        for key in KEYS.values()
    }
    hit_id = clients["ana"].create_hit(**HIT)["HIT"]["HITId"]

    with pytest.raises(ClientError, match=f"Hit {hit_id} does not exist"):
        clients["bob"].get_hit(HITId=hit_id)


@pytest.mark.parametrize(
    "body",
    [
        b"\xff\xfe",
        b'{"Title": "\xc3\x28"}',
        b"not JSON",
        b"[]",
        b'"text"',
        b"{" * 100_000,
        b"[" * 100_000,
        b'{"HITId": "\\ud800"}',
        b'{"HITId": "\\u0000"}',
        b'{"HITId": 5}',
    ],
)
def test_a_body_that_cannot_be_read_is_refused(server: Server, body: bytes) -> None:
    """What is no JSON object of text in UTF-8 is an error of the client's."""
    answer = send(server, body, "GetHIT")

    assert (answer.status, kind_of(answer)) == (400, "SerializationException")
    assert number_of_hits(server) == 0


@pytest.mark.parametrize("target", ["DropTables", "", "GetHIT.GetHIT", "__class__"])
def test_an_operation_that_is_none_is_refused(server: Server, target: str) -> None:
    """Only the operations of the API are known."""
    assert kind_of(send(server, "{}", target)) == "UnknownOperationException"


@pytest.mark.parametrize(
    "target",
    ["", "DynamoDB_20120810.GetItem", "MTurkRequesterServiceV20170117", "\xff."],
)
def test_a_target_of_another_service_is_refused(server: Server, target: str) -> None:
    """What is meant for another service is not done."""
    answer = server.ask("POST", "/", "{}", {**SIGNED, "X-Amz-Target": target})

    assert kind_of(answer) == "UnknownOperationException"


BOMB = (
    '<!DOCTYPE b [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    '<HTMLQuestion xmlns="http://mechanicalturk.amazonaws.com/'
    'AWSMechanicalTurkDataSchemas/2011-11-11/HTMLQuestion.xsd">'
    "<HTMLContent>&b;</HTMLContent><FrameHeight>0</FrameHeight></HTMLQuestion>"
)
FILE = BOMB.replace(
    '<!ENTITY a "aaaaaaaaaa">', '<!ENTITY a SYSTEM "file:///etc/passwd">'
)


@pytest.mark.parametrize(
    "question",
    [BOMB, FILE, HTMLQuestion("<!DOCTYPE html><p>" + "x" * 65_536).to_xml(), "\x00"],
    ids=["bomb", "file", "long", "control"],
)
def test_a_hostile_question_is_refused(server: Server, question: str) -> None:
    """Entities, files, too many bytes and control characters: nothing is stored."""
    answer = send(server, json.dumps({**HIT, "Question": question}))

    assert answer.status == 400
    assert b"root:" not in answer.body
    assert b"Traceback" not in answer.body
    assert number_of_hits(server) == 0


def test_a_four_byte_character_survives(server: Server) -> None:
    """Text outside the basic plane comes back as it was sent."""
    client = server.client()
    hit = client.create_hit(**{**HIT, "Title": "走 🦊 ]]> &amp;"})["HIT"]

    assert client.get_hit(HITId=hit["HITId"])["HIT"]["Title"] == "走 🦊 ]]> &amp;"


def test_a_large_body_is_refused(server: Server) -> None:
    """Ten megabytes are answered with 413, although the client has not read yet."""
    answer = send(server, b"x" * 10_000_000)

    assert answer.status == 413
    assert kind_of(answer) == "RequestEntityTooLargeException"


def test_a_large_body_of_unknown_length_is_refused(server: Server) -> None:
    """A body that comes in chunks is counted while it comes."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as line:
        head = "".join(f"{name}: {value}\r\n" for name, value in SIGNED.items())
        start_line = f"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\n{head}"
        line.sendall(f"{start_line}Transfer-Encoding: chunked\r\n\r\n".encode())
        for _ in range(20):
            line.sendall(b"10000\r\n" + b"x" * 0x10000 + b"\r\n")

        assert line.recv(100).startswith(b"HTTP/1.1 413")


def test_a_failure_inside_stays_inside(
    server: Server, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A client hears of a fault, not of our program; the log has all of it."""

    def fail(*_: object) -> None:
        raise ZeroDivisionError("our secret mistake")

    monkeypatch.setattr(Marketplace, "call", fail)
    with caplog.at_level(logging.ERROR):
        answer = send(server, "{}", "ListHITs")

    assert (answer.status, kind_of(answer)) == (500, "ServiceFault")
    assert b"secret" not in answer.body
    assert "our secret mistake" in caplog.text


@pytest.mark.parametrize(
    "host", ["evil.example.org", "mturk-requester.evil.example.org", "127.0.0.1.org"]
)
def test_an_open_server_hides_from_other_names(server: Server, host: str) -> None:
    """A web page that makes its own host name mean this machine is not let in."""
    answer = send(server, json.dumps(HIT), Host=f"{host}:{server.port}")

    assert kind_of(answer) == "AccessDeniedException"
    assert number_of_hits(server) == 0


def test_requests_at_once_are_each_answered(server: Server) -> None:
    """Many clients in many threads get each their own answer, and no HIT is lost."""
    client = server.client()
    with ThreadPoolExecutor(8) as pool:
        jobs = [
            pool.submit(client.create_hit, **{**HIT, "RequesterAnnotation": str(n)})
            for n in range(40)
        ]
        annotations = [job.result()["HIT"]["RequesterAnnotation"] for job in jobs]

    assert annotations == [str(n) for n in range(40)]
    pages = client.get_paginator("list_hits").paginate()
    assert sum(len(page["HITs"]) for page in pages) == 40


def test_a_list_continues_where_it_stopped(server: Server) -> None:
    """NextToken leads through all pages, over HTTP as anywhere."""
    client = server.client()
    made = {client.create_hit(**HIT)["HIT"]["HITId"] for _ in range(7)}

    seen: set[str] = set()
    token: dict[str, str] = {}
    while True:
        page = client.list_hits(MaxResults=3, **token)
        seen |= {hit["HITId"] for hit in page["HITs"]}
        if "NextToken" not in page:
            break
        token = {"NextToken": page["NextToken"]}

    assert seen == made


def test_a_forged_page_token_is_refused(server: Server) -> None:
    """A token that the server did not give is no way into a list."""
    with pytest.raises(ClientError) as caught:
        server.client().list_hits(NextToken="WzQyXQ==")

    assert caught.value.response["Error"]["Code"] == "ParameterValidationError"


@pytest.mark.parametrize(("kind", "made"), [("drop", 0), ("drop_after", 1)])
def test_a_dropped_connection_brings_no_answer(
    server: Server, kind: str, made: int
) -> None:
    """A fault may close the connection, before the operation or after it."""
    server.markets.production.faults.add(kind, times=1)

    with pytest.raises((RemoteDisconnected, ConnectionResetError)):
        send(server, json.dumps(HIT))

    assert number_of_hits(server) == made


def test_boto3_tries_again_after_a_drop(server: Server) -> None:
    """A client that retries gets over a broken connection."""
    server.markets.production.faults.add("drop", times=2)

    assert server.client().get_account_balance()["AvailableBalance"] == "10000.00"


def test_a_throttled_request_is_told_so(server: Server) -> None:
    """A fault on demand reaches clients over HTTP as the service's own would."""
    server.markets.production.faults.add("throttle", operation="ListHITs", times=1)

    answer = send(server, "{}", "ListHITs")

    assert (answer.status, kind_of(answer)) == (400, "ThrottlingException")
