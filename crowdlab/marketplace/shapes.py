"""What the API's own model says of parameters, checked as the service's front end does.

boto3 checks types, obligatory members and minima before it sends. Maxima, patterns and
enumerations reach the service, and a client that is not boto3 may send anything, so all
of it is checked here, from the model file that comes with botocore.
"""

import datetime as dt
import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from crowdlab.marketplace.refusals import Refusal, validation

if TYPE_CHECKING:
    from botocore.model import ListShape, ServiceModel, Shape, StructureShape

__all__ = ["check", "operations", "service"]

Faults = list[str]
Check = Callable[[Any, str, Faults], None]

_KINDS: Mapping[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "long": (int,),
    "boolean": (bool,),
    "timestamp": (int, float, str, dt.datetime),
    "structure": (Mapping,),
    "list": (list, tuple),
}
#: Numbers of the service are Java's; larger ones do not fit.
_LIMITS: Mapping[str, int] = {"integer": 2**31, "long": 2**63}


@cache
def service() -> "ServiceModel":
    """The model of the MTurk requester API, version 2017-01-17."""
    # Who only opens a marketplace need not wait for botocore.
    from botocore.loaders import Loader  # noqa: PLC0415
    from botocore.model import ServiceModel  # noqa: PLC0415

    loader = Loader()
    return ServiceModel(loader.load_service_model("mturk", "service-2"), "mturk")


@cache
def operations() -> frozenset[str]:
    """The names of the 39 operations."""
    return frozenset(service().operation_names)


def check(operation: str, params: Mapping[str, Any]) -> None:
    """Refuses parameters that the model forbids.

    Raises:
        Refusal: ``ValidationException`` naming every fault, ``SerializationException``
            for a value of the wrong type, ``UnknownOperationException``.
    """
    if operation not in operations():
        raise Refusal("UnknownOperationException", "", stamped=False)
    faults: Faults = []
    _checks(operation)(params, "", faults)
    if faults:
        raise validation(faults)


@cache
def _checks(operation: str) -> Check:
    model = service().operation_model(operation)
    if model.input_shape is None:
        return lambda _value, _path, _faults: None
    return _check_of(model.input_shape)


def _check_of(shape: "Shape") -> Check:
    make: Any = {"structure": _structure, "list": _list}.get(shape.type_name, _scalar)
    return _typed(shape.type_name, make(shape))


def _typed(type_name: str, inner: Check) -> Check:
    kinds = _KINDS[type_name]
    no_bool = type_name in {"integer", "long", "timestamp"}

    def run(value: Any, path: str, faults: Faults) -> None:
        if not isinstance(value, kinds) or (no_bool and isinstance(value, bool)):
            text = f"{path or 'The request'} is no {type_name}"
            raise Refusal("SerializationException", text, stamped=False)
        inner(value, path, faults)

    return run


def _structure(shape: "StructureShape") -> Check:
    members = [
        (name, name[0].lower() + name[1:], name in shape.required_members, _check_of(m))
        for name, m in shape.members.items()
    ]

    def run(value: Mapping[str, Any], path: str, faults: Faults) -> None:
        for name, shown, required, inner in members:
            member = value.get(name)
            if member is not None:
                inner(member, f"{path}{shown}", faults)
            elif required:
                _fault(faults, None, f"{path}{shown}", "Member must not be null")

    return _prefixed(run)


def _prefixed(run: Check) -> Check:
    def prefixed(value: Any, path: str, faults: Faults) -> None:
        run(value, f"{path}." if path else "", faults)

    return prefixed


def _list(shape: "ListShape") -> Check:
    inner = _check_of(shape.member)
    bounds = _bounds(shape)

    def run(value: Any, path: str, faults: Faults) -> None:
        for constraint in bounds(len(value)):
            _fault(faults, list(value), path, constraint)
        for number, item in enumerate(value, start=1):
            inner(item, f"{path}.{number}.member", faults)

    return run


def _scalar(shape: "Shape") -> Check:
    bounds = _bounds(shape)
    pattern = shape.metadata.get("pattern")
    matches = re.compile(pattern).fullmatch if pattern else None
    choices = getattr(shape, "enum", None)
    is_text = shape.type_name == "string"
    limit = _LIMITS.get(shape.type_name)

    def run(value: Any, path: str, faults: Faults) -> None:
        if limit is not None and not -limit <= value < limit:
            text = f"{path}: {value} is no {shape.type_name}"
            raise Refusal("SerializationException", text, stamped=False)
        if is_text and not _is_storable(value):
            text = f"{path} holds a character that no text can have"
            raise Refusal("SerializationException", text, stamped=False)
        for constraint in bounds(len(value) if is_text else value):
            _fault(faults, value, path, constraint)
        if matches and not matches(value):
            rule = f"Member must satisfy regular expression pattern: {pattern}"
            _fault(faults, value, path, rule)
        if choices and value not in choices:
            rule = f"Member must satisfy enum value set: [{', '.join(choices)}]"
            _fault(faults, value, path, rule)

    return run


def _is_storable(text: str) -> bool:
    """Whether every database can hold it: no NUL, no half of a surrogate pair."""
    if "\0" in text:
        return False
    if text.isascii():
        return True
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _bounds(shape: "Shape") -> Callable[[Any], list[str]]:
    low, high = shape.metadata.get("min"), shape.metadata.get("max")
    if low is None and high is None:
        return lambda _size: []
    what = "value" if shape.type_name in {"integer", "long"} else "length"

    def run(size: Any) -> list[str]:
        if low is not None and size < low:
            return [f"Member must have {what} greater than or equal to {low}"]
        if high is not None and size > high:
            return [f"Member must have {what} less than or equal to {high}"]
        return []

    return run


def _fault(faults: Faults, value: object, path: str, constraint: str) -> None:
    shown = "null" if value is None else f"'{value}'"
    faults.append(
        f"Value {shown} at '{path}' failed to satisfy constraint: {constraint}"
    )
