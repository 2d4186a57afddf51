"""Who brings event documents to where they go: Amazon's own queues and topics."""

import json
import re
from collections.abc import Mapping
from typing import Any

__all__ = [
    "Courier",
    "region_of",
]

#: A region in a queue's URL or a topic's ARN.
_REGION = re.compile(r"\b(?!queue\b)([a-z]{2}(?:-[a-z]+)+-\d)\b")
#: A call waits for its notifications, so a destination must not take long to fail.
_IMPATIENT: Mapping[str, Any] = {
    "connect_timeout": 3,
    "read_timeout": 10,
    "retries": {"total_max_attempts": 2},
}


class Courier:
    """Delivers to SQS queues and SNS topics through boto3.

    Credentials and endpoints are found as boto3 finds them, ``AWS_ENDPOINT_URL_SQS``
    included; a queue's URL decides its region, never to which host a request is sent.
    A document for an e-mail address goes nowhere: it counts as sent, that is all.
    """

    def __init__(self) -> None:
        self._clients: dict[tuple[str, str], Any] = {}

    def __call__(
        self, transport: str, destination: str, document: Mapping[str, Any]
    ) -> None:
        """Delivers one document.

        Raises:
            Exception: whatever boto3 says of a destination that cannot be reached.
        """
        body = json.dumps(document)
        if transport == "SQS":
            self._use("sqs", destination, QueueUrl=destination, MessageBody=body)
        elif transport == "SNS":
            self._use("sns", destination, TopicArn=destination, Message=body)

    def _use(self, service: str, destination: str, **message: str) -> None:
        key = service, region_of(destination)
        client = self._clients.get(key) or self._connect(*key)
        send = client.send_message if service == "sqs" else client.publish
        try:
            send(**message)
        except Exception:
            # With other credentials, which may come later, another client is needed.
            self._clients.pop(key, None)
            raise

    def _connect(self, service: str, region: str) -> Any:
        # Most marketplaces tell nobody, and need not wait for boto3.
        import boto3  # noqa: PLC0415
        from botocore.config import Config  # noqa: PLC0415

        session: Any = boto3.session.Session()
        config = Config(**_IMPATIENT)
        client = session.client(service, region_name=region, config=config)
        self._clients[service, region] = client
        return client


def region_of(destination: str) -> str:
    """The region of a queue's URL or a topic's ARN.

    Example:
        >>> region_of("https://sqs.eu-west-1.amazonaws.com/123456789012/answers")
        'eu-west-1'
        >>> region_of("arn:aws:sns:us-gov-west-1:123456789012:answers")
        'us-gov-west-1'
        >>> region_of("http://localhost:4100/answers")
        'us-east-1'
    """
    found = _REGION.search(destination.rpartition("/")[0] or destination)
    return found[1] if found else "us-east-1"
