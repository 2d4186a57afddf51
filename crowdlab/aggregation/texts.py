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
from crowdlab.errors import BadVotes

__all__ = ["TextMethod", "Texts"]

# Nobody weighs nothing: where no texts are alike, weights are divided by.
LEAST = 1e-9


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


@attrs.define(kw_only=True, eq=False)
class TextMethod(ValueMethod):
    """A consensus of texts, in which workers weigh as much as they agree with others.

    A worker's quality is the mean likeness of their texts to the other texts of the
    same tasks, which are weighed by the quality of their workers in turn. ``workers_``
    has it beside the number ``n`` of texts.

    Attributes:
        prior_votes: texts of the crowd's average likeness, credited to every worker.
    """

    prior_votes: float = attrs.field(default=2.0, validator=positive)

    @abstractmethod
    def choose(self, texts: Texts, weights: Floats) -> tuple[str, float]:
        """What texts of these weights agree on, and how far to trust it."""

    @override
    def infer(self, answers: object) -> Consensus:
        read = Answers.of(answers, _text)
        # Sorted by what they say, so that the order of rows does not matter.
        by_task = [
            sorted(rows.tolist(), key=read.said.__getitem__)
            for rows in read.rows_by_task()
        ]
        tasks = [Texts.of([read.said[row] for row in rows]) for rows in by_task]
        quality, moved, passes = np.ones(len(read.workers)), np.inf, 0
        while passes < self.max_iterations and moved >= self.tolerance:
            last, quality = quality, self._quality(read, tasks, by_task, quality)
            moved, passes = float(np.abs(quality - last).max()), passes + 1
        chosen = [
            self.choose(texts, quality[read.worker[rows]])
            for texts, rows in zip(tasks, by_task, strict=True)
        ]
        labels, confidence = zip(*chosen, strict=True)
        return Consensus(
            self.name,
            pd.DataFrame(
                {
                    "task": read.tasks,
                    "label": list(labels),
                    "confidence": list(confidence),
                    "n_votes": read.n_by_task,
                }
            ),
            pd.DataFrame(
                {"worker": read.workers, "quality": quality, "n": read.n_by_worker}
            ),
            diagnostics={"iterations": passes, "converged": moved < self.tolerance},
        )

    def _quality(
        self,
        answers: Answers[str],
        tasks: list[Texts],
        by_task: list[list[int]],
        quality: Floats,
    ) -> Floats:
        """How much each worker's texts are like those of others (workers,)."""
        agreed, compared = np.zeros(len(answers)), np.zeros(len(answers))
        for texts, rows in zip(tasks, by_task, strict=True):
            if len(rows) > 1:
                weight = quality[answers.worker[rows]]
                others = weight.sum() - weight
                # A text is like itself by 1, which tells nothing of its worker.
                agreed[rows] = (texts.alike @ weight - weight) / others
                compared[rows] = 1
        average = agreed.sum() / max(compared.sum(), 1)
        n_compared = np.bincount(answers.worker, compared)
        sums = np.bincount(answers.worker, agreed) + self.prior_votes * average
        return np.asarray(np.maximum(sums / (n_compared + self.prior_votes), LEAST))


def _text(label: object) -> str:
    if not isinstance(label, str):
        raise BadVotes(f"{label!r} is no text")
    return label
