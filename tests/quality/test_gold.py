"""Workers on tasks whose label is known, and the intervals of their shares."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from crowdlab.errors import BadInput, BadVotes
from crowdlab.quality import gold_tasks_needed, score_on_gold, wilson

GOLD = dict.fromkeys(range(30), "x")


def _answers(worker: str, n_right: int, n_wrong: int) -> list[tuple[int, str, str]]:
    said = ["x"] * n_right + ["y"] * n_wrong
    return [(task, worker, label) for task, label in enumerate(said)]


def test_wilson_is_as_printed() -> None:
    """Newcombe (1998), table I: 81 of 263 is .2553 to .3662, 15 of 148 .0624 to .1605.

    Of 0 in 20 it is 0 to .1611, and of 1 in 29 .0061 to .1718.
    """
    low, high = wilson([81, 15, 0, 1], [263, 148, 20, 29])

    assert low.round(4).tolist() == [0.2553, 0.0624, 0.0, 0.0061]
    assert high.round(4).tolist() == [0.3662, 0.1605, 0.1611, 0.1718]


def test_a_table_of_workers() -> None:
    """Each worker has their gold counted, and a standing once enough is known."""
    answers = [
        *_answers("good", 29, 1),
        *_answers("bad", 8, 22),
        *_answers("new", 3, 0),
        (99, "elsewhere", "x"),
    ]

    table = score_on_gold(answers, GOLD, required=0.7).set_index("worker")

    assert table["n_gold"].to_dict() == {
        "good": 30,
        "bad": 30,
        "new": 3,
        "elsewhere": 0,
    }
    assert table["n_right"].to_dict() == {
        "good": 29,
        "bad": 8,
        "new": 3,
        "elsewhere": 0,
    }
    assert table["standing"].to_dict() == {
        "good": "above",
        "bad": "below",
        "new": "open",
        "elsewhere": "open",
    }
    assert table.loc["good", "share"] == pytest.approx(29 / 30)
    assert table["share"].isna().tolist() == (table["n_gold"] == 0).tolist()
    assert (table.loc["elsewhere", "low"], table.loc["elsewhere", "high"]) == (0, 1)


def test_gold_of_any_shape() -> None:
    """Gold is a mapping, a series or a table, and may hold labels that nobody gave."""
    gold = {0: "x", 1: "z"}
    table = pd.DataFrame({"task": [0, 1], "label": ["x", "z"]})
    answers = _answers("w", 2, 0)

    for shape in (gold, pd.Series(gold), table):
        found = score_on_gold(answers, shape)
        assert found[["n_gold", "n_right"]].to_numpy().tolist() == [[2, 1]]


@given(st.integers(0, 60), st.integers(0, 60), st.floats(0.05, 0.95))
def test_the_rule_is_the_one_for_planning(
    n_right: int, n_wrong: int, required: float
) -> None:
    """A standing is open until there are as many gold tasks as planning said."""
    n = n_right + n_wrong
    assume(n > 0)
    answers = [*_answers("w", n_right, n_wrong), (0, "other", "x")]

    found = score_on_gold(answers, dict.fromkeys(range(n), "x"), required=required)

    worker = found.set_index("worker").loc["w"]
    needed = gold_tasks_needed(n_right / n, required=required)
    assert (worker["standing"] == "open") == (n < needed)
    assert worker["low"] - 1e-12 <= n_right / n <= worker["high"] + 1e-12


def test_the_interval_covers() -> None:
    """The interval holds a worker's accuracy, whatever it is, in 19 of 20 cases."""
    rng = np.random.default_rng(0)
    accuracy = rng.random(20_000)

    low, high = wilson(rng.binomial(40, accuracy), np.full(20_000, 40))

    assert 0.945 < ((low <= accuracy) & (accuracy <= high)).mean() < 0.96


def test_what_cannot_be_scored() -> None:
    """Gold that nobody answered, and shares that are none: refused with the reason."""
    with pytest.raises(BadVotes, match="none of the 1 gold tasks was answered"):
        score_on_gold(_answers("w", 1, 0), {"nowhere": "x"})
    with pytest.raises(BadInput, match="required is 1"):
        score_on_gold(_answers("w", 1, 0), GOLD, required=1)
    with pytest.raises(BadInput, match="share is 7"):
        gold_tasks_needed(7)
    assert gold_tasks_needed(0.7, required=0.7) == np.inf
