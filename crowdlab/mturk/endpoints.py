"""From what a requester names to the marketplace that is meant."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import attrs

from crowdlab.errors import BadInput
from crowdlab.mturk.transport import Transport
from crowdlab.plugins import Registry

__all__ = ["ENDPOINTS", "Connection", "connect", "find_server"]

PRODUCTION = "https://mturk-requester.us-east-1.amazonaws.com"
SANDBOX = "https://mturk-requester-sandbox.us-east-1.amazonaws.com"

ENDPOINTS: Registry[Callable[[], Transport]] = Registry(
    "endpoint", "crowdlab.endpoints"
)


@attrs.frozen
class Connection:
    """A marketplace that can be asked, and where one is then.

    Attributes:
        transport: carries the requests.
        environment: its name in every receipt, such as ``sandbox``.
    """

    transport: Transport
    environment: str


def connect(endpoint: object, *, environment: str | None = None) -> Connection:
    """The marketplace that an endpoint means.

    Args:
        endpoint: the name of an endpoint, a URL, a boto3 ``mturk`` client, or any
            transport.
        environment: what receipts call a client, URL or transport of your own; has
            to be ``production`` where it reaches the real Mechanical Turk.

    Raises:
        NotFound: for the name of no endpoint; the message lists the choices.
        BadInput: for anything else that is no endpoint, and for production unnamed.
    """
    if isinstance(endpoint, str):
        return _connect_text(endpoint, environment)
    client = getattr(endpoint, "client", endpoint)
    if _is_client(client):
        return _connect_client(client, environment)
    if callable(getattr(endpoint, "call", None)):
        transport: Any = endpoint
        return Connection(transport, environment or type(transport).__name__)
    raise BadInput(
        f"endpoint: {endpoint!r} is none; give one of {', '.join(ENDPOINTS.names())}, "
        "a URL, a boto3 mturk client or a transport"
    )


def find_server(transport: object) -> str | None:
    """The address of the server that a transport reaches; ``None`` for AWS and for none."""
    client: Any = getattr(transport, "client", None)
    if not _is_client(client):
        return None
    from crowdlab.mturk import boto  # noqa: PLC0415 (boto3 is slow to import)

    url: str = client.meta.endpoint_url
    is_amazon = (urlsplit(url).hostname or "").endswith(".amazonaws.com")
    return None if is_amazon or boto.is_answered_in_process(client) else url


def _connect_text(endpoint: str, environment: str | None) -> Connection:
    if "://" not in endpoint:
        return Connection(ENDPOINTS.find(endpoint)(), endpoint)
    if urlsplit(endpoint).scheme not in {"http", "https"}:
        raise BadInput(f"endpoint: {endpoint!r} must begin with https:// or http://")
    name = _environment(endpoint, environment)
    return Connection(_over_boto(endpoint), name)


def _connect_client(client: Any, environment: str | None) -> Connection:
    from crowdlab.mturk import boto  # noqa: PLC0415 (boto3 is slow to import)

    transport = boto.BotoTransport(client)
    if boto.is_answered_in_process(client):
        return Connection(transport, environment or "in-process")
    return Connection(transport, _environment(client.meta.endpoint_url, environment))


def _is_client(endpoint: object) -> bool:
    model = getattr(getattr(endpoint, "meta", None), "service_model", None)
    return getattr(model, "service_name", None) == "mturk"


def _environment(url: str, named: str | None) -> str:
    host = urlsplit(url).hostname
    if host == urlsplit(PRODUCTION).hostname and named != "production":
        raise BadInput(
            f"endpoint: {url} is the real Mechanical Turk, where work costs money; "
            "say endpoint='production', or environment='production' with your own client"
        )
    if named is not None:
        return named
    return "sandbox" if host == urlsplit(SANDBOX).hostname else urlsplit(url).netloc


def _over_boto(url: str) -> Transport:
    from crowdlab.mturk import boto  # noqa: PLC0415 (boto3 is slow to import)

    return boto.BotoTransport(boto.make_client(url))


ENDPOINTS.add("sandbox", lambda: lambda: _over_boto(SANDBOX))
ENDPOINTS.add("production", lambda: lambda: _over_boto(PRODUCTION))
