"""Doing work on the site: one after the other, skipping, reporting, never twice."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.server.conftest import Publish, Server
from tests.server.journeys import Visit, accept, answers, frame_of, submit

pytestmark = pytest.mark.browser


def pending(server: Server) -> int:
    """How many assignments are being worked on."""
    hits = server.markets.production.call("ListHITs", {})["HITs"]
    return sum(hit["NumberOfAssignmentsPending"] for hit in hits)


def test_one_task_after_the_other(visit: Visit, publish: Publish) -> None:
    """Who wants to go on is given the next task at once, and the list at the end."""
    for _ in range(3):
        publish()
    page = visit()
    page.get_by_role("link", name="Preview").click()
    page.get_by_label("and go on with the next").check()
    page.get_by_role("button", name="Accept").click()
    for _ in range(2):
        before = page.url
        submit(page)
        page.wait_for_url(lambda url, before=before: url != before)  # type: ignore[misc]
        expect(page.get_by_label("Go on with the next")).to_be_checked()
        expect(page.get_by_text("Handed in")).to_be_visible()
    submit(page)

    page.wait_for_url(re.compile(r"/production/\?after="))
    expect(page.get_by_text("You earn $0.05 once it is approved")).to_be_visible()
    expect(page.get_by_text("nothing to do right now")).to_be_visible()


def test_a_task_is_skipped(visit: Visit, publish: Publish, server: Server) -> None:
    """Skipping gives a task back and takes the next; after the last comes the first."""
    hits = [publish() for _ in range(2)]
    page = visit()
    accept(page)
    seen = []
    for _ in range(3):
        address = str(page.locator("#task").get_attribute("src"))
        seen.append(next(hit_id for hit_id in hits if hit_id in address))
        before = page.url
        page.get_by_role("button", name="Skip").click()
        page.wait_for_url(lambda url, before=before: url != before)  # type: ignore[misc]

    assert seen == [hits[0], hits[1], hits[0]]
    assert pending(server) == 1


def test_a_preview_is_skipped(visit: Visit, publish: Publish, server: Server) -> None:
    """Looking at the next one takes nothing."""
    hits = [publish() for _ in range(2)]
    page = visit()
    page.get_by_role("link", name="Preview").click()
    page.get_by_role("link", name="Skip").click()

    page.wait_for_url(re.compile(hits[1]))
    assert pending(server) == 0


def test_what_was_handed_in_cannot_be_handed_in_again(
    visit: Visit, publish: Publish, server: Server
) -> None:
    """Going back, reloading and accepting once more lead to thanks, not to a form."""
    hit_id = publish(MaxAssignments=2)
    page = visit()
    accept(page)
    work = page.url
    submit(page)
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    page.reload()
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    page.goto(f"{server.url}/production/hits/{hit_id}")
    expect(page.get_by_text("You have taken this task before")).to_be_visible()
    expect(page.get_by_role("button", name="Accept")).to_have_count(0)
    page.get_by_role("link", name="To your answer").click()

    page.wait_for_url(work)
    expect(page.locator("#task")).to_have_count(0)
    assert len(answers(server, hit_id)) == 1


def test_accepting_twice_is_accepting_once(
    visit: Visit, publish: Publish, server: Server
) -> None:
    """A second press of the button leads to the same assignment."""
    hit_id = publish(MaxAssignments=2)
    page = visit()
    page.get_by_role("link", name="Preview").click()
    stale = page.context.new_page()
    stale.goto(page.url)
    places = []
    for each in (page, stale):
        each.get_by_role("button", name="Accept").click()
        each.wait_for_url(re.compile("/assignments/"))
        places.append(each.url)

    assert places[0] == places[1]
    hit = server.markets.production.call("GetHIT", {"HITId": hit_id})["HIT"]
    assert hit["NumberOfAssignmentsPending"] == 1


def test_work_survives_a_reload(visit: Visit, publish: Publish, server: Server) -> None:
    """Who reloads in the middle still has the assignment and can hand it in."""
    hit_id = publish()
    page = visit()
    accept(page)
    page.reload()
    submit(page, "dog")

    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    assert answers(server, hit_id) == [{"animal": "dog"}]


def test_a_problem_is_reported(visit: Visit, publish: Publish, server: Server) -> None:
    """What a worker says is wrong reaches the requester, with the assignment."""
    hit_id = publish()
    page = visit()
    accept(page)
    page.get_by_text("Report a problem").click()
    page.get_by_label("It breaks the rules").check()
    page.get_by_label("In your words").fill("It asks for <b>names</b>.")
    page.get_by_role("button", name="Send report").click()

    expect(page.get_by_text("The requester is told")).to_be_visible()
    (problem,) = server.markets.production.requester("requester").problems(hit_id)
    assert (problem.reason, problem.text) == ("rules", "It asks for <b>names</b>.")
    assert problem.assignment_id == page.url.rpartition("/")[2].partition("?")[0]
    assert pending(server) == 1


def test_a_report_gives_back(visit: Visit, publish: Publish, server: Server) -> None:
    """Who wants to can report a task and be rid of it with one press."""
    publish()
    page = visit()
    accept(page)
    page.get_by_text("Report a problem").click()
    page.get_by_label("Something else").check()
    page.get_by_role("button", name="Send and give back").click()

    expect(page.get_by_role("heading", name="You returned")).to_be_visible()
    assert pending(server) == 0


def message(page: Page, data: Any) -> None:
    """What the task's page says to the page around it."""
    frame_of(page).evaluate("data => parent.postMessage(data, '*')", data)


def test_the_task_offers_a_report(
    visit: Visit, publish: Publish, server: Server
) -> None:
    """A task's page can open the form and fill it in, but the worker sends it."""
    publish()
    page = visit()
    accept(page)
    message(page, {"crowdlab": "problem", "reason": "The picture is broken"})

    expect(page.get_by_label("In your words")).to_have_value("The picture is broken")
    expect(page.get_by_label("In your words")).to_be_focused()
    expect(page.get_by_label("Something does not work")).to_be_checked()
    assert server.markets.production.requester("requester").problems() == []


def test_others_have_no_say(visit: Visit, publish: Publish) -> None:
    """Messages of another window than the task's are not listened to."""
    publish()
    page = visit()
    accept(page)
    page.wait_for_url("**/assignments/**")
    frame_of(page)
    page.evaluate("window.isTheSame = true")
    for said in ({"crowdlab": "problem"}, {"crowdlab": "submitted"}):
        page.evaluate(
            """said => new Promise((done) => {
              addEventListener("message", done, { once: true });
              postMessage(said, "*");
            })""",
            said,
        )
    for noise in ({"crowdlab": "nonsense"}, "nonsense", None):
        message(page, noise)

    expect(page.locator("#report[open]")).to_have_count(0)
    assert page.evaluate("window.isTheSame")


def test_the_list_is_searched_and_sorted(
    visit: Visit, publish: Publish, server: Server
) -> None:
    """By words, by pay, and by what the worker qualifies for."""
    needs = {
        "QualificationTypeId": "00000000000000000071",
        "Comparator": "EqualTo",
        "LocaleValues": [{"Country": "PE"}],
    }
    publish(Title="Cheap owls", Reward="0.01")
    publish(Title="Dear cats", Reward="0.90")
    publish(Title="Owls of Peru", Reward="0.50", QualificationRequirements=[needs])
    page = visit()
    titles = page.locator(".list > li h2")
    expect(titles).to_have_text(["Owls of Peru", "Dear cats", "Cheap owls"])
    page.get_by_label("Order").select_option("best paid first")
    page.get_by_role("button", name="Show").click()
    expect(titles).to_have_text(["Dear cats", "Owls of Peru", "Cheap owls"])
    page.get_by_label("Search").fill("OWLS")
    page.get_by_role("button", name="Show").click()
    expect(titles).to_have_text(["Owls of Peru", "Cheap owls"])
    page.get_by_label("Only what I can do").check()
    page.get_by_role("button", name="Show").click()
    expect(titles).to_have_text(["Cheap owls"])
    page.goto(f"{server.url}/production/?q=nothing&sort=nonsense")

    expect(page.get_by_text("Nothing fits that")).to_be_visible()
    expect(page.get_by_label("Order")).to_have_value("new")


def tab_to(page: Page, name: str) -> None:
    """Presses Tab until what is called so has the focus."""
    for _ in range(30):
        page.keyboard.press("Tab")
        here = page.locator(":focus")
        named = here.count() and (
            here.get_attribute("aria-label") or here.inner_text() or ""
        )
        if named and name in named:
            return
    pytest.fail(f"Tab never comes to {name}")


def test_by_keyboard_alone(visit: Visit, publish: Publish, server: Server) -> None:
    """From the list to the answer with Tab, Space and Enter."""
    hit_id = publish()
    page = visit()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="To the content")).to_be_focused()
    for name, place in (("Preview", "**/hits/**"), ("Accept", "**/assignments/**")):
        tab_to(page, name)
        page.keyboard.press("Enter")
        page.wait_for_url(place)
    field = page.frame_locator("#task").get_by_label("Cat or dog?")
    field.wait_for()
    for _ in range(30):
        page.keyboard.press("Tab")
        if field.evaluate("field => field === document.activeElement"):
            break
    page.keyboard.type("cat")
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    assert answers(server, hit_id) == [{"animal": "cat"}]
