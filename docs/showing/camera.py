"""A camera for pages: small files, and no new ones where nothing is new."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import attrs
from PIL import Image, ImageChops, ImageStat
from playwright.sync_api import Browser, Page

__all__ = ["SIZES", "Camera"]

SIZES: dict[str, Any] = {
    "computer": {"viewport": {"width": 1280, "height": 800}},
    "phone": {
        "viewport": {"width": 360, "height": 740},
        "has_touch": True,
        "is_mobile": True,
    },
}
#: What is further down is more of the same.
LOWEST = 2400
COLOURS = 256
#: Of 255; letters differ by less from one machine to the next.
SAME = 0.6


@attrs.define
class Camera:
    """Takes pictures into a folder."""

    browser: Browser
    folder: Path
    n_taken: int = 0
    n_new: int = 0

    @contextmanager
    def page(self, size: str, *, is_dark: bool = False) -> Iterator[Page]:
        """A page of a size, in a browser of its own."""
        scheme: Any = "dark" if is_dark else "light"
        context = self.browser.new_context(
            **SIZES[size], color_scheme=scheme, reduced_motion="reduce", locale="en-GB"
        )
        context.set_default_timeout(10_000)
        yield context.new_page()
        context.close()

    def take(self, page: Page, name: str) -> None:
        """Takes a picture of a whole page, in a window as high as it."""
        page.wait_for_load_state("networkidle")
        size = page.viewport_size
        assert size
        if not page.locator("iframe.fit").count():
            # What sticks to the window's edge would lie over the middle of the page.
            height = page.evaluate("document.documentElement.scrollHeight")
            page.set_viewport_size({**size, "height": min(height, LOWEST)})
        raw = page.screenshot(full_page=True, animations="disabled", caret="hide")
        page.set_viewport_size(size)
        image = Image.open(io.BytesIO(raw)).convert("RGB")
        image = image.crop((0, 0, image.width, min(image.height, LOWEST)))
        self.n_taken += 1
        path = self.folder / f"{name}.png"
        if not path.exists() or not is_alike(image, Image.open(path).convert("RGB")):
            self.n_new += 1
            self.folder.mkdir(exist_ok=True)
            small = image.quantize(COLOURS, dither=Image.Dither.NONE)
            small.save(path, optimize=True)


def is_alike(one: Image.Image, other: Image.Image) -> bool:
    """Whether nobody would see a difference, but for the fewer colours of one."""
    if one.size != other.size:
        return False
    fewer = one.quantize(COLOURS, dither=Image.Dither.NONE).convert("RGB")
    return max(ImageStat.Stat(ImageChops.difference(fewer, other)).mean) < SAME
