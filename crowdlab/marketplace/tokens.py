"""Idempotency tokens: a request that is repeated is refused, not done twice.

They are remembered for 24 hours. A call that fails leaves no trace, its token
included, because it is undone as a whole.
"""

import sqlalchemy as sa
from sqlalchemy import bindparam

from crowdlab.database import Statement
from crowdlab.marketplace.call import Call
from crowdlab.marketplace.schema import tokens

__all__ = ["recall", "remember"]

LIFETIME = 24 * 3600

_THE_TOKEN = (
    (tokens.c.requester == bindparam("who"))
    & (tokens.c.scope == bindparam("what"))
    & (tokens.c.token == bindparam("name"))
)
_FIND = Statement(sa.select(tokens).where(_THE_TOKEN))
_NOTE = Statement(tokens.insert())
_FORGET = Statement(tokens.delete().where(_THE_TOKEN))


def recall(call: Call, scope: str, token: str | None) -> str | None:
    """What came of the request that used the token in the last 24 hours, if any."""
    if token is None:
        return None
    found = call.one(_FIND, who=call.requester, what=scope, name=token)
    if found is None:
        return None
    if found.used + LIFETIME > call.now:
        return str(found.outcome)
    call.run(_FORGET, who=call.requester, what=scope, name=token)
    return None


def remember(call: Call, scope: str, token: str | None, outcome: str) -> None:
    """Notes that the token is used, and what came of it."""
    if token is not None:
        call.run(
            _NOTE,
            requester=call.requester,
            scope=scope,
            token=token,
            used=call.now,
            outcome=outcome,
        )
