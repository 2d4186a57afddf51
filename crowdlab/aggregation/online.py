"""Dawid and Skene for answers that go on coming: a day's are added to what is known."""

from typing import Any, ClassVar, Self

import attrs
import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import sparse
from typing_extensions import override

from crowdlab.aggregation.cells import Cells
from crowdlab.aggregation.codes import Codes
from crowdlab.aggregation.dawid_skene import DawidSkene
from crowdlab.aggregation.engine import (
    Chunk,
    Floats,
    Statistics,
    beliefs,
    count,
    shares,
)
from crowdlab.aggregation.memory import refuse_too_large
from crowdlab.aggregation.method import Inference
from crowdlab.aggregation.votes import Votes
from crowdlab.errors import BadVotes, NotFitted

__all__ = ["Known", "OnlineDawidSkene"]

Mask = npt.NDArray[np.bool_]


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
    all answers, as ``fit`` makes them, from where the last one ended; enough of them
    end where ``fit`` of all answers does, or, where the likelihood has another maximum
    nearby, there. Gold labels are for ``fit`` alone.

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
        refuse_too_large(self.name, votes)
        found = super().infer(votes, gold)
        belief = found.belief
        dense = belief.toarray() if isinstance(belief, sparse.csr_array) else belief
        self._known = Known(votes, dense, count(Chunk.of(votes, gold), dense))
        return found

    def partial_fit(self, answers: object) -> Self:
        """Adds answers: on tasks and by workers that are known, or on and by others.

        Raises:
            BadVotes: for answers that ``fit`` would refuse, or ids of another type
                than before.
        """
        new, old = Votes.of(answers), self._known
        votes = new if old is None else _join(old.votes, new)
        refuse_too_large(self.name, votes)
        is_touched = votes.tasks.isin(new.tasks)
        chunk = Chunk.of(_about(votes, is_touched))
        cells = chunk.cells if old is None else _moved_cells(old, votes) | chunk.cells
        chunk, rest = chunk.on(cells), _nothing(cells)
        if old is not None:
            rest += _spread(_without(old, new), old, votes, cells)
        touched = shares(chunk)
        for _ in range(self.passes):
            parameters = self.m_step(rest + count(chunk, touched))
            touched, _ = beliefs(chunk, parameters)
        belief = _carry(old, votes)
        belief[is_touched] = touched
        self._known = Known(votes, belief, rest + count(chunk, touched))
        return self._show({"iterations": self.passes, "touched": len(touched)})

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


def _join(old: Votes, new: Votes) -> Votes:
    """The votes of both, the old ones first."""
    tasks, workers, labels = (
        _union(getattr(old, name), getattr(new, name), name)
        for name in ("tasks", "workers", "labels")
    )
    parts = [
        (
            _moved(votes.task, votes.tasks, tasks),
            _moved(votes.worker, votes.workers, workers),
            _moved(votes.label, votes.labels, labels),
        )
        for votes in (old, new)
    ]
    task, worker, label = (np.concatenate(pair) for pair in zip(*parts, strict=True))
    return Votes(task, worker, label, tasks, workers, labels)


def _union(old: "pd.Index[Any]", new: "pd.Index[Any]", name: str) -> "pd.Index[Any]":
    if old.inferred_type != new.inferred_type:
        raise BadVotes(
            f"the new {name} are of type {new.inferred_type}, those before of type"
            f" {old.inferred_type}"
        )
    return old.union(new, sort=True)


def _moved(codes: Codes, book: "pd.Index[Any]", into: "pd.Index[Any]") -> Codes:
    return into.get_indexer(book).astype(np.int32)[codes]


def _about(votes: Votes, is_wanted: Mask) -> Votes:
    """The votes on some tasks, and the books of all workers and labels."""
    rows = is_wanted[votes.task]
    rank = np.cumsum(is_wanted, dtype=np.int32) - np.int32(1)
    return attrs.evolve(
        votes,
        task=rank[votes.task[rows]],
        worker=votes.worker[rows],
        label=votes.label[rows],
        tasks=votes.tasks[is_wanted],
    )


def _carry(old: Known | None, votes: Votes) -> Floats:
    """What was believed before, with room for tasks and labels that are new."""
    belief = np.zeros((len(votes.tasks), len(votes.labels)))
    if old is not None:
        tasks = votes.tasks.get_indexer(old.votes.tasks)
        labels = votes.labels.get_indexer(old.votes.labels)
        belief[np.ix_(tasks, labels)] = old.belief
    return belief


def _nothing(cells: Cells) -> Statistics:
    n_labels = cells.n_labels
    counts = np.zeros((len(cells), n_labels))
    return Statistics(cells, counts, np.zeros(n_labels), np.zeros(n_labels), 0.0)


def _without(old: Known, new: Votes) -> Statistics:
    """The sums over the tasks that the new votes are not about."""
    is_gone = old.votes.tasks.isin(new.tasks)
    if not is_gone.any():
        return old.statistics
    about = Chunk.of(_about(old.votes, is_gone)).on(old.statistics.cells)
    gone = count(about, old.belief[is_gone])
    # What is subtracted was added in another order: a rounding error may remain.
    counts, states, said = (
        np.maximum(getattr(old.statistics, name) - getattr(gone, name), 0)
        for name in ("counts", "states", "said")
    )
    return Statistics(old.statistics.cells, counts, states, said, 0.0)


def _moved_cells(old: Known, votes: Votes) -> Cells:
    """The cells that were known, among workers and labels some of which are new."""
    worker = votes.workers.get_indexer(old.votes.workers).astype(np.int32)
    label = votes.labels.get_indexer(old.votes.labels).astype(np.int32)
    books = len(votes.workers), len(votes.labels)
    return old.statistics.cells.moved(worker, label, *books)


def _spread(
    statistics: Statistics, old: Known, votes: Votes, cells: Cells
) -> Statistics:
    """The sums with room for workers and labels that are new."""
    rows = cells.find(_moved_cells(old, votes))
    labels = votes.labels.get_indexer(old.votes.labels)
    wide = _nothing(cells)
    wide.counts[np.ix_(rows, labels)] = statistics.counts
    wide.states[labels] = statistics.states
    wide.said[labels] = statistics.said
    return wide
