"""``crowdlab-mturk-server``: moto's server, with Mechanical Turk registered."""

import argparse
from collections.abc import Sequence
from typing import Any

from moto import server
from moto.core.config import default_user_config

from crowdlab.moto.registration import REGIONS, register

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> None:
    """Serves until it is interrupted; what is not ours to read is moto's."""
    register()
    parser = _parser()
    ours, theirs = parser.parse_known_args(arguments)
    if {"-h", "--help"} & set(theirs):
        parser.print_help()
    config: dict[str, Any] = default_user_config  # type: ignore[assignment]
    config["mturk"] = {"environment": ours.environment}
    # Without any argument moto would read ours.
    server.main(theirs or ["--host", "127.0.0.1"])


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="crowdlab-mturk-server",
        description="moto's server with Mechanical Turk; other options are moto's own.",
        add_help=False,
    )
    parser.add_argument(
        "--environment",
        choices=REGIONS,
        default="production",
        help="the market of clients with region_name='us-east-1'; those with "
        "region_name='sandbox' always meet the sandbox",
    )
    return parser
