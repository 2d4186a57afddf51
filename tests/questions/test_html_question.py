"""HTMLQuestion: built, parsed, and refused when it is wrong."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from crowdlab.errors import BadQuestion
from crowdlab.questions import HTMLQuestion, parse_question
from crowdlab.questions.html5 import UNUSUAL
from crowdlab.questions.markup import UNFIT

NAMESPACE = (
    "http://mechanicalturk.amazonaws.com/AWSMechanicalTurkDataSchemas/2011-11-11/"
    "HTMLQuestion.xsd"
)
PAGE = (
    "<!DOCTYPE html><html><head><title>t</title></head><body>"
    "<form name='mturk_form' method='post' id='mturk_form' "
    "action='https://workersandbox.mturk.com/mturk/externalSubmit'>"
    "<input type='hidden' value='' name='assignmentId' id='assignmentId'/>"
    "<input type='text' name='answer'/><input type='submit'/></form></body></html>"
)
TEXTS = st.text(
    st.sampled_from("]>&\"'\r\n é走\u200f\u2028😀") | st.characters(codec="utf-8")
).filter(lambda text: not UNFIT.search(text) and not UNUSUAL.search(text))


def _xml(children: str, namespace: str = NAMESPACE) -> str:
    return f'<HTMLQuestion xmlns="{namespace}">{children}</HTMLQuestion>'


CONTENT = f"<HTMLContent><![CDATA[{PAGE}]]></HTMLContent>"
HEIGHT = "<FrameHeight>450</FrameHeight>"


def test_a_question_as_programs_write_it_is_read() -> None:
    """The usual CDATA around a page with self-closed fields is accepted."""
    assert parse_question(_xml(CONTENT + HEIGHT)) == HTMLQuestion(PAGE, 450)


@given(TEXTS, st.integers(0, 10_000))
@example("if (a[b[0]]>1) 'é\r\n\r走\u200f😀' ]]>]]>", 0)
def test_a_page_reads_back(text: str, height: int) -> None:
    """A page comes back exactly, whatever text it shows, but for its line ends."""
    safe = text.replace("&", "&amp;").replace("<", "&lt;")
    page = f"<!DOCTYPE html><title>t</title><p>{safe}"
    question = HTMLQuestion(page, height)

    assert parse_question(question.to_xml()) == question
    assert question.content == page.replace("\r\n", "\n").replace("\r", "\n")


def test_space_around_the_elements_is_ignored() -> None:
    """Programs indent their XML and put it below a declaration."""
    xml = f"""<?xml version="1.0" encoding="UTF-8"?>
    <q:HTMLQuestion xmlns:q="{NAMESPACE}"
        xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="a b">
      <!-- the page -->
      <q:HTMLContent><![CDATA[
        {PAGE}
      ]]>
      </q:HTMLContent>
      <q:FrameHeight>
        0
      </q:FrameHeight>
    </q:HTMLQuestion>
    """
    question = parse_question(xml)

    assert isinstance(question, HTMLQuestion)
    assert question.content.strip() == PAGE
    assert question.frame_height == 0


@pytest.mark.parametrize(
    ("xml", "message", "details"),
    [
        (_xml(CONTENT), "<HTMLQuestion> is not complete; it lacks <FrameHeight>",
         ("cvc-complex-type.2.4.b: The content of element 'HTMLQuestion' is not complete."
         " One of '{FrameHeight}' is expected.")),
        (_xml("\n" + HEIGHT + CONTENT),
         "line 2: <FrameHeight> stands where <HTMLQuestion> needs <HTMLContent>",
         ("cvc-complex-type.2.4.a: Invalid content was found starting with element "
         "'FrameHeight'. One of '{HTMLContent}' is expected.")),
        (_xml(CONTENT + HEIGHT + HEIGHT), "<FrameHeight> does not belong here",
         ("cvc-complex-type.2.4.d: Invalid content was found starting with element "
         "'FrameHeight'. No child element is expected at this point.")),
        (_xml(CONTENT + "<FrameHeight>tall</FrameHeight>"),
         "<FrameHeight> needs an integer of at least 0, not 'tall'",
         ("cvc-datatype-valid.1.2.1: 'tall' is not a valid value for "
         "'nonNegativeInteger'.")),
        (_xml(CONTENT + "<FrameHeight>-1</FrameHeight>"), "not '-1'", "'-1'"),
        (_xml(CONTENT + "<FrameHeight>4_5</FrameHeight>"), "not '4_5'", "'4_5'"),
        (_xml(CONTENT + "<FrameHeight>٣</FrameHeight>"), "not '٣'", "'٣'"),
        (_xml(CONTENT + "<FrameHeight></FrameHeight>"), "not ''", "''"),
        (_xml(CONTENT + f"<FrameHeight>{'9' * 5000}</FrameHeight>"),
         "not '9999999999", "'9999999999"),
        (_xml(CONTENT + HEIGHT + "px"), "can have no text beside its elements",
         "cvc-complex-type.2.3: Element 'HTMLQuestion'"),
        (_xml(CONTENT.replace("<HTMLContent>", "<HTMLContent lang='en'>") + HEIGHT),
         "<HTMLContent> can have no attribute 'lang'",
         "cvc-complex-type.3.2.2: Attribute 'lang' is not allowed"),
        (_xml("<HTMLContent><html/></HTMLContent>" + HEIGHT),
         "<HTMLContent> can have no elements inside",
         "cvc-type.3.1.2: Element 'HTMLContent' is a simple type"),
        (_xml(CONTENT + HEIGHT, NAMESPACE.replace("2011", "2012")),
         "<HTMLQuestion> of the namespace 'http", ("cvc-elt.1: Cannot find the "
         "declaration of element 'HTMLQuestion'.")),
        (_xml(CONTENT + HEIGHT, ""), "<HTMLQuestion> of the namespace ''", "cvc-elt.1"),
        (_xml(CONTENT.replace("<HTMLContent>", "<HTMLContent xmlns='x'>") + HEIGHT),
         "(its namespace is 'x')", "cvc-complex-type.2.4.a"),
        (f"<HTMLQuestion xmlns='{NAMESPACE}'>", "not well-formed: Premature end",
         "Premature end"),
        ("<!DOCTYPE a>" + _xml(CONTENT + HEIGHT), "a DOCTYPE is not allowed", "DOCTYPE"),
    ],
)  # fmt: skip
def test_wrong_xml_is_refused(xml: str, message: str, details: str) -> None:
    """A fault of the XML is told plainly, and to the wire in its parser's words."""
    with pytest.raises(BadQuestion) as raised:
        parse_question(xml)

    assert message in str(raised.value)
    assert details in raised.value.details
    assert not raised.value.html


def test_a_page_that_is_no_html5_is_refused() -> None:
    """The faults of a page are told apart from those of the XML around it."""
    twice = PAGE.replace("<body>", "\n<body>\n<body>").replace("' id", "'id")
    with pytest.raises(
        BadQuestion, match="not valid HTML5: line 3, column 6"
    ) as raised:
        parse_question(HTMLQuestion(twice).to_xml())

    assert raised.value.html
    assert raised.value.details.startswith(
        "Errors: <! [3,6] Unexpected start tag (body)"
    )
    assert raised.value.details.count("<! [") == 3
    assert "!> Invalid content: \n<!DOCTYPE html>" in raised.value.details


@pytest.mark.parametrize("height", [-1, 1.5, "450", None, True])
def test_a_height_is_checked_when_it_is_given(height: int) -> None:
    """A question with an impossible height cannot be built."""
    with pytest.raises(BadQuestion, match="FrameHeight needs pixels, 0 or more, not "):
        HTMLQuestion(PAGE, height)


def test_a_question_without_a_form_is_accepted() -> None:
    """What a page does is its own matter; that it parses is ours."""
    question = HTMLQuestion("<!DOCTYPE html><title>t</title><p>Nothing to do.")

    assert parse_question(question.to_xml()) == question
