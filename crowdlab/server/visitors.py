"""Who looks at the site: a worker who signed in, or nobody yet.

A cookie says so, signed. A form that changes something carries a token that only the
page of the same visitor can know.
"""

import hmac
import secrets
from collections.abc import Callable

import attrs
from starlette.requests import Request
from starlette.responses import Response

__all__ = ["Visitor", "Visitors"]

COOKIE = "crowdlab"


@attrs.frozen
class Visitor:
    """Somebody with a browser.

    Attributes:
        worker_id: who they signed in as; empty until they do.
        nonce: tells this browser from all others.
    """

    worker_id: str
    nonce: str

    def named(self, worker_id: str) -> "Visitor":
        """The same visitor, now known as somebody; tokens from before are void."""
        return Visitor(worker_id, secrets.token_urlsafe(16))


@attrs.frozen
class Visitors:
    """Recognises visitors.

    Attributes:
        sign: a signature of a text that nobody else can make.
        is_secure: whether the site is reached over https.
    """

    sign: Callable[[str], str]
    is_secure: bool

    def recognise(self, request: Request) -> Visitor:
        """Who sent a request; a new visitor where no cookie of ours says it."""
        worker_id, _, rest = request.cookies.get(COOKIE, "").partition(".")
        nonce, _, signature = rest.partition(".")
        visitor = Visitor(worker_id, nonce)
        if nonce and hmac.compare_digest(
            signature.encode(), self._signature("cookie", visitor).encode()
        ):
            return visitor
        return Visitor("", secrets.token_urlsafe(16))

    def token(self, visitor: Visitor) -> str:
        """What every form of this visitor carries."""
        return self._signature("form", visitor)

    def is_token(self, visitor: Visitor, token: str) -> bool:
        """Whether a form came from a page of this visitor."""
        return hmac.compare_digest(token.encode(), self.token(visitor).encode())

    def remember(self, visitor: Visitor, response: Response) -> Response:
        """The response, with the cookie by which the visitor is recognised."""
        signature = self._signature("cookie", visitor)
        response.set_cookie(
            COOKIE,
            f"{visitor.worker_id}.{visitor.nonce}.{signature}",
            httponly=True,
            samesite="lax",
            secure=self.is_secure,
        )
        return response

    def _signature(self, purpose: str, visitor: Visitor) -> str:
        return self.sign(f"{purpose} {visitor.worker_id} {visitor.nonce}")
