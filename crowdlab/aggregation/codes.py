"""Ids as integers: a column becomes codes and the sorted book that they point into."""

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
    values: npt.NDArray[np.integer],
) -> tuple[Codes, "pd.Index[Any]"]:
    """The codes of integers, and the distinct ones in sorted order."""
    low, high = int(values.min()), int(values.max())
    span = high - low + 1
    if span > max(SMALL_SPAN, SPAN_PER_ROW * len(values)):
        return _encode_any(pd.Series(values), "")
    offsets = values if low == 0 else values - values.dtype.type(low)
    present = np.zeros(span, dtype=bool)
    present[offsets] = True
    rank = np.cumsum(present, dtype=np.int32) - np.int32(1)
    book = np.flatnonzero(present).astype(values.dtype) + values.dtype.type(low)
    return rank[offsets], pd.Index(book)


def _encode_any(column: "pd.Series[Any]", name: str) -> tuple[Codes, "pd.Index[Any]"]:
    try:
        codes, book = pd.factorize(column)
        order = np.argsort(book)
    except TypeError as error:
        raise BadVotes(f"column {name!r}: its values cannot be ids ({error})") from None
    rank = np.empty(len(order), dtype=np.int32)
    rank[order] = np.arange(len(order), dtype=np.int32)
    return rank[codes], pd.Index(book).take(order)
