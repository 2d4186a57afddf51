"""The verbs of a lab that account for a batch: wages, bonuses, books, audit, report."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import attrs
import pandas as pd
import typer

from crowdlab.accounting import find_model
from crowdlab.cli.options import (
    DEFAULT_ENDPOINT,
    DEFAULT_LEDGER,
    AsJSON,
    BatchName,
    Endpoint,
    Fees,
    LedgerPlace,
    Output,
    open_lab,
)
from crowdlab.cli.screen import note, progress, show, show_json, to_text
from crowdlab.display import name_report, report_table, report_text, write_report
from crowdlab.errors import BadInput

__all__ = ["MONEY", "audit", "bonus", "books", "report", "wages"]


def wages(
    batch: BatchName,
    target: Annotated[
        str | None, typer.Option(help="Dollars an hour to come to, like 15.")
    ] = None,
    clock: Annotated[
        str, typer.Option(help="elapsed, or active: while the page was seen.")
    ] = "elapsed",
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="Write the bonuses to this CSV file."),
    ] = None,
    ledger: LedgerPlace = DEFAULT_LEDGER,
    endpoint: Endpoint = DEFAULT_ENDPOINT,
    fees: Fees = None,
    as_json: AsJSON = False,
) -> None:
    """Say what workers earn an hour, and which bonuses bring them to a target."""
    if output is not None and target is None:
        raise BadInput("--output: bonuses are for a --target")
    with open_lab(ledger, endpoint, fees=fees) as lab:
        earned = lab.wages(batch, target, clock=clock)
    if output is not None:
        earned.table.to_csv(output, index=False)
    show(earned, as_json=as_json)


def bonus(
    batch: BatchName,
    bonuses: Annotated[
        Path, typer.Argument(metavar="FILE", help="Of assignment_id,amount,reason.")
    ],
    reason: Annotated[
        str | None, typer.Option(help="What workers are told where FILE does not.")
    ] = None,
    ledger: LedgerPlace = DEFAULT_LEDGER,
    endpoint: Endpoint = DEFAULT_ENDPOINT,
    fees: Fees = None,
    as_json: AsJSON = False,
) -> None:
    """Pay bonuses, each once; repeat it after whatever happened."""
    with open_lab(ledger, endpoint, fees=fees) as lab, progress("paying") as tell:
        paid = lab.bonus(batch, bonuses, reason=reason, progress=tell)
    show(paid, as_json=as_json)


def books(
    batch: BatchName,
    by: Annotated[
        str | None,
        typer.Option(help="Sum what was paid: by task, worker, label, hit ..."),
    ] = None,
    output: Output = None,
    ledger: LedgerPlace = DEFAULT_LEDGER,
    endpoint: Endpoint = DEFAULT_ENDPOINT,
    as_json: AsJSON = False,
) -> None:
    """Give the books of a batch, in double entry, as CSV or JSON."""
    with open_lab(ledger, endpoint) as lab:
        booked = lab.books(batch)
    table = booked.table if by is None else booked.by(by)
    if output is not None:
        _write(output, table, booked.to_json())
    if as_json or output is not None:
        show(booked, as_json=as_json)
    else:
        print(table.to_csv(index=False), end="")  # noqa: T201 - the table is the answer


def audit(
    batch: BatchName,
    ledger: LedgerPlace = DEFAULT_LEDGER,
    endpoint: Endpoint = DEFAULT_ENDPOINT,
    as_json: AsJSON = False,
) -> None:
    """Hold the ledger against its marketplace; ends with 1 where they differ."""
    with open_lab(ledger, endpoint) as lab, progress("comparing") as tell:
        audited = lab.audit(batch, progress=tell)
    if as_json:
        show_json(audited.to_json())
    else:
        for each in audited.differences:
            print(f"{each.where}: {each.what} (${each.amount})")  # noqa: T201 - the answer
        count = len(audited.differences) or "no"
        note(f"{count} difference{'' if count == 1 else 's'}")
    if audited.differences:
        raise typer.Exit(1)


def report(
    batch: BatchName,
    output: Output = None,
    style: Annotated[
        str | None,
        typer.Option(
            "--format", help="html, markdown or json; else as the file's name says."
        ),
    ] = None,
    open_page: Annotated[
        bool, typer.Option("--open", help="Open the file; by default the page.")
    ] = False,
    train: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Say what training this model takes."),
    ] = None,
    batch_size: Annotated[int, typer.Option(help="Of that training.")] = 32,
    hours: Annotated[float | None, typer.Option(help="Of that training.")] = None,
    ledger: LedgerPlace = DEFAULT_LEDGER,
    endpoint: Endpoint = DEFAULT_ENDPOINT,
    as_json: AsJSON = False,
) -> None:
    """Give the account of a batch: money, labels, time and memory."""
    model = train and attrs.evolve(
        find_model(train), batch_size=batch_size, hours=hours
    )
    with open_lab(ledger, endpoint) as lab:
        account = lab.report(batch, training=model or None)
    if style is not None and output is None and not open_page:
        print(report_text([account], style))  # noqa: T201 - the answer
        return
    if output is not None or open_page:
        page = output or Path(name_report(account.name, style))
        write_report([account], page, style=style)
        note(f"written: {page}")
        if open_page:
            typer.launch(str(page))
    show(account, as_json=as_json, view=report_table(account))


#: In the order in which a batch meets them.
MONEY = (wages, bonus, books, audit, report)


def _write(output: Path, table: pd.DataFrame, sums: Mapping[str, Any]) -> None:
    """JSON has the sums too; everything else is CSV."""
    if output.suffix.lower() == ".json":
        document = {**sums, "entries": table.to_dict("records")}
        output.write_text(to_text(document), encoding="utf-8")
    else:
        table.to_csv(output, index=False)
