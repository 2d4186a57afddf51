"""Routes: whether a description can be followed, from those who tried."""

from typing import Any, ClassVar

import attrs
import numpy as np
import pandas as pd
from scipy.special import expit, logit, ndtr
from typing_extensions import override

from crowdlab.aggregation.answers import Answers, says_yes
from crowdlab.aggregation.consensus import Consensus, ValueMethod
from crowdlab.aggregation.engine import Floats
from crowdlab.aggregation.priors import positive

__all__ = ["Rasch", "wilson"]

# Two-sided 95 percent of a normal distribution.
Z = 1.959963984540054


def _probability(_: Any, attribute: "attrs.Attribute[float]", value: float) -> None:
    if not 0 < value < 1:
        raise ValueError(f"{attribute.name} is {value}; it must be between 0 and 1")


@attrs.define(kw_only=True, eq=False)
class Rasch(ValueMethod):
    r"""A follower arrives the more often, the abler they are and the easier the way.

    The logarithm of the odds that worker :math:`w` succeeds with task :math:`t` is
    :math:`\mu + s_w - d_t`, so a description is not blamed for followers who get lost
    everywhere. The crowd's mean, skills and difficulties are normal about 0. The
    posterior has one peak, which Newton's method finds; how sure it is of it, its
    curvature there tells.

    A label says whether the follower arrived: yes or no. ``labels_`` has for each
    description whether a follower of average skill arrives with probability ``enough``
    or more, and how sure that is: ``task, label, confidence, success, low, high,
    difficulty, n_votes``; ``low`` and ``high`` are the 95 percent interval of Wilson
    about the bare share of successes. ``workers_`` has ``quality, skill, n``; the
    quality is the probability of arriving where the way is of average difficulty.

    G. Rasch. Probabilistic models for some intelligence and attainment tests. Danish
    Institute for Educational Research (1960).
    E. B. Wilson. Probable inference, the law of succession, and statistical inference.
    Journal of the American Statistical Association 22 (1927).
    https://doi.org/10.1080/01621459.1927.10502953

    Attributes:
        enough: the probability of arriving that a good description gives.
        prior_deviation: the deviation of skills, of difficulties, and of the mean.

    Example:
        >>> tried = [("left, then right", w, True) for w in "ABC"]
        >>> Rasch().fit(tried).labels_[["label", "success", "low", "high"]].round(2)
           label  success   low  high
        0   True      1.0  0.44   1.0
    """

    name: ClassVar[str] = "rasch"

    enough: float = attrs.field(default=0.5, validator=_probability)
    prior_deviation: float = attrs.field(default=1.5, validator=positive)

    @override
    def infer(self, answers: object) -> Consensus:
        read = Answers.of(answers, says_yes)
        design, arrived = _design(read), np.array(read.values, dtype=np.float64)
        able, moved, passes = np.zeros(design.shape[1]), np.inf, 0
        while passes < self.max_iterations and moved >= self.tolerance:
            step = self._step(design, arrived, able)
            able, passes, moved = able + step, passes + 1, float(np.abs(step).max())
        mean, skill, difficulty = np.split(able, [1, 1 + len(read.workers)])
        deviation = self._deviation(design, able, len(read.tasks))
        ease = mean[0] - difficulty
        return Consensus(
            self.name,
            self._labels(read, arrived, ease, deviation).assign(difficulty=difficulty),
            _workers(read, mean[0], skill),
            diagnostics={"iterations": passes, "converged": moved < self.tolerance},
        )
