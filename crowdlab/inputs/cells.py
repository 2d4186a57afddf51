"""Cells: a text of a table, or a value of a frame, as what the schema says it is."""

import json
import math
import re
from collections.abc import Callable, Mapping
from typing import Any

from crowdlab.errors import BadRow

__all__ = ["from_frame", "from_text", "present"]

JSON = Mapping[str, Any]

SEPARATOR = "|"
INTEGER = re.compile(r"[+-]?\d+")
TRUTHS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}

# Told by name, since pandas need not be there for other frames to be read.
PANDAS_MISSING = {"NAType", "NaTType"}


def from_text(cells: Mapping[str, str], schema: JSON, origin: str) -> dict[str, Any]:
    """The row in the cells of a table; what is empty is absent.

    Raises:
        BadRow: for a cell that is not what the schema says; names it.

    Example:
        >>> schema = {"properties": {"n": {"type": "integer"}, "of": {"type": "array"}}}
        >>> from_text({"n": "3", "of": "a|b", "text": ""}, schema, "row 1")
        {'n': 3, 'of': ['a', 'b']}
    """
    return {
        name: _read(cell, schema, origin, name)
        for name, cell in cells.items()
        if cell != ""
    }


def from_frame(cells: Mapping[str, Any], schema: JSON, origin: str) -> dict[str, Any]:
    """The row in the values of a frame; what is missing is absent.

    A frame guesses types: a column of numerals becomes one of numbers, and of floats
    where one is missing. The schema knows better.

    Raises:
        BadRow: for a text that is not what the schema says; names it.

    Example:
        >>> schema = {"properties": {"n": {"type": "integer"}, "text": {"type": "string"}}}
        >>> from_frame({"n": 3.0, "text": 25, "of": float("nan")}, schema, "row 1")
        {'n': 3, 'text': '25'}
    """
    return {
        name: _read(cell, schema, origin, name) for name, cell in present(cells).items()
    }


def present(cells: Mapping[Any, Any]) -> dict[str, Any]:
    """The cells that are not missing, without the wrappers of numpy and pandas."""
    values = {str(name): _plain(cell) for name, cell in cells.items()}
    return {name: value for name, value in values.items() if value is not None}


def _read(cell: Any, schema: JSON, origin: str, name: str) -> Any:
    facts = _facts(schema, name)
    try:
        return _parse(cell, facts) if isinstance(cell, str) else _guess(cell, facts)
    except ValueError as error:
        raise BadRow(origin, name, str(error)) from None


def _facts(schema: JSON, name: str) -> JSON:
    facts: JSON = schema.get("properties", {}).get(name, {})
    return facts


def _types(facts: JSON) -> list[str]:
    types: str | list[str] = facts.get("type", [])
    return [types] if isinstance(types, str) else types


def _parse(cell: str, facts: JSON) -> Any:
    types = _types(facts)
    if not types or "string" in types:
        return cell
    if "array" in types:
        return _parse_array(cell, facts.get("items", {}))
    return PARSERS[types[0]](cell.strip())


def _parse_array(cell: str, facts: JSON) -> list[Any]:
    if cell.lstrip().startswith("["):
        return [*_parse_json(cell, list)]
    return [_parse(item.strip(), facts) for item in cell.split(SEPARATOR)]


def _parse_integer(cell: str) -> int:
    if not INTEGER.fullmatch(cell):
        raise ValueError(f"{cell!r} is no whole number")
    return int(cell)


def _parse_number(cell: str) -> float:
    try:
        number = float(cell)
    except ValueError:
        raise ValueError(f"{cell!r} is no number") from None
    if not math.isfinite(number):
        raise ValueError(f"{cell!r} is no number")
    return int(cell) if INTEGER.fullmatch(cell) else number


def _parse_boolean(cell: str) -> bool:
    if cell.lower() not in TRUTHS:
        raise ValueError(f"{cell!r} is none of: {', '.join(TRUTHS)}")
    return TRUTHS[cell.lower()]


def _parse_object(cell: str) -> Any:
    return _parse_json(cell, dict)


def _parse_json(cell: str, kind: type) -> Any:
    try:
        value = json.loads(cell)
    except ValueError as error:
        raise ValueError(f"{cell!r} is no JSON: {error}") from None
    if isinstance(value, kind):
        return value
    raise ValueError(f"{cell!r} is no JSON {'list' if kind is list else 'object'}")


def _parse_null(cell: str) -> None:
    raise ValueError(f"{cell!r} is not empty")


PARSERS: Mapping[str, Callable[[str], Any]] = {
    "integer": _parse_integer,
    "number": _parse_number,
    "boolean": _parse_boolean,
    "object": _parse_object,
    "null": _parse_null,
}


def _plain(value: Any) -> Any:
    """The value without the wrappers of numpy, pandas and arrow; missing is None."""
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, Mapping):
        return {name: _plain(item) for name, item in value.items()}
    return None if _is_missing(value) else value


def _is_missing(value: Any) -> bool:
    is_nan = isinstance(value, float) and math.isnan(value)
    return is_nan or type(value).__name__ in PANDAS_MISSING


def _guess(value: Any, facts: JSON) -> Any:
    types = _types(facts)
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    is_whole = is_number and math.isfinite(value) and value == int(value)
    if is_whole and {"integer", "string"} & set(types):
        value = int(value)
    return str(value) if is_number and types == ["string"] else value
