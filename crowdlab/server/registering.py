"""How somebody new comes in: by a form, by an invitation; and what they agree to."""

import attrs
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from crowdlab.errors import WorkRefused
from crowdlab.server.forms import Fields, text_of, typed_twice
from crowdlab.server.markets import Markets
from crowdlab.server.people import FEWEST, NEWCOMERS, Invitation, People, need_sound
from crowdlab.server.sign_in import TOO_MANY, address_of
from crowdlab.server.visiting import Pages, posted_by_anybody, redirect, said
from crowdlab.server.visitors import Visitor

__all__ = ["Registering"]

_STRANGER = Invitation("", "")


@attrs.frozen
class Registering:
    """Makes workers of visitors."""

    markets: Markets
    pages: Pages

    @property
    def people(self) -> People:
        """Who is known."""
        return self.markets.people

    def routes(self) -> list[Route]:
        """Its pages and actions."""
        return [
            Route("/register", self.ask, methods=["GET"]),
            Route("/register", self.register, methods=["POST"]),
            Route("/invite/{code}", self.ask, methods=["GET"]),
            Route("/invite/{code}", self.register, methods=["POST"]),
            Route("/consent", self.ask_consent, methods=["GET"]),
            Route("/consent", self.agree, methods=["POST"]),
        ]

    def ask(self, request: Request) -> Response:
        """Asks for a name and a password, or only for a password where one is lost."""
        visitor = self.pages.visitors.recognise(request)
        try:
            invitation = self._invitation(request)
        except WorkRefused as refusal:
            title = "This link does not work"
            return self.pages.refuse(visitor, title, said(refusal), status=404)
        page = self._page(visitor, request, invitation)
        return self.pages.visitors.remember(visitor, page)

    @posted_by_anybody
    def register(self, request: Request, visitor: Visitor, fields: Fields) -> Response:
        """Lets somebody in who may come, and signs them in."""
        invitation = self._invitation(request)
        try:
            worker_id = self._admit(request, invitation, fields)
        except WorkRefused as refusal:
            status = TOO_MANY if refusal.reason == "too-many-attempts" else 422
            name = text_of(fields, "name")
            return self._page(
                visitor, request, invitation, name, said(refusal), status=status
            )
        return self.pages.visitors.let_in(worker_id, redirect("/"))

    def ask_consent(self, request: Request) -> Response:
        """Shows what everybody agrees to."""
        visitor = self.pages.visitors.recognise(request)
        wanted = request.query_params.get("next", "/")
        if not visitor.worker_id or visitor.has_agreed:
            return redirect(wanted)
        return self.pages.render("consent", visitor, wanted=wanted)

    @posted_by_anybody
    def agree(self, _request: Request, visitor: Visitor, fields: Fields) -> Response:
        """Records that a worker agrees."""
        if visitor.worker_id:
            self._agree(visitor.worker_id)
        return redirect(text_of(fields, "next") or "/")

    def _invitation(self, request: Request) -> Invitation:
        code = request.path_params.get("code")
        if code is not None:
            return self.people.invitations.find(code)
        if self.pages.entry.registration == "open":
            return _STRANGER
        raise WorkRefused("closed", "new people need an invitation here")

    def _admit(self, request: Request, invitation: Invitation, fields: Fields) -> str:
        password = typed_twice(fields, "password")
        if invitation.worker_id:
            code = request.path_params["code"]
            self.people.renew_password(invitation.worker_id, password, code)
            return invitation.worker_id
        return self._admit_stranger(request, fields, password)

    def _admit_stranger(self, request: Request, fields: Fields, password: str) -> str:
        if self.pages.entry.consent.text and not fields.get("agreed"):
            raise WorkRefused("no-consent", "to take part, agree to the text below")
        name, address = text_of(fields, "name"), address_of(request)
        self.people.attempts.need_few(NEWCOMERS, address)
        self.people.need_free(name)
        need_sound(password)
        worker_id = self.markets.new_worker_id()
        code = request.path_params.get("code")
        self.people.register(worker_id, name, password, code)
        self.people.attempts.note(NEWCOMERS, address)
        self._agree(worker_id)
        return worker_id

    def _agree(self, worker_id: str) -> None:
        if self.pages.entry.consent.text:
            self.people.agree(worker_id, self.pages.entry.consent)

    def _page(
        self,
        visitor: Visitor,
        request: Request,
        invitation: Invitation,
        name: str = "",
        complaint: str = "",
        *,
        status: int = 200,
    ) -> Response:
        return self.pages.render(
            "register",
            visitor,
            status=status,
            action=request.url.path,
            invitation=invitation,
            name=name,
            fewest=FEWEST,
            complaint=complaint,
        )
