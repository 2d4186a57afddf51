"""What all methods share, whatever they find: three arguments, and how results end."""

from abc import ABC
from collections.abc import Mapping
from typing import Any, ClassVar, Generic, Protocol, TypeVar

import attrs
import pandas as pd

from crowdlab.errors import NotFitted

__all__ = ["Estimator", "Findings"]


class Findings(Protocol):
    """What a method has found."""

    @property
    def labels(self) -> pd.DataFrame:
        """A row for each task: ``task, label, confidence, n_votes``, and more."""

    @property
    def workers(self) -> pd.DataFrame:
        """A row for each worker: ``worker, quality, n``, and more."""

    @property
    def diagnostics(self) -> Mapping[str, Any]:
        """What the method says of its run."""


T = TypeVar("T", bound=Findings)


@attrs.define(kw_only=True, eq=False)
class Estimator(ABC, Generic[T]):
    """A method in scikit-learn's grammar: what ``fit`` finds is read from names in ``_``.

    Attributes:
        max_iterations: the most passes.
        tolerance: enough, when a pass changes less than this; 0 runs all passes.
        seed: of whatever is random; the same seed gives the same result.
    """

    name: ClassVar[str]

    max_iterations: int = attrs.field(default=100, validator=attrs.validators.ge(1))
    tolerance: float = attrs.field(default=1e-5, validator=attrs.validators.ge(0))
    seed: int = 0
    _result: T | None = attrs.field(default=None, init=False, repr=False)

    @property
    def result_(self) -> T:
        """What was found.

        Raises:
            NotFitted: before ``fit``.
        """
        if self._result is None:
            raise NotFitted(f"{type(self).__name__} has no results: call fit first")
        return self._result

    @property
    def labels_(self) -> pd.DataFrame:
        """A row for each task: ``task, label, confidence, n_votes``, and more."""
        return self.result_.labels

    @property
    def workers_(self) -> pd.DataFrame:
        """A row for each worker: ``worker, quality, n``, and more."""
        return self.result_.workers

    @property
    def diagnostics_(self) -> Mapping[str, Any]:
        """What the method says of its run."""
        return self.result_.diagnostics
