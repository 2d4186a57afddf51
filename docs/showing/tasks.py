"""The task pages of every family: previewed, accepted, done, and sent too early."""

from collections.abc import Callable

from playwright.sync_api import Page

from crowdlab.marketplace import Marketplace
from docs.showing.answers import SHELF, WORDS
from docs.showing.camera import SIZES, Camera
from docs.showing.market import FAMILIES, Fair
from docs.showing.site import come_in, still

__all__ = ["show_tasks"]

Do = Callable[[Page], None]
#: Whether the colour of a traffic light's pole is in a tile's drawing.
HAS_LIGHT = """tile =>
  atob(tile.querySelector("img").src.split(",")[1]).includes("#3a3f45")"""


def show_tasks(fair: Fair, camera: Camera) -> None:
    """On a computer and on a phone, by day and by night."""
    for name, template, *_ in FAMILIES:
        hit_id = find_open(fair.market, fair.worker_id, fair.hits[name])[0]
        work = fair.market.accept(fair.worker_id, hit_id)
        for size in SIZES:
            with camera.page(size) as page:
                come_in(fair, page)
                show_task(fair, camera, page, (name, template, work), size)
        with camera.page("computer", is_dark=True) as page:
            come_in(fair, page)
            page.goto(f"{fair.url}/production/assignments/{work}")
            alone(page)
            DOES[template](page)
            camera.take(page, f"task-{template}-dark")
        fair.market.return_(fair.worker_id, work)


def find_open(market: Marketplace, worker_id: str, hits: list[str]) -> list[str]:
    """The HITs that a worker can still take."""
    offers = {hit_id: market.offer(worker_id, hit_id) for hit_id in hits}
    return [
        hit_id for hit_id, offer in offers.items() if offer.n_left and not offer.mine
    ]


def show_task(
    fair: Fair, camera: Camera, page: Page, which: tuple[str, str, str], size: str
) -> None:
    """One of them in all of its states."""
    name, template, work = which
    hits = find_open(fair.market, fair.worker_id, fair.hits[name]) or fair.hits[name]
    page.goto(f"{fair.url}/production/hits/{hits[-1]}")
    settle(page)
    camera.take(page, f"task-{template}-preview-{size}")
    page.goto(f"{fair.url}/production/assignments/{work}")
    settle(page)
    still(page)
    camera.take(page, f"task-{template}-accepted-{size}")
    alone(page)
    page.click("#submit")
    page.locator("#errors").wait_for()
    camera.take(page, f"task-{template}-error-{size}")
    page.reload()
    DOES[template](page)
    camera.take(page, f"task-{template}-done-{size}")


def settle(page: Page) -> None:
    """Waits until the task's page is there."""
    page.frame_locator("#task").locator("#submit:not(:empty)").wait_for()
    page.wait_for_load_state("networkidle")


def alone(page: Page) -> None:
    """Opens the task's page without the site around it, to see it whole."""
    page.goto(str(page.locator("#task").get_attribute("src")))
    page.locator("#submit:enabled").wait_for()
    if page.locator("#instructions[open]").count():
        page.click("#instructions summary")


def select(page: Page) -> None:
    """Every tile with a traffic light."""
    for tile in page.locator(".tile").all():
        if tile.evaluate(HAS_LIGHT):
            tile.locator("input").check()


def see(page: Page) -> None:
    """The first label."""
    page.locator("[name=label]").first.check()


def read(page: Page) -> None:
    """The second label."""
    page.locator("[name=label]").nth(1).check()


def prefer(page: Page) -> None:
    """The first of two."""
    page.locator("[name=better]").first.check()


def rate(page: Page) -> None:
    """A low rating and its reason."""
    page.locator("[name=rating]").nth(1).check()
    page.locator("#reasons [type=checkbox]").first.check()


def describe(page: Page) -> None:
    """The way in words, and the room where it ends."""
    page.fill("#description", WORDS)
    page.locator("[name=ends_in]").nth(2).check()


def follow(page: Page) -> None:
    """Some steps, and a verdict."""
    for _ in range(6):
        page.locator(".scene").press("ArrowUp")
    page.locator("[name=arrived]").first.check()
    page.locator("[name=clarity]").nth(3).check()


def mark(page: Page) -> None:
    """Boxes round four things."""
    page.locator(".scene").scroll_into_view_if_needed()
    names = {"Botella": "Bottle", "Caja": "Box", "Lata_bebestible": "Drink can"}
    for kind, x, y, width, height in SHELF[1:4]:
        page.locator(".class", has_text=names[kind]).first.click()
        page.locator(".scene").scroll_into_view_if_needed()
        box = page.locator(".scene image").bounding_box()
        assert box
        unit = box["width"] / 960
        page.mouse.move(box["x"] + x * unit, box["y"] + y * unit)
        page.mouse.down()
        end = (box["x"] + (x + width) * unit, box["y"] + (y + height) * unit)
        page.mouse.move(*end, steps=3)
        page.mouse.up()


DOES: dict[str, Do] = {
    "image-classification": see,
    "image-selection": select,
    "pairwise-comparison": prefer,
    "region-annotation": mark,
    "route-description": describe,
    "route-follow": follow,
    "text-classification": read,
    "text-verification": rate,
}
