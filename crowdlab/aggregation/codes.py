"""Ids as integers: a column becomes codes and the sorted book that they point into."""

from collections.abc import Iterator
from typing import Any

import attrs
import numpy as np
import numpy.typing as npt
import pandas as pd

from crowdlab.errors import BadVotes

__all__ = ["Codes", "Encoder", "blocks", "encode", "encode_integers"]

Codes = npt.NDArray[np.int32]

# Up to this many table entries an id per row is looked up rather than hashed.
SMALL_SPAN = 1 << 16
SPAN_PER_ROW = 4

# Rows are looked up block by block, and hashed in so many blocks at most: on the way,
# numpy and pandas make 8 bytes of every 4. Each block hashes the same ids again.
BLOCK = 1 << 16
HASHED_BLOCKS, LEAST_HASHED = 4, 1 << 18

# Bytes of the widest integers.
WIDE = 8

UNSEEN = -1


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


@attrs.frozen(eq=False)
class Encoder:
    """A column that comes in blocks, whose values are numbered as they come.

    In the end each value has its place in the sorted book. Until then there are books
    like the digits of a number, the larger ones first: each is looked into for every
    block, and put together with the next when that has grown as large. So a value is
    moved as often as their number doubles, and is in memory once.

    Example:
        >>> encoder = Encoder("label")
        >>> [encoder.add(pd.Series(block)).tolist() for block in (["b", "a"], ["b"])]
        [[0, 1], [0]]
        >>> place, book = encoder.finish()
        >>> place.tolist(), book.tolist()
        ([1, 0], ['a', 'b'])
    """

    name: str
    _books: "list[pd.Index[Any]]" = attrs.field(factory=list, init=False)

    def add(self, column: "pd.Series[Any]") -> Codes:
        """The codes of a block.

        Raises:
            BadVotes: for missing values, mixed types, and what cannot be an id.
        """
        _refuse_missing(column, self.name)
        if column.dtype == object:
            _refuse_mixture(column, self.name)
        codes, values = _factorized(column, self.name)
        number = self._seen(values)
        new, n_before = np.flatnonzero(number == UNSEEN), sum(map(len, self._books))
        number[new] = np.arange(n_before, n_before + len(new))
        self._keep(values.take(new))
        return number[codes]

    def finish(self) -> tuple[Codes, "pd.Index[Any]"]:
        """The place of each code in the book of all, and that book, sorted."""
        values = self._books[0].append(self._books[1:])
        if values.dtype == object:
            _refuse_mixture(values.to_series(), self.name)
        return _sorted(values, self.name)

    def _seen(self, values: "pd.Index[Any]") -> Codes:
        """The numbers of those values that came before."""
        number, n_before = np.full(len(values), UNSEEN, dtype=np.int32), 0
        for book in self._books:
            found = book.get_indexer(values)
            seen = found != UNSEEN
            number[seen] = found[seen] + n_before
            n_before += len(book)
        return number

    def _keep(self, values: "pd.Index[Any]") -> None:
        books = self._books
        books.append(values)
        while len(books) > 1 and len(books[-1]) >= len(books[-2]):
            last = books.pop()
            books.append(books.pop().append(last))


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
    values: npt.NDArray[np.integer], *, in_place: bool = False
) -> tuple[Codes, "pd.Index[Any]"]:
    """The codes of integers, and the distinct ones in sorted order.

    Args:
        values: what becomes codes.
        in_place: whether they may be written over, if they have four bytes.
    """
    low, high = int(values.min()), int(values.max())
    span = high - low + 1
    if span > max(SMALL_SPAN, SPAN_PER_ROW * len(values)):
        return _encode_any(pd.Series(values), "")
    # Small integers would overflow.
    wide = values.dtype if values.dtype.itemsize == WIDE else np.dtype(np.int64)
    present, least = np.zeros(span, dtype=bool), wide.type(low)
    for rows in blocks(len(values)):
        present[values[rows].astype(wide) - least] = True
    rank = np.cumsum(present, dtype=np.int32) - np.int32(1)
    is_spare = in_place and values.dtype == np.int32
    codes: Codes = (
        values.view(np.int32) if is_spare else np.empty(len(values), dtype=np.int32)
    )
    for rows in blocks(len(values)):
        codes[rows] = rank[values[rows].astype(wide) - least]
    book = np.flatnonzero(present).astype(wide) + least
    return codes, pd.Index(book.astype(values.dtype))


def _encode_any(column: "pd.Series[Any]", name: str) -> tuple[Codes, "pd.Index[Any]"]:
    codes, values = _hashed(column, name)
    distinct, book = _factorized(values, name)
    rank, book = _sorted(book, name)
    place = rank[distinct]
    for rows in blocks(len(codes)):
        codes[rows] = place[codes[rows]]
    return codes, book


def _hashed(column: "pd.Series[Any]", name: str) -> tuple[Codes, "pd.Index[Any]"]:
    """Codes, and the values that they point into, which may be there repeatedly."""
    codes, n_values = np.empty(len(column), dtype=np.int32), 0
    size = max(-(-len(column) // HASHED_BLOCKS), LEAST_HASHED)
    books = list["pd.Index[Any]"]()
    for rows in blocks(len(column), size):
        own, book = _factorized(column.iloc[rows], name)
        codes[rows] = own
        codes[rows] += np.int32(n_values)
        books.append(book)
        n_values += len(book)
    return codes, books[0].append(books[1:])


def _factorized(
    values: "pd.Series[Any] | pd.Index[Any]", name: str
) -> tuple[npt.NDArray[np.intp], "pd.Index[Any]"]:
    try:
        codes, book = pd.factorize(values)
    except TypeError as error:
        raise _unfit(name, error) from None
    return codes, pd.Index(book)


def _sorted(values: "pd.Index[Any]", name: str) -> tuple[Codes, "pd.Index[Any]"]:
    """The rank of each of distinct values, and the values in order."""
    try:
        order = np.argsort(values)
    except TypeError as error:
        raise _unfit(name, error) from None
    rank = np.empty(len(order), dtype=np.int32)
    rank[order] = np.arange(len(order), dtype=np.int32)
    return rank, values.take(order)


def _unfit(name: str, error: TypeError) -> BadVotes:
    return BadVotes(f"column {name!r}: its values cannot be ids ({error})")


def blocks(n_rows: int, size: int = BLOCK) -> Iterator[slice]:
    """All rows, some at a time."""
    for start in range(0, n_rows, size):
        yield slice(start, start + size)
