"""What a page sends."""

import pytest

from tests.pages.conftest import TEXT, Open
from tests.pages.site import Site

pytestmark = pytest.mark.browser

HOSTILE = """</script><img src=x onerror="document.title='mine'"> <!-- <script> ]]> & ' \u2028"""
UNUSUAL = 'ñ 走 😀 שלום "quoted" <b> ]]> \\u0041\nsecond line'
FRAME = """<!DOCTYPE html>
<title>A marketplace</title>
<link rel="icon" href="data:,">
<iframe sandbox="{sandbox}" width=900 height=900 src="{url}"></iframe>
"""
ESCAPE = "can escape its sandboxing"  # chromium, of a frame on the host of its page
SANDBOXES = {
    "allow-scripts allow-forms allow-same-origin": "kept in this browser",
    "allow-scripts allow-forms": "does not let the page keep a draft",
}


def test_an_answer_reaches_the_template(open_task: Open) -> None:
    """What a worker chose is what the template reads."""
    visit = open_task()

    visit.page.get_by_label("No").check()
    answer = visit.send()

    assert "no" == answer["label"]
    assert visit.task.task_id == answer["item"]
    assert visit.template.version == answer["template_version"]
    assert [(visit.task.name, "no")] == visit.template.votes(visit.task, answer)


def test_the_form_is_what_mturk_expects(open_task: Open, site: Site) -> None:
    """One POST with the assignment's id as it was given, and one field."""
    visit = open_task(assignment="3ABC+/ x")

    visit.page.get_by_label("No").check()
    visit.send()

    (post,) = site.posts
    assert "/mturk/externalSubmit" == post.path
    assert {"assignmentId", "answer"} == set(post.fields)
    assert ["3ABC+/ x"] == post.fields["assignmentId"]


def test_nothing_of_the_address_leaks(open_task: Open, site: Site) -> None:
    """Ids of worker and assignment are in no referrer, and the origin is intact."""
    visit = open_task()

    visit.page.get_by_label("No").check()
    visit.send()

    headers = site.posts[0].headers
    assert f"{site.address}/" == headers["Referer"]
    assert site.address == headers["Origin"]


def test_a_double_click_sends_once(open_task: Open, site: Site) -> None:
    """However often the button is pressed, one answer is sent."""
    visit = open_task()
    visit.page.get_by_label("No").check()

    visit.page.dblclick("#submit")
    visit.wait_until_sent()
    visit.page.wait_for_timeout(100)

    assert 1 == len(site.posts)


def test_enter_alone_sends_nothing(open_task: Open, site: Site) -> None:
    """Enter in a field is no way to send, Ctrl + Enter is."""
    visit = open_task()
    visit.page.get_by_label("No").check()

    visit.page.keyboard.press("Enter")
    visit.page.get_by_text("Tell the requester something").click()
    visit.page.locator("#feedback").press("Enter")
    visit.page.wait_for_timeout(100)
    assert [] == site.posts

    visit.page.keyboard.press("Control+Enter")
    visit.wait_until_sent()
    assert 1 == len(site.posts)


def test_going_back_cannot_send_again(open_task: Open, site: Site) -> None:
    """After sending, neither the back button nor a reload offers to send once more."""
    visit = open_task()
    visit.page.get_by_label("No").check()
    visit.send()

    visit.page.go_back()
    assert "Sent" == visit.text("#submit")
    visit.page.reload()

    assert "Sent" == visit.text("#submit")
    assert visit.page.is_disabled("#submit")
    assert "was sent" in visit.text("#notice")
    visit.page.evaluate("document.forms[0].requestSubmit()")
    assert 1 == len(site.posts)


def test_hostile_text_is_text(open_task: Open) -> None:
    """Markup in the data of a task is shown, not run."""
    row = dict.fromkeys(["text", "hypothesis", "question", "instructions"], HOSTILE)
    visit = open_task({**row, "choices": [HOSTILE, {"value": "b", "label": HOSTILE}]})

    for selector in (
        "#text",
        "#hypothesis",
        "#question",
        "#own-instructions",
        "label .words",
    ):
        assert HOSTILE == visit.page.text_content(selector)
    assert "Choose a label" == visit.page.title()
    assert 0 == visit.page.locator("img").count()
    visit.page.locator("[type=radio]").first.check()
    assert HOSTILE == visit.send()["label"]


def test_unusual_text_survives(open_task: Open, site: Site) -> None:
    """Every character that a worker writes reaches Python as it was, by way of ASCII."""
    visit = open_task({"text": UNUSUAL, "question": "?"})

    visit.page.get_by_label("No").check()
    visit.page.get_by_text("Tell the requester something").click()
    visit.page.fill("#feedback", UNUSUAL)

    assert UNUSUAL == visit.page.text_content("#text")
    assert UNUSUAL == visit.send()["feedback"]
    assert site.posts[0].fields["answer"][0].isascii()


def test_feedback_is_optional_and_bounded(open_task: Open) -> None:
    """No more than 1,000 characters are taken; none are needed."""
    visit = open_task()
    visit.page.get_by_text("Tell the requester something").click()
    visit.page.focus("#feedback")
    visit.page.keyboard.insert_text("x" * 1200)
    visit.page.get_by_label("No").check()

    assert "x" * 1000 == visit.send()["feedback"]


def test_a_page_talks_to_nobody(open_task: Open, site: Site) -> None:
    """The page itself and the form it posts are all that goes over the wire."""
    visit = open_task()
    visit.page.get_by_label("No").check()
    visit.send()

    assert [visit.url, f"{site.address}/mturk/externalSubmit"] == [
        url for url in visit.requests if not url.startswith("data:")
    ]


@pytest.mark.parametrize("sandbox", SANDBOXES)
def test_a_sandboxed_frame_is_enough(open_task: Open, site: Site, sandbox: str) -> None:
    """With and without an origin of its own the page sends, and tells about drafts."""
    visit = open_task()
    frame = FRAME.format(sandbox=sandbox, url=visit.url.replace("&", "&amp;"))
    visit.page.goto(site.put("/frame", frame))
    inside = visit.page.frame_locator("iframe")

    inside.get_by_label("No").check()
    inside.get_by_text("What this page records").click()
    said = inside.locator("#drafts").inner_text()
    inside.locator("#submit").click()
    inside.get_by_text("Received").wait_for()

    assert SANDBOXES[sandbox] in said
    assert "no" == visit.read()["label"]
    visit.complaints = [text for text in visit.complaints if ESCAPE not in text]


def test_telemetry_tells_how_the_work_went(open_task: Open) -> None:
    """Times are in order, and what was done is counted."""
    visit = open_task()
    visit.page.get_by_label("No").check()
    visit.page.get_by_label("Yes").check()

    told = visit.send()["telemetry"]

    assert told["elapsed_ms"] >= told["active_ms"] > 0
    assert told["elapsed_ms"] >= told["first_input_ms"] > 0
    assert {"load": 1, "choose": 2, "submit": 1} == told["counts"]
    assert ["load", "choose", "choose", "submit"] == [
        name for _, name, *_ in told["events"]
    ]
    assert [1024, 768] == told["viewport"]


def test_idle_time_is_not_active(open_task: Open) -> None:
    """A page that nobody touches for long is not worked at."""
    visit = open_task()
    visit.page.evaluate("stir()")
    visit.page.evaluate("mark -= 60000, stirred = mark")
    visit.page.evaluate("tick()")

    elapsed, active = visit.page.evaluate("[work.elapsed, work.active]")

    assert elapsed > 60000
    assert 30000 <= active < 32000


def test_hidden_time_is_told_apart(open_task: Open) -> None:
    """While the page is out of sight its worker is not at work on it."""
    visit = open_task()
    visit.page.evaluate(
        "Object.defineProperty(document, 'hidden', { get: () => away_now, configurable: true });"
        "away_now = true; document.dispatchEvent(new Event('visibilitychange'));"
        "mark -= 5000;"
        "away_now = false; document.dispatchEvent(new Event('visibilitychange'));"
    )
    visit.page.get_by_label("No").check()

    told = visit.send()["telemetry"]

    assert told["hidden_ms"] >= 5000
    assert told["elapsed_ms"] >= told["active_ms"] + 5000
    assert {"hide": 1, "show": 1}.items() <= told["counts"].items()


def test_telemetry_is_capped(open_task: Open) -> None:
    """Whatever happens, at most 200 events are listed; all are counted."""
    visit = open_task()
    visit.page.evaluate("for (let n = 0; n < 300; n++) record('shake')")
    visit.page.get_by_label("No").check()

    told = visit.send()["telemetry"]

    assert 200 == len(told["events"])
    assert 300 == told["counts"]["shake"]


def test_consent_is_asked_for_and_recorded(open_task: Open, site: Site) -> None:
    """Without consent nothing is sent; with it, its version is; next time it is known."""
    row = {**TEXT, "consent": {"version": "2", "text": "We publish your answer."}}
    visit = open_task(row)
    visit.page.get_by_label("No").check()

    visit.page.click("#submit")
    assert "Please say that you agree" == visit.text("#error-list")
    assert [] == site.posts

    visit.page.get_by_label("I have read this and agree").check()
    assert "2" == visit.send()["consent"]["version"]

    again = open_task(row, assignment="ASSIGNMENT2", page=visit.page)
    again.page.get_by_label("Yes").check()
    assert {"version": "2", "at_ms": 0} == again.send()["consent"]
