"""A real boto3 client whose requests end in a marketplace instead of a socket."""

import threading
from functools import cache
from typing import TYPE_CHECKING, Any

import boto3
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.compat import HTTPHeaders
from botocore.config import Config
from botocore.exceptions import ConnectionClosedError

from crowdlab.marketplace import wire

if TYPE_CHECKING:
    from mypy_boto3_mturk import MTurkClient

__all__ = ["bound_client"]


def bound_client(
    call: wire.Call, environment: str, config: Config | None = None
) -> "MTurkClient":
    """The client; everything but the socket is boto3's own.

    botocore asks ``before-send`` handlers for an answer before it opens a connection;
    ours always has one.
    """
    region = "sandbox" if environment == "sandbox" else "us-east-1"
    with _LOCK:
        client = _session().client("mturk", region_name=region, config=config)

    def send(request: AWSPreparedRequest, **_: Any) -> AWSResponse:
        target: Any = request.headers.get("X-Amz-Target")
        try:
            answer = wire.answer(call, _text(target), _body(request))
        except ConnectionAbortedError:
            raise ConnectionClosedError(endpoint_url=request.url) from None
        return _received(request.url, answer)

    handler: Any = send  # the stubs know no handler that answers
    client.meta.events.register_first("before-send.mturk.*", handler)
    return client


# A session reads the API's model from disk once, and makes clients for one thread at a
# time.
_LOCK = threading.Lock()


@cache
def _session() -> boto3.session.Session:
    return boto3.session.Session(
        aws_access_key_id="crowdlab",
        aws_secret_access_key="crowdlab",  # noqa: S106 - nobody checks it
    )


def _text(header: str | bytes | None) -> str | None:
    """A header, which botocore has as bytes once the request is signed."""
    return header.decode() if isinstance(header, bytes) else header


def _body(request: AWSPreparedRequest) -> bytes:
    body: Any = request.body
    return body.encode() if isinstance(body, str) else bytes(body or b"")


def _received(url: str, response: wire.Response) -> AWSResponse:
    headers = HTTPHeaders.from_dict(response.headers)
    return AWSResponse(url, response.status, headers, _Content(response.body))


class _Content:
    """A body that has arrived already."""

    def __init__(self, body: bytes) -> None:
        self._body = body

    def stream(self, **_: Any) -> list[bytes]:
        return [self._body]
