"""Commands for templates: list them, show one, copy one, check one."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from crowdlab.cli.options import AsJSON
from crowdlab.cli.screen import called_as, note, show_json
from crowdlab.templates import (
    Template,
    check_template,
    copy_template,
    list_templates,
    load_template,
)

__all__ = [
    "templates",
    "templates_app",
    "templates_check",
    "templates_new",
    "templates_show",
]

LONG_TEXT, LONG_LIST = 60, 3

templates_app = typer.Typer(help="The templates that can be found, and your own.")


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


@templates_app.command("new")
def templates_new(
    name: Annotated[Path, typer.Argument(help="The folder to make.")],
    like: Annotated[
        str, typer.Option(help="The template to begin with: a name, or a folder.")
    ] = "text-classification",
    as_json: AsJSON = False,
) -> None:
    """Make a template of your own, to be changed."""
    made = copy_template(name, like=like)
    if as_json:
        show_json(_facts(made))
        return
    print(f"Made: {name}, like {like}")  # noqa: T201 - the answer
    note(f"Change its files, then: {called_as()} templates check {name}")


@templates_app.command("check")
def templates_check(
    template: Annotated[str, typer.Argument(help="A template's name, or a folder.")],
    as_json: AsJSON = False,
) -> None:
    """Say what is to be mended in a template, and how large its pages are."""
    findings = check_template(template)
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
