"""Answers that come day by day, against all of them at once."""

import numpy as np
import pandas as pd
import pytest

from crowdlab.aggregation import DawidSkene
from crowdlab.aggregation.engine import Chunk, count
from crowdlab.aggregation.online import OnlineDawidSkene
from crowdlab.errors import BadVotes, NotFitted


def _days(answers: pd.DataFrame, n_days: int, seed: int = 0) -> list[pd.DataFrame]:
    """The answers, each on any day: tasks and workers come back on others."""
    day = np.random.default_rng(seed).integers(n_days, size=len(answers))
    return [answers[day == each] for each in range(n_days)]


def _by_task(answers: pd.DataFrame, n_days: int) -> list[pd.DataFrame]:
    """The answers, all of a task on the same day."""
    day = pd.factorize(answers["task"])[0] % n_days
    return [answers[day == each] for each in range(n_days)]


def test_the_batch_is_where_it_ends(recorded) -> None:  # type: ignore[no-untyped-def]
    """After enough passes labels are those of the batch, and probabilities nearly so."""
    online = OnlineDawidSkene(max_iterations=1000, tolerance=0)
    for answers in _days(recorded.answers, 5):
        online.partial_fit(answers)

    online.refine()

    batch = DawidSkene(max_iterations=1000, tolerance=0).fit(recorded.answers)
    assert batch.labels_["label"].tolist() == online.labels_["label"].tolist()
    np.testing.assert_allclose(
        online.probabilities_.to_numpy(), batch.probabilities_.to_numpy(), atol=1e-6
    )
    np.testing.assert_allclose(
        online.workers_["quality"], batch.workers_["quality"], atol=1e-6
    )


@pytest.mark.parametrize("n_days", [3, 20])
def test_a_maximum_is_where_it_ends(recorded, n_days: int) -> None:  # type: ignore[no-untyped-def]
    """From wherever the days lead, the likelihood ends as high, but for one task.

    There may be more than one maximum: on one of these sets the days lead to another
    than the batch finds, where one task in 800 has another label.
    """
    online = OnlineDawidSkene(max_iterations=1000, tolerance=0)
    for answers in _by_task(recorded.answers, n_days):
        online.partial_fit(answers)

    online.refine()

    batch = DawidSkene(max_iterations=1000, tolerance=0).fit(recorded.answers)
    expected, found = (
        method.diagnostics_["objective"][-1] for method in (batch, online)
    )
    assert found > expected - 1
    assert (batch.labels_["label"] != online.labels_["label"]).sum() <= 1


def test_a_day_is_enough_for_most(recorded) -> None:  # type: ignore[no-untyped-def]
    """Without refining, nearly all labels are those of the batch already."""
    online = OnlineDawidSkene()
    for answers in _by_task(recorded.answers, 5):
        online.partial_fit(answers)

    batch = DawidSkene().fit(recorded.answers).labels_
    same = batch["label"] == online.labels_["label"]

    assert batch["task"].tolist() == online.labels_["task"].tolist()
    assert batch["n_votes"].tolist() == online.labels_["n_votes"].tolist()
    assert same.mean() > 0.95


def test_the_kept_sums_are_those_of_all(recorded) -> None:  # type: ignore[no-untyped-def]
    """Sums that were taken out and put in day by day are what all answers give."""
    online = OnlineDawidSkene()
    for answers in _days(recorded.answers, 5):
        online.partial_fit(answers)

    known = online._known
    assert known is not None
    expected = count(Chunk.of(known.votes), known.belief)
    np.testing.assert_allclose(known.statistics.counts, expected.counts, atol=1e-8)
    np.testing.assert_allclose(known.statistics.states, expected.states, atol=1e-8)
    np.testing.assert_allclose(known.statistics.said, expected.said, atol=1e-8)


def test_only_tasks_of_the_day_are_looked_at(recorded) -> None:  # type: ignore[no-untyped-def]
    """The probabilities of other tasks stay as they are until they are refined."""
    *days, last = _by_task(recorded.answers, 5)
    online = OnlineDawidSkene()
    for answers in days:
        online.partial_fit(answers)
    before = online.probabilities_

    online.partial_fit(last)

    assert online.diagnostics_["touched"] == last["task"].nunique()
    after = online.probabilities_.loc[before.index, before.columns]
    pd.testing.assert_frame_equal(before, after)
    assert not online.refine().probabilities_.loc[before.index].equals(before)


def test_fit_starts_over(recorded) -> None:  # type: ignore[no-untyped-def]
    """``fit`` forgets, does what Dawid and Skene do, and can be added to."""
    first, second = _by_task(recorded.answers, 2)
    online = OnlineDawidSkene().partial_fit(second).fit(first)

    pd.testing.assert_frame_equal(
        DawidSkene().fit(first).probabilities_, online.probabilities_
    )
    online.partial_fit(second)
    assert len(online.labels_) == recorded.answers["task"].nunique()


def test_what_is_new_is_learned() -> None:
    """Tasks, workers and labels that were never seen find their place among the old."""
    monday = [(f"t{n}", w, "dog" if n % 2 else "fox") for n in range(6) for w in "abc"]
    tuesday = [("s0", w, "cat") for w in "bcd"] + [("t0", "d", "cat")]

    online = OnlineDawidSkene().partial_fit(monday).partial_fit(tuesday)

    labels = online.labels_.set_index("task")["label"]
    assert (labels["s0"], labels["t0"], labels["t1"]) == ("cat", "fox", "dog")
    assert online.workers_["worker"].tolist() == ["a", "b", "c", "d"]
    assert online.probabilities_.columns.tolist() == ["cat", "dog", "fox"]


def test_what_cannot_be_added() -> None:
    """Ids of another type are refused, and nothing is lost by it."""
    online = OnlineDawidSkene()
    with pytest.raises(NotFitted, match="nothing to refine"):
        online.refine()
    online.partial_fit([("a", 1, "x"), ("a", 2, "y")])

    with pytest.raises(BadVotes, match="new workers are of type string"):
        online.partial_fit([("b", "1", "x")])

    assert online.labels_["task"].tolist() == ["a"]
