"""The marketplace's file: opened again, killed, seeded."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from crowdlab.errors import BadInput, ForeignStore
from crowdlab.marketplace import ManualClock, Marketplace
from tests.marketplace.steps import do, hit_parameters

PUBLISH = """
import sys
from crowdlab.marketplace import Marketplace
from tests.marketplace.steps import hit_parameters
market = Marketplace(sys.argv[1])
while True:
    print(market.call("CreateHIT", hit_parameters())["HIT"]["HITId"], flush=True)
"""


def test_opened_again(tmp_path: Path) -> None:
    """Everything is there when the file is opened again."""
    path, clock = tmp_path / "market.db", ManualClock()
    first = Marketplace(path, clock)
    hit = first.call("CreateHIT", hit_parameters())["HIT"]
    _, work = do(first, hit)
    balance = first.balance
    first.close()

    again = Marketplace(path, clock)

    assert again.call("GetAssignment", {"AssignmentId": work})["Assignment"]
    assert again.balance == balance


def test_killed(tmp_path: Path) -> None:
    """A killed process loses no HIT that was acknowledged."""
    path = tmp_path / "market.db"
    process = subprocess.Popen(
        [sys.executable, "-c", PUBLISH, str(path)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    told = [process.stdout.readline().strip() for _ in range(20)]
    os.kill(process.pid, signal.SIGKILL)
    told += process.stdout.read().split()
    process.wait()
    process.stdout.close()

    with Marketplace(path) as market:
        for hit_id in told:
            if len(hit_id) == 30:
                assert market.call("GetHIT", {"HITId": hit_id})["HIT"]
        known = market.call("ListHITs", {"MaxResults": 100})["NumResults"]
    assert known >= 20


def test_a_ledger_is_refused(tmp_path: Path) -> None:
    """Something else under the name of a marketplace is refused."""
    path = tmp_path / "market.db"
    path.write_text("this is not a database, whatever it is called" * 20)

    with pytest.raises(ForeignStore):
        Marketplace(path)


def test_same_seed_same_ids() -> None:
    """Two marketplaces of one seed give the same ids; others do not."""
    hits = [
        Marketplace(clock=ManualClock(), seed=seed).call("CreateHIT", hit_parameters())
        for seed in (1, 1, 2)
    ]

    assert hits[0] == hits[1]
    assert hits[0]["HIT"]["HITId"] != hits[2]["HIT"]["HITId"]


def test_seeded_file_repeats_no_id(tmp_path: Path) -> None:
    """A file that is opened again with its seed gives new ids."""
    made = set()
    for _ in range(3):
        with Marketplace(tmp_path / "market.db", seed=1) as market:
            made.add(market.call("CreateHIT", hit_parameters())["HIT"]["HITId"])

    assert len(made) == 3


def test_group_is_undone_as_a_whole() -> None:
    """An error that leaves a group undoes all of its calls."""
    market = Marketplace()
    with pytest.raises(RuntimeError), market.group():
        market.call("CreateHIT", hit_parameters())
        raise RuntimeError

    assert market.call("ListHITs", {})["HITs"] == []


def test_environments() -> None:
    """There are two environments."""
    with pytest.raises(BadInput, match="production, sandbox"):
        Marketplace(environment="live")
