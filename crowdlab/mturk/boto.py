"""A marketplace behind a boto3 client: AWS, moto, or anybody's server."""

from collections.abc import Mapping
from typing import Any

import boto3
from botocore import xform_name
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from crowdlab.errors import MTurkError

__all__ = ["BotoTransport", "is_answered_in_process", "make_client"]

REGION = "us-east-1"
# A question that changes nothing, in the form in which botocore sends it.
QUESTION = {
    "Authorization": "AWS4-HMAC-SHA256 Credential="
    "crowdlab/20000101/us-east-1/mturk-requester/aws4_request",
    "Content-Type": "application/x-amz-json-1.1",
    "X-Amz-Target": "MTurkRequesterServiceV20170117.GetAccountBalance",
}


class BotoTransport:
    """Carries the requester API over a boto3 ``mturk`` client.

    Args:
        client: any; one of your own brings its own retries.
    """

    def __init__(self, client: Any) -> None:
        self.client = client

    def __repr__(self) -> str:
        return f"BotoTransport({self.client.meta.endpoint_url!r})"

    def call(self, operation: str, params: Mapping[str, Any], /) -> dict[str, Any]:
        """The answer of one operation.

        Raises:
            MTurkError: if the marketplace refuses, or cannot be reached.
        """
        send = getattr(self.client, xform_name(operation))
        try:
            answer: dict[str, Any] = send(**params)
        except ClientError as error:
            raise _refusal(error) from error
        except BotoCoreError as error:
            raise MTurkError(type(error).__name__, str(error), status=0) from error
        answer.pop("ResponseMetadata", None)
        return answer


def make_client(url: str) -> Any:
    """A boto3 client for the requester API at that URL.

    AWS wants the requester's credentials. Other places are asked with them where
    they are configured, and else with a name, since boto3 has to sign with something.
    """
    session = boto3.Session()
    is_aws = url.endswith(".amazonaws.com")
    key = None if is_aws or session.get_credentials() else "crowdlab"
    return session.client(
        "mturk",
        region_name=REGION,
        endpoint_url=url,
        aws_access_key_id=key,
        aws_secret_access_key=key,
        # The one mode that lost no HIT under a throttle; never wrap it in another.
        config=Config(retries={"max_attempts": 10, "mode": "adaptive"}),
    )


def is_answered_in_process(client: Any) -> bool:
    """Whether a handler answers before the socket does, as moto's and ours do.

    Such a client reaches nothing real, whatever its URL.
    """
    url = client.meta.endpoint_url
    request = AWSRequest("POST", url, headers=QUESTION, data=b"{}").prepare()
    event = "before-send.mturk.GetAccountBalance"
    answers = client.meta.events.emit(event, request=request)
    return any(answer is not None for _, answer in answers)


def _refusal(error: ClientError) -> MTurkError:
    response: Mapping[str, Any] = error.response
    told = response.get("Error", {})
    return MTurkError(
        told.get("Code", "Unknown"),
        response.get("Message") or told.get("Message", str(error)),
        turk_code=response.get("TurkErrorCode"),
        status=response.get("ResponseMetadata", {}).get("HTTPStatusCode", 400),
    )
