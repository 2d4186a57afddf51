"""Crowds of known composition, and the score of the signs."""

import pandas as pd
import pytest

from crowdlab.errors import BadInput, NotFound
from crowdlab.quality import score_signs, simulate_answers


def test_the_composition_is_kept() -> None:
    """Every kind has its workers, and every task its votes, each of another worker."""
    crowd = simulate_answers({"diligent": 6, "hasty": 2}, n_tasks=50, n_votes=4)

    assert crowd.kinds.value_counts().to_dict() == {"diligent": 6, "hasty": 2}
    assert (crowd.answers.groupby("task")["worker"].nunique() == 4).all()
    assert len(crowd.answers) == 200


def test_kinds_are_what_they_are_called() -> None:
    """Accuracy and pace follow the kind."""
    composition = dict.fromkeys(
        ("diligent", "sloppy", "random", "uniform", "contrary", "hasty"), 3
    )
    crowd = simulate_answers(composition, n_tasks=2000, n_votes=6, n_labels=2)
    kind = crowd.answers["worker"].map(crowd.kinds)
    is_right = crowd.answers["label"] == crowd.answers["task"].map(crowd.truth)
    accuracy = is_right.groupby(kind).mean()
    seconds = crowd.answers["seconds"].groupby(kind).median()

    assert accuracy["diligent"] > 0.93
    assert 0.65 < accuracy["sloppy"] < 0.9
    assert accuracy["random"] == pytest.approx(0.5, abs=0.03)
    assert accuracy["uniform"] == pytest.approx(0.5, abs=0.06)
    assert accuracy["contrary"] < 0.15
    assert seconds["hasty"] < seconds["diligent"] / 3


def test_the_seed_decides() -> None:
    """The same seed gives the same answers, another one others."""
    first, again, other = (
        simulate_answers({"diligent": 5}, seed=seed).answers for seed in (1, 1, 2)
    )

    pd.testing.assert_frame_equal(first, again)
    assert not first.equals(other)


def test_signs_are_scored_by_hand() -> None:
    """Precision counts the careless among the named; recall, who should be named."""
    kinds = pd.Series({"a": "diligent", "b": "random", "c": "random", "d": "uniform"})
    signs = ["spammer", "spammer, uniform", "", "spammer"]
    ranking = pd.DataFrame({"worker": list("abcd"), "signs": signs})

    scores = score_signs(ranking, kinds).set_index("sign")

    spammer = scores.loc["spammer"]
    assert (spammer["n_named"], spammer["n_meant"]) == (3, 2)
    assert spammer["precision"] == pytest.approx(2 / 3)
    assert spammer["recall"] == pytest.approx(1 / 2)
    assert scores.loc["uniform", "recall"] == 0
    assert scores["precision"].isna()["hasty"]
    assert (scores["n_named"]["any"], scores["n_meant"]["any"]) == (3, 3)
    assert scores.loc["any", "recall"] == pytest.approx(2 / 3)


def test_what_cannot_be_simulated() -> None:
    """Unknown kinds, and crowds smaller than a task wants, are refused."""
    with pytest.raises(NotFound, match="choose from: diligent, sloppy, random"):
        simulate_answers({"lazy": 5})
    with pytest.raises(BadInput, match="2 workers cannot give 5 votes"):
        simulate_answers({"diligent": 2})
