"""Known labels: what a requester knows to be true of a group's tasks, for judging workers.

No worker ever sees them, and no operation of the API tells them.
"""

from collections.abc import Mapping

import sqlalchemy as sa
from sqlalchemy import bindparam

from crowdlab.database import Statement
from crowdlab.marketplace.call import Call
from crowdlab.marketplace.site_schema import known_labels

__all__ = ["find_known_labels", "set_known_labels"]

_HERE = (known_labels.c.requester == bindparam("asks")) & (
    known_labels.c.place == bindparam("where")
)
_FORGET = Statement(known_labels.delete().where(_HERE))
_NEW = Statement(known_labels.insert())
_ALL = Statement(sa.select(known_labels.c.thing, known_labels.c.label).where(_HERE))


def set_known_labels(call: Call, place: str, labels: Mapping[str, str]) -> None:
    """Notes the known labels of a group, instead of those noted before."""
    call.run(_FORGET, asks=call.requester, where=place)
    for thing, label in labels.items():
        call.run(_NEW, requester=call.requester, place=place, thing=thing, label=label)


def find_known_labels(call: Call, place: str) -> dict[str, str]:
    """The known labels of a group, by task."""
    rows = call.rows(_ALL, asks=call.requester, where=place)
    return {row.thing: row.label for row in rows}
