"""What every page of the site has in common: its frame, its tokens, its refusals."""

from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Any, Protocol, TypeVar
from urllib.parse import quote

import attrs
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from crowdlab.errors import WorkRefused
from crowdlab.server.entry import Entry
from crowdlab.server.forms import Fields, read_fields
from crowdlab.server.origins import Origins
from crowdlab.server.rendering import render
from crowdlab.server.visitors import Visitor, Visitors

__all__ = [
    "HasPages",
    "Pages",
    "posted",
    "posted_by_anybody",
    "redirect",
    "said",
    "seen",
]

#: What a requester's page may load from, as a frame: any https, and this machine.
FRAME_SOURCES = "https: http://localhost:* http://127.0.0.1:*"
#: Below its panel's environment, where somebody who came through it may go.
PANEL_PATHS = ("hits/", "assignments/", "groups/", "join/")


def redirect(path: str) -> Response:
    """Sends a browser to another page of the site, and to no other site."""
    is_ours = path.startswith("/") and not path.startswith(("//", "/\\"))
    return RedirectResponse(path if is_ours else "/", status_code=303)


def said(refusal: WorkRefused) -> str:
    """A refusal as a sentence."""
    return f"{str(refusal)[:1].upper()}{str(refusal)[1:]}."


@attrs.frozen
class Pages:
    """Renders the site's pages for its visitors."""

    visitors: Visitors
    origins: Origins
    entry: Entry

    def render(
        self, page: str, visitor: Visitor, *, status: int = 200, **facts: Any
    ) -> Response:
        """A page for a visitor."""
        policy = {
            "default-src": "'none'",
            "script-src": "'self'",
            "style-src": "'self'",
            "img-src": "'self'",
            "frame-src": f"{self.origins.frames} {FRAME_SOURCES}",
            "form-action": "'self'",
            "frame-ancestors": "'none'",
            "base-uri": "'none'",
        }
        token = self.visitors.token(visitor)
        given = {"visitor": visitor, "token": token, "entry": self.entry}
        return render(page, policy=policy, status=status, **given, **facts)

    def refuse(
        self, visitor: Visitor, title: str, text: str, *, status: int
    ) -> Response:
        """A page that says why not."""
        return self.render("refusal", visitor, status=status, title=title, text=text)

    def detour(self, request: Request, visitor: Visitor) -> Response | None:
        """Where somebody has to go before, or instead, if they do."""
        path = request.url.path
        if not visitor.worker_id:
            return redirect(f"/sign-in?next={quote(path)}")
        if not visitor.has_agreed:
            return redirect(f"/consent?next={quote(path)}")
        environment, _, panel = visitor.scope.partition("/")
        allowed = tuple(f"/{environment}/{place}" for place in PANEL_PATHS)
        if panel and not path.startswith(allowed):
            return redirect(visitor.panel_home)
        return None


class HasPages(Protocol):
    """A part of the site."""

    @property
    def pages(self) -> Pages:
        """What renders its pages."""


Part = TypeVar("Part", bound=HasPages)
Act = Callable[[Part, Request, Visitor, Fields], Response]


def seen(
    look: Callable[[Part, Request, Visitor], Response],
) -> Callable[[Part, Request], Response]:
    """A page for workers who signed in; others are asked to."""

    @wraps(look)
    def answer(part: Part, request: Request) -> Response:
        visitor = part.pages.visitors.recognise(request)
        if away := part.pages.detour(request, visitor):
            return away
        try:
            return look(part, request, visitor)
        except WorkRefused as refusal:
            return _refused(part.pages, visitor, refusal, status=404)

    return answer


def posted(act: Act[Part]) -> Callable[[Part, Request], Awaitable[Response]]:
    """What a worker's own page asks for, and nobody else can."""

    def need_worker(
        part: Part, request: Request, visitor: Visitor, fields: Fields
    ) -> Response:
        away = part.pages.detour(request, visitor)
        return away or act(part, request, visitor, fields)

    return posted_by_anybody(wraps(act)(need_worker))


def posted_by_anybody(act: Act[Part]) -> Callable[[Part, Request], Awaitable[Response]]:
    """What a page of the same visitor asks for, whoever that is."""

    @wraps(act)
    async def answer(part: Part, request: Request) -> Response:
        fields = await read_fields(request)
        return await run_in_threadpool(_act, act, part, request, fields)

    return answer


def _act(act: Act[Part], part: Part, request: Request, fields: Fields) -> Response:
    pages = part.pages
    visitor = pages.visitors.recognise(request)
    if not pages.visitors.is_token(visitor, str(fields.get("token", ""))):
        text = "This page had grown old. Go back, reload it and try again."
        return pages.refuse(visitor, "Nothing was done", text, status=403)
    try:
        return act(part, request, visitor, fields)
    except WorkRefused as refusal:
        return _refused(pages, visitor, refusal, status=409)


def _refused(
    pages: Pages, visitor: Visitor, refusal: WorkRefused, *, status: int
) -> Response:
    title = "That is not possible"
    return pages.refuse(visitor, title, said(refusal), status=status)
