"""QuestionFormAnswers: what a worker's browser posted comes back as it was."""

import xml.etree.ElementTree as ET

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from crowdlab.errors import BadAnswer
from crowdlab.questions import (
    FileUploadAnswer,
    FreeTextAnswer,
    Question,
    QuestionForm,
    Selection,
    SelectionAnswer,
    Text,
    build_answers,
    parse_answers,
)
from crowdlab.questions.markup import UNFIT

NAMESPACE = (
    "http://mechanicalturk.amazonaws.com/AWSMechanicalTurkDataSchemas/2005-10-01/"
    "QuestionFormAnswers.xsd"
)
TEXTS = st.text(
    st.sampled_from("]>&<\"'\r\n\t |é走\u200f\u2028\x85😀\U0010fffd\0\x1f\ud83d")
    | st.characters()
)


def test_an_answer_looks_as_the_service_delivers_it() -> None:
    """ASCII, a line for each element, references for other letters, an empty element."""
    fields = {
        "name": "Łódź 😀",
        "colours": ["black", "white"],
        "note": "",
        "a<b": "\r\n",
    }

    assert build_answers(fields) == (
        '<?xml version="1.0" encoding="ASCII"?>'
        f'<QuestionFormAnswers xmlns="{NAMESPACE}">\n'
        "<Answer>\n<QuestionIdentifier>name</QuestionIdentifier>\n"
        "<FreeText>&#321;&#243;d&#378; &#128512;</FreeText>\n</Answer>\n"
        "<Answer>\n<QuestionIdentifier>colours</QuestionIdentifier>\n"
        "<FreeText>black|white</FreeText>\n</Answer>\n"
        "<Answer>\n<QuestionIdentifier>note</QuestionIdentifier>\n<FreeText/>\n</Answer>\n"
        "<Answer>\n<QuestionIdentifier>a&lt;b</QuestionIdentifier>\n"
        "<FreeText>&#13;\n</FreeText>\n</Answer>\n"
        "</QuestionFormAnswers>"
    )


@given(st.dictionaries(TEXTS, TEXTS, max_size=4))
@example({"": "", "]]>": "<![CDATA[\r\n]]>&amp;"})
def test_fields_come_back(fields: dict[str, str]) -> None:
    """Every field comes back exactly; what XML cannot carry shows as U+FFFD."""
    xml = build_answers(fields)
    carried = {UNFIT.sub("\ufffd", name): "" for name in fields}
    for name, value in fields.items():
        key, shown = UNFIT.sub("\ufffd", name), UNFIT.sub("\ufffd", value)
        carried[key] = f"{carried[key]}|{shown}" if carried[key] else shown
    if len(carried) < len(fields):
        carried = parse_answers(xml)  # two names became one; their order is not ours

    assert xml.isascii()
    assert parse_answers(xml) == carried


@given(TEXTS)
def test_any_parser_reads_an_answer(text: str) -> None:
    """The parsers that requesters' programs use see what ours sees."""
    answers = ET.fromstring(build_answers({"a": text}).encode())  # noqa: S314 -- our own
    found = answers.findtext(f".//{{{NAMESPACE}}}FreeText")

    assert found == parse_answers(build_answers({"a": text}))["a"]


def test_nothing_posted_is_an_answer_without_fields() -> None:
    """A page without fields gives a document that reads back empty."""
    assert parse_answers(build_answers({})) == {}


# --- forms ---

FORM = QuestionForm(
    (
        Question(
            "choice",
            (Text("?"),),
            SelectionAnswer(
                (Selection("a", Text("A")), Selection("b", Text("B"))),
                other=FreeTextAnswer(),
            ),
        ),
        Question("text", (Text("?"),), FreeTextAnswer()),
        Question("file", (Text("?"),), FileUploadAnswer(2, 1)),
    )
)


def _answers(xml: str) -> list[list[tuple[str, str]]]:
    root = ET.fromstring(xml)  # noqa: S314 -- our own
    prefix = f"{{{NAMESPACE}}}"
    return [
        [(part.tag.removeprefix(prefix), part.text or "") for part in answer]
        for answer in root
    ]


def test_choices_are_given_by_their_identifiers() -> None:
    """A form's answers keep the form's order; choices and other texts are told apart."""
    fields = {"text": "é", "choice.other": "c", "choice": ["b", "a"], "token": "forged"}
    xml = build_answers(fields, FORM)

    assert _answers(xml) == [
        [
            ("QuestionIdentifier", "choice"),
            ("SelectionIdentifier", "b"),
            ("SelectionIdentifier", "a"),
            ("OtherSelectionText", "c"),
        ],
        [("QuestionIdentifier", "text"), ("FreeText", "é")],
    ]
    assert parse_answers(xml) == {"choice": "b|a|c", "text": "é"}


def test_no_choice_is_an_answer_too() -> None:
    """A question of which nothing was chosen is answered with no identifiers."""
    xml = build_answers({"text": ""}, FORM)

    assert _answers(xml) == [
        [("QuestionIdentifier", "choice")],
        [("QuestionIdentifier", "text"), ("FreeText", "")],
    ]
    assert parse_answers(xml) == {"choice": "", "text": ""}


# --- answers of other marketplaces ---


def _document(*answers: str) -> str:
    inner = "".join(f"<Answer>{answer}</Answer>" for answer in answers)
    return f'<QuestionFormAnswers xmlns="{NAMESPACE}">{inner}</QuestionFormAnswers>'


NAME = "<QuestionIdentifier>q</QuestionIdentifier>"


@pytest.mark.parametrize(
    ("answers", "fields"),
    [
        ((f"{NAME}<FreeText><![CDATA[<b>]]></FreeText>",), {"q": "<b>"}),
        (
            (f"{NAME}<FreeText>a</FreeText>", f"{NAME}<FreeText>b</FreeText>"),
            {"q": "a|b"},
        ),
        ((f"\n {NAME}<!-- c -->\n <FreeText> a </FreeText>\n",), {"q": " a "}),
        (
            (
                (
                    f"{NAME}<UploadedFileSizeInBytes>9</UploadedFileSizeInBytes>"
                    "<UploadedFileKey>key</UploadedFileKey>"
                ),
            ),
            {"q": "key"},
        ),
    ],
)
def test_other_spellings_of_an_answer_are_read(
    answers: tuple[str, ...], fields: dict[str, str]
) -> None:
    """CDATA, indentation, repeated names and uploaded files are all understood."""
    old = '<?xml version="1.0" encoding="UTF-8" standalone="no"?>\n'

    assert parse_answers(old + _document(*answers)) == fields


@pytest.mark.parametrize(
    ("xml", "message"),
    [
        ("", "not well-formed"),
        ("{}", "not well-formed"),
        (_document(NAME)[:-1], "not well-formed"),
        ("<!DOCTYPE a>" + _document(NAME), "DOCTYPE"),
        (_document(NAME).replace("2005", "2006"), "is no QuestionFormAnswers"),
        (_document(NAME).replace("Answer>", "Reply>"), "<Reply> is no Answer"),
        (_document(""), "line 1: an Answer has no QuestionIdentifier"),
        (_document("<FreeText/>" + NAME), "an Answer has no QuestionIdentifier"),
        (_document(NAME + "<Free/>"), "an Answer holds <Free>"),
        (_document(NAME + "<FreeText>a<b/>c</FreeText>"), "an Answer holds <FreeText>"),
        (_document(NAME + "<FreeText xmlns=''/>"), "an Answer holds <FreeText>"),
    ],
)  # fmt: skip
def test_what_is_no_answer_is_refused(xml: str, message: str) -> None:
    """A document of another kind is refused, so that it can be kept and flagged."""
    with pytest.raises(BadAnswer) as raised:
        parse_answers(xml)

    assert message in str(raised.value)
