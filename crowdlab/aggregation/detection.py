"""What is there and what is not: workers who miss, and workers who see ghosts."""

import attrs
import numpy as np
import numpy.typing as npt
from scipy.special import expit

from crowdlab.aggregation.cells import Cells
from crowdlab.aggregation.confusions import Confusions
from crowdlab.aggregation.engine import Floats

__all__ = ["Detections", "Sighting", "detect"]

Places = npt.NDArray[np.integer]


@attrs.frozen(eq=False)
class Sighting:
    """Votes on what is there: ``worker[i]`` says ``yes[i]`` of ``thing[i]``.

    Attributes:
        group: the group of each thing, such as the image it is in (things,).
    """

    thing: Places
    worker: Places
    yes: Floats
    group: Places
    n_workers: int

    @property
    def n_by_thing(self) -> Floats:
        """How many votes each thing has (things,)."""
        return _sums(self.thing, np.ones(len(self.thing)), len(self.group))

    @property
    def n_by_worker(self) -> Floats:
        """How many votes each worker gave (workers,)."""
        return _sums(self.worker, np.ones(len(self.thing)), self.n_workers)


@attrs.frozen(eq=False)
class Detections:
    """What is there, and who can tell.

    Attributes:
        belief: the probability that a thing is there (things,).
        false_positive: how often a worker says yes to what is not there (workers,).
        false_negative: how often a worker says no to what is there (workers,).
        quality: the share of a worker's votes expected to be right; NaN for one who
            gave none (workers,).
    """

    belief: Floats
    false_positive: Floats
    false_negative: Floats
    quality: Floats
    iterations: int
    converged: bool


def detect(
    sighting: Sighting,
    *,
    prior_right: float,
    prior_wrong: float,
    prior_group: float,
    max_iterations: int,
    tolerance: float,
) -> Detections:
    """Expectation maximization for workers with two coins, things in groups.

    One coin is tossed for what is there, another for what is not. The coins are drawn
    from the crowd's Beta distributions, which are learned too. Where no two votes on a
    thing differ, nobody can be told from others: the votes are the belief.

    Args:
        prior_right: right votes that the learning of the crowd starts from.
        prior_wrong: wrong votes, likewise.
        prior_group: things of the average kind that are credited to every group.
    """
    pseudo = np.array([[prior_right, prior_wrong], [prior_wrong, prior_right]])
    n_yes = _sums(sighting.thing, sighting.yes, len(sighting.group))
    belief, passes = n_yes / sighting.n_by_thing, 0
    moved = np.inf if ((belief > 0) & (belief < 1)).any() else 0.0
    coins = _coins(sighting, belief, pseudo)
    while passes < max_iterations and moved and moved >= tolerance:
        odds = _prior_odds(sighting, belief, prior_group) + _evidence(sighting, coins)
        last, belief = belief, expit(odds)
        coins = _coins(sighting, belief, pseudo)
        moved, passes = float(np.abs(belief - last).max()), passes + 1
    right = np.where(
        sighting.yes == 1, belief[sighting.thing], 1 - belief[sighting.thing]
    )
    n_right = _sums(sighting.worker, right, sighting.n_workers)
    n_votes = sighting.n_by_worker
    quality = np.divide(
        n_right, n_votes, out=np.full(len(n_votes), np.nan), where=n_votes > 0
    )
    yes_if_absent, no_if_there = np.exp(coins[:, 0, 1]), np.exp(coins[:, 1, 0])
    return Detections(
        belief, yes_if_absent, no_if_there, quality, passes, moved < tolerance
    )


def _prior_odds(sighting: Sighting, belief: Floats, weight: float) -> Floats:
    """The odds, as logarithms, that a thing of its group is there (things,)."""
    n_groups = int(sighting.group.max()) + 1
    there = _sums(sighting.group, belief, n_groups)
    absent = _sums(sighting.group, 1 - belief, n_groups)
    # One thing there and one not, so that no share is 0 or 1.
    share = (belief.sum() + 1) / (len(belief) + 2)
    odds: Floats = np.log(there + weight * share) - np.log(
        absent + weight * (1 - share)
    )
    return odds[sighting.group]


def _evidence(sighting: Sighting, coins: Floats) -> Floats:
    """What the votes add to the odds that a thing is there (things,)."""
    gain = coins[:, :, 0] - coins[:, :, 1]
    said = np.where(sighting.yes == 1, 0, 1)
    return _sums(sighting.thing, gain[sighting.worker, said], len(sighting.group))


def _coins(sighting: Sighting, belief: Floats, pseudo: Floats) -> Floats:
    """The logarithm of each worker's share of yes and no, there and not (workers, 2, 2)."""
    there = belief[sighting.thing]
    counts = np.empty((sighting.n_workers, 2, 2))
    for label, said in enumerate((sighting.yes, 1 - sighting.yes)):
        for state, weight in enumerate((there, 1 - there)):
            counts[:, label, state] = _sums(
                sighting.worker, said * weight, sighting.n_workers
            )
    coins = Cells.full(sighting.n_workers, 2)
    crowd = Confusions(coins, counts.reshape(-1, 2), pseudo).learned()
    return crowd.log_means().reshape(counts.shape)


def _sums(places: Places, values: Floats, length: int) -> Floats:
    return np.bincount(places, values, length).astype(np.float64)
