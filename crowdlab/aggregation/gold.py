"""Known labels, told in codes."""

from collections.abc import Mapping
from typing import Any

import narwhals as nw
import numpy as np
import pandas as pd

from crowdlab.aggregation.codes import Codes
from crowdlab.aggregation.engine import UNKNOWN
from crowdlab.aggregation.votes import Votes
from crowdlab.errors import BadVotes

__all__ = ["gold_codes", "known_labels"]


def gold_codes(votes: Votes, gold: object) -> tuple[Votes, Codes]:
    """The votes, with the gold's labels among theirs, and each task's label or -1.

    Tasks that nobody answered are left out.

    Raises:
        BadVotes: where no task of the gold was answered, or one has two labels.

    Example:
        >>> votes = Votes.of({"task": ["a", "b"], "worker": [1, 1], "label": [0, 1]})
        >>> gold_codes(votes, {"b": 0})[1].tolist()
        [-1, 0]
    """
    codes = np.full(len(votes.tasks), UNKNOWN, dtype=np.int32)
    if gold is None:
        return votes, codes
    truth = known_labels(gold)
    rows = votes.tasks.get_indexer(truth.index)
    answered = rows >= 0
    if len(truth) and not answered.any():
        raise BadVotes(
            f"none of the {len(truth):,} gold tasks was answered; the first is"
            f" {truth.index[0]!r}, the first that was answered {votes.tasks[0]!r}"
        )
    labels = truth.to_numpy()[answered]
    votes = votes.with_labels(labels)
    codes[rows[answered]] = votes.labels.get_indexer(pd.Index(labels))
    return votes, codes


def known_labels(gold: object) -> "pd.Series[Any]":
    """Labels indexed by task, from a mapping, a series or a table.

    Raises:
        BadVotes: where it is none of these, or a task has two labels.

    Example:
        >>> known_labels({"task": ["a"], "label": ["cat"]})["a"]
        'cat'
    """
    truth = _series(gold)
    twice = truth.index[truth.index.duplicated()]
    if len(twice):
        raise BadVotes(f"task {twice[0]!r} has two gold labels; give each task one")
    return truth


def _series(gold: object) -> "pd.Series[Any]":
    if isinstance(gold, pd.Series):
        return gold
    if isinstance(gold, Mapping):
        if set(gold) == {"task", "label"}:
            return pd.Series(list(gold["label"]), index=pd.Index(list(gold["task"])))
        return pd.Series(list(gold.values()), index=pd.Index(list(gold)))
    try:
        frame = nw.from_native(gold, eager_only=True)  # type: ignore[call-overload]
        task, label = frame["task"].to_pandas(), frame["label"].to_pandas()
    except (TypeError, KeyError, nw.exceptions.NarwhalsError):
        raise BadVotes(
            "gold labels are a mapping of task to label, a series indexed by task,"
            " or a table with the columns task and label"
        ) from None
    return pd.Series(label.to_numpy(), index=pd.Index(task))
