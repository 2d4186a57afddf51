"""Invitations, panels and deposits, from the command line."""

from pathlib import Path

import pytest

from crowdlab.marketplace import Marketplace
from crowdlab.marketplace.panels import join
from crowdlab.server import open_markets
from tests.cli.conftest import Run
from tests.marketplace.steps import hit_parameters

DONE = ("--code=C1", "--url=https://panel.example.org/done")


@pytest.fixture
def there(tmp_path: Path) -> str:
    """A marketplace that has been served; the id of a HIT type in it."""
    with open_markets(tmp_path / "marketplace.db") as markets:
        made = markets.production.call("CreateHIT", hit_parameters())
    return str(made["HIT"]["HITTypeId"])


@pytest.mark.usefixtures("there")
def test_money_is_deposited(run: Run) -> None:
    """Into the owner's account, or that of somebody who is named."""
    assert "$10,249.94" in run("deposit", "250").out
    told = run("deposit", "0.50", "--requester=ana", "--marketplace=marketplace.db")
    assert "ana has $10,000.50" in told.out

    told = run("deposit", "1", "--requester=ana", "--json")
    assert told.json == {"requester": "ana", "balance": "10001.50"}
    with Marketplace("marketplace.db") as market:
        assert str(market.balance) == "10249.94"


@pytest.mark.usefixtures("there")
@pytest.mark.parametrize("amount", ["0", "0.001", "much"])
def test_no_other_amount_is_deposited(run: Run, amount: str) -> None:
    """What is no exact positive amount of dollars changes nothing."""
    assert run("deposit", amount).status == 1


@pytest.mark.parametrize(
    "words",
    [
        ("deposit", "1"),
        ("invite",),
        ("panel", "list"),
        ("panel", "open", "x", *DONE),
    ],
)
def test_no_store_is_made_by_mistake(
    run: Run, tmp_path: Path, words: tuple[str, ...]
) -> None:
    """A marketplace that is not there is named, and not made."""
    ended = run(*words, "--store=elsewhere.db")

    assert ended.status == 1
    assert "elsewhere.db" in ended.err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("there")
def test_people_are_invited(run: Run) -> None:
    """As many links as are wished, each good once; shown and kept nowhere."""
    site = "--site=https://crowd.example.org/"
    links = run("invite", "3", site).out.split()
    (one,) = run("invite", site, "--uses=2", "--days=1", "--json").json["links"]

    assert len(set(links)) == 3
    with open_markets("marketplace.db") as markets:
        for link in (*links, one):
            code = link.removeprefix("https://crowd.example.org/invite/")
            assert markets.people.invitations.use(code).worker_id == ""
    assert run("invite", "--worker=A1NOBODY").status == 1


def test_a_panel_is_opened_and_closed(run: Run, there: str) -> None:
    """The link, the list, who came, and the end of it."""
    site = "--site=https://crowd.example.org"
    link = run("panel", "open", there, *DONE, "--most=2", site).out.strip()
    (panel,) = run("panel", "list", site, "--json").json
    assert link == panel["link"]
    assert (panel["most"], panel["is_open"]) == (2, True)
    with open_markets("marketplace.db") as markets:
        markets.production.visit(join, panel["name"], "p1", "s", "t")
    assert run("panel", "people", panel["name"], "--json").json[0]["outside_id"] == "p1"
    assert "p1" in run("panel", "people", panel["name"]).out
    assert run("panel", "close", panel["name"]).status == 0

    assert "closed" in run("panel", "list").out
    assert run("panel", "close", "none").status == 1
    assert run("panel", "list", "--environment=live").status == 1


def test_a_panel_is_opened_for_a_batch(run: Run, rain: str) -> None:
    """By the name under which its tasks were published."""
    assert run("publish", rain).status == 0
    opened = run("panel", "open", rain, *DONE, "--json").json

    assert opened["title"]
    assert opened["parameters"] == ["PROLIFIC_PID", "STUDY_ID", "SESSION_ID"]
    assert run("panel", "open", "snow", *DONE).status == 1
