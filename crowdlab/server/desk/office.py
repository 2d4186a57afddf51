"""Who asks, of which market, and in which form they want the answer.

Each page is told in three forms, of the same figures: as HTML, as JSON (the same address
with ``.json``, or a request that accepts nothing else), and as the parts of the HTML that
changed since a browser looked last.
"""

import secrets
from typing import Any

import attrs
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from crowdlab.marketplace import Marketplace, Requester
from crowdlab.marketplace.market import OWNER
from crowdlab.server.desk.formats import to_json
from crowdlab.server.desk.sessions import Session, Sessions
from crowdlab.server.desk.views import View, find_changes, show
from crowdlab.server.markets import Markets

__all__ = ["Office", "Visit"]

#: Milliseconds between two looks of a browser at a page.
PAUSE = 4000
_FRESH = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}


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
    """Lets requests in, and answers them.

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
            return JSONResponse({"error": "sign in first"}, 401, headers=_FRESH)
        return RedirectResponse(f"/desk/sign-in?next={request.url.path}", 303)

    def page(
        self,
        request: Request,
        session: Session,
        view: View,
        *,
        status: int = 200,
        **facts: Any,
    ) -> Response:
        """A view as HTML; what the page before left to be said is said first."""
        note = self.sessions.take_note(request)
        told = {**self._facts(request, session), "note": note, **facts}
        response = show(view, told, status=status)
        if note:
            self.sessions.drop_note(response)
        return self.sessions.remember(session, response)

    def answer(self, visit: Visit, view: View) -> Response:
        """A view in the form that was asked for."""
        if _wants_json(visit.request):
            return JSONResponse(to_json(view.data), headers=_FRESH)
        facts: dict[str, Any] = {
            "home": visit.home,
            "environment": visit.market.environment,
            "requester": visit.name,
        }
        known = visit.request.headers.get("x-live")
        if known is None:
            return self.page(visit.request, visit.session, view, **facts)
        told = {**self._facts(visit.request, visit.session), **facts}
        changed = find_changes(view, told, known)
        pause = view.extras.get("pause", PAUSE)
        return JSONResponse({"parts": changed, "pause": pause}, headers=_FRESH)

    def refuse(self, visit: Visit, text: str, *, status: int) -> Response:
        """Says why not."""
        if _wants_json(visit.request):
            return JSONResponse({"error": text}, status, headers=_FRESH)
        view = View("refusal", {"text": text})
        return self.page(
            visit.request, visit.session, view, status=status, home=visit.home
        )

    def _stranger(self, request: Request, session: Session, text: str) -> Response:
        return self.page(request, session, View("refusal", {"text": text}), status=404)

    def _facts(self, request: Request, session: Session) -> dict[str, Any]:
        return {
            "token": self.sessions.token(session),
            "is_open": self.is_open,
            "is_signed_in": bool(session.access_key),
            "path": request.url.path,
            "query": request.url.query,
            "pause": PAUSE,
            "environment": "",
            "requester": "",
            "home": "",
            # Tells a form from the same form on a page that was loaded anew.
            "once": secrets.token_urlsafe(8),
        }


def _wants_json(request: Request) -> bool:
    kinds = request.headers.get("accept", "")
    return request.url.path.endswith(".json") or kinds.startswith("application/json")
