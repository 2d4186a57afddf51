"""Texts that a worker wrote once and sent again."""

import time

import numpy as np
import pytest

from crowdlab.errors import BadInput, BadVotes
from crowdlab.quality import find_repeats

WAY = (
    "Leave the kitchen and turn left into the corridor. Pass the bathroom on your right "
    "and a bike, then take the last door on the left."
)
OTHER = "Go up the stairs, cross the hall and enter the room behind the big shelf."


def test_a_text_that_was_sent_before_is_found() -> None:
    """The later one is named with the task of the earlier, whatever its case and marks."""
    found = find_repeats(
        [
            ("1", "Ann", WAY),
            ("1", "Bob", OTHER),
            ("2", "Ann", OTHER),
            ("3", "Ann", WAY.lower() + " "),
        ]
    )

    assert ["Ann", "3", "1", 1.0, "wrote the same text for 1 before"] == found.iloc[
        0
    ].tolist()
    assert 1 == len(found)


def test_what_others_wrote_is_no_repeat() -> None:
    """Two workers who agree are what a crowd is asked for."""
    assert find_repeats(
        [("1", "Ann", WAY), ("1", "Bob", WAY), ("2", "Bob", OTHER)]
    ).empty


def test_a_text_with_a_word_changed_is_found_too() -> None:
    """The most alike come first, and how much of a text is the same is said."""
    changed = WAY.replace("bike", "plant")
    found = find_repeats([("1", "Ann", WAY), ("2", "Ann", changed), ("3", "Ann", WAY)])

    assert [("3", "1"), ("2", "1")] == list(
        zip(found["task"], found["earlier"], strict=True)
    )
    assert 1 == found["likeness"][0] > found["likeness"][1] > 0.8
    assert (
        found["reason"][1]
        == f"wrote {found['likeness'][1]:.0%} of the text for 1 before"
    )
    assert find_repeats([("1", "Ann", WAY), ("2", "Ann", changed)], least=0.95).empty


def test_short_texts_are_compared_as_they_are() -> None:
    """Less than four words, and none, are texts as well."""
    found = find_repeats(
        [(n, "Ann", text) for n, text in enumerate(["no", "yes", "No", "", ""])]
    )

    assert {(2, 0), (4, 3)} == set(zip(found["task"], found["earlier"], strict=True))


def test_nothing_is_found_where_nothing_repeats() -> None:
    """The table is empty then, with its columns."""
    found = find_repeats([("1", "Ann", WAY), ("2", "Ann", OTHER)])

    assert ["worker", "task", "earlier", "likeness", "reason"] == list(found.columns)
    assert found.empty


def test_what_is_no_text_is_refused() -> None:
    """So is a likeness that nothing or everything has."""
    with pytest.raises(BadVotes, match="is no text"):
        find_repeats([("1", "Ann", 3)])
    with pytest.raises(BadInput, match="least is 0"):
        find_repeats([("1", "Ann", WAY)], least=0)


def test_a_worker_may_write_a_lot() -> None:
    """A thousand texts of one worker take seconds, not minutes."""
    generator = np.random.default_rng(7)
    vocabulary = np.array([f"word{n}" for n in range(300)])
    said = [" ".join(generator.choice(vocabulary, 60)) for _ in range(1000)]
    said[999] = said[17]

    started = time.perf_counter()
    found = find_repeats([(n, "Ann", text) for n, text in enumerate(said)])

    assert [(999, 17)] == list(zip(found["task"], found["earlier"], strict=True))
    assert time.perf_counter() - started < 10
