"""Who sits at the desk: a requester who signed in with an access key, for some hours.

A cookie of its own says so, signed. It is sent to the desk's pages alone, and a worker's
cookie is none. Forms carry a token that only a page of the same session can know.
"""

import hmac
import secrets
from collections.abc import Callable

import attrs
from starlette.requests import Request
from starlette.responses import Response

from crowdlab.server.desk.sealing import Seal
from crowdlab.server.keys import KeyRing

__all__ = ["HOURS", "Session", "Sessions"]

COOKIE = "crowdlab-desk"
NOTE = "crowdlab-desk-note"
HOURS = 12


@attrs.frozen
class Session:
    """Somebody at the desk.

    Attributes:
        access_key: the one they signed in with; empty until they do.
        nonce: tells this session from all others.
        ends: in seconds since 1970.
    """

    access_key: str
    nonce: str
    ends: int


@attrs.frozen
class Sessions:
    """Begins, recognises and ends sessions.

    Attributes:
        sign: a signature of a text that nobody else can make.
        keys: who may sit down; everybody, where there are none.
        clock: gives the seconds since 1970.
        is_secure: whether the site is reached over https.
    """

    sign: Callable[[str], str]
    keys: KeyRing
    clock: Callable[[], float]
    is_secure: bool

    def begin(self, access_key: str = "") -> Session:
        """A new session."""
        ends = int(self.clock()) + HOURS * 3600
        return Session(access_key, secrets.token_urlsafe(16), ends)

    def recognise(self, request: Request) -> Session:
        """Whose request it is; a new session where no cookie of ours says it."""
        found = self._seal("cookie").open(request.cookies.get(COOKIE, ""))
        if found is None:
            return self.begin()
        session = Session(*found)
        # A key that was taken away opens nothing any more.
        is_known = not session.access_key or session.access_key in self.keys
        return session if is_known and self.clock() < session.ends else self.begin()

    def may_enter(self, session: Session) -> bool:
        """Whether the session belongs to a requester."""
        return bool(session.access_key) or not self.keys

    def token(self, session: Session) -> str:
        """What every form of this session carries."""
        return self.sign(f"desk form {session.nonce}")

    def is_token(self, session: Session, token: str) -> bool:
        """Whether a form came from a page of this session."""
        return hmac.compare_digest(token.encode(), self.token(session).encode())

    def remember(self, session: Session, response: Response) -> Response:
        """The response, with the cookie by which the session is recognised."""
        sealed = self._seal("cookie").close(attrs.astuple(session))
        self._set(response, COOKIE, sealed, HOURS * 3600)
        return response

    def leave_note(self, response: Response, *note: str) -> Response:
        """The response, with what the next page is to say first: a tone and a text."""
        self._set(response, NOTE, self._seal("note").close(note), 60)
        return response

    def take_note(self, request: Request) -> tuple[str, ...]:
        """What the page before left to be said."""
        return tuple(self._seal("note").open(request.cookies.get(NOTE, "")) or ())

    def drop_note(self, response: Response) -> None:
        """Lets what was said not be said again."""
        response.delete_cookie(NOTE, path="/desk")

    def _seal(self, purpose: str) -> Seal:
        return Seal(purpose, self.sign)

    def _set(self, response: Response, name: str, value: str, seconds: int) -> None:
        response.set_cookie(
            name,
            value,
            max_age=seconds,
            path="/desk",
            httponly=True,
            samesite="lax",
            secure=self.is_secure,
        )
