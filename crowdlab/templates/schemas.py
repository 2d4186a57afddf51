"""JSON Schemas: read from a folder, compiled once, their refusals put into words."""

import json
import math
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, cast

import jsonschema_rs
from jsonschema import Draft202012Validator, SchemaError, ValidationError, validators

from crowdlab.errors import BadTemplate

__all__ = ["Check", "compile_schema", "merge_schemas", "read_json", "read_schema"]

JSON = Mapping[str, Any]
Check = Callable[[Any], tuple[str, str] | None]

LONGEST_VALUE = 60

# What {"format": "image"} stands for: a picture that any worker's browser can load.
IMAGE: JSON = {
    "type": "string",
    "pattern": r"^(https://[^\s/]\S*"
    r"|http://(localhost|127\.0\.0\.1)(:\d+)?(/\S*)?"
    r"|data:image/(png|jpeg|gif|webp|avif|svg\+xml);base64,[A-Za-z0-9+/]+=*)$",
    "expects": "an image's URL that begins with https://, with http:// on localhost or "
    "127.0.0.1, or with data:image/...;base64,",
}

# JSON has no word for NaN and the infinities, which Python takes for numbers.
NUMBERS = Draft202012Validator.TYPE_CHECKER.redefine(
    "number",
    lambda _, value: (
        isinstance(value, int | float)
        and not isinstance(value, bool)
        and math.isfinite(value)
    ),
)
Validator = validators.extend(  # type: ignore[no-untyped-call]
    Draft202012Validator, type_checker=NUMBERS
)


def read_json(path: Path) -> dict[str, Any]:
    """The JSON object in the file.

    Raises:
        BadTemplate: naming the file and its fault.
    """
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise BadTemplate(f"{path}: {error.strerror}") from None
    except ValueError as error:
        raise BadTemplate(f"{path}: no JSON: {error}") from None
    if not isinstance(value, dict):
        raise BadTemplate(f"{path}: no JSON object")
    return value


def read_schema(path: Path) -> dict[str, Any]:
    """The JSON Schema in the file, itself checked.

    In it ``{"format": "image"}`` stands for the URL of an image that a worker's
    browser can load.

    Raises:
        BadTemplate: naming the file and its fault.
    """
    schema = read_json(path)
    try:
        Draft202012Validator.check_schema(schema)
    except SchemaError as error:
        where = _path(error.absolute_path)
        raise BadTemplate(f"{path}: no JSON Schema: {where}: {error.message}") from None
    if schema.get("type") != "object" or "properties" not in schema:
        raise BadTemplate(f"{path}: must have type 'object' and properties")
    expanded: dict[str, Any] = _expand(schema)
    return expanded


def _expand(node: Any) -> Any:
    """The schema with the rules that its short words stand for."""
    if isinstance(node, list):
        return [_expand(item) for item in node]
    if not isinstance(node, dict):
        return node
    rules = IMAGE if node.get("format") == "image" else {}
    return {**rules, **{key: _expand(value) for key, value in node.items()}}


def merge_schemas(base: JSON, own: JSON) -> dict[str, Any]:
    """One flat schema with the properties of both.

    Flat, because ``$ref`` and ``allOf`` double the time it takes to read an answer.

    Example:
        >>> merge_schemas({"properties": {"a": {}}, "required": ["a"]},
        ...               {"properties": {"b": {}}})
        {'properties': {'a': {}, 'b': {}}, 'required': ['a']}
    """
    return {
        **base,
        **own,
        "properties": {**base["properties"], **own["properties"]},
        "required": [*base.get("required", ()), *own.get("required", ())],
    }


def compile_schema(schema: JSON) -> Check:
    """A function that gives the field and the reason of what a value does wrong.

    A schema may say in words what it ``expects``; the reason then says it too.

    Example:
        >>> check = compile_schema({
        ...     "type": "object",
        ...     "properties": {"url": {"pattern": "^https:", "expects": "a web address"}},
        ...     "required": ["url"],
        ... })
        >>> check({"url": "https://example.org"})
        >>> check({"url": "pets/1.jpg"})
        ('url', "'pets/1.jpg' is not a web address")
        >>> check({})
        ('url', 'is missing')
    """
    is_surely_valid, validator = _make_quick(schema), Validator(schema)

    def check(value: Any) -> tuple[str, str] | None:
        if is_surely_valid(value):
            return None
        error = next(iter(validator.iter_errors(value)), None)
        return None if error is None else _explain(error)

    return check


def _make_quick(schema: JSON) -> Callable[[Any], bool]:
    """A function that says yes many times as fast as jsonschema, and never why not.

    A batch has thousands of answers, and nearly all of them are as they should be.
    What it does not know, it does not call valid.
    """
    try:
        quick = jsonschema_rs.Draft202012Validator(dict(schema), retriever=_refuse)
    except ValueError:
        return lambda _: False

    def is_surely_valid(value: Any) -> bool:
        try:
            return quick.is_valid(value)
        except ValueError:
            return False

    return is_surely_valid


def _refuse(address: str) -> Any:
    raise ValueError(f"a schema is whole in its file; {address} is not fetched")


def _explain(error: ValidationError) -> tuple[str, str]:
    path, instance, rule = (
        list(error.absolute_path),
        error.instance,
        error.validator_value,
    )
    schema: JSON = error.schema if isinstance(error.schema, Mapping) else {}
    if error.validator == "required":
        missing = next(
            name for name in cast(list[str], rule) if name not in cast(JSON, instance)
        )
        return _path([*path, missing]), "is missing"
    if error.validator == "additionalProperties":
        known = schema.get("properties", {})
        extra = next(name for name in cast(JSON, instance) if name not in known)
        return _path([*path, extra]), f"is unknown; known are: {', '.join(known)}"
    shown = _shorten(instance)
    if "expects" in schema:
        return _path(path), f"{shown} is not {schema['expects']}"
    return _path(path), error.message.replace(repr(instance), shown)


def _path(steps: Iterable[str | int]) -> str:
    words = [f"[{step}]" if isinstance(step, int) else f".{step}" for step in steps]
    return "".join(words).removeprefix(".")


def _shorten(value: object) -> str:
    text = repr(value)
    return text if len(text) <= LONGEST_VALUE else f"{text[: LONGEST_VALUE - 1]}…"
