"""Workers on tasks whose label is known: how often they are right, and how sure that is."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from crowdlab.aggregation import Votes
from crowdlab.aggregation.engine import UNKNOWN
from crowdlab.aggregation.gold import gold_codes
from crowdlab.errors import BadInput
from crowdlab.quality.intervals import needed, wilson

__all__ = [
    "gold_tasks_needed",
    "refuse_no_share",
    "score_on_gold",
    "standing_table",
]


def score_on_gold(
    answers: object, gold: object, *, required: float = 0.7, confidence: float = 0.95
) -> pd.DataFrame:
    """A row for each worker: ``worker, n_gold, n_right, share, low, high, standing``.

    Enough is known of a worker when the Wilson interval of the share that is right
    leaves out the share that is required. Until then the standing is ``open``; after
    that it is ``above`` or ``below``. The share is nan for workers who met no gold.

    Whoever looks after every answer, and stops at the first standing that is not open,
    is wrong more often than the confidence says: decide beforehand how many gold tasks
    a worker meets.

    Args:
        answers: whatever ``Votes.of`` takes.
        gold: known labels, by task.
        required: the share that workers should get right.
        confidence: of the interval.

    Raises:
        BadVotes: where no gold task was answered, or one has two labels.
        BadInput: where ``required`` or ``confidence`` is not between 0 and 1.

    Example:
        >>> answers = [(task, "Ann", "x") for task in range(9)]
        >>> table = score_on_gold(answers, {task: "x" for task in range(9)})
        >>> table[["n_gold", "n_right", "standing"]]
           n_gold  n_right standing
        0       9        9    above
    """
    refuse_no_share(required=required, confidence=confidence)
    votes, known = gold_codes(Votes.of(answers), gold)
    true = known[votes.task]
    n_workers = len(votes.workers)
    n_gold = np.bincount(votes.worker[true != UNKNOWN], minlength=n_workers)
    n_right = np.bincount(votes.worker[true == votes.label], minlength=n_workers)
    return standing_table(
        votes.workers, n_gold, n_right, required=required, confidence=confidence
    )


def standing_table(
    workers: "pd.Index[Any]",
    n_gold: npt.NDArray[np.intp],
    n_right: npt.NDArray[np.intp],
    *,
    required: float,
    confidence: float,
) -> pd.DataFrame:
    """A row for each worker: the share that is right, its interval, the standing."""
    refuse_no_share(required=required, confidence=confidence)
    low, high = wilson(n_right, n_gold, confidence)
    share = np.full(len(workers), np.nan)
    np.divide(n_right, n_gold, out=share, where=n_gold > 0)
    return pd.DataFrame(
        {
            "worker": workers,
            "n_gold": n_gold,
            "n_right": n_right,
            "share": share,
            "low": low,
            "high": high,
            "standing": np.select(
                [low > required, high < required], ["above", "below"], "open"
            ),
        }
    )


def gold_tasks_needed(
    share: float, *, required: float = 0.7, confidence: float = 0.95
) -> float:
    """How many gold tasks it takes to know enough of a worker who is right so often.

    It is infinite for a worker who is as good as required, neither more nor less.

    Raises:
        BadInput: where one of the three is not between 0 and 1.

    Example:
        >>> gold_tasks_needed(0.5), gold_tasks_needed(0.95)
        (21, 13)
    """
    refuse_no_share(required=required, confidence=confidence)
    if not 0 <= share <= 1:
        raise BadInput(f"share is {share}; it must be between 0 and 1")
    return needed(share, required, confidence)


def refuse_no_share(**shares: float) -> None:
    """Refuses what is no share, by its name."""
    for name, share in shares.items():
        if not 0 < share < 1:
            raise BadInput(f"{name} is {share}; it must be between 0 and 1")
