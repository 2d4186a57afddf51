"""Mechanical Turk inside moto: ``mock_aws`` for programs that use boto3.

    >>> import boto3
    >>> from crowdlab.moto import marketplace, mock_aws
    >>> with mock_aws():
    ...     mturk = boto3.client("mturk", region_name="us-east-1")
    ...     mturk.get_account_balance()["AvailableBalance"]
    ...     marketplace().register("A1WORKER")
    '10000.00'
    'A1WORKER'

S3, SQS and SNS of the same mock work beside it. A client with
``region_name="sandbox"`` meets the sandbox, and each AWS account has markets of its
own. Needs the extra ``moto``.
"""

from crowdlab.errors import MissingExtra

try:
    from crowdlab.moto.registration import marketplace, mock_aws, register
except ModuleNotFoundError as error:
    raise MissingExtra("mocks of Mechanical Turk", "moto") from error

__all__ = ["marketplace", "mock_aws", "register"]
