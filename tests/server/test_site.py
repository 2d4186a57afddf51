"""The workers' site, in a browser and by hand."""

import re
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from crowdlab.marketplace import ManualClock
from crowdlab.server import Origins, make_app, running
from tests.server.conftest import Publish, Server, external
from tests.server.journeys import Visit, accept, answers, frame_of, submit

pytestmark = pytest.mark.browser


def test_a_worker_finds_does_and_submits_work(
    visit: Visit, publish: Publish, server: Server
) -> None:
    """From the list over preview and accept to the answer, and thanks for it."""
    hit_id = publish()
    page = visit()
    accept(page)
    page.frame_locator("#task").get_by_label("black").check()
    page.frame_locator("#task").get_by_label("white").check()
    submit(page)

    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    assert answers(server, hit_id) == [{"animal": "cat", "colour": "black|white"}]


def test_the_list_tells_the_terms(visit: Visit, publish: Publish) -> None:
    """Pay, time, number, requester and keywords are told before anything else."""
    publish()
    publish()

    card = visit().get_by_role("listitem")

    for words in ("$0.05", "2 tasks", "at most 10 minutes", "requester", "pictures"):
        expect(card).to_contain_text(words)


def test_after_an_answer_comes_the_next_task(visit: Visit, publish: Publish) -> None:
    """The next HIT of the group is one press away, and at last the list."""
    publish()
    publish()
    page = visit()
    accept(page)
    submit(page)
    page.get_by_role("button", name="Next task").click()
    expect(page.get_by_text("You earn $0.05 once it is approved")).to_be_visible()
    submit(page)
    expect(page.get_by_text("no other task of this kind")).to_be_visible()
    page.get_by_role("link", name="All work").click()

    expect(page.get_by_text("nothing to do right now")).to_be_visible()


def test_a_returned_task_is_free_again(visit: Visit, publish: Publish) -> None:
    """What a worker gives back can be taken anew."""
    publish()
    page = visit()
    accept(page)
    page.get_by_role("button", name="Return").click()
    accept(page)

    expect(page.locator("#timer")).to_contain_text("left")


def test_work_in_progress_is_found_again(visit: Visit, publish: Publish) -> None:
    """Who leaves the page in the middle comes back to it from the list."""
    publish()
    page = visit()
    accept(page)
    page.goto("/".join(page.url.split("/")[:3]))
    page.get_by_role("link", name="Continue").click()
    submit(page)

    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()


def test_the_last_assignment_goes_to_one(
    visit: Visit, publish: Publish, browser: Browser, server: Server
) -> None:
    """Of two who want it, one gets it and the other is told kindly."""
    hit_id = publish()
    other = browser.new_context()
    pages = [visit("ana"), visit("bob", inside=other)]
    for page in pages:
        page.get_by_role("link", name="Preview").click()
    for page in pages:
        page.get_by_role("button", name="Accept").click()

    expect(pages[0].locator("#timer")).to_be_visible()
    expect(pages[1].get_by_text("has no assignment left")).to_be_visible()
    hit = server.markets.production.call("GetHIT", {"HITId": hit_id})["HIT"]
    assert hit["NumberOfAssignmentsPending"] == 1
    other.close()


def test_a_preview_submits_nothing(
    visit: Visit, publish: Publish, server: Server
) -> None:
    """The page knows it is a preview, and the server refuses what comes from one."""
    hit_id = publish()
    page = visit()
    page.get_by_role("link", name="Preview").click()
    task = page.frame_locator("#task")

    expect(task.locator("#submitButton")).to_be_disabled()
    frame_of(page).evaluate("document.getElementById('mturk_form').submit()")
    expect(task.get_by_text("Nothing was submitted")).to_be_visible()
    assert answers(server, hit_id) == []


def test_a_second_submit_changes_nothing(
    visit: Visit, publish: Publish, server: Server
) -> None:
    """Who sends an answer twice is thanked, and the first one stands."""
    hit_id = publish()
    page = visit()
    accept(page)
    assignment_id = page.url.rpartition("/")[2]
    first, second = (
        server.post(
            "/mturk/externalSubmit", {"assignmentId": assignment_id, "animal": animal}
        )
        for animal in ("cat", "dog")
    )

    assert (first.status, second.status) == (200, 200)
    assert "had been received already" in second.text
    assert answers(server, hit_id) == [{"animal": "cat"}]


def test_too_late_is_told(
    visit: Visit, publish: Publish, server: Server, clock: ManualClock
) -> None:
    """After the time is over nothing is taken; the worker hears why and keeps the text."""
    hit_id = publish()
    page = visit()
    accept(page)
    clock.advance(601)
    submit(page, "a cat, or 走")

    task = page.frame_locator("#task")
    expect(task.get_by_text("The time for this assignment is over")).to_be_visible()
    expect(task.get_by_label("animal")).to_have_value("a cat, or 走")
    assert answers(server, hit_id) == []


def test_the_timer_warns(visit: Visit, publish: Publish) -> None:
    """In the last minute the page says so, and at the end what is left to do."""
    publish()
    page = visit()
    accept(page)
    page.clock.install()
    page.reload()
    expect(page.locator("#timer")).to_contain_text("10:00 left")
    page.clock.fast_forward(545_000)
    expect(page.get_by_text("Less than a minute")).to_be_visible()
    page.clock.fast_forward(60_000)

    expect(page.get_by_text("Copy what you want to keep")).to_be_visible()


def test_the_frame_is_apart_and_caged(visit: Visit, publish: Publish) -> None:
    """A task's page has another host name than the site, and may not leave its frame."""
    publish()
    page = visit()
    accept(page)
    frame = page.locator("#task")

    assert frame.get_attribute("sandbox") == (
        "allow-scripts allow-forms allow-popups allow-same-origin"
    )
    address = urlsplit(str(frame.get_attribute("src")))
    assert address.hostname == "localhost"
    assert urlsplit(page.url).hostname == "127.0.0.1"
    told = parse_qs(address.query)
    assert set(told) == {"assignmentId", "hitId", "workerId", "turkSubmitTo"}
    assert told["turkSubmitTo"] == [f"http://localhost:{address.port}"]


def test_a_frame_cannot_read_the_site(visit: Visit, publish: Publish) -> None:
    """From a task's page neither the site's cookie nor its pages can be had."""
    publish()
    page = visit()
    accept(page)
    inside = frame_of(page)

    assert inside.evaluate("document.cookie") == ""
    assert (
        inside.evaluate(
            "(() => { try { return parent.document.title } catch { return 'apart' } })()"
        )
        == "apart"
    )


def test_a_page_elsewhere_gets_its_parameters(
    visit: Visit, publish: Publish, server: Server
) -> None:
    """An ExternalQuestion's address keeps its query and is told the assignment."""
    publish(external("https://example.org/task?item=17"))
    page = visit()
    page.route("https://example.org/**", lambda route: route.fulfill(body="a task"))
    accept(page)

    address = urlsplit(str(page.locator("#task").get_attribute("src")))
    told = parse_qs(address.query)
    assert (address.netloc, told["item"]) == ("example.org", ["17"])
    assert told["assignmentId"] == [page.url.rpartition("/")[2]]
    assert told["turkSubmitTo"] == [server.origins.frames]


def test_to_look_changes_nothing(
    visit: Visit, publish: Publish, server: Server
) -> None:
    """No address that is only opened accepts, returns or submits."""
    hit_id = publish()
    page = visit()
    accept(page)
    assignment = page.url
    before = server.markets.production.call("GetHIT", {"HITId": hit_id})["HIT"]
    home = f"{server.url}/production"
    addresses = [
        f"{home}/hits/{hit_id}/accept",
        f"{assignment}/return",
        f"{server.url}/mturk/externalSubmit?assignmentId={assignment[-30:]}&animal=cat",
        f"{server.url}/sign-out",
        f"{home}/hits/{hit_id}",
        assignment,
    ]
    for address in addresses:
        page.request.get(address)

    after = server.markets.production.call("GetHIT", {"HITId": hit_id})["HIT"]
    assert after == before
    page.goto(assignment)
    expect(page.locator("#timer")).to_be_visible()


@pytest.mark.parametrize("token", [None, "", "0" * 32])
def test_a_form_without_its_token_does_nothing(
    visit: Visit, publish: Publish, server: Server, token: str | None
) -> None:
    """Another site cannot accept in a worker's name, though their cookie comes along."""
    hit_id = publish()
    page = visit()
    cookie = page.context.cookies()[0]
    fields = {} if token is None else {"token": token}

    answer = server.post(
        f"/production/hits/{hit_id}/accept",
        fields,
        Cookie=f"{cookie['name']}={cookie['value']}",
    )

    assert answer.status == 403
    hit = server.markets.production.call("GetHIT", {"HITId": hit_id})["HIT"]
    assert hit["NumberOfAssignmentsPending"] == 0


def test_a_cookie_is_not_believed_unsigned(server: Server) -> None:
    """Nobody becomes somebody else by writing their name into a cookie."""
    name = server.markets.production.register()
    forged = server.ask(
        "GET", "/production/", headers={"Cookie": f"crowdlab={name}.nonce.{'0' * 32}"}
    )

    assert forged.status == 303
    assert forged.headers["location"].startswith("/sign-in")


def test_anothers_assignment_is_not_shown(visit: Visit, publish: Publish) -> None:
    """Who has the address of somebody's work does not see it."""
    publish()
    page = visit()
    accept(page)
    address = page.url
    page.get_by_role("button", name="Sign out").click()
    page.get_by_label("Your name").fill("bob")
    page.get_by_role("button", name="Sign in").click()
    page.goto(address)

    expect(page.get_by_text("There is no assignment")).to_be_visible()


def test_the_sandbox_is_a_market_of_its_own(visit: Visit, publish: Publish) -> None:
    """Production's work is not the sandbox's; the page says where one is."""
    publish()
    page = visit()
    page.get_by_role("link", name="Go to the sandbox").click()

    expect(page.get_by_text("nothing to do right now")).to_be_visible()
    expect(page.locator(".badge")).to_have_text("sandbox")


def test_who_lacks_a_qualification_is_told(visit: Visit, publish: Publish) -> None:
    """A worker sees what they would need, and finds no button to accept."""
    requirement = {
        "QualificationTypeId": "00000000000000000071",
        "Comparator": "EqualTo",
        "LocaleValues": [{"Country": "PE"}],
    }
    publish(QualificationRequirements=[requirement])
    page = visit()

    expect(page.get_by_role("listitem").first).to_contain_text("You do not qualify")
    page.get_by_role("link", name="Preview").click()
    expect(page.get_by_role("button", name="Accept")).to_have_count(0)


def test_hostile_text_is_shown_as_text(visit: Visit, publish: Publish) -> None:
    """What requesters write into titles does not run."""
    title = "<img src=x onerror=\"document.title='run'\"><script>1</script>"
    publish(Title=title, Description=title, Keywords=title)
    page = visit()

    expect(page.get_by_role("heading", name="<img src=x")).to_be_visible()
    assert page.title() != "run"


@pytest.mark.parametrize("width", [360, 320])
def test_a_narrow_page_does_not_scroll_sideways(
    visit: Visit, publish: Publish, width: int
) -> None:
    """On a phone every page fits, and what is pressed is large enough."""
    publish(Title="Donaudampfschifffahrtsgesellschaftskapitän " * 2)
    page = visit()
    page.set_viewport_size({"width": width, "height": 640})
    steps: list[tuple[Callable[[], object], str]] = [
        (page.reload, "Preview"),
        (page.get_by_role("link", name="Preview").click, "Accept"),
        (page.get_by_role("button", name="Accept").click, "Return"),
        (lambda: submit(page), "All work"),
    ]
    for step, landmark in steps:
        step()
        expect(page.locator(".button, button", has_text=landmark)).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        heights = page.locator("button").evaluate_all(
            "all => all.map(b => b.offsetHeight)"
        )
        assert min(heights) >= 24


@pytest.mark.parametrize(
    "wanted", ["//evil.example.org", "https://evil.example.org", "/\\evil.example.org"]
)
def test_signing_in_leads_nowhere_else(server: Server, wanted: str) -> None:
    """A link to the site cannot send a worker on to another."""
    page = server.ask("GET", "/sign-in")
    token = re.findall(r'name="token" value="(\w+)"', page.text)[0]
    cookie = page.headers["set-cookie"].partition(";")[0]

    answer = server.post(
        "/sign-in", {"token": token, "name": "ana", "next": wanted}, Cookie=cookie
    )

    assert (answer.status, answer.headers["location"]) == (303, "/")


@pytest.mark.parametrize("name", ["", "   ", "x" * 101])
def test_signing_in_takes_a_name(server: Server, name: str) -> None:
    """No name, and a novel, are asked for again."""
    page = server.ask("GET", "/sign-in")
    token = re.findall(r'name="token" value="(\w+)"', page.text)[0]
    cookie = page.headers["set-cookie"].partition(";")[0]

    answer = server.post("/sign-in", {"token": token, "name": name}, Cookie=cookie)

    assert (answer.status, "Give a name" in answer.text) == (422, True)


def test_pages_are_kept_on_their_hosts(server: Server, publish: Publish) -> None:
    """The site is never served under the task pages' name, nor they under its."""
    hit_id = publish()
    frames_host = {"Host": urlsplit(server.origins.frames).netloc}

    task = server.ask("GET", f"/hit/{hit_id}")
    site = server.ask("GET", "/production/", headers=frames_host)
    strange = server.ask("GET", "/sign-in", headers={"Host": "evil.example.org"})

    assert task.headers["location"] == f"{server.origins.frames}/hit/{hit_id}"
    assert site.headers["location"] == f"{server.url}/production/"
    assert strange.headers["location"] == f"{server.url}/sign-in"


def test_with_one_name_a_task_page_loses_its_origin(
    context: BrowserContext, publish: Publish, server: Server
) -> None:
    """Where site and task pages share a name, a page is caged and can still submit."""
    hit_id = publish()

    def app(port: int) -> object:
        home = f"http://127.0.0.1:{port}"
        return make_app(server.markets, Origins(home, home))

    with running(app) as port:  # type: ignore[arg-type]
        page = context.new_page()
        page.goto(f"http://127.0.0.1:{port}")
        page.get_by_label("Your name").fill("ana")
        page.get_by_role("button", name="Sign in").click()
        accept(page)
        sandbox = str(page.locator("#task").get_attribute("sandbox"))
        inside = frame_of(page).evaluate("self.origin")
        alone = context.new_page()
        alone.goto(str(page.locator("#task").get_attribute("src")))
        outside = alone.evaluate("self.origin")
        submit(page)
        expect(page.get_by_role("heading", name="Thank you")).to_be_visible()

    assert "allow-same-origin" not in sandbox
    assert (inside, outside) == ("null", "null")
    assert answers(server, hit_id) == [{"animal": "cat"}]


def test_a_large_answer_is_refused_whole(server: Server) -> None:
    """More than a megabyte is no answer."""
    fields = {"assignmentId": "3X", "animal": "x" * 1_000_001}

    assert server.post("/mturk/externalSubmit", fields).status == 413


def test_a_form_with_files_is_read(server: Server, publish: Publish) -> None:
    """A page may post as multipart; of a file its name is the answer."""
    hit_id = publish()
    market = server.markets.production
    assignment_id = market.accept(market.register(), hit_id)
    parts = {
        'name="assignmentId"': assignment_id,
        'name="animal"': "走",
        'name="scan"; filename="cat.png"': "PNG",
    }
    lines = [
        f"--X\r\nContent-Disposition: form-data; {h}\r\n\r\n{v}\r\n"
        for h, v in parts.items()
    ]
    kind = {"Content-Type": "multipart/form-data; boundary=X"}

    answer = server.ask(
        "POST", "/mturk/externalSubmit", ("".join(lines) + "--X--\r\n").encode(), kind
    )

    assert answer.status == 200
    assert answers(server, hit_id) == [{"animal": "走", "scan": "cat.png"}]


@pytest.mark.parametrize(
    "body", [b"\xff\xfe=%zz&assignmentId=3X", b"&&&==", b"assignmentId=%00", b""]
)
def test_a_broken_form_is_refused(server: Server, body: bytes) -> None:
    """Whatever is posted, the page that comes back is one of ours."""
    kind = {"Content-Type": "application/x-www-form-urlencoded"}

    answer = server.ask("POST", "/mturk/externalSubmit", body, kind)

    assert answer.status in {400, 409}
    assert "<h1>" in answer.text
