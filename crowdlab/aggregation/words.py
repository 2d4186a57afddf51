"""Words: how texts are cut into them, and how near one sequence of them is to another."""

import re
from collections import Counter
from collections.abc import Hashable, Sequence

import numpy as np

from crowdlab.aggregation.engine import Floats

__all__ = ["aligned", "likeness", "spelled", "tokens", "word_error_rate"]

WORD = re.compile(r"\s*(?:\w+|[^\w\s])")

LONGEST = 4

Steps = list[tuple[int | None, int | None]]


def tokens(text: str) -> tuple[str, ...]:
    """Words and marks of punctuation, each with the blanks before it.

    Put together again, they are the text, but for blanks at its end.

    Example:
        >>> tokens("Yes, it is me.")
        ('Yes', ',', ' it', ' is', ' me', '.')
    """
    return tuple(WORD.findall(text))


def spelled(text: str) -> tuple[str, ...]:
    """The text's tokens as they are compared: without case and blanks.

    Example:
        >>> spelled("Yes, it's me.") == spelled("yes ,  It's me.")
        True
    """
    return tuple(token.strip().casefold() for token in tokens(text))


def likeness(one: Sequence[Hashable], other: Sequence[Hashable]) -> float:
    """The share of word sequences, of up to four words, that two texts have in common.

    Known as GLEU: of the precision and the recall, the lower one.

    Y. Wu et al. Google's neural machine translation system. 2016.
    https://arxiv.org/abs/1609.08144

    Example:
        >>> round(likeness(["a", "b", "c"], ["a", "b"]), 2)
        0.5
    """
    if one == other:
        return 1.0
    mine, theirs = _sequences(one), _sequences(other)
    return (mine & theirs).total() / max(mine.total(), theirs.total())


def _sequences(words: Sequence[Hashable]) -> Counter[tuple[Hashable, ...]]:
    return Counter(
        tuple(words[start : start + length])
        for length in range(1, LONGEST + 1)
        for start in range(len(words) - length + 1)
    )


def word_error_rate(text: str, truth: str) -> float:
    """The words to replace, insert and leave out, for each word of the truth.

    Example:
        >>> word_error_rate("the cat sits", "The cat sat down")
        0.5
    """
    said, true = spelled(text), spelled(truth)
    differ = np.array([[x != y for y in true] for x in said], dtype=np.float64)
    shape = len(said), len(true)
    cost, _ = aligned(differ.reshape(shape), np.ones(shape[0]), np.ones(shape[1]))
    return cost / len(true)


def aligned(replace: Floats, insert: Floats, skip: Floats) -> tuple[float, Steps]:
    """The cheapest way to lay a sequence of items into a row of slots.

    Args:
        replace: what it costs to lay each item into each slot (items, slots).
        insert: what it costs to lay an item between slots (items,).
        skip: what it costs to leave a slot without an item (slots,).

    Returns:
        The cost; and item and slot of each step, where None is neither.

    Example:
        >>> aligned(np.array([[1.0, 0.0]]), np.ones(1), np.ones(2))
        (1.0, [(None, 0), (0, 1)])
    """
    n_items, n_slots = replace.shape
    skipped = np.concatenate([[0.0], np.cumsum(skip)])
    cost = np.empty((n_items + 1, n_slots + 1))
    cost[0] = skipped
    for item in range(n_items):
        row = cost[item] + insert[item]
        row[1:] = np.minimum(row[1:], cost[item, :-1] + replace[item])
        # Any number of slots may be skipped from the best start: measured beyond what
        # their skips cost, that is a running minimum, and needs no loop.
        cost[item + 1] = np.minimum.accumulate(row - skipped) + skipped
    return float(cost[-1, -1]), _steps(cost, replace, insert)


def _steps(cost: Floats, replace: Floats, insert: Floats) -> Steps:
    """The steps that led to the last cost, from the first on."""
    item, slot = (size - 1 for size in cost.shape)
    steps: Steps = []
    while item or slot:
        here = cost[item, slot] + 1e-9
        before = cost[item - 1, slot - 1] if item and slot else np.inf
        if before + (replace[item - 1, slot - 1] if item and slot else 0) <= here:
            item, slot = item - 1, slot - 1
            steps.append((item, slot))
        elif item and cost[item - 1, slot] + insert[item - 1] <= here:
            item -= 1
            steps.append((item, None))
        else:
            slot -= 1
            steps.append((None, slot))
    return steps[::-1]
