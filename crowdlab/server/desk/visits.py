"""What every page of the desk has in common: who asks, in which form, and what is refused.

Each page is told in three forms, of the same figures: as HTML, as JSON (the same address
with ``.json``, or a request that accepts nothing else), and as the parts of the HTML that
changed since a browser looked last.
"""

import hashlib
import secrets
from collections.abc import Awaitable, Callable, Mapping
from functools import wraps
from typing import Any, Protocol, TypeVar

import attrs
from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from crowdlab.errors import CrowdlabError, MTurkError, NotFound
from crowdlab.marketplace import Marketplace, Requester
from crowdlab.marketplace.market import OWNER
from crowdlab.server.desk.addresses import group_path
from crowdlab.server.desk.formats import FILTERS, to_json
from crowdlab.server.desk.refusals import explain
from crowdlab.server.desk.sessions import Session, Sessions
from crowdlab.server.forms import Fields, read_fields
from crowdlab.server.markets import Markets
from crowdlab.server.rendering import respond

__all__ = ["Note", "Office", "View", "Visit", "back_to", "posted", "seen"]

#: Pictures of tasks come from wherever the requester keeps them.
IMAGES = "'self' data: https: http://localhost:* http://127.0.0.1:*"
_POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": IMAGES,
    "connect-src": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    "base-uri": "'none'",
}
LIVE = "live_"
#: Milliseconds between two looks of a browser at a page.
PAUSE = 4000
#: A cookie holds no more.
MOST_SAID = 1000
_FRESH = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}

_pages = Environment(
    loader=PackageLoader("crowdlab.server", "pages/desk"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_pages.filters |= FILTERS
_pages.globals |= {"group_path": group_path}


@attrs.frozen
class View:
    """What a page tells.

    Attributes:
        page: the name of its template.
        data: its figures: all of its JSON.
        extras: what only people need, such as drawings.
    """

    page: str
    data: Mapping[str, Any]
    extras: Mapping[str, Any] = attrs.field(factory=dict)


@attrs.frozen
class Note:
    """What became of an action, for the page that is shown next.

    Attributes:
        path: of that page.
        tone: ``good`` or ``bad``.
    """

    path: str
    text: str
    tone: str = "good"


@attrs.frozen
class Visit:
    """A requester's request to one market."""

    request: Request
    session: Session
    market: Marketplace
    requester: Requester
    name: str

    @property
    def home(self) -> str:
        """The path under which this market's pages are."""
        return f"/desk/{self.market.environment}"

    @property
    def now(self) -> int:
        """The market's time, in seconds since 1970."""
        return int(self.market.clock())

    def asked(self, name: str, otherwise: str = "") -> str:
        """A parameter of the address."""
        return self.request.query_params.get(name, otherwise)


@attrs.frozen
class Office:
    """Answers the requests to the desk.

    Attributes:
        hosts: the names under which a desk without keys is shown.
    """

    markets: Markets
    sessions: Sessions
    hosts: frozenset[str]

    @property
    def is_open(self) -> bool:
        """Whether everybody who gets here is the requester."""
        return not self.sessions.keys

    def visit(self, request: Request, session: Session) -> Visit:
        """The request, as one to a market on a requester's behalf."""
        market = self.markets.by_environment[request.path_params["environment"]]
        key = self.sessions.keys.get(session.access_key)
        name = key.requester if key else OWNER
        return Visit(request, session, market, market.requester(name), name)

    def refuse_entry(self, request: Request, session: Session) -> Response | None:
        """Whatever keeps somebody out: a strange host, no session."""
        if self.is_open and request.url.hostname not in self.hosts:
            return self._stranger(request, session, "This is no known address.")
        if request.path_params["environment"] not in self.markets.by_environment:
            return self._stranger(request, session, "There is no such market.")
        if self.sessions.may_enter(session):
            return None
        if _wants_json(request):
            return JSONResponse({"error": "sign in first"}, 401)
        return RedirectResponse(f"/desk/sign-in?next={request.url.path}", 303)

    def _stranger(self, request: Request, session: Session, text: str) -> Response:
        return self.page(request, session, _refusal(text), status=404)

    def page(
        self, request: Request, session: Session, view: View, *, status: int = 200
    ) -> Response:
        """A view as HTML."""
        template = _pages.get_template(f"{view.page}.html")
        note = self.sessions.take_note(request)
        facts = {
            **self._facts(session),
            **view.data,
            **view.extras,
            "note": note,
            "path": request.url.path,
            "query": request.url.query,
        }
        marks = {name: _mark(text) for name, text in _parts(view.page, facts).items()}
        response = respond(
            template.render(**facts, marks=marks), policy=_POLICY, status=status
        )
        if note:
            self.sessions.drop_note(response)
        return self.sessions.remember(session, response)

    def answer(self, visit: Visit, view: View) -> Response:
        """A view in the form that was asked for."""
        if _wants_json(visit.request):
            return JSONResponse(to_json(view.data), headers=_FRESH)
        extras = {
            "home": visit.home,
            "environment": visit.market.environment,
            "requester": visit.name,
            **view.extras,
        }
        whole = attrs.evolve(view, extras=extras)
        known = visit.request.headers.get("x-live")
        if known is None:
            return self.page(visit.request, visit.session, whole)
        return self._changes(visit, whole, known)

    def refuse(self, visit: Visit, text: str, *, status: int) -> Response:
        """Says why not."""
        if _wants_json(visit.request):
            return JSONResponse({"error": text}, status, headers=_FRESH)
        view = attrs.evolve(_refusal(text), extras={"home": visit.home})
        return self.page(visit.request, visit.session, view, status=status)

    def _changes(self, visit: Visit, view: View, known: str) -> Response:
        facts = {
            **self._facts(visit.session),
            **view.data,
            **view.extras,
            "path": visit.request.url.path,
            "query": visit.request.url.query,
        }
        seen_marks = set(known.split())
        changed = {
            name: {"html": text, "mark": _mark(text)}
            for name, text in _parts(view.page, facts).items()
            if f"{name}={_mark(text)}" not in seen_marks
        }
        pause = view.extras.get("pause", PAUSE)
        return JSONResponse({"parts": changed, "pause": pause}, headers=_FRESH)

    def _facts(self, session: Session) -> dict[str, Any]:
        return {
            "token": self.sessions.token(session),
            "is_open": self.is_open,
            "is_signed_in": bool(session.access_key),
            "pause": PAUSE,
            "environment": "",
            "requester": "",
            "home": "",
            # Tells a form from the same form on a page that was loaded anew.
            "once": secrets.token_urlsafe(8),
        }


class HasOffice(Protocol):
    """A part of the desk."""

    @property
    def office(self) -> Office:
        """What answers for it."""


Part = TypeVar("Part", bound=HasOffice)


def seen(
    look: Callable[[Part, Visit], View | Response],
) -> Callable[[Part, Request], Response]:
    """A page for requesters who signed in; others are asked to."""

    @wraps(look)
    def answer(part: Part, request: Request) -> Response:
        office = part.office
        session = office.sessions.recognise(request)
        if refusal := office.refuse_entry(request, session):
            return refusal
        visit = office.visit(request, session)
        try:
            found = look(part, visit)
        except NotFound:
            return office.refuse(visit, "There is nothing here of yours.", status=404)
        except CrowdlabError as error:
            return office.refuse(visit, str(error), status=422)
        return office.answer(visit, found) if isinstance(found, View) else found

    return answer


def posted(
    act: Callable[[Part, Visit, Fields], Note],
) -> Callable[[Part, Request], Awaitable[Response]]:
    """An action that a page of the same session asks for, and nobody else can."""

    @wraps(act)
    async def answer(part: Part, request: Request) -> Response:
        fields = await read_fields(request)
        return await run_in_threadpool(_act, act, part, request, fields)

    return answer


def _act(
    act: Callable[[Part, Visit, Fields], Note],
    part: Part,
    request: Request,
    fields: Fields,
) -> Response:
    office = part.office
    session = office.sessions.recognise(request)
    if refusal := office.refuse_entry(request, session):
        return refusal
    visit = office.visit(request, session)
    if not office.sessions.is_token(session, str(fields.get("token", ""))):
        text = "This page had grown old. Go back, reload it and try again."
        return office.refuse(visit, text, status=403)
    try:
        note = act(part, visit, fields)
    except NotFound:
        return office.refuse(visit, "There is nothing here of yours.", status=404)
    except MTurkError as error:
        note = Note(back_to(fields, visit), explain(error), "bad")
    except CrowdlabError as error:
        note = Note(back_to(fields, visit), str(error), "bad")
    response = RedirectResponse(note.path, 303)
    return office.sessions.leave_note(response, note.tone, note.text[:MOST_SAID])


def back_to(fields: Fields, visit: Visit) -> str:
    """The page that an action was asked for on; never one of another site."""
    wanted = str(fields.get("back", ""))
    return wanted if wanted.startswith("/desk/") else visit.home


def _refusal(text: str) -> View:
    return View("refusal", {"text": text})


def _wants_json(request: Request) -> bool:
    kinds = request.headers.get("accept", "")
    return request.url.path.endswith(".json") or kinds.startswith("application/json")


def _parts(page: str, facts: Mapping[str, Any]) -> dict[str, str]:
    """The parts of a page that may change under the eyes of who looks."""
    template = _pages.get_template(f"{page}.html")
    context = template.new_context({**facts, "marks": {}})
    return {
        name.removeprefix(LIVE): "".join(block(context))
        for name, block in template.blocks.items()
        if name.startswith(LIVE)
    }


def _mark(text: str) -> str:
    return hashlib.blake2b(text.encode(), digest_size=6).hexdigest()
