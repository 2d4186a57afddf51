"""What is written beside a HIT is short, ASCII, and read again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crowdlab.questions import Annotation

TOKEN = "0123456789abcdef" * 3
NAMES = st.text(st.characters(exclude_categories=["Cs"]), max_size=300)


@given(NAMES, NAMES)
def test_it_always_fits(batch: str, task: str) -> None:
    """At most 255 ASCII characters, whatever names a requester gives."""
    text = Annotation(TOKEN, batch, task).to_text()

    assert len(text) <= 255
    assert text.isascii()
    assert text.isprintable()


@given(NAMES, NAMES)
def test_what_is_written_is_read(batch: str, task: str) -> None:
    """The token always, each name as it was or not at all, the task after its batch."""
    read = Annotation.read(Annotation(TOKEN, batch, task).to_text())

    assert read
    assert read.token == TOKEN
    assert read.batch in {batch, ""}
    assert read.task in ({task, ""} if read.batch else {""})


def test_short_names_are_all_there() -> None:
    """Usual names fit."""
    whole = Annotation(TOKEN, "my pets 1/2", "año 50%")

    assert Annotation.read(whole.to_text()) == whole


@pytest.mark.parametrize(
    "text",
    [None, "", "pets", f"{TOKEN}0", f"{TOKEN[:-1]}", f"{TOKEN} a b c", f"x {TOKEN}"],
)
def test_annotations_of_others_are_none(text: str | None) -> None:
    """What another program wrote is not taken for ours."""
    assert Annotation.read(text) is None


def test_a_token_alone_is_one() -> None:
    """HITs that were published without names are found by their token still."""
    assert Annotation.read(TOKEN) == Annotation(TOKEN)
