"""QuestionForm: every part of the schema is read, built and checked."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crowdlab.errors import BadQuestion
from crowdlab.questions import (
    Application,
    Binary,
    EmbeddedBinary,
    FileUploadAnswer,
    FormattedContent,
    FreeTextAnswer,
    Length,
    List,
    Numeric,
    Overview,
    Pattern,
    Question,
    QuestionForm,
    Selection,
    SelectionAnswer,
    Text,
    Title,
    parse_question,
)
from crowdlab.questions.answer_specification import STYLES
from crowdlab.questions.markup import UNFIT

SCHEMAS = "http://mechanicalturk.amazonaws.com/AWSMechanicalTurkDataSchemas/"
FORM_2005 = f"{SCHEMAS}2005-10-01/QuestionForm.xsd"
FORM_2017 = f"{SCHEMAS}2017-11-06/QuestionForm.xsd"

GAME = f"""<?xml version="1.0" encoding="UTF-8"?>
<QuestionForm xmlns="{FORM_2017}">
  <Overview>
    <Title>Game 01523, "X" to play</Title>
    <Text>The board looks like this:</Text>
    <Binary>
      <MimeType><Type>image</Type><SubType>gif</SubType></MimeType>
      <DataURL>http://tictactoe.example.com/game/01523/board.gif</DataURL>
      <AltText>The game board, with "X" to move.</AltText>
    </Binary>
    <List><ListItem>It must be a valid move.</ListItem><ListItem/></List>
    <FormattedContent><![CDATA[<p>It is <b>X</b>&nbsp;'s turn.</p>]]></FormattedContent>
    <EmbeddedBinary>
      <EmbeddedMimeType><Type>video</Type></EmbeddedMimeType>
      <DataURL>https://tictactoe.example.com/game.mp4</DataURL>
      <AltText/>
      <Width>400</Width>
      <Height>30%</Height>
      <ApplicationParameter><Name>game</Name><Value>01523</Value></ApplicationParameter>
    </EmbeddedBinary>
  </Overview>
  <Question>
    <QuestionIdentifier>nextmove</QuestionIdentifier>
    <DisplayName>The Next Move</DisplayName>
    <IsRequired>true</IsRequired>
    <QuestionContent><Text>What is the best move?</Text></QuestionContent>
    <AnswerSpecification>
      <FreeTextAnswer>
        <Constraints>
          <IsNumeric minValue="-5" maxValue="99"/>
          <Length minLength="2" maxLength="2" />
          <AnswerFormatRegex regex="^[A-C]\\d$" errorText="Such as B2." flags="i"/>
          <AnswerFormatRegex regex="\\S"/>
        </Constraints>
        <DefaultText>C1</DefaultText>
        <NumberOfLinesSuggestion>3</NumberOfLinesSuggestion>
      </FreeTextAnswer>
    </AnswerSpecification>
  </Question>
  <Overview><Title>And</Title></Overview>
  <Question>
    <QuestionIdentifier>likelytowin</QuestionIdentifier>
    <QuestionContent><Text>Who will win?</Text></QuestionContent>
    <AnswerSpecification>
      <SelectionAnswer>
        <MinSelectionCount>0</MinSelectionCount>
        <MaxSelectionCount>2</MaxSelectionCount>
        <StyleSuggestion>checkbox</StyleSuggestion>
        <Selections>
          <Selection><SelectionIdentifier>x</SelectionIdentifier><Text>X</Text></Selection>
          <Selection>
            <SelectionIdentifier>o</SelectionIdentifier>
            <FormattedContent>&lt;i&gt;O&lt;/i&gt;</FormattedContent>
          </Selection>
          <Selection>
            <SelectionIdentifier>both</SelectionIdentifier>
            <Binary>
              <MimeType><Type>image</Type></MimeType>
              <DataURL>https://example.com/both.png</DataURL>
              <AltText>Both</AltText>
            </Binary>
          </Selection>
          <OtherSelection><DefaultText>nobody</DefaultText></OtherSelection>
        </Selections>
      </SelectionAnswer>
    </AnswerSpecification>
  </Question>
</QuestionForm>
"""

GAME_READ = QuestionForm(
    (
        Overview(
            (
                Title('Game 01523, "X" to play'),
                Text("The board looks like this:"),
                Binary(
                    "image",
                    "gif",
                    "http://tictactoe.example.com/game/01523/board.gif",
                    'The game board, with "X" to move.',
                ),
                List(["It must be a valid move.", ""]),
                FormattedContent("<p>It is <b>X</b>&nbsp;'s turn.</p>"),
                EmbeddedBinary(
                    "video",
                    None,
                    "https://tictactoe.example.com/game.mp4",
                    "",
                    "400",
                    "30%",
                    (("game", "01523"),),
                ),
            )
        ),
        Question(
            "nextmove",
            (Text("What is the best move?"),),
            FreeTextAnswer(
                Numeric(-5, 99),
                Length(2, 2),
                (Pattern(r"^[A-C]\d$", "Such as B2.", "i"), Pattern(r"\S")),
                "C1",
                3,
            ),
            "The Next Move",
            required=True,
        ),
        Overview((Title("And"),)),
        Question(
            "likelytowin",
            (Text("Who will win?"),),
            SelectionAnswer(
                (
                    Selection("x", Text("X")),
                    Selection("o", FormattedContent("<i>O</i>")),
                    Selection(
                        "both",
                        Binary("image", None, "https://example.com/both.png", "Both"),
                    ),
                ),
                0,
                2,
                "checkbox",
                FreeTextAnswer(default="nobody"),
            ),
        ),
    )
)


def test_a_whole_form_is_read() -> None:
    """Everything a server shows of a form, and checks of an answer, is kept."""
    form = parse_question(GAME)

    assert form == GAME_READ
    assert isinstance(form, QuestionForm)
    assert [question.identifier for question in form.questions] == [
        "nextmove",
        "likelytowin",
    ]


# --- what is built reads back ---

TEXTS = st.text(
    st.sampled_from("]>&<\"'\r\n\t é走\u200f😀")
    | st.characters(exclude_categories=["Cs"])
).filter(lambda text: not UNFIT.search(text))
COUNTS = st.none() | st.integers(1, 2**31 - 1)
INTEGERS = st.none() | st.integers(-(2**31), 2**31 - 1)
PAIRS = st.lists(st.tuples(TEXTS, TEXTS), max_size=2).map(tuple)
MEDIA = st.sampled_from(["image", "audio", "video"])
URLS = TEXTS.map(lambda text: f"https://example.org/{text}".strip())
BINARIES = st.builds(Binary, MEDIA, st.none() | TEXTS, URLS, TEXTS)
XHTML = TEXTS.map(lambda text: text.replace("&", "&amp;").replace("<", "&lt;")).map(
    lambda text: f"<p>{text.replace(']]>', '')}</p>"
)
BLOCKS = (
    st.builds(Title, TEXTS)
    | st.builds(Text, TEXTS)
    | st.builds(List, st.lists(TEXTS, min_size=1, max_size=3))
    | BINARIES
    | st.builds(
        EmbeddedBinary, MEDIA, st.none() | TEXTS, URLS, TEXTS, TEXTS, TEXTS, PAIRS
    )
    | st.builds(FormattedContent, XHTML)
)
CONTENTS = st.lists(BLOCKS, min_size=1, max_size=2).map(tuple)
FREE_TEXTS = st.builds(
    FreeTextAnswer,
    st.none() | st.builds(Numeric, INTEGERS, INTEGERS),
    st.none() | st.builds(Length, st.none() | st.integers(0, 9), COUNTS),
    st.lists(
        st.builds(Pattern, TEXTS, st.none() | TEXTS, st.sampled_from([None, "i"])),
        max_size=2,
    ).map(tuple),
    st.none() | TEXTS,
    COUNTS,
)
SELECTIONS = st.builds(
    SelectionAnswer,
    st.lists(
        st.builds(
            Selection,
            TEXTS,
            st.builds(Text, TEXTS) | BINARIES | st.builds(FormattedContent, XHTML),
        ),
        min_size=1,
        max_size=2,
    ).map(tuple),
    st.none() | st.just(0),
    COUNTS,
    st.none() | st.sampled_from(STYLES),
    st.none() | FREE_TEXTS,
)
QUESTIONS = st.builds(
    Question, TEXTS, CONTENTS, FREE_TEXTS | SELECTIONS, st.none() | TEXTS, st.booleans()
)
OVERVIEWS = st.builds(Overview, CONTENTS)


@given(
    st.lists(OVERVIEWS | QUESTIONS, max_size=2),
    QUESTIONS,
    st.sampled_from([FORM_2005, FORM_2017]),
)
def test_a_form_reads_back(
    parts: list[Overview | Question], question: Question, namespace: str
) -> None:
    """Any form that is built reads back equal, whatever its texts hold."""
    form = QuestionForm((*parts, question), namespace)

    assert parse_question(form.to_xml()) == form


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        (
            "Flash",
            (("FlashMovieURL", "https://a.org/b"), ("Width", "1"), ("Height", "2")),
        ),
        (
            "JavaApplet",
            (
                ("AppletPath", "http://a.org/"),
                ("AppletFilename", "b.class"),
                ("Width", "1"),
                ("Height", "2"),
            ),
        ),
    ],
)
def test_forms_of_2005_may_hold_what_later_ones_may_not(
    kind: str, fields: tuple[tuple[str, str], ...]
) -> None:
    """Programs and file uploads are read in the old namespace and refused in the new."""
    program = Application(kind, fields, (("a", "b"),))
    upload = Question("file", (program,), FileUploadAnswer(2_000_000_000, 1))
    form = QuestionForm((upload,), FORM_2005)

    assert parse_question(form.to_xml()) == form
    with pytest.raises(BadQuestion, match="<Application> stands where"):
        parse_question(QuestionForm((upload,), FORM_2017).to_xml())
    upload = Question("file", (Text("a"),), FileUploadAnswer(2_000_000_000, 1))
    with pytest.raises(BadQuestion, match="<FileUploadAnswer> stands where"):
        parse_question(QuestionForm((upload,), FORM_2017).to_xml())


# --- what is refused ---


def _form(old: str, new: str) -> str:
    assert old in GAME
    return GAME.replace(old, new, 1)


REQUIRED = "<IsRequired>true</IsRequired>"
IDENTIFIER = "<QuestionIdentifier>nextmove</QuestionIdentifier>"
MIME = "<MimeType><Type>image</Type><SubType>gif</SubType></MimeType>"
X = "<Selection><SelectionIdentifier>x</SelectionIdentifier><Text>X</Text></Selection>"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (IDENTIFIER, "", "<DisplayName> stands where <Question> needs <QuestionIdentifier>"),
        (REQUIRED, REQUIRED + "<DisplayName/>",
         "<DisplayName> stands where <Question> needs <QuestionContent>"),
        (REQUIRED, "<IsRequired>yes</IsRequired>", "needs true or false, not 'yes'"),
        (IDENTIFIER, "<QuestionIdentifier><b/></QuestionIdentifier>", "no elements inside"),
        ("<Title>And</Title>", "", "<Overview> is not complete; it lacks <Title> or <Text>"),
        ("<Title>And</Title>", "And", "<Overview> can have no text beside"),
        ("<Title>And</Title>", "<Heading>And</Heading>", "<Heading> stands where"),
        ("<Title>And</Title>", "<Title xmlns='x'>And</Title>", "(its namespace is 'x')"),
        ("<Title>And</Title>", "<List></List>", "it lacks <ListItem>"),
        ("<Title>And</Title>", "<Application/>", "<Application> stands where"),
        ("<Text>Who will win?</Text>", "", "<QuestionContent> is not complete"),
        ("win?</Text></QuestionContent>", "win?</Text></QuestionContent><Other/>",
         "<Other> stands where <Question> needs <AnswerSpecification>"),
        (MIME, "", "<DataURL> stands where <Binary> needs <MimeType>"),
        (MIME, MIME.replace("image", "text"), "choose from: image, audio, video"),
        (MIME, MIME.replace("<Type>image</Type>", ""), "needs <Type>"),
        ("http://tic", "ftp://tic", "that begins with http:// or https://"),
        ("<Height>30%</Height>", "", "needs <Height>"),
        ("<Name>game</Name>", "", "<Value> stands where <ApplicationParameter> needs"),
        ("<p>It is", "<p onclick='a()'>It is", "<p> can have no attribute 'onclick'"),
        ("<DefaultText>C1</DefaultText>", "", None),
        ('minValue="-5"', 'minValue="1.5"', "<IsNumeric> needs an integer, not '1.5'"),
        ('minValue="-5"', 'least="1"', "<IsNumeric> can have no attribute 'least'"),
        ('minLength="2"', 'minLength="-1"', "an integer of at least 0, not '-1'"),
        ('maxLength="2"', 'maxLength="0"', "an integer of at least 1, not '0'"),
        ('flags="i"', 'flags="g"', "has the flags 'g'; there is only 'i'"),
        ('regex="\\S"', "", "needs the attribute 'regex'"),
        ("<Length ", "<AnswerFormatRegex regex=''/><Length ", "<Length> stands where"),
        ("<IsNumeric ", "<Length/><IsNumeric ", "<IsNumeric> stands where"),
        (">3</Num", ">0</Num", "<NumberOfLinesSuggestion> needs"),
        ("<FreeTextAnswer>", "<FreeTextAnswer><DefaultText/>", "<Constraints> stands"),
        (">0</Min", ">-1</Min", "<MinSelectionCount> needs an integer of at least 0"),
        (">0</Min", ">3</Min", "MinSelectionCount is 3 and MaxSelectionCount is 2"),
        (">2</Max", ">0</Max", "<MaxSelectionCount> needs an integer of at least 1"),
        (">checkbox<", ">Checkbox<", "'Checkbox'; choose from: radiobutton, checkbox"),
        (X, X.replace("<Text>X</Text>", ""), ("<Selection> is not complete; it lacks <Text> "
         "or <FormattedContent> or <Binary>")),
        (X, X.replace("<Text>X</Text>", "<Title>X</Title>"), "<Title> stands where"),
        (X, "", None),
        ("<Selections>", "<Selections><OtherSelection/>", "<OtherSelection> stands where"),
        ("<OtherSelection>", "<OtherSelection><FreeTextAnswer/>", "<FreeTextAnswer> stands"),
        ("</FreeTextAnswer>", "</FreeTextAnswer><FreeTextAnswer/>", "does not belong here"),
        ("<Question>", "<Question id='a'>", "<Question> can have no attribute 'id'"),
        ("2017-11-06", "2017-11-07", "choose from: {http"),
    ],
)  # fmt: skip
def test_each_rule_of_the_schema_is_kept(
    old: str, new: str, message: str | None
) -> None:
    """A form that breaks one rule is refused for it; what is optional may be left out."""
    if message is None:
        assert isinstance(parse_question(_form(old, new)), QuestionForm)
        return
    with pytest.raises(BadQuestion) as raised:
        parse_question(_form(old, new))

    assert message in str(raised.value)
    assert raised.value.details
    assert not raised.value.html


def test_a_form_asks_something() -> None:
    """A form of overviews alone is not complete."""
    xml = f'<QuestionForm xmlns="{FORM_2017}"><Overview><Title/></Overview></QuestionForm>'
    with pytest.raises(BadQuestion, match="it lacks <Overview> or <Question>"):
        parse_question(xml)


def test_a_refusal_names_the_line() -> None:
    """The message says in which line of the XML the fault is."""
    line = 1 + GAME.split("<IsRequired>", maxsplit=1)[0].count("\n")
    with pytest.raises(BadQuestion, match=f"QuestionForm, line {line}: <IsRequired>"):
        parse_question(_form(REQUIRED, "<IsRequired>2</IsRequired>"))


# --- formatted content ---


@pytest.mark.parametrize(
    "xhtml",
    [
        "", "I <i>love</i>\nice", "&eacute;&nbsp;&amp;&#233;", "<br/><hr title='a'></hr>",
        "<table border='1'><tr><td colspan='2' align='center'>a</td></tr></table>",
        "<a href='https://example.org' target='_blank'>a</a><a href='#b'>b</a>",
        "<img src='http://example.org/a.png' alt=''/><dl><dt>a</dt><dd>b</dd></dl>",
        "<a href='mailto:a@example.org'>a</a><a href='a/b:c'>d</a>",
    ],
)  # fmt: skip
def test_formatted_content_is_a_part_of_xhtml(xhtml: str) -> None:
    """What the documentation lists may stand in formatted content."""
    form = QuestionForm((Question("a", (FormattedContent(xhtml),), FreeTextAnswer()),))

    assert parse_question(form.to_xml()) == form


@pytest.mark.parametrize(
    ("xhtml", "message"),
    [
        ("<script>alert(1)</script>", "<script> is not allowed"),
        ("<div>a</div>", "<div> is not allowed"),
        ("<P>a</P>", "<P> is not allowed"),
        ("<p>a", "not well-formed"),
        ("<b><i>a</b></i>", "not well-formed"),
        ("<br>", "not well-formed"),
        ("&bogus;", "not well-formed"),
        ("</FormattedContent><script>", "not well-formed"),
        ("<p style='a'>b</p>", "<p> can have no attribute 'style'"),
        ("<p id='a'>b</p>", "<p> can have no attribute 'id'"),
        ("<br lang='en'/>", "<br> can have no attribute 'lang'"),
        ("<img src='a'/>", "<img> needs 'alt'"),
        ("<img alt='a'/>", "<img> needs 'src'"),
        ("<a href='javascript:alert(1)'>a</a>", "has the scheme 'javascript'"),
        ("<a href=' java&#10;scr&#9;ipt&#58;alert(1)'>a</a>", "the scheme 'javascript'"),
        ("<img alt='' src='data:image/png,a'/>", "has the scheme 'data'"),
        ("<!-- a -->", "comments, CDATA and processing instructions"),
        ("<![CDATA[<script>a</script>]]>", "comments, CDATA and processing"),
        ("<?php a ?>", "comments, CDATA and processing"),
        ("<x:script xmlns:x='http://www.w3.org/1999/xhtml'>a</x:script>", "<script>"),
        ("<svg xmlns='http://www.w3.org/2000/svg'/>", "<svg> is not allowed"),
        ("<b xmlns='http://example.org/'>a</b>", "<b> is not allowed"),
    ],
)  # fmt: skip
def test_other_formatted_content_is_refused(xhtml: str, message: str) -> None:
    """Scripts, styles, comments and loose ends never reach a worker's page."""
    form = QuestionForm((Question("a", (FormattedContent(xhtml),), FreeTextAnswer()),))
    with pytest.raises(BadQuestion) as raised:
        parse_question(form.to_xml())

    assert message in str(raised.value)


# --- checking an answer ---


def _free(*rules: Numeric | Length, required: bool = True) -> QuestionForm:
    numeric = next((rule for rule in rules if isinstance(rule, Numeric)), None)
    length = next((rule for rule in rules if isinstance(rule, Length)), None)
    answer = FreeTextAnswer(numeric, length)
    return QuestionForm((Question("q", (Text("?"),), answer, required=required),))


def _choices(**rules: int | FreeTextAnswer) -> QuestionForm:
    answer = SelectionAnswer(
        tuple(Selection(name, Text(name)) for name in "abc"),
        **rules,  # type: ignore[arg-type]
    )
    return QuestionForm((Question("q", (Text("?"),), answer, required=True),))


@pytest.mark.parametrize(
    ("form", "fields", "complaint"),
    [
        (_free(), {"q": "a"}, None),
        (_free(), {"q": ""}, "needs an answer"),
        (_free(), {}, "needs an answer"),
        (_free(required=False), {}, None),
        (_free(Numeric()), {"q": " -1.5 "}, None),
        (_free(Numeric()), {"q": "1,5"}, "needs a number"),
        (_free(Numeric()), {"q": "nan"}, "needs a number"),
        (_free(Numeric(2, 5)), {"q": "1.99"}, "needs a number of at least 2"),
        (_free(Numeric(2, 5)), {"q": "2"}, None),
        (_free(Numeric(2, 5)), {"q": "5.01"}, "needs a number of at most 5"),
        (_free(Numeric(2, 5)), {"q": "9" * 5000}, "needs a number of at most 5"),
        (_free(Length(2, 3)), {"q": "走"}, "needs at least 2 characters"),
        (_free(Length(2, 3)), {"q": "走走走"}, None),
        (_free(Length(2, 3)), {"q": "abcd"}, "needs at most 3 characters"),
        (_choices(), {"q": "a"}, None),
        (_choices(), {"q": ["a"]}, None),
        (_choices(), {"q": ["a", "b"]}, "needs at most 1 of the choices"),
        (_choices(), {"q": ["d"]}, "has no choice 'd'; choose from: a, b, c"),
        (_choices(), {"q": []}, "needs an answer"),
        (_choices(), {"q.other": "e"}, "needs an answer"),
        (_choices(min_count=2, max_count=3), {"q": ["a"]}, "needs at least 2 of"),
        (_choices(min_count=2, max_count=3), {"q": ["a", "a"]}, "needs at least 2 of"),
        (_choices(min_count=2), {"q": ["a", "b"]}, None),
        (_choices(other=FreeTextAnswer()), {"q.other": "e"}, None),
        (_choices(other=FreeTextAnswer()), {"q": "a", "q.other": "e"}, None),
        (_choices(other=FreeTextAnswer(Numeric())), {"q.other": "e"}, "needs a number"),
    ],
)  # fmt: skip
def test_an_answer_is_held_against_its_question(
    form: QuestionForm, fields: dict[str, str], complaint: str | None
) -> None:
    """An answer that its question does not accept is told why, and no other is."""
    complaints = form.complaints(fields)

    if complaint is None:
        assert complaints == {}
    else:
        assert list(complaints) == ["q"]
        assert complaint in complaints["q"]
