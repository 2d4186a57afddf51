"""The loop that most methods share: parameters from beliefs, beliefs from parameters."""

from abc import abstractmethod
from collections.abc import Callable
from typing import Any, Self

import attrs
import numpy as np
from typing_extensions import override

from crowdlab.aggregation.engine import (
    Chunk,
    Floats,
    Parameters,
    Statistics,
    e_step,
    expected_right,
    shares,
)
from crowdlab.aggregation.method import UNDISPUTED, Books, ChunkMethod, Inference
from crowdlab.aggregation.result import Aggregation
from crowdlab.aggregation.shelf import Shelf
from crowdlab.aggregation.sources import Held, Source
from crowdlab.errors import BadInput

__all__ = ["ExpectationMaximization"]


@attrs.define(kw_only=True, eq=False)
class ExpectationMaximization(ChunkMethod):
    """A method that is an M-step; the E-step is the engine's.

    It starts from each label's share of a task's votes, and is done when the
    objective stands still.

    Attributes:
        threads: how many read the votes at a time.
        on_disk: whether answers, and the probabilities that are found, are kept in
            temporary files: for answers that are more than memory holds.
    """

    threads: int = attrs.field(default=1, validator=attrs.validators.ge(1))
    on_disk: bool = False

    @abstractmethod
    def m_step(self, statistics: Statistics) -> Parameters:
        """The parameters that explain the statistics best."""

    def objective(self, statistics: Statistics, parameters: Parameters) -> float:  # noqa: ARG002 - priors need them
        """What the method climbs: the logarithm of the votes' probability, or more."""
        return statistics.evidence

    def start(self, chunk: Chunk) -> Floats:
        """The first belief (tasks, states)."""
        return shares(chunk)

    @override
    def fit(self, answers: object, *, gold: object = None) -> Self:
        if not self.on_disk:
            return super().fit(answers, gold=gold)
        if type(self).solve is not ExpectationMaximization.solve:
            raise BadInput(f"{self.name} needs all answers in memory, not on disk")
        with Shelf.of(answers, gold) as shelf:
            self._result = self._from_shelf(shelf)
        return self

    def _from_shelf(self, shelf: Shelf) -> Aggregation:
        believe, account = self._believer(shelf)
        belief, right = shelf.blank(), np.zeros(len(shelf.n_by_worker))
        for tasks, chunk in shelf.chunks():
            found = believe(chunk)
            belief[tasks] = found
            right += expected_right(chunk, found)
        books = Books.counted(shelf.books, shelf.n_by_task, shelf.n_by_worker)
        return books.result(self.name, Inference(belief, account), right)

    def _believer(
        self, shelf: Shelf
    ) -> tuple[Callable[[Chunk], Floats], dict[str, Any]]:
        """What says each label's probability of a chunk, and an account."""
        if shelf.is_settled():
            return shares, {"reason": UNDISPUTED}
        parameters, account = self.learn(shelf)
        return lambda chunk: e_step(chunk, parameters)[0], account

    @override
    def solve(self, chunk: Chunk) -> Inference:
        return self.climb(chunk, self.start(chunk))

    def climb(self, chunk: Chunk, belief: Floats) -> Inference:
        """The belief after the last pass, from a first one."""
        source = Held(chunk, belief, self.threads)
        _, account = self.learn(source)
        return Inference(_by_label(source.belief, chunk), account)

    def learn(self, source: Source) -> tuple[Parameters, dict[str, Any]]:
        """The parameters of the last pass, and an account of all."""
        trace = list[float]()
        parameters = self.m_step(source.count())
        while True:
            statistics = source.e_step(parameters)
            trace.append(self.objective(statistics, parameters))
            if self._is_done(trace, source.n_answers):
                break
            parameters = self.m_step(statistics)
        account = {
            "iterations": len(trace),
            "converged": self._is_still(trace, source.n_answers),
            "objective": trace,
        }
        return parameters, account

    def _is_done(self, trace: list[float], n_answers: int) -> bool:
        return len(trace) == self.max_iterations or self._is_still(trace, n_answers)

    def _is_still(self, trace: list[float], n_answers: int) -> bool:
        if self.tolerance == 0 or len(trace) < 2:  # noqa: PLR2004 - a gain needs two
            return False
        return abs(trace[-1] - trace[-2]) < self.tolerance * n_answers


def _by_label(belief: Floats, chunk: Chunk) -> Floats:
    """The states of each label added up (tasks, labels)."""
    if belief.shape[1] == chunk.n_labels:
        return belief
    by_label: Floats = belief.reshape(len(belief), chunk.n_labels, -1).sum(axis=2)
    return by_label
