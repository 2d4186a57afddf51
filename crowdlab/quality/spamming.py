"""Spammers, whose answers do not depend on the task, and workers who say the contrary."""

import numpy as np
import pandas as pd
from scipy.special import gammaln

from crowdlab.quality.sign import Sign, odds_of_z
from crowdlab.quality.tallies import Floats
from crowdlab.quality.testimony import Testimony

__all__ = ["contrary", "spammer_score", "spammer_scores", "spamming"]


def spammer_score(confusion: Floats) -> Floats:
    r"""How much a worker's answers tell of the task: 0 nothing, 1 all.

    It is the mean squared distance of any two classes in the confusion matrix,
    :math:`\\frac{1}{K(K-1)} \\sum_{c<c'} \\sum_l (\\pi(l \\mid c) - \\pi(l \\mid c'))^2`.
    Workers who always say the contrary score 1 as well.

    V. C. Raykar and S. Yu. Eliminating spammers and ranking annotators for crowdsourced
    labeling tasks. Journal of Machine Learning Research 13 (2012).
    https://jmlr.org/papers/v13/raykar12a.html

    Args:
        confusion: how often a label is said of a class (..., labels, classes).

    Example:
        >>> float(spammer_score(np.array([[0.9, 0.2], [0.1, 0.8]])).round(2))
        0.49
    """
    n_classes = confusion.shape[-1]
    if n_classes == 1:
        return np.full(confusion.shape[:-2], np.nan)
    # The sum over all pairs, from sums over single classes.
    squares = (confusion**2).sum(axis=(-2, -1))
    sums = (confusion.sum(axis=-1) ** 2).sum(axis=-1)
    score: Floats = (n_classes * squares - sums) / (n_classes * (n_classes - 1))
    return score


def spammer_scores(answers: object, *, gold: object = None) -> pd.DataFrame:
    """A row for each worker: ``worker, spammer_score, n``, the worst first.

    Confusions are those of Dawid and Skene, shrunk to the crowd's, and held against
    what is believed without the worker: see ``Testimony``.

    Example:
        >>> said = {"Ann": "xxyy", "Bob": "xxyy", "Cid": "xxyy", "Dan": "xyxy"}
        >>> rows = [(n, w, label) for w in said for n, label in enumerate(said[w])]
        >>> spammer_scores(rows)["worker"][0]
        'Dan'
    """
    testimony = Testimony.of(answers, gold)
    table = pd.DataFrame(
        {
            "worker": testimony.votes.workers,
            "spammer_score": spammer_score(testimony.confusions),
            "n": testimony.n,
        }
    )
    return table.sort_values("spammer_score", kind="stable", ignore_index=True)


def spamming(testimony: Testimony) -> Sign:
    """The same labels whatever the task: one row fits all rows of the confusion matrix.

    The odds are the ratio of two marginal likelihoods. Spammers throw dice, or draw
    from any one distribution of labels; others draw from one for each class, which is
    like the crowd's, or any.
    """
    counts = testimony.counts
    said, flat = counts.sum(axis=2), np.ones((1, *counts.shape[1:]))
    dice = said.sum(axis=1) * -np.log(counts.shape[1])
    spammer = np.logaddexp(dice, _log_evidence(said, flat[:, :, 0]))
    own = [
        _log_evidence(counts, prior).sum(axis=1) for prior in (flat, testimony.credit)
    ]
    score, n = spammer_score(testimony.confusions), testimony.n
    return Sign(
        "spammer",
        (spammer - np.logaddexp(*own)) / np.log(10),
        lambda worker: (
            f"answers hardly depend on the task: spammer score {score[worker]:.2f} of 1,"
            f" in {n[worker]:,} answers"
        ),
    )


def contrary(testimony: Testimony) -> Sign:
    """Right less often than whoever gives the same labels at random."""
    counts, n = testimony.counts, testimony.n
    right = np.trace(counts, axis1=1, axis2=2)
    chance = (counts.sum(axis=1) * counts.sum(axis=2)).sum(axis=1) / n**2
    deviation = np.sqrt(np.maximum(n * chance * (1 - chance), 1))
    return Sign(
        "contrary",
        odds_of_z((n * chance - right) / deviation),
        lambda worker: (
            f"right in {right[worker]:.0f} of {n[worker]:,} answers, where chance gives"
            f" {n[worker] * chance[worker]:.0f}: may have the question the wrong way round"
        ),
    )


def _log_evidence(counts: Floats, prior: Floats) -> Floats:
    """The logarithm of the probability of counts, told along axis 1.

    Their shares are drawn from a Dirichlet distribution.
    """
    total, prior_total = counts.sum(axis=1), prior.sum(axis=1)
    rows = gammaln(prior_total) - gammaln(total + prior_total)
    cells = gammaln(counts + prior) - gammaln(prior)
    log_evidence: Floats = rows + cells.sum(axis=1)
    return log_evidence
