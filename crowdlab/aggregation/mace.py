"""Workers who know, and workers who spam."""

from typing import ClassVar

import attrs
import numpy as np
from typing_extensions import override

from crowdlab.aggregation.engine import Floats, Parameters, Statistics
from crowdlab.aggregation.expectation_maximization import ExpectationMaximization
from crowdlab.aggregation.priors import positive

__all__ = ["MACE"]

# The M-step has no closed form; its own passes settle within this many.
PASSES = 20


@attrs.define(kw_only=True, eq=False)
class MACE(ExpectationMaximization):
    r"""A worker either knows a task's label or says what they say when they do not.

    With probability :math:`\theta_w` a worker gives the true label, and else one
    drawn from their own habit :math:`\xi_w`, whatever the task. So a worker who
    favours a label is told from one who knows it. All classes are equally likely.

    D. Hovy, T. Berg-Kirkpatrick, A. Vaswani and E. Hovy. Learning whom to trust with
    MACE. NAACL (2013). https://aclanthology.org/N13-1132

    Attributes:
        prior_right: votes that a worker knew, credited to everyone; ``prior_wrong``
            likewise, votes that they did not know, spread over the labels.

    Example:
        >>> votes = [("a", w, "cat") for w in "123"] + [("b", w, "dog") for w in "123"]
        >>> MACE().fit(votes).labels_["label"].tolist()
        ['cat', 'dog']
    """

    name: ClassVar[str] = "mace"

    prior_right: float = attrs.field(default=0.5, validator=positive)
    prior_wrong: float = attrs.field(default=0.5, validator=positive)

    @override
    def m_step(self, statistics: Statistics) -> Parameters:
        cells, n_labels = statistics.cells, len(statistics.said)
        known, guessed = self._known_and_guessed(statistics)
        if_right, if_wrong = (known[cells.worker] + guessed), guessed
        each = np.where(cells.is_own, if_right[:, np.newaxis], if_wrong[:, np.newaxis])
        return Parameters(
            prior=np.full(n_labels, -np.log(n_labels)), table=np.log(each)
        )

    def _known_and_guessed(self, statistics: Statistics) -> tuple[Floats, Floats]:
        """The chance that a worker knows (workers,), and guesses a label (cells,).

        A right vote is known or luckily guessed; who knows how many are known knows
        the chances.
        """
        cells = statistics.cells
        said, right = statistics.counts.sum(axis=1), cells.own(statistics.counts)
        total = cells.by_worker(said) + self.prior_right + self.prior_wrong
        habit = self.prior_wrong / cells.n_labels
        known_votes = right / 2
        for _ in range(PASSES):
            known = (cells.by_worker(known_votes) + self.prior_right) / total
            guessed = (said - known_votes + habit) / total[cells.worker]
            each = known[cells.worker]
            known_votes = right * each / (each + guessed)
        return known, guessed
