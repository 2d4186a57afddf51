"""What every page of the site has in common: its frame, its tokens, its refusals."""

from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Any, Protocol, TypeVar

import attrs
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from crowdlab.errors import WorkRefused
from crowdlab.server.forms import Fields, read_fields
from crowdlab.server.origins import Origins
from crowdlab.server.rendering import render
from crowdlab.server.visitors import Visitor, Visitors

__all__ = ["HasPages", "Pages", "posted", "redirect", "seen"]

#: What a requester's page may load from, as a frame: any https, and this machine.
FRAME_SOURCES = "https: http://localhost:* http://127.0.0.1:*"


def redirect(path: str) -> Response:
    """Sends a browser to another page of the site, and to no other site."""
    is_ours = path.startswith("/") and not path.startswith(("//", "/\\"))
    return RedirectResponse(path if is_ours else "/", status_code=303)


@attrs.frozen
class Pages:
    """Renders the site's pages for its visitors."""

    visitors: Visitors
    origins: Origins

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
        return render(
            page, policy=policy, status=status, visitor=visitor, token=token, **facts
        )

    def refuse(
        self, visitor: Visitor, title: str, text: str, *, status: int
    ) -> Response:
        """A page that says why not."""
        return self.render("refusal", visitor, status=status, title=title, text=text)


class HasPages(Protocol):
    """A part of the site."""

    @property
    def pages(self) -> Pages:
        """What renders its pages."""


Part = TypeVar("Part", bound=HasPages)


def seen(
    look: Callable[[Part, Request, Visitor], Response],
) -> Callable[[Part, Request], Response]:
    """A page for workers who signed in; others are asked to."""

    @wraps(look)
    def answer(part: Part, request: Request) -> Response:
        visitor = part.pages.visitors.recognise(request)
        if not visitor.worker_id:
            return redirect(f"/sign-in?next={request.url.path}")
        try:
            return look(part, request, visitor)
        except WorkRefused as refusal:
            return _refused(part.pages, visitor, refusal, status=404)

    return answer


def posted(
    act: Callable[[Part, Request, Visitor, Fields], Response],
) -> Callable[[Part, Request], Awaitable[Response]]:
    """An action that a page of the same visitor asks for, and nobody else can."""

    @wraps(act)
    async def answer(part: Part, request: Request) -> Response:
        fields = await read_fields(request)
        return await run_in_threadpool(_act, act, part, request, fields)

    return answer


def _act(
    act: Callable[[Part, Request, Visitor, Fields], Response],
    part: Part,
    request: Request,
    fields: Fields,
) -> Response:
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
    text = f"{str(refusal)[:1].upper()}{str(refusal)[1:]}."
    return pages.refuse(visitor, "That is not possible", text, status=status)
