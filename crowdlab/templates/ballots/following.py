"""Votes of who followed a description: did they arrive?"""

import math
from collections.abc import Iterator
from typing import Any

import attrs

from crowdlab.errors import CrowdlabError
from crowdlab.model import Task
from crowdlab.templates.ballots.protocol import JSON, repeated, values_of
from crowdlab.templates.ballots.rating import UNKNOWN

__all__ = ["Following"]

YES, NO = "yes", "no"

# Pixels by which a path may miss its start: a browser rounds what it sends.
SLACK = 0.5


@attrs.frozen
class Following:
    """A description gets "yes" from every follower who arrived, else "no".

    Workers say where they went and whether they think that they arrived; whether they
    did is found out here, from what their page never had: the plan, and the way that
    was described.

    Attributes:
        answer: the field of the answer that lists the points of the walk.
        start: the field of the input where it begins.
        reasons: the field of the input that lists why one may not arrive, and that of
            the answer that lists which of them were ticked.
        plan: the private field of the input that holds the floor plan.
        route: the private field that lists the points of the way.
        threshold: the private field that says how many metres from the goal one has
            arrived.
        gold: the private field that says whether a good follower arrives, if any.
    """

    answer: str = "path"
    start: str = "start"
    reasons: str = "reasons"
    plan: str = "plan"
    route: str = "route"
    threshold: str = "threshold_metres"
    gold_field: str = attrs.field(default="", alias="gold")

    def kind_of(self, _: Task) -> str:
        """Routes."""
        return "routes"

    def things(self, task: Task) -> list[tuple[str, tuple[str, ...]]]:
        """The description, which was followed or not."""
        return [(task.name, (YES, NO))]

    def votes(self, task: Task, answer: JSON) -> list[tuple[str, str]]:
        """The description, with whether this follower arrived."""
        return [(task.name, YES if self._score(task, answer).success else NO)]

    def score(self, task: Task, answer: JSON) -> dict[str, Any]:
        """How far from the goal the walk ended, and how near to the way it was."""
        measures: dict[str, Any] = self._score(task, answer).as_dict()
        return measures

    def gold(self, task: Task) -> dict[str, str]:
        """The description, with whether a good follower arrives."""
        known = task.input.get(self.gold_field)
        return {} if known is None else {task.name: known}

    def fields(self, task: Task, judgements: JSON) -> dict[str, Any]:
        """The walk along the way itself, or none at all."""
        arrived = judgements[task.name] == YES
        path = task.input[self.route if arrived else self.start]
        return {
            self.answer: path if arrived else [path],
            "times": [0] * (len(path) if arrived else 1),
            "arrived": arrived,
            self.reasons: [],
            **({} if arrived else {"comment": UNKNOWN}),
            "clarity": 3,
        }

    def input_faults(self, content: JSON) -> Iterator[tuple[str, str]]:
        """A plan that is none, and a way that leads elsewhere or through its walls."""
        for reason in repeated(values_of(content[self.reasons])):
            yield self.reasons, f"{reason!r} is there twice"
        way = content[self.route]
        if math.dist(way[0], content[self.start]) > SLACK:
            yield self.route, f"it begins at {way[0]}, not at the {self.start}"
        try:
            leg = self._plan(content).blocked(way)
        except CrowdlabError as error:
            yield self.plan, str(error)
        else:
            if leg is not None:
                yield self.route, f"leg {leg + 1} leads through a wall"

    def answer_faults(self, task: Task, answer: JSON) -> Iterator[str]:
        """A walk that nobody can walk, and a failure without a reason."""
        path, times = answer[self.answer], answer["times"]
        if math.dist(path[0], task.input[self.start]) > SLACK:
            yield f"the path begins at {path[0]}, not at the start"
        if len(times) != len(path):
            yield f"{len(path)} points were reached at {len(times)} times"
        if sorted(times) != times:
            yield "the times are not in order"
        leg = self._plan(task.input).blocked(path)
        if leg is not None:
            yield f"leg {leg + 1} of the path leads through a wall"
        yield from self._verdict_faults(task.input, answer)

    def _verdict_faults(self, content: JSON, answer: JSON) -> Iterator[str]:
        known = values_of(content[self.reasons])
        for reason in answer[self.reasons]:
            if reason not in known:
                yield f"reason {reason!r} is none of: {', '.join(known)}"
        why = answer[self.reasons] or "comment" in answer
        if answer["arrived"] and len(answer[self.answer]) == 1:
            yield "it arrived without a step"
        if not answer["arrived"] and not why:
            yield "whoever did not arrive says why"

    def _score(self, task: Task, answer: JSON) -> Any:
        return _maps().score(
            self._plan(task.input),
            reference=task.input[self.route],
            path=answer[self.answer],
            arrived=answer["arrived"],
            threshold=task.input[self.threshold],
        )

    def _plan(self, content: JSON) -> Any:
        return _maps().read_plan(content[self.plan])


def _maps() -> Any:
    from crowdlab import maps  # noqa: PLC0415 - routes alone need its geometry

    return maps
