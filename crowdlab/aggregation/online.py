"""Dawid and Skene for answers that go on coming: a day's are added to what is known."""

from typing import Any, ClassVar, Self

import attrs
import numpy as np
import numpy.typing as npt
import pandas as pd
from typing_extensions import override

from crowdlab.aggregation.codes import Codes
from crowdlab.aggregation.dawid_skene import DawidSkene
from crowdlab.aggregation.engine import Chunk, Floats, Statistics, beliefs, count, shares
from crowdlab.aggregation.method import Inference
from crowdlab.aggregation.votes import Votes
from crowdlab.errors import BadVotes, NotFitted

__all__ = ["OnlineDawidSkene"]


@attrs.frozen(eq=False)
class Known:
    """What has been learned: votes, what is believed of their tasks, and its counts."""

    votes: Votes
    belief: Floats
    statistics: Statistics


@attrs.define(kw_only=True, eq=False)
class OnlineDawidSkene(DawidSkene):
    """Dawid and Skene, where ``partial_fit`` adds answers and ``refine`` goes on.

    The sums over all tasks are kept. When answers are added, those of the tasks that
    they are about are taken out and put in again, and no other task is looked at: the
    incremental variant of expectation maximization. Each pass of ``refine`` is one over
    all answers, as ``fit`` makes them, from where the last one ended; after enough of
    them it is where ``fit`` of all answers ends. Gold labels are for ``fit`` alone.

    R. M. Neal and G. E. Hinton. A view of the EM algorithm that justifies incremental,
    sparse, and other variants. Learning in Graphical Models (1998).
    https://doi.org/10.1007/978-94-011-5014-9_12

    Attributes:
        passes: how often the tasks of new answers are gone through.

    Example:
        >>> monday = [("a", w, "cat") for w in "123"]
        >>> tuesday = [("b", w, "dog") for w in "123"]
        >>> online = OnlineDawidSkene().partial_fit(monday).partial_fit(tuesday)
        >>> online.labels_["label"].tolist()
        ['cat', 'dog']
    """

    name: ClassVar[str] = "dawid-skene"

    passes: int = attrs.field(default=3, validator=attrs.validators.ge(1))
    _known: Known | None = attrs.field(default=None, init=False, repr=False)
    _found: Inference | None = attrs.field(default=None, init=False, repr=False)

    @override
    def infer(self, votes: Votes, gold: Codes) -> Inference:
        if self._found is not None:
            return self._found
        found = super().infer(votes, gold)
        belief = np.asarray(found.belief)
        self._known = Known(votes, belief, count(Chunk.of(votes, gold), belief))
        return found

    def partial_fit(self, answers: object) -> Self:
        """Adds answers: to tasks that are known, of workers who are, or of others.

        Raises:
            BadVotes: for answers that ``fit`` would refuse, or ids of another type
                than before.
        """
        new = Votes.of(answers)
        old = self._known
        votes = new if old is None else _join(old.votes, new)
        touched = np.isin(votes.tasks, new.tasks)
        chunk = Chunk.of(_about(votes, touched))
        if old is None:
            belief = shares(Chunk.of(votes))
            rest = _nothing(votes)
        else:
            belief, rest = _carry(old, votes, touched, chunk)
        for _ in range(self.passes):
            statistics = rest + count(chunk, belief[touched])
            belief[touched], _ = beliefs(chunk, self.m_step(statistics))
        self._known = Known(votes, belief, rest + count(chunk, belief[touched]))
        return self._show({"iterations": self.passes, "touched": int(touched.sum())})

    def refine(self) -> Self:
        """Goes over all answers, until nothing changes or ``max_iterations``.

        Raises:
            NotFitted: where there are no answers yet.
        """
        if self._known is None:
            raise NotFitted("there is nothing to refine: call fit or partial_fit first")
        votes = self._known.votes
        chunk = Chunk.of(votes)
        found = self.climb(chunk, self._known.belief)
        belief = np.asarray(found.belief)
        self._known = Known(votes, belief, count(chunk, belief))
        return self._show(found.diagnostics)

    def _show(self, diagnostics: Any) -> Self:
        """Makes the result of what is known, as ``fit`` makes its own."""
        assert self._known is not None
        self._found = Inference(self._known.belief, diagnostics)
        try:
            return self.fit(self._known.votes)
        finally:
            self._found = None
