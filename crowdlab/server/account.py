"""A worker's own account: who they are here, their password, their sessions."""

import attrs
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from crowdlab.errors import WorkRefused
from crowdlab.server.forms import Fields, text_of, typed_twice
from crowdlab.server.people import FEWEST, People
from crowdlab.server.visiting import Pages, posted, redirect, said, seen
from crowdlab.server.visitors import Visitor

__all__ = ["Account"]


@attrs.frozen
class Account:
    """The pages of a worker's account."""

    people: People
    pages: Pages

    def routes(self) -> list[Route]:
        """Its pages and actions."""
        return [
            Route("/account", self.show),
            Route("/account/password", self.change_password, methods=["POST"]),
            Route("/account/sign-out", self.sign_out_everywhere, methods=["POST"]),
        ]

    @seen
    def show(self, request: Request, visitor: Visitor) -> Response:
        """Who the worker is here."""
        return self._page(visitor, is_changed="changed" in request.query_params)

    @posted
    def change_password(
        self, _request: Request, visitor: Visitor, fields: Fields
    ) -> Response:
        """Changes the password; other browsers have to sign in anew."""
        old = text_of(fields, "password")
        try:
            new = typed_twice(fields, "new")
            self.people.change_password(visitor.worker_id, old, new)
        except WorkRefused as refusal:
            return self._page(visitor, complaint=said(refusal), status=422)
        answer = redirect("/account?changed")
        return self.pages.visitors.let_in(visitor.worker_id, answer)

    @posted
    def sign_out_everywhere(
        self, _request: Request, visitor: Visitor, _fields: Fields
    ) -> Response:
        """Ends all sessions, in whatever browser."""
        self.people.sessions.end_all(visitor.worker_id)
        return redirect("/sign-in")

    def _page(
        self,
        visitor: Visitor,
        *,
        complaint: str = "",
        is_changed: bool = False,
        status: int = 200,
    ) -> Response:
        return self.pages.render(
            "account",
            visitor,
            status=status,
            has_password=self.people.has_password(visitor.worker_id),
            fewest=FEWEST,
            complaint=complaint,
            is_changed=is_changed,
        )
