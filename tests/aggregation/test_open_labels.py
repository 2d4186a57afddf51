"""Labels that hardly repeat: free text, of which nobody makes a list beforehand."""

import math

import numpy as np
import pandas as pd
import pytest

from crowdlab.aggregation import Votes, aggregate, fast, methods
from crowdlab.aggregation.cells import Cells
from crowdlab.aggregation.engine import Chunk, Floats

N_TASKS, N_WORKERS = 40, 12


@pytest.fixture(scope="module")
def typed() -> pd.DataFrame:
    """What twelve workers typed: the text of the task, or a slip of their own."""
    rng = np.random.default_rng(2)
    care = rng.uniform(0.3, 0.95, size=N_WORKERS)
    rows = [
        (f"t{task:02}", f"w{who:02}", _typed(task, who, rng.random() < care[who]))
        for task in range(N_TASKS)
        for who in rng.choice(N_WORKERS, size=5, replace=False)
    ]
    return pd.DataFrame(rows, columns=["task", "worker", "label"])


def _typed(task: int, who: int, is_right: bool) -> str:
    return f"text {task:02}" if is_right else f"txet {task:02} {who:02}"


def test_tables_have_rows_for_what_was_said_alone(typed: pd.DataFrame) -> None:
    """A worker has a row for each label they gave, and none for all the others."""
    cells = Chunk.of(Votes.of(typed)).cells

    n_said = len(typed.drop_duplicates(["worker", "label"]))
    assert n_said == len(cells) < cells.n_workers * cells.n_labels / 5
    assert (np.diff(cells.worker) >= 0).all()


@pytest.mark.parametrize("method", methods.names())
def test_every_method_takes_free_text(typed: pd.DataFrame, method: str) -> None:
    """Whoever gives a text of their own to everything, no method falls over it."""
    found = aggregate(typed, method)

    belief: Floats = np.asarray(found.belief)
    np.testing.assert_allclose(belief.sum(axis=1), 1)
    assert N_TASKS == len(found.labels)


def test_auto_leaves_confusions_alone(typed: pd.DataFrame) -> None:
    """It takes what tells right from wrong, says why, and finds most texts."""
    found = aggregate(typed)

    assert "labels hardly repeat" in found.diagnostics["reason"]
    assert {"one-coin": 0.5, "glad": 0.5} == found.diagnostics["weights"]
    labels = found.labels
    is_right = labels["label"] == "text" + labels["task"].str.replace("t", " ")
    assert is_right.mean() > 0.85


def test_dawid_skene_is_what_full_tables_give(typed: pd.DataFrame) -> None:
    """With a row for every worker and label, and all zeros in them, nothing changes."""
    votes = Votes.of(typed)

    found = aggregate(votes, "dawid-skene", max_iterations=6, tolerance=0)

    expected = _dawid_skene(votes, passes=6)
    np.testing.assert_allclose(np.asarray(found.belief), expected, rtol=0, atol=1e-9)


def _dawid_skene(votes: Votes, passes: int) -> Floats:
    """The method as it is written, over all pairs of workers and labels."""
    n_labels = len(votes.labels)
    belief = np.zeros((len(votes.tasks), n_labels))
    np.add.at(belief, (votes.task, votes.label), 1)
    belief /= belief.sum(axis=1, keepdims=True)
    for _ in range(passes):
        counts = np.zeros((len(votes.workers), n_labels, n_labels))
        np.add.at(counts, (votes.worker, votes.label), belief[votes.task])
        is_given = counts.sum(axis=2, keepdims=True) > 0
        kept = np.where(is_given, np.maximum(counts, 1e-10), 0)
        share = kept / kept.sum(axis=1, keepdims=True)
        joint = np.tile(
            np.log(np.maximum(belief.mean(axis=0), 1e-10)), (len(belief), 1)
        )
        np.add.at(joint, votes.task, np.log(share[votes.worker, votes.label]))
        belief = np.exp(joint - joint.max(axis=1, keepdims=True))
        belief /= belief.sum(axis=1, keepdims=True)
    return belief


def test_a_label_of_one_task_has_no_subtypes(typed: pd.DataFrame) -> None:
    """What is said of one task alone cannot be of several kinds: more change nothing."""
    one, ten = (
        aggregate(typed, "ebcc", subtypes=n, restarts=1).belief for n in (1, 10)
    )

    np.testing.assert_array_equal(one, ten)


def test_cells_are_found_among_more_cells() -> None:
    """Sets of cells join, in order, and each knows where it stands in the other."""
    few = Cells.numbered(np.array([1, 5]), 2, 4)
    more = few | Cells.numbered(np.array([2, 5, 7]), 2, 4)

    assert [1, 2, 1, 3] == more.label.tolist()
    assert [0, 0, 1, 1] == more.worker.tolist()
    assert [0, 2] == more.find(few).tolist()


@pytest.mark.parametrize("least_votes", [math.inf, 0.0], ids=["numpy", "numba"])
def test_more_workers_and_labels_than_codes_count_to(
    least_votes: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pairs may be more than integers of four bytes tell apart; few of them occur."""
    monkeypatch.setattr(fast, "WORTHWHILE", least_votes)
    n = 60_000
    ids = np.arange(n)
    votes = Votes(*(ids.astype(np.int32),) * 3, *(pd.Index(ids, name=None),) * 3)

    cells = Chunk.of(votes).cells

    assert n == len(cells)
    assert np.array_equal(ids, cells.worker)
    assert np.array_equal(ids, cells.label)
