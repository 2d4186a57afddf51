"""What ``template.toml`` says: the facts of a template and what its requester may pay."""

import re
import tomllib
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import attrs

from crowdlab.errors import BadMoney, BadTemplate
from crowdlab.money import dollars

__all__ = ["Manifest", "check_name", "read_manifest"]

NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")

# MTurk's limits, in characters.
LONGEST = {"title": 128, "description": 2000, "keywords": 1000}


@attrs.frozen
class Manifest:
    """The facts of a template.

    Attributes:
        reward: the dollars advised for one answer.
        duration_seconds: the time a worker has for one assignment.
        lifetime_seconds: how long the HITs stay on the market.
        auto_approval_seconds: when unreviewed work is approved by itself.
        seconds_per_task: the time one answer is expected to take.
        languages: those of the page; the first is the default.
        votes: how an answer becomes votes: a ``kind`` and its settings.
        parts: the optional shared parts that its page is made of too.
    """

    version: str
    title: str
    description: str
    keywords: str
    languages: tuple[str, ...]
    reward: Decimal
    duration_seconds: int
    lifetime_seconds: int
    auto_approval_seconds: int
    seconds_per_task: float
    votes: Mapping[str, Any]
    parts: tuple[str, ...] = ()


def read_manifest(path: Path) -> Manifest:
    """The manifest in the file.

    Raises:
        BadTemplate: naming the file and its fault.
    """
    facts = _read(path)
    _check_keys(path, facts)
    for key, value in facts.items():
        _check_value(path, key, value)
    try:
        reward = dollars(facts.pop("reward"), name="reward")
    except BadMoney as error:
        raise BadTemplate(f"{path}: {error}") from None
    languages, parts = (tuple(facts.pop(key, ())) for key in ("languages", "parts"))
    return Manifest(reward=reward, languages=languages, parts=parts, **facts)


TYPES: Mapping[str, type | tuple[type, ...]] = {
    "version": str,
    "title": str,
    "description": str,
    "keywords": str,
    "languages": list,
    "reward": str,
    "duration_seconds": int,
    "lifetime_seconds": int,
    "auto_approval_seconds": int,
    "seconds_per_task": (int, float),
    "votes": dict,
    "parts": list,
}
OPTIONAL = {"parts"}


def check_name(folder: Path) -> None:
    """Refuses a folder whose name cannot be a template's.

    Raises:
        BadTemplate: saying how templates are named.
    """
    if not NAME.fullmatch(folder.name):
        raise BadTemplate(
            f"{folder}: a template's folder is named in small letters, digits "
            "and hyphens, like 'image-selection'"
        )


def _read(path: Path) -> dict[str, Any]:
    check_name(path.parent)
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise BadTemplate(f"{path}: {error.strerror}") from None
    except ValueError as error:
        raise BadTemplate(f"{path}: no TOML: {error}") from None


def _check_keys(path: Path, facts: Mapping[str, Any]) -> None:
    known = ", ".join(TYPES)
    for key in TYPES:
        if key not in facts and key not in OPTIONAL:
            raise BadTemplate(f"{path}: {key!r} is missing; the keys are: {known}")
    for key in facts:
        if key not in TYPES:
            raise BadTemplate(f"{path}: unknown key {key!r}; the keys are: {known}")


def _check_value(path: Path, key: str, value: Any) -> None:
    fault = _fault(key, value)
    if fault:
        raise BadTemplate(f"{path}: {key!r} {fault}")


def _fault(key: str, value: Any) -> str:
    if not _is_of(TYPES[key], value):
        return f"cannot be {value!r}"
    if value in ("", [], {}):
        return "is empty"
    if key in LONGEST and len(value) > LONGEST[key]:
        return f"is longer than {LONGEST[key]} characters"
    return "is negative" if _is_of((int, float), value) and value < 0 else ""


def _is_of(kind: type | tuple[type, ...], value: Any) -> bool:
    """Whether the value is of that kind; a list is one of texts."""
    if isinstance(value, list) and not all(isinstance(item, str) for item in value):
        return False
    return isinstance(value, kind) and not isinstance(value, bool)
