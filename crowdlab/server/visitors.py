"""Who looks at the site: a worker who signed in, or nobody yet.

A cookie holds a key that only this browser has; which worker it stands for, and until
when, is kept on the server. A form that changes something carries a token that only
the page of the same visitor can know.
"""

import hmac
import re
import secrets
from collections.abc import Callable

import attrs
from starlette.requests import Request
from starlette.responses import Response

from crowdlab.server.people import LIFETIME, People

__all__ = ["Visitor", "Visitors"]

_KEY = re.compile(r"[\w-]{32}", re.ASCII)


@attrs.frozen
class Visitor:
    """Somebody with a browser.

    Attributes:
        key: tells this browser from all others.
        worker_id: who they signed in as; empty until they do.
        name: what they call themselves, if that is known.
        scope: the environment and the panel that they are confined to, if they are.
        has_agreed: whether they agreed to what everybody has to.
    """

    key: str = attrs.field(repr=False)
    worker_id: str = ""
    name: str = ""
    scope: str = ""
    has_agreed: bool = False

    @property
    def panel_home(self) -> str:
        """The page that those who came through a panel start from; else empty."""
        environment, _, panel = self.scope.partition("/")
        return f"/{environment}/join/{panel}" if panel else ""


@attrs.frozen
class Visitors:
    """Recognises visitors.

    Attributes:
        people: who may sign in.
        sign: a signature of a text that nobody else can make.
        is_secure: whether the site is reached over https.
        consent: the version of the text that everybody agrees to, if there is one.
    """

    people: People
    sign: Callable[[str], str]
    is_secure: bool
    consent: str = ""

    @property
    def cookie(self) -> str:
        """The cookie's name; over https one that no page of a subdomain can set."""
        return "__Host-crowdlab" if self.is_secure else "crowdlab"

    def recognise(self, request: Request) -> Visitor:
        """Who sent a request; a new visitor where no cookie of ours says it."""
        key = request.cookies.get(self.cookie, "")
        if not _KEY.fullmatch(key):
            return Visitor(secrets.token_urlsafe(24))
        guest = self.people.sessions.find(key, self.consent)
        return Visitor(key, **attrs.asdict(guest)) if guest else Visitor(key)

    def let_in(self, worker_id: str, response: Response, scope: str = "") -> Response:
        """The response, by which the browser becomes a worker's; tokens before are void."""
        key = self.people.sessions.begin(worker_id, scope)
        return self.remember(Visitor(key, worker_id), response)

    def let_out(self, visitor: Visitor, response: Response) -> Response:
        """The response, by which the browser is nobody's again."""
        self.people.sessions.end(visitor.key)
        return self.remember(Visitor(secrets.token_urlsafe(24)), response)

    def token(self, visitor: Visitor) -> str:
        """What every form of this visitor carries."""
        return self.sign(f"form {visitor.key}")

    def is_token(self, visitor: Visitor, token: str) -> bool:
        """Whether a form came from a page of this visitor."""
        return hmac.compare_digest(token.encode(), self.token(visitor).encode())

    def remember(self, visitor: Visitor, response: Response) -> Response:
        """The response, with the cookie by which the visitor is recognised."""
        response.set_cookie(
            self.cookie,
            visitor.key,
            max_age=LIFETIME,
            httponly=True,
            samesite="lax",
            secure=self.is_secure,
        )
        return response
