"""People of a recruitment panel: in by a link, to their work alone, out with a code."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from crowdlab.server import Consent, Entry, Origins, make_app, running
from tests.server.conftest import Publish, Server
from tests.server.journeys import Visit, answers, frame_of, submit

pytestmark = pytest.mark.browser

DONE = "https://panel.example.org/complete?cc=C1ABCD"


def link(server: Server, hit_id: str, most: int | None = None) -> str:
    """The way in of one person whom a panel sends."""
    panel = server.markets.production.requester("requester").open_panel(
        hit_id, completion_url=DONE, completion_code="C1ABCD", most=most
    )
    query = "PROLIFIC_PID=5f00aa&STUDY_ID=study&SESSION_ID=session"
    return f"{server.url}/production/join/{panel.name}?{query}"


def begin(page: Page, address: str) -> None:
    """Follows the link and begins."""
    page.goto(address)
    page.get_by_role("button", name="Begin").click()
    page.wait_for_url(re.compile(r"/join/[\w-]+$"))


def test_there_and_back(browser: Browser, publish: Publish, server: Server) -> None:
    """A person comes with an id, does what is asked, and goes back with the code."""
    hits = [publish() for _ in range(3)]
    address = link(server, hits[0], most=2)
    context = browser.new_context(viewport={"width": 360, "height": 700})
    page = context.new_page()
    begin(page, address)
    expect(page.get_by_text("0 of 2 handed in")).to_be_visible()
    page.get_by_role("button", name="First task").click()
    for _ in range(2):
        assert "5f00aa" not in frame_of(page).url
        assert "5f00aa" not in page.content()
        before = page.url
        submit(page)
        page.wait_for_url(lambda url, before=before: url != before)  # type: ignore[misc]

    expect(page.get_by_text("C1ABCD")).to_be_visible()
    assert page.get_by_role("link", name="Go back").get_attribute("href") == DONE
    account = server.markets.production.requester("requester")
    (person,) = account.participants(account.panels()[0].name)
    assert (person.outside_id, person.session_id) == ("5f00aa", "session")
    assert person.n_submitted == 2
    assert [len(answers(server, hit_id)) for hit_id in hits] == [1, 1, 0]
    context.close()


def test_the_same_id_is_the_same_worker(
    browser: Browser, publish: Publish, server: Server
) -> None:
    """Who comes again, in another browser, goes on where they were."""
    address = link(server, publish())
    for name in ("Continue", None):
        context = browser.new_context()
        page = context.new_page()
        begin(page, address)
        if name is None:
            page.get_by_role("link", name="Continue").click()
            submit(page)
            expect(page.get_by_text("C1ABCD")).to_be_visible()
        else:
            page.get_by_role("button", name="First task").click()
            page.wait_for_url("**/assignments/**")
        context.close()

    account = server.markets.production.requester("requester")
    assert len(account.participants(account.panels()[0].name)) == 1


def test_other_work_is_not_theirs(
    browser: Browser, publish: Publish, server: Server
) -> None:
    """Whatever address they try, there is only the work that they came for."""
    mine, other = publish(), publish(Title="Something else")
    context = browser.new_context()
    page = context.new_page()
    begin(page, link(server, mine))
    home = page.url
    for path in ("", "earnings", "messages", "qualifications", "../account"):
        page.goto(f"{server.url}/production/{path}")
        assert page.url == home
    page.goto(f"{server.url}/production/hits/{other}")
    expect(page.get_by_text("not the work that you came for")).to_be_visible()
    page.goto(f"{server.url}/sandbox/hits/{other}")

    assert page.url == home
    context.close()


def test_nothing_left_gives_no_code(
    browser: Browser, visit: Visit, publish: Publish, server: Server
) -> None:
    """Who comes too late for any task is told so, and gets no code for nothing."""
    hit_id = publish()
    address = link(server, hit_id)
    page = visit()
    page.get_by_role("link", name="Preview").click()
    page.get_by_role("button", name="Accept").click()
    page.wait_for_url("**/assignments/**")
    context = browser.new_context()
    late = context.new_page()
    begin(late, address)

    expect(late.get_by_role("heading", name="Nothing is left")).to_be_visible()
    expect(late.get_by_text("C1ABCD")).to_have_count(0)
    context.close()


def test_a_link_without_an_id_begins_nothing(server: Server, publish: Publish) -> None:
    """The page says what is missing; a form that was made up is refused."""
    path = link(server, publish()).partition("?")[0].removeprefix(server.url)
    page = server.ask("GET", path)
    token = re.search(r'name="token" value="(\w+)"', server.ask("GET", "/sign-in").text)

    assert "lacks your id" in page.text
    assert "Begin" not in page.text
    assert token
    assert server.post(path, {"token": token[1], "participant": "x"}).status == 403


def test_a_link_cannot_be_guessed(server: Server, publish: Publish) -> None:
    """Neither the HIT's ids nor anything short opens the way."""
    hit_id = publish()
    link(server, hit_id)
    hit = server.markets.production.call("GetHIT", {"HITId": hit_id})["HIT"]
    name = server.markets.production.requester("requester").panels()[0].name

    assert len(name) >= 22
    for guess in (hit_id, hit["HITGroupId"], hit["HITTypeId"], "1", name[:-1]):
        assert (
            server.ask("GET", f"/production/join/{guess}?PROLIFIC_PID=x").status == 404
        )
    assert server.ask("GET", f"/sandbox/join/{name}?PROLIFIC_PID=x").status == 404


def test_a_closed_panel_lets_nobody_new_in(
    browser: Browser, publish: Publish, server: Server
) -> None:
    """Who has begun can finish; others are told."""
    address = link(server, publish(MaxAssignments=2))
    account = server.markets.production.requester("requester")
    context = browser.new_context()
    page = context.new_page()
    begin(page, address)
    account.close_panel(account.panels()[0].name)
    begin(page, address)
    expect(page.get_by_role("button", name="First task")).to_be_visible()
    page.goto(address.replace("5f00aa", "5f00bb"))
    page.get_by_role("button", name="Begin").click()

    expect(page.get_by_text("Nobody new is let in")).to_be_visible()
    context.close()


def test_consent_is_part_of_joining(
    browser: Browser, publish: Publish, server: Server
) -> None:
    """Where there is a text, nobody begins without agreeing to it."""
    address = link(server, publish())

    def app(port: int) -> object:
        origins = Origins(f"http://127.0.0.1:{port}", f"http://localhost:{port}")
        return make_app(
            server.markets, origins, entry=Entry("closed", Consent("We keep answers."))
        )

    with running(app) as port:  # type: ignore[arg-type]
        context = browser.new_context()
        page = context.new_page()
        page.goto(address.replace(str(server.port), str(port)))
        box = page.get_by_label("I have read this and agree")
        box.evaluate("box => box.required = false")
        page.get_by_role("button", name="Begin").click()
        expect(page.get_by_text("agree to the text first")).to_be_visible()
        page.go_back()
        box.check()
        page.get_by_role("button", name="Begin").click()
        expect(page.get_by_role("button", name="First task")).to_be_visible()
        context.close()
