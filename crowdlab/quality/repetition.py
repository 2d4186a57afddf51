"""Texts that a worker sent before, for another task."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from crowdlab.aggregation.answers import Answers
from crowdlab.aggregation.words import likeness, spelled
from crowdlab.errors import BadInput, BadVotes

__all__ = ["find_repeats"]

# Texts are compared that have so many words on end in common; of these, the nearest.
RUN, NEAREST = 4, 5

Words = tuple[str, ...]

COLUMNS = ["worker", "task", "earlier", "likeness", "reason"]


def find_repeats(answers: object, *, least: float = 0.8) -> pd.DataFrame:
    """A row for each text that repeats one of its worker's own: the most alike first.

    The columns are ``worker, task, earlier, likeness, reason``: ``earlier`` is the task
    that the worker gave the text to before, and ``likeness`` the share of word sequences
    that both have in common. It is where to look and not a verdict: two tasks may be as
    alike as their texts.

    Args:
        answers: whatever ``Votes.of`` takes, with texts for labels, each worker's in
            the order in which they were written.
        least: from what likeness on a text repeats another.

    Raises:
        BadVotes: for answers that cannot be used.
        BadInput: where ``least`` is not between 0 and 1.

    Example:
        >>> way = "Leave the room, turn left and take the last door."
        >>> said = [("a", "Ann", way), ("b", "Ann", way.upper()), ("b", "Bob", way)]
        >>> find_repeats(said)[["worker", "task", "earlier", "likeness"]]
          worker task earlier  likeness
        0    Ann    b       a       1.0
    """
    if not 0 < least <= 1:
        raise BadInput(f"least is {least}; it must be between 0 and 1")
    read = Answers.of(answers, _text)
    found = [
        _row(read, row, earlier, alike)
        for rows in _rows_by_worker(read)
        for row, earlier, alike in _repeats(rows, [read.said[row] for row in rows])
        if alike >= least
    ]
    table = pd.DataFrame(found, columns=COLUMNS)
    return table.sort_values(
        "likeness", ascending=False, kind="stable", ignore_index=True
    )


def _text(label: object) -> str:
    if not isinstance(label, str):
        raise BadVotes(f"{label!r} is no text")
    return label


def _rows_by_worker(read: Answers[str]) -> Iterator[list[int]]:
    order = np.argsort(read.worker, kind="stable")
    ends = np.flatnonzero(np.diff(read.worker[order])) + 1
    for rows in np.split(order, ends):
        yield rows.tolist()


def _row(read: Answers[str], row: int, earlier: int, alike: float) -> list[Any]:
    worker = read.workers[read.worker[row]]
    task, before = (read.tasks[read.task[each]] for each in (row, earlier))
    same = "the same text" if alike == 1 else f"{alike:.0%} of the text"
    return [worker, task, before, alike, f"wrote {same} for {before!s} before"]


def _repeats(rows: list[int], said: list[str]) -> Iterator[tuple[int, int, float]]:
    """Each row, the earlier row whose text is most like its own, and how much."""
    places: dict[Words, list[int]] = defaultdict(list)
    texts = [spelled(text) for text in said]
    for place, words in enumerate(texts):
        runs = _runs(words)
        shared = Counter(other for run in runs for other in places[run])
        alike = {
            other: likeness(texts[other], words)
            for other, _ in shared.most_common(NEAREST)
        }
        if alike:
            nearest = max(alike, key=lambda other: (alike[other], -other))
            yield rows[place], rows[nearest], alike[nearest]
        for run in runs:
            places[run].append(place)


def _runs(words: Words) -> set[Words]:
    """All of so many words on end, or the whole of a shorter text."""
    starts = range(max(1, len(words) - RUN + 1))
    return {words[start : start + RUN] for start in starts}
