"""The marketplace over HTTP, and old programs sent to it."""

from pathlib import Path
from typing import Annotated

import typer

from crowdlab.cli.people import PEOPLE
from crowdlab.cli.screen import show_json
from crowdlab.errors import BadInput
from crowdlab.redirect import ENDPOINT
from crowdlab.redirect import redirect as redirect_program

__all__ = ["DOORS", "redirect", "serve"]


def serve(
    store: Annotated[
        str,
        typer.Option(help="A file, a folder, or the URL of a PostgreSQL database."),
    ] = "marketplace.db",
    host: Annotated[str, typer.Option(help="The address to listen at.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="0 takes any that is free.")] = 5001,
    keys: Annotated[
        Path | None, typer.Option(help="The file of the access keys.")
    ] = None,
    new_key: Annotated[
        str | None,
        typer.Option(
            metavar="REQUESTER",
            help="Add a key for this requester to the file of --keys, show it and stop.",
        ),
    ] = None,
    environment: Annotated[
        str, typer.Option(help="For requests that do not say: production or sandbox.")
    ] = "production",
    site: Annotated[
        str | None, typer.Option(help="The origin of the workers' site.")
    ] = None,
    frames: Annotated[
        str | None, typer.Option(help="The origin of task pages: another host name.")
    ] = None,
    faults: Annotated[
        Path | None, typer.Option(help="A TOML file of faults to show, for tests.")
    ] = None,
    assets: Annotated[
        str | None,
        typer.Option(help="Where images are kept: a folder, or s3://bucket/prefix."),
    ] = None,
    registration: Annotated[
        str | None,
        typer.Option(
            help="Who may become a worker: open, invitation, closed; or names, for "
            "trying things on this machine without passwords.",
        ),
    ] = None,
    consent: Annotated[
        Path | None,
        typer.Option(help="A text file that every worker agrees to first."),
    ] = None,
    proxy: Annotated[
        str | None,
        typer.Option(help="The address of a reverse proxy in front of this server."),
    ] = None,
) -> None:
    """Serve the marketplace over HTTP: the requester API, and a site for workers."""
    from crowdlab import server  # noqa: PLC0415 - an extra

    if new_key is not None:
        if keys is None:
            raise BadInput("--new-key: needs --keys FILE to write the key to")
        key = server.add_key(keys, new_key)
        show_json({"access_key": key.access_key, "secret": key.secret})
        return
    server.serve(
        store,
        host=host,
        port=port,
        keys=keys,
        environment=environment,
        site=site,
        frames=frames,
        faults=faults,
        assets=assets,
        registration=registration,
        consent=consent,
        proxy=proxy,
    )


def redirect(
    command: Annotated[
        list[str], typer.Argument(help="The program and its arguments, after --.")
    ],
    endpoint: Annotated[
        str, typer.Option(help="The server that answers instead.")
    ] = ENDPOINT,
    access_key: Annotated[
        str | None, typer.Option(help="Signs the requests, where the server has keys.")
    ] = None,
    secret: Annotated[str | None, typer.Option(help="Of that key.")] = None,
) -> None:
    """Run an old program against another server than Mechanical Turk, unchanged."""
    status = redirect_program(command, endpoint, access_key=access_key, secret=secret)
    raise typer.Exit(status)


DOORS = (serve, *PEOPLE, redirect)
