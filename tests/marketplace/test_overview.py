"""A requester's groups of HITs: how they belong together, and what stores remember."""

import sqlite3
from contextlib import closing
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from crowdlab.errors import NotFound
from crowdlab.marketplace import ManualClock, Marketplace
from crowdlab.marketplace.overview import (
    count_submissions,
    find_account_figures,
    find_group,
    find_groups,
)
from crowdlab.questions import Annotation, ExternalQuestion

OWNER = "requester"


def create(market: Any, *, batch: str = "", number: int = 0, **named: Any) -> str:
    """Creates a HIT of a batch, or of none."""
    annotation = Annotation(f"{number:048x}", batch).to_text() if batch else "mine"
    params = {
        "Title": "Pets",
        "Description": "Which pet?",
        "Reward": "0.10",
        "AssignmentDurationInSeconds": 600,
        "LifetimeInSeconds": 3600,
        "MaxAssignments": 2,
        "Question": ExternalQuestion("https://example.org/t", 0).to_xml(),
        "RequesterAnnotation": annotation,
        **named,
    }
    return str(market.call("CreateHIT", params)["HIT"]["HITId"])


def answer(market: Marketplace, hit_id: str, worker: str = "AWORKER1") -> str:
    """Lets a worker answer a HIT."""
    assignment_id = market.accept(market.register(worker), hit_id)
    market.submit(worker, assignment_id, {"animal": "cat"})
    return assignment_id


def test_hits_belong_to_their_batch_or_their_type() -> None:
    """A batch may have several types; HITs that name none are together by type."""
    with Marketplace(None, ManualClock()) as market:
        for number, (batch, title) in enumerate(
            [
                ("pets", "Pets"),
                ("pets", "More"),
                ("", "Pets"),
                ("", "Pets"),
                ("", "More"),
            ]
        ):
            create(market, batch=batch, number=number, Title=title)
        groups = market.requester(OWNER).read(find_groups)

    found = [(g.place.kind, g.title, g.n_hits) for g in groups]
    assert found == [("type", "More", 1), ("type", "Pets", 2), ("batch", "More", 2)]


def test_every_assignment_is_counted_once() -> None:
    """Open, at work, submitted, approved, rejected, expired: their sum is all."""
    clock = ManualClock()
    with Marketplace(None, clock) as market:
        hits = [create(market, batch="b", number=n) for n in range(4)]
        done = [answer(market, hit) for hit in hits[:3]]
        market.call("ApproveAssignment", {"AssignmentId": done[0]})
        no = {"AssignmentId": done[1], "RequesterFeedback": "No."}
        market.call("RejectAssignment", no)
        market.accept(market.register("AWORKER2"), hits[3])
        market.call("UpdateExpirationForHIT", {"HITId": hits[0], "ExpireAt": 0})
        group = market.requester(OWNER).read(find_group, "batch", "b")

    counts = (group.available, group.accepted, group.submitted, group.approved)
    assert counts == (3, 1, 1, 1)
    assert (group.rejected, group.unanswered, group.wanted) == (1, 1, 8)


def test_money_of_the_groups_is_that_of_the_account() -> None:
    """What groups reserve and pay adds up to what the account says."""
    with Marketplace(None, ManualClock()) as market:
        for number, batch in enumerate(["a", "b", ""]):
            hit_id = create(market, batch=batch, number=number)
            assignment_id = answer(market, hit_id)
            market.call("ApproveAssignment", {"AssignmentId": assignment_id})
            bonus = {"WorkerId": "AWORKER1", "AssignmentId": assignment_id}
            amount = {"BonusAmount": "0.50", "Reason": "Thanks"}
            market.call("SendBonus", {**bonus, **amount})
        create(market, batch="a", number=9)
        groups = market.requester(OWNER).read(find_groups)
        account = market.requester(OWNER).read(find_account_figures)

    for name in ("reserved", "rewards", "fees", "bonuses"):
        total = sum(getattr(group, name) for group in groups)
        assert total == getattr(account, name) > Decimal(0), name


def test_another_requester_has_none_of_it() -> None:
    """Groups are one's own; another's name is not there."""
    with Marketplace(None, ManualClock()) as market:
        hit_id = create(market, batch="pets")
        kind = market.call("GetHIT", {"HITId": hit_id})["HIT"]["HITTypeId"]
        bob = market.requester("bob")

        assert bob.read(find_groups) == []
        for which in (("batch", "pets"), ("type", kind), ("else", "pets")):
            with pytest.raises(NotFound):
                bob.read(find_group, *which)


def test_answers_are_counted_by_time() -> None:
    """Each span of time has the answers that came in it."""
    clock = ManualClock(1_700_000_000 - 1_700_000_000 % 3600)
    with Marketplace(None, clock) as market:
        hits = [
            create(market, batch="b", number=n, LifetimeInSeconds=86400)
            for n in range(3)
        ]
        answer(market, hits[0])
        clock.advance(1800)
        answer(market, hits[1])
        clock.advance(7200)
        answer(market, hits[2])
        ana = market.requester(OWNER)
        place = ana.read(find_group, "batch", "b").place
        start = int(clock()) - 9000

        assert ana.read(count_submissions, place, width=3600) == [
            (start, 2),
            (start + 7200, 1),
        ]
        late = ana.read(count_submissions, place, width=3600, since=start + 3600)
        assert late == [(start + 7200, 1)]


def test_an_older_store_learns_of_batches(tmp_path: Path) -> None:
    """A file from before batches were named is brought up to date, its HITs kept."""
    path = tmp_path / "market.db"
    with Marketplace(path, ManualClock()) as market:
        hit_id = create(market)
    with closing(sqlite3.connect(path)) as old:
        old.executescript(
            "DROP INDEX hits_of_batch; DROP INDEX assignments_by_submission;"
            "ALTER TABLE hits DROP COLUMN batch;"
            "DELETE FROM crowdlab_schema WHERE version > 1;"
        )
    with Marketplace(path, ManualClock()) as market:
        create(market, batch="new")
        groups = market.requester(OWNER).read(find_groups)
        indexes = set(index_names(path))

    assert [(group.place.kind, group.n_hits) for group in groups] == [
        ("batch", 1),
        ("type", 1),
    ]
    assert hit_id
    assert {"hits_of_batch", "assignments_by_submission"} <= indexes


def index_names(path: Path) -> list[str]:
    """The names of a file's indexes."""
    query = "SELECT name FROM sqlite_master WHERE type = 'index'"
    with closing(sqlite3.connect(path)) as file:
        return [name for (name,) in file.execute(query)]
