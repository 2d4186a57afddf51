"""What an aggregation found: labels, probabilities, workers, and how."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any

import attrs
import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import sparse

from crowdlab.aggregation.engine import Floats, peaks
from crowdlab.aggregation.fast import compiled

__all__ = ["Aggregation", "decide"]

# Probabilities closer than this are equal: they differ by the order of sums alone.
TIE = 1e-12


@attrs.frozen(eq=False, repr=False, slots=False)
class Aggregation:
    """Labels one can use, with how far to trust them.

    Attributes:
        method: the name of the method.
        diagnostics: what the method says of its run, such as ``iterations``.
        belief: each label's probability (tasks, labels); sparse where there are so
            many labels that a full array would not fit.
    """

    method: str
    diagnostics: Mapping[str, Any]
    belief: "Floats | sparse.csr_array"
    _tasks: "pd.Index[Any]"
    _workers: "pd.Index[Any]"
    _labels: "pd.Index[Any]"
    _n_by_task: npt.NDArray[np.int64]
    _n_by_worker: npt.NDArray[np.int64]
    _quality: Floats

    @cached_property
    def labels(self) -> pd.DataFrame:
        """A row for each task: ``task, label, confidence, n_votes``.

        Equal probabilities go to the label that comes first in sorted order.
        """
        label, confidence = decide(self.belief)
        return pd.DataFrame(
            {
                "task": self._tasks,
                "label": self._labels.take(label),
                "confidence": confidence,
                "n_votes": self._n_by_task,
            }
        )

    @cached_property
    def probabilities(self) -> pd.DataFrame:
        """Each label's probability: tasks down, labels across."""
        tasks, labels = self._tasks.rename("task"), self._labels.rename("label")
        if isinstance(self.belief, sparse.csr_array):
            # The stubs do not know this accessor on the class.
            sparse_frame: Any = pd.DataFrame.sparse
            frame: pd.DataFrame = sparse_frame.from_spmatrix(self.belief, tasks, labels)
            return frame
        return pd.DataFrame(self.belief, tasks, labels)

    def probability_of(self, tasks: Any, labels: Any) -> Floats:
        """The probability of a label each for some tasks; 0 for one nobody gave."""
        row = self._tasks.get_indexer(pd.Index(tasks))
        column = self._labels.get_indexer(pd.Index(labels))
        probability: Floats = np.asarray(self.belief[row, column]).ravel()
        return np.where(column < 0, 0.0, probability)

    @cached_property
    def workers(self) -> pd.DataFrame:
        """A row for each worker: ``worker, quality, n``.

        The quality is the share of a worker's ``n`` votes that is expected to be
        right, given the probabilities of the labels.
        """
        return pd.DataFrame(
            {"worker": self._workers, "quality": self._quality, "n": self._n_by_worker}
        )

    def __repr__(self) -> str:
        return (
            f"Aggregation({self.method}: {len(self._tasks):,} tasks,"
            f" {len(self._workers):,} workers, {self._n_by_task.sum():,} votes)"
        )


def decide(
    belief: "Floats | sparse.csr_array",
) -> tuple[npt.NDArray[np.int64], Floats]:
    """The likeliest label of each task, the first of equals, and its probability.

    Example:
        >>> decide(np.array([[0.25, 0.75], [0.5, 0.5]]))
        (array([1, 0]), array([0.75, 0.5 ]))
    """
    if isinstance(belief, sparse.csr_array):
        return _decide_sparse(belief)
    if fast := compiled(len(belief)):
        label, top = np.empty(len(belief), dtype=np.int64), np.empty(len(belief))
        fast.decide(np.ascontiguousarray(belief), 1 - TIE, label, top)
        return label, top
    top = peaks(belief)
    return (belief >= (top * (1 - TIE))[:, None]).argmax(axis=1), top


def _decide_sparse(
    belief: sparse.csr_array,
) -> tuple[npt.NDArray[np.int64], Floats]:
    starts = belief.indptr[:-1]
    top = np.maximum.reduceat(belief.data, starts)
    row_top = np.repeat(top, np.diff(belief.indptr))
    rivals = belief.data >= row_top * (1 - TIE)
    label = np.where(rivals, belief.indices, belief.shape[1])
    return np.minimum.reduceat(label, starts).astype(np.int64), top
