"""Requests for Qualifications: asked, tested, granted, rejected."""

import datetime as dt
from typing import Any

import pytest

from crowdlab.errors import WorkRefused
from crowdlab.questions import parse_answers
from tests.marketplace.people import LOCALE, Square, answer_key, exam, refusal

THREE = ("q1", "q2", "q3")
TWO_RIGHT = {"q1": ["a"], "q2": ["a"], "q3": ["b"]}


@pytest.fixture(scope="module")
def square() -> Square:
    """A marketplace that the tests of this file share."""
    return Square()


def waiting(square: Square, type_id: str) -> Any:
    """What ListQualificationRequests gives."""
    return square.client.list_qualification_requests(QualificationTypeId=type_id)[
        "QualificationRequests"
    ]


def ask(square: Square, type_id: str, worker: str = "", **answers: Any) -> str:
    """A worker asks, and the request waits; gives its id."""
    name = worker or square.market.register()
    assert square.market.request_qualification(name, type_id, answers or None) is None
    return str(waiting(square, type_id)[-1]["QualificationRequestId"])


def why_not(square: Square, worker: str, type_id: str) -> str:
    """The reason for which a worker's request is refused."""
    with pytest.raises(WorkRefused) as refused:
        square.market.request_qualification(worker, type_id)
    return refused.value.reason


def test_request_waits(square: Square) -> None:
    """A request for a type without a test waits until the owner decides."""
    type_id, worker = square.qualification_type(), square.market.register()

    assert square.market.request_qualification(worker, type_id) is None

    (request,) = waiting(square, type_id)
    assert request == {
        "QualificationRequestId": request["QualificationRequestId"],
        "QualificationTypeId": type_id,
        "WorkerId": worker,
        "SubmitTime": dt.datetime.fromtimestamp(square.clock(), dt.UTC),
    }


def test_auto_granted(square: Square) -> None:
    """An AutoGranted type is granted at once, with its value."""
    type_id = square.qualification_type(AutoGranted=True, AutoGrantedValue=7)
    worker = square.market.register()

    assert square.market.request_qualification(worker, type_id) == 7
    assert square.score(type_id, worker) == 7
    assert waiting(square, type_id) == []


def test_accept(square: Square) -> None:
    """An accepted request grants the value, and is gone."""
    type_id, worker = square.qualification_type(), square.market.register()
    request = ask(square, type_id, worker)

    square.client.accept_qualification_request(
        QualificationRequestId=request, IntegerValue=42
    )

    assert square.score(type_id, worker) == 42
    assert waiting(square, type_id) == []
    assert "You now have" in square.market.messages(worker)[0].text


def test_accepted_without_a_value(square: Square) -> None:
    """A request that is accepted without a value grants 1."""
    type_id, worker = square.qualification_type(), square.market.register()
    request = ask(square, type_id, worker)

    square.client.accept_qualification_request(QualificationRequestId=request)

    assert square.score(type_id, worker) == 1


def test_reject(square: Square) -> None:
    """A rejected request grants nothing, is gone, and the worker reads why."""
    type_id, worker = square.qualification_type(), square.market.register()
    request = ask(square, type_id, worker)

    square.client.reject_qualification_request(
        QualificationRequestId=request, Reason="Not yet"
    )

    assert waiting(square, type_id) == []
    assert square.market.messages(worker)[0].text == "Not yet"
    assert refusal(
        square.client.get_qualification_score,
        QualificationTypeId=type_id,
        WorkerId=worker,
    )[1] == ("QualificationDoesNotExist")


@pytest.mark.parametrize("first", ["accept", "reject"])
@pytest.mark.parametrize("then", ["accept", "reject"])
def test_decided_once(square: Square, first: str, then: str) -> None:
    """A request that was decided does not exist any more."""
    request = ask(square, square.qualification_type())
    call: Any = {
        "accept": square.client.accept_qualification_request,
        "reject": square.client.reject_qualification_request,
    }
    call[first](QualificationRequestId=request)

    assert refusal(call[then], QualificationRequestId=request) == (
        "RequestError",
        "QualificationRequestDoesNotExist",
        f"QualificationRequest {request} does not exist.",
    )


def test_only_the_owner_decides(square: Square) -> None:
    """Another requester neither sees nor decides a request."""
    type_id = square.qualification_type()
    request = ask(square, type_id)
    other = square.market.requester("judge").client()

    assert other.list_qualification_requests()["QualificationRequests"] == []
    assert refusal(other.list_qualification_requests, QualificationTypeId=type_id)[
        1
    ] == ("PermissionDeniedException")
    for call in (
        other.accept_qualification_request,
        other.reject_qualification_request,
    ):
        assert refusal(call, QualificationRequestId=request)[1] == (
            "QualificationRequestDoesNotExist"
        )


def test_association_leaves_requests(square: Square) -> None:
    """A request waits on while the worker is given the Qualification; then it counts."""
    type_id, worker = square.qualification_type(), square.market.register()
    request = ask(square, type_id, worker)

    square.client.associate_qualification_with_worker(
        QualificationTypeId=type_id, WorkerId=worker, IntegerValue=1
    )
    assert len(waiting(square, type_id)) == 1
    square.client.accept_qualification_request(
        QualificationRequestId=request, IntegerValue=2
    )

    assert square.score(type_id, worker) == 2


def test_all_types_in_pages() -> None:
    """Without a type all own requests are listed, page by page, in their order."""
    square = Square()
    types = [square.qualification_type() for _ in range(3)]
    asked = [ask(square, type_id) for type_id in [*types, *types]]
    pages = square.client.get_paginator("list_qualification_requests")

    walked = [
        request["QualificationRequestId"]
        for page in pages.paginate(PaginationConfig={"PageSize": 4})
        for request in page["QualificationRequests"]
    ]

    assert walked == asked


def test_test_without_key_waits(square: Square) -> None:
    """Answers without a key to score them wait, and the owner reads test and answers."""
    type_id = square.qualification_type(Test=exam(), TestDurationInSeconds=60)

    ask(square, type_id, q1=["b"])

    (request,) = waiting(square, type_id)
    assert request["Test"] == exam()
    assert parse_answers(request["Answer"]) == {"q1": "b"}


def test_request_keeps_its_test(square: Square) -> None:
    """A request shows the test that was taken, though the type has another by now."""
    type_id = square.qualification_type(Test=exam(), TestDurationInSeconds=60)
    ask(square, type_id, q1=["b"])

    square.client.update_qualification_type(
        QualificationTypeId=type_id, Test=exam("z"), TestDurationInSeconds=60
    )

    assert waiting(square, type_id)[0]["Test"] == exam()


PERCENTAGE = (
    "<PercentageMapping><MaximumSummedScore>3</MaximumSummedScore></PercentageMapping>"
)
RANGE = """<RangeMapping>
<SummedScoreRange>
<InclusiveLowerBound>2</InclusiveLowerBound>
<InclusiveUpperBound>3</InclusiveUpperBound>
<QualificationValue>50</QualificationValue>
</SummedScoreRange>
<OutOfRangeQualificationValue>-1</OutOfRangeQualificationValue>
</RangeMapping>"""


def scale(factor: int) -> str:
    """A mapping that multiplies."""
    number = f"<SummedScoreMultiplier>{factor}</SummedScoreMultiplier>"
    return f"<ScaleMapping>{number}</ScaleMapping>"


MAPPINGS = {
    "sum": ("", 2),
    "percentage": (PERCENTAGE, 67),
    "scale": (scale(3), 6),
    "range": (RANGE, 50),
    "more than an int": (scale(10**11), 2**31 - 1),
}


@pytest.mark.parametrize("name", MAPPINGS)
def test_key_scores(square: Square, name: str) -> None:
    """A test with a key is scored and granted at once, whatever the mapping."""
    mapping, value = MAPPINGS[name]
    if mapping:
        mapping = f"<QualificationValueMapping>{mapping}</QualificationValueMapping>"
    type_id = square.qualification_type(
        Test=exam(*THREE),
        AnswerKey=answer_key(*THREE, mapping=mapping),
        TestDurationInSeconds=60,
    )
    worker = square.market.register()

    assert square.market.request_qualification(worker, type_id, TWO_RIGHT) == value
    assert square.score(type_id, worker) == value
    assert waiting(square, type_id) == []


def test_no_answers_score_nothing(square: Square) -> None:
    """A test that is handed in empty is scored like any other."""
    type_id = square.qualification_type(
        Test=exam(), AnswerKey=answer_key(), TestDurationInSeconds=60
    )

    worker = square.market.register()

    assert square.market.request_qualification(worker, type_id) == 0


def test_once_ever(square: Square) -> None:
    """Without a retry delay a Qualification can be asked for only once, even if refused."""
    type_id, worker = square.qualification_type(), square.market.register()
    request = ask(square, type_id, worker)
    square.client.reject_qualification_request(QualificationRequestId=request)
    square.clock.advance(10**8)

    assert why_not(square, worker, type_id) == "no-retake"


def test_retry_delay() -> None:
    """With a retry delay one may ask again once it has passed, and not before."""
    square = Square()
    type_id = square.qualification_type(AutoGranted=True, RetryDelayInSeconds=60)
    worker = square.market.register()
    square.market.request_qualification(worker, type_id)

    square.clock.advance(59)
    assert why_not(square, worker, type_id) == "too-early"
    square.clock.advance(1)

    assert square.market.request_qualification(worker, type_id) == 1


def test_retries_can_be_allowed_later(square: Square) -> None:
    """An update that sets a retry delay lets those ask again who could not."""
    type_id = square.qualification_type(AutoGranted=True)
    worker = square.market.register()
    square.market.request_qualification(worker, type_id)

    square.client.update_qualification_type(
        QualificationTypeId=type_id, RetryDelayInSeconds=0
    )

    assert square.market.request_qualification(worker, type_id) == 1


def test_one_request_at_a_time(square: Square) -> None:
    """Who waits for a decision cannot ask again."""
    type_id = square.qualification_type(RetryDelayInSeconds=0)
    worker = square.market.register()
    ask(square, type_id, worker)

    assert why_not(square, worker, type_id) == "already-requested"


def test_retake_changes_the_score() -> None:
    """A better test result takes the place of the first."""
    square = Square()
    type_id = square.qualification_type(
        Test=exam(),
        AnswerKey=answer_key(),
        TestDurationInSeconds=60,
        RetryDelayInSeconds=0,
    )
    worker = square.market.register()

    square.market.request_qualification(worker, type_id, {"q1": ["b"]})
    assert square.score(type_id, worker) == 0
    square.market.request_qualification(worker, type_id, {"q1": ["a"]})

    assert square.score(type_id, worker) == 1


@pytest.mark.parametrize("kind", ["inactive", "deleted", "system", "unknown"])
def test_not_requestable(square: Square, kind: str) -> None:
    """Nobody can ask for a type that is inactive, deleted, the system's or unknown."""
    inactive = square.qualification_type(QualificationTypeStatus="Inactive")
    deleted = square.qualification_type()
    square.client.delete_qualification_type(QualificationTypeId=deleted)
    type_id = {"inactive": inactive, "deleted": deleted, "system": LOCALE}.get(kind)

    worker = square.market.register()

    assert why_not(square, worker, type_id or "3NONE") == "not-requestable"


def test_unknown_worker_asks(square: Square) -> None:
    """Who is not registered cannot ask."""
    assert why_not(square, "A0NOBODY", square.qualification_type()) == "unknown-worker"
