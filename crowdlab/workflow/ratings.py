"""The workers of a batch, held against what is known and what the others say."""

from typing import Any

import numpy as np
import pandas as pd

from crowdlab.aggregation import aggregate
from crowdlab.aggregation.answers import decoded
from crowdlab.ledger import BatchRecord, Ledger
from crowdlab.quality import rank_by_concern, score_regions_on_gold
from crowdlab.quality.gold import standing_table
from crowdlab.templates import Template
from crowdlab.workflow.polls import REGIONS, Poll, poll
from crowdlab.workflow.receipts import Rated

__all__ = ["rate"]

#: Labels that are equal or not, with nothing between: signs are read from these.
NOMINAL = ("classes", "rankings")
NO_SIGNS = {"signs": "", "reasons": ""}
SIGNS = ["worker", "concern", "signs", "reasons"]
COLUMNS = [
    *("worker", "n", "quality"),
    *("n_gold", "n_right", "share", "low", "high", "standing"),
    *("concern", "signs", "reasons"),
]


def rate(
    ledger: Ledger,
    record: BatchRecord,
    template: Template,
    *,
    required: float,
    confidence: float,
) -> Rated:
    """The workers of a batch, those of most concern first.

    Raises:
        BadInput: for a share that is none.
    """
    votes, checks = poll(ledger, record, template)
    table = _table(votes, checks, required, confidence)
    return Rated(
        n_workers=len(table),
        n_gold=int(table["n_gold"].sum()),
        n_concerning=int((table["signs"] != "").sum()),
        environment=record.batch.environment,
        table=table,
    )


def _table(
    votes: Poll, checks: Poll, required: float, confidence: float
) -> pd.DataFrame:
    if not len(votes):
        return pd.DataFrame(columns=COLUMNS)
    workers = _qualities(votes)
    met = _on_gold(votes).add(_on_gold(checks), fill_value=0)
    met = met.reindex(workers["worker"], fill_value=0).astype(np.intp)
    standing = standing_table(
        pd.Index(workers["worker"]),
        met["n_gold"].to_numpy(),
        met["n_right"].to_numpy(),
        required=required,
        confidence=confidence,
    )
    signs = _signs(votes if votes.kind in NOMINAL else checks)
    table = workers.merge(standing, on="worker").merge(signs, on="worker", how="left")
    table = table.fillna(NO_SIGNS)[COLUMNS]
    return table.sort_values(
        ["concern", "n"], ascending=False, kind="stable", ignore_index=True
    )


def _qualities(votes: Poll) -> pd.DataFrame:
    found: Any = aggregate(votes.answers(), kind=votes.kind)
    qualities: pd.DataFrame = found.workers[["worker", "n", "quality"]]
    return qualities


def _on_gold(votes: Poll) -> pd.DataFrame:
    """Of how much each worker was asked that is known, and how much of it is right."""
    if not votes.gold:
        return pd.DataFrame({"n_gold": [], "n_right": []})
    if votes.kind in REGIONS:
        gold = {thing: decoded(said) for thing, said in votes.gold.items()}
        scores = score_regions_on_gold(votes.answers(), gold, kind=votes.kind)
        return scores.set_index("worker")[["n_gold", "n_right"]]
    counts = votes.rightly(votes.gold)
    return pd.DataFrame.from_dict(counts, orient="index", columns=["n_gold", "n_right"])


def _signs(votes: Poll) -> pd.DataFrame:
    if not len(votes):
        return pd.DataFrame(columns=SIGNS)
    table = rank_by_concern(
        votes.votes(),
        gold=votes.gold or None,
        seconds=np.frombuffer(votes.seconds),
    )
    return table[SIGNS]
