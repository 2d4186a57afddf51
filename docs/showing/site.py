"""The workers' site: the way in, the work, the pay."""

from playwright.sync_api import Page

from docs.showing.camera import SIZES, Camera
from docs.showing.market import PASSWORD, Fair

__all__ = ["come_in", "show_site", "still"]


def show_site(fair: Fair, camera: Camera) -> None:
    """Every page of it, on a computer and on a phone."""
    for size in SIZES:
        with camera.page(size) as page:
            show_entrance(fair, camera, page, size)
        with camera.page(size) as page:
            come_in(fair, page)
            show_rooms(fair, camera, page, size)
        with camera.page(size) as page:
            show_panel(fair, camera, page, size)
    with camera.page("computer", is_dark=True) as page:
        come_in(fair, page)
        for name in ("", "earnings"):
            page.goto(f"{fair.url}/production/{name}")
            camera.take(page, f"site-{name or 'work'}-dark")


def show_entrance(fair: Fair, camera: Camera, page: Page, size: str) -> None:
    """What strangers see."""
    page.goto(f"{fair.url}/register")
    camera.take(page, f"site-register-{size}")
    page.goto(f"{fair.url}/sign-in")
    camera.take(page, f"site-sign-in-{size}")
    page.get_by_label("Name").fill("Ana")
    page.get_by_label("Password").fill("sesame")
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("alert").wait_for()
    camera.take(page, f"site-sign-in-refused-{size}")


def come_in(fair: Fair, page: Page) -> None:
    """Signs Ana in."""
    page.goto(f"{fair.url}/sign-in")
    page.get_by_label("Name").fill("Ana")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/production/")


def show_rooms(fair: Fair, camera: Camera, page: Page, size: str) -> None:
    """What Ana sees."""
    home = f"{fair.url}/production"
    for name, path in {
        "work": "/",
        "search": "/?q=picture&sort=pay",
        "earnings": "/earnings",
        "messages": "/messages",
        "qualifications": "/qualifications",
        "qualification": f"/qualifications/{fair.qualification}",
        "refusal": "/hits/3UNKNOWN",
    }.items():
        page.goto(f"{home}{path}")
        camera.take(page, f"site-{name}-{size}")
    page.goto(f"{fair.url}/account")
    camera.take(page, f"site-account-{size}")
    page.goto(f"{home}/hits/{fair.hits['traffic lights'][1]}")
    page.locator("#report summary").press("Enter")
    camera.take(page, f"site-report-{size}")
    show_outcomes(fair, camera, page, size)


def show_outcomes(fair: Fair, camera: Camera, page: Page, size: str) -> None:
    """What became of answers."""
    for status, assignment_id in fair.done.items():
        page.goto(f"{fair.url}/production/assignments/{assignment_id}")
        camera.take(page, f"site-{status}-{size}")


def show_panel(fair: Fair, camera: Camera, page: Page, size: str) -> None:
    """What somebody sees whom another site sent."""
    ids = "PROLIFIC_PID=5f&STUDY_ID=1&SESSION_ID=2"
    page.goto(f"{fair.url}/production/join/{fair.panel.name}?{ids}-{size}")
    camera.take(page, f"site-join-{size}")
    page.get_by_label("I have read").check()
    page.get_by_role("button", name="Begin").click()
    page.get_by_role("button", name="First task").wait_for()
    camera.take(page, f"site-panel-{size}")


def still(page: Page) -> None:
    """Stops the timer of a work page at a fair time."""
    page.evaluate("""() => {
      const timer = document.getElementById("timer");
      if (timer) timer.replaceWith(Object.assign(timer.cloneNode(), { textContent: "09:12 left" }));
    }""")
