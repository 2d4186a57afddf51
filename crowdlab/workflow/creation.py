"""Creating a batch: every row checked and every page rendered before money is spent."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any, TypeVar

import attrs

from crowdlab.accounting import FeeSchedule
from crowdlab.aggregation.answers import encoded
from crowdlab.errors import BadInput, BadQuestion, BadRow
from crowdlab.ledger import Ledger
from crowdlab.model import Batch, Task
from crowdlab.templates import Template
from crowdlab.workflow.costs import refuse_over_budget, worst_case
from crowdlab.workflow.footprints import PAGES
from crowdlab.workflow.imports import Images
from crowdlab.workflow.receipts import Created
from crowdlab.workflow.spools import spooled

__all__ = ["Row", "create"]

Row = tuple[str, Mapping[str, Any]]

T = TypeVar("T")

CHUNK = 500
LABEL = "label"


def create(
    ledger: Ledger,
    batch: Batch,
    template: Template,
    *,
    rows: Iterable[Row],
    images: Images,
    truths: Iterable[Row],
    fees: FeeSchedule,
) -> Created:
    """Notes a batch and its tasks in the ledger: all of it, or nothing.

    Args:
        rows: the inputs, each with its origin.
        images: those that come by with the rows.
        truths: known labels, as rows of ``task`` and ``label``.

    Raises:
        BadInput: for the first row that is wrong; the message names it.
        AlreadyExists: if there is a batch of that name.
        BudgetExceeded: if the worst case costs more than the budget.
    """
    ledger.batches.refuse_known(batch.name)
    pages = _Pages()
    made = _tasks(batch, template, rows, pages)
    with spooled(made) as tasks, ledger.transaction():
        key = ledger.batches.add(
            batch,
            fee=fees.fee(batch.reward, batch.assignments),
            seconds_per_task=template.seconds_per_task,
        )
        n_tasks = _add_tasks(ledger, key, tasks)
        ledger.assets.add(key, images.seen)
        ledger.batches.count_tasks(key, n_tasks)
        ledger.volumes.add(key, PAGES, pages.n_bytes)
        complete = attrs.evolve(batch, n_tasks=n_tasks)
        refuse_over_budget(complete, fees)
        for chunk in _chunks(truths):
            _add_truths(ledger, key, template, chunk)
    return _receipt(complete, fees)


@attrs.define
class _Pages:
    """The pages that went by."""

    n_bytes: int = 0


def _tasks(
    batch: Batch, template: Template, rows: Iterable[Row], pages: _Pages
) -> Iterator[tuple[str, Task]]:
    for origin, row in rows:
        task = template.task({**batch.parameters, **row}, origin)
        try:
            question = template.question(
                task.input, task_id=task.task_id, language=batch.language
            )
        except BadQuestion as error:
            raise BadRow(origin, "", str(error)) from error
        pages.n_bytes += len(question.encode())
        yield origin, task


def _add_tasks(ledger: Ledger, batch: int, tasks: Iterable[tuple[str, Task]]) -> int:
    n_tasks = 0
    for chunk in _chunks(tasks):
        ledger.tasks.add(batch, chunk, first=n_tasks)
        n_tasks += len(chunk)
    if not n_tasks:
        raise BadInput("inputs: there is no row")
    return n_tasks


def _add_truths(
    ledger: Ledger, batch: int, template: Template, rows: list[Row]
) -> None:
    tasks = ledger.tasks.named(batch, sorted(set(_candidates(rows))))
    labels = {}
    for origin, row in rows:
        thing, label = str(row["task"]), encoded(row[LABEL])
        _refuse_unknown(origin, thing, label, template, tasks)
        labels[thing] = label
    ledger.labels.add_truths(batch, labels)


def _candidates(rows: Iterable[Row]) -> Iterator[str]:
    """The names of the tasks that rows may be about: things may be parts of tasks."""
    for _, row in rows:
        thing = str(row["task"])
        yield thing
        yield thing.rpartition("/")[0]


def _refuse_unknown(
    origin: str, thing: str, label: str, template: Template, tasks: Mapping[str, Task]
) -> None:
    task = tasks.get(thing) or tasks.get(thing.rpartition("/")[0])
    if task is None:
        raise BadRow(origin, "task", f"the batch has no task {thing!r}")
    choices = dict(template.things(task))
    if thing not in choices:
        some = ", ".join(choices)
        raise BadRow(
            origin, "task", f"{thing!r} is not judged; task {task.name}: {some}"
        )
    if choices[thing] and label not in choices[thing]:
        some = ", ".join(choices[thing])
        raise BadRow(
            origin, LABEL, f"{label!r} is no label of {thing}; choose from: {some}"
        )


def _chunks(items: Iterable[T]) -> Iterator[list[T]]:
    rest = iter(items)
    while chunk := list(islice(rest, CHUNK)):
        yield chunk


def _receipt(batch: Batch, fees: FeeSchedule) -> Created:
    return Created(
        name=batch.name,
        tasks=batch.n_tasks,
        assignments=batch.assignments,
        reward=batch.reward,
        total=worst_case(batch, fees).total,
        budget=batch.budget,
        environment=batch.environment,
    )
