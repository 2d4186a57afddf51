"""The requester's dashboard."""

from urllib.parse import quote

from playwright.sync_api import Page

from docs.showing.camera import SIZES, Camera
from docs.showing.market import KEY, Fair

__all__ = ["show_desk"]


def show_desk(fair: Fair, camera: Camera) -> None:
    """Every page of it, on a computer and on a phone; some by night."""
    for size in SIZES:
        with camera.page(size) as page:
            page.goto(f"{fair.url}/desk/sign-in")
            camera.take(page, f"desk-sign-in-{size}")
            sit_down(page)
            for name, path in pages(fair).items():
                page.goto(f"{fair.url}/desk/production{path}")
                camera.take(page, f"desk-{name}-{size}")
    with camera.page("computer", is_dark=True) as page:
        page.goto(f"{fair.url}/desk/sign-in")
        sit_down(page)
        for name in ("progress", "item-regions"):
            page.goto(f"{fair.url}/desk/production{pages(fair)[name]}")
            camera.take(page, f"desk-{name}-dark")


def sit_down(page: Page) -> None:
    """Signs the requester in."""
    page.get_by_label("Access key id").fill(KEY.access_key)
    page.get_by_label("Secret access key").fill(KEY.secret)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/desk/production")


def pages(fair: Fair) -> dict[str, str]:
    """Where everything is."""
    items = {
        "tiles": "traffic lights",
        "regions": "shelves",
        "walks": "ways followed",
        "descriptions": "office ways",
        "labels": "reviews",
    }
    return {
        "overview": "",
        "progress": batch("traffic lights"),
        "progress-regions": batch("shelves"),
        "progress-walks": batch("ways followed"),
        "items": f"{batch('traffic lights')}/items",
        "answers": f"{batch('reviews')}/answers",
        "workers": f"{batch('traffic lights')}/workers",
        "worker": f"/workers/{fair.worker_id}",
        "problems": f"{batch('shelves')}/problems",
        **{
            f"item-{what}": f"/hits/{fair.hits[name][0]}"
            for what, name in items.items()
        },
        "refusal": "/batches/unknown",
    }


def batch(name: str) -> str:
    """The path of a batch."""
    return f"/batches/{quote(quote(name))}"
