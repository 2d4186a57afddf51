"""A look at the place where images are to go."""

from typing import Annotated

import typer

from crowdlab.assets import open_home, probe
from crowdlab.cli.options import AsJSON, AssetsURL
from crowdlab.cli.screen import note, show

__all__ = ["assets"]


def assets(
    place: Annotated[
        str,
        typer.Argument(
            metavar="PLACE",
            help="A folder, s3://bucket/prefix, or the URL of a crowdlab server.",
        ),
    ],
    assets_url: AssetsURL = None,
    set_cors: Annotated[
        bool,
        typer.Option(
            "--set-cors",
            help="Let pages of every site read the pixels of what is in the bucket.",
        ),
    ] = False,
    as_json: AsJSON = False,
) -> None:
    """Put a tiny picture where images are to go, and look whether workers get it."""
    found = probe(open_home(place, url=assets_url), set_cors=set_cors)
    if not found.cors:
        note(
            "pages that read pixels need a CORS rule on this bucket, which --set-cors "
            "sets; those of crowdlab only show images"
        )
    show(found, as_json=as_json)
