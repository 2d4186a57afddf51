"""Signing in and out."""

import base64
import hashlib
import ipaddress
import re

import attrs
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from crowdlab.errors import WorkRefused
from crowdlab.server.forms import Fields, text_of
from crowdlab.server.markets import Markets
from crowdlab.server.people import MOST_NAME, People
from crowdlab.server.visiting import Pages, posted_by_anybody, redirect, said
from crowdlab.server.visitors import Visitor

__all__ = ["SignIn", "address_of", "worker_id_of"]

TOO_MANY = 429
_WORKER_ID = re.compile("A[A-Z0-9]{9,63}")


def worker_id_of(name: str) -> str:
    """The id of whoever gives a name where no password is asked.

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


def address_of(request: Request) -> str:
    """Where a request came from, as the network has it.

    Of IPv6 it is the network: one person has all of its addresses.
    """
    host = request.client.host if request.client else ""
    try:
        address = ipaddress.IPv6Address(host)
    except ValueError:
        return host
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(ipaddress.IPv6Network((address.packed, 64), strict=False))


@attrs.frozen
class SignIn:
    """Lets workers in who are known, and out."""

    markets: Markets
    pages: Pages

    @property
    def people(self) -> People:
        """Who is known."""
        return self.markets.people

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
        page = self._page(visitor, request.query_params.get("next", "/"))
        return self.pages.visitors.remember(visitor, page)

    @posted_by_anybody
    def let_in(self, request: Request, visitor: Visitor, fields: Fields) -> Response:
        """Signs a worker in."""
        name, wanted = text_of(fields, "name"), text_of(fields, "next") or "/"
        try:
            worker_id = self._worker(request, name, text_of(fields, "password"))
        except WorkRefused as refusal:
            status = TOO_MANY if refusal.reason == "too-many-attempts" else 422
            return self._page(visitor, wanted, name, said(refusal), status=status)
        return self.pages.visitors.let_in(worker_id, redirect(wanted))

    @posted_by_anybody
    def let_out(self, _request: Request, visitor: Visitor, _fields: Fields) -> Response:
        """Signs a worker out of this browser."""
        return self.pages.visitors.let_out(visitor, redirect("/sign-in"))

    def _worker(self, request: Request, name: str, password: str) -> str:
        if self.pages.entry.has_passwords:
            return self.people.sign_in(name, password, address_of(request))
        if not name.strip() or len(name) > MOST_NAME:
            raise WorkRefused("bad-name", f"give a name of 1 to {MOST_NAME} characters")
        worker_id = worker_id_of(name)
        self.markets.register(worker_id)
        return worker_id

    def _page(
        self,
        visitor: Visitor,
        wanted: str,
        name: str = "",
        complaint: str = "",
        *,
        status: int = 200,
    ) -> Response:
        return self.pages.render(
            "sign_in",
            visitor,
            status=status,
            wanted=wanted,
            name=name,
            complaint=complaint,
        )
