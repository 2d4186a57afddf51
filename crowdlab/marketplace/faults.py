"""Faults on demand: a service that falters when, and as often as, it is told to.

What a program does under a throttle, or after a success whose answer was lost, is
seen only when these happen. ``Marketplace.faults`` lets them happen, through every
door. A fault never leaves half an operation done: it strikes before anything has
happened, or after everything has.
"""

import random
import threading
import time
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import attrs

from crowdlab.errors import BadInput, MTurkError, NotFound
from crowdlab.marketplace.shapes import operations

__all__ = ["Fault", "Faults", "load_faults"]


def _throttled() -> MTurkError:
    return MTurkError("ThrottlingException", "Rate exceeded")


def _failed() -> MTurkError:
    return MTurkError(
        "ServiceFault",
        "There was an error with this request. Please try again later.",
        turk_code="AWS.ServiceUnavailable",
        status=500,
    )


def _dropped() -> MTurkError:
    """As a transport over boto3 tells of a connection that broke: status 0."""
    text = "Connection was closed before a valid response was received."
    return MTurkError("ConnectionClosedError", text, status=0)


Errors = Mapping[str, Callable[[], MTurkError]]

BEFORE: Errors = {
    "throttle": _throttled,
    "fail_before": _failed,
    "drop": _dropped,
}
AFTER: Errors = {
    "fail_after": _failed,
    "drop_after": _dropped,
}
DELAY = "delay"
KINDS = (*BEFORE, *AFTER, DELAY)


@attrs.frozen
class Fault:
    """What goes wrong, with which requests.

    Attributes:
        kind: ``throttle`` (ThrottlingException, nothing done), ``fail_before`` and
            ``fail_after`` (ServiceFault, HTTP 500, nothing or everything done),
            ``drop`` and ``drop_after`` (the connection breaks, nothing or everything
            done), or ``delay`` (the request waits, then goes its way).
        operation: such as ``CreateHIT``; ``None`` stands for all.
        times: how often; ``None`` is without end.
        after: how many of these requests pass unharmed first.
        probability: that one of the others is struck.
        seed: of the dice, when the probability is below 1.
        seconds: how long a ``delay`` lasts.

    Raises:
        NotFound: there is no such kind or operation; the message lists the choices.
        BadInput: a number that cannot be.
    """

    kind: str
    operation: str | None = attrs.field(default=None, kw_only=True)
    times: int | None = attrs.field(default=None, kw_only=True)
    after: int = attrs.field(default=0, kw_only=True)
    probability: float = attrs.field(default=1.0, kw_only=True)
    seed: int = attrs.field(default=0, kw_only=True)
    seconds: float = attrs.field(default=0.0, kw_only=True)

    def __attrs_post_init__(self) -> None:
        """Refuses what cannot be."""
        if self.kind not in KINDS:
            raise NotFound("fault", self.kind, KINDS)
        if self.operation is not None and self.operation not in operations():
            raise NotFound("operation", self.operation, sorted(operations()))
        if self.times is not None:
            _need("times", self.times, int, low=1)
        _need("after", self.after, int)
        _need("seed", self.seed, int)
        _need("probability", self.probability, (int, float), high=1)
        _need("seconds", self.seconds, (int, float))
        if (self.kind == DELAY) != (self.seconds > 0):
            raise BadInput("seconds: a delay lasts more than 0, other faults have none")


def _need(
    name: str,
    value: object,
    kinds: type | tuple[type, ...],
    *,
    low: float = 0,
    high: float = float("inf"),
) -> None:
    whole = "a whole number" if kinds is int else "a number"
    if not isinstance(value, kinds) or isinstance(value, bool):
        raise BadInput(f"{name}: {value!r} is not {whole}")
    if not low <= float(str(value)) <= high:
        raise BadInput(f"{name}: {value!r} lies outside {low:g} to {high:g}")


class Faults:
    """The faults that a marketplace has been told to show.

    Each request meets them in the order in which they were added. A delay lets it go
    on to the next; of the others the first that strikes is the only one.

    Example:
        >>> faults = Faults()
        >>> _ = faults.add("throttle", operation="CreateHIT", times=1)
        >>> with faults.around("CreateHIT"):
        ...     print("not reached")
        Traceback (most recent call last):
        crowdlab.errors.MTurkError: ThrottlingException: Rate exceeded
        >>> with faults.around("CreateHIT"):
        ...     print("reached")
        reached
    """

    def __init__(self, sleep: Callable[[float], object] = time.sleep) -> None:
        self._sleep = sleep
        self._armed: list[_Armed] = []
        self._lock = threading.Lock()

    def __repr__(self) -> str:
        return f"Faults({list(self)!r})"

    def __iter__(self) -> Iterator[Fault]:
        """Those that may still strike."""
        return iter([armed.fault for armed in self._armed if not armed.is_spent])

    def add(self, kind: str, **settings: Any) -> Fault:
        """Adds a fault: its kind, and by name what else :class:`Fault` has.

        Raises:
            NotFound: there is no such kind or operation; the message lists the choices.
            BadInput: a number that cannot be.
        """
        fault = Fault(kind, **settings)
        self.extend([fault])
        return fault

    def extend(self, faults: Iterable[Fault]) -> None:
        """Adds several faults, such as those of a file."""
        self._armed.extend(map(_Armed, faults))

    def clear(self) -> None:
        """Lets everything go well again."""
        self._armed.clear()

    @contextmanager
    def around(self, operation: str) -> Iterator[None]:
        """What goes on inside is an operation, which the faults may strike.

        Raises:
            MTurkError: it was struck.
        """
        kind = self._strike(operation) if self._armed else ""
        _break(BEFORE, kind)
        yield
        _break(AFTER, kind)

    def _strike(self, operation: str) -> str:
        """Waits as long as the request is delayed; gives the kind of what strikes it."""
        with self._lock:
            delay, kind = self._choose(operation)
        if delay:
            self._sleep(delay)
        return kind

    def _choose(self, operation: str) -> tuple[float, str]:
        delay = 0.0
        for armed in self._armed:
            if armed.strikes(operation):
                if armed.fault.kind != DELAY:
                    return delay, armed.fault.kind
                delay += armed.fault.seconds
        return delay, ""


def _break(errors: Errors, kind: str) -> None:
    if kind in errors:
        error = errors[kind]()
        raise error


class _Armed:
    """A fault, and how many requests have met it."""

    def __init__(self, fault: Fault) -> None:
        self.fault = fault
        self._met = self._struck = 0
        self._dice = random.Random(fault.seed)  # noqa: S311 - repeatable dice

    @property
    def is_spent(self) -> bool:
        return self._struck == self.fault.times

    def strikes(self, operation: str) -> bool:
        if self.is_spent or self.fault.operation not in {None, operation}:
            return False
        self._met += 1
        if self._met <= self.fault.after:
            return False
        if self._dice.random() >= self.fault.probability:
            return False
        self._struck += 1
        return True


def load_faults(path: str | Path) -> list[Fault]:
    """The faults of a TOML file, each a table ``[[fault]]`` with the fields of one.

    Raises:
        BadInput: the file cannot be read, or a table is none such; names which.
    """
    try:
        document = tomllib.loads(Path(path).read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise BadInput(f"{path}: {error}") from None
    tables = document.pop("fault", [])
    if document or not isinstance(tables, list):
        raise BadInput(f"{path}: it has tables [[fault]], and nothing else")
    return [
        _fault(table, f"{path}, fault {number}")
        for number, table in enumerate(tables, start=1)
    ]


def _fault(table: Mapping[str, Any], origin: str) -> Fault:
    names = [field.name for field in attrs.fields(Fault)]
    if not isinstance(table, dict) or "kind" not in table:
        raise BadInput(f"{origin}: it has no kind; choose from: {', '.join(KINDS)}")
    unknown = [name for name in table if name not in names]
    if unknown:
        raise BadInput(f"{origin}: {unknown[0]!r} is none of {', '.join(names)}")
    try:
        return Fault(**table)
    except (BadInput, NotFound) as error:
        raise BadInput(f"{origin}: {error}") from None
