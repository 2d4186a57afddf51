"""Signs that a worker takes no care: how strong, and in words."""

from collections.abc import Callable

import attrs
import numpy as np
from scipy.special import log_ndtr

from crowdlab.quality.tallies import Floats

__all__ = ["Sign", "odds_of_p", "odds_of_z"]


@attrs.frozen(eq=False)
class Sign:
    """One kind of sign, looked for in every worker.

    Attributes:
        name: one word.
        odds: the decimal logarithm of the odds for the sign against care, as if both
            were equally likely before (workers,).
        explain: the reason in words, for a worker's number.
    """

    name: str
    odds: Floats
    explain: Callable[[int], str]


def odds_of_p(log_p: Floats) -> Floats:
    """The most that a p-value, by its natural logarithm, may say against chance.

    T. Sellke, M. J. Bayarri and J. O. Berger. Calibration of p values for testing
    precise null hypotheses. The American Statistician 55 (2001).
    https://doi.org/10.1198/000313001300339950

    Example:
        >>> odds_of_p(np.log([0.5, 0.01, 0.001])).round(2).tolist()
        [0.0, 0.9, 1.73]
    """
    # At 1/e a p-value says nothing; above, the formula would turn round.
    log_p = np.minimum(log_p, -1)
    odds: Floats = (-1 - log_p - np.log(-log_p)) / np.log(10)
    return odds + 0.0


def odds_of_z(z: Floats) -> Floats:
    """The same for a deviation upward, in standard deviations."""
    log_p: Floats = log_ndtr(-z)
    return odds_of_p(log_p)
