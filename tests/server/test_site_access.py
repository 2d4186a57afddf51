"""Every page of the site, for everybody: axe, phones, dark and light, hostile texts."""

import re
from collections.abc import Iterator
from importlib import resources
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from crowdlab.marketplace import ManualClock
from crowdlab.questions import HTMLQuestion
from crowdlab.server import (
    Consent,
    Entry,
    find_origins,
    make_app,
    open_markets,
    running,
)
from tests.marketplace.people import answer_key, exam
from tests.server.conftest import PAGE, Server
from tests.server.journeys import frame_of, submit

pytestmark = pytest.mark.browser

HOSTILE = "<img src=x onerror=\"document.title='run'\"> Donaudampfschifffahrtskapitaen"
AXE = resources.files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture
def site(clock: ManualClock) -> Iterator[Server]:
    """A site for anybody, whose requester writes nothing but trouble."""
    entry = Entry("open", Consent(HOSTILE))
    with (
        open_markets(None, clock) as markets,
        running(
            lambda port: make_app(markets, find_origins("127.0.0.1", port), entry=entry)
        ) as port,
    ):
        origins = find_origins("127.0.0.1", port)
        yield Server(origins.site, markets, origins)


def publish(site: Server, **named: Any) -> str:
    """Puts a hostile HIT on the market."""
    given = {
        "Title": HOSTILE,
        "Description": HOSTILE,
        "Keywords": HOSTILE,
        "Reward": "0.05",
        "AssignmentDurationInSeconds": 600,
        "LifetimeInSeconds": 86400,
        "Question": HTMLQuestion(PAGE).to_xml(),
    }
    made = site.markets.production.call("CreateHIT", {**given, **named})
    return str(made["HIT"]["HITId"])


def inspect(page: Page, landmark: str) -> None:
    """Holds a page against axe and a phone, in light and in dark."""
    expect(page.get_by_text(landmark).first).to_be_visible()
    for scheme, width in (("light", 320), ("dark", 360)):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        page.set_viewport_size({"width": width, "height": 640})
        assert page.evaluate("document.documentElement.scrollWidth") <= width, landmark
        page.evaluate(AXE)
        found = page.evaluate("rules => axe.run({runOnly: rules})", RULES)
        said = [(v["id"], v["nodes"][0]["html"]) for v in found["violations"]]
        assert said == [], f"{landmark}, {scheme}"
    small = page.locator("button:visible, .button:visible").evaluate_all(
        "all => all.filter(b => b.offsetHeight < 24 || b.offsetWidth < 24).length"
    )
    assert small == 0, landmark
    assert not page.title().startswith("run")


def prepare(site: Server, clock: ManualClock, worker_id: str) -> str:
    """Work with every outcome, messages, Qualifications; the id of one of these."""
    market = site.markets.production
    made = market.call(
        "CreateQualificationType",
        {
            "Name": HOSTILE,
            "Description": HOSTILE,
            "QualificationTypeStatus": "Active",
            "Test": exam(),
            "AnswerKey": answer_key(),
            "TestDurationInSeconds": 60,
        },
    )
    kind = str(made["QualificationType"]["QualificationTypeId"])
    for decide in ("ApproveAssignment", "RejectAssignment", ""):
        name = market.accept(worker_id, publish(site))
        clock.advance(60)
        market.submit(worker_id, name, {"animal": "cat"})
        if decide:
            market.call(decide, {"AssignmentId": name, "RequesterFeedback": HOSTILE})
    bonus = {"AssignmentId": name, "BonusAmount": "0.10", "Reason": HOSTILE}
    market.call("SendBonus", {"WorkerId": worker_id, **bonus})
    said = {"Subject": HOSTILE, "MessageText": HOSTILE}
    market.call("NotifyWorkers", {"WorkerIds": [worker_id], **said})
    needs = [
        {"QualificationTypeId": kind, "Comparator": "Exists"},
        {
            "QualificationTypeId": "00000000000000000040",
            "Comparator": "GreaterThan",
            "IntegerValues": [0],
        },
    ]
    publish(site, QualificationRequirements=needs)
    for _ in range(2):
        publish(site)
    return kind


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page in a browser of its own; whatever it complains of fails the test."""
    context = browser.new_context()
    page = context.new_page()
    page.on("pageerror", lambda error: pytest.fail(str(error)))
    yield page
    context.close()


@pytest.fixture
def worker_id(page: Page, site: Server) -> str:
    """Somebody who agreed to everything and is signed in."""
    worker_id, people = site.markets.new_worker_id(), site.markets.people
    people.register(worker_id, HOSTILE, "open sesame")
    people.agree(worker_id, Consent(HOSTILE))
    key = people.sessions.begin(worker_id)
    page.context.add_cookies([{"name": "crowdlab", "value": key, "url": site.url}])
    return worker_id


def take(page: Page, site: Server) -> None:
    """Accepts the newest task that can be had."""
    page.goto(f"{site.url}/production/?mine=1")
    page.get_by_role("link", name="Preview").first.click()
    page.get_by_role("button", name="Accept").click()
    page.wait_for_url("**/assignments/**")
    frame_of(page)


def test_the_pages_of_strangers_are_for_everybody(page: Page, site: Server) -> None:
    """No page breaks a rule of axe, scrolls sideways on a phone or runs others' text."""
    page.goto(site.url)
    inspect(page, "Sign in")
    page.get_by_role("link", name="Register").click()
    inspect(page, "Welcome")
    page.get_by_label("Your name here").fill(HOSTILE)
    page.get_by_label("Password").fill("open sesame")
    page.get_by_label("The same once more").fill("open sesama")
    page.get_by_label("I have read").check()
    page.get_by_role("button", name="Register").click()
    inspect(page, "are not the same")
    page.goto(f"{site.url}/invite/none")
    inspect(page, "This link does not work")


def test_the_pages_of_a_worker_are_for_everybody(
    page: Page, site: Server, worker_id: str, clock: ManualClock
) -> None:
    """The same for lists, earnings, messages, Qualifications and the account."""
    page.goto(f"{site.url}/production/")
    inspect(page, "nothing to do right now")
    kind = prepare(site, clock, worker_id)
    for path, landmark in (
        ("production/", "how to get it"),
        ("production/?q=nothing", "Nothing fits that"),
        ("production/hits/3X", "That is not possible"),
        ("production/earnings", "By day"),
        ("production/messages", "Mark all as read"),
        ("production/qualifications", "By a test"),
        (f"production/qualifications/{kind}", "Take the test"),
        (f"production/qualifications/{kind}/test", "left"),
        ("account", "Change the password"),
    ):
        page.goto(f"{site.url}/{path}")
        inspect(page, landmark)


@pytest.mark.usefixtures("worker_id")
def test_the_pages_of_work_are_for_everybody(
    page: Page, site: Server, clock: ManualClock
) -> None:
    """The same from preview to thanks, with a report, and when it is too late."""
    for _ in range(3):
        publish(site)
    page.goto(f"{site.url}/production/")
    page.get_by_role("link", name="Preview").click()
    frame_of(page)
    inspect(page, "Preview")
    take(page, site)
    # By a key: just scrolled, a click may still be taken for one into the frame.
    page.locator("#report summary").press("Enter")
    inspect(page, "In your words")
    clock.advance(601)
    submit(page)
    page.frame_locator("#task").get_by_text("What you had written").wait_for()
    inspect(page, "Report a problem")
    page.reload()
    inspect(page, "The time was over")
    take(page, site)
    page.goto(f"{site.url}/production/")
    inspect(page, "In progress")
    page.get_by_role("link", name="Continue").click()
    submit(page)
    inspect(page, "Thank you")


def test_the_pages_of_a_panel_are_for_everybody(page: Page, site: Server) -> None:
    """The same for those who come with an outside id."""
    panel = site.markets.production.requester("requester").open_panel(
        publish(site),
        completion_url="https://example.org/",
        completion_code="C1",
        most=1,
    )
    page.goto(f"{site.url}/production/join/{panel.name}?PROLIFIC_PID=p")
    inspect(page, "When you are done")
    page.get_by_label("I have read").check()
    page.get_by_role("button", name="Begin").click()
    page.wait_for_url(re.compile(r"/join/[\w-]+$"))
    inspect(page, "0 of 1 handed in")
    page.get_by_role("button", name="First task").click()
    page.wait_for_url("**/assignments/**")
    submit(page)
    inspect(page, "Your completion code")


def test_by_touch_on_a_phone(browser: Browser, site: Server) -> None:
    """Signing up by invitation, finding, doing and being paid, with a finger."""
    hit_id = publish(site, Title="Cats and dogs")
    context = browser.new_context(
        viewport={"width": 360, "height": 640}, has_touch=True, is_mobile=True
    )
    page = context.new_page()
    page.goto(f"{site.url}/invite/{site.markets.people.invitations.make()}")
    page.get_by_label("Your name here").fill("Ana")
    page.get_by_label("Password").fill("open sesame")
    page.get_by_label("The same once more").fill("open sesame")
    page.get_by_label("I have read").tap()
    page.get_by_role("button", name="Register").tap()
    page.get_by_role("link", name="Preview").tap()
    page.get_by_role("button", name="Accept").tap()
    task = page.frame_locator("#task")
    task.get_by_label("Cat or dog?").fill("cat")
    task.get_by_role("button", name="Send").tap()
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    market = site.markets.production
    found = market.call("ListAssignmentsForHIT", {"HITId": hit_id})["Assignments"]
    market.call("ApproveAssignment", {"AssignmentId": found[0]["AssignmentId"]})
    page.get_by_role("link", name="Earnings").tap()

    expect(page.locator(".sums dd").first).to_have_text("$0.05")
    context.close()
