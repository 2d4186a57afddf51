"""What a client meets where no marketplace answers: no host, or a broken line."""

import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager

from botocore.exceptions import ConnectionClosedError, EndpointConnectionError
from moto.core.request import Request
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from crowdlab.marketplace import wire

__all__ = ["breakable", "no_endpoint"]


def no_endpoint(request: Request, url: str, region: str) -> Exception:
    """Mechanical Turk never had a host in that region.

    A client in the process is told what boto3 says of a host that does not exist; a
    server, which does exist, can only answer.
    """
    if not request.from_wsgi_server:
        return EndpointConnectionError(endpoint_url=url)
    text = f"Mechanical Turk has no endpoint in {region}: use us-east-1, or sandbox."
    body = {"__type": "UnknownEndpoint", "Message": text}
    response = Response(json.dumps(body), 404, content_type=wire.CONTENT_TYPE)
    return HTTPException(response=response)


@contextmanager
def breakable(request: Request, url: str) -> Iterator[None]:
    """Lets a broken connection look like one: boto3's error, or a closed socket."""
    try:
        yield
    except ConnectionAbortedError:
        if request.from_wsgi_server:
            # moto's server would keep the connection, and its client wait, for ever.
            request.environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
            raise
        raise ConnectionClosedError(endpoint_url=url) from None
