"""Votes of a way that is described in words."""

import functools
from collections.abc import Iterator, Sequence
from typing import Any

import attrs

from crowdlab.model import Task
from crowdlab.templates.ballots.protocol import JSON, repeated
from crowdlab.templates.folders import shelf
from crowdlab.templates.schemas import read_json
from crowdlab.templates.wording import is_copied, is_repetitive, words

__all__ = ["Description"]

TEMPLATE, SHOWN = "route-description", "example.text."


@attrs.frozen
class Description:
    """A task gets a text; who wrote it says besides where the way ends.

    The end is a thing of its own, ``task/ends_in``, that checks workers and is no label:
    where it is known, it is gold. The input may limit the text (``min_words``, ``max_characters``) and shows ``examples``
    that are not to be copied.

    Attributes:
        answer: the field of the answer that holds the text.
        rooms: the field of the input that lists where the way may end, if that is asked.
        gold: the private field of the input that says where it does end, if any, and
            the field of the answer that says it.

    Example:
        >>> task = Task("0", "way", {"rooms": ["Hall", "Attic"], "ends_in": "Attic"})
        >>> Description().gold(task)
        {'way/ends_in': 'Attic'}
        >>> Description().votes(task, {"description": "Go up.", "ends_in": "Attic"})
        [('way', 'Go up.'), ('way/ends_in', 'Attic')]
    """

    answer: str = "description"
    rooms: str = "rooms"
    gold_field: str = attrs.field(default="ends_in", alias="gold")

    def kind_of(self, _: Task) -> str:
        """Texts."""
        return "texts"

    def things(self, task: Task) -> list[tuple[str, tuple[str, ...]]]:
        """The task, which gets any text, and its end, one of the rooms."""
        text: list[tuple[str, tuple[str, ...]]] = [(task.name, ())]
        rooms = tuple(self._rooms(task.input))
        return [*text, (self._end(task), rooms)] if rooms else text

    def checks(self, task: Task) -> list[str]:
        """The end, if it is asked for."""
        return [self._end(task)] if self._rooms(task.input) else []

    def votes(self, task: Task, answer: JSON) -> list[tuple[str, str]]:
        """The task with the text, its end with the room."""
        text = [(task.name, answer[self.answer])]
        asked = bool(self._rooms(task.input))
        return [*text, (self._end(task), answer[self.gold_field])] if asked else text

    def gold(self, task: Task) -> dict[str, str]:
        """The room where the way is known to end."""
        known = task.input.get(self.gold_field)
        return {} if known is None else {self._end(task): known}

    def fields(self, task: Task, judgements: JSON) -> dict[str, Any]:
        """The text, the number of its words, and the room."""
        text = judgements[task.name]
        end = self._end(task)
        room = {self.gold_field: judgements[end]} if end in judgements else {}
        return {self.answer: text, "n_words": len(words(text)), **room}

    def input_faults(self, content: JSON) -> Iterator[tuple[str, str]]:
        """Rooms that are there twice, an end in none of them, points beside the map."""
        rooms, known = self._rooms(content), content.get(self.gold_field)
        for room in repeated(rooms):
            yield self.rooms, f"{room!r} is there twice"
        if known is not None and known not in rooms:
            choices = ", ".join(rooms) or "there are none"
            yield self.gold_field, f"{known!r} is none of the rooms: {choices}"
        yield from _misplaced(content)

    def answer_faults(self, task: Task, answer: JSON) -> Iterator[str]:
        """What the page would not have sent."""
        yield from self._text_faults(task.input, answer[self.answer])
        n_words = len(words(answer[self.answer]))
        if answer["n_words"] != n_words:
            yield f"n_words is {answer['n_words']}; the text has {n_words}"
        room, rooms = answer.get(self.gold_field), self._rooms(task.input)
        if rooms and room not in rooms:
            yield f"{self.gold_field} {room!r} is none of: {', '.join(rooms)}"
        if not rooms and room is not None:
            yield f"{self.gold_field} was not asked for"

    def _text_faults(self, content: JSON, text: str) -> Iterator[str]:
        n_words, least = len(words(text)), content.get("min_words", 1)
        if n_words < least:
            yield f"{n_words} words are written; the task asks for {least} or more"
        most = content.get("max_characters", len(text))
        if len(text) > most:
            yield f"{len(text)} characters are written; the task allows {most}"
        if is_repetitive(text, least):
            yield "the text repeats a few words"
        if any(is_copied(text, example) for example in _examples(content)):
            yield "the text is copied from an example"

    def _rooms(self, content: JSON) -> Sequence[str]:
        rooms: Sequence[str] = content.get(self.rooms, ())
        return rooms

    def _end(self, task: Task) -> str:
        return f"{task.name}/{self.gold_field}"


def _misplaced(content: JSON) -> Iterator[tuple[str, str]]:
    """Points that are not on the map."""
    width, height = content["map"]["width"], content["map"]["height"]
    ends = [(field, content[field]) for field in ("start", "goal") if field in content]
    for field, (x, y) in [*ends, *(("route", p) for p in content.get("route", ()))]:
        if not (0 <= x <= width and 0 <= y <= height):
            yield field, f"[{x}, {y}] is not on the map of {width} by {height}"


def _examples(content: JSON) -> tuple[str, ...]:
    """The texts that the page shows as examples: the requester's own, or else ours."""
    given = content.get("examples")
    if given is None:
        return _built_in()
    return tuple(example["text"] for example in given if "text" in example)


@functools.cache
def _built_in() -> tuple[str, ...]:
    languages = sorted((shelf() / TEMPLATE).glob("messages.*.json"))
    said = [item for path in languages for item in read_json(path).items()]
    return tuple(text for key, text in said if key.startswith(SHOWN))
