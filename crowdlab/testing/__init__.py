"""A pytest plugin: Mechanical Turk, mocked, for tests of programs that use it.

Where crowdlab is installed, every test may ask for ``mturk`` (a boto3 client),
``marketplace`` (the workers' side of the same market), ``lab`` and ``clock``::

    def test_every_answer_is_paid(mturk, marketplace):
        hit = mturk.create_hit(**hit_parameters())["HIT"]
        worker = marketplace.register()
        assignment = marketplace.accept(worker, hit["HITId"])
        marketplace.submit(worker, assignment, {"answer": "cat"})

        pay_everybody()

        assert marketplace.balance < 10_000

Each test finds an empty market. Whatever else the program under test asks of AWS is
mocked by moto too. Needs the extra ``moto``.
"""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from crowdlab.errors import MissingExtra

try:
    import pytest
except ModuleNotFoundError as error:
    raise MissingExtra("fixtures for pytest", "testing") from error

# pytest loads this in every run, also in those that have nothing to do with us: what
# takes long to import is imported by the fixtures.
if TYPE_CHECKING:
    from mypy_boto3_mturk import MTurkClient

    from crowdlab.lab import Lab
    from crowdlab.marketplace import ManualClock, Marketplace

__all__ = ["clock", "lab", "marketplace", "mturk", "mturk_environment"]


@pytest.fixture
def clock() -> "ManualClock":
    """The market's time: it stands still until the test moves it."""
    from crowdlab.marketplace import ManualClock  # noqa: PLC0415

    return ManualClock(int(time.time()))


@pytest.fixture
def mturk_environment() -> str:
    """``production``, where money is counted; override it for the ``sandbox``."""
    return "production"


@pytest.fixture
def marketplace(
    clock: "ManualClock", mturk_environment: str
) -> "Iterator[Marketplace]":
    """The market that clients meet: its workers' side, its faults, its balance."""
    try:
        from crowdlab import moto  # noqa: PLC0415
    except MissingExtra as error:
        pytest.fail(str(error), pytrace=False)
    with moto.mock_aws(config={"mturk": {"clock": clock}}):
        yield moto.marketplace(environment=mturk_environment)


@pytest.fixture
def mturk(
    marketplace: "Marketplace",  # noqa: ARG001 - it keeps the mock alive
    mturk_environment: str,
) -> "MTurkClient":
    """A boto3 client of the market."""
    import boto3  # noqa: PLC0415

    is_sandbox = mturk_environment == "sandbox"
    region = "sandbox" if is_sandbox else "us-east-1"
    return boto3.client("mturk", region_name=region)


@pytest.fixture
def lab(marketplace: "Marketplace", tmp_path: Path) -> "Iterator[Lab]":
    """A lab with a ledger of its own, whose work goes to the market."""
    from crowdlab.lab import Lab  # noqa: PLC0415

    with Lab(tmp_path / "ledger.db", endpoint=marketplace) as opened:
        yield opened
