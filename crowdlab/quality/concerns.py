"""Workers to look at first, with the reasons in words."""

import numpy as np
import numpy.typing as npt
import pandas as pd

from crowdlab.errors import BadInput
from crowdlab.quality.copying import copying
from crowdlab.quality.haste import hasty
from crowdlab.quality.sign import Sign
from crowdlab.quality.spamming import contrary, spammer_score, spamming
from crowdlab.quality.testimony import Testimony
from crowdlab.quality.uniformity import patterned, uniform

__all__ = ["SIGNS", "rank_by_concern"]

#: What may stand in the column ``signs``.
SIGNS = ("spammer", "contrary", "uniform", "copies", "hasty", "pattern")


def rank_by_concern(
    answers: object,
    *,
    gold: object = None,
    seconds: npt.ArrayLike | None = None,
    hasty_seconds: float | None = None,
    in_order: bool = False,
    odds: float = 10.0,
) -> pd.DataFrame:
    """A row for each worker: ``worker, n, spammer_score, concern, signs, reasons``.

    The most concerning come first. The concern is the decimal logarithm of the odds of
    the strongest sign, as if care and its absence were equally likely before. It is
    where to look and not a verdict: who finds a question hard, or reads it in another
    way than the others, gives the same signs as who does not read it.

    Args:
        answers: whatever ``Votes.of`` takes.
        gold: known labels, by task.
        seconds: how long each answer took, as far as known; without it nobody is hasty.
        hasty_seconds: what is hasty; a third of the usual time where it is not given.
        in_order: whether each worker's answers stand in the order in which they were
            given; if not, patterns are not looked for.
        odds: from what odds on a sign is named.

    Raises:
        BadVotes: for answers or seconds that cannot be used.
        BadInput: for odds of 1 or less.

    Example:
        >>> said = {name: "xxyyxyxyyx" * 4 for name in ("Ann", "Bob", "Cid")}
        >>> said["Dan"] = "x" * 40
        >>> rows = [(n, w, label) for w in said for n, label in enumerate(said[w])]
        >>> found = rank_by_concern(rows)
        >>> found["worker"][0], found["signs"][0]
        ('Dan', 'uniform')
        >>> found["reasons"][0]
        'said x in 40 of 40 answers, where the crowd would in 23'
    """
    if odds <= 1:
        raise BadInput(f"odds are {odds}; a sign needs more than 1")
    testimony = Testimony.of(answers, gold)
    signs = [each(testimony) for each in (spamming, contrary, uniform, copying)]
    if seconds is not None:
        signs.append(hasty(testimony, seconds, hasty_seconds))
    if in_order:
        signs.append(patterned(testimony))
    return _rank(testimony, signs, np.log10(odds))


def _rank(testimony: Testimony, signs: list[Sign], least: float) -> pd.DataFrame:
    strength = np.stack([sign.odds for sign in signs])
    named = [
        [signs[place] for place in np.argsort(-column) if column[place] >= least]
        for column in strength.T
    ]
    table = pd.DataFrame(
        {
            "worker": testimony.votes.workers,
            "n": testimony.n,
            "spammer_score": spammer_score(testimony.confusions),
            "concern": np.maximum(strength.max(axis=0), 0),
            "signs": [", ".join(sign.name for sign in each) for each in named],
            "reasons": [
                "; ".join(sign.explain(worker) for sign in each)
                for worker, each in enumerate(named)
            ],
        }
    )
    return table.sort_values(
        "concern", ascending=False, kind="stable", ignore_index=True
    )
