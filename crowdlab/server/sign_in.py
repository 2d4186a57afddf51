"""Who a worker is: the page that asks for a name."""

import base64
import hashlib
import re

import attrs
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from crowdlab.server.forms import Fields
from crowdlab.server.markets import Markets
from crowdlab.server.visiting import Pages, posted, redirect
from crowdlab.server.visitors import Visitor

__all__ = ["SignIn", "worker_id_of"]

MOST_NAME = 100
_WORKER_ID = re.compile("A[A-Z0-9]{9,63}")


def worker_id_of(name: str) -> str:
    """The id of whoever signs in under a name: itself if it is one, else a digest.

    Example:
        >>> worker_id_of("A2C3EXAMPLE")
        'A2C3EXAMPLE'
        >>> worker_id_of("Ana") == worker_id_of(" ana ")
        True
    """
    if _WORKER_ID.fullmatch(name):
        return name
    digest = hashlib.blake2b(name.strip().casefold().encode(), digest_size=10).digest()
    return "A" + base64.b32encode(digest).decode()[:13]


@attrs.frozen
class SignIn:
    """Lets workers in, and out."""

    markets: Markets
    pages: Pages

    def routes(self) -> list[Route]:
        """Its pages and actions."""
        return [
            Route("/sign-in", self.ask, methods=["GET"]),
            Route("/sign-in", self.let_in, methods=["POST"]),
            Route("/sign-out", self.let_out, methods=["POST"]),
        ]

    def ask(self, request: Request) -> Response:
        """Asks who is there."""
        visitor = self.pages.visitors.recognise(request)
        page = self._page(visitor, request.query_params.get("next", "/"), "")
        return self.pages.visitors.remember(visitor, page)

    @posted
    def let_in(self, _request: Request, visitor: Visitor, fields: Fields) -> Response:
        """Signs a worker in under a name."""
        name, wanted = str(fields.get("name", "")), str(fields.get("next", "/"))
        if not name.strip() or len(name) > MOST_NAME:
            complaint = f"Give a name of 1 to {MOST_NAME} characters."
            return self._page(visitor, wanted, complaint)
        known = visitor.named(worker_id_of(name))
        for market in self.markets.by_environment.values():
            market.register(known.worker_id)
        return self.pages.visitors.remember(known, redirect(wanted))

    @posted
    def let_out(self, _request: Request, visitor: Visitor, _fields: Fields) -> Response:
        """Signs a worker out."""
        return self.pages.visitors.remember(visitor.named(""), redirect("/"))

    def _page(self, visitor: Visitor, wanted: str, complaint: str) -> Response:
        return self.pages.render(
            "sign_in",
            visitor,
            status=422 if complaint else 200,
            wanted=wanted,
            complaint=complaint,
        )
