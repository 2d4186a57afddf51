"""The method that looks at the votes before it chooses."""

from collections.abc import Mapping
from typing import Any, ClassVar

import attrs
import numpy as np
from typing_extensions import override

from crowdlab.aggregation.bwa import BWA
from crowdlab.aggregation.codes import Codes
from crowdlab.aggregation.correlation import error_correlation, tempered
from crowdlab.aggregation.ebcc import EBCC
from crowdlab.aggregation.engine import UNKNOWN, Chunk, Floats, with_gold
from crowdlab.aggregation.fingerprint import fingerprints
from crowdlab.aggregation.glad import GLAD
from crowdlab.aggregation.hierarchical_dawid_skene import HierarchicalDawidSkene
from crowdlab.aggregation.mace import MACE
from crowdlab.aggregation.majority_vote import MajorityVote
from crowdlab.aggregation.memory import fits
from crowdlab.aggregation.method import UNDISPUTED, ChunkMethod, Inference, Method
from crowdlab.aggregation.one_coin import OneCoin
from crowdlab.aggregation.result import decide
from crowdlab.aggregation.tally import is_undisputed
from crowdlab.aggregation.votes import Votes
from crowdlab.aggregation.weighted_vote import WeightedVote

__all__ = ["Auto"]

INDEPENDENT: Mapping[type[ChunkMethod], float] = {
    HierarchicalDawidSkene: 1,
    MACE: 1,
    BWA: 1,
}
CORRELATED: Mapping[type[ChunkMethod], float] = {
    EBCC: 3,
    HierarchicalDawidSkene: 1,
    OneCoin: 1,
    BWA: 1,
}
OPEN: Mapping[type[ChunkMethod], float] = {OneCoin: 1, GLAD: 1}

# Labels given to fewer tasks than this, on average, tell nothing of who confuses them.
REPEATED = 2

# An average of votes moves less than a posterior does; this makes up for it.
SHARPNESS: Mapping[type[ChunkMethod], float] = {BWA: 2.0}

TRIALS = 5

# So many votes answer a question of yes or no.
ENOUGH = 200_000


@attrs.define(kw_only=True, eq=False)
class Auto(Method):
    """Combines methods that fail differently, chosen by what the votes show.

    First it asks whether workers err together, which most models rule out: is the
    evidence for two subtypes of each class (EBCC) higher than for one? If not, it
    averages the probabilities of ``hierarchical-dawid-skene``, ``mace`` and ``bwa``;
    if so, ``one-coin`` takes the place of ``mace``, and ``ebcc`` weighs as much as the
    three together. Before that, probabilities are tempered by the errors' correlation,
    so that ten workers who follow each other do not count as ten. Which methods, and
    which weights, was chosen on published data sets as ``docs/why/which-method.md``
    tells, never per data set.

    Where labels hardly repeat, as free text does, no confusion can be learned: then it
    averages the methods that tell right from wrong alone, ``one-coin`` and ``glad``.
    Where no two votes on a task differ, it takes the votes as they are; where beliefs
    would not fit into memory, it falls back to ``weighted-vote``.

    What it did is in ``diagnostics_``: ``weights``, ``reason``, the ``evidence`` for
    errors that are correlated (a difference of logarithms), their ``correlation``,
    and each member's ``agreement`` with the result.

    Example:
        >>> votes = [(task, who, task % 2) for task in range(4) for who in "123"]
        >>> votes.append((0, "4", 1))
        >>> Auto().fit(votes).diagnostics_["reason"]
        'errors look independent'
    """

    name: ClassVar[str] = "auto"

    @override
    def infer(self, votes: Votes, gold: Codes) -> Inference:
        if is_undisputed(votes) and (gold == UNKNOWN).all():
            return self._instead(MajorityVote, votes, gold, UNDISPUTED)
        is_open = _is_open(votes)
        if not fits(votes, 1 if is_open else EBCC().states_per_label):
            reason = f"confusions of {len(votes.labels):,} labels do not fit in memory"
            return self._instead(WeightedVote, votes, gold, reason)
        chunk = Chunk.of(votes, gold)
        return self._combine_open(chunk) if is_open else self._combine(chunk)

    def _instead(
        self, method: type[Method], votes: Votes, gold: Codes, reason: str
    ) -> Inference:
        inference = self._made(method).infer(votes, gold)
        weights = {method.name: 1.0}
        return Inference(inference.belief, {"weights": weights, "reason": reason})

    def _combine_open(self, chunk: Chunk) -> Inference:
        members = {method: self._belief(method, chunk) for method in OPEN}
        belief = _average(members, OPEN)
        account = {
            "weights": _portions(OPEN),
            "reason": "labels hardly repeat: no confusion can be learned",
            "agreement": _agreements(members, belief),
        }
        return Inference(belief, account)

    def _combine(self, chunk: Chunk) -> Inference:
        evidence, vanishes = self._correlation_test(chunk)
        is_correlated = evidence > 0 and not vanishes
        weights = CORRELATED if is_correlated else INDEPENDENT
        members = {method: self._belief(method, chunk) for method in weights}
        correlation = error_correlation(chunk, _average(members, weights))
        belief = _average(
            {
                method: tempered(one, chunk, correlation, SHARPNESS.get(method, 1.0))
                for method, one in members.items()
            },
            weights,
        )
        account = {
            "weights": _portions(weights),
            "reason": f"errors look {'correlated' if is_correlated else 'independent'}",
            "evidence": evidence,
            "correlation": correlation,
            "agreement": _agreements(members, belief),
        }
        return Inference(with_gold(belief, chunk), account)

    def _correlation_test(self, chunk: Chunk) -> tuple[float, bool]:
        """How much likelier the votes are if each class has two subtypes.

        Beside it, whether a class then vanishes, with less than half of its votes:
        many who always give one label look like that, and are no sign of correlation.
        A sample of very many tasks tells as much.
        """
        chunk = _sample(chunk)
        two = self._made(EBCC, subtypes=2, restarts=TRIALS).solve(chunk)
        one = self._made(EBCC, subtypes=1, restarts=1).solve(chunk)
        evidence = two.diagnostics["objective"][-1] - one.diagnostics["objective"][-1]
        vanishes = (two.belief.sum(axis=0) < chunk.said / 2).any()
        return float(evidence), bool(vanishes)

    def _belief(self, method: type[ChunkMethod], chunk: Chunk) -> Floats:
        return np.asarray(self._made(method).solve(chunk).belief)

    def _made(self, method: type[Any], **options: int) -> Any:
        return method(
            max_iterations=self.max_iterations,
            tolerance=self.tolerance,
            seed=self.seed,
            **options,
        )


def _sample(chunk: Chunk) -> Chunk:
    """As many tasks as have ``ENOUGH`` votes, chosen whatever their names."""
    n_tasks = len(chunk) * ENOUGH // len(chunk.cell)
    if n_tasks >= len(chunk):
        return chunk
    return chunk.take(np.sort(np.argsort(fingerprints(chunk))[: max(n_tasks, 1)]))


def _is_open(votes: Votes) -> bool:
    """Whether labels hardly repeat from task to task."""
    enough = REPEATED * len(votes.labels)
    if len(votes.tasks) >= enough:
        return False
    pairs = votes.task * np.int64(len(votes.labels)) + votes.label
    return len(np.unique(pairs)) < enough


def _portions(weights: Mapping[type[ChunkMethod], float]) -> dict[str, float]:
    total = sum(weights.values())
    return {method.name: weight / total for method, weight in weights.items()}


def _average(
    members: Mapping[type[ChunkMethod], Floats],
    weights: Mapping[type[ChunkMethod], float],
) -> Floats:
    total = sum(weights[method] * belief for method, belief in members.items())
    average: Floats = np.asarray(total) / sum(weights.values())
    return average


def _agreements(
    members: Mapping[type[ChunkMethod], Floats], belief: Floats
) -> dict[str, float]:
    """The share of tasks for which each member has the label of the result."""
    label, _ = decide(belief)
    return {
        method.name: float((decide(one)[0] == label).mean())
        for method, one in members.items()
    }
