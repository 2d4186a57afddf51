"""The requester API over HTTP: who asks, of which market, and the answer."""

import datetime as dt
import logging
import uuid
from collections.abc import Callable

import attrs
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from crowdlab.errors import MTurkError
from crowdlab.marketplace import Marketplace, Requester, wire
from crowdlab.server.keys import Key, KeyRing
from crowdlab.server.markets import Markets
from crowdlab.server.origins import LOOPBACK
from crowdlab.server.severing import Severed
from crowdlab.server.signatures import Message, Signature, verify

__all__ = ["API", "read_message"]

SANDBOX_HOST = "mturk-requester-sandbox."
PRODUCTION_HOST = "mturk-requester."
#: How the names begin and end to which Amazon's own clients speak; nobody else's do.
AMAZONS = ("mturk-requester", ".amazonaws.com")

_log = logging.getLogger(__name__)

_FAULT = MTurkError(
    "ServiceFault",
    "There was an error with this request.",
    turk_code="AWS.ServiceUnavailable",
    status=500,
)


async def read_message(request: Request) -> Message:
    """A request as its signature sees it."""
    query = f"?{request.url.query}" if request.url.query else ""
    return Message(
        method=request.method,
        target=f"{request.url.path}{query}",
        headers=request.headers.items(),
        body=await request.body(),
    )


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


@attrs.frozen
class API:
    """Answers the requests of AWS's SDKs.

    Attributes:
        keys: who may ask; empty where everybody on this machine may.
        environment: the market of requests that do not say which they mean.
        hosts: the names under which an open server answers.
        now: the time against which signatures are checked.
    """

    markets: Markets
    keys: KeyRing
    environment: str
    hosts: frozenset[str] = LOOPBACK
    now: Callable[[], dt.datetime] = _now
    _accounts: dict[tuple[str, str], Requester] = attrs.field(factory=dict, init=False)

    async def serve(self, request: Request) -> Response:
        """Answers one request."""
        message = await read_message(request)
        try:
            answer = await run_in_threadpool(self.answer, message)
        except ConnectionAbortedError:
            return Severed()
        headers = {**answer.headers, "x-amzn-RequestId": str(uuid.uuid4())}
        return Response(answer.body, answer.status, headers)

    def answer(self, message: Message) -> wire.Response:
        """What goes back; whatever fails, no more of it than its kind.

        Raises:
            ConnectionAbortedError: nothing is to go back.
        """
        try:
            call = self._requester(message)
            return wire.answer(call, message.header("x-amz-target"), message.body)
        except MTurkError as error:
            return wire.refused(error)
        except ConnectionAbortedError:
            raise
        except Exception:  # noqa: BLE001 - a client hears of every failure as a fault
            _log.exception("a request failed: %s", message.header("x-amz-target"))
            return wire.refused(_FAULT)

    def _requester(self, message: Message) -> wire.Call:
        """The side of the market of whoever signed.

        Raises:
            MTurkError: nobody did, or not well.
        """
        signature = Signature.read(message)
        market = self.markets.by_environment[self._meant(message, signature)]
        key = self.admit(message, signature)
        return market.call if key is None else self._account(market, key.requester).call

    def admit(self, message: Message, signature: Signature) -> Key | None:
        """The key of whoever signed; ``None`` where there are no keys.

        Raises:
            MTurkError: nobody did who may, or not well.
        """
        if not self.keys:
            self._need_known_host(message)
            return None
        key = self.keys.get(signature.access_key)
        if key is None:
            raise MTurkError(
                "UnrecognizedClientException",
                "The security token included in the request is invalid.",
            )
        verify(message, signature, key.secret, self.now())
        return key

    def _account(self, market: Marketplace, name: str) -> Requester:
        known = self._accounts.get((market.environment, name))
        if known is None:
            known = market.requester(name)
            self._accounts[market.environment, name] = known
        return known

    def _meant(self, message: Message, signature: Signature) -> str:
        host = message.header("host") or ""
        if host.startswith(SANDBOX_HOST) or signature.region == "sandbox":
            return "sandbox"
        return "production" if host.startswith(PRODUCTION_HOST) else self.environment

    def _need_known_host(self, message: Message) -> None:
        """Refuses pages that reach an open server under a name of their own."""
        host = message.header("host") or ""
        name = host.rpartition(":")[0].strip("[]") if ":" in host else host
        start, end = AMAZONS
        is_amazons = name.startswith(start) and name.endswith(end)
        if name not in self.hosts and not is_amazons:
            raise MTurkError(
                "AccessDeniedException", f"This server is not known as {name!r}."
            )
