"""Marking a picture: boxes, outlines and points drawn by mouse, keys and fingers."""

import itertools
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, CDPSession, expect

from crowdlab.templates import load_template
from tests.pages.conftest import Open
from tests.pages.easel import ROW, Easel, Point, picture

pytestmark = pytest.mark.browser

SQUARE = [(100.0, 100.0), (200.0, 100.0), (200.0, 200.0), (100.0, 200.0)]
BOW = [(100.0, 100.0), (200.0, 200.0), (200.0, 100.0), (100.0, 200.0)]


@pytest.fixture(scope="module")
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A screen that a picture of 600 by 400 pixels has room on."""
    context = browser.new_context(viewport={"width": 1024, "height": 900})
    context.set_default_timeout(5000)
    yield context
    context.close()


@pytest.fixture
def easel(open_task: Open) -> Easel:
    """An accepted task."""
    return Easel.open(open_task)


@pytest.fixture
def touched(browser: Browser, open_task: Open) -> Easel:
    """The same on a phone."""
    page = browser.new_page(viewport={"width": 360, "height": 740}, has_touch=True)
    page.set_default_timeout(5000)
    return Easel.open(open_task, page=page)


def _touch(fingers: CDPSession, kind: str, *points: Point) -> None:
    touched = [{"x": x, "y": y, "id": n} for n, (x, y) in enumerate(points)]
    fingers.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": touched})


@pytest.mark.parametrize("dpr", [1, 1.25, 2])
def test_a_box_is_where_it_was_drawn(
    browser: Browser, open_task: Open, dpr: float
) -> None:
    """Within 1.5 pixels of the picture: on any screen, zoomed, the page scrolled."""
    page = browser.new_page(
        viewport={"width": 900, "height": 600}, device_scale_factor=dpr
    )
    image = picture(1200, 800)
    easel = Easel.open(open_task, page=page, image=image, width=1200, height=800)
    page.evaluate("scrollBy(0, 37)")

    for zoom in ("100%", "225%", "506%"):
        assert zoom == easel.visit.text(".zoom")
        easel.drag((560.0, 370.0), (640.0, 430.0))
        easel.press("+", "+")

    for region in easel.regions():
        assert [560, 370, 80, 60] == pytest.approx(region["bbox"], abs=1.5)
        assert region["bbox"] == [round(n, 2) for n in region["bbox"]]
    assert 3 == len(easel.regions())
    page.context.close()


def test_a_box_is_drawn_from_any_corner(easel: Easel) -> None:
    """Dragged backwards it has sides above zero all the same."""
    for start, end in itertools.permutations(SQUARE, 2):
        if start[0] != end[0] and start[1] != end[1]:
            easel.drag(start, end)

    assert [[100, 100, 100, 100]] * 4 == easel.boxes()


def test_a_box_stays_in_the_picture(easel: Easel) -> None:
    """What is dragged beyond an edge ends at it."""
    easel.drag((500.0, 300.0), (900.0, 450.0))
    easel.drag((50.0, 40.0), (-60.0, -30.0))

    assert [[500, 300, 100, 100], [0, 0, 50, 40]] == easel.boxes()
    assert easel.visit.send()


def test_two_clicks_are_a_box(easel: Easel) -> None:
    """Nobody has to drag."""
    easel.click((100.0, 100.0), (200.0, 180.0))

    assert [[100, 100, 100, 80]] == easel.boxes()
    assert "click" == easel.regions()[0]["how"]


def test_keys_draw_move_resize_and_delete(easel: Easel) -> None:
    """All that the mouse does to a box is done without."""
    easel.press(
        "n", *["ArrowRight"] * 3, "Space", *["ArrowDown"] * 9, *["ArrowRight"] * 7
    )
    easel.press("Space")
    assert [[303, 200, 7, 9]] == easel.boxes()
    assert "keyboard" == easel.regions()[0]["how"]
    assert "Added: cat 1" == easel.said()

    easel.press("ArrowLeft", "ArrowUp", "ArrowUp")
    assert [[302, 198, 7, 9]] == easel.boxes()
    easel.press("Shift+ArrowRight", "Shift+ArrowUp")
    assert [[302, 198, 8, 8]] == easel.boxes()
    easel.press("Delete")

    assert [] == easel.regions()
    assert "Deleted: cat 1" == easel.said()


def test_keys_draw_an_outline_and_a_point(easel: Easel) -> None:
    """The cross sets corners; Enter closes."""
    easel.press("p", "n", "Space", *["ArrowRight"] * 9, "Space", *["ArrowDown"] * 9)
    easel.press("Space", "Enter", "o", "n", "ArrowLeft", "Space")

    assert [[[300, 200], [309, 200], [309, 209]], [[299, 200]]] == easel.outlines()


def test_every_class_has_a_key(open_task: Open) -> None:
    """Thirteen classes are reached by 1 to 9, 0 and letters, and by the list."""
    row = load_template("region-annotation").examples()[0]
    easel = Easel.open(open_task, **row)
    names = [each["value"] for each in row["classes"]]

    for n, key in enumerate("1234567890qwe"):
        easel.press(key)
        easel.drag((20.0 + 60 * n, 20.0), (60.0 + 60 * n, 80.0))
    easel.choose_class("Tube")
    easel.drag((20.0, 200.0), (60.0, 280.0))

    assert [*names, "Tubo"] == [
        region["cls"] for region in easel.visit.send()["regions"]
    ]
    assert 13 == len(names)


def test_too_small_is_refused(easel: Easel) -> None:
    """And said in words that readers of the screen hear."""
    easel.drag((100.0, 100.0), (102.0, 200.0))

    assert [] == easel.regions()
    assert "Refused: that is too small" == easel.said()
    assert "status" == easel.visit.page.get_attribute("#said", "role")


@pytest.mark.parametrize("close", ["Enter", "first", "twice", "button"])
def test_an_outline_is_closed(easel: Easel, close: str) -> None:
    """By a key, at its first corner, by a double click or by a button."""
    easel.tool("polygon")
    easel.click(*SQUARE)
    if close == "Enter":
        easel.press("Enter")
    elif close == "first":
        easel.click(SQUARE[0])
    elif close == "twice":
        easel.click(SQUARE[3])
    else:
        easel.button("close")

    assert [[list(point) for point in SQUARE]] == easel.outlines()
    assert "click" == easel.regions()[0]["how"]


def test_escape_cancels_an_outline(easel: Easel) -> None:
    """Nothing is left of it."""
    easel.tool("polygon")
    easel.click(*SQUARE)

    easel.press("Escape")
    easel.press("Enter")

    assert [] == easel.regions()
    assert "Cancelled" == easel.said()


def test_undo_takes_back_a_corner(easel: Easel) -> None:
    """While an outline is open, undo goes corner by corner."""
    easel.tool("polygon")
    easel.click(*SQUARE[:2], (333.0, 333.0))
    easel.press("Control+z")
    easel.click(*SQUARE[2:])
    easel.press("Enter")

    assert [[list(point) for point in SQUARE]] == easel.outlines()


def test_an_outline_may_not_cross_itself(easel: Easel) -> None:
    """A bow tie, whose area is nothing, is refused for its crossing."""
    easel.tool("polygon")
    easel.click(*BOW)
    easel.press("Enter")

    assert [] == easel.regions()
    assert "Refused: the outline would cross or touch itself" == easel.said()


def test_an_outline_needs_three_corners_and_an_area(open_task: Open) -> None:
    """Two corners are not closed; what is small is refused."""
    easel = Easel.open(open_task, min_area=200)
    easel.tool("polygon")

    easel.click(*SQUARE[:2])
    easel.press("Enter")
    assert "Refused: an outline has three corners or more" == easel.said()
    easel.click((120.0, 101.5))
    easel.press("Enter")

    assert "Refused: that is too small" == easel.said()
    assert [] == easel.regions()


def test_points_are_clicks(easel: Easel) -> None:
    """One click, one point."""
    easel.tool("point")

    easel.click((120.0, 130.0), (220.0, 230.0))

    assert [[[120, 130]], [[220, 230]]] == easel.outlines()
    assert 2 == len(easel.visit.send()["regions"])


def test_selecting_draws_nothing(easel: Easel) -> None:
    """Dragging beside everything moves the zoomed picture instead."""
    easel.press("v", "+", "+")
    before = easel.place(0, 0)

    easel.drag((300.0, 200.0), (340.0, 220.0))

    assert [] == easel.regions()
    assert before != easel.place(0, 0)


def test_space_moves_the_picture(easel: Easel) -> None:
    """With the box in hand, too."""
    easel.press("+", "+")
    before = easel.place(0, 0)

    easel.visit.page.keyboard.down("Space")
    easel.drag((300.0, 200.0), (340.0, 220.0))
    easel.visit.page.keyboard.up("Space")
    assert [] == easel.regions()
    assert before != easel.place(0, 0)
    easel.drag((300.0, 200.0), (340.0, 220.0))

    assert 1 == len(easel.regions())


def test_one_finger_draws(touched: Easel) -> None:
    """A box is dragged, an outline is tapped, and the page stays where it is."""
    fingers = touched.fingers()
    at = touched.visit.page.evaluate("scrollY")
    (x, y), (right, bottom) = touched.place(100, 100), touched.place(300, 250)
    _touch(fingers, "touchStart", (x, y))
    for part in (0.3, 0.6, 1):
        place = (x + (right - x) * part, y + (bottom - y) * part)
        _touch(fingers, "touchMove", place)
    _touch(fingers, "touchEnd")
    assert [100, 100, 200, 150] == pytest.approx(touched.boxes()[0], abs=3)
    assert at == touched.visit.page.evaluate("scrollY")

    touched.tool("polygon")
    touched.visit.page.locator(".scene").scroll_into_view_if_needed()
    for point in [(400, 100), (550, 100), (550, 300), (400, 100)]:
        touched.visit.page.touchscreen.tap(*touched.place(*point))

    assert ["box", "polygon"] == [region["kind"] for region in touched.regions()]
    assert 3 == len(touched.regions()[1]["points"])


def test_two_fingers_draw_nothing(touched: Easel) -> None:
    """A pinch zooms, and what its first finger began is forgotten."""
    fingers = touched.fingers()
    x, y = touched.place(300, 200)
    _touch(fingers, "touchStart", (x - 20, y))
    _touch(fingers, "touchMove", (x - 22, y))
    _touch(fingers, "touchStart", (x - 22, y), (x + 20, y))
    for gap in (30, 50, 70):
        _touch(fingers, "touchMove", (x - gap, y), (x + gap, y))
    _touch(fingers, "touchEnd")

    expect(touched.visit.page.locator(".zoom")).not_to_have_text("100%")
    assert [] == touched.regions()
    assert touched.visit.page.locator(".tops path").count() == 0


def test_a_picture_of_another_size_is_refused(
    open_task: Open,
) -> None:
    """Coordinates would be those of another picture: nothing can be sent."""
    visit = open_task({**ROW, "width": 400, "height": 600}, "region-annotation")

    expect(visit.page.locator(".stage [role=alert]")).to_contain_text(
        "and should have 400"
    )
    assert visit.page.is_disabled("#submit")


def test_the_page_knows_no_gold(open_task: Open) -> None:
    """What is known to be there is not in the page."""
    gold = [{"cls": "cat", "kind": "box", "bbox": [123, 77, 41, 59]}]
    easel = Easel.open(open_task, gold=gold)

    assert "[123,77,41,59]" not in easel.visit.page.content()
