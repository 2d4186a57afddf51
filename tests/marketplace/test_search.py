"""What a worker finds on the market."""

import pytest

from crowdlab.errors import WorkRefused
from tests.marketplace.people import (
    Square,
)
from tests.marketplace.steps import do


@pytest.fixture(scope="module")
def square() -> Square:
    """A marketplace that the tests of this file share."""
    return Square()


def test_search_shows_groups(square: Square) -> None:
    """HITs of one type are one group, with those that the worker has not taken."""
    worker = square.market.register()
    hits = [square.hit(Title="Sparrows, all alike") for _ in range(3)]
    square.market.accept(worker, hits[0]["HITId"])

    (group,) = square.market.search(worker, "sparrows")

    assert (group.group_id, group.n_hits) == (hits[0]["HITGroupId"], 2)
    assert group.hit_id == hits[1]["HITId"]
    assert group.lacks == ()


def test_search_for_text(square: Square) -> None:
    """A query looks into title, description and keywords, and reads nothing as special."""
    worker = square.market.register()
    hit = square.hit(Title="Finch", Description="50% grey", Keywords="beak, wing")

    for query in ("FIN", "50% g", "beak, w"):
        found = [group.hit_id for group in square.market.search(worker, query)]
        assert found == [hit["HITId"]]
    assert square.market.search(worker, "f%ch") == []


def test_search_leaves_out_what_cannot_be_taken() -> None:
    """What is expired or full is not found."""
    square = Square()
    worker = square.market.register()
    full = square.hit(Title="Full", MaxAssignments=1)
    do(square.market, full)
    gone = square.hit(Title="Gone")
    square.expire(gone)
    square.hit(Title="Here")

    assert [group.title for group in square.market.search(worker)] == ["Here"]


def test_search_needs_a_worker(square: Square) -> None:
    """Nobody who is not registered searches."""
    with pytest.raises(WorkRefused, match="no worker A0NOBODY is registered"):
        square.market.search("A0NOBODY")
