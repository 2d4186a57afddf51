"""Rows of CSV and TSV files."""

import csv
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from crowdlab.errors import BadInput, BadRow
from crowdlab.inputs.cells import from_text

__all__ = ["read_delimited"]

JSON = Mapping[str, Any]


def read_delimited(
    path: Path, schema: JSON, *, delimiter: str, given: Collection[str]
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Origin and row of each line of a table with a header.

    Args:
        given: fields that need no column.

    Raises:
        BadInput: for a header, an encoding or quotes that are wrong.
        BadRow: for a line that does not fit the header, or a cell the schema.
    """
    with path.open("rb") as file:
        lines = csv.reader(_decode(file, path), delimiter=delimiter, strict=True)
        header = _read_header(lines, path)
        _check_header(header, schema, path, given)
        for n, cells in enumerate(_read_lines(lines, path), start=1):
            origin = f"{path.name}, row {n}"
            if len(cells) != len(header):
                raise BadRow(
                    origin, "", f"it has {len(cells)} cells, the header {len(header)}"
                )
            yield (
                origin,
                from_text(dict(zip(header, cells, strict=True)), schema, origin),
            )


def _decode(lines: Iterable[bytes], path: Path) -> Iterator[str]:
    """The lines as text, so that a fault is where it is said to be."""
    for n, line in enumerate(lines, start=1):
        try:
            yield line.decode("utf-8-sig" if n == 1 else "utf-8")
        except UnicodeDecodeError as error:
            raise BadInput(f"{path.name}, line {n}: no UTF-8: {error.reason}") from None


def _read_lines(lines: Any, path: Path) -> Iterator[list[str]]:
    """The lines that are not empty."""
    try:
        for cells in lines:
            if cells:
                yield cells
    except csv.Error as error:
        raise BadInput(f"{path.name}, line {lines.line_num}: {error}") from None


def _read_header(lines: Any, path: Path) -> list[str]:
    for cells in _read_lines(lines, path):
        return cells
    raise BadInput(f"{path.name}: it is empty")


def _check_header(
    header: list[str], schema: JSON, path: Path, given: Collection[str]
) -> None:
    where = f"{path.name}: its header"
    for n, name in enumerate(header):
        if not name.strip():
            raise BadInput(f"{where} does not name column {n + 1}")
        if name in header[:n]:
            raise BadInput(f"{where} names {name!r} twice")
    properties = schema.get("properties", {})
    for name in schema.get("required", ()):
        if (
            name not in header
            and name not in given
            and "default" not in properties.get(name, {})
        ):
            present = ", ".join(header)
            raise BadInput(f"{where} has no column {name!r}; it has: {present}")
