"""Access keys: which secret signs for which requester."""

import json
import os
import secrets
import string
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import attrs

from crowdlab.errors import BadInput

__all__ = ["Key", "KeyRing", "add_key", "read_keys"]

MOST_NAME = 64
_CAPITALS = string.ascii_uppercase + string.digits
_LETTERS = string.ascii_letters + string.digits


@attrs.frozen
class Key:
    """An access key, as AWS programs are configured with one.

    Attributes:
        requester: the name of the account that it signs for; several keys may.
    """

    access_key: str
    secret: str = attrs.field(repr=False)
    requester: str

    def __attrs_post_init__(self) -> None:
        """Refuses what could not be a key."""
        for field in attrs.fields(type(self)):
            value = getattr(self, field.name)
            if not isinstance(value, str) or not value.isprintable() or not value:
                raise BadInput(f"{field.name}: needs a text of one line")
        if len(self.requester) > MOST_NAME:
            raise BadInput(f"requester: has more than {MOST_NAME} characters")


KeyRing = Mapping[str, Key]


def read_keys(file: str | Path) -> dict[str, Key]:
    """The keys of a TOML file, by access key.

    The file has a table ``[[keys]]`` for each, with ``access_key``, ``secret`` and
    ``requester``.

    Raises:
        BadInput: it cannot be read, or is written otherwise.
    """
    try:
        tables = tomllib.loads(Path(file).read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise BadInput(f"{file}: {error}") from error
    entries = tables.get("keys")
    if not isinstance(entries, list) or not entries:
        raise BadInput(f"{file}: has no [[keys]]; make one with --new-key NAME")
    keys: dict[str, Key] = {}
    for number, entry in enumerate(entries, start=1):
        key = _key(entry, f"{file}, key {number}")
        if key.access_key in keys:
            raise BadInput(f"{file}: has the access key {key.access_key!r} twice")
        keys[key.access_key] = key
    return keys


def add_key(file: str | Path, requester: str) -> Key:
    """A new key for a requester, written to the end of a file that others cannot read.

    Raises:
        BadInput: the file is there and is none of keys, or the name is no name.
    """
    key = Key(_random("AKIA", _CAPITALS, 20), _random("", _LETTERS, 40), requester)
    if Path(file).exists():
        read_keys(file)
    rows = (
        f"{name} = {json.dumps(value)}" for name, value in attrs.asdict(key).items()
    )
    text = "\n".join(["[[keys]]", *rows, "", ""])
    try:
        number = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, mode=0o600)
    except OSError as error:
        raise BadInput(f"{file}: {error.strerror}") from error
    with os.fdopen(number, "a", encoding="utf-8") as stream:
        stream.write(text)
    return key


def _random(start: str, choices: str, length: int) -> str:
    return start + "".join(secrets.choice(choices) for _ in range(length - len(start)))


def _key(entry: Any, where: str) -> Key:
    names = [field.name for field in attrs.fields(Key)]
    if not isinstance(entry, dict) or set(entry) != set(names):
        raise BadInput(f"{where}: needs exactly {', '.join(names)}")
    try:
        return Key(**entry)
    except BadInput as error:
        raise BadInput(f"{where}: {error}") from None
