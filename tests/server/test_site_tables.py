"""What a site needs of the engine: turns, records, standings, problems, panels."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from crowdlab.database import Database
from crowdlab.errors import BadInput, NotFound, WorkRefused
from crowdlab.marketplace import ManualClock, Marketplace, Requester, schema, turns
from crowdlab.marketplace.messages import count_unread, mark_read
from crowdlab.marketplace.panels import find_panel, find_progress, join
from crowdlab.marketplace.problems import report_problem
from crowdlab.marketplace.records import Tally, find_record
from crowdlab.marketplace.standings import find_standing, find_standings, find_test
from tests.marketplace.people import answer_key, exam
from tests.marketplace.steps import hit_parameters

DAY = 86_400
DONE: dict[str, Any] = {
    "completion_url": "https://panel.example.org/done",
    "completion_code": "C1",
}


@pytest.fixture
def clock() -> ManualClock:
    """A time that stands still."""
    return ManualClock(1_699_920_000)


@pytest.fixture(params=["sqlite", "postgresql"])
def market(request: pytest.FixtureRequest, clock: ManualClock) -> Iterator[Marketplace]:
    """A market in each kind of store."""
    is_memory = request.param == "sqlite"
    place = None if is_memory else request.getfixturevalue("store")
    with Marketplace(place, clock) as market:
        yield market


def publish(market: Marketplace, **changes: Any) -> str:
    """A HIT on the market."""
    made = market.call("CreateHIT", hit_parameters(**changes))
    return str(made["HIT"]["HITId"])


def group_of(market: Marketplace, hit_id: str) -> str:
    """The group of a HIT."""
    return str(market.call("GetHIT", {"HITId": hit_id})["HIT"]["HITGroupId"])


def owner(market: Marketplace) -> Requester:
    """The requester who publishes here."""
    return market.requester("requester")


def test_turns_go_round(market: Marketplace) -> None:
    """The next HIT comes after the present one, and after the newest the oldest."""
    hits = [publish(market) for _ in range(3)]
    publish(market, Title="Something else")
    worker, group = market.register(), group_of(market, hits[0])
    order = [market.visit(turns.find_next, worker, group, hit) for hit in ["", *hits]]

    assert order == [hits[0], hits[1], hits[2], hits[0]]
    market.accept(worker, hits[0])
    assert market.visit(turns.find_next, worker, group, hits[2]) == hits[1]


def test_a_turn_is_taken(market: Marketplace) -> None:
    """Taking the next accepts it; after the last there is nothing."""
    hits = [publish(market) for _ in range(2)]
    worker, group = market.register(), group_of(market, hits[0])
    taken = [market.visit(turns.take_next, worker, group) for _ in range(3)]

    assert [market.work(worker, str(name)).hit_id for name in taken[:2]] == hits
    assert taken[2] is None


def test_skipping_is_one_step(market: Marketplace) -> None:
    """The task is given back and the next taken; the only one is just given back."""
    hits = [publish(market) for _ in range(2)]
    worker = market.register()
    second = market.visit(turns.skip, worker, market.accept(worker, hits[0]))
    assert second is not None
    assert market.work(worker, second).hit_id == hits[1]
    market.accept(market.register(), hits[0])

    assert market.visit(turns.skip, worker, second) is None
    assert market.queue(worker) == []


def test_a_blocked_worker_has_no_turn(market: Marketplace) -> None:
    """Neither expired HITs nor those of a requester who blocked the worker are next."""
    hit_id = publish(market)
    worker, group = market.register(), group_of(market, hit_id)
    market.call("CreateWorkerBlock", {"WorkerId": worker, "Reason": "no"})

    assert market.visit(turns.find_next, worker, group) is None
    assert market.visit(turns.find_next, market.register(), group) == hit_id


def work(market: Marketplace, clock: ManualClock, worker: str) -> str:
    """A new HIT, done in a minute."""
    name = market.accept(worker, publish(market))
    clock.advance(60)
    market.submit(worker, name, {"answer": "yes"})
    return name


def test_a_record_adds_up(market: Marketplace, clock: ManualClock) -> None:
    """Days, decisions and bonuses, each on its day, sum up to the whole."""
    worker = market.register()
    done = [work(market, clock, worker) for _ in range(2)]
    clock.advance(DAY)
    done += [work(market, clock, worker) for _ in range(2)]
    market.call("ApproveAssignment", {"AssignmentId": done[0]})
    market.call(
        "RejectAssignment", {"AssignmentId": done[1], "RequesterFeedback": "no"}
    )
    market.call("ApproveAssignment", {"AssignmentId": done[2]})
    bonus = {"WorkerId": worker, "AssignmentId": done[0], "BonusAmount": "0.25"}
    market.call("SendBonus", {**bonus, "Reason": "fine"})
    market.return_(worker, market.accept(worker, publish(market)))
    record = market.visit(find_record, worker)

    cents = Decimal("0.05")
    assert record.total == Tally(
        n_pending=1,
        n_approved=2,
        n_rejected=1,
        pending=cents,
        rewards=2 * cents,
        bonuses=Decimal("0.25"),
        seconds=120,
    )
    assert [day.began % DAY for day in record.days] == [0, 0]
    assert [day.tally.n_submitted for day in record.days] == [2, 2]
    assert record.days[0].tally.bonuses == Decimal("0.25")
    assert [each.assignment_id for each in record.decisions] == done[::-1]
    assert (record.decisions[2].feedback, record.decisions[3].bonuses[0].reason) == (
        "no",
        "fine",
    )


def test_what_a_tally_says() -> None:
    """Shares and wages are said only where there is something to divide by."""
    some = Tally(n_approved=2, n_rejected=1, rewards=Decimal("0.30"), seconds=60)

    assert (some.percent_approved, some.hourly) == (66, Decimal("18.00"))
    assert (Tally().percent_approved, Tally().hourly) == (None, None)


def test_messages_are_read_up_to_one(market: Marketplace, clock: ManualClock) -> None:
    """What came meanwhile stays unread; reading again is no error."""
    worker = market.register()
    market.call("ApproveAssignment", {"AssignmentId": work(market, clock, worker)})
    said = {"Subject": "s", "MessageText": "t", "WorkerIds": [worker]}
    market.call("NotifyWorkers", said)
    (first,) = market.messages(worker)
    market.call("NotifyWorkers", said)
    for _ in range(2):
        market.visit(mark_read, worker, first.number)

    assert [message.is_read for message in market.messages(worker)] == [False, True]
    assert market.visit(count_unread, worker) == 1
    assert market.visit(count_unread, market.register()) == 0


def qualification(market: Marketplace, name: str, **changes: Any) -> str:
    """A Qualification type."""
    given = {"Name": name, "Description": "d", "QualificationTypeStatus": "Active"}
    made = market.call("CreateQualificationType", {**given, **changes})
    return str(made["QualificationType"]["QualificationTypeId"])


def test_standings(market: Marketplace) -> None:
    """Held first, then asked for, then to be had; with what hinders asking again."""
    test = {"Test": exam(), "TestDurationInSeconds": 60, "AnswerKey": answer_key()}
    free, asked = qualification(market, "Free"), qualification(market, "Asked")
    tested = qualification(market, "Tested", **test, RetryDelayInSeconds=100)
    qualification(market, "Gone", QualificationTypeStatus="Inactive")
    worker, other = market.register(), market.register()
    market.request_qualification(worker, asked)
    market.request_qualification(worker, tested, {"q1": "a"})
    market.request_qualification(other, free)
    found = market.visit(find_standings, worker)

    assert [each.qualification_type_id for each in found] == [tested, asked, free]
    assert [each.value for each in found] == [1, None, None]
    assert [each.request for each in found] == ["Granted", "Pending", ""]
    assert [each.has_test for each in found] == [True, False, False]
    assert [each.hindrance for each in found] == [
        "it can be asked for again in 100 seconds",
        "the requester has yet to decide",
        "",
    ]


def test_a_test_is_found_when_it_may_be_taken(market: Marketplace) -> None:
    """Not where there is none, not before it may be taken again, not for a made-up name."""
    test = {"Test": exam(), "TestDurationInSeconds": 60, "AnswerKey": answer_key()}
    kind, plain = qualification(market, "K", **test), qualification(market, "P")
    worker = market.register()
    assert market.visit(find_test, worker, kind).parts
    market.request_qualification(worker, kind, {"q1": "b"})

    for name in (kind, plain, "3X"):
        with pytest.raises(WorkRefused):
            market.visit(find_test, worker, name)
    with pytest.raises(WorkRefused):
        market.visit(find_standing, worker, "3X")


def test_a_revoked_qualification_is_not_held(market: Marketplace) -> None:
    """What was taken away shows as asked for, not as held."""
    kind, worker = qualification(market, "K"), market.register()
    one = {"QualificationTypeId": kind, "WorkerId": worker}
    market.call("AssociateQualificationWithWorker", one)
    market.call("DisassociateQualificationFromWorker", one)

    assert market.visit(find_standing, worker, kind).value is None


def test_problems_reach_their_requester(
    market: Marketplace, clock: ManualClock
) -> None:
    """Newest first, of one HIT or of all, and of nobody else's HITs."""
    first, second = publish(market), publish(market)
    worker = market.register()
    market.visit(report_problem, worker, first, "broken", " no picture ")
    clock.advance(1)
    name = market.accept(worker, second)
    market.visit(report_problem, worker, second, "other", "")

    told = owner(market).problems()
    assert [each.hit_id for each in told] == [second, first]
    assert [each.assignment_id for each in told] == [name, None]
    assert owner(market).problems(first)[0].text == "no picture"
    assert market.requester("another").problems() == []


@pytest.mark.parametrize(("reason", "text"), [("bad", ""), ("other", "x" * 2001)])
def test_not_everything_is_a_problem(
    market: Marketplace, reason: str, text: str
) -> None:
    """The reason is one of three, the text no novel, and ten of one worker are enough."""
    hit_id, worker = publish(market), market.register()
    with pytest.raises(WorkRefused):
        market.visit(report_problem, worker, hit_id, reason, text)
    for _ in range(10):
        market.visit(report_problem, worker, hit_id, "other", "")

    with pytest.raises(WorkRefused, match="often enough"):
        market.visit(report_problem, worker, hit_id, "other", "")
    with pytest.raises(WorkRefused):
        market.visit(report_problem, worker, "3X", "other", "")


def test_a_panel_is_for_one_type(market: Marketplace) -> None:
    """It is opened by a HIT, its type or its group, of one's own alone."""
    hit_id = publish(market)
    hit = market.call("GetHIT", {"HITId": hit_id})["HIT"]
    names = (hit_id, hit["HITTypeId"], hit["HITGroupId"])
    opened = [owner(market).open_panel(name, **DONE) for name in names]

    assert {panel.group_id for panel in opened} == {hit["HITGroupId"]}
    assert owner(market).panels() == opened[::-1]
    for stranger, name in ((market.requester("b"), hit_id), (owner(market), "3X")):
        with pytest.raises(NotFound):
            stranger.open_panel(name, **DONE)
    with pytest.raises(NotFound):
        market.requester("b").participants(opened[0].name)
    with pytest.raises(WorkRefused):
        market.visit(find_panel, "3X")


@pytest.mark.parametrize(
    "wish",
    [
        {"completion_url": "javascript:alert(1)"},
        {"completion_url": "panel.example.org"},
        {"completion_code": ""},
        {"completion_code": "a\nb"},
        {"most": 0},
        {"parameters": ["PID"]},
        {"parameters": ["PID", "a b", "c"]},
    ],
)
def test_an_unsound_panel_is_refused(market: Marketplace, wish: dict[str, Any]) -> None:
    """An address that leads nowhere, no code, names that no address can have."""
    hit_id = publish(market)

    with pytest.raises(BadInput):
        owner(market).open_panel(hit_id, **{**DONE, **wish})


def test_an_outside_id_is_one_worker(market: Marketplace) -> None:
    """For one requester always the same, in all of their panels; for another not."""
    mine, other = market, market.requester("other")
    hit_id, second = publish(mine), publish(mine, Title="Another")
    theirs = other.call("CreateHIT", hit_parameters())["HIT"]["HITId"]
    first = owner(mine).open_panel(hit_id, **DONE)
    again = owner(mine).open_panel(second, **DONE)
    foreign = other.open_panel(theirs, **DONE)
    workers = [
        market.visit(join, panel.name, "p1", "s", "t")
        for panel in (first, first, again, foreign)
    ]

    assert workers[0] == workers[1] == workers[2] != workers[3]
    assert market.visit(join, first.name, "p2") not in workers
    people = owner(mine).participants(first.name)
    assert [each.outside_id for each in people] == ["p1", "p2"]


def test_progress_in_a_panel(market: Marketplace, clock: ManualClock) -> None:
    """Only what was handed in of its work counts."""
    hits = [publish(market) for _ in range(2)]
    panel = owner(market).open_panel(hits[0], **DONE, most=1)
    worker = market.visit(join, panel.name, "p1")
    name = market.accept(worker, publish(market, Title="Something else"))
    market.submit(worker, name, {"a": "b"})
    assert not market.visit(find_progress, worker, panel.name).is_enough
    name = market.accept(worker, hits[0])
    assert market.visit(find_progress, worker, panel.name).n_submitted == 0
    clock.advance(60)
    market.submit(worker, name, {"a": "b"})
    market.call("ApproveAssignment", {"AssignmentId": name})

    assert market.visit(find_progress, worker, panel.name).is_enough
    (person,) = owner(market).participants(panel.name)
    assert (person.n_submitted, person.n_approved) == (1, 1)


@pytest.mark.parametrize("outside_id", ["", "  ", "x" * 201])
def test_nobody_joins_without_an_id(market: Marketplace, outside_id: str) -> None:
    """An id is a short text."""
    panel = owner(market).open_panel(publish(market), **DONE)

    with pytest.raises(WorkRefused):
        market.visit(join, panel.name, outside_id)


def test_a_closed_panel(market: Marketplace) -> None:
    """Nobody new joins; who had joined still may."""
    panel = owner(market).open_panel(publish(market), **DONE)
    worker = market.visit(join, panel.name, "p1")
    for _ in range(2):
        owner(market).close_panel(panel.name)

    assert market.visit(join, panel.name, "p1") == worker
    with pytest.raises(WorkRefused, match="nobody new"):
        market.visit(join, panel.name, "p2")
    assert not owner(market).panels()[0].is_open


def test_a_link_has_the_panels_marks(market: Marketplace) -> None:
    """What is pasted into the other site has its words where the ids will stand."""
    hit_id = publish(market)
    panel = owner(market).open_panel(hit_id, **DONE)
    other = owner(market).open_panel(hit_id, **DONE, parameters=("p", "s", "t"))

    assert panel.link("https://crowd.example.org") == (
        f"https://crowd.example.org/production/join/{panel.name}"
        "?PROLIFIC_PID={{%PROLIFIC_PID%}}&STUDY_ID={{%STUDY_ID%}}"
        "&SESSION_ID={{%SESSION_ID%}}"
    )
    assert "?p={{%p%}}&s=" in other.link("https://crowd.example.org", "sandbox")


def test_an_older_store_is_brought_up_to_date(
    tmp_path: Path, clock: ManualClock
) -> None:
    """A file from before there were panels opens, keeps its HITs and gets the tables."""
    path = tmp_path / "market.db"
    first = [
        table
        for name, table in schema.metadata.tables.items()
        if name not in {"panels", "participants", "problems", "readings"}
    ]

    def build(connection: Any) -> None:
        schema.metadata.create_all(connection, tables=first)
        row = {"name": "secret", "value": "00" * 16}
        connection.execute(schema.settings.insert(), row)

    older = (build, *schema.MIGRATIONS[1:])
    Database(path, kind="marketplace", migrations=older).close()
    with Marketplace(path, clock) as market:
        panel = owner(market).open_panel(publish(market), **DONE)
        assert market.visit(join, panel.name, "p1")
    with Marketplace(path, clock) as market:
        assert len(owner(market).panels()) == 1
