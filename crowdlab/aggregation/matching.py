"""Which marks of different answers mean the same thing."""

import numpy as np
import numpy.typing as npt
from scipy.sparse import csgraph

from crowdlab.aggregation.engine import Floats

__all__ = ["match"]


def match(
    similarity: Floats, answer: npt.NDArray[np.integer], least: float
) -> npt.NDArray[np.intp]:
    """Clusters of marks, at most one of each answer, that are alike on average.

    Average linkage: the two clusters that are most alike become one, until none are
    alike by ``least`` or more. Marks of one answer are never the same thing, however
    much they overlap: whoever drew both told them apart.

    Args:
        similarity: of each mark to each, 1 for the same (marks, marks).
        answer: the answer that each mark is from (marks,).
        least: above 0.

    Returns:
        The cluster of each mark, from 0 (marks,).

    Example:
        >>> alike = np.array([[1.0, 0.8, 0.0], [0.8, 1.0, 0.0], [0.0, 0.0, 1.0]])
        >>> match(alike, np.array([0, 1, 1]), 0.5)
        array([0, 0, 1])
    """
    total = np.where(answer[:, np.newaxis] == answer, -np.inf, similarity)
    # Marks that nothing links are apart for good; their blocks are much smaller.
    _, block = csgraph.connected_components(total > 0, directed=False)
    first = np.arange(len(answer))
    for marks in np.split(np.argsort(block, kind="stable"), _starts(block)):
        first[marks] = marks[_link(total[np.ix_(marks, marks)], least)]
    return np.unique(first, return_inverse=True)[1]


def _starts(block: npt.NDArray[np.integer]) -> npt.NDArray[np.intp]:
    return np.cumsum(np.bincount(block))[:-1]


def _link(total: Floats, least: float) -> npt.NDArray[np.intp]:
    """The first mark of each mark's cluster, within a block."""
    size = np.ones(len(total))
    first = np.arange(len(total))
    while True:
        mean = total / np.outer(size, size)
        one, other = sorted(divmod(int(mean.argmax()), len(mean)))
        if mean[one, other] < least:
            return first
        total[one] += total[other]
        total[:, one] += total[:, other]
        total[other] = total[:, other] = total[one, one] = -np.inf
        size[one] += size[other]
        first[first == other] = one
