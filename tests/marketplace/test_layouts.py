"""HIT layouts: a page and its values become a question."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from crowdlab.errors import BadInput
from crowdlab.marketplace import Marketplace
from crowdlab.questions import HTMLQuestion, parse_question
from tests.marketplace.steps import QUESTION, Make, refused

PAGE = (
    "<!DOCTYPE html><html><head><title>${name}</title></head><body>"
    '<form><img src="${url}"><input name="label"></form></body></html>'
)
VALUES = {"name": "Cats", "url": "https://example.org/1.jpg"}


def values(**given: str) -> list[dict[str, str]]:
    """HITLayoutParameters."""
    return [{"Name": name, "Value": value} for name, value in given.items()]


def content(hit: dict[str, Any]) -> str:
    """The page of a HIT."""
    question = parse_question(hit["Question"])
    assert isinstance(question, HTMLQuestion)
    return question.content


def test_merging(market: Marketplace, make_hit: Make) -> None:
    """Each place of the layout is filled with its value, as often as it occurs."""
    layout = market.add_layout(PAGE + "<!-- ${name} -->")

    hit = make_hit(
        Question=None, HITLayoutId=layout, HITLayoutParameters=values(**VALUES)
    )

    filled = (PAGE + "<!-- ${name} -->").replace("${name}", "Cats")
    assert content(hit) == filled.replace("${url}", "https://example.org/1.jpg")


def test_echo(market: Marketplace, client: Any, make_hit: Make) -> None:
    """A HIT of a layout shows its HITLayoutId; others show none."""
    layout = market.add_layout("<p>Look!</p>")

    hit = make_hit(Question=None, HITLayoutId=layout)

    assert client.get_hit(HITId=hit["HITId"])["HIT"]["HITLayoutId"] == layout
    assert "HITLayoutId" not in make_hit()


def test_with_hit_type(market: Marketplace, client: Any, make_hit: Make) -> None:
    """CreateHITWithHITType takes a layout too."""
    layout = market.add_layout(PAGE)

    hit = client.create_hit_with_hit_type(
        HITTypeId=make_hit()["HITTypeId"],
        LifetimeInSeconds=600,
        HITLayoutId=layout,
        HITLayoutParameters=values(**VALUES),
    )["HIT"]

    assert "<title>Cats</title>" in hit["Question"]


def test_frame_height(market: Marketplace, make_hit: Make) -> None:
    """The question has the height that the layout was given."""
    layout = market.add_layout("<p>Look!</p>", frame_height=450)

    hit = make_hit(Question=None, HITLayoutId=layout)

    question = parse_question(hit["Question"])
    assert isinstance(question, HTMLQuestion)
    assert question.frame_height == 450


def test_fragments_become_pages(market: Marketplace, make_hit: Make) -> None:
    """A fragment is put into a page with a form that can be submitted."""
    layout = market.add_layout("<p>${name}</p>")

    hit = make_hit(
        Question=None, HITLayoutId=layout, HITLayoutParameters=values(name="Cats")
    )

    page = content(hit)
    assert "<p>Cats</p>" in page
    assert 'action="https://www.mturk.com/mturk/externalSubmit"' in page
    assert 'name="assignmentId"' in page


@pytest.mark.parametrize("tag", ["form", "crowd-form"])
def test_forms_are_kept(market: Marketplace, make_hit: Make, tag: str) -> None:
    """A fragment that brings its own form gets no second one."""
    layout = market.add_layout(f"<{tag}><input name='a'></{tag}>")

    hit = make_hit(Question=None, HITLayoutId=layout)

    assert "mturk_form" not in content(hit)


def test_values_are_inserted_as_given(market: Marketplace, make_hit: Make) -> None:
    """Markup in a value is markup on the page, and ``${}`` in it is no place."""
    layout = market.add_layout("<div>${text}</div>")

    hit = make_hit(
        Question=None,
        HITLayoutId=layout,
        HITLayoutParameters=values(text="<b>bold</b> ${text} &amp; \\1"),
    )

    assert "<div><b>bold</b> ${text} &amp; \\1</div>" in content(hit)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (values(name="Cats"), '"url".*has no value'),
        (values(**VALUES, size="9"), '"size".*is not in the layout'),
        (values(**VALUES) + values(name="Dogs"), "one value"),
        ([], "has no value"),
    ],
)
def test_names_must_match(
    market: Marketplace,
    client: Any,
    make_hit: Make,
    given: list[dict[str, str]],
    message: str,
) -> None:
    """A value that is missing, unknown or given twice is refused by its name."""
    layout = market.add_layout(PAGE)

    with pytest.raises(ClientError, match=message) as error:
        make_hit(Question=None, HITLayoutId=layout, HITLayoutParameters=given)

    assert refused(error)[0] == "ParameterValidationError"
    assert client.list_hits()["HITs"] == []


def test_size_counts_when_merged(market: Marketplace, make_hit: Make) -> None:
    """The limit of 65,535 bytes holds for the merged question."""
    layout = market.add_layout("<p>${text}</p>")

    make_hit(
        Question=None,
        HITLayoutId=layout,
        HITLayoutParameters=values(text="x" * 64_000),
    )
    with pytest.raises(ClientError) as error:
        make_hit(
            Question=None,
            HITLayoutId=layout,
            HITLayoutParameters=values(text="ü" * 33_000),
        )

    assert refused(error)[0] == "ParameterValidationError"


def test_page_must_be_html(market: Marketplace, make_hit: Make) -> None:
    """A value that breaks the page is refused like any page that does not parse."""
    layout = market.add_layout("<div>${text}</div>")

    with pytest.raises(ClientError, match="parsing the HTML5 data"):
        make_hit(
            Question=None, HITLayoutId=layout, HITLayoutParameters=values(text="</b>")
        )


def test_value_must_fit_into_xml(market: Marketplace, make_hit: Make) -> None:
    """A character that no question can carry is refused, not stored."""
    layout = market.add_layout("<div>${text}</div>")

    with pytest.raises(ClientError, match="error parsing"):
        make_hit(
            Question=None,
            HITLayoutId=layout,
            HITLayoutParameters=values(text="bell \x07"),
        )


def test_unknown_layout(make_hit: Make) -> None:
    """A layout that is not there is refused."""
    with pytest.raises(ClientError, match="3NOLAYOUT") as error:
        make_hit(Question=None, HITLayoutId="3NOLAYOUT")

    assert refused(error)[0] == "ParameterValidationError"


def test_foreign_layout(market: Marketplace, make_hit: Make) -> None:
    """A layout of another requester is not there."""
    layout = market.requester("somebody else").add_layout("<p>Mine</p>")

    with pytest.raises(ClientError, match=layout):
        make_hit(Question=None, HITLayoutId=layout)


def test_question_or_layout(market: Marketplace, make_hit: Make) -> None:
    """A HIT has a question or a layout: not both, not neither."""
    layout = market.add_layout("<p>Look!</p>")

    for members in (
        {"Question": QUESTION, "HITLayoutId": layout},
        {"Question": None},
        {"Question": QUESTION, "HITLayoutParameters": values(**VALUES)},
    ):
        with pytest.raises(ClientError) as error:
            make_hit(**members)
        assert refused(error)[0] == "ParameterValidationError"


@pytest.mark.parametrize(("page", "height"), [(" ", 0), ("<p>Look!</p>", -1)])
def test_bad_layouts(market: Marketplace, page: str, height: int) -> None:
    """A layout needs a page and a height that exists."""
    with pytest.raises(BadInput):
        market.add_layout(page, frame_height=height)
