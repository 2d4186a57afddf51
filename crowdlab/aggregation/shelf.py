"""Votes that are more than memory holds: on disk, in chunks of whole tasks."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
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
CHUNK = 1 << 21

# Votes that are read at a time, before they are sorted.
ROWS = 1 << 18

#: A vote on its way into a chunk: its number is worker * n_labels + label.
VOTE = np.dtype([("task", np.int32), ("number", np.int64)])

Integers = npt.NDArray[np.int64]


@attrs.frozen(eq=False)
class Shelf:
    """Chunks of votes in a file without a name, which vanishes when nobody needs it.

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
    _file: IO[bytes]

    @classmethod
    @contextmanager
    def of(cls, answers: object, gold: object = None) -> Iterator[Self]:
        """The answers, whatever ``Votes.of`` takes, read once, in any order.

        Raises:
            BadVotes: as ``Votes.of`` does.
        """
        with _new_file() as spooled, _new_file() as dealt, _new_file() as coded:
            spool = _Spool.of(opened(answers), spooled)
            books, known = gold_codes(spool.books, gold)
            n_by_task, n_by_worker = spool.occurrences()
            bounds = _bounds(n_by_task + len(books.labels))
            sizes = np.add.reduceat(n_by_task, bounds[:-1])
            spool.deal(dealt, books, bounds, sizes)
            cells = _sort(dealt, coded, sizes, books)
            yield cls(books, known, n_by_task, n_by_worker, bounds, cells, coded)

    @property
    def n_answers(self) -> int:
        """How many votes there are."""
        return int(self.n_by_task.sum())

    def chunks(self) -> Iterator[tuple[slice, Chunk]]:
        """Each chunk, with its tasks."""
        self._file.seek(0)
        for first, last in pairwise(self.bounds):
            tasks = slice(first, last)
            starts = np.zeros(last - first + 1, dtype=np.int32)
            np.cumsum(self.n_by_task[tasks], out=starts[1:])
            cell = np.fromfile(self._file, dtype=np.int32, count=int(starts[-1]))
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
    def of(cls, answers: object, file: IO[bytes]) -> Self:
        encoding = Encoding()
        for table in answers if isinstance(answers, Tables) else [answers]:
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

    def deal(
        self, file: IO[bytes], books: Votes, bounds: list[int], sizes: Integers
    ) -> None:
        """Writes the votes, those of a chunk together, in the codes of the books."""
        ends = np.cumsum(sizes) - sizes
        rank = books.labels.get_indexer(self.books.labels)
        for task, worker, label in self._votes():
            order = np.argsort(task)
            votes = np.empty(len(task), dtype=VOTE)
            votes["task"] = task[order]
            numbers = worker * np.int64(len(books.labels)) + rank[label]
            votes["number"] = numbers[order]
            places = np.searchsorted(votes["task"], bounds)
            for chunk, (first, last) in enumerate(pairwise(places)):
                file.seek(int(ends[chunk]) * VOTE.itemsize)
                file.write(votes[first:last].data)
                ends[chunk] += last - first
        self._file.truncate(0)

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


def _sort(dealt: IO[bytes], coded: IO[bytes], sizes: Integers, books: Votes) -> Cells:
    """The cells that occur; the votes are written as their codes, task by task."""
    n_labels = len(books.labels)
    n_cells = len(books.workers) * np.int64(n_labels)
    occurring = np.empty(0, dtype=np.int64)
    for votes in _read(dealt, sizes):
        occurring = np.union1d(occurring, votes["number"])
    for votes in _read(dealt, sizes):
        keys = (votes["task"] - votes["task"].min()) * n_cells
        keys += votes["number"]
        keys.sort()
        keys %= n_cells
        np.searchsorted(occurring, keys).astype(np.int32).tofile(coded)
    dealt.truncate(0)
    return Cells.numbered(occurring, len(books.workers), n_labels)


def _read(dealt: IO[bytes], sizes: Integers) -> Iterator[npt.NDArray[Any]]:
    """The votes of each chunk."""
    dealt.seek(0)
    for size in sizes.tolist():
        yield np.fromfile(dealt, dtype=VOTE, count=size)


def _new_file() -> IO[bytes]:
    return tempfile.TemporaryFile()
