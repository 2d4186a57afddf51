"""Texts laid upon one another, word by word, and voted on."""

from typing import ClassVar

import attrs
import numpy as np
from typing_extensions import override

from crowdlab.aggregation.engine import Floats
from crowdlab.aggregation.priors import positive
from crowdlab.aggregation.texts import TextMethod, Texts
from crowdlab.aggregation.words import aligned, spelled, tokens

__all__ = ["Rover"]

# What was said in one place: tokens by what they spell, which is nothing where a text
# has no word, each with the weight of those who said it.
Slot = dict[str, dict[str, float]]


@attrs.define(kw_only=True, eq=False)
class Rover(TextMethod):
    """Aligns the texts of a task and lets them vote on every word.

    The text that is most like the others comes first, and those most like it follow,
    each laid against the slots so far where most of its words agree. In a slot, words
    that differ in case only are one, and no word is a choice too; equals go to the
    first in sorted order. What comes out may be a text that nobody wrote. The
    confidence is the mean weight's share of the words chosen.

    J. G. Fiscus. A post-processing system to yield reduced word error rates: recognizer
    output voting error reduction (ROVER). ASRU (1997).
    https://doi.org/10.1109/ASRU.1997.659110

    Attributes:
        prior_empty: what no word weighs in a slot, as a share of its votes; the less,
            the longer the texts.

    Example:
        >>> said = ["the cat sat down", "the bat sat down", "the cat sat"]
        >>> votes = [("a", worker, text) for worker, text in enumerate(said)]
        >>> Rover().fit(votes).labels_["label"][0]
        'the cat sat down'
    """

    name: ClassVar[str] = "rover"

    prior_empty: float = attrs.field(default=1.0, validator=positive)

    @override
    def choose(self, texts: Texts, weights: Floats) -> tuple[str, float]:
        slots = _network(texts, weights)
        chosen = [slot[self._word(slot)] for slot in slots]
        text = "".join(max(sorted(said), key=said.__getitem__) for said in chosen)
        votes = [sum(said.values()) for said in chosen] or [weights.sum()]
        return text.lstrip(), float(np.mean(votes) / weights.sum())

    def _word(self, slot: Slot) -> str:
        """What most say, by weight."""
        votes = {word: _votes(slot, word) for word in sorted(slot)}
        if "" in votes:
            votes[""] *= self.prior_empty
        return max(votes, key=votes.__getitem__)


def _network(texts: Texts, weights: Floats) -> list[Slot]:
    """The texts laid upon one another, the most typical one first."""
    typical = int((texts.alike @ weights).round(12).argmax())
    order = np.argsort(-texts.alike[typical], kind="stable")
    slots: list[Slot] = []
    before = 0.0
    for number in order:
        slots = _laid(texts.said[number], float(weights[number]), slots, before)
        before += float(weights[number])
    return slots


def _laid(text: str, weight: float, slots: list[Slot], before: float) -> list[Slot]:
    """The slots with one more text, that texts of the weight ``before`` made."""
    said, words = tokens(text), spelled(text)
    differ = [[1 - _votes(slot, word) / before for slot in slots] for word in words]
    skip = np.array([1 - _votes(slot, "") / before for slot in slots])
    replace = np.array(differ).reshape(len(words), len(slots))
    _, steps = aligned(replace, np.ones(len(words)), skip)
    laid = []
    for item, place in steps:
        slot = {"": {"": before}} if place is None else slots[place]
        token, word = ("", "") if item is None else (said[item], words[item])
        here = slot.get(word, {})
        laid.append({**slot, word: {**here, token: here.get(token, 0.0) + weight}})
    return laid


def _votes(slot: Slot, word: str) -> float:
    return sum(slot.get(word, {}).values())
