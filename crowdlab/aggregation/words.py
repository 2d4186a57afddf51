"""Words: how texts are cut into them, and how two sequences of them align."""

import re

import numpy as np
import numpy.typing as npt

from crowdlab.aggregation.engine import Floats

__all__ = ["aligned", "likeness", "spelled", "tokens"]

WORD = re.compile(r"\s*(?:\w+(?:['’-]\w+)*|[^\w\s])")


def tokens(text: str) -> tuple[str, ...]:
    """Words and marks of punctuation, each with the blanks before it.

    Put together again, they are the text, but for blanks at its end.

    Example:
        >>> tokens("Yes, it's me.")
        ('Yes', ',', " it's", ' me', '.')
    """
    return tuple(WORD.findall(text))


def spelled(token: str) -> str:
    """What makes two tokens the same word: not their case, nor blanks.

    Example:
        >>> spelled(" Hello") == spelled("hello")
        True
    """
    return token.strip().casefold()


def aligned(
    replace: Floats, insert: Floats, skip: Floats
) -> tuple[float, list[tuple[int | None, int | None]]]:
    """The cheapest way to lay one sequence against another.

    Args:
        replace: what it costs to lay each item against each slot (items, slots).
        insert: what it costs to have an item in no slot (items,).
        skip: what it costs to leave a slot without an item (slots,).

    Returns:
        The cost; and item and slot of each step, where None is neither.

    Example:
        >>> same = np.array([[0.0, 1.0], [1.0, 0.0]])
        >>> aligned(same[1:], np.ones(1), np.ones(2))
        (1.0, [(None, 0), (0, 1)])
    """
    n_items, n_slots = replace.shape
    skipped = np.concatenate([[0.0], np.cumsum(skip)])
    cost = np.empty((n_items + 1, n_slots + 1))
    cost[0] = skipped
    for item in range(n_items):
        row = cost[item] + insert[item]
        row[1:] = np.minimum(row[1:], cost[item, :-1] + replace[item])
        # Skipping any slots after the best start: what it costs beyond the skips.
        cost[item + 1] = np.minimum.accumulate(row - skipped) + skipped
    return float(cost[-1, -1]), _path(cost, replace, insert)


def _path(
    cost: Floats, replace: Floats, insert: Floats
) -> list[tuple[int | None, int | None]]:
    """The steps that led to the last cost, from the first on."""
    item, slot = (size - 1 for size in cost.shape)
    steps: list[tuple[int | None, int | None]] = []
    while item or slot:
        here = cost[item, slot] + 1e-9
        if item and slot and cost[item - 1, slot - 1] + replace[item - 1, slot - 1] <= here:
            item, slot = item - 1, slot - 1
            steps.append((item, slot))
        elif item and cost[item - 1, slot] + insert[item - 1] <= here:
            item -= 1
            steps.append((item, None))
        else:
            slot -= 1
            steps.append((None, slot))
    return steps[::-1]


def likeness(one: npt.NDArray[np.integer], other: npt.NDArray[np.integer]) -> float:
    """How alike two sequences of words are: 1 less their edit distance per word.

    The distance is a share of the longer one, so that it is never more than 1.

    Example:
        >>> likeness(np.array([1, 2, 3, 4]), np.array([1, 2, 4]))
        0.75
    """
    longest = max(len(one), len(other))
    if not longest:
        return 1.0
    differ = (one[:, np.newaxis] != other).astype(np.float64)
    cost, _ = aligned(differ, np.ones(len(one)), np.ones(len(other)))
    return 1 - cost / longest
