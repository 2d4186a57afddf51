"""Dawid and Skene's method against another implementation, and by hand."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from crowdlab.aggregation import DawidSkene, Votes
from crowdlab.aggregation.engine import (
    Chunk,
    Parameters,
    beliefs,
    count,
    e_step,
    shares,
)

DATA = Path(__file__).parent / "data"


def test_crowd_kit_gives_the_same(recorded) -> None:  # type: ignore[no-untyped-def]
    """After 20 passes all labels are crowd-kit's, and probabilities to nine digits."""
    expected = pd.read_csv(
        DATA / recorded.name / "dawid_skene_20.csv", dtype={"task": str}
    ).set_index("task")

    method = DawidSkene(max_iterations=20, tolerance=0).fit(recorded.answers)

    found = method.probabilities_
    assert expected.index.tolist() == found.index.tolist()
    assert expected.columns.tolist() == found.columns.tolist()
    np.testing.assert_allclose(found.to_numpy(), expected.to_numpy(), rtol=0, atol=1e-9)
    labels = expected.columns[expected.to_numpy().argmax(axis=1)]
    assert labels.tolist() == method.labels_["label"].tolist()


def test_a_pass_by_hand() -> None:
    """One pass over three votes gives what paper and pencil give.

    Two workers say x and y of task a, one says x of task b. From the shares, (1/2, 1/2)
    and (1, 0), the classes have 3/4 and 1/4. Worker 1, who only says x, always does;
    worker 2 always says y. So task a is (3/4, 1/4), and so is task b.
    """
    votes = [("a", 1, "x"), ("a", 2, "y"), ("b", 1, "x")]

    found = DawidSkene(max_iterations=1).fit(votes).probabilities_

    np.testing.assert_allclose(found.to_numpy(), [[0.75, 0.25], [0.75, 0.25]])


def test_statistics_of_blocks_add_up() -> None:
    """Blocks of whole tasks, one after the other, give what all tasks at once give."""
    rng = np.random.default_rng(0)
    columns = {
        "task": rng.integers(40, size=300),
        "worker": rng.integers(9, size=300),
        "label": rng.integers(3, size=300),
    }
    whole = Chunk.of(Votes.of(columns))
    parameters = DawidSkene().m_step(count(whole, shares(whole)))

    parts = [
        e_step(whole.part(first, last), parameters)[1]
        for first, last in ((0, 7), (7, 30), (30, 40))
    ]

    total, expected = parts[0] + parts[1] + parts[2], e_step(whole, parameters)[1]
    np.testing.assert_allclose(total.counts, expected.counts, atol=1e-9)
    np.testing.assert_allclose(total.states, expected.states, atol=1e-9)
    np.testing.assert_allclose(total.said, expected.said, atol=1e-9)
    assert expected.evidence == pytest.approx(total.evidence)


def test_evidence_is_the_probability_of_the_votes() -> None:
    """With two tasks and known parameters the evidence is the sum over both classes."""
    votes = Votes.of([("a", 1, 0), ("a", 2, 1), ("b", 1, 0)])
    table = np.array([[0.9, 0.1], [0.4, 0.6]])  # 1 says 0, 2 says 1
    prior = np.array([0.7, 0.3])

    _, evidence = beliefs(Chunk.of(votes), Parameters(np.log(prior), np.log(table)))

    of_a = 0.7 * 0.9 * 0.4 + 0.3 * 0.1 * 0.6
    of_b = 0.7 * 0.9 + 0.3 * 0.1
    assert np.log(of_a * of_b) == pytest.approx(evidence)
