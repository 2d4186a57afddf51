"""XML is read without its dangers, and what is written reads back exactly."""

import itertools
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from crowdlab.errors import BadAnswer, BadQuestion
from crowdlab.questions.markup import (
    MAX_QUESTION_BYTES,
    UNFIT,
    attributes,
    cdata,
    element,
    escape,
    one_line_end,
    question_root,
    root,
)

NASTY = "]>&<\"'\r\n\t |é走\u200f\u202e\u2028\u0085😀\U0010fffd"
TEXTS = st.text(
    st.sampled_from(NASTY) | st.characters(exclude_categories=["Cs"])
).filter(lambda text: not UNFIT.search(text))
BILLION_LAUGHS = (
    '<!DOCTYPE lol [<!ENTITY a "ha">'
    + "".join(
        f'<!ENTITY {b} "{f"&{a};" * 10}">'
        for a, b in zip("abcdefgh", "bcdefghi", strict=True)
    )
    + "]><lol>&i;</lol>"
)


# --- reading ---


@pytest.mark.parametrize(
    "xml",
    [
        BILLION_LAUGHS,
        '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
        '<!DOCTYPE a SYSTEM "http://127.0.0.1:9/a.dtd"><a/>',
        '<?xml version="1.0"?>\n<!-- > -->\n<?a <? ?> <!DOCTYPE a><a/>',
        "\ufeff<!DOCTYPE a><a/>",
    ],
)
def test_a_doctype_is_refused(xml: str) -> None:
    """A document with a DOCTYPE, and so with entities, is read by no parser."""
    with pytest.raises(BadQuestion, match="a DOCTYPE is not allowed"):
        root(xml, BadQuestion)


@pytest.mark.parametrize(
    "xml",
    ["", " ", "a", "<a>", "<a></b>", "<a/><b/>", "<a>&nbsp;</a>", "<a>\0</a>", ("<a>\x01"
     "</a>"), "<a>&#1;</a>", "<a b=c/>", "<!-- ", "<?x ", "<a>]]></a>", "<a>" * 100_000],
)  # fmt: skip
def test_what_is_no_xml_is_refused_in_one_line(xml: str) -> None:
    """A document that is not well-formed raises the error asked for, in one line."""
    with pytest.raises(BadAnswer, match=r"\Athe XML is not well-formed: .+\Z"):
        root(xml, BadAnswer)


def test_a_lone_surrogate_is_refused() -> None:
    """Half a character is no text."""
    with pytest.raises(BadQuestion, match=r"cannot carry '\\ud83d'"):
        root("<a>\ud83d</a>", BadQuestion)


@pytest.mark.parametrize("encoding", ["ASCII", "UTF-8", "UTF-16", "ISO-8859-1"])
def test_a_declared_encoding_is_of_no_consequence(encoding: str) -> None:
    """A text is decoded already, whatever encoding its XML declares."""
    xml = f'<?xml version="1.0" encoding="{encoding}"?><a>é走</a>'

    assert root(xml, BadQuestion).text == "é走"


def test_comments_do_not_part_a_text() -> None:
    """A comment, an instruction or CDATA within a text leaves one text."""
    found = root("<a>b<!-- c -->d<?e f?>g<![CDATA[<h>]]>i</a>", BadQuestion)

    assert (found.text, len(found)) == ("bdg<h>i", 0)


def test_threads_can_read_at_once() -> None:
    """One parser serves many threads without mixing what they read."""
    barrier = threading.Barrier(8)

    def read(number: int) -> bool:
        barrier.wait()
        xml = f"<a>{f'<b>{number}</b>' * 50}</a>"
        return all(
            {b.text for b in root(xml, BadQuestion)} == {str(number)} for _ in range(50)
        )

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(read, range(8)))


@pytest.mark.parametrize("character", ["x", "é", "走", "😀"])
def test_the_limit_counts_bytes(character: str) -> None:
    """65,535 bytes of UTF-8 are allowed, and not one more, whatever the characters."""
    room = MAX_QUESTION_BYTES - len("<a></a>")
    n_characters, rest = divmod(room, len(character.encode()))
    fits = f"<a>{character * n_characters}{'.' * rest}</a>"

    assert len(fits.encode()) == MAX_QUESTION_BYTES
    assert question_root(fits, {"a"}).tag == "a"
    with pytest.raises(BadQuestion, match=r"65,536 bytes of XML; at most 65,535"):
        question_root(fits.replace("</a>", ".</a>"), {"a"})


# --- writing ---


@given(TEXTS)
@example("]]>")
@example("a]]")
@example("]]]]>>")
@example("\r\n\r")
@example(NASTY)
def test_escaped_text_reads_back(text: str) -> None:
    """Any text that XML can carry comes back exactly, carriage returns included."""
    assert (root(element("a", escape(text)), BadQuestion).text or "") == text


@given(TEXTS)
@example("]]>")
@example("a]]")
@example("]]]]>>]]>")
@example(NASTY)
def test_cdata_reads_back(text: str) -> None:
    """Any text with plain line ends comes back exactly from CDATA."""
    text = one_line_end(text)

    assert (root(element("a", cdata(text)), BadQuestion).text or "") == text


@given(TEXTS)
@example("a\nb\tc\r\"'<&>")
def test_attributes_read_back(text: str) -> None:
    """Any text that XML can carry comes back exactly from an attribute."""
    found = root(f"<a{attributes(b=text, c=None)}/>", BadQuestion)

    assert (found.keys(), found.get("b")) == (["b"], text)


@pytest.mark.parametrize("character", [*"\0\1\x08\x0b\x0c\x1f\ud83d\ufffe\uffff"])
@pytest.mark.parametrize("write", [escape, cdata])
def test_what_xml_cannot_carry_is_refused(character: str, write: type[str]) -> None:
    """A character that XML cannot carry is named with its line, not lost."""
    with pytest.raises(BadQuestion, match=r"cannot carry '.+', which is in line 2"):
        write(f"é\n{character}")


def _is_readable(character: str) -> bool:
    try:
        root(f"<a><![CDATA[{character}]]></a>", BadQuestion)
    except BadQuestion:
        return False
    return True


def test_the_parser_agrees_on_what_xml_can_carry() -> None:
    """A character is refused in writing exactly when it would be in reading."""
    edges = [range(0x110), range(0xD7F0, 0xE010), range(0xFDCF, 0xFDF1)]
    codes = [*itertools.chain(*edges), *range(0xFFF0, 0x10010), 0x1FFFE, 0x10FFFF]

    for character in map(chr, codes):
        assert _is_readable(character) is not bool(UNFIT.search(character))
