"""AnswerKey: how a Qualification test is scored."""

import math
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

import attrs

from crowdlab.questions.elements import (
    Children,
    Element,
    integer,
    name_of,
    refused,
    text,
)
from crowdlab.questions.markup import SCHEMAS, question_root
from crowdlab.questions.question_form import values_of

__all__ = [
    "AnswerKey",
    "AnswerOption",
    "KeyQuestion",
    "PercentageMapping",
    "RangeMapping",
    "ScaleMapping",
    "ScoreRange",
]

TAG = f"{{{SCHEMAS}2005-10-01/AnswerKey.xsd}}AnswerKey"
DOUBLE = re.compile(
    r"[+-]?([0-9]{1,18}(\.[0-9]{0,18})?|\.[0-9]{1,18})([eE][+-]?[0-9])?"
)


def _rounded(value: Fraction) -> int:
    """The nearest integer; a half goes up, as the marketplace's Java rounds."""
    return math.floor(value + Fraction(1, 2))


@attrs.frozen
class PercentageMapping:
    """The sum of the scores as a percentage of the most one can reach."""

    maximum: int

    @classmethod
    def read(cls, mapping: Element) -> "PercentageMapping":
        """The mapping of an element."""
        with Children(mapping) as children:
            return cls(integer(children.take("MaximumSummedScore"), least=1))

    def value(self, total: int) -> int:
        """The Qualification's value for a sum of scores.

        Example:
            >>> PercentageMapping(3).value(2), PercentageMapping(8).value(1)
            (67, 13)
        """
        return _rounded(Fraction(100 * total, self.maximum))


@attrs.frozen
class ScaleMapping:
    """The sum of the scores, multiplied and rounded to the nearest integer."""

    multiplier: Decimal

    @classmethod
    def read(cls, mapping: Element) -> "ScaleMapping":
        """The mapping of an element."""
        with Children(mapping) as children:
            multiplier = children.take("SummedScoreMultiplier")
        number = text(multiplier).strip()
        if not DOUBLE.fullmatch(number):
            raise refused(
                multiplier,
                f"<SummedScoreMultiplier> needs a number, not {number!r}",
                f"cvc-datatype-valid.1.2.1: '{number}' is not a valid value for "
                "'double'.",
            )
        return cls(Decimal(number))

    def value(self, total: int) -> int:
        """The Qualification's value for a sum of scores."""
        return _rounded(total * Fraction(self.multiplier))


@attrs.frozen
class ScoreRange:
    """A range of sums, both ends included, and the value it stands for."""

    lower: int
    upper: int
    value: int

    @classmethod
    def read(cls, score_range: Element) -> "ScoreRange":
        """The range of an element."""
        with Children(score_range) as children:
            return cls(
                integer(children.take("InclusiveLowerBound")),
                integer(children.take("InclusiveUpperBound")),
                integer(children.take("QualificationValue")),
            )


@attrs.frozen
class RangeMapping:
    """The value of the first range that holds the sum of the scores."""

    ranges: tuple[ScoreRange, ...]
    out_of_range: int

    @classmethod
    def read(cls, mapping: Element) -> "RangeMapping":
        """The mapping of an element."""
        with Children(mapping) as children:
            return cls(
                tuple(map(ScoreRange.read, children.some("SummedScoreRange"))),
                integer(children.take("OutOfRangeQualificationValue")),
            )

    def value(self, total: int) -> int:
        """The Qualification's value for a sum of scores."""
        fitting = (r.value for r in self.ranges if r.lower <= total <= r.upper)
        return next(fitting, self.out_of_range)


@attrs.frozen
class AnswerOption:
    """What choosing exactly these selections is worth."""

    selections: frozenset[str]
    score: int

    @classmethod
    def read(cls, option: Element) -> "AnswerOption":
        """The option of an element."""
        with Children(option) as children:
            return cls(
                frozenset(map(text, children.some("SelectionIdentifier"))),
                integer(children.take("AnswerScore")),
            )


@attrs.frozen
class KeyQuestion:
    """The options of one question, and the score when none of them was chosen."""

    identifier: str
    options: tuple[AnswerOption, ...]
    default: int = 0

    @classmethod
    def read(cls, question: Element) -> "KeyQuestion":
        """The question of an element."""
        with Children(question) as children:
            identifier = text(children.take("QuestionIdentifier"))
            options = tuple(map(AnswerOption.read, children.some("AnswerOption")))
            default = children.maybe("DefaultScore")
        return cls(identifier, options, 0 if default is None else integer(default))

    def score(self, chosen: Sequence[str]) -> int:
        """What these choices are worth."""
        fitting = (o.score for o in self.options if o.selections == set(chosen))
        return next(fitting, self.default)


MAPPINGS: dict[str, type[PercentageMapping | ScaleMapping | RangeMapping]] = {
    "PercentageMapping": PercentageMapping,
    "ScaleMapping": ScaleMapping,
    "RangeMapping": RangeMapping,
}


@attrs.frozen
class AnswerKey:
    """How a Qualification test is scored.

    Attributes:
        questions: what each question is worth.
        mapping: what the sum becomes; ``None`` for the sum itself.
    """

    questions: tuple[KeyQuestion, ...]
    mapping: PercentageMapping | ScaleMapping | RangeMapping | None = None

    @classmethod
    def parse(cls, xml: str) -> "AnswerKey":
        """The key that the XML holds.

        Raises:
            BadQuestion: if it does not parse; the ``details`` are worded as a parser's.
        """
        with Children(question_root(xml, {TAG})) as children:
            questions = tuple(map(KeyQuestion.read, children.some("Question")))
            mapping = children.maybe("QualificationValueMapping")
        return cls(questions, None if mapping is None else _read_mapping(mapping))

    def score(self, answers: Mapping[str, str | Sequence[str]]) -> int:
        """The Qualification's value for a test's answers.

        Args:
            answers: the selections chosen, by question; a question without an answer
                is worth its default.

        Example:
            >>> right = AnswerOption(frozenset({"a", "b"}), 10)
            >>> key = AnswerKey((KeyQuestion("q1", (right,), default=1),))
            >>> key.score({"q1": ["b", "a"]}), key.score({"q1": ["a"]}), key.score({})
            (10, 1, 1)
        """
        total = sum(
            question.score(values_of(answers.get(question.identifier, ())))
            for question in self.questions
        )
        return total if self.mapping is None else self.mapping.value(total)


def _read_mapping(of: Element) -> PercentageMapping | ScaleMapping | RangeMapping:
    with Children(of) as children:
        mapping = children.take(*MAPPINGS)
    return MAPPINGS[name_of(mapping)].read(mapping)
