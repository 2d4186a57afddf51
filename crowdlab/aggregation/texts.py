"""Texts: one out of many, by what they have in common."""

from abc import abstractmethod
from typing import ClassVar

import attrs
import numpy as np
import numpy.typing as npt
import pandas as pd
from typing_extensions import override

from crowdlab.aggregation.answers import Answers
from crowdlab.aggregation.consensus import Consensus, ValueMethod
from crowdlab.aggregation.engine import Floats
from crowdlab.aggregation.priors import positive
from crowdlab.aggregation.words import aligned, likeness, spelled, tokens

__all__ = ["Medoid", "Rover", "TextMethod"]

Codes = npt.NDArray[np.intp]


@attrs.frozen(eq=False)
class _Text:
    """A text as its tokens, and as codes of what they spell."""

    said: str
    tokens: tuple[str, ...]
    codes: Codes


@attrs.define(kw_only=True, eq=False)
class TextMethod(ValueMethod):
    """A consensus of texts, weighed by how near each worker's texts come to it.

    Attributes:
        prior_votes: texts of the crowd's average likeness, credited to every worker.
    """

    prior_votes: float = attrs.field(default=2.0, validator=positive)

    @abstractmethod
    def choose(self, texts: "list[_Text]", weights: Floats) -> "tuple[_Text, float]":
        """The consensus of a task's texts, and the confidence in it."""

    @override
    def infer(self, answers: object) -> Consensus:
        read = Answers.of(answers, _said)
        texts = _texts(read.values)
        by_task = [[texts[row] for row in rows] for rows in read.rows_by_task()]
        order = np.concatenate(read.rows_by_task())
        spread, moved, passes = np.ones(len(read.workers)), np.inf, 0
        chosen: list[tuple[_Text, float]] = []
        while passes < self.max_iterations and moved >= self.tolerance:
            weight = np.split(1 / np.square(spread)[read.worker[order]], _ends(by_task))
            chosen = [
                self.choose(of, each) for of, each in zip(by_task, weight, strict=True)
            ]
            closeness = np.empty(len(read))
            closeness[order] = [
                likeness(text.codes, best.codes)
                for of, (best, _) in zip(by_task, chosen, strict=True)
                for text in of
            ]
            last, spread = spread, self._spread(read, closeness)
            moved, passes = float(np.abs(spread - last).max()), passes + 1
        return read, chosen, spread, closeness, passes
def _said(label):
    if not isinstance(label, str):
        raise ValueError(f"{label!r} is no text")
    return label
def _texts(values):
    book={}
    out=[]
    for said in values:
        t=tokens(said)
        out.append(_Text(said,t,np.array([book.setdefault(spelled(x),len(book)) for x in t],dtype=np.intp)))
    return out
def _ends(by_task): return np.cumsum([len(x) for x in by_task])[:-1]
