"""A look at a batch's page before anybody works on it."""

from pathlib import Path

from crowdlab.ledger import BatchRecord, Ledger
from crowdlab.templates import Template
from crowdlab.workflow.receipts import Preview

__all__ = ["preview"]


def preview(
    ledger: Ledger, record: BatchRecord, template: Template, path: Path
) -> Preview:
    """Writes the page of a batch's first task to a file."""
    batch, task = record.batch, ledger.tasks.first(record.key)
    page = template.page(task.input, task_id=task.task_id, language=batch.language)
    question = template.question(
        task.input, task_id=task.task_id, language=batch.language
    )
    path.write_text(page, encoding="utf-8")
    return Preview(
        path=path, bytes=len(question.encode()), environment=batch.environment
    )
