"""How much workers err together, and what that leaves of a belief."""

import numpy as np

from crowdlab.aggregation.engine import Chunk, Floats, count
from crowdlab.aggregation.result import decide

__all__ = ["error_correlation", "tempered"]

# Votes of the crowd's average, so that workers of few votes have an accuracy.
CREDIT = 4.0

# Labels are chosen to agree with the votes, which hides two thirds of the correlation
# on published data sets, where the truth tells.
HIDDEN = 3.0

LEAST = 1e-12


def error_correlation(chunk: Chunk, belief: Floats) -> float:
    """The mean correlation of two workers' errors on a task, at least 0.

    A vote's residue is 1 or 0, right or wrong, less its worker's accuracy for the
    label; products of two residues of a task should be 0 on average.
    """
    cells, counts = chunk.cells, count(chunk, belief).counts
    right, total = cells.by_worker(cells.is_own * counts), cells.by_worker(counts)
    crowd = right.sum(axis=0) / np.maximum(total.sum(axis=0), LEAST)
    accuracy = ((right + CREDIT * crowd) / (total + CREDIT))[cells.worker]
    residue, variance = cells.is_own - accuracy, accuracy * (1 - accuracy)
    label, _ = decide(belief)

    def by_task(table: Floats) -> Floats:
        sums = chunk.votes @ table
        return np.take_along_axis(sums, label[:, np.newaxis], axis=1)

    together = by_task(residue) ** 2 - by_task(residue**2)
    possible = by_task(np.sqrt(variance)) ** 2 - by_task(variance)
    return float(np.clip(together.sum() / max(possible.sum(), LEAST), 0, 1))


def tempered(
    belief: Floats, chunk: Chunk, correlation: float, sharpness: float = 1.0
) -> Floats:
    """The belief, as if correlated votes were fewer.

    Of n votes whose errors are correlated by r there are as good as n / (1 + (n - 1) r)
    independent ones: the design effect of survey statistics. Logarithms of
    probabilities, which add up over votes, shrink by as much.
    """
    effect = 1 + (chunk.n_votes - 1) * HIDDEN * correlation
    power = np.maximum(belief, LEAST) ** (sharpness / effect)[:, np.newaxis]
    shrunk: Floats = power / power.sum(axis=1, keepdims=True)
    return shrunk
