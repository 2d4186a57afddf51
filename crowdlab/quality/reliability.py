"""How far the workers of a crowd agree, in one receipt."""

import math
from collections.abc import Sequence
from typing import Any

import attrs

from crowdlab.aggregation import Votes
from crowdlab.quality.alpha import Level, krippendorff_alpha
from crowdlab.quality.kappa import fleiss_kappa, observed_agreement

__all__ = ["Agreement", "agreement"]


@attrs.frozen(kw_only=True, repr=False)
class Agreement:
    """How far workers agree.

    Attributes:
        alpha: Krippendorff's alpha; ``alpha_low`` and ``alpha_high`` are the ends of
            its 95 % interval.
        fleiss_kappa: Fleiss' kappa, for which all different labels differ alike.
        observed_agreement: the share of equal votes among pairs on a task, on average.
        n_tasks: the number of tasks; ``n_workers`` and ``n_answers`` likewise.
    """

    alpha: float
    alpha_low: float
    alpha_high: float
    fleiss_kappa: float
    observed_agreement: float
    n_tasks: int
    n_workers: int
    n_answers: int

    def to_json(self) -> dict[str, Any]:
        """The fields for programs; what is undefined is ``None``."""
        fields = attrs.asdict(self)
        return {
            name: None if isinstance(value, float) and math.isnan(value) else value
            for name, value in fields.items()
        }

    def __repr__(self) -> str:
        shown = ", ".join(
            f"{name}={value:.3f}" if isinstance(value, float) else f"{name}={value}"
            for name, value in attrs.asdict(self).items()
        )
        return f"Agreement({shown})"


def agreement(
    answers: object,
    level: str = Level.NOMINAL,
    *,
    order: Sequence[object] | None = None,
    resamples: int = 1000,
    seed: int = 0,
) -> Agreement:
    """How far the workers agree who answered the same tasks.

    Args:
        answers: whatever ``Votes.of`` takes; not everybody needs to have answered
            everything.
        level: what labels are: nominal, ordinal, interval or ratio.
        order: the labels, the lowest first, where they are ordinal and no numbers.
        resamples: how many times tasks are drawn anew for the interval of alpha.
        seed: of these draws.

    Raises:
        BadVotes: where no task has two votes, or labels do not suit the level.
        NotFound: for another level.

    Example:
        >>> votes = [("a", 1, "x"), ("a", 2, "x"), ("b", 1, "y"), ("b", 2, "y")]
        >>> agreement(votes).alpha
        1.0
    """
    votes = Votes.of(answers)
    alpha = krippendorff_alpha(
        votes, level, order=order, resamples=resamples, seed=seed
    )
    return Agreement(
        alpha=alpha.value,
        alpha_low=alpha.low,
        alpha_high=alpha.high,
        fleiss_kappa=fleiss_kappa(votes),
        observed_agreement=float(observed_agreement(votes)["agreement"].mean()),
        n_tasks=len(votes.tasks),
        n_workers=len(votes.workers),
        n_answers=len(votes),
    )
