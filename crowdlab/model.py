"""The nouns of the requester's side, as inert frozen objects."""

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import attrs

__all__ = ["Answer", "Batch", "Label", "Task", "Vote", "task_id"]

JSON = Mapping[str, Any]


def task_id(content: JSON) -> str:
    """The id of a task: a hash of its content, whatever the order of its keys.

    Example:
        >>> task_id({"a": 1, "b": 2}) == task_id({"b": 2, "a": 1})
        True
        >>> len(task_id({}))
        24
    """
    text = json.dumps(
        content, sort_keys=True, ensure_ascii=False, separators=(",", ":")
    )
    return hashlib.blake2b(text.encode(), digest_size=12).hexdigest()


@attrs.frozen
class Task:
    """A template with its input: one thing to judge.

    Attributes:
        task_id: hash of the content.
        name: what the requester calls it: the ``task`` column of the inputs where
            there is one, else the ``task_id``. Labels are reported under this name.
        input: the JSON that fills the template.
    """

    task_id: str
    name: str
    input: JSON


@attrs.frozen
class Batch:
    """Named tasks published together, paid alike.

    Attributes:
        template: the name of the template.
        template_path: the folder of a requester's own template, else ``None``.
        parameters: values that are the same for every task, such as the choices.
        reward: dollars for one approved assignment.
        assignments: how many workers answer each task.
        budget: what the worst case may cost in all, fees included; ``None`` for no limit.
        duration_seconds: the time a worker has for one assignment.
        lifetime_seconds: how long the HITs stay on the market.
        auto_approval_seconds: when unreviewed work is approved by itself.
        environment: where it goes, such as ``local``, ``sandbox`` or ``production``.
    """

    name: str
    template: str
    template_version: str
    template_path: str | None
    title: str
    description: str
    keywords: str
    parameters: JSON
    language: str
    reward: Decimal
    assignments: int
    budget: Decimal | None
    duration_seconds: int
    lifetime_seconds: int
    auto_approval_seconds: int
    environment: str
    n_tasks: int
    created_at: dt.datetime


@attrs.frozen
class Answer:
    """What one worker said.

    Attributes:
        task: the name of the task.
        answer: the JSON of the answer, or ``None`` where it could not be read.
        problem: why the answer is flagged, or ``""``.
        status: MTurk's own: Submitted, Approved or Rejected.
    """

    task: str
    worker: str
    assignment_id: str
    status: str
    accept_time: dt.datetime
    submit_time: dt.datetime
    answer: JSON | None
    problem: str = ""


@attrs.frozen
class Vote:
    """An answer reduced to one judgement of one thing."""

    task: str
    worker: str
    label: str


@attrs.frozen
class Label:
    """The aggregated verdict on one thing, with its confidence in 0..1."""

    task: str
    label: str
    confidence: float
    n_votes: int
