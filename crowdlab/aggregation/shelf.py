"""Votes that are more than memory holds: on disk, in chunks of whole tasks."""

import tempfile
from collections.abc import Iterable, Iterator
from functools import reduce
from itertools import pairwise
from operator import add
from typing import IO, Any, Self

import attrs
import numpy as np
import numpy.typing as npt

from crowdlab.aggregation.cells import Cells
from crowdlab.aggregation.codes import Codes
from crowdlab.aggregation.engine import (
    UNKNOWN,
    Chunk,
    Floats,
    Parameters,
    Statistics,
    count,
    e_step,
    shares,
)
from crowdlab.aggregation.gold import gold_codes
from crowdlab.aggregation.streams import Tables, opened
from crowdlab.aggregation.votes import Encoding, Votes

__all__ = ["Shelf"]

# What a chunk may hold: votes, and probabilities of the labels of its tasks.
CHUNK = 1 << 23

# Votes that are read at a time, before they are sorted.
ROWS = 1 << 18

#: A vote on its way into a chunk: its number is worker * n_labels + label.
VOTE = np.dtype([("task", np.int32), ("number", np.int64)])

Integers = npt.NDArray[np.int64]


@attrs.frozen(eq=False)
class Shelf:
    """Chunks of votes in files without names, which vanish when nobody needs them.

    What stays in memory is what results need: the books, and how many votes each task
    and worker have. Files are where the system keeps temporary ones: ``TMPDIR`` says
    where.

    Attributes:
        books: votes without any, for their tasks, workers and labels.
        gold: the known label of each task, or ``UNKNOWN`` (tasks,).
        n_by_task: how many votes each task has (tasks,).
        n_by_worker: how many votes each worker has (workers,).
        bounds: the first task of each chunk, and how many tasks there are.
        cells: that occur.
    """

    books: Votes
    gold: Codes
    n_by_task: Integers
    n_by_worker: Integers
    bounds: list[int]
    cells: Cells
    _files: list[IO[bytes]]

    @classmethod
    def of(cls, answers: object, gold: object = None) -> Self:
        """The answers, whatever ``Votes.of`` takes, read once, in any order.

        Raises:
            BadVotes: as ``Votes.of`` does.
        """
        held = opened(answers)
        spool = _Spool.of(held if isinstance(held, Tables) else [held])
        books, known = gold_codes(spool.books, gold)
        n_by_task, n_by_worker = spool.occurrences()
        bounds = _bounds(n_by_task + len(books.labels))
        files = spool.deal(books, bounds)
        cells = _sort(files, books)
        return cls(books, known, n_by_task, n_by_worker, bounds, cells, files)

    @property
    def n_answers(self) -> int:
        """How many votes there are."""
        return int(self.n_by_task.sum())

    def chunks(self) -> Iterator[tuple[slice, Chunk]]:
        """Each chunk, with its tasks."""
        for file, bounds in zip(self._files, pairwise(self.bounds), strict=True):
            tasks = slice(*bounds)
            starts = np.cumsum([0, *self.n_by_task[tasks]], dtype=np.int32)
            file.seek(0)
            cell = np.fromfile(file, dtype=np.int32)
            yield tasks, Chunk(cell, starts, self.gold[tasks], self.cells)

    def is_settled(self) -> bool:
        """Whether no two votes on a task differ, and no gold says otherwise."""
        if (self.gold != UNKNOWN).any():
            return False
        return all((shares(chunk).max(axis=1) == 1).all() for _, chunk in self.chunks())

    def count(self) -> Statistics:
        """The statistics under the first belief."""
        return reduce(add, (count(chunk, shares(chunk)) for _, chunk in self.chunks()))

    def e_step(self, parameters: Parameters) -> Statistics:
        """The statistics under the parameters."""
        return reduce(add, (e_step(each, parameters)[1] for _, each in self.chunks()))

    def blank(self) -> Floats:
        """Room on disk for the probability of each label (tasks, labels)."""
        shape = len(self.books.tasks), len(self.books.labels)
        with tempfile.TemporaryFile() as file:
            return np.memmap(file, dtype=np.float64, mode="w+", shape=shape)


@attrs.frozen(eq=False)
class _Spool:
    """Votes as they came, in a file: rows of three codes that have yet to be placed."""

    books: Votes
    _places: list[Codes]
    _file: IO[bytes]

    @classmethod
    def of(cls, tables: Iterable[object]) -> Self:
        encoding, file = Encoding(), _new_file()
        for table in tables:
            np.stack(encoding.add(table), axis=1).tofile(file)
        places, books = encoding.finish()
        none = np.empty(0, dtype=np.int32)
        return cls(Votes(none, none, none, *books), places, file)

    def occurrences(self) -> tuple[Integers, Integers]:
        """How many votes each task, and each worker, has."""
        n_by_task = np.zeros(len(self.books.tasks), dtype=np.int64)
        n_by_worker = np.zeros(len(self.books.workers), dtype=np.int64)
        for task, worker, _ in self._votes():
            np.add.at(n_by_task, task, 1)
            np.add.at(n_by_worker, worker, 1)
        return n_by_task, n_by_worker

    def deal(self, books: Votes, bounds: list[int]) -> list[IO[bytes]]:
        """Files of the votes on the tasks between two bounds, in the codes of books."""
        files = [_new_file() for _ in bounds[1:]]
        rank = books.labels.get_indexer(self.books.labels)
        for task, worker, label in self._votes():
            votes = np.empty(len(task), dtype=VOTE)
            votes["task"] = task
            votes["number"] = worker * np.int64(len(books.labels)) + rank[label]
            votes.sort(order="task")
            places = np.searchsorted(votes["task"], bounds)
            for file, (first, last) in zip(files, pairwise(places), strict=True):
                votes[first:last].tofile(file)
        return files

    def _votes(self) -> Iterator[tuple[Codes, ...]]:
        self._file.seek(0)
        while len(codes := np.fromfile(self._file, dtype=np.int32, count=3 * ROWS)):
            columns = codes.reshape(-1, 3).T
            yield tuple(p[c] for p, c in zip(self._places, columns, strict=True))


def _bounds(weight: Integers) -> list[int]:
    """The first task of each chunk, and how many tasks there are."""
    total = np.cumsum(weight)
    inner = np.searchsorted(total, np.arange(CHUNK, total[-1], CHUNK)).tolist()
    return sorted({0, *inner, len(weight)})


def _sort(files: list[IO[bytes]], books: Votes) -> Cells:
    """Puts each file's votes in order, as codes of the cells that occur in any."""
    n_labels = len(books.labels)
    n_cells = len(books.workers) * np.int64(n_labels)
    occurring = np.empty(0, dtype=np.int64)
    for file in files:
        votes = _read(file, VOTE)
        keys = (votes["task"] - votes["task"].min(initial=0)) * n_cells
        keys += votes["number"]
        keys.sort()
        numbers = keys % n_cells
        _rewrite(file, numbers)
        occurring = np.union1d(occurring, numbers)
    for file in files:
        codes = np.searchsorted(occurring, _read(file, np.dtype(np.int64)))
        _rewrite(file, codes.astype(np.int32))
    return Cells.numbered(occurring, len(books.workers), n_labels)


def _new_file() -> IO[bytes]:
    return tempfile.TemporaryFile()  # noqa: SIM115 - it is closed when it is forgotten


def _read(file: IO[bytes], dtype: np.dtype[Any]) -> npt.NDArray[Any]:
    file.seek(0)
    return np.fromfile(file, dtype=dtype)


def _rewrite(file: IO[bytes], values: npt.NDArray[Any]) -> None:
    file.seek(0)
    file.truncate()
    values.tofile(file)
    file.flush()
