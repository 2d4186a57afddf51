"""Signs that a worker takes no care: who gives them, and who does not."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from crowdlab import samples
from crowdlab.errors import BadInput, BadVotes
from crowdlab.quality import (
    SimulatedAnswers,
    rank_by_concern,
    simulate_answers,
    spammer_score,
    spammer_scores,
)

CAREFUL = {"diligent": 12, "sloppy": 3}


def _named(crowd: SimulatedAnswers, sign: str, **options: object) -> set[str]:
    ranking = rank_by_concern(crowd.answers, **options)  # type: ignore[arg-type]
    has_sign = ranking["signs"].str.split(", ").map(lambda named: sign in named)
    return set(ranking["worker"][has_sign])


@pytest.mark.parametrize("n_labels", [2, 4])
@pytest.mark.parametrize(
    ("kind", "sign", "n_tasks"),
    [
        ("random", "spammer", 800),
        ("uniform", "uniform", 300),
        ("contrary", "contrary", 300),
        ("hasty", "hasty", 300),
        ("patterned", "pattern", 300),
    ],
)
def test_a_kind_gives_its_sign(
    kind: str, sign: str, n_tasks: int, n_labels: int
) -> None:
    """Each kind is found by its sign, and no careful worker gives it."""
    crowd = simulate_answers(
        {**CAREFUL, kind: 1}, n_tasks=n_tasks, n_labels=n_labels, seed=4
    )

    named = _named(
        crowd, sign, seconds=crowd.answers["seconds"].to_numpy(), in_order=True
    )

    assert named == {f"{kind}-1"}


def test_copies_are_found() -> None:
    """Two who hand in one sheet share wrong answers; their equals do not."""
    crowd = simulate_answers({**CAREFUL, "copier": 2}, n_tasks=1000, n_labels=4)

    ranking = rank_by_concern(crowd.answers)

    assert set(ranking["worker"][:2]) == {"copier-1", "copier-2"}
    assert _named(crowd, "copies") == {"copier-1", "copier-2"}
    assert "wrong answers with copier-" in ranking["reasons"][0]


def test_agreeing_on_what_is_right_is_no_copy() -> None:
    """Two who are nearly always right agree nearly always, which is no sign."""
    crowd = simulate_answers({"diligent": 8}, n_tasks=1000, n_labels=4)

    assert _named(crowd, "copies") == set()


@pytest.mark.parametrize("seed", range(6))
def test_careful_crowds_are_left_alone(seed: int) -> None:
    """Where nobody is careless hardly anybody is named."""
    crowd = simulate_answers({"diligent": 20, "sloppy": 4}, seed=seed)

    ranking = rank_by_concern(
        crowd.answers, seconds=crowd.answers["seconds"], in_order=True
    )

    assert (ranking["signs"] != "").sum() <= 1


def test_one_answer_names_nobody() -> None:
    """A worker of a single answer, even a wrong one, gives no sign."""
    answers = [(task, f"w{w}", "x") for task in range(50) for w in range(4)]
    answers += [(task, f"w{w}", "y") for task in range(50, 99) for w in range(4)]

    ranking = rank_by_concern([*answers, (0, "new", "y")]).set_index("worker")

    assert (ranking["signs"] == "").all()


def test_names_and_the_order_of_others_do_not_matter() -> None:
    """By other names, and with rows shuffled, the same workers give the same signs."""
    crowd = simulate_answers({**CAREFUL, "random": 1, "uniform": 1})
    shuffled = crowd.answers.sample(frac=1, random_state=1)
    shuffled["worker"] = "z" + shuffled["worker"]

    expected, found = (
        rank_by_concern(answers).set_index("worker")["concern"]
        for answers in (crowd.answers, shuffled)
    )

    found.index = found.index.str[1:]
    np.testing.assert_allclose(found[expected.index], expected, atol=1e-6)


def test_gold_outvotes_a_majority() -> None:
    """With gold, a crowd of contrary workers is not taken for the careful one."""
    crowd = simulate_answers({"diligent": 2, "contrary": 4}, n_tasks=100, n_votes=6)
    wrong = {f"contrary-{n}" for n in range(1, 5)}

    assert _named(crowd, "contrary") & wrong == set()
    assert _named(crowd, "contrary", gold=crowd.truth) == wrong


def test_what_is_hasty_can_be_said() -> None:
    """The limit of haste is a third of the usual, or what is given."""
    crowd = simulate_answers({"diligent": 6}, n_tasks=60)
    seconds = crowd.answers["seconds"].to_numpy()

    assert _named(crowd, "hasty", seconds=seconds) == set()
    assert len(_named(crowd, "hasty", seconds=seconds, hasty_seconds=1000)) == 6


def test_unknown_seconds_are_left_out() -> None:
    """Where no time is known there is no haste."""
    crowd = simulate_answers({"diligent": 5, "hasty": 1}, seed=1)
    seconds = crowd.answers["seconds"].to_numpy().copy()
    is_hasty = (crowd.answers["worker"] == "hasty-1").to_numpy()
    assert _named(crowd, "hasty", seconds=seconds) == {"hasty-1"}

    seconds[is_hasty] = np.nan

    assert _named(crowd, "hasty", seconds=seconds) == set()


def test_a_published_crowd() -> None:
    """On real answers, those who are named are right half of the time, as dice are."""
    folder: Path = samples.rte().folder
    answers = pd.read_csv(folder / "answers.csv", dtype=str)
    truth = pd.read_csv(folder / "truth.csv", dtype=str).set_index("task")["label"]
    is_right = answers["label"] == answers["task"].map(truth)
    accuracy = is_right.groupby(answers["worker"]).mean()

    ranking = rank_by_concern(answers).set_index("worker")

    is_named = ranking["signs"] != ""
    assert 3 <= is_named.sum() <= 12
    assert accuracy[is_named.index[is_named]].mean() < 0.6
    assert accuracy[is_named.index[~is_named]].mean() > 0.8


def test_the_spammer_score_is_the_papers() -> None:
    """Raykar and Yu (2012): (sensitivity + specificity - 1)² for two classes.

    For three it is the mean of half the squared distances of the rows.
    """
    two = np.array([[0.8, 0.3], [0.2, 0.7]])
    three = np.array([[0.7, 0.2, 0.1], [0.2, 0.6, 0.3], [0.1, 0.2, 0.6]])
    pairs = [(0, 1), (0, 2), (1, 2)]
    by_hand = sum(((three[:, a] - three[:, b]) ** 2).sum() for a, b in pairs) / 6

    assert spammer_score(two) == pytest.approx((0.8 + 0.7 - 1) ** 2)
    assert spammer_score(three) == pytest.approx(by_hand)
    assert spammer_score(np.eye(4)) == pytest.approx(1)
    assert spammer_score(np.full((4, 4), 0.25)) == pytest.approx(0)
    assert np.isnan(spammer_score(np.ones((1, 1))))


def test_spammers_have_the_least_scores() -> None:
    """Dice and favourites come before all who look."""
    crowd = simulate_answers({**CAREFUL, "random": 1, "uniform": 1}, n_tasks=600)

    table = spammer_scores(crowd.answers)

    assert set(table["worker"][:2]) == {"random-1", "uniform-1"}
    assert table["spammer_score"].is_monotonic_increasing


def test_one_label_names_nobody() -> None:
    """Where all said the same there is nothing to go by."""
    ranking = rank_by_concern([(task, w, "x") for task in range(20) for w in range(5)])

    assert (ranking["signs"] == "").all()


def test_what_cannot_be_ranked() -> None:
    """Seconds that do not fit the votes, and odds that are none, are refused."""
    answers = [("a", 1, "x"), ("a", 2, "y")]
    with pytest.raises(BadVotes, match="3 seconds for 2 votes"):
        rank_by_concern(answers, seconds=[1, 2, 3])
    with pytest.raises(BadVotes, match="-1 seconds"):
        rank_by_concern(answers, seconds=[1, -1])
    with pytest.raises(BadInput, match="odds are 0"):
        rank_by_concern(answers, odds=0)
