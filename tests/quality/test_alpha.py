"""Krippendorff's alpha on published tables, and what holds for any."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from crowdlab.errors import BadVotes, NotFound
from crowdlab.quality import krippendorff_alpha
from tests.quality.published import FOUR_OBSERVERS, NOMINAL_PAIR, THREE_CODERS, rows

votes = st.lists(
    st.tuples(st.integers(0, 7), st.integers(0, 3), st.integers(1, 4)), min_size=2
)


def _value(answers: object, level: str = "nominal") -> float:
    return krippendorff_alpha(answers, level, resamples=0).value


@pytest.mark.parametrize(
    ("level", "expected"),
    [("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849), ("ratio", 0.797)],
)
def test_four_observers(level: str, expected: float) -> None:
    """Krippendorff (2011), section C: four observers, five values, votes missing."""
    assert expected == round(_value(FOUR_OBSERVERS, level), 3)


def test_two_observers() -> None:
    """Krippendorff (2011), section B: two observers, five values."""
    assert round(_value(NOMINAL_PAIR), 3) == 0.692


def test_two_observers_two_values() -> None:
    """Krippendorff (2011), section A: two observers, two values."""
    binary = rows(["0100000010", "1110010000"])

    assert round(_value(binary), 3) == 0.095


def test_three_coders() -> None:
    """Three coders with most votes missing: .691 nominal, .811 interval."""
    assert round(_value(THREE_CODERS), 3) == 0.691
    assert round(_value(THREE_CODERS, "interval"), 3) == 0.811


def _by_pairs(answers: list[tuple[int, int, int]], level: str) -> float:
    """Alpha as the definition has it: every pair of votes, one after the other."""
    by_task: dict[int, list[int]] = {}
    for task, _, label in answers:
        by_task.setdefault(task, []).append(label)
    units = [unit for unit in by_task.values() if len(unit) > 1]
    pool = [label for unit in units for label in unit]

    def distance(a: int, b: int) -> float:
        if level == "ordinal":
            low, high = sorted((a, b))
            between = sum(low <= label <= high for label in pool)
            return (between - (pool.count(a) + pool.count(b)) / 2) ** 2
        return {
            "nominal": float(a != b),
            "interval": float((a - b) ** 2),
            "ratio": ((a - b) / (a + b)) ** 2,
        }[level]

    observed = sum(
        distance(a, b) / (len(unit) - 1) for unit in units for a in unit for b in unit
    )
    expected = sum(distance(a, b) for a in pool for b in pool)
    return 1 - (len(pool) - 1) * observed / expected


@pytest.mark.parametrize("level", ["nominal", "ordinal", "interval", "ratio"])
@given(votes)
def test_the_definition(level: str, answers: list[tuple[int, int, int]]) -> None:
    """Sums over tallies give what a loop over all pairs of votes gives."""
    tasks = [task for task, _, _ in answers]
    pool = {label for task, _, label in answers if tasks.count(task) > 1}
    assume(len(pool) > 1)

    assert _by_pairs(answers, level) == pytest.approx(_value(answers, level))


@given(votes)
def test_at_most_one(answers: list[tuple[int, int, int]]) -> None:
    """Alpha never exceeds 1, and is 1 where nobody differs."""
    unanimous = [(task, worker, task % 2) for task in range(4) for worker in range(3)]
    tasks = [task for task, _, _ in answers]
    assume(len(set(tasks)) < len(tasks))

    assert not _value(answers) > 1
    assert _value(unanimous) == 1


@given(votes, st.permutations(range(8)), st.permutations("wxyz"))
def test_names_do_not_matter(
    answers: list[tuple[int, int, int]], tasks: list[int], labels: list[str]
) -> None:
    """Tasks, workers and nominal labels by other names agree as far."""
    given_tasks = [task for task, _, _ in answers]
    assume(len(set(given_tasks)) < len(given_tasks))
    renamed = [(tasks[t], f"w{w}", labels[k - 1]) for t, w, k in answers]

    assert _value(answers) == pytest.approx(_value(renamed), nan_ok=True)


@given(votes, st.floats(0.1, 9), st.floats(-9, 9))
def test_interval_labels_may_be_shifted(
    answers: list[tuple[int, int, int]], factor: float, shift: float
) -> None:
    """At the level interval neither zero nor unit matter; at ordinal only the order."""
    tasks = [task for task, _, _ in answers]
    pool = {label for task, _, label in answers if tasks.count(task) > 1}
    assume(len(pool) > 1)
    shifted = [
        (task, worker, label * factor + shift) for task, worker, label in answers
    ]
    cubed = [(task, worker, label**3) for task, worker, label in answers]

    expected = _value(answers, "interval")
    assert expected == pytest.approx(_value(shifted, "interval"), abs=1e-6)
    expected = _value(answers, "ordinal")
    assert expected == pytest.approx(_value(cubed, "ordinal"))


def test_an_order_of_words() -> None:
    """Words are ordinal by the order that is given, not by the alphabet."""
    words = ["none", "low", "middle", "high", "very high"]
    said = [
        (task, worker, words[int(label) - 1]) for task, worker, label in FOUR_OBSERVERS
    ]

    found = krippendorff_alpha(said, "ordinal", order=words, resamples=0)

    assert round(found.value, 3) == 0.815
    with pytest.raises(BadVotes, match="'high' is no number"):
        krippendorff_alpha(said, "ordinal")
    with pytest.raises(BadVotes, match="'very high' is not in the order"):
        krippendorff_alpha(said, "ordinal", order=words[:4])


def test_the_interval_covers() -> None:
    """In 19 of 20 crowds or so, the interval holds the alpha of endless tasks.

    Three workers say the true one of two labels with probability 0.8: two of them
    agree with probability 0.68, where 0.5 is chance, so that alpha is 0.36.
    """
    rng = np.random.default_rng(0)
    n_covered = 0
    for seed in range(200):
        truth = rng.integers(2, size=(100, 1))
        label = np.where(rng.random((100, 3)) < 0.8, truth, 1 - truth).ravel()
        task, worker = np.divmod(np.arange(300), 3)
        columns = {"task": task, "worker": worker, "label": label}
        found = krippendorff_alpha(columns, resamples=200, seed=seed)
        n_covered += found.low <= 0.36 <= found.high

    assert 180 <= n_covered <= 197


def test_the_interval_is_seeded() -> None:
    """The same seed gives the same interval around the value, another one another."""
    first, again, other = (
        krippendorff_alpha(FOUR_OBSERVERS, seed=seed) for seed in (1, 1, 2)
    )

    assert first == again
    assert first.low < first.value < first.high
    assert (first.low, first.high) != (other.low, other.high)


@pytest.mark.parametrize("level", ["nominal", "ordinal", "interval", "ratio"])
def test_no_variation(level: str) -> None:
    """Where there is one label, agreement beyond chance is undefined."""
    found = krippendorff_alpha([("a", 1, 5), ("a", 2, 5)], level)

    assert np.isnan([found.value, found.low, found.high]).all()


def test_what_cannot_be_measured() -> None:
    """Single votes, words at the level interval, other levels: refused with reasons."""
    with pytest.raises(BadVotes, match="no task has two votes"):
        krippendorff_alpha([("a", 1, 1), ("b", 2, 1)])
    with pytest.raises(BadVotes, match="'cat' is no number"):
        krippendorff_alpha([("a", 1, "cat"), ("a", 2, "dog")], "interval")
    with pytest.raises(BadVotes, match="-1 is negative"):
        krippendorff_alpha([("a", 1, -1), ("a", 2, 2)], "ratio")
    with pytest.raises(NotFound, match="nominal, ordinal, interval, ratio"):
        krippendorff_alpha([("a", 1, 1), ("a", 2, 2)], "metric")
