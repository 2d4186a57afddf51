"""What a HIT shows its workers, as far as its page tells: the template and the input."""

import base64
import functools
import json
import re
import zlib
from collections.abc import Mapping
from typing import Any

import attrs

from crowdlab.errors import BadAnswer, BadQuestion, CrowdlabError
from crowdlab.model import Task
from crowdlab.questions import (
    ExternalQuestion,
    HTMLQuestion,
    QuestionForm,
    parse_answers,
)
from crowdlab.questions.elements import name_of
from crowdlab.questions.markup import root
from crowdlab.templates import Template, list_templates, load_template

__all__ = ["Asked", "Said", "read_answer", "read_asked"]

JSON = Mapping[str, Any]

# Pages that would be too large are sent deflated, in base64.
_BLOCK = '<script type="application/(json|octet-stream)" id="{}">(.*?)</script>'
_PAGE = re.compile(_BLOCK.format("page"), re.DOTALL)
_TASK = re.compile(_BLOCK.format("task"), re.DOTALL)
#: What a packed page may hold; whoever wrote it may wish to fill the memory.
MOST_CHARACTERS = 2_000_000
#: The kinds of questions by the root of their XML.
KINDS = {
    HTMLQuestion.__name__: "a page",
    ExternalQuestion.__name__: "a page elsewhere",
    QuestionForm.__name__: "a form",
}


@attrs.frozen
class Asked:
    """What a HIT asks.

    Attributes:
        kind: of the question, in words.
        template: the name of the template whose page it is, if it is one of ours.
        version: of that template; ``language`` likewise.
        task: the template's input, in which what was private is not; ``None`` for
            pages of others.
    """

    kind: str
    template: str = ""
    version: str = ""
    language: str = ""
    task: Task | None = None

    @property
    def reader(self) -> Template | None:
        """What reads the answers, where the template is installed here."""
        return _installed(self.template) if self.task else None


@attrs.frozen
class Said:
    """What a worker answered.

    Attributes:
        fields: of the form that was posted.
        answer: the JSON of a page of ours; ``None`` where it is none.
        votes: each thing that was judged, with its label.
        fault: why the answer cannot be counted, or ``""``.
    """

    fields: Mapping[str, str]
    answer: JSON | None = None
    votes: tuple[tuple[str, Any], ...] = ()
    fault: str = ""

    @property
    def telemetry(self) -> JSON:
        """What the page measured of the work."""
        found = (self.answer or {}).get("telemetry")
        return found if isinstance(found, Mapping) else {}

    @property
    def active(self) -> float | None:
        """Seconds in which the worker was at it."""
        return _seconds(self.telemetry.get("active_ms"))

    @property
    def elapsed(self) -> float | None:
        """Seconds from the page's opening to its end."""
        return _seconds(self.telemetry.get("elapsed_ms"))

    @property
    def has_arrived(self) -> bool | None:
        """Whether a follower of a route thinks to have arrived."""
        found = (self.answer or {}).get("arrived")
        return found if isinstance(found, bool) else None

    @property
    def n_pasted(self) -> int:
        """How often text was pasted."""
        counts = self.telemetry.get("counts")
        found = counts.get("paste") if isinstance(counts, Mapping) else None
        return found if isinstance(found, int) else 0


def read_asked(xml: str, name: str = "") -> Asked:
    """What the XML of a question asks.

    Args:
        name: what the requester calls the task, where that is known.
    """
    try:
        question = root(xml, BadQuestion)
    except BadQuestion:
        return Asked("a page")
    kind = KINDS.get(name_of(question), "a page")
    page = next((part.text or "" for part in question), "")
    facts, task = _facts(page), _block(_TASK, page)
    if not isinstance(task, Mapping) or not isinstance(task.get("input"), Mapping):
        return Asked(kind)
    item = str(task.get("item", ""))
    return Asked(
        kind,
        str(facts.get("template", "")),
        str(facts.get("version", "")),
        str(facts.get("language", "")),
        Task(item, name or item, task["input"]),
    )


def read_answer(asked: Asked, xml: str) -> Said:
    """What the XML of an answer says; whatever is wrong with it is said too."""
    try:
        fields = parse_answers(xml)
    except BadAnswer as error:
        return Said({}, fault=str(error))
    answer = _answer(fields)
    template = asked.reader
    if template is None or asked.task is None:
        return Said(fields, answer)
    try:
        checked = template.read(asked.task, fields)
        votes = tuple(template.votes(asked.task, checked))
    except CrowdlabError as error:
        return Said(fields, answer, fault=str(error))
    except Exception:  # noqa: BLE001 - what judges it may be private, and not here
        return Said(fields, answer)
    return Said(fields, checked, votes)


@functools.cache
def _installed(name: str) -> Template | None:
    """The template of that name; never the folder that a page might name."""
    if name not in list_templates():
        return None
    try:
        return load_template(name)
    except CrowdlabError:
        return None


def _facts(page: str) -> JSON:
    """What a page knows of its template."""
    found = _block(_PAGE, page)
    if isinstance(found, list) and len(found) == len(("style", "facts", "script")):
        found = _parsed("json", str(found[1]))
    return found if isinstance(found, Mapping) else {}


def _block(pattern: re.Pattern[str], page: str) -> Any:
    found = pattern.search(page)
    return _parsed(*found.groups()) if found else None


# All pages of a batch have the same facts, and these are most of a page's JSON.
@functools.lru_cache(maxsize=64)
def _parsed(kind: str, text: str) -> Any:
    try:
        return json.loads(text if kind == "json" else _inflate(text))
    except (ValueError, RecursionError, zlib.error):
        return None


def _inflate(text: str) -> bytes:
    packed = base64.b64decode(text)
    return zlib.decompressobj(-zlib.MAX_WBITS).decompress(packed, MOST_CHARACTERS)


def _answer(fields: Mapping[str, str]) -> JSON | None:
    try:
        answer = json.loads(fields.get("answer", ""))
    except (ValueError, RecursionError):
        return None
    return answer if isinstance(answer, Mapping) else None


def _seconds(milliseconds: Any) -> float | None:
    is_number = isinstance(milliseconds, int | float) and milliseconds >= 0
    return milliseconds / 1000 if is_number else None
