"""Rows of JSON and JSON Lines files."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from crowdlab.errors import BadInput, BadRow

__all__ = ["read_json", "read_json_lines"]

Row = tuple[str, dict[str, Any]]


def read_json_lines(path: Path) -> Iterator[Row]:
    """Origin and row of each line that is not empty.

    Raises:
        BadRow: for a line that is no JSON object.
    """
    with path.open("rb") as file:
        n = 0
        for line in file:
            if line.strip():
                n += 1
                origin = f"{path.name}, row {n}"
                yield origin, _row(_parse(line, origin), origin)


def read_json(path: Path) -> Iterator[Row]:
    """Origin and row of each object in a list; the file is read as a whole.

    Raises:
        BadInput: for a file that is no JSON list.
        BadRow: for an item that is no object.
    """
    try:
        items = json.loads(
            path.read_bytes().decode("utf-8-sig"), parse_constant=_refuse
        )
    except ValueError as error:
        raise BadInput(f"{path.name}: no JSON: {error}") from None
    if not isinstance(items, list):
        raise BadInput(f"{path.name}: no JSON list, but a {type(items).__name__}")
    for n, item in enumerate(items, start=1):
        origin = f"{path.name}, row {n}"
        yield origin, _row(item, origin)


def _parse(line: bytes, origin: str) -> Any:
    try:
        return json.loads(line.decode("utf-8-sig"), parse_constant=_refuse)
    except ValueError as error:
        raise BadRow(origin, "", f"it is no JSON: {error}") from None


def _refuse(name: str) -> None:
    raise ValueError(f"{name} is no number")


def _row(value: Any, origin: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise BadRow(origin, "", f"it is no JSON object, but a {type(value).__name__}")
    return {name: item for name, item in value.items() if item is not None}
