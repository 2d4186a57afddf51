"""AnswerKey: Qualification tests are scored as the documentation says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crowdlab.errors import BadQuestion
from crowdlab.questions import AnswerKey
from crowdlab.questions.answer_key import (
    AnswerOption,
    KeyQuestion,
    PercentageMapping,
    RangeMapping,
    ScaleMapping,
    ScoreRange,
)

NAMESPACE = (
    "http://mechanicalturk.amazonaws.com/AWSMechanicalTurkDataSchemas/2005-10-01/"
    "AnswerKey.xsd"
)


def _option(score: object, *chosen: str) -> str:
    names = "".join(f"<SelectionIdentifier>{c}</SelectionIdentifier>" for c in chosen)
    return f"<AnswerOption>{names}<AnswerScore>{score}</AnswerScore></AnswerOption>"


def _question(name: str, *options: str, default: object = None) -> str:
    score = "" if default is None else f"<DefaultScore>{default}</DefaultScore>"
    identifier = f"<QuestionIdentifier>{name}</QuestionIdentifier>"
    return f"<Question>{identifier}{''.join(options)}{score}</Question>"


def _key(*parts: str, mapping: str = "") -> str:
    if mapping:
        mapping = f"<QualificationValueMapping>{mapping}</QualificationValueMapping>"
    return f'<AnswerKey xmlns="{NAMESPACE}">{"".join(parts)}{mapping}</AnswerKey>'


def _three(mapping: str = "") -> AnswerKey:
    questions = (_question(f"q{n}", _option(1, "a")) for n in range(3))
    return AnswerKey.parse(_key(*questions, mapping=mapping))


RANGES = (
    "<RangeMapping><SummedScoreRange><InclusiveLowerBound>2</InclusiveLowerBound>"
    "<InclusiveUpperBound>3</InclusiveUpperBound>"
    "<QualificationValue>50</QualificationValue></SummedScoreRange>"
    "<OutOfRangeQualificationValue>-1</OutOfRangeQualificationValue></RangeMapping>"
)


def _percentage(most: object) -> str:
    score = f"<MaximumSummedScore>{most}</MaximumSummedScore>"
    return f"<PercentageMapping>{score}</PercentageMapping>"


def _scale(by: object) -> str:
    multiplier = f"<SummedScoreMultiplier>{by}</SummedScoreMultiplier>"
    return f"<ScaleMapping>{multiplier}</ScaleMapping>"


@pytest.mark.parametrize(
    ("mapping", "value"),
    [
        ("", 2),
        (_percentage(3), 67),
        (_percentage(4), 50),
        (_percentage(16), 13),
        (_scale(3), 6),
        (_scale("0.75"), 2),
        (_scale("-1.25E0"), -2),
        (RANGES, 50),
        (RANGES.replace(">2<", ">3<"), -1),
        (RANGES.replace(">3<", ">2<"), 50),
    ],
)
def test_the_sum_is_mapped(mapping: str, value: int) -> None:
    """Two right answers of three are worth what the mapping makes of two."""
    assert _three(mapping).score({"q0": ["a"], "q1": "a", "q2": ["b"]}) == value


@pytest.mark.parametrize(
    ("chosen", "score"),
    [
        (["a", "b"], 10),
        (["b", "a"], 10),
        (["b", "a", "b"], 10),
        (["a"], -5),
        ("a", -5),
        (["b"], 3),
        (["a", "b", "c"], 3),
        ("ab", 3),
        ([], 3),
    ],
)
def test_exactly_the_selections_of_an_option_earn_its_score(
    chosen: list[str], score: int
) -> None:
    """One choice too many, or too few, earns the default."""
    question = _question("q", _option(10, "a", "b"), _option(-5, "a"), default=3)

    assert AnswerKey.parse(_key(question)).score({"q": chosen}) == score


def test_without_a_default_a_wrong_answer_is_worth_nothing() -> None:
    """So is no answer, and one to a question that the key does not have."""
    key = _three()

    assert key.score({"q0": ["b"]}) == key.score({}) == key.score({"z": ["a"]}) == 0


@given(st.integers(-300, 300), st.integers(1, 200))
def test_a_percentage_is_rounded_to_the_nearest(total: int, most: int) -> None:
    """The value is never further than half a percent from the exact one; halves go up."""
    value = PercentageMapping(most).value(total)

    assert -most <= 2 * (100 * total - value * most) < most


def test_a_key_is_read_whole() -> None:
    """Questions, options, defaults and mappings are all kept."""
    xml = _key(_question("é", _option(1, "a", "b"), default=2), mapping=RANGES)

    assert AnswerKey.parse(f'<?xml version="1.0"?>\n{xml}\n') == AnswerKey(
        (KeyQuestion("é", (AnswerOption(frozenset({"a", "b"}), 1),), 2),),
        RangeMapping((ScoreRange(2, 3, 50),), -1),
    )
    scaled = AnswerKey.parse(
        _key(_question("q", _option(1, "a")), mapping=_scale(".5"))
    )
    assert isinstance(scaled.mapping, ScaleMapping)


@pytest.mark.parametrize(
    ("xml", "message"),
    [
        (_key(), "it lacks <Question>"),
        (_key(_question("q")), "it lacks <AnswerOption>"),
        (_key(_question("q", _option(1))), "needs <SelectionIdentifier>"),
        (_key(_question("q", _option("one", "a"))), "needs an integer, not 'one'"),
        (_key(_question("q", _option(2**31, "a"))), "needs an integer, not '2147483648'"),
        (_key(_question("q", _option(1, "a"), default="")), "<DefaultScore> needs"),
        (_key(_question("q", _option(1, "a")), mapping="<Other/>"), "<Other> stands where"),
        (_key(_question("q", _option(1, "a")), mapping=_percentage(0)), "at least 1"),
        (_key(_question("q", _option(1, "a")), mapping=_scale("NaN")), "not 'NaN'"),
        (_key(_question("q", _option(1, "a")), mapping=_scale("1e999999")), "a number"),
        (_key(_question("q", _option(1, "a")), mapping=RANGES * 2), "does not belong here"),
        (_key(_question("q", _option(1, "a"))).replace("2005", "2006"), "choose from:"),
        ("<!DOCTYPE a>" + _key(_question("q", _option(1, "a"))), "DOCTYPE"),
        ("<AnswerKey>", "not well-formed"),
    ],
)  # fmt: skip
def test_a_key_that_breaks_a_rule_is_refused(xml: str, message: str) -> None:
    """A key that cannot score a test is refused when it is given."""
    with pytest.raises(BadQuestion) as raised:
        AnswerKey.parse(xml)

    assert message in str(raised.value)
