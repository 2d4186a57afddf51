"""Recorded answers, given again through a marketplace: the main job, end to end."""

from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from crowdlab.errors import BadInput
from crowdlab.inputs import read_rows
from crowdlab.lab import Lab, Named
from crowdlab.marketplace.crowd import Crowd, ReplayedCrowd
from crowdlab.templates import Template
from crowdlab.workflow import Amount, Progress, Report

__all__ = ["Watch", "carry_out", "replay"]

#: Shows how far something has come, under a name: a context that gives a progress.
Watch = Callable[[str], AbstractContextManager[Progress]]

TEXT = {"type": "string"}
ANSWERS = {
    "type": "object",
    "properties": {"task": TEXT, "worker": TEXT, "label": TEXT},
    "required": ["task", "worker", "label"],
}


def replay(
    lab: Lab,
    name: str,
    *,
    tasks: str | Path,
    answers: str | Path,
    truth: str | Path | None,
    template: Template,
    reward: Amount,
    watch: Watch,
    parameters: Mapping[str, Any] | None = None,
    methods: Iterable[str] = ("majority-vote", "dawid-skene"),
) -> Report:
    """Publishes tasks, gives their recorded answers again, and does the rest.

    Every recorded answer is submitted by its own worker through the worker's side of
    the embedded marketplace; all are collected, aggregated, approved and paid. A
    template that has choices gets the recorded labels, where no parameter says
    otherwise.

    Raises:
        BadInput: for files that do not fit, and a lab that works elsewhere.
    """
    recorded = _read_answers(answers)
    most = _count_most(recorded, answers)
    crowd = ReplayedCrowd(recorded)
    batch = lab.create(
        name,
        template=template,
        inputs=tasks,
        reward=reward,
        assignments=most,
        parameters=_with_choices(parameters or {}, template, recorded),
        truth=truth,
    )
    return carry_out(lab, batch, crowd, methods=methods, watch=watch)


def carry_out(
    lab: Lab,
    batch: Named,
    crowd: Crowd | Mapping[str, int],
    *,
    methods: Iterable[str],
    watch: Watch,
    seed: int = 0,
) -> Report:
    """Publishes a batch, lets a crowd answer it, and does the rest up to the report."""
    with watch("publishing") as progress:
        lab.publish(batch, progress=progress)
    with watch("answering") as progress:
        lab.simulate(batch, crowd, seed=seed, progress=progress)
    with watch("collecting") as progress:
        lab.collect(batch, progress=progress)
    for method in methods:
        lab.labels(batch, method)
    with watch("approving") as progress:
        lab.review(batch, progress=progress)
    return lab.report(batch)


Recorded = list[tuple[str, str, str]]


def _read_answers(path: str | Path) -> Recorded:
    return [
        (row["task"], row["worker"], row["label"])
        for _, row in read_rows(path, ANSWERS)
    ]


def _count_most(recorded: Recorded, path: str | Path) -> int:
    if not recorded:
        raise BadInput(f"{path}: there are no answers")
    counts: dict[str, int] = {}
    for task, _, _ in recorded:
        counts[task] = counts.get(task, 0) + 1
    return max(counts.values())


def _with_choices(
    parameters: Mapping[str, Any], template: Template, recorded: Recorded
) -> dict[str, Any]:
    given, fields = dict(parameters), template.input_schema.get("properties", {})
    if "choices" in fields:
        given.setdefault("choices", sorted({label for _, _, label in recorded}))
    if "question" in fields:
        given.setdefault("question", "Which label fits?")
    return given
