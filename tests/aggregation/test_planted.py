"""Crowds whose every fault is known, and who finds it."""

from typing import Any

import attrs
import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest

from crowdlab.aggregation import Aggregation, aggregate, methods, score

Confusions = npt.NDArray[np.float64]

MODELS = [
    name
    for name in methods.names()
    if name not in {"majority-vote", "weighted-vote", "la-two-pass", "bwa"}
]
OF_CONFUSIONS = ["dawid-skene", "hierarchical-dawid-skene", "ibcc", "ebcc", "auto"]


@attrs.frozen
class Planted:
    """A crowd that answered at random, as its workers' confusions say."""

    answers: pd.DataFrame
    truth: "pd.Series[int]"
    accuracy: npt.NDArray[np.float64]


def plant(
    confusions: npt.NDArray[np.float64], *, n_tasks: int, n_votes: int, seed: int
) -> Planted:
    """Answers of workers with these confusions (workers, classes, labels)."""
    rng = np.random.default_rng(seed)
    n_workers, n_labels = confusions.shape[:2]
    truth = rng.integers(n_labels, size=n_tasks)
    task = np.repeat(np.arange(n_tasks), n_votes)
    worker = np.argsort(rng.random((n_tasks, n_workers)))[:, :n_votes].ravel()
    chances = confusions[worker, truth[task]].cumsum(axis=1)
    label = (chances > rng.random((len(task), 1))).argmax(axis=1)
    answers = pd.DataFrame({"task": task, "worker": worker, "label": label})
    accuracy = np.diagonal(confusions, axis1=1, axis2=2).mean(axis=1)
    return Planted(answers, pd.Series(truth), accuracy)


def diligent(
    accuracy: "list[float] | npt.NDArray[np.float64]", n_labels: int
) -> "npt.NDArray[np.float64]":
    """Confusions of workers who are right so often, and else say anything else."""
    right = np.asarray(accuracy)[:, np.newaxis, np.newaxis]
    wrong = (1 - right) / (n_labels - 1)
    return np.where(np.eye(n_labels, dtype=bool), right, wrong)


def _accuracy(planted: Planted, method: str, **options: Any) -> float:
    return score(aggregate(planted.answers, method, **options), planted.truth).accuracy


@pytest.mark.parametrize("method", MODELS)
def test_workers_of_unequal_skill_are_weighed(method: str) -> None:
    """Two who know beat five who do not: the majority is wrong far more often."""
    crowd = plant(
        diligent([0.95, 0.95, *[0.55] * 5], 2), n_tasks=600, n_votes=7, seed=1
    )

    assert _accuracy(crowd, method) > _accuracy(crowd, "majority-vote") + 0.05


@pytest.mark.parametrize("method", MODELS)
def test_quality_is_the_planted_accuracy(method: str) -> None:
    """What is said of workers is true of them, but for some points."""
    accuracy = np.linspace(0.5, 0.95, 12)
    crowd = plant(diligent(accuracy, 4), n_tasks=800, n_votes=8, seed=2)

    found = aggregate(crowd.answers, method).workers

    np.testing.assert_allclose(found["quality"], accuracy, atol=0.06)


@pytest.mark.parametrize("method", OF_CONFUSIONS)
def test_confusions_are_undone(method: str) -> None:
    """A crowd that mostly takes class 2 for class 1 is understood all the same."""
    careful = diligent([0.9] * 3, 3)
    careless = np.array([[0.9, 0.05, 0.05], [0.05, 0.9, 0.05], [0.05, 0.7, 0.25]])
    confusions = np.concatenate([careful, np.tile(careless, (5, 1, 1))])
    crowd = plant(confusions, n_tasks=900, n_votes=8, seed=3)

    assert _accuracy(crowd, method) > 0.93 > _accuracy(crowd, "majority-vote")


@pytest.mark.parametrize("method", [*OF_CONFUSIONS, "mace"])
def test_a_worker_with_one_answer_for_all_is_ignored(method: str) -> None:
    """Three who always say 0 do not outvote five who look."""
    always = np.zeros((3, 2, 2))
    always[:, :, 0] = 1
    confusions = np.concatenate([diligent([0.9] * 5, 2), always])
    crowd = plant(confusions, n_tasks=500, n_votes=8, seed=4)

    assert _accuracy(crowd, method) > 0.97
    assert _accuracy(crowd, "majority-vote") < 0.85


def test_errors_made_together_are_found() -> None:
    """A third of the tasks mislead most workers; auto sees it, and tempers itself."""
    rng = np.random.default_rng(5)
    truth = rng.integers(2, size=600)
    misleads = rng.random(600) < 0.3
    task = np.repeat(np.arange(600), 8)
    worker = np.tile(np.arange(8), 600)
    right = np.where(misleads[task], 0.4, 0.95)
    label = np.where(rng.random(len(task)) < right, truth[task], 1 - truth[task])
    votes = {"task": task, "worker": worker, "label": label}

    found = aggregate(votes, "auto")

    assert found.diagnostics["correlation"] > 0.05
    certain = score(aggregate(votes, "dawid-skene"), pd.Series(truth))
    tempered = score(found, pd.Series(truth))
    assert tempered.log_loss < certain.log_loss / 2
    assert tempered.calibration_error < certain.calibration_error


def test_errors_made_alone_are_not_correlated() -> None:
    """Where workers err on their own, auto says so."""
    crowd = plant(diligent([0.8] * 10, 3), n_tasks=500, n_votes=6, seed=6)

    diagnostics = aggregate(crowd.answers, "auto").diagnostics

    assert diagnostics["reason"] == "errors look independent"
    assert diagnostics["evidence"] < 0
    assert diagnostics["correlation"] < 0.02


def test_workers_who_err_together_are_noticed() -> None:
    """Half of the crowd shares a delusion about some tasks: auto weighs ebcc highest."""
    rng = np.random.default_rng(7)
    truth = rng.integers(2, size=800)
    task, worker = np.repeat(np.arange(800), 8), np.tile(np.arange(8), 800)
    deluded = (rng.random(800) < 0.2)[task] & (worker < 4)
    right = np.where(deluded, 0.2, 0.8)
    label = np.where(rng.random(len(task)) < right, truth[task], 1 - truth[task])

    found = aggregate({"task": task, "worker": worker, "label": label}, "auto")

    assert found.diagnostics["evidence"] > 0
    assert found.diagnostics["reason"] == "errors look correlated"
    assert found.diagnostics["weights"]["ebcc"] == pytest.approx(0.5)


def test_who_always_says_the_same_is_no_correlation() -> None:
    """Half of the crowd gives one label to everything: auto is not taken in."""
    always = np.zeros((50, 2, 2))
    always[:, :, 0] = 1
    confusions = np.concatenate([diligent([0.9] * 50, 2), always])
    crowd = plant(confusions, n_tasks=600, n_votes=7, seed=1)

    assert _accuracy(crowd, "auto") > 0.93
    assert _accuracy(crowd, "majority-vote") < 0.75


@pytest.mark.parametrize("method", MODELS)
def test_gold_turns_a_crowd_around(method: str) -> None:
    """Where all mean the opposite, known labels of some tasks tell."""
    crowd = plant(diligent([0.1] * 6, 2), n_tasks=300, n_votes=6, seed=8)
    gold = crowd.truth[:150]

    found = aggregate(crowd.answers, method, gold=gold)

    assert score(aggregate(crowd.answers, method), crowd.truth[150:]).accuracy < 0.1
    unseen = score(found, crowd.truth[150:]).accuracy
    assert unseen > 0.9 or method in {"glad", "mace"}, unseen


def test_auto_is_no_worse_than_the_majority() -> None:
    """Over many kinds of crowds auto wins on average, and never loses much."""
    gains = [_gain(seed) for seed in range(12)]

    assert np.mean(gains) > 0.01
    assert min(gains) > -0.02


def _gain(seed: int) -> float:
    rng = np.random.default_rng(seed)
    n_labels, n_workers = int(rng.choice([2, 3, 5])), int(rng.choice([10, 40]))
    confusions = diligent(rng.beta(6, 3, n_workers), n_labels)
    crowd = plant(
        confusions, n_tasks=300, n_votes=int(rng.choice([3, 5, 9])), seed=seed
    )
    return _accuracy(crowd, "auto") - _accuracy(crowd, "majority-vote")


def _labels(found: Aggregation) -> dict[Any, Any]:
    return found.labels.set_index("task")["label"].to_dict()


@pytest.mark.parametrize("method", methods.names())
def test_gold_is_certain(method: str) -> None:
    """A known label is the label, also one that nobody gave."""
    votes = [("a", 1, "x"), ("a", 2, "x"), ("b", 1, "y"), ("b", 2, "x"), ("c", 2, "y")]

    found = aggregate(votes, method, gold={"a": "z", "unasked": "y"})

    assert "z" == _labels(found)["a"]
    assert found.probabilities.loc["a", "z"] == pytest.approx(1)
    assert ["x", "y", "z"] == found.probabilities.columns.tolist()
