"""Votes of the regions that were marked in a picture."""

from collections.abc import Iterator, Sequence
from typing import Any

import attrs

from crowdlab.model import Task
from crowdlab.templates.ballots.protocol import JSON, repeated
from crowdlab.templates.ballots.shapes import Frame, outline, tidied

__all__ = ["Regions"]

# The kinds of votes, by the tool that they need; an area says more than a place.
KINDS = {"polygon": "polygons", "box": "boxes", "point": "points"}


@attrs.frozen
class Regions:
    """A task gets the list of the regions that are in its picture.

    A region has a ``cls``, a ``kind``, and where it is in pixels from the top left: a
    box its ``bbox`` (left, top, width, height), a polygon and a point their ``points``.
    The input says how large the picture is (``width``, ``height``), what may be drawn
    (``tools``), how small (``min_side``, ``min_area``), how much (``min``, ``max``,
    ``allow_none``), and which regions are there to begin with (``initial``).

    Where polygons may be drawn, votes are polygons, and a box is one of four corners;
    else they are boxes where these may be drawn. Points are votes where nothing else
    may be drawn: beside areas they are in the answers alone.

    Attributes:
        answer: the field of the answer that lists the regions.
        classes: the field of the input that lists the classes: texts, or objects with
            a ``value``.
        gold: the private field of the input that lists the regions that are known to
            be there, if any.

    Example:
        >>> facts = {"width": 90, "height": 90, "classes": ["cat"], "tools": ["box"]}
        >>> task = Task("0", "pets", facts)
        >>> cat = {"id": "r1", "cls": "cat", "kind": "box", "bbox": [10, 10, 40, 30]}
        >>> Regions().kind_of(task), Regions().votes(task, {"regions": [cat]})
        ('boxes', [('pets', [{'kind': 'box', 'cls': 'cat', 'bbox': [10, 10, 40, 30]}])])
    """

    answer: str = "regions"
    classes: str = "classes"
    gold_field: str = attrs.field(default="", alias="gold")

    def kind_of(self, task: Task) -> str:
        """Polygons, boxes or points."""
        return KINDS[_tool(task.input)]

    def things(self, task: Task) -> list[tuple[str, tuple[str, ...]]]:
        """The task alone: there is no end of what regions may be."""
        return [(task.name, ())]

    def votes(self, task: Task, answer: JSON) -> list[tuple[str, Any]]:
        """The task with its regions."""
        return [(task.name, _labels(task.input, answer[self.answer]))]

    def gold(self, task: Task) -> dict[str, Any]:
        """The task with the regions that are known to be there."""
        known = task.input.get(self.gold_field)
        return {} if known is None else {task.name: _labels(task.input, known)}

    def fields(self, task: Task, judgements: JSON) -> dict[str, Any]:
        """The regions, numbered."""
        regions = judgements[task.name]
        numbered = [
            {"id": f"r{n}", **tidied({"kind": _tool(task.input), **region})}
            for n, region in enumerate(regions, start=1)
        ]
        size = {side: task.input[side] for side in ("width", "height")}
        return {"image": size, self.answer: numbered, "none": not regions}

    def input_faults(self, content: JSON) -> Iterator[tuple[str, str]]:
        """Classes and ids that are there twice, limits nobody can keep, bad regions."""
        for cls in repeated(self._classes(content)):
            yield self.classes, f"{cls!r} is there twice"
        least, most = content.get("min", 1), content.get("max")
        if most is not None and least > most:
            yield "min", f"{least} is more than the {most} that may be marked"
        for id_ in repeated(list(_ids(content.get("initial", ())))):
            yield "initial", f"the id {id_!r} is there twice"
        for field in ("initial", self.gold_field):
            for n, region in enumerate(content.get(field, ())):
                for reason in self._frame(content).faults(region):
                    yield f"{field}[{n}]", reason

    def answer_faults(self, task: Task, answer: JSON) -> Iterator[str]:
        """Another picture, broken limits and contradictions, bad regions."""
        content, regions = task.input, answer[self.answer]
        for side, n_pixels in answer["image"].items():
            if n_pixels != content[side]:
                yield f"the picture's {side} was {n_pixels}, and is {content[side]}"
        yield from _count_faults(content, len(regions), says_none=answer["none"])
        for id_ in repeated([region["id"] for region in regions]):
            yield f"the id {id_!r} is there twice"
        frame = self._frame(content)
        for region in regions:
            for reason in (*frame.faults(region), *_history_faults(content, region)):
                yield f"region {region['id']!r}: {reason}"

    def _classes(self, content: JSON) -> list[str]:
        return [c if isinstance(c, str) else c["value"] for c in content[self.classes]]

    def _frame(self, content: JSON) -> Frame:
        return Frame(
            content["width"],
            content["height"],
            self._classes(content),
            content.get("tools", ("box",)),
            content.get("min_side", 0),
            content.get("min_area", 0),
        )


def _tool(content: JSON) -> str:
    tools = content.get("tools", ("box",))
    return next(tool for tool in KINDS if tool in tools)


def _labels(content: JSON, regions: Sequence[JSON]) -> list[dict[str, Any]]:
    """The regions as votes of the task's kind."""
    tool = _tool(content)
    tidy = [tidied(region) for region in regions]
    if tool == "polygon":
        tidy = [_as_polygon(region) for region in tidy]
    return [region for region in tidy if region["kind"] == tool]


def _as_polygon(region: dict[str, Any]) -> dict[str, Any]:
    if region["kind"] != "box":
        return region
    return {"kind": "polygon", "cls": region["cls"], "points": outline(region)}


def _count_faults(content: JSON, n: int, *, says_none: bool) -> Iterator[str]:
    least, most = content.get("min", 1), content.get("max", n)
    if says_none and n:
        yield f"'none' and {n} regions exclude each other"
    elif says_none and not content.get("allow_none", True):
        yield "'none' is no answer to this task"
    elif not says_none and not least <= n <= most:
        most = content.get("max", "any number of")
        yield f"{n} regions are marked; the task asks for {least} to {most}"


def _ids(initial: Sequence[JSON]) -> list[str]:
    """The ids of the regions that are there to begin with, as pages give them."""
    return [region.get("id", f"i{n}") for n, region in enumerate(initial, start=1)]


def _history_faults(content: JSON, region: JSON) -> Iterator[str]:
    """What is untrue in what a region says of its own past."""
    if region.get("how") != "initial":
        return
    initial = content.get("initial", ())
    first = dict(zip(_ids(initial), initial, strict=True)).get(region["id"])
    if first is None:
        yield "it was not there to begin with"
    elif not region.get("modified") and tidied(first) != tidied(region):
        yield "it was modified, and says that it was not"
