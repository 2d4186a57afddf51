"""One page of a list, and the token that continues it.

A token is the position of the last row, signed, so that a forged or borrowed one is
refused. A list is walked by position, not by number: rows that come or go meanwhile
neither repeat nor hide others.
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Sequence
from typing import Any

from crowdlab.marketplace.call import Call, Params, Reply, Row, present
from crowdlab.marketplace.refusals import bad_parameter

__all__ = ["list_page"]

DEFAULT_SIZE = 10
Position = list[Any]
Rows = Sequence[Row]


def list_page(
    call: Call,
    params: Params,
    *,
    scope: str,
    start: Position,
    fetch: Callable[[Position, int], Rows],
    position: Callable[[Row], Position],
) -> tuple[Rows, Reply]:
    """The rows of the page that is asked for, and the members that frame it.

    A token is good for its scope alone: a list and its filters. ``start`` is the position
    before the first row, ``fetch`` gives at most so many rows behind a position, and
    ``position`` that of a row.

    Raises:
        Refusal: the token was not given out for this list.
    """
    size = params.get("MaxResults") or DEFAULT_SIZE
    token = params.get("NextToken")
    after = _read(call, scope, token) if token else start
    rows = fetch(after, size + 1)
    shown = rows[:size]
    more = _write(call, scope, position(shown[-1])) if len(rows) > size else None
    return shown, present(NextToken=more, NumResults=len(shown))


def _write(call: Call, scope: str, position: Position) -> str:
    text = json.dumps(position).encode()
    return base64.urlsafe_b64encode(_sign(call, scope, text) + text).decode()


def _read(call: Call, scope: str, token: str) -> Position:
    try:
        raw = base64.urlsafe_b64decode(token.encode())
    except ValueError:
        raise bad_parameter("NextToken", token) from None
    signature, text = raw[:_SIGNATURE], raw[_SIGNATURE:]
    if not hmac.compare_digest(signature, _sign(call, scope, text)):
        raise bad_parameter("NextToken", token)
    position: Position = json.loads(text)
    return position


_SIGNATURE = 12


def _sign(call: Call, scope: str, text: bytes) -> bytes:
    whole = f"{call.requester}\n{scope}\n".encode() + text
    return hashlib.blake2b(
        whole, key=call.house.secret, digest_size=_SIGNATURE
    ).digest()
