"""Publishing: each task gets its HIT once, whatever is killed in between."""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

import attrs

from crowdlab.accounting import FeeSchedule
from crowdlab.assets import Home
from crowdlab.errors import BadInput, MTurkError
from crowdlab.ledger import BatchRecord, Ledger, NewHIT, TaskRecord
from crowdlab.model import Batch
from crowdlab.mturk import Connection, Transport, group
from crowdlab.questions import Annotation
from crowdlab.templates import Template
from crowdlab.workflow.costs import refuse_over_budget
from crowdlab.workflow.receipts import Progress, Published, no_progress
from crowdlab.workflow.reconciliation import find_existing, reconcile
from crowdlab.workflow.uploads import fill, upload

__all__ = [
    "CreateHIT",
    "perform",
    "plan",
    "plans",
    "publish",
    "refuse_changed",
    "refuse_elsewhere",
    "token",
]

Ready = Callable[[Sequence[TaskRecord]], Sequence[TaskRecord]]

CHUNK = 200
FIRST_COPY = 0


@attrs.frozen
class CreateHIT:
    """The plan to ask for a HIT.

    Attributes:
        token: makes the request unrepeatable, and finds the HIT again.
    """

    task: TaskRecord
    token: str


def token(batch_uid: str, task_id: str, copy: int) -> str:
    """The token of a HIT, the same whenever it is asked for.

    Example:
        >>> len(token("b", "t", 0)) <= 64
        True
    """
    text = f"{batch_uid}/{task_id}/{copy}"
    return hashlib.blake2b(text.encode(), digest_size=24).hexdigest()


def plan(record: BatchRecord, tasks: Sequence[TaskRecord]) -> list[CreateHIT]:
    """What is to be done for tasks that have no HIT."""
    return [
        CreateHIT(task, token(record.uid, task.task.task_id, FIRST_COPY))
        for task in tasks
    ]


def plans(
    ledger: Ledger, record: BatchRecord, ready: Ready = list
) -> Iterator[list[CreateHIT]]:
    """The plan for a whole batch, a chunk of tasks at a time.

    Args:
        ready: gives the tasks as they are to be published.
    """
    after = 0
    while tasks := ledger.tasks.unpublished(record.key, after=after, limit=CHUNK):
        yield plan(record, ready(tasks))
        after = tasks[-1].key


def publish(
    ledger: Ledger,
    connection: Connection,
    record: BatchRecord,
    template: Template,
    *,
    fees: FeeSchedule,
    find_home: Callable[[], Home],
    progress: Progress = no_progress,
    progress_of_images: Progress = no_progress,
) -> Published:
    """Creates a HIT for each task of a batch that has none.

    Args:
        find_home: gives the place where images live, once there is one.

    Raises:
        BadInput: if the batch was made for another environment or template version.
        BudgetExceeded: if the worst case costs more than the budget.
        MTurkError: if the marketplace refuses; what was created until then is noted.
    """
    batch = record.batch
    refuse_elsewhere(batch, connection)
    refuse_changed(batch, template)
    refuse_over_budget(batch, fees, bonuses=sum(ledger.bonuses.planned(record.key)))
    transport = connection.transport
    reconcile(ledger, transport, record)
    already = done = ledger.hits.count(record.key)
    ready: Ready = list
    if done < batch.n_tasks and ledger.assets.count(record.key):
        home = find_home()
        upload(ledger, record, home, progress=progress_of_images)
        ready = partial(fill, ledger, template, home)
    progress(done, batch.n_tasks)
    hit_type_id = None
    for actions in plans(ledger, record, ready):
        hit_type_id = hit_type_id or _create_hit_type(transport, batch)
        perform(
            ledger,
            transport,
            record,
            template=template,
            actions=actions,
            hit_type_id=hit_type_id,
        )
        done += len(actions)
        progress(done, batch.n_tasks)
    return Published(
        created=done - already, already=already, environment=connection.environment
    )


def perform(
    ledger: Ledger,
    transport: Transport,
    record: BatchRecord,
    *,
    template: Template,
    actions: Sequence[CreateHIT],
    hit_type_id: str,
) -> None:
    """Creates the planned HITs: intended in the ledger, asked for, then noted there."""
    ledger.hits.intend({a.token: a.task.key for a in actions}, copy=FIRST_COPY)
    new: list[NewHIT] = []
    refusal = None
    with group(transport):
        for action in actions:
            request = _request(record.batch, template, action, hit_type_id)
            try:
                hit_id = _create_hit(transport, request)
            except MTurkError as error:
                # Those before it exist, and have to be noted.
                refusal = error
                break
            new.append(NewHIT(action.task.key, FIRST_COPY, hit_id))
    ledger.hits.add(record.key, new, max_assignments=record.batch.assignments)
    if refusal is not None:
        raise refusal


def refuse_elsewhere(batch: Batch, connection: Connection) -> None:
    """Lets a batch pass whose environment is where the connection leads."""
    if batch.environment != connection.environment:
        raise BadInput(
            f"batch {batch.name!r} was created for {batch.environment!r}, and this lab "
            f"works in {connection.environment!r}"
        )


def refuse_changed(batch: Batch, template: Template) -> None:
    """Lets a batch pass whose tasks were checked by this version of the template."""
    if batch.template_version != template.version:
        raise BadInput(
            f"batch {batch.name!r} was created with version {batch.template_version} of "
            f"template {batch.template!r}, which is now {template.version}; create it anew"
        )


def _create_hit_type(transport: Transport, batch: Batch) -> str:
    answer = transport.call(
        "CreateHITType",
        {
            "Title": batch.title,
            "Description": batch.description,
            "Keywords": batch.keywords,
            "Reward": str(batch.reward),
            "AssignmentDurationInSeconds": batch.duration_seconds,
            "AutoApprovalDelayInSeconds": batch.auto_approval_seconds,
        },
    )
    return str(answer["HITTypeId"])


def _request(
    batch: Batch, template: Template, action: CreateHIT, hit_type_id: str
) -> dict[str, Any]:
    task = action.task.task
    return {
        "HITTypeId": hit_type_id,
        "MaxAssignments": batch.assignments,
        "LifetimeInSeconds": batch.lifetime_seconds,
        "Question": template.question(
            task.input, task_id=task.task_id, language=batch.language
        ),
        "UniqueRequestToken": action.token,
        "RequesterAnnotation": _annotation(batch, action).to_text(),
    }


def _annotation(batch: Batch, action: CreateHIT) -> Annotation:
    task = action.task.task
    # An id of ours tells nobody anything.
    name = "" if task.name == task.task_id else task.name
    return Annotation(action.token, batch.name, name)


def _create_hit(transport: Transport, request: Mapping[str, Any]) -> str:
    try:
        answer = transport.call("CreateHITWithHITType", request)
    except MTurkError as error:
        existing = find_existing(transport, request["UniqueRequestToken"], error)
        if existing is None:
            raise
        return existing
    return str(answer["HIT"]["HITId"])
