"""What holds for every method, whatever the votes."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from crowdlab.aggregation import Aggregation, aggregate, methods

METHODS = methods.names()

rows = st.lists(
    st.tuples(st.integers(0, 6), st.integers(0, 4), st.integers(0, 2)),
    min_size=1,
    max_size=40,
)
each_method = pytest.mark.parametrize("method", METHODS)


def _probabilities(found: Aggregation) -> "pd.DataFrame":
    return found.probabilities.sort_index()


@each_method
@settings(max_examples=25)
@given(rows)
def test_probabilities_are_probabilities(
    method: str, votes: list[tuple[int, int, int]]
) -> None:
    """They sum to one, and the label has the highest."""
    found = aggregate(votes, method)

    probabilities = found.probabilities.to_numpy()
    assert (probabilities >= 0).all()
    np.testing.assert_allclose(probabilities.sum(axis=1), 1)
    confidence = found.labels["confidence"].to_numpy()
    np.testing.assert_array_equal(probabilities.max(axis=1), confidence)
    column = found.probabilities.columns.get_indexer(pd.Index(found.labels["label"]))
    chosen = probabilities[np.arange(len(column)), column]
    np.testing.assert_allclose(chosen, confidence, rtol=1e-9)


@each_method
@settings(max_examples=25)
@given(rows, st.randoms(use_true_random=False))
def test_names_and_order_do_not_matter(
    method: str, votes: list[tuple[int, int, int]], random: Any
) -> None:
    """Tasks and workers by other names, rows in another order: the same result."""
    task_names, worker_names = random.sample(range(90), 7), random.sample(range(90), 5)
    renamed = [(f"t{task_names[t]}", f"w{worker_names[w]}", k) for t, w, k in votes]
    random.shuffle(renamed)

    expected = aggregate(votes, method, max_iterations=20).probabilities
    found = aggregate(renamed, method, max_iterations=20).probabilities

    names = [f"t{task_names[task]}" for task in expected.index]
    np.testing.assert_allclose(
        found.loc[names].to_numpy(), expected.to_numpy(), rtol=1e-6, atol=1e-6
    )


@each_method
@settings(max_examples=25)
@given(
    st.dictionaries(st.integers(0, 9), st.integers(0, 2), min_size=1),
    st.integers(2, 6),
)
def test_where_all_agree_they_are_right(
    method: str, said: dict[int, int], n_workers: int
) -> None:
    """When every task's votes are unanimous, every label is what was said."""
    votes = [(task, w, label) for task, label in said.items() for w in range(n_workers)]

    labels = aggregate(votes, method).labels.set_index("task")["label"]

    assert said == labels.to_dict()


@each_method
@settings(max_examples=10)
@given(st.integers(0, 1000))
def test_a_spammer_flips_no_unanimous_task(method: str, seed: int) -> None:
    """Whoever answers everything by the dice changes no label that the others share."""
    rng = np.random.default_rng(seed)
    truth = rng.permutation(np.repeat([0, 1, 2], 10))
    votes = [(task, w, int(truth[task])) for task in range(30) for w in range(4)]
    votes += [(task, 99, int(rng.integers(3))) for task in range(30)]

    found = aggregate(votes, method)

    assert truth.tolist() == found.labels["label"].tolist()
    quality = found.workers.set_index("worker")["quality"]
    assert quality[99] < quality[0]


@pytest.mark.parametrize("method", ["dawid-skene", "ibcc", "ebcc"])
@settings(max_examples=40)
@given(rows)
def test_no_pass_lowers_the_objective(
    method: str, votes: list[tuple[int, int, int]]
) -> None:
    """Likelihood or evidence bound: expectation maximization climbs."""
    assume(
        len({(task, label) for task, _, label in votes}) > len({v[0] for v in votes})
    )

    found = aggregate(votes, method, max_iterations=15, tolerance=0)

    climb = found.diagnostics["objective"]
    assert len(climb) == 15
    # Counts below 1e-10 are lifted to it, which may cost as much.
    assert (np.diff(climb) > -1e-6).all()


@each_method
def test_no_tolerance_runs_all_passes(method: str) -> None:
    """With tolerance 0 a method that iterates does so as often as it may."""
    votes = [(task, w, task % (w + 2)) for task in range(6) for w in range(4)]

    found = aggregate(votes, method, max_iterations=7, tolerance=0)

    assert found.diagnostics.get("iterations", 7) == 7


@each_method
def test_the_same_seed_gives_the_same(method: str) -> None:
    """Two runs of one seed do not differ in a bit."""
    rng = np.random.default_rng(3)
    columns = {
        "task": rng.integers(30, size=200),
        "worker": rng.integers(8, size=200),
        "label": rng.integers(3, size=200),
    }

    first, second = (aggregate(columns, method, seed=5) for _ in range(2))

    pd.testing.assert_frame_equal(first.probabilities, second.probabilities)
    pd.testing.assert_frame_equal(first.workers, second.workers)


@each_method
def test_one_label_is_certain(method: str) -> None:
    """Where only one label was ever given, it is every task's."""
    found = aggregate([("a", 1, "x"), ("b", 1, "x"), ("b", 2, "x")], method)

    assert ["x", "x"] == found.labels["label"].tolist()
    assert [1.0, 1.0] == found.labels["confidence"].tolist()


@each_method
def test_one_vote_is_an_answer(method: str) -> None:
    """A single vote on a single task is enough."""
    found = aggregate([("a", 1, "x")], method)

    assert [("a", "x", 1.0, 1)] == list(found.labels.itertuples(index=False, name=None))


@each_method
def test_published_crowds_are_understood(recorded, method: str) -> None:  # type: ignore[no-untyped-def]
    """No method falls far behind the majority on a crowd that was published."""
    found = aggregate(recorded.answers, method).labels.set_index("task")["label"]
    simple = aggregate(recorded.answers, "majority-vote").labels.set_index("task")[
        "label"
    ]

    accuracy, majority = (
        (labels[recorded.truth.index] == recorded.truth).mean()
        for labels in (found, simple)
    )
    assert accuracy >= majority - 0.03


def test_equal_probabilities_go_to_the_first_label() -> None:
    """A tie is resolved by the sorted order of labels."""
    votes = [("a", 1, "y"), ("a", 2, "x"), ("b", 1, "z"), ("b", 2, "y")]

    assert ["x", "y"] == aggregate(votes, "majority-vote").labels["label"].tolist()


def test_a_second_vote_of_a_worker_counts() -> None:
    """Every row is a vote, also when a worker answers a task again."""
    votes = [("a", 1, "x"), ("a", 1, "x"), ("a", 2, "y")]

    labels = aggregate(votes, "majority-vote").labels

    assert [("a", "x", 2 / 3, 3)] == list(labels.itertuples(index=False, name=None))
