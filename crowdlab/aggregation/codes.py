"""Ids as integers: a column becomes codes and the sorted book that they point into."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from crowdlab.errors import BadVotes

__all__ = ["Codes", "encode", "encode_integers"]

Codes = npt.NDArray[np.int32]

# Up to this many table entries an id per row is looked up rather than hashed.
SMALL_SPAN = 1 << 16
SPAN_PER_ROW = 4

# Rows are looked up block by block, and hashed in so many blocks at most: on the way,
# numpy and pandas make 8 bytes of every 4. Each block hashes the same ids again.
BLOCK = 1 << 16
HASHED_BLOCKS, LEAST_HASHED = 4, 1 << 18


def encode(column: "pd.Series[Any]", name: str) -> tuple[Codes, "pd.Index[Any]"]:
    """The codes of a column, and its distinct values in sorted order.

    Raises:
        BadVotes: for missing values, mixed types, and values without an order.

    Example:
        >>> codes, book = encode(pd.Series(["yes", "no", "yes"]), "label")
        >>> codes.tolist(), book.tolist()
        ([1, 0, 1], ['no', 'yes'])
    """
    _refuse_missing(column, name)
    if column.dtype == object:
        _refuse_mixture(column, name)
        column = column.infer_objects()
    if isinstance(column.dtype, np.dtype) and column.dtype.kind in "iu":
        return encode_integers(column.to_numpy())
    return _encode_any(column, name)


def _refuse_missing(column: "pd.Series[Any]", name: str) -> None:
    if isinstance(column.dtype, np.dtype) and column.dtype.kind in "biu":
        return
    missing = column.isna().to_numpy()
    if missing.any():
        raise BadVotes(
            f"column {name!r}: {missing.sum():,} of {len(missing):,} values are missing,"
            f" the first in row {missing.argmax() + 1}; leave out what was not answered"
        )


def _refuse_mixture(column: "pd.Series[Any]", name: str) -> None:
    if pd.api.types.infer_dtype(column, skipna=False) == "string":
        return
    kinds = sorted({kind.__name__ for kind in set(map(type, column))})
    if len(kinds) > 1:
        raise BadVotes(
            f"column {name!r} mixes {' and '.join(kinds)}: 1 and '1' would be two"
            f" things; make them all text, or all numbers"
        )


def encode_integers(
    values: npt.NDArray[np.integer], into: Codes | None = None
) -> tuple[Codes, "pd.Index[Any]"]:
    """The codes of integers, and the distinct ones in sorted order.

    Args:
        values: what becomes codes.
        into: an array for the codes, which may be that of the values.
    """
    low, high = int(values.min()), int(values.max())
    span = high - low + 1
    if span > max(SMALL_SPAN, SPAN_PER_ROW * len(values)):
        return _encode_any(pd.Series(values), "")
    present, least = np.zeros(span, dtype=bool), values.dtype.type(low)
    for rows in _blocks(len(values)):
        present[values[rows] - least] = True
    rank = np.cumsum(present, dtype=np.int32) - np.int32(1)
    codes = np.empty(len(values), dtype=np.int32) if into is None else into
    for rows in _blocks(len(values)):
        codes[rows] = rank[values[rows] - least]
    book = np.flatnonzero(present).astype(values.dtype) + least
    return codes, pd.Index(book)


def _encode_any(column: "pd.Series[Any]", name: str) -> tuple[Codes, "pd.Index[Any]"]:
    try:
        codes, values = _hashed(column)
        distinct, book = pd.factorize(values)
        order = np.argsort(book)
    except TypeError as error:
        raise BadVotes(f"column {name!r}: its values cannot be ids ({error})") from None
    rank = np.empty(len(order), dtype=np.int32)
    rank[order] = np.arange(len(order), dtype=np.int32)
    place = rank[distinct]
    for rows in _blocks(len(codes)):
        codes[rows] = place[codes[rows]]
    return codes, pd.Index(book).take(order)


def _hashed(column: "pd.Series[Any]") -> tuple[Codes, "pd.Index[Any]"]:
    """Codes, and the values that they point into, which may be there repeatedly."""
    codes = np.empty(len(column), dtype=np.int32)
    size = max(-(-len(column) // HASHED_BLOCKS), LEAST_HASHED)
    books, n_values = list[Any](), 0
    for rows in _blocks(len(column), size):
        own, book = pd.factorize(column.iloc[rows])
        codes[rows] = own
        codes[rows] += np.int32(n_values)
        books.append(pd.Index(book))
        n_values += len(book)
    return codes, books[0].append(books[1:])


def _blocks(n_rows: int, size: int = BLOCK) -> Iterator[slice]:
    for start in range(0, n_rows, size):
        yield slice(start, start + size)
