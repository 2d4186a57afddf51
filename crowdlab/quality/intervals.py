"""How exactly a share is known that was counted."""

import numpy as np
from scipy.special import ndtri

from crowdlab.quality.tallies import Floats

__all__ = ["needed", "wilson"]


def wilson(
    n_right: object, n: object, confidence: float = 0.95
) -> tuple[Floats, Floats]:
    """The interval of a share: from nothing seen, it is all from 0 to 1.

    E. B. Wilson. Probable inference, the law of succession, and statistical inference.
    Journal of the American Statistical Association 22 (1927).
    https://doi.org/10.1080/01621459.1927.10502953

    Example:
        >>> low, high = wilson([0, 9], [0, 10])
        >>> low.round(3).tolist(), high.round(3).tolist()
        ([0.0, 0.596], [1.0, 0.982])
    """
    right, total = np.asarray(n_right, dtype=float), np.asarray(n, dtype=float)
    square = _z(confidence) ** 2
    centre = right + square / 2
    wrong = total - right
    share = np.divide(right * wrong, total, out=np.zeros_like(total), where=total > 0)
    half = np.sqrt(square * (share + square / 4))
    low, high = ((centre + side) / (total + square) for side in (-half, half))
    return np.maximum(low, 0), np.minimum(high, 1)


def needed(share: float, required: float, confidence: float = 0.95) -> float:
    """How many must be counted, until the interval of the share leaves out another.

    Example:
        >>> needed(0.9, 0.7)
        21
    """
    if share == required:
        return np.inf
    n = _z(confidence) ** 2 * required * (1 - required) / (share - required) ** 2
    return int(np.floor(n)) + 1


def _z(confidence: float) -> float:
    return float(ndtri((1 + confidence) / 2))
