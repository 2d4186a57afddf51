"""A template: the schemas and the page for one kind of task."""

import functools
import json
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import attrs

from crowdlab.errors import BadAnswer, BadQuestion, BadRow, NotFound
from crowdlab.model import Task, task_id
from crowdlab.questions import MAX_QUESTION_BYTES, HTMLQuestion
from crowdlab.templates.ballots import Ballot, Checking, Measuring
from crowdlab.templates.manifest import Manifest
from crowdlab.templates.page import Page, Sizes
from crowdlab.templates.schemas import Check, compile_schema

__all__ = ["Template"]

JSON = Mapping[str, Any]

NAME = "task"
ANSWER = "answer"
SCHEMA = "crowdlab.answer/1"


@attrs.frozen(eq=False)
class Template:
    """The schemas and the page for one kind of task.

    Attributes:
        folder: where its files are.
        manifest: its facts, as ``template.toml`` has them.
        input_schema: what fills it.
        answer_schema: what a worker may say.
        defaults: the input's values where a row has none.
        private: the fields of the input that no worker sees.
        layout: its page, without a task.
        ballot: how an answer becomes votes.

    Example:
        >>> from crowdlab.templates import load_template
        >>> template = load_template("text-classification")
        >>> row = {"task": "7", "text": "It rains.", "hypothesis": "It is wet."}
        >>> task = template.task(row, "row 1")
        >>> template.things(task)
        [('7', ('yes', 'no'))]
        >>> fields = template.answer(task, {"7": "yes"})
        >>> template.votes(task, template.read(task, fields))
        [('7', 'yes')]
    """

    folder: Path
    manifest: Manifest = attrs.field(repr=False)
    input_schema: JSON = attrs.field(repr=False)
    answer_schema: JSON = attrs.field(repr=False)
    defaults: JSON = attrs.field(repr=False)
    private: frozenset[str] = attrs.field(repr=False)
    layout: Page = attrs.field(repr=False)
    ballot: Ballot = attrs.field(repr=False)

    @property
    def name(self) -> str:
        """The name of the folder."""
        return self.folder.name

    @property
    def version(self) -> str:
        """The version of the template, which every answer repeats."""
        return self.manifest.version

    @property
    def title(self) -> str:
        """What workers read in the list of HITs."""
        return self.manifest.title

    @property
    def description(self) -> str:
        """What workers read before they open a HIT."""
        return self.manifest.description

    @property
    def keywords(self) -> str:
        """The words by which workers find it, separated by commas."""
        return self.manifest.keywords

    @property
    def reward(self) -> Decimal:
        """The dollars advised for one answer."""
        return self.manifest.reward

    @property
    def duration_seconds(self) -> int:
        """The time a worker has for one assignment."""
        return self.manifest.duration_seconds

    @property
    def lifetime_seconds(self) -> int:
        """How long the HITs stay on the market."""
        return self.manifest.lifetime_seconds

    @property
    def auto_approval_seconds(self) -> int:
        """When unreviewed work is approved by itself."""
        return self.manifest.auto_approval_seconds

    @property
    def seconds_per_task(self) -> float:
        """The time one answer is expected to take, for the wage."""
        return self.manifest.seconds_per_task

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages of the page; the first is the default."""
        return self.manifest.languages

    def examples(self) -> list[dict[str, Any]]:
        """The rows of ``example.jsonl``."""
        text = (self.folder / "example.jsonl").read_text(encoding="utf-8")
        return [json.loads(line) for line in text.split("\n") if line.strip()]

    def task(self, row: JSON, origin: str) -> Task:
        """The task of a row of inputs.

        The field ``task`` is the requester's own name of it: it counts for the
        identity of the task, but no worker sees it. What is private does not even
        count: workers see the identity, and could try out what makes it.

        Raises:
            BadRow: naming the origin, the field and the reason.
        """
        content = {**self.defaults, **row}
        given_name = content.pop(NAME, None)
        fault = self._input_fault(content)
        if fault is not None:
            raise BadRow(origin, *fault)
        if given_name is None:
            identity = self._identify(content, origin)
            return Task(identity, identity, content)
        name = _named(given_name, origin)
        return Task(self._identify({**content, NAME: name}, origin), name, content)

    def page(self, content: JSON, *, task_id: str, language: str) -> str:
        """The HTML document that shows a task."""
        self._check_language(language)
        return self.layout.html(self._shown(content), item=task_id, language=language)

    def question(self, content: JSON, *, task_id: str, language: str) -> str:
        """The page as the XML of an ``HTMLQuestion``, packed where it must be.

        Raises:
            BadQuestion: over the size that a question may have; it names the sizes of
                the page's parts.
        """
        html = self.page(content, task_id=task_id, language=language)
        xml = HTMLQuestion(html).to_xml()
        if len(xml.encode()) <= MAX_QUESTION_BYTES:
            return xml
        shown = self._shown(content)
        html = self.layout.packed(shown, item=task_id, language=language)
        xml = HTMLQuestion(html).to_xml()
        n_bytes = len(xml.encode())
        if n_bytes <= MAX_QUESTION_BYTES:
            return xml
        sizes = self.sizes(content, task_id=task_id, language=language)
        parts = ", ".join(f"{part} {size:,}" for part, size in sizes.items())
        raise BadQuestion(
            f"task {task_id} makes a question of {n_bytes:,} bytes when it is packed, "
            f"and {MAX_QUESTION_BYTES:,} are allowed; its parts, unpacked: {parts}"
        )

    def sizes(self, content: JSON, *, task_id: str, language: str) -> Sizes:
        """The bytes of each part of the page that shows a task."""
        self._check_language(language)
        return self.layout.sizes(self._shown(content), item=task_id, language=language)

    def read(self, task: Task, fields: Mapping[str, str]) -> dict[str, Any]:
        """The answer in the fields that a page posted, checked.

        Raises:
            BadAnswer: saying what is wrong with it.
        """
        answer: dict[str, Any] = _parse(fields)
        fault = self._check_answer(answer)
        if fault is not None:
            raise BadAnswer(": ".join(part for part in fault if part))
        for reason in self._faults(task, answer):
            raise BadAnswer(reason)
        return answer

    def kind_of(self, task: Task) -> str:
        """What its labels are: ``"classes"``, or a kind that aggregation knows."""
        return self.ballot.kind_of(task)

    def things(self, task: Task) -> list[tuple[str, tuple[str, ...]]]:
        """Each thing that is judged in a task, with the labels it may get.

        There are none to list, ``()``, where a label is no choice out of a few.
        """
        return self.ballot.things(task)

    def checks(self, task: Task) -> list[str]:
        """The things of a task that only show who took care, and are no labels."""
        return self.ballot.checks(task) if isinstance(self.ballot, Checking) else []

    def votes(self, task: Task, answer: JSON) -> list[tuple[str, Any]]:
        """Each thing that is judged in a task, with the label the answer gives it."""
        return self.ballot.votes(task, answer)

    def score(self, task: Task, answer: JSON) -> dict[str, Any] | None:
        """The measures of an answer, by name; ``None`` where there are none.

        Of a walk they are those of :func:`crowdlab.maps.scoring.score`.
        """
        if not isinstance(self.ballot, Measuring):
            return None
        return self.ballot.score(task, answer)

    def gold(self, task: Task) -> dict[str, Any]:
        """The labels that the requester planted in a task, unseen by workers."""
        return self.ballot.gold(task)

    def answer(self, task: Task, judgements: JSON) -> dict[str, str]:
        """The fields that a page would post for these judgements: the inverse of votes.

        Raises:
            BadAnswer: if the page would not let a worker say that.
        """
        wanted = {thing for thing, _ in self.things(task)}
        for thing in sorted(wanted - set(judgements)):
            raise BadAnswer(f"nothing is said of {thing!r}")
        for thing in sorted(set(judgements) - wanted):
            raise BadAnswer(f"the task does not ask for {thing!r}")
        answer = {
            "schema": SCHEMA,
            "template": self.name,
            "template_version": self.version,
            "item": task.task_id,
            "lang": self.languages[0],
            **self.ballot.fields(task, judgements),
            **_consent(task),
            "telemetry": {"v": 1, "elapsed_ms": 0, "active_ms": 0},
        }
        for reason in self.ballot.answer_faults(task, answer):
            raise BadAnswer(reason)
        return {ANSWER: json.dumps(answer, separators=(",", ":"))}

    @functools.cached_property
    def _check_input(self) -> Check:
        return compile_schema(self.input_schema)

    @functools.cached_property
    def _check_answer(self) -> Check:
        return compile_schema(self.answer_schema)

    def _shown(self, content: JSON) -> JSON:
        return {
            name: value for name, value in content.items() if name not in self.private
        }

    def _identify(self, content: JSON, origin: str) -> str:
        try:
            json.dumps([content[name] for name in self.private & content.keys()])
            return task_id(self._shown(content))
        except UnicodeEncodeError:
            raise BadRow(origin, "", "it holds half of a character") from None
        except TypeError as error:
            raise BadRow(origin, "", f"it is no JSON: {error}") from None

    def _input_fault(self, content: JSON) -> tuple[str, str] | None:
        fault = self._check_input(content)
        return fault or next(self.ballot.input_faults(content), None)

    def _faults(self, task: Task, answer: JSON) -> Iterator[str]:
        if answer["item"] != task.task_id:
            yield f"it answers another task: {answer['item']!r}"
        asked, given = task.input.get("consent"), answer.get("consent")
        if asked and (given is None or given["version"] != asked["version"]):
            yield f"it does not agree to version {asked['version']!r} of the consent"
        yield from self.ballot.answer_faults(task, answer)

    def _check_language(self, language: str) -> None:
        if language not in self.languages:
            raise NotFound("language", language, self.languages)


def _consent(task: Task) -> dict[str, Any]:
    if "consent" not in task.input:
        return {}
    return {"consent": {"version": task.input["consent"]["version"], "at_ms": 0}}


def _named(name: object, origin: str) -> str:
    if not isinstance(name, str | int) or isinstance(name, bool) or name == "":
        raise BadRow(origin, NAME, f"{name!r} is no name")
    return str(name)


def _parse(fields: Mapping[str, str]) -> Any:
    if ANSWER not in fields:
        present = ", ".join(fields) or "none"
        raise BadAnswer(f"there is no field {ANSWER!r}; the fields are: {present}")
    try:
        answer = json.loads(fields[ANSWER], parse_constant=_refuse_constant)
        if "\\ud" in fields[ANSWER].lower():
            json.dumps(answer, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise BadAnswer("it holds half of a character") from None
    except (ValueError, RecursionError) as error:
        raise BadAnswer(f"it is no JSON: {error}") from None
    return answer


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is no number")
