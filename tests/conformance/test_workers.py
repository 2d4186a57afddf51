"""Who may work: requirements, the service's own Qualifications, blocks, messages."""

from collections.abc import Sequence
from typing import Any

import pytest

from crowdlab.errors import WorkRefused
from tests.conformance.bench import Bench
from tests.marketplace.people import (
    ADULT,
    APPROVED,
    MASTERS,
    PERCENT,
    lives,
    requires,
)

STRANGER = "Cannot send a notification to a worker who has not done any work for you"


def admitted(bench: Bench, requirement: dict[str, Any], workers: Sequence[str]) -> str:
    """A letter for each worker: whether they can accept a HIT that requires this."""
    hit = bench.hit(MaxAssignments=9, QualificationRequirements=[requirement])

    def letter(worker: str) -> str:
        try:
            bench.accept(hit, worker)
        except WorkRefused:
            return "-"
        return "+"

    return "".join(map(letter, workers))


@pytest.mark.parametrize(
    ("comparator", "values", "expected"),
    [
        ("LessThan", [5], "+---"),
        ("LessThanOrEqualTo", [5], "++--"),
        ("GreaterThan", [5], "--+-"),
        ("GreaterThanOrEqualTo", [5], "-++-"),
        ("EqualTo", [5], "-+--"),
        ("NotEqualTo", [5], "+-+-"),
        ("In", [1, 9], "+-+-"),
        ("NotIn", [1, 9], "-+--"),
        ("Exists", [], "+++-"),
        ("DoesNotExist", [], "---+"),
    ],
)
def test_comparators(
    bench: Bench, comparator: str, values: list[int], expected: str
) -> None:
    """Of workers with 1, 5, 9 and nothing, each comparator admits its own."""
    type_id = bench.qualification_type()
    workers = [bench.worker() for _ in range(4)]
    for worker, value in zip(workers, (1, 5, 9), strict=False):
        bench.grant(type_id, worker, value)

    found = admitted(bench, requires(type_id, comparator, *values), workers)

    assert found == expected


@pytest.mark.parametrize(
    ("comparator", "places", "expected"),
    [
        ("EqualTo", ["US"], "++-"),
        ("EqualTo", ["US-NY"], "-+-"),
        ("NotEqualTo", ["US"], "--+"),
        ("In", ["CA", "US-NY"], "-++"),
        ("NotIn", ["CA", "US-NY"], "+--"),
    ],
)
def test_places(
    bench: Bench, comparator: str, places: list[str], expected: str
) -> None:
    """Of workers in the US, in New York and in Canada, each requirement admits its own."""
    workers = [
        bench.worker(country="US"),
        bench.worker(country="US", subdivision="NY"),
        bench.worker(country="CA"),
    ]

    assert admitted(bench, lives(comparator, *places), workers) == expected


@pytest.mark.parametrize(
    ("requirement", "expected"),
    [
        (requires(PERCENT, "GreaterThanOrEqualTo", 95), "+-+"),
        (requires(PERCENT, "EqualTo", 90), "-+-"),
        (requires(APPROVED, "GreaterThan", 100), "++-"),
        (requires(MASTERS, "Exists"), "+--"),
        (requires(MASTERS, "DoesNotExist"), "-++"),
        (requires(ADULT, "EqualTo", 1), "-+-"),
        (requires(ADULT, "EqualTo", 0), "+-+"),
    ],
)
def test_what_the_service_says(
    bench: Bench, requirement: dict[str, Any], expected: str
) -> None:
    """A Master, one with rejections, a newcomer: the service knows them apart."""
    workers = [
        bench.worker(approved=5000, percent=99, masters=True),
        bench.worker(approved=5000, percent=90, adult=True),
        bench.worker(),
    ]

    assert admitted(bench, requirement, workers) == expected


def test_approvals_are_counted(bench: Bench) -> None:
    """Work that is approved here counts, and only that."""
    worker = bench.worker()
    needed = requires(APPROVED, "GreaterThanOrEqualTo", 1)
    _, rejected = bench.do(bench.hit(), worker)
    bench.reject(rejected)
    assert admitted(bench, needed, [worker]) == "-"
    _, approved = bench.do(bench.hit(), worker)
    bench.approve(approved)

    assert admitted(bench, needed, [worker]) == "+"


def test_a_revoked_qualification_is_none(bench: Bench) -> None:
    """What was taken away admits nobody."""
    type_id, worker = bench.qualification_type(), bench.worker()
    bench.grant(type_id, worker, 5)
    bench.client.disassociate_qualification_from_worker(
        QualificationTypeId=type_id, WorkerId=worker
    )

    assert admitted(bench, requires(type_id, "Exists"), [worker]) == "-"


def test_every_requirement_must_be_met(bench: Bench) -> None:
    """Of two requirements one is not enough."""
    type_id, worker = bench.qualification_type(), bench.worker(country="CA")
    bench.grant(type_id, worker, 5)
    hit = bench.hit(
        QualificationRequirements=[requires(type_id, "Exists"), lives("EqualTo", "US")]
    )

    with pytest.raises(WorkRefused):
        bench.accept(hit, worker)


@pytest.mark.parametrize(
    ("guarded", "found", "seen"),
    [
        ({}, True, True),
        ({"ActionsGuarded": "Accept"}, True, True),
        ({"RequiredToPreview": True}, True, False),
        ({"ActionsGuarded": "PreviewAndAccept"}, True, False),
        ({"ActionsGuarded": "DiscoverPreviewAndAccept"}, False, False),
    ],
    ids=["nothing said", "accept", "required", "preview", "discover"],
)
def test_what_is_guarded(
    bench: Bench, guarded: dict[str, Any], found: bool, seen: bool
) -> None:
    """A requirement keeps others from accepting, from looking, or from finding a HIT."""
    needed = requires(bench.qualification_type(), "Exists", **guarded)
    hit = bench.hit(QualificationRequirements=[needed])
    worker = bench.worker()
    groups = bench.workers.search(worker, query=hit["Title"])
    assert bool(groups) is found

    if seen:
        assert bench.workers.preview(worker, hit["HITId"]).url
    else:
        with pytest.raises(WorkRefused):
            bench.workers.preview(worker, hit["HITId"])
    with pytest.raises(WorkRefused):
        bench.accept(hit, worker)


def blocks(bench: Bench) -> dict[str, str]:
    """Who is blocked, and why."""
    pages = bench.client.get_paginator("list_worker_blocks").paginate()
    return {
        block["WorkerId"]: block["Reason"]
        for page in pages
        for block in page["WorkerBlocks"]
    }


def test_blocking(bench: Bench) -> None:
    """A blocked worker accepts nothing, until the block is lifted."""
    hit, worker = bench.hit(), bench.worker()
    bench.client.create_worker_block(WorkerId=worker, Reason="spam")
    assert blocks(bench)[worker] == "spam"
    with pytest.raises(WorkRefused):
        bench.accept(hit, worker)
    bench.client.delete_worker_block(WorkerId=worker, Reason="pardon")

    assert worker not in blocks(bench)
    assert bench.accept(hit, worker)


def test_blocking_again(bench: Bench) -> None:
    """A second block is a new reason; lifting none is fine."""
    worker = bench.worker()
    for reason in ("first", "second"):
        bench.client.create_worker_block(WorkerId=worker, Reason=reason)
    assert blocks(bench)[worker] == "second"
    for _ in range(2):
        bench.client.delete_worker_block(WorkerId=worker)

    assert worker not in blocks(bench)


def test_messages(bench: Bench) -> None:
    """Workers whose work was reviewed are told; of the others the answer says so."""
    worker, done = bench.do(bench.hit())
    stranger = bench.worker()
    given = {"Subject": "Well done", "MessageText": "Indeed."}

    def notify(*workers: str) -> list[dict[str, str]]:
        answer = bench.client.notify_workers(**given, WorkerIds=list(workers))
        return list(answer.get("NotifyWorkersFailureStatuses", []))

    hard = {
        "NotifyWorkersFailureCode": "HardFailure",
        "NotifyWorkersFailureMessage": STRANGER,
    }
    assert notify(worker) == [hard | {"WorkerId": worker}]
    bench.approve(done)
    assert notify(worker, stranger) == [hard | {"WorkerId": stranger}]
    assert [each.subject for each in bench.workers.messages(worker)] == ["Well done"]


def test_messages_to_nobody(bench: Bench) -> None:
    """A worker whom nobody knows is a failure like others, and no error."""
    answer = bench.client.notify_workers(
        Subject="s", MessageText="t", WorkerIds=["A0NOSUCHWORKER"]
    )

    (failure,) = answer["NotifyWorkersFailureStatuses"]
    assert failure["NotifyWorkersFailureCode"] == "HardFailure"


@pytest.mark.parametrize(
    "change",
    [
        {"Subject": "x" * 201},
        {"MessageText": "x" * 4097},
        {"WorkerIds": [f"A{number}" for number in range(101)]},
    ],
    ids=["subject", "text", "workers"],
)
def test_limits_of_messages(bench: Bench, change: dict[str, Any]) -> None:
    """200 characters of subject, 4096 of text, 100 workers."""
    given = {"Subject": "s", "MessageText": "t", "WorkerIds": ["A1"], **change}

    assert bench.refusal("notify_workers", **given).code == "ParameterValidationError"
