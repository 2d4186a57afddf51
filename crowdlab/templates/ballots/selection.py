"""Votes of yes or no for every tile of a task."""

from collections.abc import Iterator, Sequence
from typing import Any

import attrs

from crowdlab.model import Task
from crowdlab.templates.ballots.protocol import JSON, ids_of, repeated

__all__ = ["Selection"]

YES, NO = "yes", "no"


@attrs.frozen
class Selection:
    """Every tile of a task gets "yes" or "no"; the answer lists those that got "yes".

    The input may limit how many are selected (``min``, ``max``) and whether none may
    be (``allow_none``).

    Attributes:
        answer: the field of the answer that lists the ids of the selected tiles.
        tiles: the field of the input that lists the tiles: texts, whose ids are then
            "1", "2" ..., or objects with an ``id``.
        gold: the private field of the input that maps ids of tiles to the known "yes"
            or "no", if any.

    Example:
        >>> task = Task("0", "pets", {"images": ["a.png", "b.png"], "gold": {"2": "no"}})
        >>> ballot = Selection(gold="gold")
        >>> ballot.votes(task, {"selected": ["1"]}), ballot.gold(task)
        ([('pets/1', 'yes'), ('pets/2', 'no')], {'pets/2': 'no'})
    """

    answer: str = "selected"
    tiles: str = "images"
    gold_field: str = attrs.field(default="", alias="gold")

    def kind_of(self, _: Task) -> str:
        """Classes."""
        return "classes"

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

    def gold(self, task: Task) -> dict[str, str]:
        """The tiles whose label is known."""
        known = task.input.get(self.gold_field, {})
        return {f"{task.name}/{tile}": label for tile, label in known.items()}

    def fields(self, task: Task, judgements: JSON) -> dict[str, Any]:
        """The ids of the tiles judged "yes"."""
        shown = self._ids(task.input)
        selected = [tile for tile in shown if judgements[f"{task.name}/{tile}"] == YES]
        return {"shown": shown, self.answer: selected, "none": not selected}

    def input_faults(self, content: JSON) -> Iterator[tuple[str, str]]:
        """Ids that are there twice, limits that nobody can keep, gold of no tile."""
        ids = self._ids(content)
        least, most = self._limits(content)
        for tile in repeated(ids):
            yield self.tiles, f"the id {tile!r} is there twice"
        if most > len(ids):
            yield "max", f"{most} is more than the {len(ids)} tiles"
        if least > most:
            yield "min", f"{least} is more than the {most} that may be selected"
        yield from self._gold_faults(content.get(self.gold_field, {}), ids, content)

    def _gold_faults(
        self, known: JSON, ids: Sequence[str], content: JSON
    ) -> Iterator[tuple[str, str]]:
        for tile in sorted(set(known) - set(ids)):
            yield (
                self.gold_field,
                f"there is no tile {tile!r}; there are: {', '.join(ids)}",
            )
        least, most = self._limits(content)
        n_yes = list(known.values()).count(YES)
        if n_yes > most:
            yield self.gold_field, f"{n_yes} tiles are yes, and {most} may be selected"
        may_be_yes = len(ids) - list(known.values()).count(NO)
        if may_be_yes < least and not content.get("allow_none", True):
            yield (
                self.gold_field,
                f"{may_be_yes} tiles are not no, and {least} are asked for",
            )

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
        return ids_of(content[self.tiles])

    def _limits(self, content: JSON) -> tuple[int, int]:
        return content.get("min", 1), content.get("max", len(content[self.tiles]))
