"""Numbers: a robust mean of what workers with a bias and a precision measured."""

from typing import ClassVar

import attrs
import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import ndtr
from typing_extensions import override

from crowdlab.aggregation.answers import Answers, is_number
from crowdlab.aggregation.consensus import Consensus, ValueMethod
from crowdlab.aggregation.engine import Floats
from crowdlab.aggregation.priors import positive
from crowdlab.errors import BadVotes

__all__ = ["StudentT"]

# Two-sided 95 percent of a normal distribution.
Z = 1.959963984540054

# The median of a normal deviate's size, as a share of its deviation.
MEDIAN_SIZE = 0.6744897501960817

# A deviation is never less than this share of the numbers' size: it is divided by.
LEAST = 1e-9


@attrs.define(kw_only=True, eq=False)
class StudentT(ValueMethod):
    r"""A number is measured by workers with a bias and a precision, and some blunders.

    A worker's answer is :math:`x_{tw} = z_t + b_w + \varepsilon_{tw}`, where the error
    has a Student distribution of scale :math:`\sigma_w`: a normal one whose precision
    is drawn anew for each answer, so that a blunder weighs next to nothing. Biases are
    normal about 0, and scales shrunk to the crowd's, both in terms of the scale of the
    median worker. The median worker has no bias: what all err alike, nobody sees.

    ``labels_`` has the number and its 95 percent interval: ``task, label, confidence,
    low, high, n_votes``; the confidence is the probability that the truth is within
    ``margin`` of the label. ``workers_`` has ``quality, bias, deviation, n``; the
    quality is the probability that a worker's answer is that near.

    V. C. Raykar et al. Learning from crowds. Journal of Machine Learning Research 11
    (2010), section 4. https://jmlr.org/papers/v11/raykar10a.html
    K. L. Lange, R. J. A. Little and J. M. G. Taylor. Robust statistical modeling using
    the t distribution. Journal of the American Statistical Association 84 (1989).
    https://doi.org/10.1080/01621459.1989.10478852

    Attributes:
        margin: how near is right; the scale of the median worker, where it is None.
        freedom: the degrees of freedom: the fewer, the less a blunder weighs.
        prior_bias: the deviation of biases, in scales of the median worker.
        prior_votes: answers of the median worker's scale, credited to every worker.

    Example:
        >>> votes = [("a", 1, 10.0), ("a", 2, 10.2), ("a", 3, 9.8), ("a", 4, 100.0)]
        >>> StudentT().fit(votes).labels_["label"].round(1).tolist()
        [10.0]
    """

    name: ClassVar[str] = "student-t"

    margin: float | None = attrs.field(
        default=None, validator=attrs.validators.optional(positive)
    )
    freedom: float = attrs.field(default=3.0, validator=positive)
    prior_bias: float = attrs.field(default=1.0, validator=positive)
    prior_votes: float = attrs.field(default=5.0, validator=positive)

    @override
    def infer(self, answers: object) -> Consensus:
        read = Answers.of(answers, _number)
        fit = _Fit.start(read)
        moved, passes = np.inf, 0
        while passes < self.max_iterations and moved >= self.tolerance:
            last, fit = fit, self._step(fit)
            moved = float(np.abs(fit.truth - last.truth).max() / fit.scale)
            passes += 1
        diagnostics = {
            "scale": fit.scale,
            "iterations": passes,
            "converged": moved < self.tolerance,
        }
        margin = fit.scale if self.margin is None else self.margin
        labels = _labels(read, fit, self._error(fit), margin)
        workers = _workers(read, fit, margin)
        return Consensus(self.name, labels, workers, diagnostics=diagnostics)

    def _precision(self, fit: "_Fit") -> Floats:
        """What each answer weighs: little, where it is far off (answers,)."""
        variance = np.square(fit.deviation)[fit.worker]
        surprise = np.square(fit.residual) / variance
        weight: Floats = (self.freedom + 1) / (self.freedom + surprise) / variance
        return weight

    def _error(self, fit: "_Fit") -> Floats:
        """The standard error of each task's number, biases being uncertain (tasks,)."""
        weight = self._precision(fit)
        by_task, by_worker = fit.sum_by_task(weight), fit.sum_by_worker(weight)
        unsure = 1 / (by_worker + 1 / np.square(self.prior_bias * fit.scale))
        share = weight / by_task[fit.task]
        of_biases = fit.sum_by_task(np.square(share) * unsure[fit.worker])
        # An answer tells that much less than one of a normal distribution (Lange).
        told = by_task * (self.freedom + 1) / (self.freedom + 3)
        return np.sqrt(1 / told + of_biases)

    def _step(self, fit: "_Fit") -> "_Fit":
        weight = self._precision(fit)
        by_task = fit.sum_by_task(weight)
        unbiased = fit.said - fit.bias[fit.worker]
        truth = fit.sum_by_task(weight * unbiased) / by_task
        over = fit.said - truth[fit.task]
        about_zero = 1 / np.square(self.prior_bias * fit.scale)
        bias = fit.sum_by_worker(weight * over) / (
            fit.sum_by_worker(weight) + about_zero
        )
        middle = np.median(bias)
        moved = attrs.evolve(fit, truth=truth + middle, bias=bias - middle)
        # An answer pulls the truth towards itself: what is left of it is its due.
        freedom = 1 - weight / by_task[fit.task]
        return self._rescaled(moved, weight, freedom)

    def _rescaled(self, fit: "_Fit", weight: Floats, freedom: Floats) -> "_Fit":
        """The same, with each worker's deviation as the residuals have it."""
        variance = np.square(fit.deviation)
        squares = variance[fit.worker] * weight * np.square(fit.residual)
        known = self.prior_votes * np.square(fit.scale)
        variance = (known + fit.sum_by_worker(squares)) / (
            self.prior_votes + fit.sum_by_worker(freedom)
        )
        deviation = np.maximum(np.sqrt(variance), fit.least)
        return attrs.evolve(fit, deviation=deviation, scale=float(np.median(deviation)))


@attrs.frozen(eq=False)
class _Fit:
    """What is believed of tasks and workers, beside the answers themselves."""

    task: npt.NDArray[np.integer]
    worker: npt.NDArray[np.integer]
    said: Floats
    truth: Floats
    bias: Floats
    deviation: Floats
    scale: float
    least: float

    @classmethod
    def start(cls, answers: Answers[float]) -> "_Fit":
        """Medians, and everybody alike."""
        said = np.array(answers.said, dtype=np.float64)
        middle = np.array([np.median(said[rows]) for rows in answers.rows_by_task()])
        size = np.abs(said - middle[answers.task])
        least = LEAST * max(float(np.abs(said).max()), np.finfo(float).tiny / LEAST)
        # The deviation, where a median of 0 tells nothing.
        scale = np.median(size) / MEDIAN_SIZE or np.sqrt(np.mean(np.square(size)))
        scale = max(float(scale), least)
        n_workers = len(answers.workers)
        return cls(
            answers.task,
            answers.worker,
            said,
            middle,
            np.zeros(n_workers),
            np.full(n_workers, scale),
            scale,
            least,
        )

    @property
    def residual(self) -> Floats:
        """What neither truth nor bias explains (answers,)."""
        left: Floats = self.said - self.truth[self.task] - self.bias[self.worker]
        return left

    def sum_by_task(self, values: Floats) -> Floats:
        return np.bincount(self.task, values, len(self.truth)).astype(np.float64)

    def sum_by_worker(self, values: Floats) -> Floats:
        return np.bincount(self.worker, values, len(self.bias)).astype(np.float64)


def _labels(
    answers: Answers[float], fit: _Fit, error: Floats, margin: float
) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "task": answers.tasks,
            "label": fit.truth,
            "confidence": 2 * ndtr(margin / error) - 1,
            "low": fit.truth - Z * error,
            "high": fit.truth + Z * error,
            "n_votes": answers.n_by_task,
        }
    )


def _workers(answers: Answers[float], fit: _Fit, margin: float) -> pd.DataFrame:
    above = ndtr((margin - fit.bias) / fit.deviation)
    below = ndtr((-margin - fit.bias) / fit.deviation)
    return pd.DataFrame(
        {
            "worker": answers.workers,
            "quality": above - below,
            "bias": fit.bias,
            "deviation": fit.deviation,
            "n": answers.n_by_worker,
        }
    )


def _number(label: object) -> float:
    """Reads a number, or the text of one."""
    value = _parsed(label) if isinstance(label, str) else label
    if not is_number(value):
        raise BadVotes(f"{label!r} is no finite number")
    return float(value)  # type: ignore[arg-type]


def _parsed(text: str) -> object:
    try:
        return float(text)
    except ValueError:
        return None
