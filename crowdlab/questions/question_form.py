"""QuestionForm: questions that the marketplace itself puts on a page."""

from collections.abc import Mapping, Sequence

import attrs

from crowdlab.questions.answer_specification import (
    AnswerSpecification,
    FileUploadAnswer,
    FreeTextAnswer,
    SelectionAnswer,
)
from crowdlab.questions.content import FORM_2005, Block, read_blocks
from crowdlab.questions.elements import (
    Children,
    Element,
    boolean,
    name_of,
    namespace_of,
    text,
)
from crowdlab.questions.markup import SCHEMAS, document, element, escape

__all__ = ["FORM_2017", "Fields", "Overview", "Question", "QuestionForm", "values_of"]

Fields = Mapping[str, str | Sequence[str]]

FORM_2017 = f"{SCHEMAS}2017-11-06/QuestionForm.xsd"


def values_of(field: str | Sequence[str]) -> tuple[str, ...]:
    """The values of a form's field, of which there may be one or several."""
    return (field,) if isinstance(field, str) else tuple(field)


@attrs.frozen
class Overview:
    """What a form says beside its questions."""

    content: tuple[Block, ...]

    @classmethod
    def read(cls, overview: Element) -> "Overview":
        """The overview of an element."""
        return cls(read_blocks(overview))

    def to_xml(self) -> str:
        """The overview as the wire carries it."""
        return element("Overview", *(block.to_xml() for block in self.content))


@attrs.frozen
class Question:
    """One question of a form.

    Attributes:
        identifier: the name of the answer, and of the field in a page.
        content: what the worker sees of it.
        answer: what is accepted as an answer.
        display_name: the heading, or ``None``.
        required: whether the form cannot be submitted without an answer.
    """

    identifier: str
    content: tuple[Block, ...]
    answer: AnswerSpecification
    display_name: str | None = None
    required: bool = False

    @property
    def other_field(self) -> str:
        """The name of the field for what is written instead of a choice."""
        return f"{self.identifier}.other"

    @classmethod
    def read(cls, question: Element) -> "Question":
        """The question of an element."""
        with Children(question) as children:
            identifier = text(children.take("QuestionIdentifier"))
            display_name = children.maybe("DisplayName")
            required = children.maybe("IsRequired")
            content = read_blocks(children.take("QuestionContent"))
            answer = _read_answer(children.take("AnswerSpecification"))
        return cls(
            identifier,
            content,
            answer,
            None if display_name is None else text(display_name),
            required is not None and boolean(required),
        )

    def to_xml(self) -> str:
        """The question as the wire carries it."""
        parts = [element("QuestionIdentifier", escape(self.identifier))]
        if self.display_name is not None:
            parts.append(element("DisplayName", escape(self.display_name)))
        if self.required:
            parts.append(element("IsRequired", "true"))
        content = element(
            "QuestionContent", *(block.to_xml() for block in self.content)
        )
        answer = element("AnswerSpecification", self.answer.to_xml())
        return element("Question", *parts, content, answer)

    def given(self, fields: Fields) -> tuple[tuple[str, ...], str]:
        """The values given in a page's fields, and what is written instead."""
        values = values_of(fields.get(self.identifier, ()))
        has_other = isinstance(self.answer, SelectionAnswer) and self.answer.other
        other = values_of(fields.get(self.other_field, "")) if has_other else ()
        return tuple(filter(None, values)), "".join(other)

    def complaint(self, fields: Fields) -> str:
        """What is wrong with the answer in a page's fields, or ``""``."""
        values, other = self.given(fields)
        if not values and not other:
            return "needs an answer" if self.required else ""
        if isinstance(self.answer, SelectionAnswer):
            return self.answer.complaint(values, other)
        if isinstance(self.answer, FreeTextAnswer):
            return self.answer.complaint("|".join(values))
        return ""


@attrs.frozen
class QuestionForm:
    """Questions that the marketplace itself puts on a page.

    Attributes:
        parts: overviews and questions in the order in which they are shown.
        namespace: which edition of the schema it keeps to.
    """

    parts: tuple[Overview | Question, ...]
    namespace: str = FORM_2017

    @property
    def questions(self) -> tuple[Question, ...]:
        """The questions without the overviews."""
        return tuple(part for part in self.parts if isinstance(part, Question))

    @classmethod
    def read(cls, root: Element) -> "QuestionForm":
        """The form of a parsed document, which must ask at least one question."""
        with Children(root) as children:
            overviews = list(children.each("Overview"))
            rest = list(children.some("Question"))
            rest += children.each("Overview", "Question")
        return cls(tuple(map(_read_part, overviews + rest)), namespace_of(root))

    def to_xml(self) -> str:
        """The form as the wire carries it."""
        parts = [part.to_xml() for part in self.parts]
        return document("QuestionForm", self.namespace, *parts)

    def complaints(self, fields: Fields) -> dict[str, str]:
        """What is wrong with the answers in a page's fields, by question.

        MTurk leaves patterns to the worker's browser, and so do we.
        """
        found = {
            question.identifier: question.complaint(fields)
            for question in self.questions
        }
        return {name: complaint for name, complaint in found.items() if complaint}


def _read_part(part: Element) -> Overview | Question:
    if name_of(part) == "Overview":
        return Overview.read(part)
    return Question.read(part)


def _read_answer(of: Element) -> AnswerSpecification:
    with Children(of) as children:
        names = ["FreeTextAnswer", "SelectionAnswer"]
        if namespace_of(of) == FORM_2005:
            names.append("FileUploadAnswer")
        answer = children.take(*names)
    kinds: dict[str, type[AnswerSpecification]] = {
        "FreeTextAnswer": FreeTextAnswer,
        "SelectionAnswer": SelectionAnswer,
        "FileUploadAnswer": FileUploadAnswer,
    }
    return kinds[name_of(answer)].read(answer)
