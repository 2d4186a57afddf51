"""Notifications: which events of a HIT type are told, and where to.

The `reference <https://docs.aws.amazon.com/AWSMechTurk/latest/AWSMturkAPI/>`_ knows
queues and topics. E-mail, which the API's model knows too and the real service sends,
is accepted: the documents are kept, and given to the marketplace's deliverer.
"""

import json
import re

from sqlalchemy import bindparam

from crowdlab.database import Statement
from crowdlab.marketplace import refusals
from crowdlab.marketplace.call import Call, Params, Reply, Row
from crowdlab.marketplace.events import describe, post
from crowdlab.marketplace.hit_types import find_hit_type
from crowdlab.marketplace.schema import hit_types

__all__ = ["send_test_event_notification", "update_notification_settings"]

#: The model of the API names the first, its reference the second.
VERSIONS = ("2006-05-05", "2014-08-15")
#: Only ever sent as a test.
PING = "Ping"
DESTINATIONS = {
    "SQS": re.compile(r"https?://[^/\s]+/\S+"),
    "SNS": re.compile(r"arn:[a-z-]+:sns:[a-z0-9-]+:\w+:[\w-]+(\.fifo)?"),
    "Email": re.compile(r"[^@\s]+@[^@\s]+"),
}
#: What a test tells of: a HIT that never was.
TEST_HIT_TYPE = "09876543210987654321"
TEST_HIT = "12345678901234567890"
TEST_ASSIGNMENT = "1234567890123456789012345678901"

_SET = Statement(
    hit_types.update()
    .where(hit_types.c.id == bindparam("key"))
    .values(notification=bindparam("given"), is_notifying=bindparam("active"))
)


def update_notification_settings(call: Call, params: Params) -> Reply:
    """UpdateNotificationSettings: a new specification, or the old one on or off."""
    kind = find_hit_type(call, params["HITTypeId"])
    given, active = params.get("Notification"), params.get("Active")
    if given is None and active is None:
        hint = "Give a Notification, or say whether it is Active."
        raise refusals.bad_parameter("Notification", "null", hint)
    if given is None and kind.notification is None:
        hint = "The HIT type has no notification specification yet."
        raise refusals.bad_parameter("Active", active, hint)
    if given is not None and PING in _admit(given)["EventTypes"]:
        hint = "Only SendTestEventNotification sends it."
        raise refusals.bad_parameter("EventTypes", PING, hint)
    call.run(
        _SET,
        key=kind.id,
        given=kind.notification if given is None else json.dumps(given),
        active=_is_active(kind, active),
    )
    return {}


def send_test_event_notification(call: Call, params: Params) -> Reply:
    """SendTestEventNotification: one event at once, whatever the EventTypes say."""
    specification = _admit(params["Notification"])
    kind = params["TestEventType"]
    work = TEST_ASSIGNMENT if kind.startswith("Assignment") else None
    event = describe(kind, call.now, TEST_HIT_TYPE, TEST_HIT, work)
    post(call, call.requester, specification, event)
    return {}


def _is_active(kind: Row, wanted: bool | None) -> bool:
    """What is not said stays as it was; a first specification is active."""
    if wanted is not None:
        return wanted
    return kind.notification is None or bool(kind.is_notifying)


def _admit(specification: Params) -> Params:
    version, destination = specification["Version"], specification["Destination"]
    if version not in VERSIONS:
        hint = f"It is one of {', '.join(VERSIONS)}."
        raise refusals.bad_parameter("Version", version, hint)
    transport = specification["Transport"]
    if not DESTINATIONS[transport].fullmatch(destination):
        raise refusals.bad_destination(transport, destination)
    return specification
