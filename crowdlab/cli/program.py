"""The program: its commands, and how it ends."""

import sys
from typing import Annotated

import typer

from crowdlab import __version__
from crowdlab.cli.assets import assets
from crowdlab.cli.doors import DOORS
from crowdlab.cli.machines import MACHINES
from crowdlab.cli.money import MONEY
from crowdlab.cli.people import panel_app
from crowdlab.cli.quality import agreement
from crowdlab.cli.screen import note
from crowdlab.cli.templates import templates_app
from crowdlab.cli.tools import TOOLS
from crowdlab.cli.verbs import VERBS
from crowdlab.errors import CrowdlabError

__all__ = [
    "app",
    "main",
    "program",
]

REFUSED, STOPPED = 1, 130

app = typer.Typer(
    name="crowdlab",
    help="Asks a crowd, pays it, and says how far to trust each answer.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
for verb in (*VERBS, *MONEY):
    app.command()(verb)
app.add_typer(templates_app, name="templates")
app.add_typer(panel_app, name="panel")
for tool in (*TOOLS, agreement, *MACHINES, assets, *DOORS):
    app.command()(tool)


def _say_version(wanted: bool) -> None:
    if wanted:
        print(f"crowdlab {__version__}")  # noqa: T201 - the answer
        raise typer.Exit


@app.callback()
def program(
    _version: Annotated[
        bool,
        typer.Option(
            "--version",
            help="Say the version and stop.",
            is_eager=True,
            callback=_say_version,
        ),
    ] = False,
) -> None:
    """Ask a crowd, pay it, and say how far to trust each answer."""


def main() -> None:
    """Runs the program: 0 when done, 1 when refused with one line, 2 when misused."""
    try:
        app()
    except (CrowdlabError, OSError) as error:
        note(f"crowdlab: {error}")
        sys.exit(REFUSED)
    except KeyboardInterrupt:
        note("crowdlab: stopped; nothing is half done, run it again to go on")
        sys.exit(STOPPED)
