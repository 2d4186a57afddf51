"""One number for each worker: how often they are right."""

from typing import ClassVar

import attrs
import numpy as np
from typing_extensions import override

from crowdlab.aggregation.cells import Cells
from crowdlab.aggregation.confusions import Confusions
from crowdlab.aggregation.dirichlet import log_means
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
        cells = statistics.cells
        coins = Cells.full(cells.n_workers, 2)
        start = np.array([[self.prior_right], [self.prior_wrong]])
        crowd = Confusions(coins, _right_and_wrong(statistics), start).learned()
        right, wrong = crowd.log_means().reshape(-1, 2)[cells.worker].T
        each_wrong = wrong - np.log(max(cells.n_labels - 1, 1))
        return Parameters(
            prior=log_means(class_counts(statistics, self.prior_class)),
            table=np.where(
                cells.is_own, right[:, np.newaxis], each_wrong[:, np.newaxis]
            ),
        )


def _right_and_wrong(statistics: Statistics) -> Floats:
    """How many of each worker's votes are right, and how many wrong (2 workers, 1)."""
    cells = statistics.cells
    right = cells.by_worker(cells.own(statistics.counts))
    total = cells.by_worker(statistics.counts.sum(axis=1))
    return np.stack([right, total - right], axis=1).reshape(-1, 1)
