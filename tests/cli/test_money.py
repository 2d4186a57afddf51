"""Wages, bonuses, books and audits from the command line."""

import csv
import json
from pathlib import Path

import pytest

from crowdlab import Marketplace
from tests.cli.conftest import Run


@pytest.fixture
def answered(run: Run, rain: str) -> str:
    """A batch of two tasks with six answers, collected."""
    for words in (("publish", rain), ("simulate", rain), ("collect", rain)):
        assert run(*words).status == 0
    return rain


def test_bonuses_are_paid_from_a_file(run: Run, answered: str, tmp_path: Path) -> None:
    """A list of bonuses is paid once, and the books have it."""
    name = run("answers", answered).out.splitlines()[1].split(",")[-2]
    (tmp_path / "b.csv").write_text(f"assignment_id,amount\n{name},0.25\n")
    words = ("bonus", answered, "b.csv", "--reason=Thanks.", "--json")

    assert {"paid": 1, "already": 0, "bonuses": "0.25", "fees": "0.05"} == {
        key: value for key, value in run(*words).json.items() if key != "environment"
    }
    assert run(*words).json["already"] == 1
    assert run("books", answered, "--json").json["bonuses"] == "0.25"


def test_wages_write_a_list_that_can_be_paid(
    run: Run, answered: str, tmp_path: Path
) -> None:
    """The list of top-ups is what the command for bonuses takes."""
    earned = run("wages", answered, "--target=15", "-o", "bonuses.csv", "--json").json

    with (tmp_path / "bonuses.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert earned["bonuses"] == len(rows)
    assert run("bonus", answered, "bonuses.csv", "--json").json["paid"] == len(rows)
    assert run("wages", answered, "-o", "x.csv").status == 1


def test_books_are_tables_for_bookkeepers(
    run: Run, answered: str, tmp_path: Path
) -> None:
    """CSV has an entry in each row; JSON has the sums too; --by sums what was paid."""
    run("review", answered)
    assert run("books", answered, "-o", "books.csv").status == 0
    assert run("books", answered, "-o", "books.json").status == 0
    with (tmp_path / "books.csv").open() as file:
        rows = list(csv.DictReader(file))
    document = json.loads((tmp_path / "books.json").read_text())

    assert rows == document["entries"]
    assert (len(rows), document["paid"]) == (2 + 6 + 12, "0.36")
    assert run("books", answered, "--by=task").out == "task,paid\n1,0.18\n2,0.18\n"


def test_an_audit_ends_with_what_it_found(run: Run, answered: str) -> None:
    """An audit without a difference ends well, one with some ends with 1."""
    assert run("audit", answered, "--json").json["differences"] == []
    with Marketplace("marketplace.db") as market:
        market.withdraw("1.00")
    ended = run("audit", answered)

    assert ended.status == 1
    assert "the balance moved by -1.00" in ended.out


def test_prices_come_from_a_file(run: Run, rain: str, tmp_path: Path) -> None:
    """What an estimate charges is what the named prices say."""
    (tmp_path / "ours.toml").write_text('rate = "0.40"\n')

    assert run("estimate", rain, "--fees=ours.toml", "--json").json["fees"] == "0.12"
    assert run("estimate", rain, "--fees=none", "--json").json["fees"] == "0.00"


def test_a_report_is_written_as_it_is_wanted(
    run: Run, answered: str, tmp_path: Path
) -> None:
    """A format alone goes to stdout, with a file into it; a name says its format."""
    assert run("report", answered, "--format=markdown").out.startswith("# rain\n")
    assert run("report", answered, "--format=json").json["name"] == "rain"
    assert run("report", answered, "-o", "rain.md").status == 0
    assert run("report", answered, "--format=json", "-o", "rain.txt").status == 0
    assert run("report", answered, "--format=pdf").status == 1

    assert (tmp_path / "rain.md").read_text().startswith("# rain\n")
    assert json.loads((tmp_path / "rain.txt").read_text())["name"] == "rain"


def test_a_report_says_what_training_takes(run: Run, answered: str) -> None:
    """A model is named, and its memory and its GPU stand in the account."""
    words = ("report", answered, "--train=resnet-50", "--hours=10", "--json")
    training = run(*words).json["training"]

    assert (training["model"], training["batch_size"]) == ("resnet-50", 32)
    assert training["offers"][0]["cost"] is not None


def test_an_estimate_foretells_bytes(run: Run, rain: str) -> None:
    """Beside the cost stands how much a batch will hold."""
    told = run("estimate", rain, "--json").json

    assert told["memory"] > 10**7
    assert told["footprint"]["pages"] > 10_000
