"""How good labels and their probabilities are, where the truth is known."""

import attrs
import numpy as np

from crowdlab.aggregation.engine import Floats
from crowdlab.aggregation.gold import known_labels
from crowdlab.aggregation.result import Aggregation
from crowdlab.errors import BadVotes

__all__ = ["Scores", "calibration_error", "log_loss", "score"]

BINS = 10

# The least probability that a logarithm is taken of: certainty has a finite price.
LEAST = 1e-10


@attrs.frozen
class Scores:
    """How an aggregation does against the truth.

    Attributes:
        n_tasks: the tasks whose truth is known.
        accuracy: the share of them that have the right label.
        log_loss: minus the mean logarithm of the truth's probability.
        calibration_error: how far confidence is from accuracy, on average.
    """

    n_tasks: int
    accuracy: float
    log_loss: float
    calibration_error: float


def score(aggregation: Aggregation, truth: object) -> Scores:
    """The scores of an aggregation on the tasks whose truth is known.

    Args:
        aggregation: of those tasks, and others.
        truth: a mapping of task to label, a series indexed by task, or a table with
            the columns ``task`` and ``label``.

    Raises:
        BadVotes: where the truth of none of the tasks is known.

    Example:
        >>> from crowdlab.aggregation import aggregate
        >>> votes = [("a", 1, "x"), ("a", 2, "x"), ("b", 1, "x"), ("b", 2, "x")]
        >>> score(aggregate(votes, "majority-vote"), {"a": "x", "b": "y"}).accuracy
        0.5
    """
    known = known_labels(truth)
    labels = aggregation.labels.set_index("task").reindex(known.index).dropna()
    if labels.empty:
        raise BadVotes("the truth is about none of the tasks that have labels")
    true = known[labels.index].to_numpy()
    right = (labels["label"].to_numpy() == true).astype(np.float64)
    return Scores(
        n_tasks=len(labels),
        accuracy=float(right.mean()),
        log_loss=log_loss(aggregation.probability_of(labels.index, true)),
        calibration_error=calibration_error(labels["confidence"].to_numpy(), right),
    )


def log_loss(probability: Floats) -> float:
    """Minus the mean logarithm of the probabilities that the true labels were given.

    Example:
        >>> log_loss(np.array([1.0, 1.0]))
        0.0
    """
    return float(-np.log(np.maximum(probability, LEAST)).mean()) + 0.0


def calibration_error(confidence: Floats, right: Floats) -> float:
    """The expected calibration error: by how much confidence is too high or too low.

    Labels are put into ten bins of equal width by confidence; the error is the mean
    distance between a bin's confidence and the share of it that is right, weighed by
    size.

    C. Guo, G. Pleiss, Y. Sun and K. Q. Weinberger. On calibration of modern neural
    networks. ICML (2017).

    Example:
        >>> calibration_error(np.array([0.75, 0.75]), np.array([1.0, 0.0]))
        0.25
    """
    place = np.minimum((confidence * BINS).astype(np.int64), BINS - 1)
    gaps = np.bincount(place, confidence - right, minlength=BINS)
    return float(np.abs(gaps).sum() / len(confidence))
