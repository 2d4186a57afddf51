"""What others believe of a task, without a worker's own votes."""

import numpy as np
import pandas as pd

from crowdlab.aggregation import HierarchicalDawidSkene, Votes
from crowdlab.aggregation.engine import Chunk, beliefs, count
from crowdlab.quality import simulate_answers

# By another name, for pytest takes whatever begins with Test for a test.
from crowdlab.quality.testimony import Testimony as Heard

ANSWERS = simulate_answers(
    {"diligent": 4, "sloppy": 3}, n_tasks=30, n_labels=3, n_votes=4
).answers


def test_a_vote_is_taken_out() -> None:
    """The belief without a vote is the E-step's, where it was never cast."""
    testimony = Heard.of(ANSWERS)
    votes = Votes.of(ANSWERS)
    method = HierarchicalDawidSkene()
    unknown = np.full(len(votes.tasks), -1, dtype=np.int32)
    found = np.asarray(method.infer(votes, unknown).belief)
    parameters = method.m_step(count(Chunk.of(votes), found))

    for row in range(0, len(votes), 17):
        task, worker, label = (
            each[row : row + 1] for each in (votes.task, votes.worker, votes.label)
        )
        left = np.arange(len(votes)) != row
        others = Votes(
            votes.task[left],
            votes.worker[left],
            votes.label[left],
            votes.tasks,
            votes.workers,
            votes.labels,
        )
        expected, _ = beliefs(Chunk.of(others), parameters)
        np.testing.assert_allclose(
            testimony.without(task, (worker, label)), expected[task], atol=1e-9
        )


def test_a_worker_alone_is_told_nothing() -> None:
    """Of a task that nobody else answered, others believe what they do of any."""
    alone = pd.DataFrame({"task": [99], "worker": ["hermit"], "label": [2]})
    testimony = Heard.of(pd.concat([ANSWERS, alone]))
    votes = testimony.votes

    told = testimony.counts[votes.workers == "hermit"][0, 2]

    np.testing.assert_allclose(told.sum(), 1)
    assert told.max() < 0.6
    assert testimony.belief[votes.tasks == 99].max() > told.max()


def test_every_vote_counts_once() -> None:
    """A worker's counts add up to their votes, by label."""
    testimony = Heard.of(ANSWERS)

    said = pd.crosstab(ANSWERS["worker"], ANSWERS["label"])

    np.testing.assert_allclose(testimony.counts.sum(axis=2), said.to_numpy())
    np.testing.assert_allclose(testimony.confusions.sum(axis=1), 1)
    assert testimony.n.tolist() == said.sum(axis=1).tolist()
