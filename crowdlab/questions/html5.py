"""Whether a page is valid HTML5, as a marketplace asks before it shows one.

A page is valid when it parses without a parse error of the HTML standard: MTurk's
own refusals are those of a parser, not of a conformance checker. A missing doctype
is such an error; so the page must begin with ``<!DOCTYPE html>``. html5lib follows
an older edition of the standard. What that edition refused and today's allows is
passed over: hyphens in comments, bare ampersands, ``template`` elements. So are older
doctypes, which MTurk's documentation lets pass.

A batch is thousands of pages that differ in one script of data. The text of a script
that holds no ``<`` can neither end the script nor change how it is read, so such
texts are left out and the rest, the page's skeleton, is parsed once.
"""

import functools
import re
import string
from typing import Any

import html5lib
from html5lib.constants import E as WORDS
from html5lib.treebuilders import getTreeBuilder

from crowdlab.errors import BadQuestion
from crowdlab.questions.elements import shortened

__all__ = ["check_page"]

MOST_FAULTS = 20
DEEPEST = 512
SKELETONS = 64

ALLOWED_SINCE = {
    "unexpected-char-in-comment",
    "unexpected-dash-after-double-dash-in-comment",
    "unexpected-space-after-double-dash-in-comment",
    "unknown-doctype",
}
LETTERS = frozenset(string.ascii_letters + string.digits)
SCRIPT = "{http://www.w3.org/1999/xhtml}script"

PLAIN_SCRIPT = re.compile(r"(<script\b[^<>]*>)([^<]+)(?=</script>)")
MARK = "crowdlab:script:{}"
NONCHARACTERS = "".join(
    chr(plane << 16 | last) for plane in range(17) for last in (0xFFFE, 0xFFFF)
)
UNUSUAL = re.compile(
    r"[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef" + NONCHARACTERS + "]"
)


def check_page(page: str) -> None:
    """Refuses a page that is not valid HTML5.

    Raises:
        BadQuestion: with ``html=True`` and the parse errors, each with line and column.

    Example:
        >>> check_page("<!DOCTYPE html><title>t</title><p>What's up?")
        >>> check_page("<!DOCTYPE html><p><b>What's up?</p>")
        Traceback (most recent call last):
        ...
        crowdlab.errors.BadQuestion: the page is not valid HTML5: line 1, column 35: ...
    """
    if _is_sound(_skeleton(page)):
        return
    faults = _Reader().faults(page)
    if faults:
        raise _refusal(page, faults)


def _refusal(page: str, faults: list[tuple[int, int, str]]) -> BadQuestion:
    line, column, words = faults[0]
    more = f" (and {len(faults) - 1} more)" if len(faults) > 1 else ""
    shown = " ".join(
        f"<! [{line},{column}] {words} !>" for line, column, words in faults
    )
    return BadQuestion(
        f"the page is not valid HTML5: line {line}, column {column}: {words}{more}",
        details=f"Errors: {shown} Invalid content: \n{shortened(page, 500)}",
        html=True,
    )


def _skeleton(page: str) -> str:
    """The page with a mark in place of each script text that cannot matter."""
    marks = iter(range(len(page)))

    def mark(script: re.Match[str]) -> str:
        if not _is_usual(script[2]):
            return script[0]
        return script[1] + MARK.format(next(marks))

    return PLAIN_SCRIPT.sub(mark, page)


def _is_usual(text: str) -> bool:
    """Whether the text has no character that is a parse error wherever it stands."""
    one_line = text.replace("\n", " ").replace("\r", " ").replace("\t", " ")
    # Nothing that HTML refuses is printable, and this is thirty times as fast.
    return one_line.isprintable() or not UNUSUAL.search("".join(set(text)))


@functools.lru_cache(maxsize=SKELETONS)
def _is_sound(skeleton: str) -> bool:
    """Whether every page with this skeleton is valid.

    It is not taken on trust that a mark is where a parser reads a script: the parser
    has to find each mark as the whole text of a script element, and no other.
    """
    reader = _Reader()
    if reader.faults(skeleton):
        return False
    texts = [script.text or "" for script in reader.tree.getDocument().iter(SCRIPT)]
    found = [text for text in texts if MARK.format("") in text]
    return skeleton.count(MARK.format("")) == len(found) and sorted(found) == sorted(
        map(MARK.format, range(len(found)))
    )


class _TooMuch(Exception):
    """Enough was seen of this page."""


class _Tree(getTreeBuilder("etree")):  # type: ignore[misc]
    """A tree that cannot grow deeper than browsers let it."""

    def insertElementNormal(self, token: dict[str, Any]) -> Any:  # noqa: N802
        if len(self.openElements) > DEEPEST:
            raise _TooMuch
        return super().insertElementNormal(token)


class _Reader(html5lib.HTMLParser):
    """html5lib's parser, listing what today's standard calls parse errors."""

    def __init__(self) -> None:
        super().__init__(tree=_Tree)
        self._faults: list[tuple[int, int, str]] = []
        self._template_in_head = False

    def faults(self, page: str) -> list[tuple[int, int, str]]:
        """Line, column and words of the first parse errors."""
        lower = page.lower()
        self._template_in_head = -1 < lower.find("<template") < lower.rfind("</head")
        try:
            self.parse(page)
        except _TooMuch:
            if len(self._faults) < MOST_FAULTS:
                words = f"Elements are nested more than {DEEPEST} deep."
                self._faults.append((*self.tokenizer.stream.position(), words))
        return self._faults

    def parseError(  # noqa: N802
        self, errorcode: str = "XXX-undefined-error", datavars: Any = None
    ) -> None:
        name = (datavars or {}).get("name")
        if errorcode in ALLOWED_SINCE or self._is_bare_ampersand(errorcode):
            return
        if self._is_about_template(name):
            return
        template = WORDS.get(errorcode, errorcode)  # html5lib lacks words for a few
        words = shortened(template % (datavars or {}), 200)
        self._faults.append((*self.tokenizer.stream.position(), words))
        if len(self._faults) == MOST_FAULTS:
            raise _TooMuch

    def _is_bare_ampersand(self, errorcode: str) -> bool:
        """Whether an ampersand is no character reference, and need not be one."""
        if errorcode == "expected-named-entity":
            return not self._rest().endswith(";")
        if errorcode == "named-entity-without-semicolon":
            in_attribute = self.tokenizer.state.__name__.startswith("attributeValue")
            return in_attribute and self._rest()[0] in LETTERS | {"="}
        return False

    def _rest(self) -> str:
        """What the tokenizer reads next: letters and digits and one more character."""
        stream = self.tokenizer.stream
        name = stream.charsUntil(LETTERS, True)
        end = stream.char()
        for character in reversed(name + (end or "")):
            stream.unget(character)
        return name + (end or " ")

    def _is_about_template(self, name: str | None) -> bool:
        """Whether a complaint is of html5lib's not knowing ``template``.

        It reads one as any other element: tables and heads end there.
        """
        inside = any(node.name == "template" for node in self.tree.openElements)
        head = self._template_in_head and name in {"head", "body"}
        return inside or head or name == "template"
