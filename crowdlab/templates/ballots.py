"""How an answer becomes votes, and votes an answer: the kinds a template may name."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Protocol

import attrs

from crowdlab.model import Task
from crowdlab.plugins import Registry

__all__ = ["Ballot", "OneLabel", "Selection", "kinds"]

JSON = Mapping[str, Any]

YES, NO = "yes", "no"


class Ballot(Protocol):
    """What is judged in a task, and what an answer says of it.

    Its settings in ``template.toml`` are names of fields: ``answer`` of the answer's,
    every other of the input's.
    """

    def things(self, task: Task) -> list[tuple[str, tuple[str, ...]]]:
        """Each thing that is judged, with the labels it may get."""
        ...

    def votes(self, task: Task, answer: JSON) -> list[tuple[str, str]]:
        """Each thing with the label that the answer gives it."""
        ...

    def fields(self, task: Task, judgements: Mapping[str, str]) -> dict[str, Any]:
        """The part of an answer that says these judgements: the inverse of votes."""
        ...

    def input_faults(self, content: JSON) -> Iterator[tuple[str, str]]:
        """Field and reason of what no schema can say about an input."""
        ...

    def answer_faults(self, task: Task, answer: JSON) -> Iterator[str]:
        """What no schema can say about an answer to this task."""
        ...


@attrs.frozen
class OneLabel:
    """A task gets one label, out of the choices in its input.

    Attributes:
        answer: the field of the answer that holds the label.
        choices: the field of the input that lists the labels: texts, or objects with
            a ``value``.
    """

    answer: str = "label"
    choices: str = "choices"

    def things(self, task: Task) -> list[tuple[str, tuple[str, ...]]]:
        """The task alone, with its choices."""
        return [(task.name, tuple(self._labels(task.input)))]

    def votes(self, task: Task, answer: JSON) -> list[tuple[str, str]]:
        """The task with the answer's label."""
        return [(task.name, answer[self.answer])]

    def fields(self, task: Task, judgements: Mapping[str, str]) -> dict[str, Any]:
        """The label."""
        return {self.answer: judgements[task.name]}

    def input_faults(self, content: JSON) -> Iterator[tuple[str, str]]:
        """A choice that is there twice."""
        for label in _repeated(self._labels(content)):
            yield self.choices, f"{label!r} is there twice"

    def answer_faults(self, task: Task, answer: JSON) -> Iterator[str]:
        """A label that is none of the choices."""
        label, labels = answer[self.answer], self._labels(task.input)
        if label not in labels:
            yield f"{self.answer} {label!r} is none of: {', '.join(labels)}"

    def _labels(self, content: JSON) -> list[str]:
        choices = content[self.choices]
        return [c if isinstance(c, str) else c["value"] for c in choices]


@attrs.frozen
class Selection:
    """Every tile of a task gets "yes" or "no"; the answer lists those that got "yes".

    The input may limit how many are selected (``min``, ``max``) and whether none may
    be (``allow_none``).

    Attributes:
        answer: the field of the answer that lists the ids of the selected tiles.
        tiles: the field of the input that lists the tiles: texts, whose ids are then
            "1", "2" ..., or objects with an ``id``.
    """

    answer: str = "selected"
    tiles: str = "images"

    def things(self, task: Task) -> list[tuple[str, tuple[str, ...]]]:
        """Every tile, as ``task/id``."""
        return [(f"{task.name}/{tile}", (YES, NO)) for tile in self._ids(task.input)]

    def votes(self, task: Task, answer: JSON) -> list[tuple[str, str]]:
        """Every tile with "yes" where it was selected, else "no"."""
        selected = set(answer[self.answer])
        return [
            (f"{task.name}/{tile}", YES if tile in selected else NO)
            for tile in self._ids(task.input)
        ]

    def fields(self, task: Task, judgements: Mapping[str, str]) -> dict[str, Any]:
        """The ids of the tiles judged "yes"."""
        shown = self._ids(task.input)
        selected = [tile for tile in shown if judgements[f"{task.name}/{tile}"] == YES]
        return {"shown": shown, self.answer: selected, "none": not selected}

    def input_faults(self, content: JSON) -> Iterator[tuple[str, str]]:
        """Ids that are there twice, limits that nobody can keep."""
        ids = self._ids(content)
        least, most = self._limits(content)
        for tile in _repeated(ids):
            yield self.tiles, f"the id {tile!r} is there twice"
        if most > len(ids):
            yield "max", f"{most} is more than the {len(ids)} tiles"
        if least > most:
            yield "min", f"{least} is more than the {most} that may be selected"

    def answer_faults(self, task: Task, answer: JSON) -> Iterator[str]:
        """Tiles of another task, and broken limits."""
        ids, selected = self._ids(task.input), answer[self.answer]
        least, most = self._limits(task.input)
        for tile in sorted({*selected, *answer["shown"]} - set(ids)):
            yield f"the task has no tile {tile!r}; it has: {', '.join(ids)}"
        if sorted(answer["shown"]) != sorted(ids):
            yield "'shown' does not list every tile of the task once"
        if answer["none"]:
            yield from self._faults_of_none(task.input, selected)
        elif not least <= len(selected) <= most:
            yield f"{len(selected)} tiles are selected; the task asks for {least} to {most}"

    def _faults_of_none(self, content: JSON, selected: Sequence[str]) -> Iterator[str]:
        if selected:
            yield "'none' and selected tiles exclude each other"
        if not content.get("allow_none", True):
            yield "'none' is no answer to this task"

    def _ids(self, content: JSON) -> list[str]:
        tiles = content[self.tiles]
        return [
            str(position) if isinstance(tile, str) else tile["id"]
            for position, tile in enumerate(tiles, start=1)
        ]

    def _limits(self, content: JSON) -> tuple[int, int]:
        return content.get("min", 1), content.get("max", len(content[self.tiles]))


def kinds() -> Registry[Callable[..., Ballot]]:
    """The kinds of votes that a ``template.toml`` may name.

    Example:
        >>> kinds().names()[:2]
        ['one-label', 'selection']
    """
    registry = Registry[Callable[..., Ballot]]("kind of votes", "crowdlab.votes")
    registry.add("one-label", lambda: OneLabel)
    registry.add("selection", lambda: Selection)
    return registry


def _repeated(values: Sequence[str]) -> list[str]:
    return [value for n, value in enumerate(values) if value in values[:n]]
