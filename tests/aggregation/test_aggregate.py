"""The one function: what it gives, what it refuses, and what it says."""

from collections.abc import Callable
from importlib import metadata
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from crowdlab.aggregation import (
    Aggregation,
    DawidSkene,
    MajorityVote,
    Votes,
    aggregate,
    memory,
    methods,
    score,
)
from crowdlab.errors import BadInput, BadVotes, NotFitted, NotFound

VOTES = [
    ("b", "Ann", "cat"),
    ("a", "Ann", "dog"),
    ("a", "Bob", "dog"),
    ("a", "Cem", "cat"),
]


def test_labels_have_a_row_for_each_task() -> None:
    """The labels are a table of task, label, confidence and number of votes."""
    labels = aggregate(VOTES, "majority-vote").labels

    expected = pd.DataFrame(
        {
            "task": ["a", "b"],
            "label": ["dog", "cat"],
            "confidence": [2 / 3, 1.0],
            "n_votes": [3, 1],
        }
    )
    pd.testing.assert_frame_equal(expected, labels)


def test_workers_have_the_share_of_their_votes_that_is_right() -> None:
    """A worker's quality is what the probabilities make of their votes."""
    workers = aggregate(VOTES, "majority-vote").workers

    expected = pd.DataFrame(
        {
            "worker": ["Ann", "Bob", "Cem"],
            "quality": [(2 / 3 + 1) / 2, 2 / 3, 1 / 3],
            "n": [2, 1, 1],
        }
    )
    pd.testing.assert_frame_equal(expected, workers)


def test_auto_is_the_default() -> None:
    """Without a method's name the votes choose, and the diagnostics say what and why."""
    votes = [(task, who, task % 2) for task in range(6) for who in "123"]
    found = aggregate([*votes, (0, "4", 1)])

    assert found.method == "auto"
    assert found.diagnostics["reason"] == "errors look independent"
    assert set(found.diagnostics["weights"]) == {
        "hierarchical-dawid-skene",
        "mace",
        "bwa",
    }
    assert sum(found.diagnostics["weights"].values()) == pytest.approx(1)
    assert set(found.diagnostics["agreement"]) == set(found.diagnostics["weights"])


def test_an_aggregation_says_what_it_is() -> None:
    """Its repr is one line with method and sizes."""
    found = aggregate(VOTES, "majority-vote")

    assert "Aggregation(majority-vote: 2 tasks, 3 workers, 4 votes)" == repr(found)


def test_numbers_stay_numbers() -> None:
    """Ids come back as they went in."""
    found = aggregate({"task": [10, 9], "worker": [1, 2], "label": [True, False]})

    assert [(9, False), (10, True)] == list(
        found.labels[["task", "label"]].itertuples(index=False, name=None)
    )


def test_results_are_there_after_fit_only() -> None:
    """Asking a method for results before fit is told so."""
    method = MajorityVote()

    with pytest.raises(NotFitted, match="MajorityVote has no results: call fit first"):
        _ = method.labels_
    method.fit(VOTES)
    pd.testing.assert_frame_equal(method.result_.labels, method.labels_)


@pytest.mark.parametrize(
    "gold",
    [
        {"a": "cat"},
        {"task": ["a"], "label": ["cat"]},
        pd.Series({"a": "cat"}),
        pd.DataFrame({"task": ["a"], "label": ["cat"]}),
        pa.table({"task": ["a"], "label": ["cat"]}),
    ],
    ids=["mapping", "columns", "series", "pandas", "arrow"],
)
def test_gold_comes_in_any_table(gold: object) -> None:
    """Known labels are a mapping, a series or a table."""
    labels = aggregate(VOTES, "dawid-skene", gold=gold).labels

    assert ["a", "cat", 1.0, 3] == labels.iloc[0].tolist()


@pytest.mark.parametrize(
    ("gold", "message"),
    [
        ({"x": "cat"}, "none of the 1 gold tasks was answered; the first is 'x'"),
        (
            {"a": 1},
            "gold labels are of type integer, those of the answers of type string",
        ),
        (
            {"task": ["a", "a"], "label": ["cat", "dog"]},
            "task 'a' has two gold labels; give each task one",
        ),
        (7, "gold labels are a mapping of task to label"),
        (pd.DataFrame({"task": ["a"]}), "gold labels are a mapping of task to label"),
    ],
)
def test_bad_gold_is_refused(gold: object, message: str) -> None:
    """Gold that fits no answer, or itself, is named."""
    with pytest.raises(BadVotes) as caught:
        aggregate(VOTES, "dawid-skene", gold=gold)

    assert message in str(caught.value)


def test_an_unknown_method_lists_the_choices() -> None:
    """The error of a wrong name has the right ones."""
    with pytest.raises(NotFound) as caught:
        aggregate(VOTES, "majority")

    assert str(caught.value) == (
        "there is no method 'majority'; choose from: auto, majority-vote, weighted-vote,"
        " dawid-skene, one-coin, hierarchical-dawid-skene, glad, mace, ibcc, ebcc, bwa,"
        " la-two-pass"
    )


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            {"n_iter": 3},
            "dawid-skene has no option n_iter; choose from: max_iterations, tolerance,",
        ),
        ({"max_iterations": 0}, "dawid-skene: 'max_iterations' must be >= 1: 0"),
        ({"tolerance": -1.0}, "dawid-skene: 'tolerance' must be >= 0: -1.0"),
    ],
)
def test_a_bad_option_is_refused(options: dict[str, Any], message: str) -> None:
    """An option that a method does not have, or its value, is named."""
    with pytest.raises(BadInput) as caught:
        aggregate(VOTES, "dawid-skene", **options)

    assert message in str(caught.value)


@pytest.mark.parametrize("method", methods.names())
def test_every_method_takes_the_same_arguments(method: str) -> None:
    """Whatever the method, passes, tolerance and seed are called the same."""
    options: dict[str, Any] = {"max_iterations": 3, "tolerance": 0.0, "seed": 1}

    assert len(aggregate(VOTES, method, **options).labels) == 2


def test_others_methods_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """A package offers a method through an entry point, and it is one of ours."""

    class FirstVote(MajorityVote):
        name = "first-vote"

    class Offer:
        name = "first-vote"

        def load(self) -> type[FirstVote]:
            return FirstVote

    def offers(*, group: str) -> list[Offer]:
        return [Offer()] if group == "crowdlab.aggregators" else []

    monkeypatch.setattr(metadata, "entry_points", offers)

    assert "first-vote" in methods.names()
    assert aggregate(VOTES, "first-vote").method == "first-vote"


def _many_labels(n_labels: int) -> dict[str, Any]:
    task = np.arange(n_labels).repeat(3)
    label = task.copy()
    label[::7] = (label[::7] + 1) % n_labels
    return {"task": task, "worker": np.tile(np.arange(3), n_labels), "label": label}


@pytest.mark.parametrize("method", ["majority-vote", "weighted-vote", "auto"])
def test_a_hundred_thousand_labels(method: str) -> None:
    """Where confusion matrices cannot be, votes are counted, and auto says so."""
    votes = _many_labels(100_000)

    found = aggregate(votes, method)

    assert found.labels["label"].tolist() == list(range(100_000))
    assert found.labels["confidence"].min() == pytest.approx(2 / 3, abs=0.01)
    if method == "auto":
        reason = "confusions of 100,000 labels do not fit in memory"
        assert found.diagnostics == {
            "weights": {"weighted-vote": 1.0},
            "reason": reason,
        }


def test_what_does_not_fit_is_refused_before_it_is_tried() -> None:
    """The error of too many labels says what it would take, and what takes less."""
    with pytest.raises(BadVotes) as caught:
        aggregate(_many_labels(100_000), "dawid-skene")

    message = str(caught.value)
    assert message.startswith(
        "dawid-skene would need 880.0 GB for the confusions of 3 workers over"
        " 100,000 labels, and "
    )
    assert message.endswith("majority-vote and weighted-vote need none")


def test_sparse_probabilities_are_the_dense_ones(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Shares that are kept sparse are the same shares."""
    votes, gold = _many_labels(40), {3: 5, 8: 8}
    expected = aggregate(votes, "weighted-vote", gold=gold)
    monkeypatch.setattr("crowdlab.aggregation.tally.MOST_ENTRIES", 1)

    found = aggregate(votes, "weighted-vote", gold=gold)

    pd.testing.assert_frame_equal(expected.labels, found.labels)
    np.testing.assert_allclose(
        found.probabilities.to_numpy(), expected.probabilities.to_numpy()
    )
    pd.testing.assert_frame_equal(expected.workers, found.workers)


def test_memory_grows_with_the_square_of_the_labels() -> None:
    """Ten times the labels need a hundred times the room for confusions."""
    few, many = (memory.confusion_bytes(Votes.of(_many_labels(n))) for n in (100, 1000))

    assert 90 < many / few < 110


def _found(probabilities: list[list[float]]) -> Aggregation:
    """An aggregation of two labels with these probabilities."""
    tasks = [f"t{number}" for number in range(len(probabilities))]
    voted: Callable[[Any], pd.Index[Any]] = pd.Index
    ones = np.ones(len(tasks), dtype=np.int64)
    return Aggregation(
        "planted",
        {},
        np.array(probabilities),
        voted(tasks),
        voted(["w"]),
        voted(["no", "yes"]),
        ones,
        np.array([len(tasks)]),
        np.array([1.0]),
    )


def test_scores_by_hand() -> None:
    """Accuracy, log loss and calibration error of four labels, worked out on paper."""
    found = _found([[0.95, 0.05], [0.95, 0.05], [0.35, 0.65], [0.5, 0.5]])
    truth = {"t0": "no", "t1": "yes", "t2": "yes", "unasked": "no"}

    scores = score(found, truth)

    assert scores.n_tasks == 3
    assert scores.accuracy == pytest.approx(2 / 3)
    losses = -np.log([0.95, 0.05, 0.65])
    assert scores.log_loss == pytest.approx(losses.mean())
    # The bin of 0.95 is 2 * 0.95 - 1 too sure, the bin of 0.65 is 0.35 too unsure.
    assert scores.calibration_error == pytest.approx((0.9 + 0.35) / 3)


def test_a_truth_that_nobody_said_is_missed_for_good() -> None:
    """A true label without a vote has probability 0, at a finite price."""
    scores = score(_found([[0.9, 0.1]]), {"t0": "maybe"})

    assert scores.accuracy == 0
    assert scores.log_loss == pytest.approx(-np.log(1e-10))


def test_a_truth_about_other_tasks_is_refused() -> None:
    """Scores need a task that has both label and truth."""
    with pytest.raises(BadVotes, match="about none of the tasks"):
        score(_found([[1.0, 0.0]]), {"elsewhere": "no"})


def test_a_constructor_only_stores() -> None:
    """As in scikit-learn: what was given is what is kept, and nothing runs."""
    method = DawidSkene(max_iterations=7, tolerance=0.5, seed=3)

    assert (7, 0.5, 3) == (method.max_iterations, method.tolerance, method.seed)
