"""The picture that is zoomed and moved."""

import base64
import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Browser, CDPSession, Page, expect

from crowdlab.templates import load_template
from tests.pages.conftest import Open
from tests.pages.site import Visit

pytestmark = pytest.mark.browser

WIDTH, HEIGHT = 800, 600
FILES = {
    "template.toml": """
version = "1"
title = "Look at a picture"
description = "Look at a picture."
keywords = "picture"
languages = ["en", "es"]
reward = "0.05"
seconds_per_task = 15
duration_seconds = 600
lifetime_seconds = 604800
auto_approval_seconds = 259200
parts = ["stage"]
[votes]
kind = "one-label"
answer = "label"
choices = "choices"
""",
    "input.schema.json": """{"type": "object", "properties": {
      "url": {"type": "string"}, "width": {"type": "integer"}, "height": {"type": "integer"},
      "tool": {"enum": ["pan", "draw"], "default": "pan"}, "choices": {"default": ["a", "b"]}}}""",
    "answer.schema.json": '{"type": "object", "properties": {"label": {"type": "string"}}}',
    "page.html": '<h1 data-t="title"></h1><div id="map"></div><p><textarea id="words" aria-label="Words"></textarea></p>'
    '<div class="after"></div>',
    "page.js": """
const told = [];
const draw = Object.fromEntries(["down", "move", "up", "hover"].map((name) => [name, ({ x, y }) => told.push([name, x, y])]));
draw.cancel = () => told.push(["cancel"]);
const scene = crowdlab.stage({
  node: document.getElementById("map"),
  width: input.width, height: input.height, url: input.url, id: "map", label: "map",
  tool: () => input.tool,
  draw,
  keys: (event) => event.key === "k" && told.push(["key"]) > 0,
  changed: () => told.push(["changed"]),
});
scene.layer.append(crowdlab.shape("circle", { cx: 200, cy: 150, r: 5, fill: "#f0f" }));
crowdlab.start({ answer: () => ({ label: "a" }) });
""",
    "style.css": ".after { height: 150vh; }",
    "messages.en.json": '{"title": "Look", "rules": "Look.", "map": "Map"}',
    "messages.es.json": '{"title": "Mira", "rules": "Mira.", "map": "Mapa"}',
    "example.jsonl": "{}",
}
SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="800" height="600" viewBox="0 0 800 600">'
    '<rect width="800" height="600" fill="#eee"/><rect x="400" y="300" width="40" height="30"/></svg>'
)
PICTURE = "data:image/svg+xml;base64," + base64.b64encode(SVG.encode()).decode()
ROW = {"url": PICTURE, "width": WIDTH, "height": HEIGHT}

AT = (
    "([x, y]) => { const p = scene.at({ clientX: x, clientY: y }); return [p.x, p.y]; }"
)
VIEW = "scene.svg.getAttribute('viewBox').split(' ').map(Number)"

BLACK = (0, 0, 0)

Show = Callable[..., Visit]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A template that is a stage and little else."""
    folder = tmp_path_factory.mktemp("templates") / "look"
    folder.mkdir()
    for name, text in FILES.items():
        (folder / name).write_text(text, "utf-8")
    return folder


@pytest.fixture
def show(open_task: Open, folder: Path) -> Show:
    """Opens a stage, its picture loaded."""

    def show(page: Page | None = None, **changes: Any) -> Visit:
        visit = open_task({**ROW, **changes}, load_template(folder), page=page)
        expect(visit.page.locator("#submit")).to_be_enabled()
        return visit

    return show


@pytest.fixture
def touched(browser: Browser, show: Show) -> Iterator[Show]:
    """Opens a stage on a telephone."""
    page = browser.new_page(viewport={"width": 360, "height": 640}, has_touch=True)
    yield lambda **changes: show(page, **changes)
    page.close()


def _centre(visit: Visit) -> tuple[float, float]:
    box = visit.page.locator(".scene").bounding_box()
    assert box
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def _at(visit: Visit, x: float, y: float) -> list[float]:
    point: list[float] = visit.page.evaluate(AT, [x, y])
    return point


def _colour(visit: Visit, x: float, y: float) -> tuple[int, ...]:
    png = visit.page.screenshot(clip={"x": x, "y": y, "width": 1, "height": 1})
    pixel = Image.open(io.BytesIO(png)).convert("RGB").getpixel((0, 0))
    assert isinstance(pixel, tuple)
    return tuple(int(value) for value in pixel)


def _touch(fingers: CDPSession, kind: str, *points: tuple[float, float]) -> None:
    touched = [{"x": x, "y": y, "id": n} for n, (x, y) in enumerate(points)]
    fingers.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": touched})


def _wait(visit: Visit, fact: str) -> None:
    """Waits until the fact holds; Playwright's own way needs what the policy forbids."""
    for _ in range(250):
        if visit.page.evaluate(fact):
            return
        visit.page.wait_for_timeout(20)
    pytest.fail(f"never: {fact}")


def _zoom(visit: Visit) -> float:
    zoom: float = visit.page.evaluate("scene.zoom()")
    return zoom


def test_a_point_of_the_screen_is_a_point_of_the_picture(
    browser: Browser, show: Show
) -> None:
    """Scaled by the window, the screen and the zoom, on a scrolled page, a pixel's place is right."""
    for scale in (1, 1.25, 2):
        page = browser.new_page(
            viewport={"width": 777, "height": 700}, device_scale_factor=scale
        )
        visit = show(page)
        for zoom in (1, 2.5, 8):
            visit.page.evaluate(f"scrollTo(0, {20 * zoom}), scene.by({zoom})")
            mark = visit.page.locator(".scene circle").bounding_box()
            assert mark
            x, y = mark["x"] + mark["width"] / 2, mark["y"] + mark["height"] / 2
            assert [200, 150] == pytest.approx(_at(visit, x, y), abs=0.5)
            visit.page.evaluate("scene.fit()")
        visit.page.close()


def test_the_picture_lies_on_its_pixels(show: Show) -> None:
    """What the picture shows at a pixel is seen where the stage says that pixel is."""
    visit = show()
    for zoom in (1, 4):
        visit.page.evaluate(f"scene.show(380, 290, {800 / zoom}, {600 / zoom})")
        box = visit.page.locator(".scene").bounding_box()
        assert box
        inside, outside = (
            visit.page.evaluate(
                """(x) => { const p = new DOMPoint(x, 315).matrixTransform(scene.layer.getScreenCTM());
                return [p.x, p.y]; }""",
                x,
            )
            for x in (402, 398)
        )
        assert BLACK == _colour(visit, *inside)
        assert BLACK != _colour(visit, *outside)


def test_the_wheel_zooms_about_the_pointer(show: Show) -> None:
    """What is under the pointer stays there, to half a pixel of the screen."""
    visit = show()
    x, y = _centre(visit)
    x, y = x - 111, y + 77
    visit.page.mouse.move(x, y)
    before = _at(visit, x, y)

    for _ in range(6):
        visit.page.mouse.wheel(0, -100)
    _wait(visit, "scene.zoom() > 3")

    unit = visit.page.evaluate("scene.unit()")
    assert before == pytest.approx(_at(visit, x, y), abs=0.5 * unit)


def test_the_wheel_scrolls_a_page_that_it_cannot_zoom(show: Show) -> None:
    """Seen whole, the picture lets the page scroll; zoomed, it does not."""
    visit = show()
    visit.page.evaluate(
        "held = [], addEventListener('wheel', (e) => held.push(e.defaultPrevented))"
    )
    visit.page.mouse.move(*_centre(visit))

    visit.page.mouse.wheel(0, -200)
    _wait(visit, "scene.zoom() > 1.4")
    visit.page.mouse.wheel(0, 1000)
    _wait(visit, "scene.zoom() === 1")
    visit.page.mouse.wheel(0, 100)

    _wait(visit, "scrollY > 50")
    assert 1 == _zoom(visit)
    assert [True, True, False] == visit.page.evaluate("held")


def test_keys_work_while_the_stage_has_the_focus(show: Show) -> None:
    """Plus, minus and nought zoom, arrows move; written into a text they are letters."""
    visit = show()
    visit.page.locator(".scene").focus()

    for key, zoom in {"+": 1.5, "=": 2.25, "-": 1.5}.items():
        visit.page.keyboard.press(key)
        assert zoom == pytest.approx(_zoom(visit))
    x, y, *_ = visit.page.evaluate(VIEW)
    visit.page.keyboard.press("ArrowRight")
    visit.page.keyboard.press("ArrowUp")
    assert [x + 800 / 7.5, max(0, y - 600 / 7.5)] == pytest.approx(
        visit.page.evaluate(VIEW)[:2], abs=0.01
    )
    visit.page.keyboard.press("0")
    assert 1 == _zoom(visit)

    visit.page.locator("#words").focus()
    visit.page.keyboard.type("+-0=")
    assert 1 == _zoom(visit)
    assert "+-0=" == visit.page.input_value("#words")


def test_a_template_may_use_keys_itself(show: Show) -> None:
    """A key is offered to the template first; with Ctrl it is the browser's."""
    visit = show()
    visit.page.locator(".scene").focus()

    visit.page.keyboard.press("k")
    visit.page.keyboard.press("Control+=")

    assert ["key"] in visit.page.evaluate("told")
    assert 1 == _zoom(visit)


def test_dragging_keeps_the_point_under_the_pointer(show: Show) -> None:
    """The picture is moved as if held."""
    visit = show()
    x, y = _centre(visit)
    visit.page.evaluate("scene.by(4)")
    before = _at(visit, x, y)

    visit.page.mouse.move(x, y)
    visit.page.mouse.down()
    visit.page.mouse.move(x - 40, y + 25, steps=4)
    visit.page.mouse.up()

    assert before == pytest.approx(_at(visit, x - 40, y + 25), abs=0.3)
    visit.page.mouse.move(x, y)
    assert before == pytest.approx(_at(visit, x - 40, y + 25), abs=0.3)


def test_buttons_do_what_dragging_does(show: Show) -> None:
    """Whoever cannot drag moves the picture by single clicks."""
    visit = show()
    button = visit.page.get_by_role
    button("button", name="Zoom in").click()
    visit.page.get_by_text("Move", exact=True).click()
    x, y, *_ = visit.page.evaluate(VIEW)

    button("button", name="Move right").click()
    button("button", name="Move down").click()

    after = visit.page.evaluate(VIEW)
    assert after[0] > x
    assert after[1] > y
    button("button", name="Fit").click()
    assert [0, 0, WIDTH, HEIGHT] == visit.page.evaluate(VIEW)


def test_the_picture_cannot_be_lost(show: Show) -> None:
    """It zooms from 100 to 800 %, never beyond its edges, and buttons say where the end is."""
    visit = show()
    name = visit.page.get_by_role
    visit.page.get_by_text("Move", exact=True).click()
    for label in ("Zoom out", "Fit", "Move left", "Move right", "Move up", "Move down"):
        expect(name("button", name=label)).to_be_disabled()

    visit.page.evaluate("scene.by(100), scene.pan(-9999, 9999)")

    assert [0, 525, 100, 75] == pytest.approx(visit.page.evaluate(VIEW))
    assert "800%" == visit.text(".zoom")
    for label in ("Zoom in", "Move left", "Move down"):
        expect(name("button", name=label)).to_be_disabled()
    for label in ("Zoom out", "Move right", "Move up"):
        expect(name("button", name=label)).to_be_enabled()
    visit.page.evaluate("scene.by(0.001)")
    assert [0, 0, WIDTH, HEIGHT] == visit.page.evaluate(VIEW)


def test_a_button_that_ends_keeps_the_focus(show: Show) -> None:
    """Who works by keys stays where they are when nothing is left to zoom."""
    visit = show()
    button = visit.page.get_by_role("button", name="Zoom in")
    button.focus()

    for _ in range(8):
        visit.page.keyboard.press("Enter")

    assert 8 == _zoom(visit)
    expect(button).to_be_focused()


def test_one_pointer_draws(show: Show) -> None:
    """In draw mode a pointer moves nothing; its points are the picture's, clipped to it."""
    visit = show(tool="draw")
    x, y = _centre(visit)
    unit = visit.page.evaluate("scene.unit()")

    visit.page.mouse.move(x, y)
    visit.page.mouse.down()
    visit.page.mouse.move(x + 30, y + 10)
    visit.page.mouse.move(x + 3000, y + 10)
    visit.page.mouse.up()

    told = [each for each in visit.page.evaluate("told") if each != ["changed"]]
    assert ["hover", "down", "move", "move", "up"] == [name for name, *_ in told]
    assert [400, 300] == pytest.approx(told[1][1:], abs=0.5)
    assert [400 + 30 * unit, 300 + 10 * unit] == pytest.approx(told[2][1:], abs=0.5)
    assert [WIDTH, 300 + 10 * unit] == pytest.approx(told[3][1:], abs=0.5)
    assert 1 == _zoom(visit)


def test_nothing_is_drawn_while_moving(show: Show) -> None:
    """In pan mode drawing hears of nothing; the right button does not even move."""
    visit = show()
    x, y = _centre(visit)
    visit.page.evaluate("scene.by(2)")

    for button in ("left", "middle", "right"):
        before = visit.page.evaluate("scene.svg.getAttribute('viewBox')")
        visit.page.mouse.move(x, y)
        visit.page.mouse.down(button=button)
        visit.page.mouse.move(x + 20, y)
        visit.page.mouse.up(button=button)

        moved = visit.page.evaluate("scene.svg.getAttribute('viewBox')") != before
        assert moved == (button != "right")

    assert {"changed"} == {name for name, *_ in visit.page.evaluate("told")}


def test_two_fingers_zoom(touched: Show) -> None:
    """Spread, they zoom about the point between them; what a finger drew is cancelled."""
    visit = touched(tool="draw")
    x, y = _centre(visit)
    before = _at(visit, x, y)
    fingers = visit.page.context.new_cdp_session(visit.page)

    _touch(fingers, "touchStart", (x - 20, y))
    _touch(fingers, "touchStart", (x - 20, y), (x + 20, y))
    for gap in (30, 40, 60):
        _touch(fingers, "touchMove", (x - gap, y), (x + gap, y))
    _touch(fingers, "touchEnd")

    assert 3 == pytest.approx(_zoom(visit), abs=0.01)
    assert before == pytest.approx(_at(visit, x, y), abs=0.5)
    told = [name for name, *_ in visit.page.evaluate("told") if name != "changed"]
    assert ["down", "cancel"] == told
    assert 0 == visit.page.evaluate("scrollY")


def test_one_finger_moves_a_zoomed_picture(touched: Show) -> None:
    """Seen whole, the picture lets a finger scroll the page; zoomed, it is moved."""
    visit = touched()
    x, y = _centre(visit)
    fingers = visit.page.context.new_cdp_session(visit.page)

    def swipe() -> None:
        _touch(fingers, "touchStart", (x, y))
        for step in (10, 20, 40, 60):
            _touch(fingers, "touchMove", (x, y - step))
        _touch(fingers, "touchEnd")

    visit.page.evaluate("scene.by(4)")
    before = visit.page.evaluate(VIEW)
    swipe()
    assert visit.page.evaluate(VIEW)[1] > before[1]
    assert 0 == visit.page.evaluate("scrollY")

    visit.page.evaluate("scene.fit()")
    swipe()
    _wait(visit, "scrollY > 20")


def test_a_finger_draws_without_scrolling(touched: Show) -> None:
    """In draw mode the page stays where it is, zoomed or not."""
    visit = touched(tool="draw")
    x, y = _centre(visit)
    fingers = visit.page.context.new_cdp_session(visit.page)

    _touch(fingers, "touchStart", (x, y))
    for step in (10, 20, 40, 60):
        _touch(fingers, "touchMove", (x, y - step))
    _touch(fingers, "touchEnd")

    assert "up" == visit.page.evaluate("told.at(-1)[0]")
    assert 0 == visit.page.evaluate("scrollY")


def test_gestures_are_told_sparingly(show: Show) -> None:
    """A gesture of many steps is one event, told with its means."""
    visit = show()
    visit.page.mouse.move(*_centre(visit))
    for _ in range(8):
        visit.page.mouse.wheel(0, -40)
    _wait(visit, "scene.zoom() > 1.8")
    visit.page.get_by_role("button", name="Zoom out").click()

    events = visit.send()["telemetry"]["events"]

    assert [["zoom", "wheel"], ["zoom", "button"]] == [
        event[1:] for event in events if event[1] in {"zoom", "pan"}
    ]


@pytest.mark.parametrize(
    "size", [{"width": 801}, {"height": 599}, {"width": 600, "height": 800}]
)
def test_a_picture_of_another_size_is_refused(
    open_task: Open, folder: Path, size: dict[str, int]
) -> None:
    """Where places would be wrong nothing can be sent, and it is said why, in each language."""
    visit = open_task({**ROW, **size}, load_template(folder))
    expected = {"width": 800, "height": 600, **size}

    expect(visit.page.locator("#map [role=alert]")).to_contain_text(
        f"800 \u00d7 600 pixels and should have {expected['width']} \u00d7 {expected['height']}"
    )
    assert visit.page.is_disabled("#submit")
    visit.page.select_option("#language", "es")
    assert "800 \u00d7 600 píxeles" in visit.text("#map [role=alert]")


def test_a_stage_may_have_no_picture(show: Show) -> None:
    """It is then a sheet to draw on, ready at once."""
    row = {name: value for name, value in ROW.items() if name != "url"}
    visit = show(**{**row, "url": ""})

    assert "a" == visit.send()["label"]


def test_the_stage_is_named_and_reached_by_keys(show: Show) -> None:
    """It has a name and a hint in the worker's language, and a visible focus."""
    visit = show()
    visit.page.select_option("#language", "es")
    scene = visit.page.get_by_role("application", name="Mapa")

    scene.focus()
    visit.page.keyboard.press("Shift+Tab")
    visit.page.keyboard.press("Tab")

    expect(scene).to_be_focused()
    assert "none" != scene.evaluate("node => getComputedStyle(node).outlineStyle")
    expect(scene).to_have_accessible_description(
        "Acerca con la rueda o las teclas + y \u2212, con 0 se ve todo; mueve arrastrando o con las flechas."
    )
    expect(visit.page.get_by_role("button", name="Acercar")).to_be_visible()
    assert "100 %" == visit.text(".zoom")
