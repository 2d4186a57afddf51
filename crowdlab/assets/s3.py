"""Images in an S3 bucket that browsers may read.

Workers come without AWS credentials and for as long as a HIT lives, while a presigned
URL ends after seven days at most. So the objects are public, under names that nobody
can guess: by the policy of the bucket, which its owner writes, or through a CDN.
"""

import functools
import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NoReturn
from urllib.parse import quote

from crowdlab.assets.pictures import Picture
from crowdlab.errors import BadInput

__all__ = ["CORS_RULE", "S3Home"]

CACHE = "public, max-age=31536000, immutable"
#: What pages need that read the pixels of an image. Those of crowdlab only show them.
CORS_RULE = {
    "AllowedHeaders": [],
    "AllowedMethods": ["GET"],
    "AllowedOrigins": ["*"],
    "ExposeHeaders": [],
}
NO_RULES = "NoSuchCORSConfiguration"
REFUSALS = {
    "403": "these credentials may not use it",
    "404": "there is no such bucket",
}


class S3Home:
    """A bucket of S3, or of what speaks its API, with the credentials of boto3.

    Args:
        bucket: its name.
        prefix: how the names of objects begin; ``pets`` gives ``pets/...``.
        url: the address under which browsers find the objects: that of a CDN. By
            default the bucket's own.
    """

    def __init__(self, bucket: str, prefix: str = "", url: str | None = None) -> None:
        self.bucket, self.prefix, self.url = bucket, prefix.strip("/"), url
        self.is_near = False

    def __repr__(self) -> str:
        return f"S3Home({self.place!r})"

    @property
    def place(self) -> str:
        """Such as ``s3://bucket/prefix``."""
        return f"s3://{self.bucket}/{self.prefix}".rstrip("/")

    @property
    def name(self) -> str:
        """The place, and the address where it is another than the bucket's."""
        return f"{self.place} {self.url or ''}".rstrip()

    def prepare(self) -> None:
        """Looks whether the bucket is there.

        Raises:
            BadInput: it is not, or is not to be used with these credentials.
        """
        with self._refusing():
            _ = self._client

    def put(self, name: str, picture: Picture) -> str:
        """Keeps an image under that name and gives its URL."""
        with self._refusing():
            self._client.put_object(
                Bucket=self.bucket,
                Key=self._key(name),
                Body=picture.data,
                ContentType=picture.media_type,
                CacheControl=CACHE,
            )
        return self._address(name)

    def check(self, url: str) -> None:
        """Reads an image as a worker's browser would: without credentials.

        What a CDN shows is not asked for.

        Raises:
            BadInput: the bucket does not show it; the message says what does it.
        """
        if self.url is not None:
            return
        key = self._key(url.rpartition("/")[2])
        try:
            with self._refusing():
                self._anybody.get_object(Bucket=self.bucket, Key=key, Range="bytes=0-0")
        except BadInput:
            self._refuse_hidden()

    @property
    def has_cors(self) -> bool:
        """Whether pages of every site may read the pixels of what is here."""
        return any(
            "*" in rule["AllowedOrigins"] and "GET" in rule["AllowedMethods"]
            for rule in self._cors_rules()
        )

    def set_cors(self) -> None:
        """Lets pages of every site read the pixels; the bucket's other rules stay."""
        if self.has_cors:
            return
        rules = [*self._cors_rules(), CORS_RULE]
        with self._refusing():
            self._client.put_bucket_cors(
                Bucket=self.bucket, CORSConfiguration={"CORSRules": rules}
            )

    def _cors_rules(self) -> list[dict[str, Any]]:
        from botocore.exceptions import ClientError  # noqa: PLC0415 (slow to import)

        with self._refusing():
            try:
                answer = self._client.get_bucket_cors(Bucket=self.bucket)
            except ClientError as error:
                if error.response["Error"]["Code"] != NO_RULES:
                    raise
                return []
        return list(answer["CORSRules"])

    def _key(self, name: str) -> str:
        return f"{self.prefix}/{name}".removeprefix("/")

    def _address(self, name: str) -> str:
        if self.url is not None:
            return f"{self.url.rstrip('/')}/{name}"
        scheme, _, host = str(self._client.meta.endpoint_url).partition("://")
        key = quote(self._key(name))
        # Certificates of AWS cover one label before the host, and a dot makes two.
        if host.endswith(".amazonaws.com") and "." not in self.bucket:
            return f"{scheme}://{self.bucket}.{host}/{key}"
        return f"{scheme}://{host}/{self.bucket}/{key}"

    @functools.cached_property
    def _client(self) -> Any:
        import boto3  # noqa: PLC0415 (slow to import)

        client = boto3.client("s3")
        # Asked as AWS wants to be: in the region where the bucket is.
        answer = client.head_bucket(Bucket=self.bucket)
        region = answer.get("BucketRegion", client.meta.region_name)
        return (
            client
            if region == client.meta.region_name
            else boto3.client("s3", region_name=region)
        )

    @functools.cached_property
    def _anybody(self) -> Any:
        import boto3  # noqa: PLC0415 (slow to import)
        from botocore import UNSIGNED  # noqa: PLC0415
        from botocore.config import Config  # noqa: PLC0415

        return boto3.client(
            "s3",
            region_name=self._client.meta.region_name,
            config=Config(signature_version=UNSIGNED),
        )

    @contextmanager
    def _refusing(self) -> Iterator[None]:
        """Says in our words what S3 says in its own."""
        from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415

        try:
            yield
        except ClientError as error:
            told = error.response["Error"]
            reason = REFUSALS.get(told["Code"], told.get("Message", told["Code"]))
            raise BadInput(f"assets: {self.place}: {reason}") from error
        except BotoCoreError as error:
            raise BadInput(f"assets: {self.place}: {error}") from error

    def _refuse_hidden(self) -> NoReturn:
        statement = {
            "Effect": "Allow",
            "Principal": "*",
            "Action": "s3:GetObject",
            "Resource": f"arn:aws:s3:::{self.bucket}/{self._key('*')}",
        }
        raise BadInput(
            f"assets: {self.place}: workers' browsers may not read what is there; let "
            f"them, with this in the policy of the bucket: {json.dumps(statement)}, "
            "or give the address of a CDN that may"
        )
