"""Fleiss' and Cohen's kappa on published tables, and against another program."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score

from crowdlab.errors import BadVotes, NotFound
from crowdlab.quality import cohen_kappa, fleiss_kappa, observed_agreement
from tests.quality.published import PATIENTS, TWO_JUDGES

pairs = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=2)


def test_thirty_patients() -> None:
    """Fleiss (1971): kappa is .430, and pairs agree with probability .5556."""
    assert round(fleiss_kappa(PATIENTS), 3) == 0.430
    assert round(observed_agreement(PATIENTS)["agreement"].mean(), 4) == 0.5556


def test_two_judges() -> None:
    """Cohen (1960): kappa is .492."""
    assert round(cohen_kappa(TWO_JUDGES), 3) == 0.492


@pytest.mark.parametrize("weights", ["none", "linear", "quadratic"])
@given(pairs)
def test_another_program_gives_the_same(
    weights: str, said: list[tuple[int, int]]
) -> None:
    """Unweighted, linear and quadratic kappa are those of scikit-learn."""
    first, second = (list(each) for each in zip(*said, strict=True))
    assume(len({*first, *second}) > 1)
    answers = [
        (t, w, label) for t, pair in enumerate(said) for w, label in enumerate(pair)
    ]

    expected = cohen_kappa_score(
        first, second, weights=None if weights == "none" else weights
    )
    assert expected == pytest.approx(cohen_kappa(answers, weights=weights))


@given(pairs)
def test_kappa_of_perfect_agreement(said: list[tuple[int, int]]) -> None:
    """Both are at most 1, and 1 where nobody differs."""
    answers = [
        (t, w, label) for t, pair in enumerate(said) for w, label in enumerate(pair)
    ]
    agreed = [(task, worker, said[task][0]) for task, worker, _ in answers]
    assume(len({label for _, _, label in agreed}) > 1)

    assert fleiss_kappa(answers) <= 1
    assert cohen_kappa(answers) <= 1
    assert fleiss_kappa(agreed) == pytest.approx(1)
    assert cohen_kappa(agreed, weights="linear") == pytest.approx(1)


def test_missing_votes() -> None:
    """Tasks of one vote, or that one of the two skipped, change nothing."""
    lonely = [(1000, 0, 2), (1001, 1, 0)]

    assert cohen_kappa(TWO_JUDGES) == cohen_kappa(TWO_JUDGES + lonely)
    assert fleiss_kappa(TWO_JUDGES) == fleiss_kappa(TWO_JUDGES + lonely)


def test_tasks_of_several_sizes_by_hand() -> None:
    """Every task of two votes or more weighs alike.

    Task a has xxy, task b has yy: pairs agree 1/3 and 1, so 2/3 on average; x has
    2/3 and 0, so 1/3 on average, and chance is 1/9 + 4/9. Kappa is (6/9 - 5/9) / (4/9).
    """
    answers = [
        ("a", 1, "x"),
        ("a", 2, "x"),
        ("a", 3, "y"),
        ("b", 1, "y"),
        ("b", 2, "y"),
    ]

    assert fleiss_kappa(answers) == pytest.approx(0.25)


def test_observed_agreement_by_task() -> None:
    """A task's agreement is the share of equal pairs; one vote has none."""
    answers = [("a", w, label) for w, label in enumerate("xxy")]

    found = observed_agreement([*answers, ("b", 1, "x")])

    assert found["task"].tolist() == ["a", "b"]
    np.testing.assert_allclose(found["agreement"], [1 / 3, np.nan])
    assert found["n_votes"].tolist() == [3, 1]


def test_two_of_many() -> None:
    """Of many workers two are named, and only their votes count."""
    others = [(task, 7, 0) for task in range(9)]

    assert cohen_kappa(TWO_JUDGES) == cohen_kappa(TWO_JUDGES + others, (0, 1))
    with pytest.raises(BadVotes, match="3 workers"):
        cohen_kappa(TWO_JUDGES + others)
    with pytest.raises(NotFound, match="no worker 8; choose from: 0, 1, 7"):
        cohen_kappa(TWO_JUDGES + others, (0, 8))


def test_an_order_of_words() -> None:
    """Words are weighed by the order that is given."""
    answers = [("a", 1, "low"), ("a", 2, "low"), ("b", 1, "high"), ("b", 2, "middle")]

    near = cohen_kappa(answers, weights="linear", order=["low", "middle", "high"])
    far = cohen_kappa(answers, weights="linear", order=["high", "low", "middle"])

    assert near > far


def test_what_cannot_be_measured() -> None:
    """No common task, a second answer, other weights: refused with the reason."""
    with pytest.raises(BadVotes, match="no task in common"):
        cohen_kappa([("a", 1, "x"), ("b", 2, "x")])
    with pytest.raises(BadVotes, match="worker 1 answered a task twice"):
        cohen_kappa([("a", 1, "x"), ("a", 1, "y"), ("a", 2, "x")])
    with pytest.raises(NotFound, match="none, linear, quadratic"):
        cohen_kappa(TWO_JUDGES, weights="cubic")
    with pytest.raises(BadVotes, match="no task has two votes"):
        fleiss_kappa([("a", 1, "x"), ("b", 2, "x")])


def test_one_label_is_undefined() -> None:
    """Where there is one label there is nothing beyond chance."""
    answers = [("a", 1, "x"), ("a", 2, "x")]

    assert np.isnan(fleiss_kappa(answers))
    assert np.isnan(cohen_kappa(answers, weights="linear"))
