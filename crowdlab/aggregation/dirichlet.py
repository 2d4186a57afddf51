"""Shares that are not known exactly: Dirichlet distributions over counts.

Counts are told along the second axis, the labels of (workers, labels, states).
"""

import numpy as np
from scipy.special import digamma, gammaln

from crowdlab.aggregation.engine import Floats

__all__ = ["evidence", "expected_logs", "fit_prior", "log_means"]

# What pseudo-votes may be learned to be: less is no prior, more is no learning.
LEAST, MOST = 1e-3, 1e3


def expected_logs(counts: Floats, axis: int = 1) -> Floats:
    """The expected logarithm of each share, when it has been counted like this."""
    logs: Floats = digamma(counts) - digamma(counts.sum(axis=axis, keepdims=True))
    return logs


def log_means(counts: Floats, axis: int = 1) -> Floats:
    """The logarithm of each expected share, when it has been counted like this."""
    logs: Floats = np.log(counts / counts.sum(axis=axis, keepdims=True))
    return logs


def evidence(counts: Floats, prior: Floats, axis: int = 1) -> float:
    """The logarithm of the probability of the counts, whatever the shares were.

    Example:
        >>> round(float(np.exp(evidence(np.array([[1.0, 0.0]]), np.ones((1, 2))))), 6)
        0.5
    """
    total = counts.sum(axis=axis)
    prior_total = np.broadcast_to(prior, counts.shape).sum(axis=axis)
    rows = gammaln(prior_total) - gammaln(total + prior_total)
    cells = gammaln(counts + prior)
    cells -= gammaln(prior)
    return float(rows.sum() + cells.sum())


def fit_prior(
    counts: Floats, prior: Floats, groups: Floats | None = None, rounds: int = 10
) -> Floats:
    """The pseudo-votes (1, labels, states) under which the workers' counts are likeliest.

    Minka's fixed point: what each pseudo-vote explains, over what all of its state do.

    T. P. Minka. Estimating a Dirichlet distribution. MIT, 2000.

    Args:
        counts: each worker's counts (workers, labels, states).
        prior: pseudo-votes to start from (1, labels, states).
        groups: which pseudo-votes are one number (groups, labels, states); each is
            its own, where there are none.
        rounds: how often to repeat; the counts are a guess themselves.
    """
    for _ in range(rounds):
        explained = (digamma(counts + prior) - digamma(prior)).sum(axis=0)
        state = counts.sum(axis=1) + prior.sum(axis=1)
        of_state = (digamma(state) - digamma(prior.sum(axis=1))).sum(axis=0)
        possible = np.broadcast_to(of_state, explained.shape)
        if groups is not None:
            explained = np.tensordot(_sums(explained, groups), groups, axes=1)
            possible = np.tensordot(_sums(possible, groups), groups, axes=1)
        ratio = np.divide(
            explained, possible, out=np.ones_like(explained), where=possible > 0
        )
        prior = np.clip(prior * ratio, LEAST, MOST)
    return prior


def _sums(values: Floats, groups: Floats) -> Floats:
    """The sum of the values over each group (groups,)."""
    sums: Floats = (values * groups).sum(axis=(1, 2))
    return sums
