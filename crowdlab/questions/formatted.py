"""Formatted content: the part of XHTML that a QuestionForm may show.

What passes is well-formed and made of listed elements and attributes alone, so a
server may put it into its page as it is.
"""

import re
from html.entities import name2codepoint

from crowdlab.errors import BadQuestion
from crowdlab.questions.elements import Element, name_of, namespace_of
from crowdlab.questions.markup import document, root

__all__ = ["check_formatted"]

XHTML = "http://www.w3.org/1999/xhtml"

_CELLS = "align char charoff valign"
_CELL = f"{_CELLS} abbr axis bgcolor colspan headers height nowrap rowspan scope width"
_COLUMN = f"{_CELLS} span width"
_ATTRIBUTES = {
    "a": "accesskey charset coords href hreflang name rel rev shape tabindex target type",
    "area": "alt coords href nohref shape target",
    "blockquote": "cite",
    "col": _COLUMN,
    "colgroup": _COLUMN,
    "del": "cite datetime",
    "font": "color face size",
    **dict.fromkeys(["h1", "h2", "h3", "h4", "h5", "h6", "p"], "align"),
    "hr": "align noshade size width",
    "img": "align alt border height hspace ismap longdesc src usemap vspace width",
    "ins": "cite datetime",
    "li": "type value",
    "map": "name",
    "ol": "compact start type",
    "pre": "width",
    "q": "cite",
    "table": "align bgcolor border cellpadding cellspacing frame rules summary width",
    "tbody": _CELLS,
    "td": _CELL,
    "tfoot": _CELLS,
    "th": _CELL,
    "thead": _CELLS,
    "tr": f"{_CELLS} bgcolor",
    "ul": "compact type",
}
_BARE = "b big br center cite code dd dl dt em i small strong sub sup u"
ALLOWED = {name: frozenset(_ATTRIBUTES.get(name, "").split()) for name in _BARE.split()}
ALLOWED |= {name: frozenset(names.split()) for name, names in _ATTRIBUTES.items()}
EVERYWHERE = {"title", "dir", "lang"}
NEEDED = {"img": ("alt", "src"), "area": ("alt",), "map": ("name",)}

LINKS = {"cite", "href", "longdesc", "src"}
SCHEMES = {"http", "https", "ftp", "news", "nntp", "mailto", "gopher", "telnet"}
SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
# Browsers drop these wherever they stand in a URL: java&#10;script: is a script.
DROPPED = re.compile(r"[\x00-\x20\x7f-\xa0]+")

ENTITY = re.compile(r"&(\w+);")
PREDEFINED = {"amp", "apos", "gt", "lt", "quot"}


def check_formatted(xhtml: str) -> None:
    """Refuses formatted content that a marketplace would not show.

    Raises:
        BadQuestion: for what is not well-formed, and for elements, attributes and
            URL schemes that are not allowed.

    Example:
        >>> check_formatted("I <i>love</i>&nbsp;ice")
        >>> check_formatted("<p onclick='x()'>ice</p>")
        Traceback (most recent call last):
        ...
        crowdlab.errors.BadQuestion: FormattedContent: <p> can have no attribute 'onclick'
    """
    if "<!" in xhtml or "<?" in xhtml:
        raise BadQuestion(
            "FormattedContent: comments, CDATA and processing instructions are not "
            "allowed"
        )
    wrapped = document("FormattedContent", XHTML, ENTITY.sub(_character, xhtml))
    for element in root(wrapped, BadQuestion).iterdescendants():
        _check(element)


def _character(entity: re.Match[str]) -> str:
    """The character that HTML names so; the document has no DTD to name it."""
    name = entity[1]
    known = name in name2codepoint and name not in PREDEFINED
    return chr(name2codepoint[name]) if known else entity[0]


def _check(element: Element) -> None:
    name = name_of(element)
    if namespace_of(element) != XHTML or name not in ALLOWED:
        raise BadQuestion(f"FormattedContent: <{name}> is not allowed")
    values = {str(key): str(value) for key, value in element.items()}
    everywhere = EVERYWHERE if name != "br" else {"title"}
    for attribute in values.keys() - ALLOWED[name] - everywhere:
        raise BadQuestion(
            f"FormattedContent: <{name}> can have no attribute {attribute!r}"
        )
    for needed in NEEDED.get(name, ()):
        if needed not in values:
            raise BadQuestion(f"FormattedContent: <{name}> needs {needed!r}")
    for attribute in values.keys() & LINKS:
        _check_link(values[attribute])


def _check_link(url: str) -> None:
    scheme = SCHEME.match(DROPPED.sub("", url))
    if scheme and scheme[1].lower() not in SCHEMES:
        raise BadQuestion(
            f"FormattedContent: the URL {url!r} has the scheme {scheme[1]!r}; "
            f"choose from: {', '.join(sorted(SCHEMES))}"
        )
