"""What a ledger keeps for accounts: on every database, and in ledgers made before."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from crowdlab.database import Database
from crowdlab.lab import Lab
from crowdlab.ledger import Ledger, asset_schema
from crowdlab.marketplace import ManualClock, Marketplace
from tests.postgresql import cluster


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """The URL of an empty database on a server."""
    with cluster() as running:
        yield running.create("accounts")


def test_an_older_ledger_learns_accounts(tmp_path: Path) -> None:
    """A ledger that was made before there were accounts has them when it is opened."""
    path = tmp_path / "ledger.db"
    Database(path, kind="ledger", migrations=asset_schema.MIGRATIONS).close()
    ledger = Ledger(path)

    assert (Decimal("0.00"), Decimal("0.00")) == ledger.bonuses.paid(1)
    assert 0 == ledger.endings.count_dead(1)
    assert ledger.observations.newest("local") is None
    ledger.close()


@pytest.mark.parametrize("place", ["sqlite", "postgresql"])
def test_a_campaign_is_accounted_for_everywhere(
    place: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """Bonuses, dead work, bytes and audits are the same on SQLite and PostgreSQL."""
    is_file = place == "sqlite"
    location = str(tmp_path / "l.db") if is_file else request.getfixturevalue("server")
    clock = ManualClock(4_102_444_800)
    rows = [{"text": f"It rains {n}.", "hypothesis": "It is wet."} for n in range(40)]
    with Marketplace(clock=clock, seed=1) as market, Lab(location, market) as lab:
        lab.create(
            "rain",
            template="text-classification",
            inputs=rows,
            reward="0.05",
            assignments=4,
        )
        lab.audit("rain")
        lab.publish("rain")
        lab.simulate("rain", {"diligent": 3})
        lab.collect("rain")
        lab.review("rain")
        worker = lab.answers("rain")["assignment_id"][0]
        lab.bonus("rain", {worker: "0.10"}, reason="Thanks.")
        lab.expire("rain")
        clock.advance(60)
        lab.collect("rain")
        lab.labels("rain", "majority-vote")
        booked, made = lab.books("rain"), lab.report("rain").footprint

        assert (Decimal("7.32"), Decimal("2.40")) == (booked.paid, booked.dead)
        assert () == lab.audit("rain").differences
        assert 40_000 < made.ledger < 10**6
