"""A look at a batch's page before anybody works on it."""

import base64
import copy
from pathlib import Path

from crowdlab.assets import find_places, read_picture, referred
from crowdlab.ledger import BatchRecord, Ledger
from crowdlab.model import Task
from crowdlab.templates import Template
from crowdlab.workflow.receipts import Preview
from crowdlab.workflow.uploads import read_image

__all__ = ["preview"]


def preview(
    ledger: Ledger, record: BatchRecord, template: Template, path: Path
) -> Preview:
    """Writes the page of a batch's first task to a file, its images inside it."""
    batch, task = record.batch, ledger.tasks.first(record.key)
    shown = _embed(ledger, record, template, task)
    page = template.page(shown, task_id=task.task_id, language=batch.language)
    question = template.question(
        task.input, task_id=task.task_id, language=batch.language
    )
    path.write_text(page, encoding="utf-8")
    return Preview(
        path=path, bytes=len(question.encode()), environment=batch.environment
    )


def _embed(
    ledger: Ledger, record: BatchRecord, template: Template, task: Task
) -> dict[str, object]:
    """The input of a task with the images of this machine inside it."""
    content = copy.deepcopy(dict(task.input))
    for place in find_places(content, template.input_schema):
        image = ledger.assets.find(
            record.key, digest=referred(place.address), url=place.address
        )
        if image is not None:
            picture = read_picture(read_image(image))
            text = base64.b64encode(picture.data).decode()
            place.put(f"data:{picture.media_type};base64,{text}")
    return content
