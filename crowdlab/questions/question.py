"""Any question of the wire, by the name of its root element."""

from crowdlab.questions import external_question, html_question
from crowdlab.questions.content import FORM_2005
from crowdlab.questions.external_question import ExternalQuestion
from crowdlab.questions.html_question import HTMLQuestion
from crowdlab.questions.markup import question_root
from crowdlab.questions.question_form import FORM_2017, QuestionForm

__all__ = ["parse_question"]

KINDS: dict[str, type[HTMLQuestion | ExternalQuestion | QuestionForm]] = {
    f"{{{html_question.NAMESPACE}}}HTMLQuestion": HTMLQuestion,
    f"{{{external_question.NAMESPACE}}}ExternalQuestion": ExternalQuestion,
    f"{{{FORM_2017}}}QuestionForm": QuestionForm,
    f"{{{FORM_2005}}}QuestionForm": QuestionForm,
}


def parse_question(xml: str) -> HTMLQuestion | ExternalQuestion | QuestionForm:
    """The question that the XML of a HIT or a Qualification test holds.

    Raises:
        BadQuestion: for what a marketplace refuses: more than 65,535 bytes, XML that
            is not well-formed or not of a known schema, a page that is not valid
            HTML5, a URL that is not https. Its ``details`` are worded as a parser's.

    Example:
        >>> question = HTMLQuestion("<!DOCTYPE html><p>Cat or dog?", frame_height=450)
        >>> parse_question(question.to_xml()) == question
        True
    """
    root = question_root(xml, KINDS)
    return KINDS[str(root.tag)].read(root)
