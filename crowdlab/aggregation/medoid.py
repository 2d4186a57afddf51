"""The text that is most like the others."""

from typing import ClassVar

import attrs
from typing_extensions import override

from crowdlab.aggregation.engine import Floats
from crowdlab.aggregation.texts import TextMethod, Texts

__all__ = ["Medoid"]

# Sums closer than this are equal: they differ by the order of texts alone.
TIE = 1e-12


@attrs.define(kw_only=True, eq=False)
class Medoid(TextMethod):
    """Chooses the text that is most like those of its task, by the workers' weight.

    Whatever it chooses, somebody wrote: it is never garbled. Of equals it takes the
    first in sorted order. The confidence is the weighted mean likeness of the task's
    texts to it, itself among them; likeness is the share of word sequences in common.

    J. Li and F. Fukumoto. A dataset of crowdsourced word sequence collections: answer
    aggregation and ground truth creation. AnnoNLP (2019).
    https://doi.org/10.18653/v1/D19-5904

    Example:
        >>> said = ["the cat sat", "the cat sat down", "a dog"]
        >>> votes = [("a", worker, text) for worker, text in enumerate(said)]
        >>> Medoid().fit(votes).labels_["label"][0]
        'the cat sat'
    """

    name: ClassVar[str] = "medoid"

    @override
    def choose(self, texts: Texts, weights: Floats) -> tuple[str, float]:
        score = texts.alike @ weights / weights.sum()
        best = int((score >= score.max() - TIE).argmax())
        return texts.said[best], float(score[best])
