"""What is wrong with a template folder, and how large its pages are."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Literal

import attrs

from crowdlab.errors import BadInput, BadQuestion, BadRow, BadTemplate
from crowdlab.model import Task
from crowdlab.questions import MAX_QUESTION_BYTES, parse_question
from crowdlab.templates.folders import find_folder, page_folder
from crowdlab.templates.loading import load_template
from crowdlab.templates.schemas import read_json
from crowdlab.templates.template import Template

__all__ = ["Finding", "lint_template"]

HTML, SCRIPT, STYLE = "page.html", "*.js", "style.css"

# What would break the page, or the pages of other tools that it is exported to.
TRAPS = (
    ((HTML, SCRIPT, STYLE), r"\$\{|\{\{|\{%", "other tools fill such marks in"),
    ((SCRIPT,), r"</script|<!--", "it would end the script"),
    ((HTML,), r"<(script|style|link|iframe)\b", "the page's policy refuses it"),
    ((HTML,), r"\s(on\w+|style)\s*=", "the page's policy refuses it"),
    ((HTML,), r"(src|href)\s*=\s*[\"']?(https?:)?//", "a page loads nothing"),
    ((STYLE,), r"@import|url\(", "a page loads nothing"),
    ((SCRIPT,), r"\b(alert|confirm|prompt)\(", "a sandboxed page shows no dialogs"),
    ((SCRIPT,), r"\b(inner|outer|insertAdjacent)HTML\b", "texts may be hostile"),
)
SPOKEN = re.compile(r"""(?:data-t(?:-label)?=|\bsay\(|\btLabel: )["']([\w.]*\w)["']""")
GAP = re.compile(r"\{(\w+)\}")


@attrs.frozen
class Finding:
    """One thing to know of a template folder.

    Attributes:
        level: a "fault" is to be mended, a "fact" is not.
        where: the file, and the row in it.
    """

    level: Literal["fault", "fact"]
    where: str
    what: str

    def __str__(self) -> str:
        """The finding as one line."""
        return f"{self.level}: {self.where}: {self.what}"


def lint_template(name_or_folder: str | Path) -> list[Finding]:
    """All findings about the template of that name, or in that folder.

    Example:
        >>> [finding.level for finding in lint_template("text-classification")]
        ['fact', 'fact']
    """
    folder = find_folder(name_or_folder)
    try:
        template = load_template(folder)
    except BadTemplate as error:
        return [Finding("fault", folder.name, str(error))]
    checks: list[Callable[[Template], Iterator[Finding]]] = [
        _lint_traps,
        _lint_messages,
        _lint_examples,
    ]
    return [finding for check in checks for finding in check(template)]


def _lint_traps(template: Template) -> Iterator[Finding]:
    for names, pattern, reason in TRAPS:
        for path in (
            path for name in names for path in sorted(template.folder.glob(name))
        ):
            text = path.read_text(encoding="utf-8")
            for match in re.finditer(pattern, text):
                line = text.count("\n", 0, match.start()) + 1
                where = f"{path.name}, line {line}"
                yield Finding("fault", where, f"{match[0].strip()!r}: {reason}")


def _lint_messages(template: Template) -> Iterator[Finding]:
    by_language = template.layout.messages
    spoken = set(SPOKEN.findall(f"{template.layout.body}\n{template.layout.script}"))
    shared = read_json(page_folder() / "messages.en.json")
    keys = spoken.union(shared, *by_language.values())
    first = by_language[template.languages[0]]
    for language, messages in by_language.items():
        where = f"messages.{language}.json"
        for key in sorted(keys - set(messages)):
            yield Finding("fault", where, f"{key!r} is missing")
        for key, text in messages.items():
            gaps = set(GAP.findall(text)) ^ set(GAP.findall(first.get(key, text)))
            if gaps:
                named = ", ".join(sorted(gaps))
                other = template.languages[0]
                yield Finding(
                    "fault", where, f"{key!r} and its {other!r} differ in {named}"
                )


def _lint_examples(template: Template) -> Iterator[Finding]:
    try:
        rows = template.examples()
    except ValueError as error:
        yield Finding("fault", "example.jsonl", f"no JSON: {error}")
        return
    if not rows:
        yield Finding("fault", "example.jsonl", "it is empty")
    for n, row in enumerate(rows, start=1):
        yield from _lint_example(template, row, f"example.jsonl, row {n}")


def _lint_example(
    template: Template, row: dict[str, Any], where: str
) -> Iterator[Finding]:
    try:
        task = template.task(row, where)
        n_bytes = max(
            _measure(template, task, language) for language in template.languages
        )
    except BadRow as error:
        yield Finding("fault", where, f"{error.field}: {error.reason}")
    except BadQuestion as error:
        yield Finding("fault", where, error.details if error.html else str(error))
    except BadInput as error:
        yield Finding("fault", where, str(error))
    else:
        sizes = template.sizes(
            task.input, task_id=task.task_id, language=template.languages[0]
        )
        parts = ", ".join(f"{part} {size:,}" for part, size in sizes.items())
        packed = ", packed" if sum(sizes.values()) > n_bytes else ""
        used = f"{n_bytes:,} of {MAX_QUESTION_BYTES:,} bytes{packed}"
        yield Finding("fact", where, f"{used}: {parts}")


def _measure(template: Template, task: Task, language: str) -> int:
    xml = template.question(task.input, task_id=task.task_id, language=language)
    parse_question(xml)
    return len(xml.encode())
