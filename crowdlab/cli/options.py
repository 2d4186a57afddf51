"""The options that many commands share."""

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any

import typer

from crowdlab.errors import BadInput
from crowdlab.inputs.cells import from_text
from crowdlab.lab import LEDGER, Lab
from crowdlab.templates import Template

__all__ = [
    "AsJSON",
    "Assets",
    "AssetsURL",
    "BatchName",
    "Endpoint",
    "Fees",
    "Kind",
    "LedgerPlace",
    "Method",
    "Output",
    "Settings",
    "open_lab",
    "read_settings",
]

BatchName = Annotated[str, typer.Argument(metavar="BATCH", help="The batch's name.")]
LedgerPlace = Annotated[
    str,
    typer.Option(
        "--ledger",
        envvar="CROWDLAB_LEDGER",
        help="The file, or SQLAlchemy URL, that remembers it all.",
    ),
]
Endpoint = Annotated[
    str,
    typer.Option(
        envvar="CROWDLAB_ENDPOINT",
        help="local (marketplace.db beside you), memory, sandbox, production, or a URL.",
    ),
]
Assets = Annotated[
    str | None,
    typer.Option(
        envvar="CROWDLAB_ASSETS",
        help="Where images of this machine go: a folder that a crowdlab server shows, "
        "s3://bucket/prefix, or the URL of a crowdlab server.",
    ),
]
AssetsURL = Annotated[
    str | None,
    typer.Option(
        envvar="CROWDLAB_ASSETS_URL",
        help="The address of that folder or bucket for browsers, such as a CDN's.",
    ),
]
Fees = Annotated[
    str | None,
    typer.Option(
        envvar="CROWDLAB_FEES",
        help="The marketplace's prices: mturk, none, or a TOML or JSON file.",
    ),
]
AsJSON = Annotated[
    bool, typer.Option("--json", help="One JSON document on stdout, nothing else.")
]
Output = Annotated[
    Path | None, typer.Option("--output", "-o", help="Write to this file.")
]
Kind = Annotated[
    str | None,
    typer.Option(help="What labels are: classes, or values such as boxes or numbers."),
]
Method = Annotated[str, typer.Option(help="The name of an aggregation method.")]
Settings = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="FIELD=VALUE",
        help="A value that is the same for every task; items of a list are set apart by |.",
    ),
]

DEFAULT_LEDGER = LEDGER
DEFAULT_ENDPOINT = "local"


def open_lab(
    ledger: str,
    endpoint: str,
    assets: str | None = None,
    assets_url: str | None = None,
    *,
    fees: str | None = None,
) -> Lab:
    """The lab that a command works in."""
    return Lab(ledger, endpoint, fees=fees, assets=assets, assets_url=assets_url)


def read_settings(given: Iterable[str] | None, template: Template) -> dict[str, Any]:
    """What ``--set`` gives, as the template's schema wants it.

    Raises:
        BadInput: for a setting without a field, or of none that the template has.
    """
    cells: dict[str, str] = {}
    known = template.input_schema.get("properties", {})
    for setting in given or ():
        field, equals, value = setting.partition("=")
        if not equals:
            raise BadInput(f"--set {setting!r}: write it as FIELD=VALUE")
        if field not in known:
            choices = ", ".join(known)
            raise BadInput(f"--set {field}: {template.name} has the fields {choices}")
        cells[field] = value
    return from_text(cells, template.input_schema, "--set")
