"""A worker's own pages: earnings, messages, Qualifications and their tests."""

import re
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from crowdlab.marketplace import ManualClock
from tests.marketplace.people import answer_key, exam
from tests.server.conftest import Publish, Server
from tests.server.journeys import Visit, accept, submit

pytestmark = pytest.mark.browser

MakeType = Callable[..., str]


@pytest.fixture
def make_type(server: Server) -> MakeType:
    """Makes a Qualification type, and gives its id."""

    def make_type(**named: object) -> str:
        given = {
            "Name": "Owl expert",
            "Description": "Knows owls",
            "QualificationTypeStatus": "Active",
        }
        made = server.markets.production.call(
            "CreateQualificationType", {**given, **named}
        )
        return str(made["QualificationType"]["QualificationTypeId"])

    return make_type


def work(page: Page, server: Server, clock: ManualClock) -> str:
    """Does the first task in a minute; the assignment's id."""
    page.goto(server.url)
    accept(page)
    page.wait_for_url("**/assignments/**")
    clock.advance(60)
    submit(page)
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    return page.url.rpartition("/")[2]


def test_what_was_earned_is_told(
    visit: Visit, publish: Publish, server: Server, clock: ManualClock
) -> None:
    """Approved, rejected and waiting work with reasons, bonuses, and pay by the hour."""
    for _ in range(3):
        publish()
    page, call = visit(), server.markets.production.call
    done = [work(page, server, clock) for _ in range(3)]
    call("ApproveAssignment", {"AssignmentId": done[0]})
    call(
        "RejectAssignment", {"AssignmentId": done[1], "RequesterFeedback": "No <cat>."}
    )
    bonus = {"BonusAmount": "0.25", "Reason": "A fine eye."}
    worker_id = server.markets.production.worker_of(done[0])
    call("SendBonus", {"WorkerId": worker_id, "AssignmentId": done[0], **bonus})
    page.get_by_role("link", name="Earnings").click()

    sums = page.locator(".sums dd")
    expect(sums).to_have_text(["$0.30", "$0.25", "$0.05", "50 %", "$18.00"])
    row = page.get_by_role("row").nth(1)
    expect(row).to_have_text(re.compile(r"2023\s*3\s*1\s*1\s*1\s*\$0.30"))
    cards = page.locator(".list > li")
    expect(cards.nth(0)).to_contain_text("Waiting")
    expect(cards.nth(0)).to_contain_text("at the latest")
    expect(cards.nth(1)).to_contain_text("No <cat>.")
    expect(cards.nth(2)).to_contain_text("Bonus $0.25 A fine eye.")


def test_nothing_earned_is_no_error(visit: Visit) -> None:
    """Who has done nothing sees where to begin."""
    page = visit()
    page.get_by_role("link", name="Earnings").click()

    expect(page.get_by_text("Nothing was handed in yet")).to_be_visible()


def test_messages_are_read(
    visit: Visit, publish: Publish, server: Server, clock: ManualClock
) -> None:
    """A message is new until the worker says otherwise; looking at it changes nothing."""
    publish()
    page, call = visit(), server.markets.production.call
    done = work(page, server, clock)
    call("ApproveAssignment", {"AssignmentId": done})
    worker_id = server.markets.production.worker_of(done)
    text = {"Subject": "<b>More</b>", "MessageText": "On Monday.\nCome!"}
    call("NotifyWorkers", {"WorkerIds": [worker_id], **text})
    page.get_by_role("link", name="All work").click()
    for _ in range(2):
        page.get_by_role("link", name="Messages 1 unread").click()
        expect(page.get_by_role("heading", name="<b>More</b>")).to_be_visible()
    page.get_by_role("button", name="Mark all as read").click()

    expect(page.get_by_role("button", name="Mark all as read")).to_have_count(0)
    expect(page.get_by_role("link", name="Messages", exact=True)).to_be_visible()
    expect(page.get_by_text("On Monday.")).to_be_visible()


def test_a_test_opens_the_way_to_work(
    visit: Visit, publish: Publish, make_type: MakeType
) -> None:
    """From what is lacking to the test, its score, and the work that asked for it."""
    kind = make_type(Test=exam(), TestDurationInSeconds=600, AnswerKey=answer_key())
    needs = {
        "QualificationTypeId": kind,
        "Comparator": "GreaterThan",
        "IntegerValues": [0],
    }
    publish(QualificationRequirements=[needs])
    page = visit()
    expect(page.get_by_text("Owl expert above 0")).to_be_visible()
    page.get_by_role("link", name="how to get it").click()
    page.get_by_role("link", name="Take the test").click()
    expect(page.locator("#timer")).to_contain_text("10:00 left")
    task = page.frame_locator("#task")
    task.get_by_label("a", exact=True).check()
    task.get_by_role("button", name="Submit").click()

    expect(page.get_by_text("You have it: 1")).to_be_visible()
    expect(page.get_by_text("can be asked for once only")).to_be_visible()
    page.get_by_role("link", name="Work").click()
    accept(page)
    expect(page.locator("#timer")).to_be_visible()


def test_a_request_waits(visit: Visit, server: Server, make_type: MakeType) -> None:
    """Without a test one asks, and the requester decides."""
    make_type()
    page = visit()
    page.get_by_role("link", name="Qualifications").click()
    page.get_by_role("link", name="Owl expert").click()
    page.get_by_role("button", name="Ask for it").click()

    expect(page.get_by_text("Asked for")).to_be_visible()
    expect(page.get_by_text("The requester has yet to decide")).to_be_visible()
    found = server.markets.production.call("ListQualificationRequests", {})
    assert found["NumResults"] == 1


def test_a_test_is_its_workers_alone(
    visit: Visit, server: Server, make_type: MakeType, clock: ManualClock
) -> None:
    """Its address cannot be bent to another worker or another time, nor used too late."""
    kind = make_type(Test=exam(), TestDurationInSeconds=60, AnswerKey=answer_key())
    page = visit()
    page.goto(f"{server.url}/production/qualifications/{kind}/test")
    address = urlsplit(str(page.locator("#task").get_attribute("src")))
    told = {name: values[0] for name, values in parse_qs(address.query).items()}
    host = {"Host": address.netloc}
    stranger = server.markets.production.register()
    for bent in ({"worker": stranger}, {"began": "1"}, {"seal": ""}, {"seal": "é"}):
        answer = server.post(address.path, {**told, **bent, "q1": "a"}, **host)
        assert (answer.status, "Your test was not taken" in answer.text) == (409, True)
    assert server.ask("GET", address.path, headers=host).status == 404
    clock.advance(91)
    late = server.post(address.path, {**told, "q1": "a"}, **host)

    assert late.status == 409
    assert "time for this test is over" in late.text
    found = server.markets.production.call("ListQualificationRequests", {})
    assert found["NumResults"] == 0


def test_an_incomplete_test_comes_back(
    visit: Visit, server: Server, make_type: MakeType
) -> None:
    """What is missing is marked, as in the forms of HITs."""
    required = exam().replace(
        "<QuestionContent>", "<IsRequired>true</IsRequired><QuestionContent>"
    )
    kind = make_type(Test=required, TestDurationInSeconds=600, AnswerKey=answer_key())
    page = visit()
    page.goto(f"{server.url}/production/qualifications/{kind}/test")
    task = page.frame_locator("#task")
    task.get_by_role("button", name="Submit").click()

    expect(task.get_by_role("alert")).to_be_visible()
    task.get_by_label("b", exact=True).check()
    task.get_by_role("button", name="Submit").click()
    expect(page.get_by_text("You have it: 0")).to_be_visible()
