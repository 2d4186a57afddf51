"""ExternalQuestion: built, parsed, and refused when it is wrong."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crowdlab.errors import BadQuestion
from crowdlab.questions import ExternalQuestion, parse_question

NAMESPACE = (
    "http://mechanicalturk.amazonaws.com/AWSMechanicalTurkDataSchemas/2006-07-14/"
    "ExternalQuestion.xsd"
)


def _xml(url: str, height: object = 0) -> str:
    return (
        f'<ExternalQuestion xmlns="{NAMESPACE}"><ExternalURL>{url}</ExternalURL>'
        f"<FrameHeight>{height}</FrameHeight></ExternalQuestion>"
    )


def test_a_question_as_programs_write_it_is_read() -> None:
    """An escaped query string comes back as the URL that a browser is given."""
    assert parse_question(
        _xml("\n https://example.org/task?x=1&amp;y=2 \n", 450)
    ) == ExternalQuestion("https://example.org/task?x=1&y=2", 450)


@given(
    st.text(st.characters(min_codepoint=33, codec="utf-8")), st.integers(0, 2**31 - 1)
)
def test_a_question_reads_back(path: str, height: int) -> None:
    """A URL comes back exactly, whatever its path holds."""
    url = (
        f"https://example.org/{path.replace(chr(0xFFFE), '').replace(chr(0xFFFF), '')}"
    )
    question = ExternalQuestion(url.strip(), height)

    assert parse_question(question.to_xml()) == question


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org", "HTTPS://EXAMPLE.ORG/", "https://[2001:db8::1]:8443/a",
        "http://localhost:8000/", "http://127.0.0.1/", "http://[::1]:80/a?b#c",
    ],
)  # fmt: skip
def test_https_and_this_machine_are_allowed(url: str) -> None:
    """A page is served over https, or by this machine."""
    assert parse_question(_xml(url)) == ExternalQuestion(url)


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/", "http://localhost.example.org/", "http://127.0.0.1.nip.io",
        "http://user@localhost@example.org/", "ftp://localhost/", "//example.org/",
        "example.org", "https://", "https:///a", "javascript:alert(1)", "", "https://[a",
        "file:///etc/passwd",
    ],
)  # fmt: skip
def test_other_urls_are_refused(url: str) -> None:
    """A page elsewhere without https, and what is no URL, is refused and named."""
    with pytest.raises(BadQuestion, match="ExternalURL") as raised:
        parse_question(_xml(url))

    assert repr(url) in str(raised.value)
    assert "ExternalURL" in raised.value.details
    with pytest.raises(BadQuestion, match="ExternalURL"):
        ExternalQuestion(url)


@pytest.mark.parametrize("height", ["tall", "", "-1", "1.5", "1e3", "0x10", "<b/>"])
def test_a_height_is_a_number_of_pixels(height: str) -> None:
    """FrameHeight is an integer, 0 or more."""
    with pytest.raises(BadQuestion, match="<FrameHeight>"):
        parse_question(_xml("https://example.org", height))


def test_the_height_is_obligatory() -> None:
    """A question without FrameHeight is not complete."""
    xml = _xml("https://example.org").replace("<FrameHeight>0</FrameHeight>", "")
    with pytest.raises(BadQuestion, match="it lacks <FrameHeight>"):
        parse_question(xml)
