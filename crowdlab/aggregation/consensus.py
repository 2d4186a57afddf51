"""What a method for values is, and what it finds."""

from abc import abstractmethod
from collections.abc import Mapping
from typing import Any, Self

import attrs
import pandas as pd

from crowdlab.aggregation.estimator import Estimator

__all__ = ["Consensus", "ValueMethod"]


@attrs.frozen(eq=False, repr=False)
class Consensus:
    """Labels that are values of some kind, with how far to trust them.

    Attributes:
        method: the name of the method.
        labels: a row for each task: ``task, label, confidence, n_votes``, and what
            the method knows besides.
        workers: a row for each worker: ``worker, quality, n``, and likewise.
        parts: where a label has parts, such as tiles, regions or items, a row for
            each; else empty.
        diagnostics: what the method says of its run, such as ``iterations``.
    """

    method: str
    labels: pd.DataFrame
    workers: pd.DataFrame
    parts: pd.DataFrame = attrs.field(factory=pd.DataFrame)
    diagnostics: Mapping[str, Any] = attrs.field(factory=dict)

    def __repr__(self) -> str:
        return (
            f"Consensus({self.method}: {len(self.labels):,} tasks,"
            f" {len(self.workers):,} workers)"
        )


@attrs.define(kw_only=True, eq=False)
class ValueMethod(Estimator[Consensus]):
    """A way from many values to one, in the grammar of the methods for classes.

    Attributes:
        max_iterations: the most passes over the answers.
        tolerance: enough, when a pass changes less than this; 0 runs all passes.
        seed: of whatever is random; the same seed gives the same result.
    """

    @abstractmethod
    def infer(self, answers: object) -> Consensus:
        """What the answers agree on."""

    def fit(self, answers: object) -> Self:
        """Learns from the answers: whatever ``Votes.of`` takes, with labels of a kind.

        Raises:
            BadVotes: naming row and field of what cannot be read.
        """
        self._result = self.infer(answers)
        return self

    @property
    def parts_(self) -> pd.DataFrame:
        """A row for each part of the labels, where they have parts."""
        return self.result_.parts
