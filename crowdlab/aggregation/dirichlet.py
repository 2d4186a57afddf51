"""Shares that are not known exactly: Dirichlet distributions over counts."""

import numpy as np
from scipy.special import digamma, gammaln

from crowdlab.aggregation.engine import Floats

__all__ = ["evidence", "expected_logs", "log_means"]


def expected_logs(counts: Floats) -> Floats:
    """The expected logarithm of each share of a row that has been counted like this."""
    logs: Floats = digamma(counts) - digamma(counts.sum(axis=-1, keepdims=True))
    return logs


def log_means(counts: Floats) -> Floats:
    """The logarithm of each expected share of a row, counted like this."""
    logs: Floats = np.log(counts / counts.sum(axis=-1, keepdims=True))
    return logs


def evidence(counts: Floats, prior: Floats) -> float:
    """The logarithm of the probability of counts, row by row, whatever the shares were.

    Example:
        >>> round(float(np.exp(evidence(np.array([[1.0, 0.0]]), np.ones((1, 2))))), 6)
        0.5
    """
    total, prior_total = counts.sum(axis=-1), prior.sum(axis=-1)
    rows = gammaln(prior_total) - gammaln(total + prior_total)
    entries = gammaln(counts + prior) - gammaln(prior)
    return float(rows.sum() + entries.sum())
