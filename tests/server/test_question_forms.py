"""QuestionForms, which the server itself puts on a page."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from crowdlab.questions import (
    Binary,
    FormattedContent,
    FreeTextAnswer,
    Length,
    List,
    Numeric,
    Overview,
    Pattern,
    Question,
    QuestionForm,
    Selection,
    SelectionAnswer,
    Text,
    Title,
    parse_answers,
)
from tests.server.conftest import Publish, Server

pytestmark = pytest.mark.browser


def choices(*names: str) -> tuple[Selection, ...]:
    """Choices that are called as they are named."""
    return tuple(Selection(name.lower(), Text(name)) for name in names)


FORM = QuestionForm(
    (
        Overview(
            (
                Title("Pets"),
                Text("Look at <b>each</b>."),
                List(("first", "second")),
                FormattedContent("<p>It is <i>easy</i>.</p>"),
                Binary("image", "png", "https://example.org/cat.png", "A cat"),
            )
        ),
        Question(
            "animal",
            (Text("Cat or dog?"),),
            SelectionAnswer(choices("Cat", "Dog"), style="radiobutton"),
            display_name="Animal",
            required=True,
        ),
        Question(
            "colours",
            (Text("Which colours?"),),
            SelectionAnswer(
                choices("Black", "White", "Grey"),
                min_count=0,
                max_count=3,
                style="checkbox",
                other=FreeTextAnswer(),
            ),
        ),
        Question(
            "home",
            (Text("Where?"),),
            SelectionAnswer(choices("House", "Street"), style="dropdown"),
        ),
        Question(
            "age",
            (Text("How old?"),),
            FreeTextAnswer(numeric=Numeric(0, 40)),
            display_name="Age",
        ),
        Question(
            "name",
            (Text("Its name?"),),
            FreeTextAnswer(
                length=Length(2, 20),
                patterns=(Pattern("^[a-z ]+$", "Letters only.", "i"),),
                default="Mitzi",
                lines=3,
            ),
            display_name="Name",
            required=True,
        ),
    )
)


@pytest.fixture
def page(browser: Browser, server: Server, publish: Publish) -> Iterator[Page]:
    """The form, accepted, as it stands in the frame."""
    market, submit_to = server.markets.production, server.origins.frames
    hit_id, worker_id = publish(FORM), market.register()
    assignment_id = market.accept(worker_id, hit_id)
    context = browser.new_context(viewport={"width": 360, "height": 700})
    context.set_default_timeout(5000)
    page = context.new_page()
    page.on("pageerror", lambda error: pytest.fail(str(error)))
    page.route("https://example.org/**", lambda route: route.fulfill(body=""))
    page.goto(market.work(worker_id, assignment_id, submit_to=submit_to).frame.url)
    yield page
    context.close()


def answer(server: Server) -> dict[str, str]:
    """What was submitted."""
    market = server.markets.production
    hit_id = market.call("ListHITs", {})["HITs"][0]["HITId"]
    found = market.call("ListAssignmentsForHIT", {"HITId": hit_id})["Assignments"]
    return parse_answers(found[0]["Answer"])


def test_choices_are_answered_by_identifier(page: Page, server: Server) -> None:
    """Radio buttons, checkboxes, a list and texts become the form's answers."""
    page.get_by_label("Dog").check()
    page.get_by_label("Black").check()
    page.get_by_label("Grey").check()
    page.locator("[name='colours.other']").fill("a bit of red")
    page.get_by_role("combobox").select_option("Street")
    page.locator("[name=age]").fill("7")
    page.locator("[name=name]").fill("Rex")
    page.get_by_role("button", name="Submit").click()
    expect(page.get_by_text("was received")).to_be_visible()

    assert answer(server) == {
        "animal": "dog",
        "colours": "black|grey|a bit of red",
        "home": "street",
        "age": "7",
        "name": "Rex",
    }


def test_content_is_shown_as_it_is_meant(page: Page) -> None:
    """Titles, texts, lists, formatted content and pictures; plain text stays plain."""
    expect(page.get_by_role("heading", name="Pets")).to_be_visible()
    expect(page.get_by_text("Look at <b>each</b>.")).to_be_visible()
    expect(page.get_by_role("listitem")).to_have_count(2)
    expect(page.locator("i", has_text="easy")).to_be_visible()
    expect(page.get_by_role("img", name="A cat")).to_have_count(1)
    expect(page.locator("[name=name]")).to_have_value("Mitzi")


def test_what_is_missing_is_said_and_nothing_lost(page: Page, server: Server) -> None:
    """An incomplete form comes back with its answers and a word at each fault."""
    page.locator("[name=age]").fill("41")
    page.locator("[name=name]").fill("Rex")
    page.get_by_role("button", name="Submit").click()

    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_text("needs a number of at most 40")).to_be_visible()
    expect(page.locator("fieldset", has_text="Cat or dog?")).to_contain_text(
        "needs an answer"
    )
    expect(page.locator("[name=age]")).to_have_value("41")
    page.get_by_label("Cat").check()
    page.get_by_role("combobox").select_option("House")
    page.locator("[name=age]").fill("4")
    page.get_by_role("button", name="Submit").click()
    expect(page.get_by_text("was received")).to_be_visible()
    assert answer(server)["age"] == "4"


def test_a_pattern_is_the_browsers_matter(page: Page) -> None:
    """A text that does not match its pattern stays where it is, with the form's words."""
    name = page.locator("[name=name]")
    name.fill("R2D2")

    assert name.evaluate("field => field.validationMessage") == "Letters only."
    name.fill("REX")
    assert name.evaluate("field => field.validationMessage") == ""


def test_a_form_fits_a_phone(page: Page) -> None:
    """At 360 pixels nothing sticks out."""
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_a_form_in_preview_cannot_be_sent(
    server: Server, publish: Publish, browser: Browser
) -> None:
    """Before it is accepted, a form says so where its button is."""
    market = server.markets.production
    frame = market.preview(
        market.register(), publish(FORM), submit_to=server.origins.frames
    )
    page = browser.new_page()
    page.goto(frame.url)

    expect(page.get_by_role("button")).to_be_disabled()
    page.close()
