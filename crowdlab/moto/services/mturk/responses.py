"""Requests as moto receives them, handed to the market they mean."""

from urllib.parse import urlsplit

from moto.core.common_types import TYPE_RESPONSE
from moto.core.responses import BaseResponse

from crowdlab.marketplace import Marketplace, wire

from .exceptions import breakable, no_endpoint
from .models import SANDBOX, config, mturk_backends

__all__ = ["MTurkResponse"]


class MTurkResponse(BaseResponse):
    """Answers all operations: which there are, the market knows."""

    # A body that is no UTF-8 is the wire's to refuse.
    use_raw_body = True

    def __init__(self) -> None:
        super().__init__(service_name="mturk")

    def call_action(self) -> TYPE_RESPONSE:
        """The answer of the market, whatever the operation."""
        self._authenticate_and_authorize_normal_action()
        call = self._market().call
        target = self.headers.get("X-Amz-Target")
        with breakable(self.normalized_request, self.uri):
            answer = wire.answer(call, target, self.raw_body)
        headers = {**self.response_headers, **answer.headers}
        headers, body = self._enrich_response(headers, answer.body)
        return answer.status, headers, body

    def _market(self) -> Marketplace:
        backends = mturk_backends[self.current_account]
        region = self._region()
        if region not in backends:
            raise no_endpoint(self.normalized_request, self.uri, region)
        return backends[region].market

    def _region(self) -> str:
        """Where the market is: a host says so itself, a server's client by signing."""
        host = urlsplit(self.uri).hostname or ""
        if host.startswith("mturk-requester-sandbox."):
            return SANDBOX
        if host.startswith("mturk-requester") or self.region != self.default_region:
            return self.region
        is_sandbox = config().get("environment") == SANDBOX
        return SANDBOX if is_sandbox else self.region
