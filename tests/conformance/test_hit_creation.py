"""HIT types and the creation of HITs."""

from typing import Any

import pytest

from tests.conformance.bench import (
    DAY,
    TURK,
    Bench,
    Refused,
    of_range,
    request_error,
)
from tests.conformance.papers import external, html
from tests.marketplace.people import PERCENT, SCHEMAS, answer_key, exam, lives, requires
from tests.marketplace.steps import QUESTION

YEAR = 31_536_000
MOST_BYTES = 65_535
XML_ERROR = (
    "There was an error parsing the XML question or answer data in your request.  "
    "Please make sure the data is well-formed and validates against the appropriate "
    "schema. Details: "
)
HTML_ERROR = (
    "There was an error parsing the HTML5 data in your request.  Please make sure the "
    "data is well-formed and validates as HTML5. Details: "
)


def test_a_new_hit(bench: Bench) -> None:
    """A new HIT is Assignable, all of it available, and GetHIT gives it again."""
    hit = bench.hit(MaxAssignments=3, RequesterAnnotation="mine")

    assert bench.standing(hit) == ("Assignable", 3, 0)
    assert hit["NumberOfAssignmentsCompleted"] == 0
    assert hit["HITReviewStatus"] == "NotReviewed"
    assert hit["RequesterAnnotation"] == "mine"
    assert bench.get(hit) == hit


def test_defaults(bench: Bench) -> None:
    """One assignment and thirty days until it is approved, where nothing is said."""
    hit = bench.hit(MaxAssignments=None)

    assert hit["MaxAssignments"] == 1
    assert hit["AutoApprovalDelayInSeconds"] == 2_592_000
    assert hit["QualificationRequirements"] == []


def test_the_same_properties_make_the_same_type(bench: Bench) -> None:
    """Seven properties make a HIT type, whichever operation names them."""
    given = bench.parameters(AutoApprovalDelayInSeconds=2_592_000)
    first = bench.client.create_hit(**given)["HIT"]
    second = bench.client.create_hit(**given | {"MaxAssignments": 2})["HIT"]
    for name in ("LifetimeInSeconds", "Question"):
        del given[name]
    type_id = bench.client.create_hit_type(**given)["HITTypeId"]

    assert first["HITTypeId"] == second["HITTypeId"] == type_id
    assert first["HITGroupId"] == second["HITGroupId"]
    assert first["HITId"] != second["HITId"]


@pytest.mark.parametrize(
    "change",
    [
        {"Title": "Another"},
        {"Description": "Another"},
        {"Keywords": "another"},
        {"Reward": "0.06"},
        {"AssignmentDurationInSeconds": 601},
        {"AutoApprovalDelayInSeconds": 601},
        {"QualificationRequirements": [requires(PERCENT, "GreaterThan", 90)]},
    ],
    ids=lambda change: next(iter(change)),
)
def test_another_property_makes_another_type(
    bench: Bench, change: dict[str, Any]
) -> None:
    """Each of the seven properties makes a difference."""
    given = bench.parameters(LifetimeInSeconds=None, Question=None)
    types = {
        bench.client.create_hit_type(**parameters)["HITTypeId"]
        for parameters in (given, given | change)
    }

    assert len(types) == 2


def test_a_hit_of_a_type(bench: Bench) -> None:
    """A HIT takes every property of its type, and its group."""
    type_id = bench.hit_type(Reward="0.17", Keywords="z", AutoApprovalDelayInSeconds=77)
    given = {"HITTypeId": type_id, "LifetimeInSeconds": 60, "Question": QUESTION}
    hits = [bench.client.create_hit_with_hit_type(**given)["HIT"] for _ in range(2)]

    hit = hits[0]
    assert hit["HITTypeId"] == type_id
    assert (hit["Reward"], hit["Keywords"]) == ("0.17", "z")
    assert hit["AutoApprovalDelayInSeconds"] == 77
    assert hits[1]["HITGroupId"] == hit["HITGroupId"]


@pytest.mark.parametrize("name", ["AssignmentDurationInSeconds", "LifetimeInSeconds"])
def test_durations(bench: Bench, name: str) -> None:
    """Half a minute to a year."""
    for value in (29, YEAR + 1):
        refused = bench.refusal("create_hit", **bench.parameters(**{name: value}))
        assert refused == of_range(name, value, 30, YEAR)
    assert bench.hit(**{name: 30})
    assert bench.hit(**{name: YEAR})


def test_auto_approval_delay(bench: Bench) -> None:
    """At once to thirty days."""
    name, most = "AutoApprovalDelayInSeconds", 2_592_000
    refused = bench.refusal("create_hit", **bench.parameters(**{name: most + 1}))

    assert refused == of_range(name, most + 1, 0, most)
    assert bench.hit(**{name: 0})[name] == 0


def test_max_assignments(bench: Bench) -> None:
    """One to a thousand million."""
    most = 1_000_000_000
    for value in (0, most + 1):
        given = bench.parameters(MaxAssignments=value)
        refused = bench.refusal("create_hit", **given)
        assert refused == of_range("MaxAssignments", value, 1, most)


@pytest.mark.parametrize(
    ("name", "most"),
    [
        ("Title", 128),
        ("Description", 2000),
        ("Keywords", 1000),
        ("RequesterAnnotation", 255),
    ],
)
def test_lengths(bench: Bench, name: str, most: int) -> None:
    """Texts have a most number of characters, however many bytes these take."""
    given = bench.parameters(**{name: "é" * (most + 1)})

    assert bench.refusal("create_hit", **given).code == "ParameterValidationError"
    assert bench.hit(**{name: "é" * most})[name] == "é" * most


@pytest.mark.parametrize(
    ("reward", "shown"),
    [
        ("0.05", "0.05"),
        ("5", "5.00"),
        ("5.", "5.00"),
        ("0.5", "0.50"),
        ("0.00", "0.00"),
    ],
)
def test_rewards(bench: Bench, reward: str, shown: str) -> None:
    """A reward is dollars, with a point and two digits at most; nothing is allowed."""
    assert bench.hit(Reward=reward)["Reward"] == shown


@pytest.mark.parametrize(
    "reward", [".05", "0.055", "-1", "1,00", "$1", "1e1", " 1", "1\n"]
)
def test_what_is_no_reward(bench: Bench, reward: str) -> None:
    """A reward begins with a digit, and holds nothing but digits and one point."""
    refused = bench.refusal("create_hit", **bench.parameters(Reward=reward))

    assert refused.code == "ValidationException"
    assert "at 'reward'" in refused.text


def test_tokens(bench: Bench) -> None:
    """A token of CreateHIT serves once, for CreateHITWithHITType too, and names the HIT."""
    given = bench.parameters(UniqueRequestToken=bench.name())
    hit = bench.client.create_hit(**given)["HIT"]
    text = f'The HIT with ID "{hit["HITId"]}" already exists.'
    expected = request_error("HITAlreadyExists", text)

    assert bench.refusal("create_hit", **given) == expected
    assert expected == bench.refusal(
        "create_hit_with_hit_type",
        HITTypeId=hit["HITTypeId"],
        LifetimeInSeconds=60,
        Question=QUESTION,
        UniqueRequestToken=given["UniqueRequestToken"],
    )


def test_a_token_is_forgotten_after_a_day(bench: Bench) -> None:
    """24 hours later the token makes another HIT."""
    given = bench.parameters(UniqueRequestToken=bench.name())
    first = bench.client.create_hit(**given)["HIT"]["HITId"]
    bench.clock.advance(DAY - 1)
    assert bench.refusal("create_hit", **given) == request_error("HITAlreadyExists")
    bench.clock.advance(1)

    assert bench.client.create_hit(**given)["HIT"]["HITId"] != first


def test_a_failure_uses_no_token(bench: Bench) -> None:
    """A token is used up by a HIT, not by an attempt."""
    given = bench.parameters(UniqueRequestToken=bench.name())
    bench.refusal("create_hit", **given | {"Question": "<no"})

    assert bench.client.create_hit(**given)["HIT"]["HITId"]


def test_a_question_is_needed(bench: Bench) -> None:
    """A HIT has a Question or a HITLayoutId, and not both."""
    layout = bench.binding.add_layout("<p>${what}</p>")
    both = bench.parameters(HITLayoutId=layout)
    neither = bench.parameters(Question=None)

    for given in (both, neither):
        assert bench.refusal("create_hit", **given).code == "ParameterValidationError"


def test_a_layout(bench: Bench) -> None:
    """A layout's places are filled in, which makes an HTMLQuestion."""
    layout = bench.binding.add_layout("<p>Is ${what} a ${kind}?</p>")
    values = [{"Name": "what", "Value": "Rex"}, {"Name": "kind", "Value": "dog"}]
    hit = bench.hit(Question=None, HITLayoutId=layout, HITLayoutParameters=values)

    assert "2011-11-11/HTMLQuestion.xsd" in hit["Question"]
    assert "<p>Is Rex a dog?</p>" in hit["Question"]
    assert hit["HITLayoutId"] == layout


@pytest.mark.parametrize(
    ("layout", "names"),
    [("3NOSUCHLAYOUT", []), ("", []), ("", ["what", "more"])],
    ids=["unknown layout", "value missing", "value too many"],
)
def test_what_does_not_fit_a_layout(
    bench: Bench, layout: str, names: list[str]
) -> None:
    """A layout must be there, and each of its places has one value."""
    layout = layout or bench.binding.add_layout("<p>${what}</p>")
    values = [{"Name": name, "Value": "v"} for name in names]
    given = bench.parameters(
        Question=None, HITLayoutId=layout, HITLayoutParameters=values
    )

    assert bench.refusal("create_hit", **given).code == "ParameterValidationError"


def test_a_merged_page_has_a_limit_too(bench: Bench) -> None:
    """The limit of a question's bytes holds for what a layout becomes."""
    layout = bench.binding.add_layout("<p>${what}</p>")
    given = bench.parameters(
        Question=None,
        HITLayoutId=layout,
        HITLayoutParameters=[{"Name": "what", "Value": "x" * MOST_BYTES}],
    )

    assert bench.refusal("create_hit", **given).code == "ParameterValidationError"


def test_a_question_has_a_limit_in_bytes(bench: Bench) -> None:
    """65,535 bytes are a question, one more is none, whatever the characters."""
    room = MOST_BYTES - len(html())
    assert bench.hit(Question=html("x" * room))["Question"] == html("x" * room)

    for body in ("x" * (room + 1), "é" * (room // 2 + 1)):
        given = bench.parameters(Question=html(body))
        assert bench.refusal("create_hit", **given).code == "ParameterValidationError"


@pytest.mark.parametrize(
    "question",
    [
        external(height=""),
        external(height="tall"),
        external(height="-1"),
        html(height=""),
        external("http://example.org/not-secure"),
        external().replace(
            "<ExternalURL>", "<FrameHeight>0</FrameHeight><ExternalURL>"
        ),
        external().replace("2006-07-14", "2006-07-15"),
        external().replace("</ExternalQuestion>", ""),
        exam().replace("<QuestionContent><Text>?</Text></QuestionContent>", ""),
        f'<QuestionForm xmlns="{SCHEMAS}2017-11-06/QuestionForm.xsd"/>',
        answer_key(),
        "What is this?",
        "",
    ],
    ids=[
        "no height",
        "height no number",
        "height below zero",
        "no height of a page",
        "not https",
        "wrong order",
        "wrong namespace",
        "not closed",
        "question without content",
        "empty form",
        "no question at all",
        "no XML",
        "empty",
    ],
)
def test_what_is_no_question(bench: Bench, question: str) -> None:
    """A question that its schema does not allow is refused in the service's words."""
    refused = bench.refusal("create_hit", **bench.parameters(Question=question))

    assert refused.code == "ParameterValidationError"
    assert refused.turk_code == f"{TURK}XMLParseError"
    assert refused.text.startswith(XML_ERROR)
    assert len(refused.text) > len(XML_ERROR)


@pytest.mark.parametrize(
    "page",
    ["<p>no doctype", "<!DOCTYPE html><p", "<!DOCTYPE html><title>t</title><p></div>"],
)
def test_what_is_no_page(bench: Bench, page: str) -> None:
    """HTMLContent is validated as HTML5."""
    given = bench.parameters(Question=html(page=page))
    refused = bench.refusal("create_hit", **given)

    assert refused.code == "ParameterValidationError"
    assert refused.turk_code == f"{TURK}XHTMLParseError"
    assert refused.text.startswith(HTML_ERROR)


@pytest.mark.parametrize(
    "question",
    [
        html(),
        external("https://example.org/?a=1&amp;b=2"),
        exam(),
        exam().replace("2017-11-06", "2005-10-01"),
    ],
    ids=["HTMLQuestion", "ExternalQuestion", "QuestionForm", "old QuestionForm"],
)
def test_a_question_comes_back(bench: Bench, question: str) -> None:
    """Questions of each format come back as they were sent."""
    assert bench.hit(Question=question)["Question"] == question


def test_requirements_are_echoed_in_full(bench: Bench) -> None:
    """What a requirement guards is filled in where it was not said."""
    hit = bench.hit(
        QualificationRequirements=[
            requires(PERCENT, "GreaterThan", 90),
            lives("In", "US", "CA-ON", ActionsGuarded="DiscoverPreviewAndAccept"),
        ]
    )

    first, second = hit["QualificationRequirements"]
    assert first == requires(
        PERCENT, "GreaterThan", 90, ActionsGuarded="Accept", RequiredToPreview=False
    )
    assert second["ActionsGuarded"] == "DiscoverPreviewAndAccept"
    assert second["LocaleValues"] == [
        {"Country": "US"},
        {"Country": "CA", "Subdivision": "ON"},
    ]


def test_two_ways_of_guarding(bench: Bench) -> None:
    """ActionsGuarded and RequiredToPreview exclude each other."""
    both = requires(
        PERCENT, "GreaterThan", 9, ActionsGuarded="Accept", RequiredToPreview=False
    )
    refused = bench.refusal(
        "create_hit", **bench.parameters(QualificationRequirements=[both])
    )

    text = (
        "The combination of parameters supplied to the request is invalid: "
        "ActionsGuarded, RequiredToPreview."
    )
    assert refused == Refused("InvalidParameterCombinationError", None, text)


def test_ten_requirements(bench: Bench) -> None:
    """A HIT has ten requirements at most."""
    many = [requires(PERCENT, "GreaterThan", value) for value in range(11)]
    given = bench.parameters(QualificationRequirements=many)

    assert bench.refusal("create_hit", **given).code == "ParameterValidationError"
    hit = bench.hit(QualificationRequirements=many[:10])
    assert len(hit["QualificationRequirements"]) == 10


@pytest.mark.parametrize(
    "requirement",
    [
        requires(PERCENT, "GreaterThan"),
        requires(PERCENT, "GreaterThan", 1, 2),
        requires(PERCENT, "Exists", 1),
        requires(PERCENT, "In"),
        requires(PERCENT, "In", *range(16)),
        requires(PERCENT, "EqualTo", LocaleValues=[{"Country": "US"}]),
        lives("LessThan", "US"),
        lives("EqualTo", "US", "CA"),
        lives("In", *["US"] * 31),
        lives("EqualTo", "XX"),
        lives("EqualTo", "US", IntegerValues=[1]),
    ],
    ids=[
        "no value",
        "two values",
        "a value that Exists",
        "in nothing",
        "in sixteen",
        "a number that is a place",
        "less than a place",
        "equal to two places",
        "in 31 places",
        "no country",
        "a place and a number",
    ],
)
def test_what_is_no_requirement(bench: Bench, requirement: dict[str, Any]) -> None:
    """Each comparator takes its number of values, of the kind of the Qualification."""
    given = bench.parameters(QualificationRequirements=[requirement])

    assert bench.refusal("create_hit", **given).code == "ParameterValidationError"


@pytest.mark.parametrize("changes", [{"QualificationTypeStatus": "Inactive"}, {}])
def test_a_requirement_of_what_nobody_can_have(
    bench: Bench, changes: dict[str, str]
) -> None:
    """A new HIT requires no Qualification of an inactive or a deleted type."""
    type_id = bench.qualification_type(**changes)
    if not changes:
        bench.client.delete_qualification_type(QualificationTypeId=type_id)
    given = bench.parameters(QualificationRequirements=[requires(type_id, "Exists")])

    refused = bench.refusal("create_hit", **given)

    assert refused == request_error("InvalidQualificationTypeState")


def test_a_requirement_of_an_unknown_type(bench: Bench) -> None:
    """A HIT cannot require a Qualification that there is not."""
    unknown = requires("3NOSUCHTYPE", "Exists")
    given = bench.parameters(QualificationRequirements=[unknown])

    refused = bench.refusal("create_hit", **given)

    assert refused == request_error("QualificationTypeDoesNotExist")
