"""Runs a program whose requests to Mechanical Turk go elsewhere."""

import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from urllib.parse import urlsplit

from crowdlab.errors import BadInput

__all__ = ["ENDPOINT", "redirect"]

#: Where ``crowdlab serve`` listens unless it is told otherwise.
ENDPOINT = "http://127.0.0.1:5001"
HOOK = Path(__file__).parent / "hook"
#: With any of these Python does not read PYTHONPATH, or starts without its site.
ALONE = frozenset("EIS")
#: Options of Python that take the next argument as their value, or end the options.
_VALUED, _LAST = frozenset("WX"), frozenset("cm")


def redirect(
    command: Sequence[str],
    endpoint: str = ENDPOINT,
    *,
    access_key: str | None = None,
    secret: str | None = None,
) -> int:
    """Runs a program, and gives its exit code as a shell would.

    Every boto3 client for ``mturk`` in it, and in the Python programs that it starts,
    reaches the endpoint instead of Mechanical Turk: its sandbox where the program
    means Amazon's sandbox, its production where it means production. Other services
    are reached as ever.

    Args:
        command: the program and its arguments.
        endpoint: the URL of the server.
        access_key: what requests are signed with, for a server that has keys.
        secret: the secret of that key.

    Raises:
        BadInput: the command cannot be run, or not be redirected.
    """
    _check(command, endpoint)
    if (access_key is None) != (secret is None):
        raise BadInput("access_key and secret: give both or neither")
    told = {"CROWDLAB_REDIRECT": endpoint.rstrip("/") + "/"}
    if access_key is not None and secret is not None:
        told |= {
            "CROWDLAB_REDIRECT_KEY": access_key,
            "CROWDLAB_REDIRECT_SECRET": secret,
        }
    return _run(command, _surroundings(told))


def _check(command: Sequence[str], endpoint: str) -> None:
    parts = urlsplit(endpoint)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise BadInput(f"endpoint: {endpoint!r} must begin with https:// or http://")
    if not command:
        raise BadInput("command: needs a program, such as python old_script.py")
    if shutil.which(command[0]) is None:
        raise BadInput(f"command: there is no program {command[0]!r}")
    if option := _lone_option(command):
        raise BadInput(
            f"command: {command[0]} {option} reads no environment, so its requests "
            "would reach the real Mechanical Turk; leave that option out"
        )


def _lone_option(command: Sequence[str]) -> str:
    """The option that keeps Python from reading our hook, or ``""``."""
    if not Path(command[0]).name.startswith("python"):
        return ""
    arguments = iter(command[1:])
    for argument in arguments:
        if not argument.startswith("-") or argument.startswith("--"):
            break
        letters = argument[1:]
        ends = [place for place, x in enumerate(letters) if x in _VALUED | _LAST]
        flags = letters[: ends[0]] if ends else letters
        if ALONE & set(flags):
            return argument
        if ends and letters[ends[0]] in _LAST:
            break
        if ends and ends[0] == len(letters) - 1:
            next(arguments, None)
    return ""


def _surroundings(told: Mapping[str, str]) -> dict[str, str]:
    path = os.pathsep.join(filter(None, [str(HOOK), os.environ.get("PYTHONPATH")]))
    return {**os.environ, **told, "PYTHONPATH": path}


def _run(command: Sequence[str], environment: Mapping[str, str]) -> int:
    with subprocess.Popen(command, env=environment) as process:  # noqa: S603 - the user's own command
        code = _outlast(process)
    return code if code >= 0 else 128 - code


def _outlast(process: "subprocess.Popen[bytes]") -> int:
    """Waits; a terminal's interrupt reaches the program too, and it decides."""
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:
            continue
