"""Takes a picture of every page, on a computer and on a phone.

    python -m docs.showing

They go to docs/screenshots. A picture that looks as it did is left alone.
"""

import argparse
import os
from pathlib import Path

from playwright.sync_api import sync_playwright

from docs.showing.camera import Camera
from docs.showing.desk import show_desk
from docs.showing.market import fair
from docs.showing.site import show_site
from docs.showing.tasks import show_tasks

FOLDER = Path(__file__).parents[1] / "screenshots"
SHOWS = {"site": show_site, "tasks": show_tasks, "desk": show_desk}


def main() -> None:
    """Takes them all, or those of one part."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--part", action="append", choices=SHOWS)
    chosen = parser.parse_args().part or SHOWS
    chromium = os.environ.get("CHROMIUM", "/usr/bin/chromium")
    with fair() as market, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium, args=["--disable-gpu", "--no-sandbox"]
        )
        camera = Camera(browser, FOLDER)
        for part in chosen:
            SHOWS[part](market, camera)
        browser.close()
    n_bytes = sum(path.stat().st_size for path in FOLDER.glob("*.png"))
    print(f"{camera.n_new} new of {camera.n_taken}; {n_bytes / 1e6:.1f} MB in {FOLDER}")


if __name__ == "__main__":
    main()
