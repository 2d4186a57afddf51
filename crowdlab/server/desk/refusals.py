"""What the marketplace refuses, in the words of a page."""

import re
from collections.abc import Mapping

from crowdlab.errors import MTurkError

__all__ = ["explain"]

_WORDS: Mapping[str, str] = {
    "InsufficientFunds": "The balance does not cover this. Nothing was done.",
    "InvalidAssignmentState": (
        "It was decided already, or it is too late: a rejection can be taken back for "
        "30 days."
    ),
    "InvalidHITState": "The HIT's state does not allow this.",
    "InvalidMaximumAssignmentsIncrease": (
        "A HIT that was created with fewer than 10 assignments cannot grow to 10 or "
        "more: they cost a higher fee."
    ),
    "AssignmentDoesNotExist": "There is no such answer of yours.",
    "HITDoesNotExist": "There is no such HIT of yours.",
}
_STAMP = re.compile(r" \(\d+( s)?\)$")


def explain(error: MTurkError) -> str:
    """Why something was refused; the service's own words where we have no better.

    Example:
        >>> explain(MTurkError("RequestError", "No. (1700000000000)"))
        'No.'
    """
    code = (error.turk_code or "").rpartition(".")[2]
    words = _STAMP.sub("", error.message)
    if "idempotency token" in words:
        return "This was done already; a second press changed nothing."
    return _WORDS.get(code, words)
