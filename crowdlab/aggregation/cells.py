"""Who gave which label: the rows of all tables that are about workers."""

from functools import cached_property
from typing import Any, Self

import attrs
import numpy as np
import numpy.typing as npt
from scipy import sparse

from crowdlab.aggregation.codes import Codes

__all__ = ["Cells"]

Floats = npt.NDArray[np.float64]


@attrs.frozen(eq=False, slots=False)
class Cells:
    """Workers with the labels that they gave, sorted: no other pair occurs in a vote.

    Where labels are many, that is next to none of all pairs. What is known of the
    others, as that nobody gave them, needs no rows.

    Attributes:
        worker: of each cell (cells,); ``label`` likewise.
        n_workers: how many workers there are.
        n_labels: how many labels there are, also those that nobody gave.
    """

    worker: Codes
    label: Codes
    n_workers: int
    n_labels: int

    @classmethod
    def numbered(
        cls, numbers: "npt.NDArray[np.integer[Any]]", n_workers: int, n_labels: int
    ) -> Self:
        """The cells of these numbers, worker * n_labels + label, which are sorted."""
        worker, label = np.divmod(numbers, n_labels)
        codes = worker.astype(np.int32), label.astype(np.int32)
        return cls(*codes, n_workers, n_labels)

    @classmethod
    def full(cls, n_workers: int, n_labels: int) -> Self:
        """Every worker with every label.

        Example:
            >>> Cells.full(2, 2).label.tolist()
            [0, 1, 0, 1]
        """
        return cls.numbered(np.arange(n_workers * n_labels), n_workers, n_labels)

    def __len__(self) -> int:
        return len(self.worker)

    def __or__(self, other: Self) -> Self:
        numbers = np.union1d(self._numbers, other._numbers)
        return self.numbered(numbers, self.n_workers, self.n_labels)

    def moved(self, worker: Codes, label: Codes, n_workers: int, n_labels: int) -> Self:
        """The same cells where workers and labels have other codes, in the same order."""
        return type(self)(worker[self.worker], label[self.label], n_workers, n_labels)

    def find(self, cells: Self) -> npt.NDArray[np.intp]:
        """Where each of some cells, which are all among these, stands (cells,)."""
        return np.searchsorted(self._numbers, cells._numbers)

    def by_worker(self, rows: Floats) -> Floats:
        """The rows of each worker added up (workers, columns).

        Example:
            >>> Cells.full(2, 2).by_worker(np.array([1.0, 2.0, 3.0, 4.0]))
            array([3., 7.])
        """
        sums: Floats = self._of_workers @ rows
        return sums

    def by_label(self, rows: Floats) -> Floats:
        """The rows of each label added up (labels, columns)."""
        sums: Floats = self._of_labels @ rows
        return sums

    def own(self, rows: Floats) -> Floats:
        """What each row has for the label of its cell (cells,)."""
        entries: Floats = rows[np.arange(len(self)), self.label]
        return entries

    @cached_property
    def is_own(self) -> npt.NDArray[np.bool_]:
        """Whether a label is the cell's (cells, labels)."""
        return np.equal.outer(self.label, np.arange(self.n_labels))

    @property
    def _numbers(self) -> npt.NDArray[np.int64]:
        numbers: npt.NDArray[np.int64] = self.worker * np.int64(self.n_labels)
        return numbers + self.label

    @cached_property
    def _of_workers(self) -> sparse.csr_array:
        return _members(self.worker, self.n_workers)

    @cached_property
    def _of_labels(self) -> sparse.csr_array:
        return _members(self.label, self.n_labels)


def _members(group: Codes, n_groups: int) -> sparse.csr_array:
    """Which rows are of which group (groups, rows)."""
    ones, rows = np.ones(len(group)), np.arange(len(group))
    return sparse.coo_array((ones, (group, rows)), (n_groups, len(group))).tocsr()
