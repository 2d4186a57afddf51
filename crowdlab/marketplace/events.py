"""What happens to HITs and assignments, told to the requester who asked to be told.

A document is written in the transaction of what it tells of: nothing is told that did
not happen, and nothing is forgotten that did. The outbox delivers it afterwards.
"""

import json
from time import gmtime, strftime

import sqlalchemy as sa
from sqlalchemy import bindparam

from crowdlab.database import Statement
from crowdlab.marketplace.call import Call, Params, Reply, Row, present
from crowdlab.marketplace.schema import hit_types, outbox, requesters

__all__ = ["TOLD", "describe", "emit", "post"]

#: The specification of a HIT type's notifications, or nothing while they are off.
TOLD = sa.case((hit_types.c.is_notifying, hit_types.c.notification)).label("told")

_CUSTOMER = Statement(
    sa.select(requesters.c.customer_id).where(requesters.c.id == bindparam("key"))
)
_NEW = Statement(outbox.insert())


def emit(
    call: Call, event_type: str, about: Row, at: int, assignment_id: str | None = None
) -> None:
    """Tells of an event, if the HIT type's notifications ask for it.

    Args:
        about: a HIT or an assignment, with the column ``TOLD`` of its type.
        at: when it happened.
        assignment_id: of an event that befell an assignment.
    """
    if about.told is None:
        return
    specification = json.loads(about.told)
    if event_type in specification["EventTypes"]:
        event = describe(event_type, at, about.hit_type_id, about.hit_id, assignment_id)
        post(call, about.requester, specification, event)


def describe(
    event_type: str,
    at: int,
    hit_type_id: str,
    hit_id: str,
    assignment_id: str | None = None,
) -> Reply:
    """An event as the documents tell it.

    Example:
        >>> describe("HITExpired", 1_000_000_000, "3T", "3H")["EventTimestamp"]
        '2001-09-09T01:46:40Z'
    """
    return present(
        EventType=event_type,
        EventTimestamp=strftime("%Y-%m-%dT%H:%M:%SZ", gmtime(at)),
        HITTypeId=hit_type_id,
        HITId=hit_id,
        AssignmentId=assignment_id,
    )


def post(call: Call, requester: int, specification: Params, event: Reply) -> None:
    """Puts a document with one event into the outbox."""
    document = {
        "EventDocVersion": specification["Version"],
        "EventDocId": call.house.ids.new("E"),
        "CustomerId": call.one(_CUSTOMER, key=requester).customer_id,
        "Events": [event],
    }
    call.run(
        _NEW,
        transport=specification["Transport"],
        destination=specification["Destination"],
        document=json.dumps(document),
        due=call.now,
    )
    call.house.mail.set()
