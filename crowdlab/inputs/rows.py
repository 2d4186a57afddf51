"""Rows, whatever they come from."""

import os
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from crowdlab.errors import BadInput, BadRow
from crowdlab.inputs.cells import present
from crowdlab.inputs.delimited import read_delimited
from crowdlab.inputs.documents import read_json, read_json_lines
from crowdlab.inputs.folders import read_folder
from crowdlab.inputs.frames import as_frame, read_frame, read_parquet

__all__ = ["read_rows"]

JSON = Mapping[str, Any]
Row = tuple[str, dict[str, Any]]

SUFFIXES = (".csv", ".tsv", ".jsonl", ".json", ".parquet")


def read_rows(
    source: Any, schema: JSON, *, given: Collection[str] = ()
) -> Iterator[Row]:
    """Origin and row of each row of the source, one after the other.

    A cell of CSV and TSV becomes what the schema says it is: a whole number, a number,
    a truth (true, yes, 1; false, no, 0), a list (JSON, or items separated by ``|``).
    An empty cell, a null and a missing value are absent from the row.

    Args:
        source: the path of a file (.csv, .tsv, .jsonl, .json, .parquet) or of a folder
            of images, a data frame, or mappings.
        schema: the JSON Schema of a row.
        given: required fields that rows need not have, because a batch gives them.

    Raises:
        BadInput: for a source that cannot be read; it is raised when reading comes to
            the fault.
        BadRow: for a row that cannot; it names origin and field.

    Example:
        >>> list(read_rows([{"text": "It rains."}], {}))
        [('row 1', {'text': 'It rains.'})]
    """
    if isinstance(source, str | os.PathLike):
        path = Path(source)
        is_folder = path.is_dir()
        return (
            read_folder(path, schema) if is_folder else _read_file(path, schema, given)
        )
    frame = as_frame(source)
    if frame is not None:
        return read_frame(frame, schema)
    if isinstance(source, Mapping) or not isinstance(source, Iterable):
        raise BadInput(
            f"inputs: a {type(source).__name__} is no file name, data frame or list of rows"
        )
    return _read_mappings(source)


def _read_file(path: Path, schema: JSON, given: Collection[str]) -> Iterator[Row]:
    if not path.is_file():
        raise BadInput(f"{path}: {'no file' if path.exists() else 'no such file'}")
    match path.suffix.lower():
        case ".csv":
            return read_delimited(path, schema, delimiter=",", given=given)
        case ".tsv":
            return read_delimited(path, schema, delimiter="\t", given=given)
        case ".jsonl":
            return read_json_lines(path)
        case ".json":
            return read_json(path)
        case ".parquet":
            return read_parquet(path, schema)
    raise BadInput(f"{path}: its name must end in one of: {', '.join(SUFFIXES)}")


def _read_mappings(rows: Iterable[object]) -> Iterator[Row]:
    for n, row in enumerate(rows, start=1):
        if not isinstance(row, Mapping):
            raise BadRow(f"row {n}", "", f"a {type(row).__name__} is no mapping")
        yield f"row {n}", present(row)
