"""Chance that depends on the votes and a seed, never on names or the order of rows.

A task's fingerprint is made of what was said of it, by workers who are known by what
else they said. Tasks with the same fingerprint are the same but for their names.
"""

import numpy as np
import numpy.typing as npt

from crowdlab.aggregation.engine import Chunk, Floats

__all__ = ["fingerprints", "flat_dirichlet"]

Hashes = npt.NDArray[np.uint64]

# Hashes of 24 bits are exact as floats, and so are the sums of half a billion.
SUMMAND_SHIFT = np.uint64(40)
ROUNDS = 2


def fingerprints(chunk: Chunk) -> Hashes:
    """A hash of each task's votes (tasks,)."""
    cells, worker = chunk.cells, np.zeros(chunk.n_workers)
    label = cells.label.astype(np.uint64)
    for _ in range(ROUNDS):
        cell = _mix(worker[cells.worker].astype(np.uint64) + label)
        task = chunk.votes @ _summands(cell)
        seen = chunk.votes.T @ _summands(_mix(task.astype(np.uint64)))
        worker = cells.by_worker(_summands(_mix(seen.astype(np.uint64) + label)))
    return _mix(task.astype(np.uint64))


def flat_dirichlet(prints: Hashes, n_columns: int, seed: int) -> Floats:
    """Shares that are anything with the same chance (prints, columns).

    Example:
        >>> flat_dirichlet(np.array([7, 7], dtype=np.uint64), 3, seed=0).round(2)
        array([[0.13, 0.02, 0.85],
               [0.13, 0.02, 0.85]])
    """
    column = np.arange(n_columns, dtype=np.uint64) + np.uint64(seed * n_columns + 1)
    hashes = _mix(prints[:, np.newaxis] + _mix(column))
    uniform = (hashes >> np.uint64(11)).astype(np.float64) * 2.0**-53
    draws = -np.log1p(-uniform) + np.finfo(float).tiny
    shares: Floats = draws / draws.sum(axis=1, keepdims=True)
    return shares


def _summands(hashes: Hashes) -> Floats:
    return (hashes >> SUMMAND_SHIFT).astype(np.float64)


def _mix(values: Hashes) -> Hashes:
    """The finalizer of SplitMix64: every bit depends on every other."""
    mixed = values + np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return mixed ^ (mixed >> np.uint64(31))
