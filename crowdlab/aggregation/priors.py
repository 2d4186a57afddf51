"""What is believed before the first vote, as votes and tasks that never were."""

from typing import Any

import attrs
import numpy as np

from crowdlab.aggregation.engine import Floats, Statistics

__all__ = ["class_counts", "positive", "pseudo_votes"]


def positive(_: Any, attribute: "attrs.Attribute[float]", value: float) -> None:
    """Validates a number above 0."""
    if not value > 0:
        raise ValueError(f"{attribute.name} is {value}; it must be more than 0")


def pseudo_votes(statistics: Statistics, right: float, wrong: float) -> Floats:
    """Votes credited to every worker: so many right, so many for each wrong label.

    Their shape is (labels, states), where the states of a label stand together.
    """
    n_labels, n_states = len(statistics.said), len(statistics.states)
    is_right = np.repeat(np.eye(n_labels), n_states // n_labels, axis=1)
    credited: Floats = wrong + (right - wrong) * is_right
    return credited


def class_counts(statistics: Statistics, weight: float) -> Floats:
    """The tasks of each class, with one more, and the votes' shares by their weight."""
    by_label = statistics.states.reshape(len(statistics.said), -1).sum(axis=1)
    counts: Floats = by_label + 1 + weight * statistics.said
    return counts
