"""The stand-ins for Amazon's remote scripts, in a browser."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from crowdlab.questions import HTMLQuestion, parse_answers
from tests.server.conftest import Publish, Server

pytestmark = pytest.mark.browser

PICTURE = (
    "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' width='400' "
    "height='200'%3E%3Crect width='400' height='200' fill='%23cde'/%3E%3C/svg%3E"
)
HEAD = (
    '<!DOCTYPE html><script src="https://assets.crowd.aws/crowd-html-elements.js">'
    "</script>"
)


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page whose every complaint fails the test."""
    context = browser.new_context(viewport={"width": 900, "height": 700})
    context.set_default_timeout(5000)
    page = context.new_page()
    page.on("pageerror", lambda error: pytest.fail(str(error)))
    yield page
    context.close()


Work = Callable[..., "Task"]


class Task:
    """A HIT whose page is open in a browser, accepted or not."""

    def __init__(self, server: Server, page: Page, hit_id: str) -> None:
        self.page, self._server, self._hit_id = page, server, hit_id

    def open(self, *, preview: bool = False) -> "Task":
        market = self._server.markets.production
        worker_id, submit_to = market.register(), self._server.origins.frames
        frame = market.preview(worker_id, self._hit_id, submit_to=submit_to)
        if not preview:
            assignment_id = market.accept(worker_id, self._hit_id)
            frame = market.work(worker_id, assignment_id, submit_to=submit_to).frame
        self.page.goto(frame.url)
        return self

    def fields(self) -> dict[str, str]:
        """Every field that was submitted."""
        found = self._server.markets.production.call(
            "ListAssignmentsForHIT", {"HITId": self._hit_id}
        )
        return parse_answers(found["Assignments"][0]["Answer"])

    def submit(self) -> Any:
        """Sends the form, and gives the answer: the one object of taskAnswers."""
        self.page.get_by_role("button", name="Submit").click()
        expect(self.page.get_by_text("was received")).to_be_visible()
        (answer,) = json.loads(self.fields()["taskAnswers"])
        return answer


@pytest.fixture
def task(server: Server, publish: Publish, page: Page) -> Work:
    """Opens a page of crowd elements."""

    def task(body: str, *, preview: bool = False, form: str = "") -> Task:
        content = f"{HEAD}<crowd-form {form}>{body}</crowd-form>"
        hit_id = publish(HTMLQuestion(content, 500))
        return Task(server, page, hit_id).open(preview=preview)

    return task


def test_texts_are_answered_by_name(task: Work) -> None:
    """crowd-input and crowd-text-area answer with what was written."""
    work = task(
        '<crowd-input name="country" label="Country" required></crowd-input>'
        '<crowd-text-area name="weather" label="Weather" rows="3"></crowd-text-area>'
    )
    work.page.get_by_label("Country").fill("Perú")
    work.page.get_by_label("Weather").fill('"sun"\n<&>')

    assert work.submit() == {"country": "Perú", "weather": '"sun"\n<&>'}


def test_an_answer_is_one_field_with_a_list_of_one(task: Work) -> None:
    """The form posts ``taskAnswers`` alone, its names in alphabetical order."""
    work = task(
        '<crowd-input name="b" value="2"></crowd-input>'
        '<crowd-input name="a" value="1"></crowd-input>'
    )
    work.submit()

    assert work.fields() == {"taskAnswers": '[{"a":"1","b":"2"}]'}


def test_a_classifier_answers_with_its_label(task: Work) -> None:
    """crowd-classifier, its categories written with single quotes, as people do."""
    work = task(
        "<crowd-classifier name='sentiment' header='What is it?' "
        "categories=\"['Positive', 'Negative']\">"
        "<classification-target>I love it</classification-target>"
        "<short-instructions>Choose one.</short-instructions>"
        "<full-instructions>Read it first.</full-instructions></crowd-classifier>"
    )
    expect(work.page.get_by_text("I love it")).to_be_visible()
    expect(work.page.get_by_text("Choose one.")).to_be_visible()
    work.page.get_by_role("radio", name="Positive").click()

    assert work.submit() == {"sentiment": {"label": "Positive"}}


def test_an_image_classifier_shows_its_image(task: Work) -> None:
    """crowd-image-classifier shows the image, and a digit's key chooses."""
    work = task(
        f'<crowd-image-classifier name="pet" src="{PICTURE}" '
        'categories=\'["cat", "dog"]\' header="Which?"></crowd-image-classifier>'
    )
    image = work.page.get_by_role("img")
    assert image.evaluate("image => image.naturalWidth") == 400
    work.page.keyboard.press("2")

    assert work.submit() == {"pet": {"label": "dog"}}


BOXES = (
    f'<crowd-bounding-box name="annotatedResult" src="{PICTURE}" '
    "labels=\"['human', 'cat']\" header=\"Draw\" {}></crowd-bounding-box>"
)


def draw(page: Page, *corners: tuple[float, float]) -> None:
    """Drags from one corner to the other, in parts of the picture."""
    area = page.locator("crowd-bounding-box svg").bounding_box()
    assert area is not None
    points = [
        (area["x"] + x * area["width"], area["y"] + y * area["height"])
        for x, y in corners
    ]
    page.mouse.move(*points[0])
    page.mouse.down()
    page.mouse.move(*points[1], steps=3)
    page.mouse.up()


def test_boxes_are_in_pixels_of_the_image(task: Work) -> None:
    """crowd-bounding-box answers in the image's own pixels, whatever its size shown."""
    work = task(BOXES.format(""))
    work.page.set_viewport_size({"width": 320, "height": 600})
    draw(work.page, (0.75, 0.75), (0.25, 0.25))
    work.page.get_by_role("radio", name="cat").click()
    draw(work.page, (0.5, 0.5), (1.5, 1.5))

    answer = work.submit()["annotatedResult"]

    assert answer["inputImageProperties"] == {"height": 200, "width": 400}
    boxes = answer["boundingBoxes"]
    assert [box["label"] for box in boxes] == ["human", "cat"]
    wanted = [(100, 50, 200, 100), (200, 100, 200, 100)]
    for box, expected in zip(boxes, wanted, strict=True):
        values = [box[name] for name in ("left", "top", "width", "height")]
        assert values == pytest.approx(expected, abs=2)


def test_boxes_can_be_given_and_removed(task: Work) -> None:
    """Initial boxes are there, and each can be taken away by keyboard."""
    given = [
        {"label": label, "left": 1, "top": 2, "width": 3, "height": 4}
        for label in ("human", "cat")
    ]
    work = task(BOXES.format(f"initial-value='{json.dumps(given)}'"))
    work.page.get_by_role("button", name="Remove human").focus()
    work.page.keyboard.press("Enter")

    assert work.submit()["annotatedResult"]["boundingBoxes"] == given[1:]


def test_one_of_a_radio_group_is_true(task: Work) -> None:
    """Choosing another button of a crowd-radio-group takes back the first."""
    work = task(
        "<crowd-radio-group>"
        '<crowd-radio-button name="btn1" value="yes">Yes</crowd-radio-button>'
        '<crowd-radio-button name="btn2" value="no">No</crowd-radio-button>'
        "</crowd-radio-group>"
    )
    work.page.get_by_label("Yes").check()
    work.page.keyboard.press("ArrowDown")

    assert work.submit() == {"btn1": {"yes": False}, "btn2": {"no": True}}


def test_checkboxes_of_one_name_are_one_object(task: Work) -> None:
    """crowd-checkbox answers with a member for each value; without one it is "on"."""
    work = task(
        '<crowd-checkbox name="colour" value="Red" checked>Red</crowd-checkbox>'
        '<crowd-checkbox name="colour" value="Green">Green</crowd-checkbox>'
        '<crowd-checkbox name="sure">I am sure</crowd-checkbox>'
    )
    work.page.get_by_label("I am sure").check()

    assert work.submit() == {
        "colour": {"Green": False, "Red": True},
        "sure": {"on": True},
    }


def test_plain_fields_are_answered_too(task: Work) -> None:
    """Inputs of HTML inside a crowd-form are part of the answer."""
    work = task(
        '<input name="word" value="sol"><textarea name="more">dos</textarea>'
        '<select name="kind"><option>a</option></select>'
        '<input type="radio" name="side" value="left" checked>'
        '<input type="radio" name="side" value="right">'
        '<input type="hidden" name="submit" value="x">'
    )

    assert work.submit() == {
        "word": "sol",
        "more": "dos",
        "kind": "a",
        "side": {"left": True, "right": False},
        "submit": "x",
    }


def test_flattened_answers_are_fields_of_their_own(task: Work) -> None:
    """With ``answer-format="flatten-objects"`` each value is an answer by its path."""
    work = task(
        "<crowd-classifier name='mood' categories=\"['up']\"></crowd-classifier>"
        '<crowd-checkbox name="sure">Sure</crowd-checkbox>'
        '<input type="hidden" name="submit" value="x">'
        + BOXES.format("""initial-value='[{"label": "cat", "left": 1}]'"""),
        form='answer-format="flatten-objects"',
    )
    work.page.get_by_role("radio", name="up").click()
    work.page.get_by_role("button", name="Submit").click()
    expect(work.page.get_by_text("was received")).to_be_visible()

    assert work.fields() == {
        "annotatedResult.boundingBoxes": '[{"label":"cat","left":1}]',
        "annotatedResult.inputImageProperties.height": "200",
        "annotatedResult.inputImageProperties.width": "400",
        "mood.label": "up",
        "submit": "x",
        "sure.on": "false",
    }


def test_what_is_required_is_asked_for(task: Work) -> None:
    """An empty field that is required keeps the form, and says so."""
    work = task('<crowd-input name="word" label="Word" required></crowd-input>')
    work.page.get_by_role("button", name="Submit").click()
    expect(work.page.get_by_text("Please fill this in.")).to_be_visible()
    work.page.get_by_label("Word").fill("sol")

    assert work.submit() == {"word": "sol"}


def test_a_page_may_object(task: Work) -> None:
    """A page's own ``onsubmit`` can stop the form, and change values before it goes."""
    work = task(
        '<input type="hidden" name="n" id="n" value="0">'
        "<script>document.querySelector('crowd-form').onsubmit = (event) => {"
        "const n = document.getElementById('n'); n.value = Number(n.value) + 1;"
        "if (n.value === '1') event.preventDefault(); };</script>"
    )
    work.page.get_by_role("button", name="Submit").click()

    assert work.submit() == {"n": "2"}


def test_a_button_of_the_page_submits(task: Work) -> None:
    """A crowd-button of the page's own takes the place of the automatic one."""
    work = task(
        '<crowd-input name="word" value="sol"></crowd-input>'
        '<crowd-button form-action="submit" variant="primary">Submit it</crowd-button>'
    )
    expect(work.page.get_by_role("button")).to_have_count(1)

    assert work.submit() == {"word": "sol"}


def test_instructions_are_shown(task: Work) -> None:
    """The parts of crowd-instructions can be read."""
    work = task(
        "<crowd-instructions link-text='More'><short-summary>In short</short-summary>"
        "<detailed-instructions>At length</detailed-instructions></crowd-instructions>"
    )
    expect(work.page.get_by_text("In short")).to_be_visible()
    work.page.get_by_text("Full instructions").click()
    expect(work.page.get_by_text("At length")).to_be_visible()


def test_a_preview_cannot_be_sent(task: Work) -> None:
    """Before the HIT is accepted the button is dead, and a script can send nothing."""
    work = task('<crowd-input name="word" value="sol"></crowd-input>', preview=True)
    expect(work.page.get_by_role("button", name="Submit")).to_be_disabled()
    before = work.page.url
    work.page.evaluate("document.querySelector('crowd-form').submit()")

    assert work.page.url == before


def test_old_functions_are_there(server: Server, publish: Publish, page: Page) -> None:
    """The functions of externalHIT_v1.js answer as pages expect of them."""
    content = (
        '<!DOCTYPE html><script src="//s3.amazonaws.com/mturk-public/externalHIT_v1.js">'
        '</script><form id="mturk_form" method="post"><input name="a" value="1">'
        '<button id="submitButton">Submit</button></form>'
        "<script>turkSetAssignmentID()</script>"
    )
    work = Task(server, page, publish(HTMLQuestion(content))).open()

    assert page.evaluate("turkGetParam('none', 'otherwise')") == "otherwise"
    assert page.evaluate("gup('assignmentId')") in page.url
    assert page.evaluate("turkGetSubmitToHost()") == server.origins.frames
    page.get_by_role("button").click()
    expect(page.get_by_text("was received")).to_be_visible()
    assert work.fields() == {"a": "1"}
