"""A batch as it is asked for, checked against what a marketplace allows."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from crowdlab.errors import BadInput, NotFound
from crowdlab.model import Batch
from crowdlab.money import dollars
from crowdlab.templates import Template, list_templates, load_template

__all__ = ["Amount", "draft"]

Amount = str | int | Decimal

YEAR = 365 * 24 * 3600
LENGTHS = {
    "name": (1, 255),
    "title": (1, 128),
    "description": (1, 2000),
    "keywords": (0, 1000),
}
RANGES = {
    "assignments": (1, 1_000_000_000),
    "duration_seconds": (30, YEAR),
    "lifetime_seconds": (30, YEAR),
    "auto_approval_seconds": (0, 2_592_000),
}


def draft(
    name: str,
    template: Template,
    *,
    reward: Amount,
    assignments: int,
    budget: Amount | None,
    parameters: Mapping[str, Any],
    language: str,
    environment: str,
    **wishes: Any,
) -> Batch:
    """A batch without tasks yet; what is not wished for is as the template advises.

    Raises:
        BadInput: for a value that no marketplace takes; the message names it.
        NotFound: for a language that the template does not speak.
    """
    facts = {
        fact: getattr(template, fact) if wish is None else wish
        for fact, wish in wishes.items()
    }
    _check({"name": name, "assignments": assignments, **facts})
    if language not in template.languages:
        raise NotFound("language", language, template.languages)
    return Batch(
        name=name,
        template=template.name,
        template_version=template.version,
        template_path=_own_path(template),
        parameters=parameters,
        language=language,
        reward=dollars(reward, name="reward"),
        assignments=assignments,
        budget=None if budget is None else dollars(budget, name="budget"),
        environment=environment,
        n_tasks=0,
        created_at=dt.datetime.now(dt.UTC),
        **facts,
    )


def _check(facts: Mapping[str, Any]) -> None:
    for fact, value in facts.items():
        if fact in LENGTHS:
            _check_text(fact, value)
        else:
            _check_number(fact, value)


def _check_text(fact: str, text: Any) -> None:
    least, most = LENGTHS[fact]
    if not isinstance(text, str) or not least <= len(text) <= most:
        raise BadInput(f"{fact}: {text!r} is no text of {least} to {most} characters")


def _check_number(fact: str, number: Any) -> None:
    least, most = RANGES[fact]
    is_whole = isinstance(number, int) and not isinstance(number, bool)
    if not is_whole or not least <= number <= most:
        raise BadInput(
            f"{fact}: {number!r} is no whole number from {least} to {most:,}"
        )


def _own_path(template: Template) -> str | None:
    """The folder of a template that its name alone would not find."""
    if template.name in list_templates():
        found = load_template(template.name)
        if found.folder == template.folder:
            return None
    return str(Path(template.folder).resolve())
