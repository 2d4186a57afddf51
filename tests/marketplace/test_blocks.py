"""Worker blocks: whom a requester does not want."""

import pytest

from crowdlab.errors import WorkRefused
from crowdlab.marketplace import blocks
from tests.marketplace.people import Square, refusal
from tests.marketplace.steps import hit_parameters


@pytest.fixture
def square() -> Square:
    """A marketplace of its own for each test: a list of blocks is a whole requester's."""
    return Square()


def listed(square: Square) -> list[tuple[str, str]]:
    """Workers and reasons as ListWorkerBlocks gives them."""
    found = square.client.list_worker_blocks(MaxResults=100)["WorkerBlocks"]
    return [(block["WorkerId"], block["Reason"]) for block in found]


def test_blocked_worker_accepts_nothing(square: Square) -> None:
    """A blocked worker cannot accept, nor find, until the block is lifted."""
    hit, worker = square.hit(), square.market.register()
    square.client.create_worker_block(WorkerId=worker, Reason="spam")

    with pytest.raises(WorkRefused) as refused:
        square.market.accept(worker, hit["HITId"])
    assert refused.value.reason == "blocked"
    assert square.market.search(worker) == []

    square.client.delete_worker_block(WorkerId=worker)

    assert len(square.market.search(worker)) == 1
    assert square.market.accept(worker, hit["HITId"])


def test_block_is_listed(square: Square) -> None:
    """Blocks are listed with their reasons, in their order, until they are lifted."""
    one, two = square.market.register(), square.market.register()
    square.client.create_worker_block(WorkerId=one, Reason="spam")
    square.client.create_worker_block(WorkerId=two, Reason="haste")
    assert listed(square) == [(one, "spam"), (two, "haste")]

    square.client.delete_worker_block(WorkerId=one, Reason="sorry")

    assert listed(square) == [(two, "haste")]


def test_blocked_again(square: Square) -> None:
    """A second block of one worker gives it a new reason."""
    worker = square.market.register()
    square.client.create_worker_block(WorkerId=worker, Reason="spam")
    square.client.create_worker_block(WorkerId=worker, Reason="more spam")

    assert listed(square) == [(worker, "more spam")]


def test_block_is_one_requesters(square: Square) -> None:
    """A block holds for the HITs of the requester who made it, and only they see it."""
    worker = square.market.register()
    square.client.create_worker_block(WorkerId=worker, Reason="spam")
    other = square.market.requester("kind").client()
    hit = other.create_hit(**hit_parameters())["HIT"]

    assert other.list_worker_blocks()["WorkerBlocks"] == []
    assert square.market.accept(worker, hit["HITId"])
    other.delete_worker_block(WorkerId=worker)
    assert listed(square) == [(worker, "spam")]


def test_accepted_work_can_be_submitted(square: Square) -> None:
    """Who is blocked while they work may submit what they accepted."""
    hit, worker = square.hit(), square.market.register()
    assignment = square.market.accept(worker, hit["HITId"])
    square.client.create_worker_block(WorkerId=worker, Reason="spam")

    assert square.market.submit(worker, assignment, {"answer": "yes"})


def test_not_blocked(square: Square) -> None:
    """Lifting a block that is none succeeds."""
    assert square.client.delete_worker_block(WorkerId=square.market.register())


def test_unknown_worker(square: Square) -> None:
    """Who is not registered can be neither blocked nor unblocked."""
    unknown = (
        "ParameterValidationError",
        "",
        'The value "A0NOBODY" is not valid for the parameter WorkerId.',
    )
    client = square.client

    assert refusal(client.create_worker_block, WorkerId="A0NOBODY", Reason="r") == (
        unknown
    )
    assert refusal(client.delete_worker_block, WorkerId="A0NOBODY") == unknown


def test_most_blocks(square: Square, monkeypatch: pytest.MonkeyPatch) -> None:
    """So many workers can be blocked and no more, but a reason can still change."""
    monkeypatch.setattr(blocks, "MOST", 2)
    workers = [square.market.register() for _ in range(3)]
    for worker in workers[:2]:
        square.client.create_worker_block(WorkerId=worker, Reason="spam")

    assert refusal(
        square.client.create_worker_block, WorkerId=workers[2], Reason="spam"
    ) == (
        "RequestError",
        "",
        "You have already blocked 2 Workers, which is the most.",
    )
    assert square.client.create_worker_block(WorkerId=workers[0], Reason="new")


def test_pages(square: Square) -> None:
    """Walking the pages gives every block once."""
    workers = [square.market.register() for _ in range(7)]
    for worker in workers:
        square.client.create_worker_block(WorkerId=worker, Reason="spam")
    pages = square.client.get_paginator("list_worker_blocks")

    walked = [
        block["WorkerId"]
        for page in pages.paginate(PaginationConfig={"PageSize": 3})
        for block in page["WorkerBlocks"]
    ]

    assert walked == workers
