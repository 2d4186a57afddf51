r"""XML as text: read without entities, DTDs or network; written so that it reads back.

Reading refuses every DOCTYPE before a parser sees it, so that there are no entities
to expand, and leaves depth (256 elements) and the size of one text (10 million
characters) to the bounds of libxml2.

Writing keeps every character that XML 1.0 can carry. A parser turns ``\r\n`` into
``\n``, so a carriage return is written as ``&#13;``, except within CDATA, where that
is impossible: texts that go there have their line ends made ``\n`` first.
"""

import re
from collections.abc import Collection

from lxml import etree

from crowdlab.errors import BadAnswer, BadQuestion
from crowdlab.questions.elements import Element, name_of, namespace_of

__all__ = [
    "MAX_QUESTION_BYTES",
    "SCHEMAS",
    "UNFIT",
    "attributes",
    "cdata",
    "document",
    "element",
    "escape",
    "one_line_end",
    "question_root",
    "root",
]

MAX_QUESTION_BYTES = 65_535

SCHEMAS = "http://mechanicalturk.amazonaws.com/AWSMechanicalTurkDataSchemas/"
UNFIT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
BLANK = re.compile(r"[ \t\r\n]*")
CONTROLS = bytes({*range(32)} - {*b"\t\n\r"})

_PARSER = etree.XMLParser(
    encoding="utf-8",  # the text is decoded already, whatever it declares
    resolve_entities=False,
    load_dtd=False,
    no_network=True,
    remove_comments=True,
    remove_pis=True,
    collect_ids=False,
)


def root(xml: str, error: type[BadQuestion] | type[BadAnswer]) -> Element:
    """The root element of a document.

    Args:
        xml: the text of the document.
        error: what to raise when it is not well-formed, or has a DOCTYPE.
    """
    if xml.startswith("<!DOCTYPE", _prolog_end(xml)):
        raise error("a DOCTYPE is not allowed in the XML of questions and answers")
    try:
        return etree.fromstring(xml.encode(), _PARSER)
    except UnicodeEncodeError as cause:
        raise error(f"XML cannot carry {xml[cause.start]!r}") from None
    except etree.XMLSyntaxError as cause:
        words = " ".join(str(cause.msg).split())
        raise error(f"the XML is not well-formed: {words}") from None


def question_root(xml: str, known: Collection[str]) -> Element:
    """The root element of a question, which must be small enough and known.

    Args:
        xml: the text of the document.
        known: the tags that the root may have, such as ``{namespace}QuestionForm``.
    """
    # A character takes at most four bytes: most documents need not be encoded for this.
    if len(xml) * 4 > MAX_QUESTION_BYTES:
        size = len(xml.encode(errors="surrogatepass"))
        if size > MAX_QUESTION_BYTES:
            raise BadQuestion(
                f"the question is {size:,} bytes of XML; at most "
                f"{MAX_QUESTION_BYTES:,} are allowed"
            )
    found = root(xml, BadQuestion)
    if found.tag not in known:
        raise BadQuestion(
            f"<{name_of(found)}> of the namespace {namespace_of(found)!r} is not known; "
            f"choose from: {', '.join(known)}",
            details=f"cvc-elt.1: Cannot find the declaration of element "
            f"'{name_of(found)}'.",
        )
    return found


def _prolog_end(xml: str) -> int:
    """Where the DOCTYPE or the root element begins."""
    position = 1 if xml.startswith("\ufeff") else 0
    while True:
        position = BLANK.match(xml, position).end()  # type: ignore[union-attr]
        if xml.startswith("<?", position):
            end = xml.find("?>", position) + 2
        elif xml.startswith("<!--", position):
            end = xml.find("-->", position) + 3
        else:
            return position
        if end < position:
            return len(xml)
        position = end


def document(name: str, namespace: str, *parts: str) -> str:
    """The text of a document, given those of its root's children."""
    return f'<{name} xmlns="{namespace}">{"".join(parts)}</{name}>'


def element(name: str, *parts: str) -> str:
    """The text of an element, given those of its children.

    Example:
        >>> element("Text", escape("a < b"))
        '<Text>a &lt; b</Text>'
    """
    return f"<{name}>{''.join(parts)}</{name}>"


def attributes(**values: object) -> str:
    """The text of an element's attributes; those that are ``None`` are left out.

    Example:
        >>> attributes(minValue=1, maxValue=None)
        ' minValue="1"'
    """
    return "".join(
        f' {name}="{_quoted(str(value))}"'
        for name, value in values.items()
        if value is not None
    )


def _quoted(text: str) -> str:
    """As ``escape``; a parser makes a line end or tab in an attribute a blank."""
    safe = escape(text).replace('"', "&quot;")
    return safe.replace("\n", "&#10;").replace("\t", "&#9;")


def escape(text: str) -> str:
    """The text as it stands between tags.

    Raises:
        BadQuestion: for a character that XML cannot carry.
    """
    safe = _fit(text).replace("&", "&amp;").replace("<", "&lt;")
    return safe.replace(">", "&gt;").replace("\r", "&#13;")


def cdata(text: str) -> str:
    """The text as CDATA, split where it holds CDATA's own end.

    Raises:
        BadQuestion: for a character that XML cannot carry.

    Example:
        >>> cdata("if (a[b[0]]>1)")
        '<![CDATA[if (a[b[0]]]]><![CDATA[>1)]]>'
    """
    return f"<![CDATA[{_fit(text).replace(']]>', ']]]]><![CDATA[>')}]]>"


def one_line_end(text: str) -> str:
    r"""The text with every line end made ``\n``, as HTML and XML parsers see it."""
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def _fit(text: str) -> str:
    if _is_unfit(text) and (found := UNFIT.search(text)):
        line = text.count("\n", 0, found.start()) + 1
        raise BadQuestion(f"XML cannot carry {found[0]!r}, which is in line {line}")
    return text


def _is_unfit(text: str) -> bool:
    """Whether ``UNFIT`` will find something, a hundred times as fast."""
    try:
        encoded = text.encode()
    except UnicodeEncodeError:
        return True
    fits = len(encoded.translate(None, CONTROLS)) == len(encoded)
    return not fits or "\ufffe" in text or "\uffff" in text
