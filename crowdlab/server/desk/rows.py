"""Answers as rows of a table."""

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from typing import Any

import attrs

from crowdlab.marketplace import Requester
from crowdlab.marketplace.items import find_questions
from crowdlab.marketplace.submissions import Submission
from crowdlab.server.desk.tasks import Asked, Said, read_answer, read_asked

__all__ = ["AnswerRow", "make_row", "own_part", "read_rows", "summarise"]

#: What every page of ours says besides what the worker said.
SHARED = frozenset(
    {"schema", "template", "template_version", "item", "lang", "consent", "telemetry"}
)
MOST_SHOWN = 160


@attrs.frozen
class AnswerRow:
    """An answer, for a table.

    Attributes:
        item: what the requester calls the task, or the HIT's id.
        answer: what was said: the template's own part, or the fields of the form.
        summary: the same in a line.
        seconds: at work as far as the page measured it, else from accepting on.
        fault: why the answer cannot be counted, or empty.
    """

    assignment_id: str
    hit_id: str
    item: str
    worker_id: str
    status: str
    accepted: dt.datetime
    submitted: dt.datetime
    decided: dt.datetime | None
    auto_approval: dt.datetime | None
    seconds: float
    n_pasted: int
    answer: Mapping[str, Any]
    summary: str
    fault: str
    feedback: str


def read_rows(requester: Requester, answers: Sequence[Submission]) -> list[AnswerRow]:
    """Answers as rows, read as their tasks want them read."""
    names = {each.item: each.name for each in answers}
    questions = requester.read(find_questions, names)
    asked = {item: read_asked(xml, names[item]) for item, xml in questions.items()}
    return [make_row(each, asked[each.item]) for each in answers]


def make_row(submission: Submission, asked: Asked) -> AnswerRow:
    """The row of an answer."""
    said = read_answer(asked, submission.xml)
    waited = (submission.submitted - submission.accepted).total_seconds()
    return AnswerRow(
        assignment_id=submission.assignment_id,
        hit_id=submission.hit_id,
        item=submission.name or submission.hit_id,
        worker_id=submission.worker_id,
        status=submission.status,
        accepted=submission.accepted,
        submitted=submission.submitted,
        decided=submission.decided,
        auto_approval=submission.auto_approval,
        seconds=waited if said.active is None else said.active,
        n_pasted=said.n_pasted,
        answer=own_part(said),
        summary=summarise(said),
        fault=said.fault,
        feedback=submission.feedback,
    )


def own_part(said: Said) -> Mapping[str, Any]:
    """What the worker said, without what every page adds."""
    if said.answer is None:
        return said.fields
    return {name: value for name, value in said.answer.items() if name not in SHARED}


def summarise(said: Said) -> str:
    """What the worker said, in a line.

    Example:
        >>> summarise(Said({}, votes=(("pets/1", "yes"), ("pets/2", "no"))))
        'yes to 1 of 2'
        >>> summarise(Said({"animal": "cat"}))
        'animal: cat'
    """
    labels = [label for _, label in said.votes]
    if said.has_arrived is not None:
        text = "says: arrived" if said.has_arrived else "says: not arrived"
    elif len(labels) > 1 and set(labels) <= {"yes", "no"}:
        text = f"yes to {labels.count('yes')} of {len(labels)}"
    elif len(labels) == 1 and isinstance(labels[0], list):
        text = f"{len(labels[0])} regions"
    elif len(labels) == 1:
        text = str(labels[0])
    else:
        text = "; ".join(
            f"{name}: {value if isinstance(value, str) else json.dumps(value)}"
            for name, value in own_part(said).items()
        )
    return text if len(text) <= MOST_SHOWN else f"{text[:MOST_SHOWN]} …"
