"""Independent Bayesian classifier combination."""

from typing import ClassVar

import attrs
from typing_extensions import override

from crowdlab.aggregation.dirichlet import evidence, expected_logs
from crowdlab.aggregation.engine import Floats, Parameters, Statistics
from crowdlab.aggregation.priors import class_counts, positive, pseudo_votes
from crowdlab.aggregation.variational_bayes import VariationalBayes

__all__ = ["IBCC"]


@attrs.define(kw_only=True, eq=False)
class IBCC(VariationalBayes):
    r"""Dawid and Skene's model with Dirichlet priors, by variational Bayes.

    The rows :math:`\pi_w(\cdot \mid k)` of every worker's confusion matrix and the
    classes' shares :math:`p` are not estimated but averaged over.

    H.-C. Kim and Z. Ghahramani. Bayesian classifier combination. AISTATS (2012).
    E. Simpson, S. Roberts, I. Psorakis and A. Smith. Dynamic Bayesian combination of
    multiple imperfect classifiers. Studies in Computational Intelligence 474 (2013).

    Attributes:
        prior_right: votes, right for each label, credited to every worker;
            ``prior_wrong`` likewise, for each wrong label.
        prior_class: how many times the tasks' number the votes' shares count, as
            tasks of known class.

    Example:
        >>> votes = [("a", w, "cat") for w in "123"] + [("b", w, "dog") for w in "123"]
        >>> IBCC().fit(votes).labels_["label"].tolist()
        ['cat', 'dog']
    """

    name: ClassVar[str] = "ibcc"

    prior_right: float = attrs.field(default=4.0, validator=positive)
    prior_wrong: float = attrs.field(default=1.0, validator=positive)
    prior_class: float = attrs.field(default=1.0, validator=attrs.validators.ge(0))

    @override
    def m_step(self, statistics: Statistics) -> Parameters:
        return Parameters(
            prior=expected_logs(class_counts(statistics, self.prior_class)),
            table=self.confusions(statistics).expected_logs(),
        )

    @override
    def pseudo_votes(self, statistics: Statistics) -> Floats:
        return pseudo_votes(statistics, self.prior_right, self.prior_wrong)

    @override
    def state_evidence(self, statistics: Statistics) -> float:
        prior = class_counts(statistics, self.prior_class) - statistics.states
        return evidence(statistics.states, prior)
