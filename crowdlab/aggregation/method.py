"""What every method is: a constructor that stores, ``fit``, results that end in ``_``."""

from abc import abstractmethod
from collections.abc import Mapping
from typing import Any, Protocol, Self

import attrs
import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import sparse
from typing_extensions import override

from crowdlab.aggregation.codes import Codes
from crowdlab.aggregation.engine import UNKNOWN, Chunk, Floats, expected_right
from crowdlab.aggregation.estimator import Estimator
from crowdlab.aggregation.gold import gold_codes
from crowdlab.aggregation.memory import refuse_too_large
from crowdlab.aggregation.result import Aggregation
from crowdlab.aggregation.tally import (
    expected_right_ballots,
    is_undisputed,
    occurrences,
    tally,
)
from crowdlab.aggregation.votes import Votes

__all__ = [
    "UNDISPUTED",
    "Aggregator",
    "Books",
    "ChunkMethod",
    "Inference",
    "Method",
]

UNDISPUTED = "no two votes on a task differ"


class Aggregator(Protocol):
    """What a plug-in of the group ``crowdlab.aggregators`` makes."""

    def fit(self, answers: Any, *, gold: Any = None) -> Self:
        """Learns from the answers, and from the gold labels where there are any."""
        ...

    @property
    def result_(self) -> Aggregation:
        """What was found."""
        ...


@attrs.frozen(eq=False)
class Inference:
    """What a method found.

    Attributes:
        belief: each label's probability (tasks, labels).
        diagnostics: the method's account of the run.
        right: how many of each worker's votes are expected to be right (workers,),
            where the method came by it.
    """

    belief: "Floats | sparse.csr_array"
    diagnostics: Mapping[str, Any] = attrs.Factory(dict)
    right: Floats | None = None


@attrs.define(kw_only=True, eq=False)
class Method(Estimator[Aggregation]):
    """A way from many votes to one label.

    Every method takes the same three arguments, and those that need no iterations or
    no chance take them too, so that methods can be exchanged by name.

    Attributes:
        max_iterations: the most passes over the votes.
        tolerance: enough, when a pass changes less than this: the objective, per vote,
            or else any probability; 0 runs all passes.
        seed: of whatever is random; the same seed gives the same result.
    """

    @abstractmethod
    def infer(self, votes: Votes, gold: Codes) -> Inference:
        """The belief about each task, where ``gold`` is the known label or -1."""

    def fit(self, answers: object, *, gold: object = None) -> Self:
        """Learns from the answers.

        Args:
            answers: whatever ``Votes.of`` takes.
            gold: known labels, by task: a mapping, a series indexed by task, or a
                table with the columns ``task`` and ``label``.
        """
        votes, known = gold_codes(Votes.of(answers), gold)
        inference = self.infer(votes, known)
        right = inference.right
        if right is None:
            right = expected_right_ballots(votes, inference.belief)
        self._result = Books.of(votes).result(self.name, inference, right)
        return self

    @property
    def probabilities_(self) -> pd.DataFrame:
        """Each label's probability: tasks down, labels across."""
        return self.result_.probabilities


@attrs.define(kw_only=True, eq=False)
class ChunkMethod(Method):
    """A method that reads the votes as the engine's chunk.

    Where no two votes on a task differ, and no gold says otherwise, there is nothing
    to learn of workers: the votes are the labels, whatever the method.
    """

    @property
    def states_per_label(self) -> int:
        """How many states of a task share a label."""
        return 1

    @override
    def infer(self, votes: Votes, gold: Codes) -> Inference:
        if _is_settled(votes, gold):
            return Inference(tally(votes, gold), {"reason": UNDISPUTED})
        refuse_too_large(self.name, votes, self.states_per_label)
        return self.solve(Chunk.of(votes, gold))

    @override
    def fit(self, answers: object, *, gold: object = None) -> Self:
        votes, known = gold_codes(Votes.of(answers), gold)
        wants_votes = type(self).infer is not ChunkMethod.infer
        if wants_votes or _is_settled(votes, known):
            return super().fit(votes, gold=gold)
        refuse_too_large(self.name, votes, self.states_per_label)
        chunk, books = Chunk.of(votes, known), Books.of(votes)
        # The chunk says the same in a third of the memory.
        del votes
        inference = self.solve(chunk)
        right = expected_right(chunk, np.asarray(inference.belief))
        self._result = books.result(self.name, inference, right)
        return self

    @abstractmethod
    def solve(self, chunk: Chunk) -> Inference:
        """The belief about each task of the chunk."""


def _is_settled(votes: Votes, gold: Codes) -> bool:
    return is_undisputed(votes) and bool((gold == UNKNOWN).all())


@attrs.frozen(eq=False)
class Books:
    """What a result tells of tasks and workers, whatever the method."""

    tasks: "pd.Index[Any]"
    workers: "pd.Index[Any]"
    labels: "pd.Index[Any]"
    n_by_task: npt.NDArray[np.int64]
    n_by_worker: npt.NDArray[np.int64]

    @classmethod
    def of(cls, votes: Votes) -> "Books":
        """The books of the votes."""
        return cls.counted(
            votes,
            occurrences(votes.task, len(votes.tasks)),
            occurrences(votes.worker, len(votes.workers)),
        )

    @classmethod
    def counted(
        cls,
        votes: Votes,
        n_by_task: npt.NDArray[np.int64],
        n_by_worker: npt.NDArray[np.int64],
    ) -> "Books":
        """The books of votes that have been counted."""
        return cls(votes.tasks, votes.workers, votes.labels, n_by_task, n_by_worker)

    def result(self, name: str, inference: Inference, right: Floats) -> Aggregation:
        """The result, where so many of each worker's votes are expected to be right."""
        return Aggregation(
            name,
            inference.diagnostics,
            inference.belief,
            self.tasks,
            self.workers,
            self.labels,
            self.n_by_task,
            self.n_by_worker,
            right / self.n_by_worker,
        )
