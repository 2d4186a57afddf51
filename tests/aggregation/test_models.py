"""Each model's own arithmetic, worked out on paper."""

import numpy as np
import pytest
from scipy.special import expit

from crowdlab.aggregation import (
    BWA,
    GLAD,
    MACE,
    DawidSkene,
    HierarchicalDawidSkene,
    LATwoPass,
    OneCoin,
    Votes,
    WeightedVote,
)
from crowdlab.aggregation.cells import Cells
from crowdlab.aggregation.engine import Chunk, Statistics, count, shares
from crowdlab.aggregation.expectation_maximization import ExpectationMaximization

VOTES = [("a", 1, 0), ("a", 2, 0), ("a", 3, 1), ("b", 1, 2), ("b", 2, 2), ("b", 3, 1)]


@pytest.mark.parametrize(
    "method", [DawidSkene(), HierarchicalDawidSkene(), OneCoin(), MACE()], ids=repr
)
def test_a_table_holds_probabilities(method: ExpectationMaximization) -> None:
    """What a worker may say of a class has the probability 1 altogether."""
    rng = np.random.default_rng(0)
    columns = {name: rng.integers(4, size=90) for name in ("task", "worker", "label")}
    chunk = Chunk.of(Votes.of(columns))

    parameters = method.m_step(count(chunk, shares(chunk)))

    assert 16 == len(chunk.cells)
    np.testing.assert_allclose(chunk.cells.by_worker(np.exp(parameters.table)), 1)
    np.testing.assert_allclose(np.exp(parameters.prior).sum(), 1)


def test_glad_begins_with_equal_workers_and_tasks() -> None:
    """Its first pass has the log odds of ability 1 and ease e for each vote.

    Two of three say 0, and there are three labels: a vote adds e + log 2.
    """
    found = GLAD(max_iterations=1).fit(VOTES).probabilities_

    odds = np.exp(np.e + np.log(2))
    expected = np.array([odds**2, odds, 1])
    np.testing.assert_allclose(found.loc["a"], expected / expected.sum())


def test_glad_with_two_labels_is_logistic() -> None:
    """With two labels a vote adds e to the log odds."""
    votes = [("a", 1, 0), ("a", 2, 0), ("a", 3, 1)]

    found = GLAD(max_iterations=1).fit(votes).probabilities_

    assert found.loc["a", 0] == pytest.approx(expit(np.e))


def test_weights_are_agreements_with_the_majority() -> None:
    """Who agreed in both tasks weighs (2 + 1) / (2 + 2), who never did, 1 / 4."""
    found = WeightedVote().fit(VOTES).probabilities_

    np.testing.assert_allclose(found.loc["a"], [1.5 / 1.75, 0.25 / 1.75, 0])


def test_a_guesser_weighs_nothing_in_the_second_pass() -> None:
    """Weights are accuracy times labels less one: nothing for a worker at chance.

    Both tasks are equally clear, so the first pass is one step: workers 1 and 2 are
    right twice, (2 + 1) / (2 + 2), worker 3 never, 1 / 4, which is below a third.
    """
    found = LATwoPass().fit(VOTES).probabilities_

    np.testing.assert_allclose(found.loc["a"], [1, 0, 0])
    confident = LATwoPass(prior_right=3.0).fit(VOTES).probabilities_
    right, wrong = 2 * (5 / 6 * 3 - 1), 3 / 6 * 3 - 1
    total = right + wrong
    np.testing.assert_allclose(confident.loc["a"], [right / total, wrong / total, 0])


def test_bwa_by_hand() -> None:
    """One pass over one task: precision from squared distances, then the mean.

    Two of three say yes. The votes' variance is 2/9, and 4 (1 - 1/2) times that is
    4/9. A worker's precision is 16 over 15 times that and the squared distance.
    """
    votes = [("a", 1, "yes"), ("a", 2, "yes"), ("a", 3, "no")]

    found = BWA(max_iterations=1).fit(votes).probabilities_

    agree = 16 / (15 * 4 / 9 + 1 / 9)
    differ = 16 / (15 * 4 / 9 + 4 / 9)
    yes = (2 / 3 + 2 * agree) / (1 + 2 * agree + differ)
    no = (1 / 3 + differ) / (1 + 2 * agree + differ)
    assert found["yes"].tolist() == pytest.approx([yes / (yes + no)])


def test_mace_tells_habit_from_knowledge() -> None:
    """Who says one label of everything is not known to know anything."""
    counts = np.array([[50.0, 0], [0, 50], [50, 50], [0, 0]])
    half = np.array([0.5, 0.5])
    statistics = Statistics(Cells.full(2, 2), counts, half, half, 0.0)

    known, guessed = MACE()._known_and_guessed(statistics)

    assert known == pytest.approx([0.99, 0.005], abs=0.01)
    np.testing.assert_allclose(guessed[2:], [0.99, 0.005], atol=0.01)
