"""Commands that work without a batch of their own."""

import json
from pathlib import Path
from typing import Annotated, Any

import pandas as pd
import typer
from rich.console import Console
from rich.table import Table

from crowdlab.aggregation import Aggregation
from crowdlab.aggregation import aggregate as aggregate_votes
from crowdlab.cli.csv_files import read_csv
from crowdlab.cli.options import (
    DEFAULT_ENDPOINT,
    DEFAULT_LEDGER,
    AsJSON,
    Endpoint,
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
from crowdlab.replay import replay as replay_answers
from crowdlab.templates import Template, lint_template, list_templates, load_template

__all__ = [
    "TOOLS",
    "aggregate",
    "demo",
    "replay",
    "templates",
    "templates_app",
    "templates_check",
    "templates_show",
]

LONG_TEXT, LONG_LIST = 60, 3

templates_app = typer.Typer(help="The templates that can be found.")


@templates_app.callback(invoke_without_command=True)
def templates(context: typer.Context, as_json: AsJSON = False) -> None:
    """List the templates that can be found."""
    if context.invoked_subcommand is not None:
        return
    found = [load_template(name) for name in list_templates()]
    if as_json:
        show_json([_facts(template) for template in found])
        return
    table = Table(
        "template", "version", "languages", "what workers are asked", box=None
    )
    for template in found:
        languages = ", ".join(template.languages)
        table.add_row(template.name, template.version, languages, template.title)
    Console().print(table)


@templates_app.command("show")
def templates_show(
    template: Annotated[str, typer.Argument(help="A template's name, or a folder.")],
    as_json: AsJSON = False,
) -> None:
    """Show the fields that fill a template, and an example of them."""
    chosen = load_template(template)
    if as_json:
        show_json(_facts(chosen))
        return
    required = set(chosen.input_schema.get("required", ()))
    table = Table("field", "", "what it is", box=None)
    for name, facts in chosen.input_schema.get("properties", {}).items():
        needed = "required" if name in required else ""
        table.add_row(name, needed, str(facts.get("description", "")))
    console = Console()
    console.print(f"{chosen.name} {chosen.version}: {chosen.description}", markup=False)
    console.print(table)
    example = json.dumps(_shorten(chosen.examples()[0]), ensure_ascii=False)
    print(f"An example, long values cut: {example}")  # noqa: T201 - the answer
    print("In a table the items of a list are set apart by |.")  # noqa: T201 - as above


@templates_app.command("check")
def templates_check(
    template: Annotated[str, typer.Argument(help="A template's name, or a folder.")],
    as_json: AsJSON = False,
) -> None:
    """Say what is to be mended in a template, and how large its pages are."""
    findings = lint_template(template)
    faults = [finding for finding in findings if finding.level == "fault"]
    if as_json:
        rows = [
            {"level": found.level, "where": found.where, "what": found.what}
            for found in findings
        ]
        show_json({"faults": len(faults), "findings": rows})
    else:
        for finding in findings:
            print(finding)  # noqa: T201 - the findings are the answer
    if faults:
        raise typer.Exit(1)


def aggregate(
    answers: Annotated[Path, typer.Argument(help="A CSV of task,worker,label.")],
    method: Method = "auto",
    truth: Annotated[
        Path | None, typer.Option(help="Known labels, a CSV of task,label.")
    ] = None,
    output: Output = None,
    workers: Annotated[
        Path | None, typer.Option(help="Write worker,quality,n to this file.")
    ] = None,
    as_json: AsJSON = False,
) -> None:
    """Aggregate anybody's answers into labels."""
    found = aggregate_votes(read_csv(answers, "task", "worker", "label"), method)
    summary: dict[str, Any] = {
        "method": found.method,
        "n_tasks": len(found.labels),
        "n_workers": len(found.workers),
        "n_answers": int(found.labels["n_votes"].sum()),
    }
    if truth is not None:
        summary["accuracy"] = _accuracy(found, read_csv(truth, "task", "label"))
    if output is not None:
        found.labels.to_csv(output, index=False)
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


def _facts(template: Template) -> dict[str, Any]:
    return {
        "name": template.name,
        "version": template.version,
        "title": template.title,
        "description": template.description,
        "languages": list(template.languages),
        "reward": f"{template.reward:.2f}",
        "folder": str(template.folder),
        "input_schema": template.input_schema,
        "example": template.examples()[0],
    }


def _shorten(value: Any) -> Any:
    """The value with its long texts and lists cut, for people."""
    if isinstance(value, str):
        return value if len(value) <= LONG_TEXT else value[: LONG_TEXT - 3] + "..."
    if isinstance(value, list):
        more = ["..."] if len(value) > LONG_LIST else []
        return [_shorten(item) for item in value[:LONG_LIST]] + more
    if isinstance(value, dict):
        return {name: _shorten(item) for name, item in value.items()}
    return value


def _accuracy(found: Aggregation, truth: pd.DataFrame) -> float | None:
    known = found.labels.merge(truth, on="task", suffixes=("", "_known"))
    return (
        float((known["label"] == known["label_known"]).mean()) if len(known) else None
    )
