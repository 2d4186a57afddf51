"""Connections that break before an answer comes, for faults on demand.

ASGI has no word for it, so the server that runs the application has to lend a hand.
"""

from typing import Any

import attrs
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

__all__ = ["Severable", "Severed"]

ABORT = "crowdlab.abort"


class Severed(Response):
    """No response: the connection is closed instead."""

    async def __call__(self, scope: Scope, receive: Receive, _send: Send) -> None:
        """Closes the connection."""
        scope[ABORT]()
        while (await receive())["type"] != "http.disconnect":
            pass


@attrs.frozen
class Severable:
    """An application under uvicorn that may close its connections."""

    app: ASGIApp

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves one request."""
        # uvicorn's own send is a method of what holds the connection.
        cycle: Any = getattr(send, "__self__", None)
        if scope["type"] == "http":
            scope[ABORT] = cycle.transport.abort
        await self.app(scope, receive, send)
