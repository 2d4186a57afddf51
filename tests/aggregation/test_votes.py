"""Answers become votes, or one clear error."""

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crowdlab.aggregation import Votes, aggregate
from crowdlab.aggregation.codes import encode
from crowdlab.errors import BadVotes

ROWS = [("b", "Ann", "cat"), ("a", "Bob", "dog"), ("a", "Ann", "cat")]
COLUMNS = {
    "task": ["b", "a", "a"],
    "worker": ["Ann", "Bob", "Ann"],
    "label": ["cat", "dog", "cat"],
}


def _decoded(votes: Votes) -> list[tuple[object, ...]]:
    return list(
        zip(
            votes.tasks[votes.task],
            votes.workers[votes.worker],
            votes.labels[votes.label],
            strict=True,
        )
    )


@pytest.mark.parametrize(
    "answers",
    [
        pytest.param(ROWS, id="tuples"),
        pytest.param(iter(ROWS), id="iterator"),
        pytest.param([list(row) for row in ROWS], id="lists"),
        pytest.param(
            [dict(zip(COLUMNS, row, strict=True)) for row in ROWS], id="mappings"
        ),
        pytest.param(COLUMNS, id="columns"),
        pytest.param({k: np.array(v) for k, v in COLUMNS.items()}, id="arrays"),
        pytest.param(pd.DataFrame(COLUMNS), id="pandas"),
        pytest.param(pd.DataFrame(COLUMNS, dtype=object), id="pandas objects"),
        pytest.param(pd.DataFrame(COLUMNS, dtype="category"), id="pandas categories"),
        pytest.param(pa.table(COLUMNS), id="arrow"),
        pytest.param(
            pa.table({k: pa.array(v).dictionary_encode() for k, v in COLUMNS.items()}),
            id="arrow dictionaries",
        ),
    ],
)
def test_any_table_gives_the_same_votes(answers: object) -> None:
    """Rows, columns, pandas and Arrow are read alike."""
    votes = Votes.of(answers)

    assert ROWS == _decoded(votes)
    assert ["a", "b"] == votes.tasks.tolist()
    assert np.int32 == votes.task.dtype == votes.worker.dtype == votes.label.dtype


def test_votes_are_votes_already() -> None:
    """Votes are validated once: the same object comes back."""
    votes = Votes.of(ROWS)

    assert votes is Votes.of(votes)


def test_other_columns_are_left_alone() -> None:
    """A column of comments changes nothing."""
    frame = pd.DataFrame(COLUMNS).assign(comment="fine")

    assert ROWS == _decoded(Votes.of(frame))


@given(st.lists(st.integers(-(2**62), 2**62), min_size=1))
def test_integers_encode_and_decode(values: list[int]) -> None:
    """Codes lead back to the ids, near together or far apart."""
    codes, book = encode(pd.Series(values), "task")

    assert values == book[codes].tolist()
    assert sorted(set(values)) == book.tolist()


@given(st.lists(st.text(), min_size=1))
def test_texts_encode_and_decode(values: list[str]) -> None:
    """Codes lead back to the ids, whatever characters they have."""
    codes, book = encode(pd.Series(values, dtype=object), "task")

    assert values == book[codes].tolist()
    assert sorted(set(values)) == book.tolist()


@pytest.mark.parametrize("dtype", ["int8", "uint8", "int64", "uint64", "float64", bool])
def test_ids_keep_their_type(dtype: str) -> None:
    """Numbers stay the numbers they were, and full small ranges do not overflow."""
    values = np.array([0, 1, 1], dtype=dtype)
    if dtype == "int8":
        values = np.array([-128, 127, 0], dtype=dtype)

    codes, book = encode(pd.Series(values), "task")

    assert values.dtype == book.dtype
    assert values.tolist() == book[codes].tolist()


@pytest.mark.parametrize(
    ("answers", "message"),
    [
        (
            pd.DataFrame({"task": [1], "annotator": [1], "label": [1]}),
            "there is no column 'worker'; the answers have task, annotator, label, and",
        ),
        ({}, "there is no column 'task', 'worker', 'label'; the answers have none"),
        ([{"task": 1, "label": 2}], "there is no column 'worker'"),
        ({"task": [], "worker": [], "label": []}, "there are no answers to aggregate"),
        ([], "there are no answers to aggregate"),
        (pd.DataFrame(COLUMNS)[:0], "there are no answers to aggregate"),
        (
            {"task": [1, 2], "worker": [1, 1], "label": [1]},
            "the columns differ in length: {'task': 2, 'worker': 2, 'label': 1}",
        ),
        (
            {"task": [1, 2], "worker": [1, 1], "label": [1.0, float("nan")]},
            "column 'label': 1 of 2 values are missing, the first in row 2",
        ),
        (
            {"task": [1, 2], "worker": [1, 1], "label": [None, "yes"]},
            "column 'label': 1 of 2 values are missing, the first in row 1",
        ),
        (
            {"task": [1, 2], "worker": [1, 1], "label": [1, "1"]},
            "column 'label' mixes int and str",
        ),
        (
            {"task": [1, 2], "worker": [1, 1], "label": [True, 1]},
            "column 'label' mixes bool and int",
        ),
        (
            {"task": [1], "worker": [1], "label": [["a"]]},
            "column 'label': its values cannot be ids",
        ),
        ([("a", "b")], "row 1 is ('a', 'b'), not (task, worker, label)"),
        ([7], "row 1 is 7, not (task, worker, label)"),
        (b"a,b,c", "a bytes is no table of answers"),
        (7, "a int is no table of answers"),
    ],
)
def test_bad_answers_are_refused(answers: object, message: str) -> None:
    """What cannot be aggregated is named, with what would do."""
    with pytest.raises(BadVotes) as caught:
        Votes.of(answers)

    assert message in str(caught.value)


def test_gold_labels_that_nobody_gave_may_repeat() -> None:
    """Two gold tasks may share a label that no worker ever gave."""
    votes = [("a", 1, "y"), ("b", 1, "y")]

    found = aggregate(votes, "majority-vote", gold={"a": "x", "b": "x"})

    assert list(found.labels["label"]) == ["x", "x"]


def test_small_integers_do_not_overflow() -> None:
    """Differences of small integers may be larger than the integers can be."""
    values = np.arange(-100, 100).astype(np.int8)

    codes, book = encode(pd.Series(values), "task")

    assert np.array_equal(np.arange(200), codes)
    assert np.array_equal(values, book)
