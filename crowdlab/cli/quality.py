"""Commands that say how far to trust a crowd."""

from pathlib import Path
from typing import Annotated

import typer

from crowdlab.cli.csv_files import read_csv
from crowdlab.cli.options import AsJSON
from crowdlab.cli.screen import show
from crowdlab.errors import BadInput, BadVotes
from crowdlab.quality import Level
from crowdlab.quality import agreement as measure_agreement

__all__ = ["agreement"]


def agreement(
    answers: Annotated[Path, typer.Argument(help="A CSV of task,worker,label.")],
    level: Annotated[
        Level, typer.Option(help="What may be done with labels.")
    ] = Level.NOMINAL,
    order: Annotated[
        str | None,
        typer.Option(
            metavar="LABEL|LABEL|...",
            help="Ordinal labels, the lowest first, where they are no numbers.",
        ),
    ] = None,
    seed: Annotated[int, typer.Option(help="Of the interval's draws.")] = 0,
    as_json: AsJSON = False,
) -> None:
    """Say how far workers agree, beyond chance and with its interval."""
    table = read_csv(answers)
    ascending = order.split("|") if order else None
    try:
        found = measure_agreement(table, level, order=ascending, seed=seed)
    except BadVotes as error:
        raise BadInput(f"{answers}: {error}") from None
    show(found, as_json=as_json)
