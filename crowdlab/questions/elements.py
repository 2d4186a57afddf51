"""Reading the elements of a document in the order in which its schema has them.

There are no schema files: each reader asks for the children it knows, one after the
other, and what is missing, strange or out of order is refused here. A refusal's
message is plain; its details are worded as MTurk's own parser, Xerces, words them.
"""

import re
from collections.abc import Iterator
from types import TracebackType
from typing import Self

from lxml.etree import QName
from lxml.etree import _Element as Element

from crowdlab.errors import BadQuestion

__all__ = [
    "Children",
    "Element",
    "boolean",
    "choice",
    "integer",
    "name_of",
    "namespace_of",
    "refused",
    "shortened",
    "text",
]

XSI = "{http://www.w3.org/2001/XMLSchema-instance}"
INTEGER = re.compile(r"[+-]?[0-9]{1,10}")
INT = range(-(2**31), 2**31)


def name_of(element: Element) -> str:
    """The element's name without its namespace."""
    return QName(element).localname


def namespace_of(element: Element) -> str:
    """The namespace of the element, or ``""``."""
    return QName(element).namespace or ""


def refused(element: Element, words: str, details: str) -> BadQuestion:
    """The error that says where in the document something is wrong."""
    root = name_of(element.getroottree().getroot())
    return BadQuestion(f"{root}, line {element.sourceline}: {words}", details=details)


def shortened(text: str, most: int) -> str:
    """The text, or as much of it as may be shown."""
    return text if len(text) <= most else f"{text[:most]}..."


class Children:
    """The children of an element, to be asked for in order; none may be left over.

    Args:
        parent: the element, which may have no text of its own.
        known: the names of the attributes it may have.
    """

    def __init__(self, parent: Element, *known: str) -> None:
        _refuse_attributes(parent, known)
        _refuse_stray_text(parent)
        self._parent = parent
        self._left = list(reversed(parent))
        self._expected: list[str] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if kind is None and self._left:
            raise self._out_of_order()

    def maybe(self, *names: str) -> Element | None:
        """The next child if it has one of these names."""
        tags = {QName(namespace_of(self._parent) or None, name).text for name in names}
        if self._left and self._left[-1].tag in tags:
            self._expected.clear()
            return self._left.pop()
        self._expected.extend(names)
        return None

    def take(self, *names: str) -> Element:
        """The next child, which must have one of these names."""
        child = self.maybe(*names)
        if child is None:
            raise self._out_of_order()
        return child

    def each(self, *names: str) -> Iterator[Element]:
        """The next children as far as they have one of these names."""
        while (child := self.maybe(*names)) is not None:
            yield child

    def some(self, *names: str) -> Iterator[Element]:
        """As ``each``, but there must be at least one."""
        yield self.take(*names)
        yield from self.each(*names)

    def _out_of_order(self) -> BadQuestion:
        parent = name_of(self._parent)
        names = dict.fromkeys(self._expected)
        choices = " or ".join(f"<{name}>" for name in names)
        one_of = f"One of '{{{', '.join(names)}}}' is expected."
        if not self._left:
            return refused(
                self._parent,
                f"<{parent}> is not complete; it lacks {choices}",
                f"cvc-complex-type.2.4.b: The content of element '{parent}' is not "
                f"complete. {one_of}",
            )
        child = self._left[-1]
        found = f"Invalid content was found starting with element '{name_of(child)}'."
        if not names:
            return refused(
                child,
                f"<{name_of(child)}> does not belong here, at the end of <{parent}>",
                f"cvc-complex-type.2.4.d: {found} No child element is expected at "
                "this point.",
            )
        return refused(
            child,
            f"<{name_of(child)}> stands where <{parent}> needs {choices}"
            + _foreign(child, self._parent),
            f"cvc-complex-type.2.4.a: {found} {one_of}",
        )


def _foreign(child: Element, parent: Element) -> str:
    if namespace_of(child) == namespace_of(parent):
        return ""
    return f" (its namespace is {namespace_of(child)!r})"


def _refuse_attributes(element: Element, known: tuple[str, ...]) -> None:
    for name in map(str, element.keys()):
        if name not in known and not name.startswith(XSI):
            raise refused(
                element,
                f"<{name_of(element)}> can have no attribute {name!r}",
                f"cvc-complex-type.3.2.2: Attribute '{name}' is not allowed to appear "
                f"in element '{name_of(element)}'.",
            )


def _refuse_stray_text(parent: Element) -> None:
    texts = [parent.text, *(child.tail for child in parent)]
    if any(text and not text.isspace() for text in texts):
        raise refused(
            parent,
            f"<{name_of(parent)}> can have no text beside its elements",
            f"cvc-complex-type.2.3: Element '{name_of(parent)}' cannot have character "
            "[children], because the type's content type is element-only.",
        )


def text(element: Element, *known: str) -> str:
    """The text of an element that has no children, exactly.

    Args:
        element: the element.
        known: the names of the attributes it may have.
    """
    _refuse_attributes(element, known)
    if len(element):
        raise refused(
            element,
            f"<{name_of(element)}> can have no elements inside",
            f"cvc-type.3.1.2: Element '{name_of(element)}' is a simple type, so it "
            "must have no element information item [children].",
        )
    return element.text or ""


def choice(element: Element, choices: tuple[str, ...]) -> str:
    """The text of an element, which must be one of a few words."""
    value = text(element)
    if value not in choices:
        raise refused(
            element,
            f"<{name_of(element)}> is {value!r}; choose from: {', '.join(choices)}",
            f"cvc-enumeration-valid: Value '{value}' is not facet-valid with respect "
            f"to enumeration '[{', '.join(choices)}]'. It must be a value from the "
            "enumeration.",
        )
    return value


def boolean(element: Element) -> bool:
    """The text of an element as XML Schema writes truth: true, false, 1 or 0."""
    value = text(element).strip()
    if value not in {"true", "false", "1", "0"}:
        raise _no_such_value(element, value, "boolean", "true or false")
    return value in {"true", "1"}


def integer(
    element: Element, attribute: str | None = None, *, least: int = INT.start
) -> int:
    """The text of an element, or of one of its attributes, as an integer.

    Args:
        element: the element.
        attribute: the attribute to read instead of the element's own text.
        least: the smallest integer allowed.
    """
    raw = text(element) if attribute is None else str(element.get(attribute))
    value = raw.strip()
    if not INTEGER.fullmatch(value) or not least <= int(value) < INT.stop:
        kind = {0: "nonNegativeInteger", 1: "positiveInteger"}.get(least, "integer")
        least_words = "an integer" + (f" of at least {least}" if least >= 0 else "")
        raise _no_such_value(element, value, kind, least_words)
    return int(value)


def _no_such_value(element: Element, value: str, kind: str, words: str) -> BadQuestion:
    shown = shortened(value, 60)
    return refused(
        element,
        f"<{name_of(element)}> needs {words}, not {shown!r}",
        f"cvc-datatype-valid.1.2.1: '{shown}' is not a valid value for '{kind}'.",
    )
