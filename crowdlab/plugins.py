"""A name to an object: built-ins first, then what other packages offer.

A package offers a plug-in through an entry point; ours are registered through the
same class, so that theirs are the equals of ours.
"""

from collections.abc import Callable
from importlib import metadata
from typing import Generic, TypeVar

from crowdlab.errors import NotFound

__all__ = ["Registry"]

T = TypeVar("T")


class Registry(Generic[T]):
    """Named objects of one kind, loaded when first asked for.

    Args:
        kind: what one of them is called in messages, such as ``method``.
        group: the entry point group of other packages' plug-ins.

    Example:
        >>> methods = Registry("method", "crowdlab.doctest")
        >>> methods.add("upper", lambda: str.upper)
        >>> methods.find("upper")("a")
        'A'
        >>> methods.find("lower")
        Traceback (most recent call last):
        ...
        crowdlab.errors.NotFound: there is no method 'lower'; choose from: upper
    """

    def __init__(self, kind: str, group: str) -> None:
        self.kind, self.group = kind, group
        self._built_in: dict[str, Callable[[], T]] = {}

    def add(self, name: str, load: Callable[[], T]) -> None:
        """Registers a built-in under its name; ``load`` gives it when asked for."""
        self._built_in[name] = load

    def names(self) -> list[str]:
        """Every name that can be found, built-ins first."""
        theirs = sorted(point.name for point in self._entry_points())
        return [*self._built_in, *(n for n in theirs if n not in self._built_in)]

    def find(self, name: str) -> T:
        """The object of that name.

        Raises:
            NotFound: if there is none; the message lists the choices.
        """
        if name in self._built_in:
            return self._built_in[name]()
        for point in self._entry_points():
            if point.name == name:
                found: T = point.load()
                return found
        raise NotFound(self.kind, name, self.names())

    def _entry_points(self) -> metadata.EntryPoints:
        return metadata.entry_points(group=self.group)
