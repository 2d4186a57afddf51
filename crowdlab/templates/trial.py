"""A template's page tried in a browser: what the browser and axe have to say."""

import os
import shutil
import urllib.parse
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from importlib import resources
from typing import TYPE_CHECKING, Any

import attrs

from crowdlab.errors import BadInput, MissingExtra
from crowdlab.templates.lint import Finding
from crowdlab.templates.template import Template

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Route, ViewportSize

__all__ = ["open_browser", "try_template"]

# Nothing of a trial leaves the machine: this host is answered here, and no other is.
HOST = "https://tasks.invalid"
PREVIEW = {"assignmentId": "ASSIGNMENT_ID_NOT_AVAILABLE"}
ACCEPTED = {"assignmentId": "A", "turkSubmitTo": "https://www.mturk.com"}
PICTURE = '<svg xmlns="http://www.w3.org/2000/svg" width="64" height="48"/>'

CHROMIUMS = ("chromium", "chromium-browser", "google-chrome")
PATIENCE = 5000  # milliseconds
DESKTOP, PHONE, NARROW = (1280, 800), (360, 640), (320, 640)
TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
AXE = """(tags) => axe.run({runOnly: tags, resultTypes: ["violations"]}).then(({violations}) =>
  violations.flatMap(({id, help, nodes}) => nodes.map(({target}) => [id, help, target.join(" ")])))"""
# Playwright's own way to wait for a condition would need the policy's leave.
SETTLED = """(patience) => new Promise((done, fail) => {
  const look = () => (anyPicture("loading") ? setTimeout(look, 10) : done());
  setTimeout(() => fail(Error("its pictures are not settled")), patience);
  look();
})"""
OVERHANG = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@contextmanager
def open_browser() -> "Iterator[Browser]":
    """A chromium without a screen: the one that ``CHROMIUM`` names, else any.

    Raises:
        MissingExtra: what drives a browser is not installed.
        BadInput: there is no chromium to drive.
    """
    try:
        from playwright.sync_api import Error, sync_playwright  # noqa: PLC0415 - an extra
    except ModuleNotFoundError as error:
        raise MissingExtra("trials of pages in a browser", "browser") from error
    found = filter(None, [os.environ.get("CHROMIUM"), *map(shutil.which, CHROMIUMS)])
    with ExitStack() as stack:
        try:
            playwright = stack.enter_context(sync_playwright())
            browser = playwright.chromium.launch(executable_path=next(found, None))
        except Error as error:
            fault = error.message.splitlines()[0]
            raise BadInput(
                f"no chromium to try pages in; set CHROMIUM: {fault}"
            ) from None
        yield stack.enter_context(browser)


def try_template(template: Template, browser: "Browser") -> list[Finding]:
    """What is to be mended in the page of the first example, seen by a worker.

    The page is previewed, accepted and sent too early; seen in the dark, in each of its
    languages and on a phone; each time axe asks it for WCAG 2.2 AA and good practice,
    and whatever the browser complains of is a fault.

    Raises:
        BadRow: the example does not fill the template.
        MissingExtra: axe is not installed.
    """
    from playwright.sync_api import Error  # noqa: PLC0415 - an extra

    # A colour on its way from one to another has no contrast worth measuring.
    page = browser.new_page(viewport=_size(DESKTOP), reduced_motion="reduce")
    trial = _Trial(template, page, _read_axe())
    try:
        trial.run()
    except Error as error:
        trial.stop(error.message.splitlines()[0])
    finally:
        page.close()
    return trial.findings


def _read_axe() -> str:
    try:
        package = resources.files("axe_playwright_python")
    except ModuleNotFoundError as error:
        raise MissingExtra("checks by axe", "browser") from error
    return package.joinpath("axe.min.js").read_text("utf-8")


@attrs.define
class _Trial:
    """One page going through its states, and what was found on the way."""

    template: Template
    page: "Page"
    axe: str
    findings: list[Finding] = attrs.field(factory=list)
    _state: str = ""
    _is_dead: bool = False
    _seen: set[tuple[str, str]] = attrs.field(factory=set)

    def run(self) -> None:
        """Goes through the states, as far as the page's script lives to see them."""
        html = self._html()
        self.page.route("**/*", lambda route: _answer(route, html))
        self.page.on("console", lambda message: self._fault(message.text))
        self.page.on("pageerror", lambda error: self.stop(str(error)))
        self.page.set_default_timeout(PATIENCE)
        for state in self._states():
            self._state = state
            for rule, help_text, where in self.page.evaluate(AXE, TAGS):
                self._fault(f"{help_text} ({rule})", where)
            if self._is_dead:
                break

    def stop(self, why: str) -> None:
        """Notes why the page does not get on; what follows from that is not told."""
        if not self._is_dead:
            self._fault(why)
        self._is_dead = True

    def _html(self) -> str:
        task = self.template.task(self.template.examples()[0], "example.jsonl, row 1")
        language = self.template.languages[0]
        return self.template.page(task.input, task_id=task.task_id, language=language)

    def _states(self) -> Iterator[str]:
        yield self._open("previewed", PREVIEW)
        yield self._open("accepted", ACCEPTED)
        if self.page.is_enabled("#submit"):
            self.page.click("#submit")
            yield "sent too early"
        self.page.emulate_media(color_scheme="dark")
        yield "in the dark"
        for language in self.template.languages[1:]:
            self.page.select_option("#language", language)
            yield f"in {language!r}"
        self._resize(PHONE)
        yield "on a phone"
        self._resize(NARROW)
        if self.page.evaluate(OVERHANG):
            self._fault("it scrolls sideways")
        yield f"{NARROW[0]} pixels wide"

    def _open(self, state: str, query: dict[str, str]) -> str:
        self._state = state
        self.page.goto(f"{HOST}/?{urllib.parse.urlencode(query)}")
        self.page.evaluate(self.axe)
        self.page.evaluate(SETTLED, PATIENCE)
        return state

    def _resize(self, size: tuple[int, int]) -> None:
        self._state = f"{size[0]} pixels wide"
        self.page.set_viewport_size(_size(size))

    def _fault(self, what: str, where: str = "") -> None:
        if (what, where) in self._seen:
            return
        self._seen.add((what, where))
        place = f"page, {self._state}: {where}" if where else f"page, {self._state}"
        self.findings.append(Finding("fault", place, what))


def _size(pixels: tuple[int, int]) -> "ViewportSize":
    return {"width": pixels[0], "height": pixels[1]}


def _answer(route: "Route", html: str) -> None:
    request: Any = route.request
    if request.resource_type == "image":
        route.fulfill(body=PICTURE, content_type="image/svg+xml")
    elif request.method == "GET" and request.url.startswith(HOST):
        route.fulfill(body=html, content_type="text/html; charset=utf-8")
    else:
        route.fulfill(status=204)
