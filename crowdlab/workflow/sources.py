"""What a requester hands in: inputs, known labels, answers to reject."""

import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from crowdlab.assets import measured_fields
from crowdlab.errors import BadMoney, BadRow
from crowdlab.inputs import read_classes, read_rows
from crowdlab.money import dollars
from crowdlab.templates import Template
from crowdlab.workflow.bonuses import Wish
from crowdlab.workflow.creation import Row
from crowdlab.workflow.decisions import Rejection
from crowdlab.workflow.imports import Images

__all__ = ["read_bonuses", "read_inputs", "read_rejections", "read_truth"]

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
BONUSES = {
    "type": "object",
    "properties": {"assignment_id": TEXT, "amount": TEXT, "reason": TEXT},
    "required": ["assignment_id", "amount"],
}


def read_inputs(
    source: object, template: Template, parameters: Mapping[str, Any], images: Images
) -> Iterator[Row]:
    """The rows of the inputs; what the parameters or defaults give may be absent.

    Paths of images are looked for beside the file that names them, and those that no
    file names in the current folder.
    """
    schema = template.input_schema
    given = {*parameters, *template.defaults, *measured_fields(schema)}
    rows = read_rows(source, schema, given=given)
    beside = Path(source).parent if isinstance(source, str | os.PathLike) else Path()
    return images.import_rows(rows, beside)


def read_truth(source: object) -> Iterator[Row]:
    """Known labels: a mapping of task to label, rows with these columns, or a folder.

    In a folder of images each lies in a folder that is called as its label.
    """
    if source is None:
        return
    if isinstance(source, str | os.PathLike) and Path(source).is_dir():
        yield from read_classes(Path(source))
    elif isinstance(source, Mapping):
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


def read_bonuses(source: object, reason: str | None) -> Iterator[Wish]:
    """Bonuses to pay, each with its own reason or that given for all.

    Args:
        source: a mapping of assignment ids to dollars, or rows with the columns
            ``assignment_id``, ``amount`` and ``reason``.
    """
    if isinstance(source, Mapping):
        source = [
            {"assignment_id": k, "amount": amount} for k, amount in source.items()
        ]
    rows = read_rows(source, BONUSES)
    for origin, row in _complete(rows, "assignment_id", "amount"):
        try:
            amount = dollars(row["amount"])
        except BadMoney as error:
            raise BadRow(origin, "amount", str(error)) from None
        told = row.get("reason") or reason or ""
        yield Wish(origin, str(row["assignment_id"]), amount, str(told))


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
