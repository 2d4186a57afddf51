"""Workers of different ability, tasks of different difficulty."""

from typing import ClassVar

import attrs
import numpy as np
import numpy.typing as npt
from scipy.special import expit
from typing_extensions import override

from crowdlab.aggregation.codes import Codes
from crowdlab.aggregation.engine import Chunk, Floats, shares, with_gold
from crowdlab.aggregation.method import ChunkMethod, Inference

__all__ = ["GLAD"]

# An M-step climbs; it need not reach the top before the next E-step.
STEPS = 5
LONGEST_STEP = 1.0


@attrs.define(kw_only=True, eq=False)
class GLAD(ChunkMethod):
    r"""A worker is right the more often, the abler they are and the easier the task.

    The probability of a right vote is :math:`\sigma(\alpha_w \beta_t)`, with the
    ability :math:`\alpha_w` and the ease :math:`\beta_t > 0`; wrong labels are equally
    likely. The priors are normal: of :math:`\alpha_w`, and of :math:`\ln \beta_t`,
    both with variance 1.

    J. Whitehill et al. Whose vote should count more: optimal integration of labels
    from labelers of unknown expertise. NIPS (2009).

    Attributes:
        prior_ability: the mean of the abilities.
        prior_ease: the mean of the logarithms of ease.

    Example:
        >>> votes = [("a", w, "cat") for w in "123"] + [("b", w, "dog") for w in "123"]
        >>> GLAD().fit(votes).labels_["label"].tolist()
        ['cat', 'dog']
    """

    name: ClassVar[str] = "glad"

    prior_ability: float = 1.0
    prior_ease: float = 1.0

    @override
    def solve(self, chunk: Chunk) -> Inference:
        ballots = _Ballots.of(chunk)
        ability = np.full(ballots.n_workers, self.prior_ability)
        ease = np.full(len(chunk), self.prior_ease)
        belief, moved, passes = shares(chunk), np.inf, 0
        while passes < self.max_iterations and moved >= self.tolerance:
            last, belief = belief, _e_step(chunk, ballots, ability, ease)
            right = belief[ballots.task, ballots.label]
            for _ in range(STEPS):
                ability = self._abler(ballots, right, ability, ease)
                ease = self._easier(ballots, right, ability, ease)
            moved, passes = float(np.abs(belief - last).max()), passes + 1
        account = {"iterations": passes, "converged": moved < self.tolerance}
        return Inference(belief, account)

    def _abler(
        self, ballots: "_Ballots", right: Floats, ability: Floats, ease: Floats
    ) -> Floats:
        """The abilities after one step of Fisher's scoring."""
        slope = np.exp(ease)[ballots.task]
        chance = expit(ability[ballots.worker] * slope)
        gain = ballots.by_worker((right - chance) * slope)
        weight = ballots.by_worker(chance * (1 - chance) * slope**2)
        return ability + _step(gain - (ability - self.prior_ability), weight + 1)

    def _easier(
        self, ballots: "_Ballots", right: Floats, ability: Floats, ease: Floats
    ) -> Floats:
        """The logarithms of ease after one step of Fisher's scoring."""
        slope = ability[ballots.worker] * np.exp(ease)[ballots.task]
        chance = expit(slope)
        gain = ballots.by_task((right - chance) * slope)
        weight = ballots.by_task(chance * (1 - chance) * slope**2)
        return ease + _step(gain - (ease - self.prior_ease), weight + 1)


@attrs.frozen(eq=False)
class _Ballots:
    """The votes one by one: GLAD's likelihood is no table of cells."""

    task: npt.NDArray[np.intp]
    worker: Codes
    label: Codes
    n_tasks: int
    n_workers: int

    @classmethod
    def of(cls, chunk: Chunk) -> "_Ballots":
        task = np.repeat(np.arange(len(chunk)), np.diff(chunk.starts))
        cells = chunk.cells
        worker, label = cells.worker[chunk.cell], cells.label[chunk.cell]
        return cls(task, worker, label, len(chunk), chunk.n_workers)

    def by_task(self, values: Floats) -> Floats:
        return np.bincount(self.task, values, self.n_tasks).astype(np.float64)

    def by_worker(self, values: Floats) -> Floats:
        return np.bincount(self.worker, values, self.n_workers).astype(np.float64)


def _e_step(chunk: Chunk, ballots: _Ballots, ability: Floats, ease: Floats) -> Floats:
    """Each task's probability of each label (tasks, labels)."""
    x = ability[ballots.worker] * np.exp(ease)[ballots.task]
    # log(sigma(x)) - log((1 - sigma(x)) / (K - 1)): what a vote adds for its label.
    gain = x + np.log(max(chunk.n_labels - 1, 1))
    places = ballots.task * chunk.n_labels + ballots.label
    sums = np.bincount(places, gain, len(chunk) * chunk.n_labels)
    joint = sums.reshape(len(chunk), chunk.n_labels)
    belief: Floats = np.exp(joint - joint.max(axis=1, keepdims=True))
    belief /= belief.sum(axis=1, keepdims=True)
    return with_gold(belief, chunk)


def _step(gradient: Floats, curvature: Floats) -> Floats:
    return np.clip(gradient / curvature, -LONGEST_STEP, LONGEST_STEP)
