"""Steps that many tests of the marketplace take."""

from collections.abc import Callable
from typing import Any

from crowdlab.marketplace import Marketplace
from crowdlab.questions import ExternalQuestion

__all__ = ["LONG_AGO", "Make", "do", "hit_parameters", "refused"]

QUESTION = ExternalQuestion("https://example.org/task?x=1&y=2").to_xml()

#: A moment long past, as old programs write it; the stubs want a datetime.
LONG_AGO: Any = 0

Make = Callable[..., dict[str, Any]]


def hit_parameters(**changes: Any) -> dict[str, Any]:
    """What CreateHIT needs, with changes; ``None`` leaves a parameter out."""
    parameters = {
        "Title": "Look at a picture",
        "Description": "Say what it shows",
        "Keywords": "picture, label",
        "Reward": "0.05",
        "AssignmentDurationInSeconds": 600,
        "LifetimeInSeconds": 3600,
        "Question": QUESTION,
        **changes,
    }
    return {name: value for name, value in parameters.items() if value is not None}


def refused(error: Any) -> tuple[str, str]:
    """The code of a boto3 error, and its TurkErrorCode without the prefix."""
    response = error.value.response
    turk = response.get("TurkErrorCode", "").removeprefix("AWS.MechanicalTurk.")
    return response["Error"]["Code"], turk


def do(market: Marketplace, hit: dict[str, Any], **fields: str) -> tuple[str, str]:
    """A new worker accepts and submits; gives the worker's and the assignment's id."""
    worker = market.register()
    assignment = market.accept(worker, hit["HITId"])
    market.submit(worker, assignment, fields or {"answer": "yes"})
    return worker, assignment
