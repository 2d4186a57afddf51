"""Routes: whether a description can be followed, from those who tried."""

from typing import Any, ClassVar

import attrs
import numpy as np
import pandas as pd
from scipy import sparse
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
    or more, and how sure that is: ``task, label, confidence, probability,
    success, low, high, n_votes``; ``low`` and ``high`` are the 95 percent interval of
    Wilson about the bare share of successes. ``workers_`` has ``quality, skill, n``; the
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
        design, arrived = _design(read), np.array(read.said, dtype=np.float64)
        known, moved, passes = np.zeros(design.shape[1]), np.inf, 0
        while passes < self.max_iterations and moved >= self.tolerance:
            slope = design.T @ (arrived - expit(design @ known))
            slope -= known / self.prior_deviation**2
            step = np.linalg.solve(self._curve(design, known), slope)
            known, passes, moved = known + step, passes + 1, float(np.abs(step).max())
        mean, skill, difficulty = np.split(known, [1, 1 + len(read.workers)])
        deviation = self._deviation(design, known, len(read.tasks))
        return Consensus(
            self.name,
            self._labels(read, arrived, mean - difficulty, deviation),
            _workers(read, mean, skill),
            diagnostics={
                "mean": float(mean[0]),
                "iterations": passes,
                "converged": moved < self.tolerance,
            },
        )

    def _curve(self, design: sparse.csr_array, known: Floats) -> Floats:
        """How sharply the posterior bends (parameters, parameters)."""
        chance = expit(design @ known)
        weighed = design.multiply((chance * (1 - chance))[:, np.newaxis])
        curve: Floats = (design.T @ weighed).toarray()
        curve[np.diag_indices_from(curve)] += 1 / self.prior_deviation**2
        return curve

    def _deviation(
        self, design: sparse.csr_array, known: Floats, n_tasks: int
    ) -> Floats:
        """How uncertain the mean less each task's difficulty is (tasks,)."""
        covariance = np.linalg.inv(self._curve(design, known))
        both = covariance[0, -n_tasks:]
        variance = covariance[0, 0] + np.diag(covariance)[-n_tasks:] - 2 * both
        return np.asarray(np.sqrt(variance))

    def _labels(
        self, answers: Answers[bool], arrived: Floats, ease: Floats, deviation: Floats
    ) -> pd.DataFrame:
        margin = ease - logit(self.enough)
        n_by_task = answers.n_by_task
        successes = np.bincount(answers.task, arrived, len(n_by_task))
        low, high = wilson(successes, n_by_task)
        return pd.DataFrame(
            {
                "task": answers.tasks,
                "label": margin >= 0,
                "confidence": ndtr(np.abs(margin) / deviation),
                "probability": expit(ease),
                "success": successes / n_by_task,
                "low": low,
                "high": high,
                "n_votes": n_by_task,
            }
        )


def _design(answers: Answers[bool]) -> sparse.csr_array:
    """What of mean, skills and difficulties counts in each answer (answers, all)."""
    n_rows, n_workers = len(answers), len(answers.workers)
    row = np.arange(n_rows)
    worker, task = answers.worker.astype(np.intp), answers.task.astype(np.intp)
    columns = [np.zeros(n_rows, dtype=np.intp), 1 + worker, 1 + n_workers + task]
    signs = np.repeat([1.0, 1.0, -1.0], n_rows)
    places = np.tile(row, 3), np.concatenate(columns)
    shape = n_rows, 1 + n_workers + len(answers.tasks)
    return sparse.coo_array((signs, places), shape).tocsr()


def _workers(answers: Answers[bool], mean: Floats, skill: Floats) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "worker": answers.workers,
            "quality": expit(mean + skill),
            "skill": skill,
            "n": answers.n_by_worker,
        }
    )


def wilson(successes: Any, trials: Any, z: float = Z) -> tuple[Floats, Floats]:
    """Wilson's interval about shares of successes, honest for few trials too.

    Args:
        successes: out of how many ``trials``, which are more than 0.
        z: the normal deviate; 95 percent as it is.

    Example:
        >>> low, high = wilson(np.array([2.0]), np.array([3.0]))
        >>> low.round(3).tolist(), high.round(3).tolist()
        ([0.208], [0.939])
    """
    share = np.asarray(successes) / trials
    shrink = 1 + z**2 / np.asarray(trials)
    middle = (share + z**2 / (2 * np.asarray(trials))) / shrink
    half = z * np.sqrt(
        share * (1 - share) / trials + np.square(z / (2 * np.asarray(trials)))
    )
    low, high = middle - half / shrink, middle + half / shrink
    return np.maximum(low, 0), np.minimum(high, 1)
