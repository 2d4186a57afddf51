"""NotifyWorkers, and what workers then read."""

import datetime as dt
from typing import Any

import pytest

from crowdlab.marketplace.messages import Message
from tests.marketplace.people import Square, refusal
from tests.marketplace.steps import do


@pytest.fixture(scope="module")
def square() -> Square:
    """A marketplace that the tests of this file share."""
    return Square()


def notify(square: Square, *workers: str, **changes: Any) -> list[tuple[str, str]]:
    """Who is not told, and why, by code."""
    reply = square.client.notify_workers(
        **{
            "Subject": "New work",
            "MessageText": "Come and see",
            "WorkerIds": list(workers),
            **changes,
        }
    )
    return [
        (failure["WorkerId"], failure["NotifyWorkersFailureCode"])
        for failure in reply["NotifyWorkersFailureStatuses"]
    ]


def test_notify(square: Square) -> None:
    """A worker whose work was approved reads what the requester writes."""
    worker = square.reviewed_worker()

    assert notify(square, worker) == []

    (message,) = square.market.messages(worker)
    sent = dt.datetime.fromtimestamp(square.clock(), dt.UTC)
    assert message == Message(message.requester, sent, "New work", "Come and see")
    assert message.requester.startswith("A")


def test_rejected_work_is_work(square: Square) -> None:
    """A worker whose work was rejected can be notified too."""
    worker, assignment = do(square.market, square.hit())
    square.client.reject_assignment(AssignmentId=assignment, RequesterFeedback="no")

    assert notify(square, worker) == []


def test_stranger(square: Square) -> None:
    """Who has done nothing for the requester is named with a HardFailure, and the text."""
    stranger = square.market.register()

    reply = square.client.notify_workers(
        Subject="s", MessageText="t", WorkerIds=[stranger]
    )

    assert reply["NotifyWorkersFailureStatuses"] == [
        {
            "NotifyWorkersFailureCode": "HardFailure",
            "NotifyWorkersFailureMessage": "Cannot send a notification to a worker who "
            "has not done any work for you",
            "WorkerId": stranger,
        }
    ]
    assert square.market.messages(stranger) == []


def test_undecided_work_is_not_enough(square: Square) -> None:
    """A worker whose work was not reviewed yet cannot be notified."""
    worker, _ = do(square.market, square.hit())

    assert notify(square, worker) == [(worker, "HardFailure")]


def test_work_for_others_is_not_enough(square: Square) -> None:
    """Work that another requester approved does not make a worker one's own."""
    worker = square.reviewed_worker()
    other = square.market.requester("writer")

    reply = other.call(
        "NotifyWorkers", {"Subject": "s", "MessageText": "t", "WorkerIds": [worker]}
    )

    assert [f["WorkerId"] for f in reply["NotifyWorkersFailureStatuses"]] == [worker]


def test_some_of_several(square: Square) -> None:
    """A stranger among others does not keep the others from being told."""
    known, stranger = square.reviewed_worker(), square.market.register()

    assert notify(square, stranger, known, "A0NOBODY") == [
        (stranger, "HardFailure"),
        ("A0NOBODY", "HardFailure"),
    ]
    assert len(square.market.messages(known)) == 1


def test_named_twice(square: Square) -> None:
    """A worker who is named twice is told once."""
    worker = square.reviewed_worker()

    notify(square, worker, worker)

    assert len(square.market.messages(worker)) == 1


def test_newest_first(square: Square) -> None:
    """A worker reads the newest message first."""
    worker = square.reviewed_worker()
    notify(square, worker, Subject="one")
    notify(square, worker, Subject="two")

    assert [m.subject for m in square.market.messages(worker)] == ["two", "one"]


@pytest.mark.parametrize(("name", "most"), [("Subject", 200), ("MessageText", 4096)])
def test_lengths(square: Square, name: str, most: int) -> None:
    """Subject and text may have so many characters, and not one more."""
    worker = square.reviewed_worker()

    code, _, text = refusal(notify, square=square, **{name: "x" * (most + 1)})
    assert code == "ParameterValidationError"
    assert f"parameter {name}." in text
    assert notify(square, worker, **{name: "x" * most}) == []


def test_a_hundred_workers(square: Square) -> None:
    """At most 100 workers are notified in one request."""
    names = [f"A{number}" for number in range(101)]

    assert len(notify(square, *names[:100])) == 100
    assert refusal(notify, square=square, WorkerIds=names)[0] == (
        "ParameterValidationError"
    )
