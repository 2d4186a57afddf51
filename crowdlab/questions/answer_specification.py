"""What a QuestionForm accepts as an answer: text, choices or (in 2005) a file."""

import re
from collections.abc import Sequence
from typing import cast

import attrs

from crowdlab.questions.content import (
    Binary,
    FormattedContent,
    Text,
    read_block,
)
from crowdlab.questions.elements import (
    Children,
    Element,
    choice,
    integer,
    name_of,
    refused,
    text,
)
from crowdlab.questions.markup import attributes, element, escape

__all__ = [
    "STYLES",
    "AnswerSpecification",
    "FileUploadAnswer",
    "FreeTextAnswer",
    "Length",
    "Numeric",
    "Pattern",
    "Selection",
    "SelectionAnswer",
]

STYLES = ("radiobutton", "checkbox", "list", "dropdown", "combobox", "multichooser")
NUMBER = re.compile(r"\s*[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)\s*")
LARGEST_FILE = 2_000_000_000


def _optional(of: Element, attribute: str, least: int = -(2**31)) -> int | None:
    if of.get(attribute) is None:
        return None
    return integer(of, attribute, least=least)


@attrs.frozen
class Numeric:
    """A text that must be a number.

    Attributes:
        least: the smallest number allowed, or ``None``.
        most: the largest number allowed, or ``None``.
    """

    least: int | None = None
    most: int | None = None

    @classmethod
    def read(cls, constraint: Element) -> "Numeric":
        """The constraint of an element."""
        text(constraint, "minValue", "maxValue")
        return cls(_optional(constraint, "minValue"), _optional(constraint, "maxValue"))

    def to_xml(self) -> str:
        """The constraint as the wire carries it."""
        return f"<IsNumeric{attributes(minValue=self.least, maxValue=self.most)}/>"

    def complaint(self, answer: str) -> str:
        """What is wrong with an answer, or ``""``."""
        if not NUMBER.fullmatch(answer):
            return "needs a number"
        if self.least is not None and float(answer) < self.least:
            return f"needs a number of at least {self.least}"
        if self.most is not None and float(answer) > self.most:
            return f"needs a number of at most {self.most}"
        return ""


@attrs.frozen
class Length:
    """A text that must be so long.

    Attributes:
        least: the fewest characters allowed, or ``None``.
        most: the most characters allowed, or ``None``.
    """

    least: int | None = None
    most: int | None = None

    @classmethod
    def read(cls, constraint: Element) -> "Length":
        """The constraint of an element."""
        text(constraint, "minLength", "maxLength")
        return cls(
            _optional(constraint, "minLength", least=0),
            _optional(constraint, "maxLength", least=1),
        )

    def to_xml(self) -> str:
        """The constraint as the wire carries it."""
        return f"<Length{attributes(minLength=self.least, maxLength=self.most)}/>"

    def complaint(self, answer: str) -> str:
        """What is wrong with an answer, or ``""``."""
        if self.least is not None and len(answer) < self.least:
            return f"needs at least {self.least} characters"
        if self.most is not None and len(answer) > self.most:
            return f"needs at most {self.most} characters"
        return ""


@attrs.frozen
class Pattern:
    """A JavaScript pattern that the worker's browser holds a text against.

    Attributes:
        regex: the pattern.
        error_text: what the browser says of a text that does not match, or ``None``.
        flags: ``i`` to ignore case, or ``None``.
    """

    regex: str
    error_text: str | None = None
    flags: str | None = None

    @classmethod
    def read(cls, constraint: Element) -> "Pattern":
        """The constraint of an element."""
        text(constraint, "regex", "errorText", "flags")
        regex, flags = constraint.get("regex"), constraint.get("flags")
        if regex is None:
            raise refused(
                constraint,
                "<AnswerFormatRegex> needs the attribute 'regex'",
                "cvc-complex-type.4: Attribute 'regex' must appear on element "
                "'AnswerFormatRegex'.",
            )
        if flags not in {None, "i"}:
            raise refused(
                constraint,
                f"<AnswerFormatRegex> has the flags {flags!r}; there is only 'i'",
                f"cvc-enumeration-valid: Value '{flags}' is not facet-valid with "
                "respect to enumeration '[i]'.",
            )
        return cls(regex, constraint.get("errorText"), flags)

    def to_xml(self) -> str:
        """The constraint as the wire carries it."""
        values = attributes(
            regex=self.regex, errorText=self.error_text, flags=self.flags
        )
        return f"<AnswerFormatRegex{values}/>"


@attrs.frozen
class FreeTextAnswer:
    """A text that the worker writes.

    Attributes:
        numeric: what number it must be, or ``None`` for any text.
        length: how long it must be, or ``None``.
        patterns: what the browser holds it against.
        default: what stands there before the worker writes.
        lines: how many lines to show; ``None`` where the form does not say.
    """

    numeric: Numeric | None = None
    length: Length | None = None
    patterns: tuple[Pattern, ...] = ()
    default: str | None = None
    lines: int | None = None

    @classmethod
    def read(cls, answer: Element) -> "FreeTextAnswer":
        """The specification of an element."""
        with Children(answer) as children:
            constraints = children.maybe("Constraints")
            default = children.maybe("DefaultText")
            lines = children.maybe("NumberOfLinesSuggestion")
        return cls(
            *_read_constraints(constraints),
            None if default is None else text(default),
            None if lines is None else integer(lines, least=1),
        )

    def to_xml(self, name: str = "FreeTextAnswer") -> str:
        """The specification as the wire carries it, under this name."""
        rules = [rule for rule in (self.numeric, self.length) if rule is not None]
        constraints = [rule.to_xml() for rule in (*rules, *self.patterns)]
        parts = [element("Constraints", *constraints)] if constraints else []
        if self.default is not None:
            parts.append(element("DefaultText", escape(self.default)))
        if self.lines is not None:
            parts.append(element("NumberOfLinesSuggestion", str(self.lines)))
        return element(name, *parts)

    def complaint(self, answer: str) -> str:
        """What is wrong with an answer, or ``""``; patterns are the browser's matter."""
        rules = [rule for rule in (self.numeric, self.length) if rule is not None]
        return next(filter(None, (rule.complaint(answer) for rule in rules)), "")


_Constraints = tuple[Numeric | None, Length | None, tuple[Pattern, ...]]


def _read_constraints(of: Element | None) -> _Constraints:
    if of is None:
        return None, None, ()
    with Children(of) as children:
        numeric = children.maybe("IsNumeric")
        length = children.maybe("Length")
        patterns = tuple(map(Pattern.read, children.each("AnswerFormatRegex")))
    return (
        None if numeric is None else Numeric.read(numeric),
        None if length is None else Length.read(length),
        patterns,
    )


@attrs.frozen
class Selection:
    """One of the choices.

    Attributes:
        identifier: what the answer calls it.
        content: what the worker sees of it.
    """

    identifier: str
    content: Text | FormattedContent | Binary

    @classmethod
    def read(cls, selection: Element) -> "Selection":
        """The choice of an element."""
        with Children(selection) as children:
            identifier = text(children.take("SelectionIdentifier"))
            content = children.take("Text", "FormattedContent", "Binary")
        return cls(
            identifier, cast("Text | FormattedContent | Binary", read_block(content))
        )

    def to_xml(self) -> str:
        """The choice as the wire carries it."""
        identifier = element("SelectionIdentifier", escape(self.identifier))
        return element("Selection", identifier, self.content.to_xml())


@attrs.frozen
class SelectionAnswer:
    """Choices from which the worker takes some.

    Attributes:
        selections: the choices.
        min_count: the fewest to take; ``None`` where the form does not say.
        max_count: the most to take; ``None`` where the form does not say.
        style: one of ``STYLES``, or ``None``.
        other: the text a worker may write instead, or ``None``.
    """

    selections: tuple[Selection, ...]
    min_count: int | None = None
    max_count: int | None = None
    style: str | None = None
    other: FreeTextAnswer | None = None

    @property
    def fewest(self) -> int:
        """The fewest choices to take: one where the form does not say."""
        return 1 if self.min_count is None else self.min_count

    @property
    def most(self) -> int:
        """The most choices to take: one where the form does not say."""
        return max(1, self.fewest) if self.max_count is None else self.max_count

    @classmethod
    def read(cls, answer: Element) -> "SelectionAnswer":
        """The specification of an element."""
        with Children(answer) as children:
            fewest = children.maybe("MinSelectionCount")
            most = children.maybe("MaxSelectionCount")
            style = children.maybe("StyleSuggestion")
            choices = children.take("Selections")
        with Children(choices) as children:
            selections = tuple(map(Selection.read, children.some("Selection")))
            other = children.maybe("OtherSelection")
        found = cls(
            selections,
            None if fewest is None else integer(fewest, least=0),
            None if most is None else integer(most, least=1),
            None if style is None else choice(style, STYLES),
            None if other is None else FreeTextAnswer.read(other),
        )
        found._refuse_impossible(answer)
        return found

    def _refuse_impossible(self, answer: Element) -> None:
        if self.fewest > self.most:
            words = f"MinSelectionCount is {self.fewest} and MaxSelectionCount is "
            raise refused(answer, f"{words}{self.most}", f"{words}{self.most}.")

    def to_xml(self) -> str:
        """The specification as the wire carries it."""
        counts = {
            "MinSelectionCount": self.min_count,
            "MaxSelectionCount": self.max_count,
            "StyleSuggestion": self.style,
        }
        parts = [
            element(name, escape(str(value)))
            for name, value in counts.items()
            if value is not None
        ]
        choices = [selection.to_xml() for selection in self.selections]
        if self.other is not None:
            choices.append(self.other.to_xml("OtherSelection"))
        return element("SelectionAnswer", *parts, element("Selections", *choices))

    def complaint(self, chosen: Sequence[str], other: str = "") -> str:
        """What is wrong with the choices taken and the text written, or ``""``."""
        known = [selection.identifier for selection in self.selections]
        if unknown := set(chosen) - set(known):
            return f"has no choice {min(unknown)!r}; choose from: {', '.join(known)}"
        n_chosen = len(set(chosen)) + bool(other)
        if n_chosen < self.fewest:
            return f"needs at least {self.fewest} of the choices"
        if n_chosen > self.most + (self.other is not None):
            return f"needs at most {self.most} of the choices"
        return self.other.complaint(other) if self.other and other else ""


@attrs.frozen
class FileUploadAnswer:
    """A file, which only forms of 2005 can ask for.

    Attributes:
        most_bytes: the largest file allowed.
        fewest_bytes: the smallest file allowed.
    """

    most_bytes: int
    fewest_bytes: int

    @classmethod
    def read(cls, answer: Element) -> "FileUploadAnswer":
        """The specification of an element."""
        with Children(answer) as children:
            most = children.take("MaxFileSizeInBytes")
            fewest = children.take("MinFileSizeInBytes")
        sizes = [integer(size, least=1) for size in (most, fewest)]
        if max(sizes) > LARGEST_FILE:
            raise refused(
                answer,
                f"<{name_of(answer)}> allows at most {LARGEST_FILE} bytes",
                f"cvc-maxInclusive-valid: Value '{max(sizes)}' is not facet-valid with "
                f"respect to maxInclusive '{LARGEST_FILE}'.",
            )
        return cls(*sizes)

    def to_xml(self) -> str:
        """The specification as the wire carries it."""
        return element(
            "FileUploadAnswer",
            element("MaxFileSizeInBytes", str(self.most_bytes)),
            element("MinFileSizeInBytes", str(self.fewest_bytes)),
        )


AnswerSpecification = FreeTextAnswer | SelectionAnswer | FileUploadAnswer
