"""Selecting images."""

import pytest
from playwright.sync_api import Browser, Route

from crowdlab.samples import digits
from tests.pages.conftest import Open
from tests.pages.site import Site, Visit

pytestmark = pytest.mark.browser

GRID = next(digits().rows())
IDS = [str(n) for n in range(1, 10)]


def _open(open_task: Open, **settings: object) -> Visit:
    visit = open_task({**GRID, **settings}, "image-selection")
    visit.page.wait_for_selector("#submit:enabled")
    return visit


def _problem(visit: Visit) -> str:
    visit.page.click("#submit")
    return visit.text("#error-list")


def test_the_answer_lists_ids(open_task: Open) -> None:
    """Tiles are shown in an order of the assignment's own, and told by their ids."""
    visit = _open(open_task)
    boxes = visit.page.locator(".tile input")

    boxes.nth(0).check()
    boxes.nth(4).check()
    answer = visit.send()

    assert IDS == sorted(answer["shown"])
    assert IDS != answer["shown"]
    assert [answer["shown"][0], answer["shown"][4]] == answer["selected"]
    votes = dict(visit.template.votes(visit.task, answer))
    assert {f"{GRID['task']}/{tile}" for tile in answer["selected"]} == {
        thing for thing, label in votes.items() if label == "yes"
    }


@pytest.mark.parametrize("allowed", [True, False])
def test_a_rule_tells_of_none_where_there_is_none(
    open_task: Open, *, allowed: bool
) -> None:
    """Who cannot say that no image fits is not told to, in any language."""
    visit = _open(open_task, allow_none=allowed)
    said = []
    for language in ("es", "en"):
        visit.page.select_option("#language", language)
        said.append(visit.page.locator("#rules li").all_inner_texts()[2:])

    assert said == [
        ["Si ninguna imagen sirve, indícalo debajo de ellas."] * allowed,
        ["If no image fits, say so below them."] * allowed,
    ]
    assert visit.page.locator("#none").is_visible() == allowed


def test_a_tile_shows_the_image_of_its_id(open_task: Open) -> None:
    """Whatever the order, the id belongs to the picture that is seen."""
    visit = _open(open_task)
    sources = visit.page.locator(".tile img").evaluate_all(
        "all => all.map((image) => image.src)"
    )
    visit.page.check("#none")

    shown = visit.send()["shown"]

    assert sources == [GRID["images"][int(tile) - 1] for tile in shown]


def test_the_order_is_of_the_assignment(open_task: Open) -> None:
    """A reload keeps the order; another assignment has another; it can be kept as given."""
    orders = []
    for assignment in ("A1", "A1", "A2"):
        visit = open_task(GRID, "image-selection", assignment=assignment)
        visit.page.check("#none")
        orders.append(visit.send()["shown"])
    kept = _open(open_task, shuffle=False)
    kept.page.check("#none")

    assert orders[0] == orders[1] != orders[2]
    assert IDS == kept.send()["shown"]


def test_every_place_is_as_likely(open_task: Open) -> None:
    """Over many assignments, a tile is found everywhere."""
    visit = _open(open_task)
    places = visit.page.evaluate(
        """() => {
          const firsts = Array(9).fill(0);
          for (let n = 0; n < 900; n++) firsts[mixed(IDS9, hash("A" + n)).indexOf("1")]++;
          return firsts;
        }""".replace("IDS9", str(IDS))
    )

    assert 900 == sum(places)
    assert min(places) > 60


def test_none_excludes_tiles(open_task: Open) -> None:
    """Saying that none fits takes every selection back, and the other way round."""
    visit = _open(open_task)
    first = visit.page.locator(".tile input").first

    first.check()
    visit.page.check("#none")
    assert not first.is_checked()
    first.check()
    assert not visit.page.is_checked("#none")
    visit.page.check("#none")

    answer = visit.send()
    assert (True, []) == (answer["none"], answer["selected"])
    assert 2 == answer["telemetry"]["counts"]["tile"]


def test_limits_are_kept(open_task: Open) -> None:
    """Too few and too many are told apart, with numbers."""
    visit = _open(open_task, min=2, max=3, allow_none=False)
    boxes = visit.page.locator(".tile input")

    assert "Select 2 to 3." == visit.text("#limits")
    assert visit.page.is_hidden("#none")
    assert "Select the images that fit" == _problem(visit)
    boxes.nth(0).check()
    assert "Selected: 1" == visit.text("#state")
    assert "Select 2 or more; you selected 1" == _problem(visit)
    for n in (1, 2, 3):
        boxes.nth(n).check()
    assert "Select 3 at most; you selected 4" == _problem(visit)
    boxes.nth(0).uncheck()
    assert 3 == len(visit.send()["selected"])


def test_tiles_are_worked_by_keys(open_task: Open) -> None:
    """Arrows move by rows and columns, Space selects."""
    visit = _open(open_task)
    visit.page.locator(".tile input").first.focus()

    for key in (
        "ArrowRight",
        "ArrowDown",
        "Space",
        "ArrowLeft",
        "ArrowUp",
        "Space",
        "ArrowUp",
    ):
        visit.page.keyboard.press(key)

    checked = visit.page.locator(".tile input").evaluate_all(
        "all => all.map((box) => box.checked)"
    )
    assert [0, 4] == [n for n, is_checked in enumerate(checked) if is_checked]


def test_a_click_anywhere_on_a_tile_selects_it(open_task: Open) -> None:
    """The whole tile is the target; a second click takes it back."""
    visit = _open(open_task)
    tile = visit.page.locator(".tile").nth(5)

    tile.click(position={"x": 40, "y": 60})
    assert tile.locator("input").is_checked()
    tile.click(position={"x": 60, "y": 30})

    assert not tile.locator("input").is_checked()


def test_an_image_can_be_enlarged(open_task: Open) -> None:
    """By key and by button; Escape closes, and the focus is where it was."""
    visit = _open(open_task)
    box = visit.page.locator(".tile input").nth(2)
    box.focus()

    visit.page.keyboard.press("Enter")
    width = visit.page.locator("#large img").bounding_box()
    assert width is not None
    assert width["width"] > 400
    visit.page.keyboard.press("Escape")
    assert visit.page.is_hidden("#large")
    assert box.evaluate("node => node === document.activeElement")

    loupe = visit.page.locator(".loupe").nth(2)
    loupe.click()
    assert visit.page.is_visible("#large")
    visit.page.click("#close")
    assert loupe.evaluate("node => node === document.activeElement")
    assert not box.is_checked()


@pytest.mark.parametrize(("n", "width"), [(9, 320), (16, 320), (16, 360), (25, 320)])
def test_tiles_fit_a_phone(open_task: Open, n: int, width: int) -> None:
    """Grids keep their columns on a phone, with tiles of 44 pixels at least."""
    images = [GRID["images"][0]] * n
    visit = open_task({"target": "a 0", "images": images}, "image-selection")
    visit.page.set_viewport_size({"width": width, "height": 640})

    boxes = visit.page.locator(".tile").evaluate_all(
        "all => all.map((tile) => tile.getBoundingClientRect()).map(({x, width, height}) => [Math.round(x), width, height])"
    )

    assert n**0.5 == len({x for x, _, _ in boxes})
    assert min(min(w, h) for _, w, h in boxes) >= 44


def test_nothing_tells_the_answer(open_task: Open) -> None:
    """Images have no alternative text, only a number."""
    visit = _open(open_task)

    names = visit.page.locator(".tile input").evaluate_all(
        "all => all.map((box) => box.ariaLabel)"
    )

    assert [f"Image {n} of 9" for n in range(1, 10)] == names
    assert {""} == set(
        visit.page.locator("img").evaluate_all("all => all.map((i) => i.alt)")
    )


def test_gold_is_not_in_the_page(open_task: Open) -> None:
    """Known tiles look like any other, and what is known is asked of no worker."""
    visit = _open(open_task, gold={"3": "yes", "7": "no"})

    assert visit.page.evaluate("'gold' in input") is False
    assert "gold" not in visit.page.content()
    visit.page.check("#none")
    assert {f"{GRID['task']}/3": "yes", f"{GRID['task']}/7": "no"} == (
        visit.template.gold(visit.task)
    )
    assert visit.send()


def test_a_finger_selects_and_enlarges(
    open_task: Open, browser: Browser, visits: list[Visit]
) -> None:
    """On a touch screen every tile has its button, large enough, always there."""
    context = browser.new_context(
        viewport={"width": 360, "height": 640}, has_touch=True, is_mobile=True
    )
    visit = open_task(GRID, "image-selection", page=context.new_page())
    visit.page.wait_for_selector("#submit:enabled")
    loupe = visit.page.locator(".loupe").nth(4)

    visit.page.locator(".tile input").nth(4).tap(position={"x": 12, "y": 12})
    assert {"1"} == set(
        visit.page.locator(".loupe").evaluate_all(
            "all => all.map((node) => getComputedStyle(node).opacity)"
        )
    )
    loupe.tap()
    assert visit.page.is_visible("#large img")
    visit.page.locator("#close").tap()

    assert loupe.evaluate("node => node === document.activeElement")
    answer = visit.send()
    assert [answer["shown"][4]] == answer["selected"]
    visits.remove(visit)
    context.close()


def test_a_broken_image_holds_the_answer_back(open_task: Open, site: Site) -> None:
    """It is said, noted, and mended by trying again."""
    broken = f"{site.address}/gone.svg"
    visit = open_task(
        {"target": "x", "images": [GRID["images"][0], broken]}, "image-selection"
    )
    visit.page.wait_for_selector("#notice:not([hidden])")

    assert "A picture is missing" == visit.text("#submit")
    assert visit.page.is_disabled("#submit")
    assert "did not load" in visit.text("#notice")
    assert visit.complaints == [
        "Failed to load resource: the server responded with a status of 404 (Not Found)"
    ]
    visit.complaints.clear()

    site.put(
        "/gone.svg",
        '<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"/>',
        "image/svg+xml",
    )
    visit.page.get_by_text("Try again").click()
    visit.page.wait_for_selector("#submit:enabled")
    visit.page.check("#none")

    counts = visit.send()["telemetry"]["counts"]
    assert (1, 1) == (counts["image_error"], counts["retry"])


def test_nothing_is_sent_before_all_images_came(open_task: Open, site: Site) -> None:
    """While an image is under way the button waits for it."""
    held: list[Route] = []
    visit = open_task()

    def hold(route: Route) -> None:
        held.append(route)

    visit.page.route("**/slow.svg", hold)
    slow = f"{site.address}/slow.svg"
    visit = open_task(
        {"target": "x", "images": [slow]}, "image-selection", page=visit.page
    )

    assert "Loading pictures …" == visit.text("#submit")
    assert visit.page.is_disabled("#submit")
    while not held:
        visit.page.wait_for_timeout(10)
    held[0].fulfill(
        body='<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"/>',
        content_type="image/svg+xml",
    )
    visit.page.wait_for_selector("#submit:enabled")

    assert "Send answer" == visit.text("#submit")


def test_a_draft_of_tiles_is_restored(open_task: Open) -> None:
    """A reload brings the selected tiles back, in the same places."""
    visit = _open(open_task)
    visit.page.locator(".tile input").nth(3).check()

    visit.page.reload()

    assert visit.page.locator(".tile input").nth(3).is_checked()
    assert 1 == len(visit.send()["selected"])
