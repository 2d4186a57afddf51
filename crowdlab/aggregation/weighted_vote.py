"""Votes weighed by how often a worker agrees with the majority."""

from typing import ClassVar

import attrs
import numpy as np
from typing_extensions import override

from crowdlab.aggregation.codes import Codes
from crowdlab.aggregation.method import Inference, Method
from crowdlab.aggregation.priors import positive
from crowdlab.aggregation.result import decide
from crowdlab.aggregation.tally import tally
from crowdlab.aggregation.votes import Votes

__all__ = ["WeightedVote"]


@attrs.define(kw_only=True, eq=False)
class WeightedVote(Method):
    """A majority vote in which a worker weighs as much as they agree with the majority.

    Known as Wawa, worker agreement with aggregate, at Appen. The confidence is a
    label's share of the weights.

    Attributes:
        prior_right: votes with the majority, credited to every worker, so that no
            weight is 0; ``prior_wrong`` likewise, votes against it.

    Example:
        >>> votes = [("a", 1, "x"), ("a", 2, "x"), ("a", 3, "y"), ("b", 1, "x")]
        >>> WeightedVote().fit(votes).labels_["confidence"].round(2).tolist()
        [0.81, 1.0]
    """

    name: ClassVar[str] = "weighted-vote"

    prior_right: float = attrs.field(default=1.0, validator=positive)
    prior_wrong: float = attrs.field(default=1.0, validator=positive)

    @override
    def infer(self, votes: Votes, gold: Codes) -> Inference:
        majority, _ = decide(tally(votes, gold))
        agrees = majority[votes.task] == votes.label
        n_agreed = np.bincount(votes.worker, agrees, minlength=len(votes.workers))
        n_votes = np.bincount(votes.worker, minlength=len(votes.workers))
        credit = self.prior_right + self.prior_wrong
        weight = (n_agreed + self.prior_right) / (n_votes + credit)
        return Inference(tally(votes, gold, weight[votes.worker]))
