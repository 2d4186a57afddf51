"""Enhanced Bayesian classifier combination: workers who err together."""

from typing import ClassVar

import attrs
import numpy as np
from typing_extensions import override

from crowdlab.aggregation.dirichlet import evidence, expected_logs
from crowdlab.aggregation.engine import Chunk, Floats, Parameters, Statistics, shares
from crowdlab.aggregation.fingerprint import fingerprints, flat_dirichlet
from crowdlab.aggregation.method import Inference
from crowdlab.aggregation.priors import positive, pseudo_votes
from crowdlab.aggregation.variational_bayes import VariationalBayes

__all__ = ["EBCC"]


@attrs.define(kw_only=True, eq=False)
class EBCC(VariationalBayes):
    r"""Classes are mixtures of subtypes, and workers are confused subtype by subtype.

    Within a class, a task is of one of :math:`M` subtypes; given the subtype, workers
    err independently, with :math:`\pi_w(\cdot \mid k, m)`. So within the class their
    errors are correlated: what makes one worker fail makes others fail too. The
    subtypes start at random, several times, and the start of the highest evidence
    counts; chance comes from the votes and the seed, so that names do not matter.

    Y. Li, B. I. P. Rubinstein and T. Cohn. Exploiting worker correlation for label
    aggregation in crowdsourcing. ICML (2019).
    https://proceedings.mlr.press/v97/li19i.html

    Attributes:
        subtypes: the most subtypes a class can have; those not needed stay empty. No
            class has more than the tasks to which anybody gave its label.
        restarts: how many starts are tried.
        prior_right: votes, right for each label, credited to every worker;
            ``prior_wrong`` likewise, for each wrong label.
        prior_class: how many times the tasks' number the votes' shares count, as
            tasks of known class.
        prior_subtype: tasks credited to the subtypes of a class together.

    Example:
        >>> votes = [("a", w, "cat") for w in "123"] + [("b", w, "dog") for w in "123"]
        >>> EBCC().fit(votes).labels_["label"].tolist()
        ['cat', 'dog']
    """

    name: ClassVar[str] = "ebcc"

    subtypes: int = attrs.field(default=10, validator=attrs.validators.ge(1))
    restarts: int = attrs.field(default=3, validator=attrs.validators.ge(1))
    prior_right: float = attrs.field(default=4.0, validator=positive)
    prior_wrong: float = attrs.field(default=1.0, validator=positive)
    prior_class: float = attrs.field(default=1.0, validator=positive)
    prior_subtype: float = attrs.field(default=0.1, validator=positive)

    @property
    @override
    def states_per_label(self) -> int:
        return self.subtypes

    @override
    def solve(self, chunk: Chunk) -> Inference:
        seeds = range(self.seed * self.restarts, (self.seed + 1) * self.restarts)
        runs = [self.climb(chunk, self._split(chunk, seed)) for seed in seeds]
        return max(runs, key=lambda run: run.diagnostics["objective"][-1])

    def _split(self, chunk: Chunk, seed: int) -> Floats:
        """The votes' shares, each spread over its label's subtypes at random."""
        n_states = chunk.n_labels * min(self.subtypes, int(chunk.n_tasks.max()))
        draws = flat_dirichlet(fingerprints(chunk), n_states, seed)
        by_label = draws.reshape(len(chunk), chunk.n_labels, -1)
        by_label *= (shares(chunk) / by_label.sum(axis=2))[:, :, np.newaxis]
        return draws

    @override
    def m_step(self, statistics: Statistics) -> Parameters:
        in_class = self._by_class(statistics)
        of_subtype = expected_logs(in_class + self._subtype_prior(in_class))
        classes = in_class.sum(axis=1) + self._class_prior(statistics)
        of_class = expected_logs(classes)
        return Parameters(
            prior=(of_class[:, np.newaxis] + of_subtype).ravel(),
            table=self.confusions(statistics).expected_logs(),
        )

    @override
    def pseudo_votes(self, statistics: Statistics) -> Floats:
        return pseudo_votes(statistics, self.prior_right, self.prior_wrong)

    @override
    def state_evidence(self, statistics: Statistics) -> float:
        in_class = self._by_class(statistics)
        flat = np.full_like(in_class, self._subtype_prior(in_class))
        prior = self._class_prior(statistics)
        return evidence(in_class, flat) + evidence(in_class.sum(axis=1), prior)

    def _by_class(self, statistics: Statistics) -> Floats:
        """How many tasks are of each subtype (labels, subtypes)."""
        return statistics.states.reshape(len(statistics.said), -1)

    def _subtype_prior(self, in_class: Floats) -> float:
        """How many tasks are credited to each subtype of a class."""
        return self.prior_subtype / int(in_class.shape[1])

    def _class_prior(self, statistics: Statistics) -> Floats:
        return self.prior_class * statistics.said + np.finfo(float).tiny
