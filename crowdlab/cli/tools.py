"""Commands that work without a batch of their own."""

from pathlib import Path
from typing import Annotated, Any

import pandas as pd
import typer
from rich.console import Console

from crowdlab.aggregation import Aggregation, Consensus
from crowdlab.aggregation import aggregate as aggregate_votes
from crowdlab.cli.csv_files import read_csv, write_labels
from crowdlab.cli.options import (
    DEFAULT_ENDPOINT,
    DEFAULT_LEDGER,
    AsJSON,
    Endpoint,
    Kind,
    LedgerPlace,
    Method,
    Output,
    Settings,
    open_lab,
    read_settings,
)
from crowdlab.cli.screen import called_as, note, progress, show, show_json
from crowdlab.demo import show_demo
from crowdlab.display import report_table, write_report
from crowdlab.errors import BadInput
from crowdlab.replay import replay as replay_answers
from crowdlab.templates import load_template
from crowdlab.workflow.polls import CLASSES

__all__ = [
    "TOOLS",
    "aggregate",
    "demo",
    "replay",
]


def aggregate(
    answers: Annotated[Path, typer.Argument(help="A CSV of task,worker,label.")],
    method: Method = "auto",
    kind: Kind = None,
    truth: Annotated[
        Path | None, typer.Option(help="Known labels, a CSV of task,label.")
    ] = None,
    output: Output = None,
    workers: Annotated[
        Path | None, typer.Option(help="Write worker,quality,n to this file.")
    ] = None,
    as_json: AsJSON = False,
) -> None:
    """Aggregate anybody's answers into labels; those that are lists are JSON."""
    table = read_csv(answers, "task", "worker", "label")
    found = aggregate_votes(table, method, kind=kind or CLASSES)
    summary: dict[str, Any] = {
        "method": found.method,
        "n_tasks": len(found.labels),
        "n_workers": len(found.workers),
        "n_answers": int(found.labels["n_votes"].sum()),
    }
    if truth is not None:
        summary["accuracy"] = _accuracy(found, read_csv(truth, "task", "label"))
    if output is not None:
        write_labels(found.labels, output)
    if workers is not None:
        found.workers.to_csv(workers, index=False)
    if as_json:
        show_json(summary)
    else:
        shown = ", ".join(f"{name}={value!r}" for name, value in summary.items())
        print(f"Aggregated({shown})")  # noqa: T201 - the answer


def replay(
    tasks: Annotated[Path, typer.Argument(help="The inputs, with a column task.")],
    answers: Annotated[Path, typer.Argument(help="A CSV of task,worker,label.")],
    truth: Annotated[
        Path | None, typer.Option(help="Known labels, a CSV of task,label.")
    ] = None,
    template: Annotated[str, typer.Option(help="A template's name, or a folder.")] = (
        "text-classification"
    ),
    name: Annotated[str, typer.Option(help="What the batch is called.")] = "replay",
    reward: Annotated[str, typer.Option(help="Dollars for one answer.")] = "0.02",
    methods: Annotated[
        list[str] | None,
        typer.Option("--method", help="An aggregation method; repeat."),
    ] = None,
    settings: Settings = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Write a page to this file.")
    ] = None,
    ledger: LedgerPlace = DEFAULT_LEDGER,
    endpoint: Endpoint = DEFAULT_ENDPOINT,
    as_json: AsJSON = False,
) -> None:
    """Publish tasks, give their recorded answers again, and account for it all."""
    chosen = load_template(template)
    with open_lab(ledger, endpoint) as lab:
        account = replay_answers(
            lab,
            name,
            tasks=tasks,
            answers=answers,
            truth=truth,
            template=chosen,
            reward=reward,
            parameters=read_settings(settings, chosen),
            methods=methods or ("majority-vote", "dawid-skene"),
            watch=progress,
        )
        if output is not None:
            write_report([account], output)
            note(f"written: {output}")
    show(account, as_json=as_json, view=report_table(account))


def demo(
    folder: Annotated[
        Path, typer.Option(help="Where its files go; emptied at the start.")
    ] = Path("demo"),
    as_json: AsJSON = False,
) -> None:
    """Show the main job twice: real answers replayed, and pictures."""
    accounts = show_demo(folder, watch=progress, tell=note)
    if as_json:
        show_json([account.to_json() for account in accounts])
    else:
        for account in accounts:
            Console().print(report_table(account))
        note(
            f"Open {folder / 'report.html'} to see it drawn; then label your own: "
            f"{called_as()} create --help"
        )


#: In the order of the help page.
TOOLS = (aggregate, replay, demo)


def _accuracy(found: Aggregation | Consensus, truth: pd.DataFrame) -> float | None:
    if isinstance(found, Consensus):
        raise BadInput("--truth is for classes: other labels are right or nearly right")
    known = found.labels.merge(truth, on="task", suffixes=("", "_known"))
    return (
        float((known["label"] == known["label_known"]).mean()) if len(known) else None
    )
