"""A picture to mark in a browser, worked by mouse, keys and fingers."""

import base64
from typing import Any

import attrs
from playwright.sync_api import CDPSession

from tests.pages.conftest import Open
from tests.pages.site import Visit

__all__ = ["PICTURE", "ROW", "Easel", "Point", "picture"]

Point = tuple[float, float]

WIDTH, HEIGHT = 600, 400


def picture(width: int, height: int) -> str:
    """The URL of a picture of that size."""
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}">'
        '<path d="M0 0h9999v9999H0z" fill="#dde"/></svg>'
    )
    return f"data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()}"


PICTURE = picture(WIDTH, HEIGHT)
ROW = {
    "image": PICTURE,
    "width": WIDTH,
    "height": HEIGHT,
    "classes": ["cat", "dog", "bird"],
    "tools": ["box", "polygon", "point"],
}


@attrs.frozen
class Easel:
    """A page that asks to mark a picture; places are pixels of the picture."""

    visit: Visit

    @classmethod
    def open(cls, open_task: Open, *, page: Any = None, **settings: Any) -> "Easel":
        """The page, its picture in sight."""
        visit = open_task({**ROW, **settings}, "region-annotation", page=page)
        visit.page.wait_for_selector("#submit:enabled")
        if visit.page.is_visible("#rules"):
            visit.page.click("#instructions summary")
        visit.page.locator(".scene").scroll_into_view_if_needed()
        return cls(visit)

    def place(self, x: float, y: float) -> Point:
        """Where a pixel of the picture is on the screen."""
        box = self.visit.page.locator(".scene image").bounding_box()
        assert box is not None
        content = self.visit.task.input
        return (
            box["x"] + x * box["width"] / content["width"],
            box["y"] + y * box["height"] / content["height"],
        )

    def drag(self, start: Point, *ends: Point) -> None:
        """Drags the mouse from one place over others to the last."""
        mouse = self.visit.page.mouse
        mouse.move(*self.place(*start))
        mouse.down()
        for end in ends:
            mouse.move(*self.place(*end), steps=3)
        mouse.up()

    def click(self, *points: Point) -> None:
        """Clicks the mouse at each place, the pointer coming from somewhere else."""
        for point in points:
            self.visit.page.mouse.move(*self.place(*point), steps=2)
            self.visit.page.mouse.down()
            self.visit.page.mouse.up()

    def press(self, *keys: str) -> None:
        """Presses keys on the picture."""
        for key in keys:
            self.visit.page.locator(".scene").press(key)

    def tool(self, name: str) -> None:
        """Takes a tool."""
        self.visit.page.check(f"#tools [value={name}]", force=True)

    def choose_class(self, name: str) -> None:
        """Chooses a class from the list."""
        self.visit.page.locator(".class", has_text=name).click()

    def button(self, name: str) -> None:
        """Presses a button above the picture."""
        self.visit.page.click(f"#acts [name={name}]")

    def fingers(self) -> CDPSession:
        """What moves fingers on the screen."""
        return self.visit.page.context.new_cdp_session(self.visit.page)

    def regions(self) -> list[dict[str, Any]]:
        """The regions as they would be sent."""
        regions: list[dict[str, Any]] = self.visit.page.evaluate(
            "ours.answer().regions"
        )
        return regions

    def boxes(self) -> list[list[int]]:
        """The boxes, to whole pixels."""
        return [[round(n) for n in region["bbox"]] for region in self.regions()]

    def outlines(self) -> list[list[list[int]]]:
        """The polygons and points, to whole pixels."""
        return [
            [[round(n) for n in point] for point in region["points"]]
            for region in self.regions()
        ]

    def said(self) -> str:
        """What the page announces."""
        return self.visit.text("#said")

    def problem(self) -> str:
        """Why the answer is not sent."""
        self.visit.page.click("#submit")
        return self.visit.text("#error-list")
