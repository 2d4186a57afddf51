"""Where the two markets of a server are kept."""

from pathlib import Path

import pytest

from crowdlab.errors import BadInput, ForeignStore, WorkRefused
from crowdlab.marketplace import Marketplace
from crowdlab.questions import HTMLQuestion
from crowdlab.server import open_markets

HIT = {
    "Title": "Cats and dogs",
    "Description": "Say which it is.",
    "Reward": "0.05",
    "AssignmentDurationInSeconds": 600,
    "LifetimeInSeconds": 86400,
    "Question": HTMLQuestion("<!DOCTYPE html><p>Cat or dog?").to_xml(),
}


@pytest.mark.parametrize(
    ("store", "files"),
    [
        ("crowd", ["crowd/marketplace-sandbox.db", "crowd/marketplace.db"]),
        ("crowd.db", ["crowd-sandbox.db", "crowd.db"]),
        ("new/crowd.sqlite", ["new/crowd-sandbox.sqlite", "new/crowd.sqlite"]),
    ],
)
def test_each_market_has_its_file(tmp_path: Path, store: str, files: list[str]) -> None:
    """A folder or a file holds production, and beside it the sandbox."""
    with open_markets(tmp_path / store):
        found = {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*")}

    assert set(files) <= found


def test_what_was_published_is_there_again(tmp_path: Path) -> None:
    """Markets that are opened again have their HITs."""
    with open_markets(tmp_path) as markets:
        hit_id = markets.sandbox.call("CreateHIT", HIT)["HIT"]["HITId"]

    with open_markets(tmp_path) as markets:
        assert markets.sandbox.call("GetHIT", {"HITId": hit_id})
        assert markets.production.call("ListHITs", {})["HITs"] == []


def test_a_sandbox_is_not_opened_as_production(tmp_path: Path) -> None:
    """Where nothing was paid for, money is never counted."""
    open_markets(tmp_path / "crowd.db").__exit__()

    with pytest.raises(ForeignStore, match="marketplace_sandbox"):
        Marketplace(tmp_path / "crowd-sandbox.db")


def test_an_sqlite_url_is_refused(tmp_path: Path) -> None:
    """One file cannot hold two markets; a path says better where they are."""
    with pytest.raises(BadInput, match="give a path"):
        open_markets(f"sqlite:///{tmp_path}/crowd.db")


def test_a_store_below_a_file_is_refused(tmp_path: Path) -> None:
    """A place that cannot be made is named."""
    (tmp_path / "file").write_text("")

    with pytest.raises(BadInput, match="store"):
        open_markets(tmp_path / "file" / "crowd.db")


@pytest.mark.parametrize("environment", ["production", "sandbox"])
def test_an_assignment_is_found_on_its_market(environment: str) -> None:
    """An assignment's id tells on which market it was given, and to whom."""
    with open_markets(None) as markets:
        market = markets.by_environment[environment]
        hit_id = market.call("CreateHIT", HIT)["HIT"]["HITId"]
        worker_id = market.register()
        assignment_id = market.accept(worker_id, hit_id)

        assert markets.with_assignment(assignment_id) == (market, worker_id)
        assert markets.question(hit_id) == market.question(hit_id)


def test_an_assignment_of_neither_market_is_refused() -> None:
    """A name that was made up leads nowhere."""
    with open_markets(None) as markets:
        with pytest.raises(WorkRefused):
            markets.with_assignment("3X")
        with pytest.raises(WorkRefused):
            markets.question("3X")
