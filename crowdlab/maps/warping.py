"""Paths compared point by point: equal steps, and dynamic time warping."""

import math

import numpy as np
import numpy.typing as npt

__all__ = ["resample", "warp"]

Floats = npt.NDArray[np.float64]


def resample(path: Floats, step: float) -> Floats:
    """The path in equal steps of about this length, its ends included (points, 2).

    Example:
        >>> resample(np.array([[0.0, 0.0], [3.0, 0.0]]), 1.0)[:, 0].tolist()
        [0.0, 1.0, 2.0, 3.0]
    """
    legs = np.linalg.norm(np.diff(path, axis=0), axis=1)
    walked = np.concatenate([[0.0], np.cumsum(legs)])
    # A step that rounding made a bit too long is no reason for one more.
    n_steps = math.ceil(walked[-1] / step - 1e-9)
    at = np.linspace(0, walked[-1], n_steps + 1)
    return np.stack([np.interp(at, walked, along) for along in path.T], axis=1)


def warp(distances: Floats) -> float:
    """The cost of the best warping between two paths, given all distances.

    H. Sakoe and S. Chiba. Dynamic programming algorithm optimization for spoken word
    recognition. IEEE Transactions on Acoustics, Speech and Signal Processing 26 (1978).
    https://doi.org/10.1109/TASSP.1978.1163055

    Args:
        distances: from each point of the one to each of the other.

    Example:
        >>> warp(np.array([[0.0, 2.0], [1.0, 1.0]]))
        1.0
    """
    row = np.cumsum(distances[0])
    for costs in distances[1:]:
        # Along a row, a path comes from above and then goes right: the best place to
        # come from is a running minimum.
        above = np.minimum(row, np.concatenate([[np.inf], row[:-1]]))
        along = np.cumsum(costs)
        row = along + np.minimum.accumulate(above - along + costs)
    return float(row[-1])
