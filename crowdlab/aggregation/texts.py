"""Texts: one out of many, by what they have in common."""

from abc import abstractmethod

import attrs
import numpy as np
import pandas as pd
from typing_extensions import override

from crowdlab.aggregation.answers import Answers
from crowdlab.aggregation.consensus import Consensus, ValueMethod
from crowdlab.aggregation.engine import Floats
from crowdlab.aggregation.priors import positive
from crowdlab.aggregation.words import likeness, spelled

__all__ = ["Choice", "TextMethod", "Texts"]

# How near to the consensus a worker's texts may come, as a distance from likeness 1.
LEAST = 1e-3


@attrs.frozen(eq=False)
class Texts:
    """What a task's workers wrote, the first in sorted order first.

    Attributes:
        said: the texts, as they are.
        alike: how alike each is to each (texts, texts).
    """

    said: list[str]
    alike: Floats

    @classmethod
    def of(cls, said: list[str]) -> "Texts":
        """The texts, compared."""
        words = [spelled(text) for text in said]
        alike = np.ones((len(said), len(said)))
        for row, column in zip(*np.triu_indices(len(said), k=1), strict=True):
            alike[row, column] = likeness(words[row], words[column])
            alike[column, row] = alike[row, column]
        return cls(said, alike)


@attrs.frozen(eq=False)
class Choice:
    """A text, how far to trust it, and how near each of the texts is to it (texts,)."""

    text: str
    confidence: float
    closeness: Floats


@attrs.define(kw_only=True, eq=False)
class TextMethod(ValueMethod):
    """A consensus of texts, in which workers weigh by how near they come to it.

    The weight is a precision: one over the mean squared distance of a worker's texts
    from the consensus, which is 1 less their likeness. ``workers_`` has as quality the
    mean likeness, and the number ``n`` of texts.

    Attributes:
        prior_votes: texts of the crowd's average distance, credited to every worker.
    """

    prior_votes: float = attrs.field(default=2.0, validator=positive)

    @abstractmethod
    def choose(self, texts: Texts, weights: Floats) -> Choice:
        """What texts of these weights agree on."""

    @override
    def infer(self, answers: object) -> Consensus:
        read = Answers.of(answers, _text)
        # Sorted by what they say, so that the order of rows does not matter.
        by_task = [
            sorted(rows.tolist(), key=read.values.__getitem__)
            for rows in read.rows_by_task()
        ]
        tasks = [Texts.of([read.values[row] for row in rows]) for rows in by_task]
        order = np.concatenate(by_task)
        spread, moved, passes = np.ones(len(read.workers)), np.inf, 0
        chosen: list[Choice] = []
        closeness = np.ones(len(read))
        while passes < self.max_iterations and moved >= self.tolerance:
            weights = 1 / np.square(spread)[read.worker]
            chosen = [
                self.choose(texts, weights[rows])
                for texts, rows in zip(tasks, by_task, strict=True)
            ]
            closeness[order] = np.concatenate([choice.closeness for choice in chosen])
            last, spread = spread, self._spread(read, closeness)
            moved, passes = float(np.abs(spread - last).max()), passes + 1
        return Consensus(
            self.name,
            _labels(read, chosen),
            _workers(read, closeness),
            diagnostics={"iterations": passes, "converged": moved < self.tolerance},
        )

    def _spread(self, answers: Answers[str], closeness: Floats) -> Floats:
        """How far each worker's texts are from the consensus (workers,)."""
        squares = np.square(1 - closeness)
        far = np.bincount(answers.worker, squares) + self.prior_votes * squares.mean()
        spread = np.sqrt(far / (answers.n_by_worker + self.prior_votes))
        return np.asarray(np.maximum(spread, LEAST))


def _labels(answers: Answers[str], chosen: list[Choice]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "task": answers.tasks,
            "label": [choice.text for choice in chosen],
            "confidence": [choice.confidence for choice in chosen],
            "n_votes": answers.n_by_task,
        }
    )


def _workers(answers: Answers[str], closeness: Floats) -> pd.DataFrame:
    quality = np.bincount(answers.worker, closeness) / answers.n_by_worker
    return pd.DataFrame(
        {"worker": answers.workers, "quality": quality, "n": answers.n_by_worker}
    )


def _text(label: object) -> str:
    if not isinstance(label, str):
        raise ValueError(f"{label!r} is no text")  # noqa: TRY004 - told with its row
    return label
