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
    """A column that comes in blocks.

    Values are numbered as they come. In the end each has its place in the sorted book.
    Until then the books are like the digits of a number, the larger ones first: each
    is looked at for every block, and put together with the next when that has grown
    as large, which happens to a value as often as numbers double.

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
        return self.hash(column)

    def hash(self, column: "pd.Series[Any]") -> Codes:
        """The codes of a block that is fit to be ids."""
        try:
            codes, book = pd.factorize(column)
        except TypeError as error:
            raise self._unfit(error) from None
        return self._number(pd.Index(book))[codes]

    def _number(self, values: "pd.Index[Any]") -> Codes:
        """The numbers of distinct values, some of which may be new."""
        number, n_before = np.full(len(values), UNSEEN, dtype=np.int32), 0
        for book in self._books:
            found = book.get_indexer(values)
            seen = found != UNSEEN
            number[seen] = found[seen] + n_before
            n_before += len(book)
        new = np.flatnonzero(number == UNSEEN)
        number[new] = np.arange(n_before, n_before + len(new))
        self._books.append(values.take(new))
        while len(self._books) > 1 and len(self._books[-1]) >= len(self._books[-2]):
            last = self._books.pop()
            self._books.append(self._books.pop().append(last))
        return number

    def finish(self) -> tuple[Codes, "pd.Index[Any]"]:
        """The place of each value in the book of all, and that book, sorted."""
        book = self._books[0].append(self._books[1:])
        if book.dtype == object:
            _refuse_mixture(book.to_series(), self.name)
        try:
            order = np.argsort(book)
        except TypeError as error:
            raise self._unfit(error) from None
        rank = np.empty(len(order), dtype=np.int32)
        rank[order] = np.arange(len(order), dtype=np.int32)
        return rank, book.take(order)

    def _unfit(self, error: TypeError) -> BadVotes:
        return BadVotes(f"column {self.name!r}: its values cannot be ids ({error})")


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
    # Small integers would overflow.
    wide = values.dtype if values.dtype.itemsize == WIDE else np.dtype(np.int64)
    present, least = np.zeros(span, dtype=bool), wide.type(low)
    for rows in blocks(len(values)):
        present[values[rows].astype(wide) - least] = True
    rank = np.cumsum(present, dtype=np.int32) - np.int32(1)
    codes = np.empty(len(values), dtype=np.int32) if into is None else into
    for rows in blocks(len(values)):
        codes[rows] = rank[values[rows].astype(wide) - least]
    book = np.flatnonzero(present).astype(wide) + least
    return codes, pd.Index(book.astype(values.dtype))


def _encode_any(column: "pd.Series[Any]", name: str) -> tuple[Codes, "pd.Index[Any]"]:
    encoder, codes = Encoder(name), np.empty(len(column), dtype=np.int32)
    size = max(-(-len(column) // HASHED_BLOCKS), LEAST_HASHED)
    for rows in blocks(len(column), size):
        codes[rows] = encoder.hash(column.iloc[rows])
    place, book = encoder.finish()
    for rows in blocks(len(codes)):
        codes[rows] = place[codes[rows]]
    return codes, book


def blocks(n_rows: int, size: int = BLOCK) -> Iterator[slice]:
    """All rows, some at a time."""
    for start in range(0, n_rows, size):
        yield slice(start, start + size)
