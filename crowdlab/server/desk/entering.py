"""Sitting down at the desk with an access key, and leaving it."""

import hmac

import attrs
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from crowdlab.errors import WorkRefused
from crowdlab.server.desk.office import Office
from crowdlab.server.desk.views import View
from crowdlab.server.forms import Fields, read_fields, text_of
from crowdlab.server.people.attempts import Attempts, Limit
from crowdlab.server.sign_in import address_of

__all__ = ["Entering"]

#: Wrong secrets for one access key, wherever they come from.
KEYS_AS = Limit("access key", 10, 900)
#: Wrong keys from one address: a whole lab may share it.
KEYS_AT = Limit("desk address", 50, 900)

WRONG = "wrong-secret"


@attrs.frozen
class Entering:
    """Lets requesters in, and out.

    Attributes:
        home: the path of the market that is shown first.
    """

    office: Office
    attempts: Attempts
    home: str

    def routes(self) -> list[Route]:
        """Its pages and actions."""
        return [
            Route("/", self.lead),
            Route("/sign-in", self.ask, methods=["GET"]),
            Route("/sign-in", self.let_in, methods=["POST"]),
            Route("/sign-out", self.let_out, methods=["POST"]),
        ]

    def lead(self, _request: Request) -> Response:
        """The desk's first page."""
        return RedirectResponse(self.home, 303)

    def ask(self, request: Request) -> Response:
        """Asks for an access key; without keys everybody is in."""
        if self.office.is_open:
            return RedirectResponse(self.home, 303)
        return self._page(request, request.query_params.get("next", ""), "", 200)

    async def let_in(self, request: Request) -> Response:
        """Begins a session for whoever knows a key's secret."""
        fields = await read_fields(request)
        return await run_in_threadpool(self._let_in, request, fields)

    async def let_out(self, request: Request) -> Response:
        """Ends a session."""
        fields = await read_fields(request)
        sessions = self.office.sessions
        session = sessions.recognise(request)
        response = RedirectResponse("/desk/sign-in", 303)
        if sessions.is_token(session, text_of(fields, "token")):
            sessions.remember(sessions.begin(), response)
        return response

    def _let_in(self, request: Request, fields: Fields) -> Response:
        sessions = self.office.sessions
        wanted = text_of(fields, "next")
        if not sessions.is_token(sessions.recognise(request), text_of(fields, "token")):
            return self._page(request, wanted, "This page had grown old. Again:", 403)
        access_key = text_of(fields, "access_key").strip()
        guesses = (KEYS_AS, access_key), (KEYS_AT, address_of(request))
        try:
            with self.attempts.guess(*guesses):
                self._need_secret(access_key, text_of(fields, "secret").strip())
        except WorkRefused as refusal:
            words, status = str(refusal), 422 if refusal.reason == WRONG else 429
            return self._page(
                request, wanted, f"{words[0].upper()}{words[1:]}.", status
            )
        path = wanted if wanted.startswith("/desk/") else self.home
        return sessions.remember(
            sessions.begin(access_key), RedirectResponse(path, 303)
        )

    def _need_secret(self, access_key: str, secret: str) -> None:
        key = self.office.sessions.keys.get(access_key)
        known = key.secret if key else ""
        # Compared either way: how long it takes does not tell which keys there are.
        is_same = hmac.compare_digest(known.encode(), secret.encode())
        if key is None or not is_same:
            raise WorkRefused(
                WRONG, "this access key and this secret do not belong together"
            )

    def _page(
        self, request: Request, wanted: str, complaint: str, status: int
    ) -> Response:
        session = self.office.sessions.recognise(request)
        view = View("sign_in", {}, {"wanted": wanted, "complaint": complaint})
        return self.office.page(request, session, view, status=status)
