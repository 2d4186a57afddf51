"""Dawid and Skene with workers who are alike until their votes say otherwise."""

from typing import ClassVar

import attrs
from typing_extensions import override

from crowdlab.aggregation.confusions import Confusions
from crowdlab.aggregation.dirichlet import log_means
from crowdlab.aggregation.engine import Parameters, Statistics
from crowdlab.aggregation.expectation_maximization import ExpectationMaximization
from crowdlab.aggregation.priors import class_counts, pseudo_votes

__all__ = ["HierarchicalDawidSkene"]


@attrs.define(kw_only=True, eq=False)
class HierarchicalDawidSkene(ExpectationMaximization):
    r"""Confusion matrices whose rows are shrunk to what the whole crowd does.

    The row :math:`\pi_w(\cdot \mid k)` of a worker is drawn from a Dirichlet
    distribution with the pseudo-votes :math:`\beta_k`, which are learned from all
    workers (empirical Bayes): a worker of few votes is taken for the crowd's average,
    and one of many for what they show.

    B. Carpenter. Multilevel Bayesian models of categorical data annotation. 2008.
    S. Paun et al. Comparing Bayesian models of annotation. TACL 6 (2018).
    https://doi.org/10.1162/tacl_a_00040

    Attributes:
        prior_right: votes, right for each label, that the learning of :math:`\beta`
            starts from; ``prior_wrong`` likewise, for each wrong label.
        prior_class: tasks, as a multiple of their number, that say nothing of classes
            but what the votes' shares do.

    Example:
        >>> votes = [("a", w, "cat") for w in "123"] + [("b", w, "dog") for w in "123"]
        >>> HierarchicalDawidSkene().fit(votes).labels_["label"].tolist()
        ['cat', 'dog']
    """

    name: ClassVar[str] = "hierarchical-dawid-skene"

    prior_right: float = 4.0
    prior_wrong: float = 1.0
    prior_class: float = 1.0

    @override
    def m_step(self, statistics: Statistics) -> Parameters:
        start = pseudo_votes(statistics, self.prior_right, self.prior_wrong)
        crowd = Confusions.of(statistics, start)
        return Parameters(
            prior=log_means(class_counts(statistics, self.prior_class)),
            table=crowd.learned().log_means(),
        )
