"""The lab opens what is meant, and says where it is."""

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

import crowdlab
from crowdlab.errors import BadInput, ForeignStore, NotFound, StoreLocked
from crowdlab.lab import Lab
from crowdlab.marketplace import Marketplace
from tests.lab.conftest import Work


def test_the_default_is_two_files_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A plain lab keeps its ledger and its marketplace in the current folder."""
    monkeypatch.chdir(tmp_path)
    with Lab() as lab:
        assert "Lab('crowdlab.db', environment='local')" == repr(lab)

    assert {"crowdlab.db", "marketplace.db"} == {p.name for p in tmp_path.glob("*.db")}


def test_a_lab_in_memory_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The endpoint memory with a ledger in memory writes no file."""
    monkeypatch.chdir(tmp_path)
    with Lab(None, endpoint="memory") as lab:
        assert "memory" == lab.environment

    assert [] == list(tmp_path.iterdir())


def test_work_goes_on_where_it_was_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rows: list[dict[str, object]]
) -> None:
    """What one process did, the next one knows: both files are reopened."""
    monkeypatch.chdir(tmp_path)
    with Lab() as lab:
        lab.create("pets", template="text-classification", inputs=rows, reward="0.05")
        lab.publish("pets")
    with Lab() as lab:
        assert ["pets"] == [batch.name for batch in lab.batches()]
        assert 5 == lab.publish("pets").already
        assert 15 == lab.status("pets").available


def test_the_whole_job_through_boto3(
    tmp_path: Path,
    marketplace: Marketplace,
    rows: list[dict[str, object]],
    work: Work,
) -> None:
    """Every verb works the same over a real boto3 client."""
    with Lab(tmp_path / "ledger.db", endpoint=marketplace.client()) as lab:
        lab.create("pets", template="text-classification", inputs=rows, reward="0.05")
        published = lab.publish("pets")
        work(lab, "pets")

        assert "in-process" == published.environment
        assert (5, 0) == (published.created, lab.publish("pets").created)
        assert 15 == lab.status("pets").submitted
        assert 15 == lab.collect("pets").answers
        assert 15 == lab.review("pets").approved
        assert 5 == lab.expire("pets").expired


def test_only_an_embedded_marketplace_can_be_had(
    tmp_path: Path, marketplace: Marketplace
) -> None:
    """A lab whose work goes elsewhere says that its workers are not here."""
    with (
        Lab(tmp_path / "ledger.db", endpoint=marketplace.client()) as lab,
        pytest.raises(BadInput, match="'local' and 'memory'"),
    ):
        _ = lab.marketplace
    with Lab(None, endpoint=marketplace) as lab:
        assert marketplace is lab.marketplace


def test_a_marketplace_of_ones_own_stays_open(marketplace: Marketplace) -> None:
    """Closing a lab closes what it opened, and nothing else."""
    Lab(None, endpoint=marketplace).close()

    assert marketplace.call("ListHITs", {})["NumResults"] == 0


def test_an_unknown_endpoint_lists_the_known() -> None:
    """Asking for an endpoint that does not exist says which do."""
    with pytest.raises(NotFound, match=r"'prod'; choose from: .*production.*local"):
        Lab(None, endpoint="prod")


def test_an_unknown_batch_lists_the_known(lab: Lab, pets: str) -> None:
    """Asking for a batch that does not exist says which do."""
    with pytest.raises(NotFound, match=f"'cats'; choose from: {pets}"):
        lab.status("cats")


def test_a_verb_takes_a_name_a_receipt_and_a_batch(
    lab: Lab, rows: list[dict[str, object]]
) -> None:
    """However a batch is given, it is the same batch."""
    created = lab.create(
        "pets", template="text-classification", inputs=rows, reward="0.05"
    )
    (batch,) = lab.batches()

    assert lab.estimate("pets") == lab.estimate(created) == lab.estimate(batch)


def test_a_foreign_file_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A text file, another program's database and a marketplace are no ledger."""
    monkeypatch.chdir(tmp_path)
    Path("text.db").write_text("Dear diary, " * 100)
    with sqlite3.connect("other.db") as connection:
        connection.execute("CREATE TABLE songs (title TEXT)")
    connection.close()
    Marketplace("market.db").close()

    for name in ("text.db", "other.db", "market.db"):
        with pytest.raises(ForeignStore, match=name):
            Lab(name, endpoint="memory")


def test_a_locked_ledger_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, marketplace: Marketplace
) -> None:
    """A ledger that another program holds is refused by name, after a wait."""
    path = tmp_path / "ledger.db"
    lab = Lab(path, endpoint=marketplace)
    monkeypatch.setattr(lab._ledger._database, "_wait_seconds", 0.05)
    with lab._ledger._database.transaction() as connection:
        connection.exec_driver_sql("PRAGMA busy_timeout=50")
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    with pytest.raises(StoreLocked, match=r"ledger\.db"):
        lab.batches()
    other.execute("ROLLBACK")
    other.close()
    assert [] == lab.batches()
    lab.close()


def test_the_package_offers_its_public_names() -> None:
    """Each public name is there, and an unknown one is told as such."""
    assert set(crowdlab.__all__) <= set(dir(crowdlab))
    assert Lab is crowdlab.Lab
    assert "image-selection" in crowdlab.list_templates()
    with pytest.raises(AttributeError, match="'nothing'"):
        _ = crowdlab.nothing


def test_open_rooms_need_no_second_import() -> None:
    """Rooms that people use are there behind the package's own name."""
    program = "import crowdlab; print(crowdlab.moto.mock_aws.__name__)"
    told = subprocess.run(
        [sys.executable, "-c", program], check=True, capture_output=True, text=True
    )

    assert told.stdout == "mock_aws\n"


def test_nobody_waits_for_what_is_not_used() -> None:
    """Importing crowdlab loads no boto3, no pandas and no database; a lab no boto3."""
    program = """
import sys, crowdlab
print(*({"boto3", "pandas", "sqlalchemy"} & set(sys.modules)))
crowdlab.Lab(None, endpoint="memory").close()
print(*({"boto3", "botocore"} & set(sys.modules)))
"""
    told = subprocess.run(
        [sys.executable, "-c", program],
        check=True,
        capture_output=True,
        cwd=Path(__file__).parents[2],
        text=True,
    )

    assert "\n\n" == told.stdout
