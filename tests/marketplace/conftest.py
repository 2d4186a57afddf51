"""A marketplace in memory, its clock, and a real boto3 client of it."""

from typing import Any

import pytest
from mypy_boto3_mturk import MTurkClient

from crowdlab.marketplace import ManualClock, Marketplace
from tests.marketplace.steps import Make, hit_parameters


@pytest.fixture
def clock() -> ManualClock:
    """Time that stands still until a test moves it."""
    return ManualClock()


@pytest.fixture
def market(clock: ManualClock) -> Marketplace:
    """An empty marketplace in memory."""
    return Marketplace(clock=clock, seed=7)


@pytest.fixture
def client(market: Marketplace) -> MTurkClient:
    """A boto3 client of the marketplace."""
    return market.client()


@pytest.fixture
def make_hit(client: MTurkClient) -> Make:
    """Creates a HIT and gives it as the API shows it."""

    def make(**changes: Any) -> dict[str, Any]:
        return dict(client.create_hit(**hit_parameters(**changes))["HIT"])

    return make
