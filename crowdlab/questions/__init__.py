"""The XML of the wire: questions, answer keys and answers, built and parsed.

::

    parse_question(xml) -> HTMLQuestion | ExternalQuestion | QuestionForm
    AnswerKey.parse(xml)           .score(answers) -> int
    build_answers(fields, form)    parse_answers(xml) -> fields

What is built here reads back equal, whatever text it holds. What is refused says
where and why in its message, and in its ``details`` as MTurk's parsers would.
"""

from crowdlab.questions.annotation import Annotation
from crowdlab.questions.answer_key import AnswerKey
from crowdlab.questions.answer_specification import (
    FileUploadAnswer,
    FreeTextAnswer,
    Length,
    Numeric,
    Pattern,
    Selection,
    SelectionAnswer,
)
from crowdlab.questions.answers import build_answers, parse_answers
from crowdlab.questions.content import (
    Application,
    Binary,
    EmbeddedBinary,
    FormattedContent,
    List,
    Text,
    Title,
)
from crowdlab.questions.external_question import ExternalQuestion
from crowdlab.questions.html5 import check_page
from crowdlab.questions.html_question import HTMLQuestion
from crowdlab.questions.markup import MAX_QUESTION_BYTES
from crowdlab.questions.question import parse_question
from crowdlab.questions.question_form import Overview, Question, QuestionForm

__all__ = [
    "MAX_QUESTION_BYTES",
    "Annotation",
    "AnswerKey",
    "Application",
    "Binary",
    "EmbeddedBinary",
    "ExternalQuestion",
    "FileUploadAnswer",
    "FormattedContent",
    "FreeTextAnswer",
    "HTMLQuestion",
    "Length",
    "List",
    "Numeric",
    "Overview",
    "Pattern",
    "Question",
    "QuestionForm",
    "Selection",
    "SelectionAnswer",
    "Text",
    "Title",
    "build_answers",
    "check_page",
    "parse_answers",
    "parse_question",
]
