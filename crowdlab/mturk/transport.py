"""The port through which a marketplace is reached."""

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from typing import Any, Protocol

__all__ = ["Transport", "group", "pages"]

LARGEST_PAGE = 100


class Transport(Protocol):
    """Whatever carries the MTurk requester API.

    Times in answers are aware datetimes, money is text, and members without a value
    are absent, as boto3 gives them.
    """

    def call(self, operation: str, params: Mapping[str, Any], /) -> dict[str, Any]:
        """The answer of one operation, such as ``ListHITs``.

        Raises:
            MTurkError: if the marketplace refuses.
        """


def group(transport: Transport) -> AbstractContextManager[object]:
    """A context in which many calls become durable together, where that is possible.

    Everywhere else each call is durable on its own, and the context does nothing.
    """
    own = getattr(transport, "group", None)
    return own() if callable(own) else nullcontext()


def pages(
    transport: Transport, operation: str, params: Mapping[str, Any], key: str
) -> Iterator[list[dict[str, Any]]]:
    """The pages of a list operation, largest size, each a list of its items.

    Args:
        transport: the marketplace.
        operation: such as ``ListAssignmentsForHIT``.
        params: without ``MaxResults`` and ``NextToken``.
        key: the member of the answer that holds the items.
    """
    request = {**params, "MaxResults": LARGEST_PAGE}
    while True:
        answer = transport.call(operation, request)
        yield answer.get(key, [])
        token = answer.get("NextToken")
        if not token:
            return
        request["NextToken"] = token
