"""Answers that come table by table, and answers that stay on disk."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from crowdlab.aggregation import Votes, aggregate, shelf, streams
from crowdlab.errors import BadInput, BadVotes

LEARNERS = ["dawid-skene", "hierarchical-dawid-skene", "one-coin", "mace", "ibcc"]


@pytest.fixture
def crowd() -> pd.DataFrame:
    """900 answers in no order, ids of text, two labels that are rare."""
    rng = np.random.default_rng(5)
    truth = rng.integers(4, size=90)
    task = rng.integers(90, size=900)
    guess = rng.integers(6, size=900)
    label = np.where(rng.random(900) < 0.7, truth[task], guess)
    worker = rng.integers(25, size=900)
    columns = {"task": task, "worker": worker, "label": label}
    return pd.DataFrame({name: column.astype(str) for name, column in columns.items()})


@pytest.fixture
def in_small_bites(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files are read by 100 rows, and chunks on disk hold few tasks."""
    monkeypatch.setattr(streams, "ROWS", 100)
    monkeypatch.setattr(shelf, "ROWS", 64)
    monkeypatch.setattr(shelf, "CHUNK", 300)


def in_pieces(crowd: pd.DataFrame) -> Iterator[pd.DataFrame]:
    """The same answers, seventy at a time."""
    for first in range(0, len(crowd), 70):
        yield crowd[first : first + 70]


def test_tables_make_the_votes_that_one_table_does(crowd: pd.DataFrame) -> None:
    """Books and codes do not depend on the pieces that answers come in."""
    whole, pieces = Votes.of(crowd), Votes.of(in_pieces(crowd))

    for name in ("task", "worker", "label"):
        assert np.array_equal(getattr(whole, name), getattr(pieces, name))
        assert getattr(whole, f"{name}s").equals(getattr(pieces, f"{name}s"))


def test_tables_may_be_of_any_make(crowd: pd.DataFrame) -> None:
    """Data frames, Arrow tables and mappings of columns may follow each other."""
    made = [
        crowd[:300],
        pa.Table.from_pandas(crowd[300:600]),
        crowd[600:].to_dict(orient="list"),
    ]

    found = aggregate(made, "majority-vote")

    assert aggregate(crowd, "majority-vote").labels.equals(found.labels)


@pytest.mark.usefixtures("in_small_bites")
@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_files_are_answers(crowd: pd.DataFrame, tmp_path: Path, suffix: str) -> None:
    """One path or several, of CSV or of Parquet; columns of other names are left."""
    for number, part in enumerate((crowd[:500], crowd[500:])):
        path, more = tmp_path / f"{number}.{suffix}", part.assign(note="-")
        more.to_csv(path) if suffix == "csv" else more.to_parquet(path)
    paths = sorted(tmp_path.iterdir())

    found = aggregate(paths, "majority-vote").labels

    assert aggregate(crowd, "majority-vote").labels.equals(found)
    first = aggregate(str(paths[0]), "majority-vote").labels
    assert aggregate(crowd[:500], "majority-vote").labels.equals(first)


def test_rows_are_still_rows() -> None:
    """An iterator of rows is no stream of tables, and none of them is lost."""
    rows = [("a", 1, "x"), ("a", 2, "x"), ("b", 1, "y")]

    assert 3 == len(Votes.of(iter(rows)))


@pytest.mark.usefixtures("in_small_bites")
@pytest.mark.parametrize("method", LEARNERS)
def test_on_disk_the_same_is_found(
    crowd: pd.DataFrame, tmp_path: Path, method: str
) -> None:
    """Beliefs, qualities and passes are those that memory gives, in any order."""
    path = tmp_path / "answers.csv"
    crowd.to_csv(path, index=False)
    gold = {"7": "0", "8": "(nobody says this)"}

    held = aggregate(crowd, method, gold=gold)
    found = aggregate(path, method, gold=gold, on_disk=True)

    on_disk, in_memory = np.asarray(found.belief), np.asarray(held.belief)
    np.testing.assert_allclose(on_disk, in_memory, rtol=0, atol=1e-9)
    pd.testing.assert_frame_equal(held.labels, found.labels)
    pd.testing.assert_frame_equal(held.workers, found.workers)
    assert held.diagnostics["iterations"] == found.diagnostics["iterations"]
    assert isinstance(found.belief, np.memmap)


@pytest.mark.usefixtures("in_small_bites")
def test_a_chunk_on_disk_is_of_whole_tasks(crowd: pd.DataFrame) -> None:
    """Each task's votes are in one chunk, which holds no more than it may."""
    with shelf.Shelf.of(in_pieces(crowd)) as on_shelf:
        chunks = list(on_shelf.chunks())

    assert len(chunks) > 3
    assert 900 == on_shelf.n_answers == sum(len(chunk.cell) for _, chunk in chunks)
    assert 90 == sum(len(chunk) for _, chunk in chunks)
    for _, chunk in chunks:
        assert len(chunk.cell) + len(chunk) * chunk.n_labels <= 300 + 30


@pytest.mark.usefixtures("in_small_bites")
def test_undisputed_votes_on_disk_are_the_labels() -> None:
    """Where no two votes on a task differ, there is nothing to learn."""
    rows = [
        {"task": [str(n)] * 2, "worker": [1, 2], "label": [n % 3] * 2} for n in range(9)
    ]

    found = aggregate(rows, "dawid-skene", on_disk=True)

    assert [n % 3 for n in range(9)] == found.labels["label"].tolist()
    assert "no two votes on a task differ" == found.diagnostics["reason"]


def test_a_method_that_starts_over_needs_memory(crowd: pd.DataFrame) -> None:
    """Several random starts are several beliefs: the refusal says so."""
    with pytest.raises(BadInput, match="ebcc needs all answers in memory"):
        aggregate(crowd, "ebcc", on_disk=True)
    with pytest.raises(BadInput, match="glad has no option on_disk"):
        aggregate(crowd, "glad", on_disk=True)


def test_a_bad_table_is_named_by_its_place(tmp_path: Path) -> None:
    """The message has the file, and after how many rows the table begins."""
    good = pd.DataFrame({"task": ["a"], "worker": ["1"], "label": ["x"]})
    path = tmp_path / "answers.csv"
    path.write_text("task,worker,label\na,1,x\nb,2,\n")

    with pytest.raises(BadVotes, match="'label': 1 of 2 values are missing"):
        aggregate(path)
    with pytest.raises(BadVotes, match="after row 2: column 'task': 1 of 1"):
        aggregate([good, good, good.assign(task=[float("nan")])])
    with pytest.raises(BadVotes, match="mixes int and str"):
        aggregate([good, good.assign(worker=[1])])
    with pytest.raises(BadVotes, match="no column 'label'"):
        aggregate(iter([good, good.drop(columns="label")]))
    with pytest.raises(BadVotes, match="there are no answers"):
        aggregate([good[:0]])


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    """The refusal names the file."""
    (tmp_path / "answers.parquet").write_text("no Parquet")

    with pytest.raises(BadInput, match=r"missing.csv: cannot be read"):
        aggregate(tmp_path / "missing.csv")
    with pytest.raises(BadInput, match=r"answers.parquet: cannot be read"):
        aggregate(tmp_path / "answers.parquet")
