"""Images on a crowdlab server that runs elsewhere: sent to it, signed as requests are."""

import functools
import json
from typing import Any

from tenacity import (
    Retrying,
    retry_if_exception,
    stop_after_attempt,
    wait_random_exponential,
)

from crowdlab.assets.folder import PATH
from crowdlab.assets.pictures import Picture
from crowdlab.errors import BadInput

__all__ = ["ServerHome"]

SERVICE, REGION = "mturk-requester", "us-east-1"
OK = 200
# What may be otherwise in a moment.
BUSY = {429, 500, 502, 503, 504}
ATTEMPTS = 5


class ServerHome:
    """A crowdlab server, with the credentials of boto3.

    Args:
        url: its address, such as ``https://crowd.example.org``.
    """

    def __init__(self, url: str) -> None:
        self.url = url.rstrip("/")
        self.is_near = False

    def __repr__(self) -> str:
        return f"ServerHome({self.url!r})"

    @property
    def name(self) -> str:
        """Its address."""
        return self.url

    def prepare(self) -> None:
        """Nothing: the first image shows whether the server takes it."""

    def check(self, _url: str) -> None:
        """Nothing: what the server has taken, it shows."""

    def put(self, name: str, picture: Picture) -> str:
        """Sends an image, which is kept under that name, and gives its URL.

        Raises:
            BadInput: the server cannot be reached, or does not take it.
        """
        from botocore.exceptions import BotoCoreError  # noqa: PLC0415 (slow to import)

        retrying = Retrying(
            stop=stop_after_attempt(ATTEMPTS),
            wait=wait_random_exponential(multiplier=0.1, max=5),
            retry=retry_if_exception(lambda error: isinstance(error, _Busy)),
            reraise=True,
        )
        try:
            return retrying(self._send, name, picture, BotoCoreError)
        except _Busy as error:
            raise BadInput(f"assets: {self.url}: {error}") from error

    def _send(self, name: str, picture: Picture, unreached: type[Exception]) -> str:
        try:
            response = self._wire.send(self._signed(name, picture))
        except unreached as error:
            raise _Busy(str(error)) from error
        if response.status_code in BUSY:
            raise _Busy(f"it answered with status {response.status_code}")
        return self._read(response)

    def _signed(self, name: str, picture: Picture) -> Any:
        from botocore.auth import SigV4Auth  # noqa: PLC0415 (slow to import)
        from botocore.awsrequest import AWSRequest  # noqa: PLC0415

        request = AWSRequest(
            "PUT",
            f"{self.url}{PATH}/{name}",
            {"Content-Type": picture.media_type},
            picture.data,
        )
        SigV4Auth(self._credentials, SERVICE, REGION).add_auth(request)
        return request.prepare()

    def _read(self, response: Any) -> str:
        try:
            told = json.loads(response.content)
            if response.status_code == OK:
                return str(told["url"])
            reason = str(told["Message"])
        except (ValueError, KeyError, TypeError):
            reason = "it takes no images; say with assets where they go instead"
        raise BadInput(f"assets: {self.url}: {reason}")

    @functools.cached_property
    def _wire(self) -> Any:
        from botocore.httpsession import URLLib3Session  # noqa: PLC0415 (slow to import)

        return URLLib3Session()

    @functools.cached_property
    def _credentials(self) -> Any:
        import boto3  # noqa: PLC0415 (slow to import)
        from botocore.credentials import Credentials  # noqa: PLC0415

        # A server without keys wants a signature all the same, anybody's.
        known = boto3.Session().get_credentials()
        return known or Credentials("crowdlab", "crowdlab")


class _Busy(Exception):
    """The server could not be reached, or not answer, just now."""
