"""What every kind of votes can do."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Protocol, runtime_checkable

from crowdlab.model import Task

__all__ = [
    "JSON",
    "Ballot",
    "Checking",
    "Measuring",
    "ids_of",
    "repeated",
    "values_of",
]

JSON = Mapping[str, Any]


class Ballot(Protocol):
    """What is judged in a task, and what an answer says of it.

    Its settings in ``template.toml`` are names of fields: ``answer`` of the answer's,
    every other of the input's. A label is a text where the votes are classes, and else
    whatever that kind of :mod:`crowdlab.aggregation` takes, as JSON.
    """

    def kind_of(self, task: Task) -> str:
        """What the labels are: ``"classes"``, or a kind that aggregation knows."""
        ...

    def things(self, task: Task) -> list[tuple[str, tuple[str, ...]]]:
        """Each thing that is judged, with the labels it may get.

        There are none to list, ``()``, where a label is no choice out of a few.
        """
        ...

    def votes(self, task: Task, answer: JSON) -> list[tuple[str, Any]]:
        """Each thing with the label that the answer gives it."""
        ...

    def gold(self, task: Task) -> dict[str, Any]:
        """The labels that the requester planted: of some things, of all or of none."""
        ...

    def fields(self, task: Task, judgements: JSON) -> dict[str, Any]:
        """The part of an answer that says these judgements: the inverse of votes."""
        ...

    def input_faults(self, content: JSON) -> Iterator[tuple[str, str]]:
        """Field and reason of what no schema can say about an input."""
        ...

    def answer_faults(self, task: Task, answer: JSON) -> Iterator[str]:
        """What no schema can say about an answer to this task."""
        ...


@runtime_checkable
class Checking(Protocol):
    """A ballot that asks some things only to see who took care.

    They are classes, whatever the labels are, and never become labels themselves.
    """

    def checks(self, task: Task) -> list[str]:
        """Those of the things that check workers."""
        ...


@runtime_checkable
class Measuring(Protocol):
    """A ballot that can also say how good an answer is, in numbers."""

    def score(self, task: Task, answer: JSON) -> dict[str, Any]:
        """The measures of an answer, by name."""
        ...


def ids_of(items: Sequence[Any]) -> list[str]:
    """The ids of items: their own, or their places where they are texts alone.

    Example:
        >>> ids_of(["a.png", "b.png"]), ids_of([{"id": "left"}, {"id": "right"}])
        (['1', '2'], ['left', 'right'])
    """
    return [
        str(place) if isinstance(item, str) else item["id"]
        for place, item in enumerate(items, start=1)
    ]


def values_of(choices: Sequence[Any]) -> list[str]:
    """The values of choices: those that are texts alone are their own.

    Example:
        >>> values_of(["no", {"value": "yes", "label": "Of course"}])
        ['no', 'yes']
    """
    return [c if isinstance(c, str) else c["value"] for c in choices]


def repeated(values: Sequence[str]) -> list[str]:
    """The values that stand there for a second time.

    Example:
        >>> repeated(["a", "b", "a"])
        ['a']
    """
    return [value for n, value in enumerate(values) if value in values[:n]]
