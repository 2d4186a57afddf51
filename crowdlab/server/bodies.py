"""How much a client may send: no more than a request can need."""

import attrs
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["MOST_BYTES", "MOST_BYTES_OF_IMAGES", "BodyLimit"]

MOST_BYTES = 1_000_000
#: Of a PUT, which brings an image.
MOST_BYTES_OF_IMAGES = 25_000_000
#: What is still read, and thrown away, so that a client hears the answer.
MOST_DRAINED = 50_000_000

_TEXT = b'{"__type":"RequestEntityTooLargeException","Message":"At most %d bytes"}'


class _TooLarge(Exception):
    """More has come than may."""


@attrs.frozen
class BodyLimit:
    """Answers requests that are too large with 413, and passes on the others."""

    app: ASGIApp

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        most = MOST_BYTES_OF_IMAGES if scope["method"] == "PUT" else MOST_BYTES
        # A length that is no number never comes this far.
        if int(Headers(scope=scope).get("content-length", "0")) > most:
            await _refuse(most, receive, send)
            return
        try:
            await self.app(scope, _Counter(receive, most).receive, send)
        except _TooLarge:
            await _refuse(most, receive, send)


@attrs.define
class _Counter:
    """Receives, as long as it is not too much."""

    upstream: Receive
    most: int
    n_bytes: int = 0

    async def receive(self) -> Message:
        message = await self.upstream()
        self.n_bytes += len(message.get("body", b""))
        if self.n_bytes > self.most:
            raise _TooLarge
        return message


async def _refuse(most: int, receive: Receive, send: Send) -> None:
    body = _TEXT % most
    headers = {
        "content-type": "application/x-amz-json-1.1",
        "content-length": str(len(body)),
        "connection": "close",
    }
    pairs = [(name.encode(), value.encode()) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": 413, "headers": pairs})
    await send({"type": "http.response.body", "body": body, "more_body": True})
    # A connection that is closed on a client who still writes loses the answer.
    n_bytes, more = 0, True
    while more and n_bytes < MOST_DRAINED:
        message = await receive()
        n_bytes += len(message.get("body", b""))
        more = message.get("more_body", False)
    await send({"type": "http.response.body", "body": b""})
