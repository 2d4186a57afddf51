"""Signature Version 4: who signed a request, and whether it says what was signed.

The algorithm is botocore's own, run a second time with the secret that we know; what
comes of it is compared with what the client sent. See `Authenticating requests
<https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html>`_.
"""

import datetime as dt
import hashlib
import hmac
from collections.abc import Sequence
from email.utils import parsedate_to_datetime
from typing import Any

import attrs
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.compat import HTTPHeaders
from botocore.credentials import Credentials

from crowdlab.errors import MTurkError

__all__ = ["SERVICE", "Message", "Signature", "verify"]

SERVICE = "mturk-requester"
ALGORITHM = "AWS4-HMAC-SHA256"
#: How far a client's clock may be from ours, in either direction.
SKEW = dt.timedelta(minutes=15)
STAMP = "%Y%m%dT%H%M%SZ"


@attrs.frozen
class Message:
    """A request as it arrived.

    Attributes:
        target: the path and the query, as the client wrote them.
        headers: names in lower case, each with its value, in the order of arrival.
    """

    method: str
    target: str
    headers: Sequence[tuple[str, str]]
    body: bytes

    def header(self, name: str) -> str | None:
        """The value of a header, the first where there are several."""
        return next((value for key, value in self.headers if key == name), None)


@attrs.frozen
class Signature:
    """What the header ``Authorization`` says.

    Attributes:
        date: the day of the credential scope, such as ``20260101``.
        headers: the names of the headers that were signed.
        hexadecimal: the signature itself.
    """

    access_key: str
    date: str
    region: str
    service: str
    headers: frozenset[str]
    hexadecimal: str

    @classmethod
    def read(cls, message: Message) -> "Signature":
        """The signature of a request.

        Raises:
            MTurkError: there is none, or part of it is missing.
        """
        header = message.header("authorization")
        if not header:
            raise MTurkError(
                "MissingAuthenticationTokenException", "Missing Authentication Token"
            )
        parts = _parts(header)
        scope = parts["Credential"].split("/")
        if len(scope) != 5 or scope[4] != "aws4_request":  # noqa: PLR2004 - its form
            raise _incomplete("Credential must be KEY/DATE/REGION/SERVICE/aws4_request")
        access_key, date, region, service, _ = scope
        names = frozenset(parts["SignedHeaders"].lower().split(";"))
        return cls(access_key, date, region, service, names, parts["Signature"])


def verify(
    message: Message, signature: Signature, secret: str, now: dt.datetime
) -> None:
    """Refuses a request that is not what the owner of the secret signed just now.

    Raises:
        MTurkError: ``InvalidSignatureException``.
    """
    _check_names(message, signature)
    moment = _moment(message)
    _check_moment(moment, now)
    if signature.date != f"{moment:%Y%m%d}" or signature.service != SERVICE:
        raise _invalid(
            f"Credential should be scoped to the day of the request and to {SERVICE!r}."
        )
    digest = hashlib.sha256(message.body).hexdigest()
    if (message.header("x-amz-content-sha256") or digest) != digest:
        raise _invalid("The body is not the one whose hash was signed.")
    expected = _Signer(signature, secret, digest).sign(message, moment)
    if not hmac.compare_digest(expected.encode(), signature.hexadecimal.encode()):
        raise _invalid(
            "The request signature we calculated does not match the signature you "
            "provided. Check your AWS Secret Access Key and signing method. Consult "
            "the service documentation for details."
        )


def _parts(header: str) -> dict[str, str]:
    algorithm, _, rest = header.strip().partition(" ")
    if algorithm != ALGORITHM:
        raise _incomplete(f"the algorithm must be {ALGORITHM}")
    pairs = (part.strip().partition("=") for part in rest.split(","))
    parts = {name: value for name, _, value in pairs}
    for name in ("Credential", "SignedHeaders", "Signature"):
        if not parts.get(name):
            raise _incomplete(f"Authorization header requires {name!r} parameter.")
    return parts


def _check_names(message: Message, signature: Signature) -> None:
    arrived = {name for name, _ in message.headers}
    needed = {"host"} | {name for name in arrived if name.startswith("x-amz-")}
    if missing := needed - signature.headers:
        raise _invalid(f"Not signed: {', '.join(sorted(missing))}.")


def _moment(message: Message) -> dt.datetime:
    stamp, date = message.header("x-amz-date"), message.header("date")
    try:
        if stamp is not None:
            return dt.datetime.strptime(stamp, STAMP).replace(tzinfo=dt.UTC)
        return parsedate_to_datetime(date or "").astimezone(dt.UTC)
    except ValueError:
        raise _incomplete("'X-Amz-Date' or 'Date' must tell the time.") from None


def _check_moment(moment: dt.datetime, now: dt.datetime) -> None:
    if moment < now - SKEW:
        raise _invalid(
            f"Signature expired: {moment:{STAMP}} is now earlier than "
            f"{now - SKEW:{STAMP}} ({now:{STAMP}} - 15 min.)"
        )
    if moment > now + SKEW:
        raise _invalid(
            f"Signature not yet current: {moment:{STAMP}} is still later than "
            f"{now + SKEW:{STAMP}} ({now:{STAMP}} + 15 min.)"
        )


class _Signer(SigV4Auth):
    """botocore's signer, over the headers that the client says it signed."""

    def __init__(self, signature: Signature, secret: str, digest: str) -> None:
        credentials = Credentials(signature.access_key, secret)
        super().__init__(credentials, signature.service, signature.region)
        self._names, self._digest = signature.headers, digest

    def sign(self, message: Message, moment: dt.datetime) -> str:
        headers: Any = HTTPHeaders()  # unlike a mapping, it has a name several times
        for name, value in message.headers:
            headers[name] = value
        request = AWSRequest(message.method, f"http://host{message.target}", headers)
        request.context["timestamp"] = f"{moment:{STAMP}}"
        text = self.string_to_sign(request, self.canonical_request(request))
        return str(self.signature(text, request))

    def headers_to_sign(self, request: AWSRequest) -> HTTPHeaders:
        chosen = HTTPHeaders()
        for name, value in request.headers.items():
            if name in self._names:
                chosen[name] = value
        return chosen

    def payload(self, _request: AWSRequest) -> str:
        return self._digest


def _incomplete(text: str) -> MTurkError:
    return MTurkError("IncompleteSignatureException", text)


def _invalid(text: str) -> MTurkError:
    return MTurkError("InvalidSignatureException", text)
