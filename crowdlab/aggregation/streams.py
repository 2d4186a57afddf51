"""Answers that come table by table: from files, or from whatever makes them."""

import os
from collections.abc import Iterator, Mapping
from itertools import chain
from pathlib import Path
from typing import Any

import attrs
import narwhals as nw
import pandas as pd

from crowdlab.errors import BadInput, MissingExtra

__all__ = ["Tables", "opened"]

COLUMNS = ["task", "worker", "label"]
PATHS = (str, os.PathLike)

# Rows of a file that are read at a time.
ROWS = 1 << 18


@attrs.frozen
class Tables:
    """Tables of answers, one after the other."""

    _each: Iterator[Any]

    def __iter__(self) -> Iterator[Any]:
        return self._each


def opened(answers: object) -> object:
    """The tables of a path, of several, or of an iterable; else the answers themselves.

    Paths are of CSV files, whose ids are text, and of Parquet files.

    Example:
        >>> opened([("a", 1, "x")])
        [('a', 1, 'x')]
        >>> len([*opened([{"task": ["a"], "worker": [1], "label": ["x"]}])])
        1
    """
    if isinstance(answers, PATHS):
        return Tables(_read(answers))
    if not isinstance(answers, list | tuple | Iterator):
        return answers
    rest = iter(answers)
    first = next(rest, None)
    if isinstance(first, PATHS):
        return Tables(chain(_read(first), chain.from_iterable(map(_read, rest))))
    if _is_table(first):
        return Tables(chain([first], rest))
    # A look at the first of an iterator has used it up.
    return chain([first], rest) if answers is rest and first is not None else answers


def _is_table(item: object) -> bool:
    if isinstance(item, Mapping):
        return not isinstance(item.get("task", ""), str | int | float)
    return isinstance(nw.from_native(item, pass_through=True), nw.DataFrame)


def _read(path: "str | os.PathLike[str]") -> Iterator[Any]:
    read = _read_parquet if Path(path).suffix == ".parquet" else _read_csv
    try:
        yield from read(Path(path))
    except (OSError, ValueError) as error:
        raise BadInput(f"{path}: cannot be read: {error}") from None


def _read_csv(path: Path) -> Iterator[pd.DataFrame]:
    known = pd.read_csv(path, nrows=0).columns
    wanted = [name for name in COLUMNS if name in known]
    with pd.read_csv(
        path,
        usecols=wanted,
        dtype=str,
        keep_default_na=False,
        na_values=[""],
        chunksize=ROWS,
    ) as reader:
        yield from reader


def _read_parquet(path: Path) -> Iterator[Any]:
    try:
        from pyarrow import Table, parquet  # noqa: PLC0415 - of an extra
    except ImportError as error:
        raise MissingExtra("Parquet files", "parquet") from error
    with parquet.ParquetFile(path) as file:
        wanted = [name for name in COLUMNS if name in file.schema_arrow.names]
        for batch in file.iter_batches(batch_size=ROWS, columns=wanted):
            yield Table.from_batches([batch])
