"""Votes that put two items in order."""

import json
from collections.abc import Iterator
from typing import Any

import attrs

from crowdlab.model import Task
from crowdlab.templates.ballots.protocol import JSON, ids_of, repeated

__all__ = ["Comparison"]

TIE = "tie"


@attrs.frozen
class Comparison:
    """Of two items, one is better or none; a vote ranks them, as JSON text.

    Pairs that share a scale vote on one thing: the order of all items that they have
    together. Rankings know what classes do not: that the same preference has another
    name in every task, and that whoever is contrary in one pair is so in others. A
    pair whose answer is known checks workers, and votes on itself alone.

    Attributes:
        answer: the field of the answer that holds the id of the better, or "tie".
        items: the field of the input that lists the two: texts, whose ids are then
            "1" and "2", or objects with an ``id``.
        ties: the field of the input that says whether they may be called equal.
        scale: the field of the input that names the ranking; it is the task's own,
            unless told.
        gold: the private field of the input that holds the known answer, if any.

    Example:
        >>> task = Task("0", "pair", {"items": ["tea", "coffee"], "scale": "drinks"})
        >>> Comparison().votes(task, {"better": "2"})
        [('drinks', '["2", "1"]')]
        >>> Comparison().votes(task, {"better": "tie"})
        [('drinks', '[["1", "2"]]')]
    """

    answer: str = "better"
    items: str = "items"
    ties: str = "ties"
    scale: str = "scale"
    gold_field: str = attrs.field(default="", alias="gold")

    def kind_of(self, _: Task) -> str:
        """Rankings."""
        return "rankings"

    def things(self, task: Task) -> list[tuple[str, tuple[str, ...]]]:
        """The scale, with the orders in which the two may stand."""
        orders = [self._ranking(task, better) for better in self._choices(task.input)]
        return [(self._scale(task), tuple(orders))]

    def votes(self, task: Task, answer: JSON) -> list[tuple[str, str]]:
        """The scale with the order of the two."""
        return [(self._scale(task), self._ranking(task, answer[self.answer]))]

    def gold(self, task: Task) -> dict[str, str]:
        """The pair with its known order."""
        known = task.input.get(self.gold_field)
        return {} if known is None else {task.name: self._ranking(task, known)}

    def fields(self, task: Task, judgements: JSON) -> dict[str, Any]:
        """The better of the two."""
        first, *second = json.loads(judgements[self._scale(task)])
        return {
            "shown": self._ids(task.input),
            self.answer: first if second else TIE,
        }

    def input_faults(self, content: JSON) -> Iterator[tuple[str, str]]:
        """Ids that do not tell the two apart, a known answer that nobody can give."""
        ids = self._ids(content)
        for item in repeated(ids):
            yield self.items, f"the id {item!r} is there twice"
        if TIE in ids:
            yield self.items, f"the id {TIE!r} is what a tie is called"
        known, choices = content.get(self.gold_field), self._choices(content)
        if known is not None and known not in choices:
            yield self.gold_field, f"{known!r} is none of: {', '.join(choices)}"

    def answer_faults(self, task: Task, answer: JSON) -> Iterator[str]:
        """Items of another task, and ties where there are none."""
        ids, choices = self._ids(task.input), self._choices(task.input)
        if answer[self.answer] not in choices:
            yield f"{self.answer} {answer[self.answer]!r} is none of: {', '.join(choices)}"
        if sorted(answer["shown"]) != sorted(ids):
            yield f"'shown' does not list both of: {', '.join(ids)}"

    def _scale(self, task: Task) -> str:
        checks = self.gold_field in task.input
        return task.name if checks else str(task.input.get(self.scale, task.name))

    def _ranking(self, task: Task, better: str) -> str:
        ids = self._ids(task.input)
        if better == TIE:
            return json.dumps([ids])
        return json.dumps(sorted(ids, key=lambda item: item != better))

    def _choices(self, content: JSON) -> list[str]:
        return [*self._ids(content), *([TIE] if content.get(self.ties, True) else [])]

    def _ids(self, content: JSON) -> list[str]:
        return ids_of(content[self.items])
