"""Votes of a rating on a scale from 1 to 5."""

from collections.abc import Iterator
from typing import Any

import attrs

from crowdlab.model import Task
from crowdlab.templates.ballots.protocol import JSON, repeated, values_of

__all__ = ["Rating"]

STEPS = tuple(str(step) for step in range(1, 6))

# What an answer gives for a reason where only its rating is known.
UNKNOWN = "no reason is known"


@attrs.frozen
class Rating:
    """A task gets a number from 1 to 5; who rates low says why.

    Ratings are numbers, and no classes: 4 is nearer to 5 than 1 is, and workers who are
    strict or lenient are so all along. A mean that knows each worker's bias needs two
    facts of a worker where a confusion matrix needs twenty.

    Attributes:
        answer: the field of the answer that holds the rating.
        reasons: the field of the input that lists the reasons, and that of the answer
            that lists those which were ticked.
        why: the field of the input that holds the highest rating which needs a reason.
        gold: the private field of the input that holds the known rating, if any.

    Example:
        >>> task = Task("0", "way", {"why_up_to": 2, "reasons": ["vague"], "gold": 1})
        >>> ballot = Rating(gold="gold")
        >>> ballot.votes(task, {"rating": 4}), ballot.gold(task)
        ([('way', '4')], {'way': '1'})
        >>> list(ballot.answer_faults(task, {"rating": 2, "reasons": []}))
        ['a rating of 2 needs a reason']
    """

    answer: str = "rating"
    reasons: str = "reasons"
    why: str = "why_up_to"
    gold_field: str = attrs.field(default="", alias="gold")

    def kind_of(self, _: Task) -> str:
        """Numbers."""
        return "numbers"

    def things(self, task: Task) -> list[tuple[str, tuple[str, ...]]]:
        """The task alone, with the steps of the scale."""
        return [(task.name, STEPS)]

    def votes(self, task: Task, answer: JSON) -> list[tuple[str, str]]:
        """The task with its rating."""
        return [(task.name, str(answer[self.answer]))]

    def gold(self, task: Task) -> dict[str, str]:
        """The task with its known rating."""
        known = task.input.get(self.gold_field)
        return {} if known is None else {task.name: str(known)}

    def fields(self, task: Task, judgements: JSON) -> dict[str, Any]:
        """The rating, and that its reason is not known."""
        rating = int(judgements[task.name])
        why = {"comment": UNKNOWN} if rating <= task.input[self.why] else {}
        return {self.answer: rating, self.reasons: [], **why}

    def input_faults(self, content: JSON) -> Iterator[tuple[str, str]]:
        """A reason that is there twice."""
        known = self._known(content)
        yield from (
            (self.reasons, f"{reason!r} is there twice") for reason in repeated(known)
        )

    def answer_faults(self, task: Task, answer: JSON) -> Iterator[str]:
        """Reasons that nobody offered, and a low rating without any."""
        known = self._known(task.input)
        for reason in answer[self.reasons]:
            if reason not in known:
                yield f"reason {reason!r} is none of: {', '.join(known)}"
        rating, said = answer[self.answer], answer[self.reasons] or "comment" in answer
        if rating <= task.input[self.why] and not said:
            yield f"a rating of {rating} needs a reason"

    def _known(self, content: JSON) -> list[str]:
        return values_of(content[self.reasons])
