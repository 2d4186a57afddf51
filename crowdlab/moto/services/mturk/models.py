"""The markets: one for each account and environment, alive as long as the mock."""

import json
import threading
from collections.abc import Mapping
from typing import Any

from moto.core.base_backend import BackendDict, BaseBackend
from moto.core.config import default_user_config
from moto.moto_api._internal import mock_random

from crowdlab.marketplace import Marketplace
from crowdlab.marketplace.couriers import region_of

__all__ = ["MTurkBackend", "mturk_backends"]

SANDBOX = "sandbox"


class MTurkBackend(BaseBackend):
    """An account's market in one environment: ``us-east-1`` or ``sandbox``."""

    def __init__(self, region_name: str, account_id: str) -> None:
        super().__init__(region_name, account_id)
        self._market: Marketplace | None = None
        self._lock = threading.Lock()

    @property
    def market(self) -> Marketplace:
        """The market, opened when it is first needed: a reset makes many backends."""
        with self._lock:
            if self._market is None:
                self._market = self._open()
            return self._market

    def reset(self) -> None:
        """Closes the market; the next request finds an empty one."""
        if self._market is not None:
            self._market.close()
        super().reset()

    def _open(self) -> Marketplace:
        return Marketplace(
            environment=SANDBOX if self.region_name == SANDBOX else "production",
            clock=config().get("clock"),
            seed=mock_random,
            deliver=deliver,
        )


def config() -> Mapping[str, Any]:
    """What ``mock_aws(config={"mturk": ...})`` says of this service."""
    told: Mapping[str, Any] = default_user_config
    settings: Mapping[str, Any] = told.get("mturk", {})
    return settings


def deliver(transport: str, destination: str, document: Mapping[str, Any]) -> None:
    """Brings a notification to a queue or a topic of the same mock.

    As moto's other services do, straight to the backend: a client would leave the
    process where moto is a server.
    """
    body, region = json.dumps(document), region_of(destination)
    if transport == "SQS":
        from moto.sqs.models import sqs_backends  # noqa: PLC0415 (only when needed)

        account, name = destination.rsplit("/", 2)[-2:]
        sqs_backends[account][region].send_message(name, body)
    elif transport == "SNS":
        from moto.sns.models import sns_backends  # noqa: PLC0415

        account = destination.split(":")[4]
        sns_backends[account][region].publish(body, destination)


mturk_backends = BackendDict(MTurkBackend, "mturk", additional_regions=[SANDBOX])
