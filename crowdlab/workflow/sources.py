"""What a requester hands in: inputs, known labels, answers to reject."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import pandas as pd

from crowdlab.errors import BadRow
from crowdlab.inputs import read_rows
from crowdlab.templates import Template
from crowdlab.workflow.creation import Row
from crowdlab.workflow.decisions import Rejection

__all__ = ["read_inputs", "read_rejections", "read_truth"]

TEXT = {"type": "string"}
TRUTH = {
    "type": "object",
    "properties": {"task": TEXT, "label": TEXT},
    "required": ["task", "label"],
}
REJECTIONS = {
    "type": "object",
    "properties": {"assignment_id": TEXT, "feedback": TEXT},
    "required": ["assignment_id"],
}


def read_inputs(
    source: object, template: Template, parameters: Mapping[str, Any]
) -> Iterator[Row]:
    """The rows of the inputs; what the parameters or defaults give may be absent."""
    return read_rows(
        source, template.input_schema, given={*parameters, *template.defaults}
    )


def read_truth(source: object) -> Iterator[Row]:
    """Known labels, from a mapping of task to label or rows with these columns."""
    if source is None:
        return
    if isinstance(source, Mapping):
        for task, label in source.items():
            yield f"truth of {task!r}", {"task": task, "label": label}
    else:
        yield from _complete(read_rows(source, TRUTH), "task", "label")


def read_rejections(source: object, feedback: str | None) -> Iterator[Rejection]:
    """Answers to reject, each with its own feedback or that given for all.

    Args:
        source: assignment ids in a list or series, a mapping of them to feedback, or rows with
            the columns ``assignment_id`` and ``feedback``.
    """
    rows = read_rows(_spread(source), REJECTIONS)
    for origin, row in _complete(rows, "assignment_id"):
        told = row.get("feedback") or feedback or ""
        yield Rejection(origin, str(row["assignment_id"]), str(told))


def _complete(rows: Iterable[Row], *fields: str) -> Iterator[Row]:
    for origin, row in rows:
        for field in fields:
            if field not in row:
                raise BadRow(origin, field, "is missing")
        yield origin, row


def _spread(source: object) -> object:
    if isinstance(source, Mapping):
        return [{"assignment_id": k, "feedback": said} for k, said in source.items()]
    if isinstance(source, list | tuple | set | pd.Series):
        return [
            {"assignment_id": each} if isinstance(each, str) else each
            for each in source
        ]
    return source
