"""Votes: who said what of which task, validated once, as arrays of integers."""

from collections.abc import Iterable, Mapping
from typing import Any, Self

import attrs
import narwhals as nw
import numpy as np
import pandas as pd

from crowdlab.aggregation.codes import Codes, Encoder, blocks, encode
from crowdlab.aggregation.streams import Tables, opened
from crowdlab.errors import BadVotes

__all__ = ["Encoding", "Votes", "columns_of"]

COLUMNS = ("task", "worker", "label")


@attrs.frozen(eq=False, repr=False)
class Votes:
    """Answers as integers: ``worker[i]`` says that ``task[i]`` is ``label[i]``.

    Every row is a vote: a worker who answers a task twice votes twice. The books are
    sorted, so the codes do not depend on the order of the rows.

    Attributes:
        task: codes into ``tasks``; ``worker`` and ``label`` likewise.
        tasks: the distinct tasks, sorted; ``workers`` and ``labels`` likewise.
    """

    task: Codes
    worker: Codes
    label: Codes
    tasks: "pd.Index[Any]"
    workers: "pd.Index[Any]"
    labels: "pd.Index[Any]"

    @classmethod
    def of(cls, answers: object) -> Self:
        """The votes in any data frame, Arrow table, mapping of columns, rows, or files.

        Args:
            answers: has the columns ``task``, ``worker`` and ``label`` (others are
                left alone), or is a list of such rows: tuples in that order, or
                mappings. Or tables, one after the other, of which one is in memory
                at a time: an iterable of them, or the path of a CSV or Parquet file,
                or several.

        Raises:
            BadVotes: naming the column that is missing, empty, of mixed types or with
                holes.

        Example:
            >>> Votes.of([("a", "Ann", "cat"), ("a", "Bob", "dog"), ("b", "Bob", "cat")])
            Votes(3 by 2 workers on 2 tasks, 2 labels)
        """
        if isinstance(answers, cls):
            return answers
        held = opened(answers)
        if isinstance(held, Tables):
            return cls._of_tables(held)
        columns = columns_of(held)
        if not len(columns["task"]):
            raise BadVotes("there are no answers to aggregate")
        (task, tasks), (worker, workers), (label, labels) = (
            encode(columns[name], name) for name in COLUMNS
        )
        return cls(task, worker, label, tasks, workers, labels)

    @classmethod
    def _of_tables(cls, tables: Tables) -> Self:
        encoding = Encoding()
        parts = [encoding.add(table) for table in tables]
        places, books = encoding.finish()
        columns = zip(*parts, strict=True)
        task, worker, label = map(_placed, columns, places)
        return cls(task, worker, label, *books)

    def __len__(self) -> int:
        return len(self.task)

    def __repr__(self) -> str:
        return (
            f"Votes({len(self):,} by {len(self.workers):,} workers"
            f" on {len(self.tasks):,} tasks, {len(self.labels):,} labels)"
        )

    def with_labels(self, known: Iterable[object]) -> Self:
        """The same votes, where labels that nobody gave are choices too.

        Example:
            >>> votes = Votes.of({"task": [1], "worker": [1], "label": ["b"]})
            >>> votes.with_labels(["a"]).labels.tolist()
            ['a', 'b']
        """
        given = pd.Index(list(known)).unique()
        if given.isin(self.labels).all():
            return self
        if given.inferred_type != self.labels.inferred_type:
            raise BadVotes(
                f"gold labels are of type {given.inferred_type}, those of the answers"
                f" of type {self.labels.inferred_type}"
            )
        labels = self.labels.union(given, sort=True)
        rank = labels.get_indexer(self.labels).astype(np.int32)
        return attrs.evolve(self, label=rank[self.label], labels=labels)


@attrs.frozen(eq=False)
class Encoding:
    """Tables of answers that become codes, one after the other."""

    _encoders: list[Encoder] = attrs.field(
        factory=lambda: [Encoder(name) for name in COLUMNS], init=False
    )
    _n_rows: list[int] = attrs.field(factory=list, init=False)

    def add(self, table: object) -> list[Codes]:
        """The codes of a table's tasks, workers and labels.

        Raises:
            BadVotes: naming the row after which the table begins.
        """
        columns, n_before = columns_of(table), sum(self._n_rows)
        try:
            codes = [encoder.add(columns[encoder.name]) for encoder in self._encoders]
        except BadVotes as error:
            reason = f"after row {n_before:,}: {error}" if n_before else str(error)
            raise BadVotes(reason) from None
        self._n_rows.append(len(codes[0]))
        return codes

    def finish(self) -> "tuple[list[Codes], list[pd.Index[Any]]]":
        """For each column, the place of each code in the book of all, and that book."""
        if not sum(self._n_rows):
            raise BadVotes("there are no answers to aggregate")
        done = [encoder.finish() for encoder in self._encoders]
        return [place for place, _ in done], [book for _, book in done]


def _placed(parts: tuple[Codes, ...], place: Codes) -> Codes:
    """The codes of all parts, each moved to its place."""
    codes = np.concatenate(parts)
    for rows in blocks(len(codes)):
        codes[rows] = place[codes[rows]]
    return codes


def columns_of(answers: object) -> "dict[str, pd.Series[Any]]":
    """The columns task, worker and label of whatever holds answers."""
    if isinstance(answers, Mapping):
        return _of_mapping(answers)
    try:
        frame = nw.from_native(answers, eager_only=True)  # type: ignore[call-overload]
    except TypeError:
        return _of_rows(answers)
    _refuse_absent(frame.columns)
    return {name: frame[name].to_pandas() for name in COLUMNS}


def _of_mapping(answers: Mapping[Any, Any]) -> "dict[str, pd.Series[Any]]":
    _refuse_absent(answers)
    columns = {name: _series(answers[name]) for name in COLUMNS}
    lengths = {name: len(column) for name, column in columns.items()}
    if len(set(lengths.values())) > 1:
        raise BadVotes(f"the columns differ in length: {lengths}")
    return columns


def _series(values: Any) -> "pd.Series[Any]":
    """A column without pandas' guesses: a list of 1 and ``"1"`` stays one of both."""
    if isinstance(
        values, pd.Series | np.ndarray | pd.Index | pd.api.extensions.ExtensionArray
    ):
        return pd.Series(values)
    try:
        column: pd.Series[Any] = nw.from_native(values, series_only=True).to_pandas()
    except TypeError:
        return pd.Series(list(values), dtype=object)
    return column


def _of_rows(answers: object) -> "dict[str, pd.Series[Any]]":
    if isinstance(answers, str | bytes) or not isinstance(answers, Iterable):
        raise BadVotes(
            f"a {type(answers).__name__} is no table of answers: give a data frame,"
            f" an Arrow table, a mapping of columns, or rows of (task, worker, label)"
        )
    rows = list(answers)
    if rows and isinstance(rows[0], Mapping):
        _refuse_absent(rows[0])
        rows = [tuple(row.get(name) for name in COLUMNS) for row in rows]
    return dict(zip(COLUMNS, map(_series, _turned(rows)), strict=True))


def _turned(rows: list[Any]) -> list[list[Any]]:
    for number, row in enumerate(rows, 1):
        if not isinstance(row, tuple | list) or len(row) != len(COLUMNS):
            raise BadVotes(f"row {number} is {row!r}, not (task, worker, label)")
    return [[row[place] for row in rows] for place in range(len(COLUMNS))]


def _refuse_absent(names: Iterable[Any]) -> None:
    known = list(names)
    absent = [name for name in COLUMNS if name not in known]
    if absent:
        raise BadVotes(
            f"there is no column {', '.join(map(repr, absent))}; the answers have"
            f" {', '.join(map(str, known)) or 'none'}, and need task, worker, label"
        )
