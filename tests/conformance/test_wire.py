"""The wire: error families, their texts and stamps, times, members without a value."""

import datetime as dt
import re
from typing import Any

import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from tests.conformance.bench import TURK, Bench, Refused, bad_parameter, request_error
from tests.marketplace.steps import QUESTION

UNKNOWN = "3NOSUCHTHING"
NOBODY = "A0NOSUCHWORKER"
LETTERS = re.compile(r"[A-Z0-9]+")


def invalid(text: str) -> Refused:
    """The front end found fault; it puts no stamp behind its text."""
    return Refused("ValidationException", None, text, is_stamped=False)


@pytest.mark.parametrize(
    ("operation", "more"),
    [
        ("get_hit", {}),
        ("delete_hit", {}),
        ("create_additional_assignments_for_hit", {"NumberOfAdditionalAssignments": 1}),
        ("update_expiration_for_hit", {"ExpireAt": 0}),
        ("update_hit_review_status", {}),
        ("update_hit_type_of_hit", {"HITTypeId": UNKNOWN}),
        ("list_assignments_for_hit", {}),
        ("list_bonus_payments", {}),
        ("list_review_policy_results_for_hit", {}),
    ],
)
def test_an_unknown_hit(bench: Bench, operation: str, more: dict[str, Any]) -> None:
    """A HIT that nobody made does not exist, in the service's own words."""
    assert bench.refusal(operation, HITId=UNKNOWN, **more) == request_error(
        "HITDoesNotExist", f"Hit {UNKNOWN} does not exist."
    )


@pytest.mark.parametrize(
    ("operation", "more"),
    [
        ("get_assignment", {}),
        ("approve_assignment", {}),
        ("reject_assignment", {"RequesterFeedback": "no"}),
        ("send_bonus", {"WorkerId": NOBODY, "BonusAmount": "0.05", "Reason": "r"}),
        ("list_bonus_payments", {}),
        ("get_file_upload_url", {"QuestionIdentifier": "q"}),
    ],
)
def test_an_unknown_assignment(
    bench: Bench, operation: str, more: dict[str, Any]
) -> None:
    """An assignment that nobody took does not exist."""
    assert bench.refusal(operation, AssignmentId=UNKNOWN, **more) == request_error(
        "AssignmentDoesNotExist", f"Assignment {UNKNOWN} does not exist."
    )


@pytest.mark.parametrize(
    ("operation", "more"),
    [
        ("get_qualification_type", {}),
        ("update_qualification_type", {"Description": "d"}),
        ("delete_qualification_type", {}),
        ("associate_qualification_with_worker", {"WorkerId": NOBODY}),
        ("list_workers_with_qualification_type", {}),
        ("list_hits_for_qualification_type", {}),
        ("list_qualification_requests", {}),
    ],
)
def test_an_unknown_qualification_type(
    bench: Bench, operation: str, more: dict[str, Any]
) -> None:
    """A Qualification type that nobody made does not exist."""
    refused = bench.refusal(operation, QualificationTypeId=UNKNOWN, **more)

    assert refused == request_error("QualificationTypeDoesNotExist")


@pytest.mark.parametrize("decision", ["accept", "reject"])
def test_an_unknown_request(bench: Bench, decision: str) -> None:
    """A request that nobody made cannot be decided on."""
    refused = bench.refusal(
        f"{decision}_qualification_request", QualificationRequestId=UNKNOWN
    )

    assert refused == request_error("QualificationRequestDoesNotExist")


def test_an_unknown_hit_type(bench: Bench) -> None:
    """A HIT type that nobody made can have no HIT, no notification, no reviews."""
    expected = request_error("HITTypeDoesNotExist")

    assert expected == bench.refusal(
        "create_hit_with_hit_type",
        HITTypeId=UNKNOWN,
        LifetimeInSeconds=60,
        Question=QUESTION,
    )
    assert expected == bench.refusal(
        "update_notification_settings", HITTypeId=UNKNOWN, Active=True
    )
    assert expected == bench.refusal("list_reviewable_hits", HITTypeId=UNKNOWN)
    hit_id = bench.hit()["HITId"]
    assert expected == bench.refusal(
        "update_hit_type_of_hit", HITId=hit_id, HITTypeId=UNKNOWN
    )


def test_an_unknown_worker(bench: Bench) -> None:
    """A worker whom nobody knows is no value of WorkerId."""
    expected = bad_parameter("WorkerId", NOBODY)

    assert expected == bench.refusal("create_worker_block", WorkerId=NOBODY, Reason="r")
    assert expected == bench.refusal("delete_worker_block", WorkerId=NOBODY)
    assert expected == bench.refusal(
        "associate_qualification_with_worker",
        QualificationTypeId=bench.qualification_type(),
        WorkerId=NOBODY,
    )


def test_the_stamp(bench: Bench) -> None:
    """Behind the text stand the milliseconds since 1970; in the sandbox an s, too."""
    with pytest.raises(ClientError) as caught:
        bench.client.get_hit(HITId=UNKNOWN)
    unit = " s" if bench.binding.environment == "sandbox" else ""
    now = int(bench.clock() * 1000)

    assert caught.value.response["Error"]["Message"].endswith(f" ({now}{unit})")


def test_request_error_is_modelled(bench: Bench) -> None:
    """A program may catch the client's own RequestError, which has a TurkErrorCode."""
    with pytest.raises(bench.client.exceptions.RequestError) as caught:
        bench.client.get_hit(HITId=UNKNOWN)

    assert caught.value.response["TurkErrorCode"] == f"{TURK}HITDoesNotExist"


@pytest.mark.parametrize(
    ("operation", "given", "member", "value", "rule"),
    [
        (
            "send_bonus",
            {
                "WorkerId": "A1",
                "AssignmentId": "3",
                "Reason": "r",
                "BonusAmount": "0.9752",
            },
            "bonusAmount",
            "0.9752",
            r"satisfy regular expression pattern: ^[0-9]+(\.)?[0-9]{0,2}$",
        ),
        (
            "list_hits",
            {"MaxResults": 101},
            "maxResults",
            "101",
            "have value less than or equal to 100",
        ),
        (
            "get_hit",
            {"HITId": "3lower"},
            "hITId",
            "3lower",
            "satisfy regular expression pattern: ^[A-Z0-9]+$",
        ),
        (
            "get_hit",
            {"HITId": "3" * 65},
            "hITId",
            "3" * 65,
            "have length less than or equal to 64",
        ),
        (
            "create_worker_block",
            {"WorkerId": "B1", "Reason": "r"},
            "workerId",
            "B1",
            "satisfy regular expression pattern: ^A[A-Z0-9]+$",
        ),
        (
            "list_reviewable_hits",
            {"Status": "Disposed"},
            "status",
            "Disposed",
            "satisfy enum value set: [Reviewable, Reviewing]",
        ),
        (
            "list_hits",
            {"NextToken": "x" * 256},
            "nextToken",
            "x" * 256,
            "have length less than or equal to 255",
        ),
    ],
)
def test_what_boto3_lets_pass(
    bench: Bench,
    operation: str,
    given: dict[str, Any],
    *,
    member: str,
    value: str,
    rule: str,
) -> None:
    """Maxima, patterns and enumerations are checked by the service's front end."""
    text = (
        f"1 validation error detected: Value '{value}' at '{member}' failed to satisfy "
        f"constraint: Member must {rule}"
    )

    assert bench.refusal(operation, **given) == invalid(text)


def test_several_faults(bench: Bench) -> None:
    """The front end counts what it finds."""
    refused = bench.refusal("list_reviewable_hits", MaxResults=101, HITTypeId="low")

    assert refused.text.startswith("2 validation errors detected: Value ")


def test_a_missing_member(bench: Bench) -> None:
    """What is obligatory must not be null, says the front end where boto3 does not."""
    careless = bench.connect(Config(parameter_validation=False))
    text = (
        "1 validation error detected: Value null at 'reason' failed to satisfy "
        "constraint: Member must not be null"
    )

    refused = bench.refusal("create_worker_block", client=careless, WorkerId="A1")

    assert refused == invalid(text)


@pytest.mark.parametrize("token_of", ["create_hit", "create_additional", "send_bonus"])
def test_a_long_token(bench: Bench, token_of: str) -> None:
    """An idempotency token has at most 64 characters."""
    hit_id, token = bench.hit()["HITId"], "t" * 65
    given: dict[str, tuple[str, dict[str, Any]]] = {
        "create_hit": ("create_hit", bench.parameters()),
        "create_additional": (
            "create_additional_assignments_for_hit",
            {"HITId": hit_id, "NumberOfAdditionalAssignments": 1},
        ),
        "send_bonus": (
            "send_bonus",
            {"WorkerId": "A1", "AssignmentId": "3", "Reason": "r", "BonusAmount": "1"},
        ),
    }
    operation, parameters = given[token_of]

    refused = bench.refusal(operation, UniqueRequestToken=token, **parameters)

    assert refused.code == "ValidationException"
    assert "at 'uniqueRequestToken'" in refused.text


def test_writes_answer_an_empty_object(bench: Bench) -> None:
    """What only changes something answers nothing but that it is done."""
    client, worker = bench.client, bench.worker()
    hit = bench.hit(MaxAssignments=2)
    hit_id, type_id = hit["HITId"], bench.qualification_type()
    answers = [
        client.create_additional_assignments_for_hit(
            HITId=hit_id, NumberOfAdditionalAssignments=1
        ),
        client.update_hit_type_of_hit(HITId=hit_id, HITTypeId=bench.hit_type()),
        client.update_expiration_for_hit(HITId=hit_id, ExpireAt=0),
        client.update_hit_review_status(HITId=hit_id),
        client.delete_hit(HITId=hit_id),
        client.create_worker_block(WorkerId=worker, Reason="r"),
        client.delete_worker_block(WorkerId=worker, Reason="r"),
        client.associate_qualification_with_worker(
            QualificationTypeId=type_id, WorkerId=worker, SendNotification=False
        ),
        client.disassociate_qualification_from_worker(
            QualificationTypeId=type_id, WorkerId=worker
        ),
        client.delete_qualification_type(QualificationTypeId=type_id),
    ]

    assert [set(answer) for answer in answers] == [{"ResponseMetadata"}] * len(answers)


def test_times_are_whole_seconds(bench: Bench) -> None:
    """Times come back aware, without a fraction of a second."""
    hit = bench.hit(LifetimeInSeconds=3600)
    _, done = bench.do(hit)
    times = [
        v
        for v in {**hit, **bench.assignment(done)}.values()
        if isinstance(v, dt.datetime)
    ]

    assert len(times) == 6
    assert all(time.tzinfo and not time.microsecond for time in times)
    assert hit["Expiration"] - hit["CreationTime"] == dt.timedelta(hours=1)


def test_members_without_a_value_are_absent(bench: Bench) -> None:
    """Nothing comes back as null."""
    hit = bench.hit(Keywords=None)
    _, done = bench.do(hit)

    assert {"Keywords", "RequesterAnnotation", "HITLayoutId"}.isdisjoint(hit)
    absent = {"ApprovalTime", "RejectionTime", "RequesterFeedback"}
    assert absent.isdisjoint(bench.assignment(done))
    assert set(bench.client.get_account_balance()) == {
        "AvailableBalance",
        "ResponseMetadata",
    }


@pytest.mark.parametrize(
    "moment",
    [
        0,
        "1987-01-01T00:00:00",
        dt.datetime(1987, 1, 1),  # noqa: DTZ001 - a naive one is what programs send
        dt.datetime(1987, 1, 1, tzinfo=dt.UTC),
    ],
    ids=["epoch", "text", "naive", "aware"],
)
def test_any_spelling_of_the_past_expires(bench: Bench, moment: object) -> None:
    """Whatever boto3 takes for a time reaches the service as one."""
    hit = bench.hit()
    bench.client.update_expiration_for_hit(HITId=hit["HITId"], ExpireAt=moment)

    assert bench.get(hit)["HITStatus"] == "Reviewable"


def test_ids(bench: Bench) -> None:
    """Ids are capitals and digits, those of workers behind an A."""
    hit = bench.hit()
    worker, done = bench.do(hit)

    for name in (hit["HITId"], hit["HITTypeId"], hit["HITGroupId"], done, worker):
        assert LETTERS.fullmatch(name)
    assert worker.startswith("A")
