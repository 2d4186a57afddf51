"""Votes of one label for a task."""

from collections.abc import Iterator
from typing import Any

import attrs

from crowdlab.model import Task
from crowdlab.templates.ballots.protocol import JSON, repeated, values_of

__all__ = ["OneLabel"]


@attrs.frozen
class OneLabel:
    """A task gets one label, out of the choices in its input.

    Attributes:
        answer: the field of the answer that holds the label.
        choices: the field of the input that lists the labels: texts, or objects with
            a ``value``.
        gold: the private field of the input that holds the known label, if any.

    Example:
        >>> task = Task("0", "pet", {"choices": ["cat", "dog"], "gold": "dog"})
        >>> ballot = OneLabel(gold="gold")
        >>> ballot.votes(task, {"label": "cat"}), ballot.gold(task)
        ([('pet', 'cat')], {'pet': 'dog'})
    """

    answer: str = "label"
    choices: str = "choices"
    gold_field: str = attrs.field(default="", alias="gold")

    def kind_of(self, _: Task) -> str:
        """Classes."""
        return "classes"

    def things(self, task: Task) -> list[tuple[str, tuple[str, ...]]]:
        """The task alone, with its choices."""
        return [(task.name, tuple(self._labels(task.input)))]

    def votes(self, task: Task, answer: JSON) -> list[tuple[str, str]]:
        """The task with the answer's label."""
        return [(task.name, answer[self.answer])]

    def gold(self, task: Task) -> dict[str, str]:
        """The task with its known label."""
        known = task.input.get(self.gold_field)
        return {} if known is None else {task.name: known}

    def fields(self, task: Task, judgements: JSON) -> dict[str, Any]:
        """The label."""
        return {self.answer: judgements[task.name]}

    def input_faults(self, content: JSON) -> Iterator[tuple[str, str]]:
        """A choice that is there twice, a known label that is no choice."""
        labels = self._labels(content)
        for label in repeated(labels):
            yield self.choices, f"{label!r} is there twice"
        known = content.get(self.gold_field)
        if known is not None and known not in labels:
            yield self.gold_field, f"{known!r} is none of: {', '.join(labels)}"

    def answer_faults(self, task: Task, answer: JSON) -> Iterator[str]:
        """A label that is none of the choices."""
        label, labels = answer[self.answer], self._labels(task.input)
        if label not in labels:
            yield f"{self.answer} {label!r} is none of: {', '.join(labels)}"

    def _labels(self, content: JSON) -> list[str]:
        return values_of(content[self.choices])
