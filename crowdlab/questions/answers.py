r"""QuestionFormAnswers: what a worker submitted, as the wire carries it.

The XML is ASCII; other characters are written as references. A character that XML 1.0
cannot carry, such as a control character, is delivered as U+FFFD, so that it shows
that something stood there. All others come back exactly, ``\r\n`` included.
"""

from collections.abc import Iterator

from crowdlab.errors import BadAnswer
from crowdlab.questions.answer_specification import SelectionAnswer
from crowdlab.questions.elements import Element, name_of, namespace_of
from crowdlab.questions.markup import SCHEMAS, UNFIT, root
from crowdlab.questions.question_form import Fields, Question, QuestionForm, values_of

__all__ = ["build_answers", "parse_answers"]

NAMESPACE = f"{SCHEMAS}2005-10-01/QuestionFormAnswers.xsd"
ROOT, ANSWER, IDENTIFIER, SIZE = (
    f"{{{NAMESPACE}}}{name}"
    for name in (
        "QuestionFormAnswers",
        "Answer",
        "QuestionIdentifier",
        "UploadedFileSizeInBytes",
    )
)
VALUES = {
    f"{{{NAMESPACE}}}{name}"
    for name in (
        "FreeText",
        "SelectionIdentifier",
        "OtherSelectionText",
        "UploadedFileKey",
    )
}
HEAD = (
    f'<?xml version="1.0" encoding="ASCII"?><QuestionFormAnswers xmlns="{NAMESPACE}">'
)


def build_answers(fields: Fields, form: QuestionForm | None = None) -> str:
    """The XML of an answer, given the fields that the worker's browser posted.

    Args:
        fields: the values by the name of the field; several of one name are joined
            with ``|``. Which fields are the marketplace's own is the caller's concern.
        form: the form that was shown, if it was a QuestionForm: its questions are
            answered in its order, choices by their identifiers, and other fields are
            left out.

    Example:
        >>> print(build_answers({"animal": "cat", "colours": ["black", "white"]}))
        <?xml version="1.0" encoding="ASCII"?><QuestionFormAnswers xmlns="http://...">
        <Answer>
        <QuestionIdentifier>animal</QuestionIdentifier>
        <FreeText>cat</FreeText>
        </Answer>
        <Answer>
        <QuestionIdentifier>colours</QuestionIdentifier>
        <FreeText>black|white</FreeText>
        </Answer>
        </QuestionFormAnswers>
    """
    if form is None:
        answers = [
            _answer(name, _element("FreeText", "|".join(values_of(field))))
            for name, field in fields.items()
        ]
    else:
        answers = [
            _answer(question.identifier, *_parts(question, fields))
            for question in form.questions
            if _is_answered(question, fields)
        ]
    xml = "\n".join([HEAD, *answers, "</QuestionFormAnswers>"])
    return xml if xml.isascii() else xml.encode("ascii", "xmlcharrefreplace").decode()


def _answer(name: str, *parts: str) -> str:
    identifier = _element("QuestionIdentifier", name)
    return "\n".join(["<Answer>", identifier, *parts, "</Answer>"])


def _element(name: str, text: str) -> str:
    if not text:
        return f"<{name}/>"
    if not text.isprintable():
        text = UNFIT.sub("\ufffd", text)
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    text = text.replace("\r", "&#13;")
    return f"<{name}>{text}</{name}>"


def _is_answered(question: Question, fields: Fields) -> bool:
    """Whether there is an answer; not to choose anything is one."""
    return question.identifier in fields or isinstance(question.answer, SelectionAnswer)


def _parts(question: Question, fields: Fields) -> Iterator[str]:
    values, other = question.given(fields)
    if not isinstance(question.answer, SelectionAnswer):
        yield _element("FreeText", "|".join(values))
        return
    for value in values:
        yield _element("SelectionIdentifier", value)
    if other:
        yield _element("OtherSelectionText", other)


def parse_answers(xml: str) -> dict[str, str]:
    """The values of an answer, by the name of the field.

    Several choices are joined with ``|``, and so are answers of one name; an empty
    text is ``""``; a file is the key under which the marketplace keeps it.

    Raises:
        BadAnswer: if it is no QuestionFormAnswers document.

    Example:
        >>> parse_answers(build_answers({"colours": ["black", "white"], "note": ""}))
        {'colours': 'black|white', 'note': ''}
    """
    answers = root(xml, BadAnswer)
    if answers.tag != ROOT:
        raise BadAnswer(
            f"<{name_of(answers)}> of the namespace {namespace_of(answers)!r} is no "
            "QuestionFormAnswers"
        )
    found: dict[str, str] = {}
    for answer in answers:
        name, value = _read_answer(answer)
        found[name] = f"{found[name]}|{value}" if name in found else value
    return found


def _read_answer(answer: Element) -> tuple[str, str]:
    if answer.tag != ANSWER:
        raise BadAnswer(f"line {answer.sourceline}: {_shown(answer)} is no Answer")
    identifier, *rest = [*answer] or [answer]
    if identifier.tag != IDENTIFIER:
        raise BadAnswer(
            f"line {answer.sourceline}: an Answer has no QuestionIdentifier"
        )
    for part in rest:
        if (part.tag not in VALUES and part.tag != SIZE) or len(part):
            raise BadAnswer(f"line {part.sourceline}: an Answer holds {_shown(part)}")
    values = [part.text or "" for part in rest if part.tag != SIZE]
    return identifier.text or "", "|".join(values)


def _shown(element: Element) -> str:
    return f"<{name_of(element)}>"
