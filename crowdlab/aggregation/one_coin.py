"""One number for each worker: how often they are right."""

from typing import ClassVar

import attrs
import numpy as np
from typing_extensions import override

from crowdlab.aggregation.dirichlet import fit_prior, log_means
from crowdlab.aggregation.engine import Floats, Parameters, Statistics
from crowdlab.aggregation.expectation_maximization import ExpectationMaximization
from crowdlab.aggregation.priors import class_counts, positive

__all__ = ["OneCoin"]


@attrs.define(kw_only=True, eq=False)
class OneCoin(ExpectationMaximization):
    r"""A worker tosses one coin: right with probability :math:`q_w`, else any other.

    All wrong labels are equally likely. The accuracy :math:`q_w` is drawn from a Beta
    distribution of the crowd, which is learned from all workers (empirical Bayes).

    G. Demartini, D. E. Difallah and P. Cudré-Mauroux. ZenCrowd: leveraging
    probabilistic reasoning and crowdsourcing techniques for large-scale entity
    linking. WWW (2012). https://doi.org/10.1145/2187836.2187900

    Attributes:
        prior_right: right votes that the learning of the crowd's Beta distribution
            starts from; ``prior_wrong`` likewise.
        prior_class: how many times the tasks' number the votes' shares count, as
            tasks of known class.

    Example:
        >>> votes = [("a", w, "cat") for w in "123"] + [("b", w, "dog") for w in "123"]
        >>> OneCoin().fit(votes).labels_["label"].tolist()
        ['cat', 'dog']
    """

    name: ClassVar[str] = "one-coin"

    prior_right: float = attrs.field(default=4.0, validator=positive)
    prior_wrong: float = attrs.field(default=1.0, validator=positive)
    prior_class: float = attrs.field(default=1.0, validator=attrs.validators.ge(0))

    @override
    def m_step(self, statistics: Statistics) -> Parameters:
        n_labels = statistics.counts.shape[1]
        tosses = _right_and_wrong(statistics)
        start = np.array([self.prior_right, self.prior_wrong]).reshape(1, 2, 1)
        right, wrong = np.moveaxis(log_means(tosses + fit_prior(tosses, start)), 1, 0)
        each_wrong = (wrong - np.log(max(n_labels - 1, 1)))[:, :, np.newaxis]
        is_right = np.eye(n_labels, dtype=bool)
        return Parameters(
            prior=log_means(class_counts(statistics, self.prior_class), axis=0),
            table=np.where(is_right, right[:, :, np.newaxis], each_wrong),
        )


def _right_and_wrong(statistics: Statistics) -> Floats:
    """How many of each worker's votes are right, and how many wrong (workers, 2, 1)."""
    right = np.trace(statistics.counts, axis1=1, axis2=2)
    total = statistics.counts.sum(axis=(1, 2))
    return np.stack([right, total - right], axis=1)[:, :, np.newaxis]
