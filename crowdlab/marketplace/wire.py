"""The API's wire: JSON in, JSON out, as every door of the marketplace speaks it.

One POST a request: the operation in the header ``X-Amz-Target``, the parameters as
JSON; times are seconds since 1970; an error names its type in ``__type``.
"""

import datetime as dt
import json
from collections.abc import Callable, Mapping
from typing import Any

import attrs

from crowdlab.errors import MTurkError

__all__ = ["TARGET", "Call", "Response", "answer", "operation_of", "refused"]

TARGET = "MTurkRequesterServiceV20170117"
CONTENT_TYPE = "application/x-amz-json-1.1"

Call = Callable[[str, Mapping[str, Any]], dict[str, Any]]


@attrs.frozen
class Response:
    """What goes back over the wire."""

    status: int
    body: bytes
    headers: dict[str, str] = attrs.field(
        factory=lambda: {"Content-Type": CONTENT_TYPE}
    )


def operation_of(target: str | None) -> str:
    """The operation that the header ``X-Amz-Target`` names.

    Raises:
        MTurkError: it names none of this API.
    """
    service, _, operation = (target or "").partition(".")
    if service != TARGET or not operation:
        raise MTurkError("UnknownOperationException", "")
    return operation


def answer(call: Call, target: str | None, body: bytes) -> Response:
    """Does what a request asks, and puts what comes of it on the wire.

    Raises:
        ConnectionAbortedError: a fault on demand breaks the connection: the door is to
            close it without an answer.
    """
    try:
        reply = call(operation_of(target), _params(body))
    except MTurkError as error:
        if not error.status:
            raise ConnectionAbortedError(error.message) from error
        return refused(error)
    return Response(200, _encode(reply))


def _params(body: bytes) -> Mapping[str, Any]:
    try:
        params = json.loads(body or b"{}")
    except (ValueError, RecursionError):
        raise MTurkError("SerializationException", "The body is no JSON") from None
    if not isinstance(params, dict):
        raise MTurkError("SerializationException", "The body is no JSON object")
    return params


def refused(error: MTurkError) -> Response:
    """The error on the wire."""
    body = {"__type": error.code, "Message": error.message}
    if error.turk_code:
        body["TurkErrorCode"] = error.turk_code
    return Response(error.status, _encode(body))


def _encode(value: Mapping[str, Any]) -> bytes:
    return json.dumps(value, default=_epoch).encode()


def _epoch(value: object) -> float:
    if isinstance(value, dt.datetime):
        return int(value.timestamp())
    raise TypeError(f"{value!r} does not go over the wire")
