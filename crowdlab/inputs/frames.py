"""Rows of data frames and Parquet files."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import narwhals as nw

from crowdlab.errors import BadInput, MissingExtra
from crowdlab.inputs.cells import from_frame

__all__ = ["as_frame", "read_frame", "read_parquet"]

JSON = Mapping[str, Any]
Row = tuple[str, dict[str, Any]]

ROWS_AT_A_TIME = 1024


def as_frame(source: object) -> nw.DataFrame[Any] | None:
    """The source as a data frame, or ``None`` where it is no frame."""
    frame = nw.from_native(source, pass_through=True)
    if isinstance(frame, nw.LazyFrame):
        return frame.collect()
    return frame if isinstance(frame, nw.DataFrame) else None


def read_frame(frame: nw.DataFrame[Any], schema: JSON) -> Iterator[Row]:
    """Origin and row of each row of a data frame."""
    rows = frame.iter_rows(named=True, buffer_size=ROWS_AT_A_TIME)
    for n, cells in enumerate(rows, start=1):
        origin = f"row {n}"
        yield origin, from_frame(cells, schema, origin)


def read_parquet(path: Path, schema: JSON) -> Iterator[Row]:
    """Origin and row of each row of a Parquet file.

    Raises:
        MissingExtra: without pyarrow.
        BadInput: for a file that cannot be read.
    """
    for n, cells in enumerate(_read_cells(path), start=1):
        origin = f"{path.name}, row {n}"
        yield origin, from_frame(cells, schema, origin)


def _read_cells(path: Path) -> Iterator[dict[str, Any]]:
    try:
        from pyarrow import ArrowException, parquet  # noqa: PLC0415 (an extra)
    except ImportError:
        raise MissingExtra("Parquet files", "parquet") from None
    try:
        with parquet.ParquetFile(path) as file:
            for chunk in file.iter_batches(ROWS_AT_A_TIME):
                yield from chunk.to_pylist()
    except ArrowException as error:
        raise BadInput(f"{path.name}: no Parquet: {error}") from None
