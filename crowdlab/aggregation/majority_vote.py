"""The label that most workers gave."""

from typing import ClassVar

import attrs
from typing_extensions import override

from crowdlab.aggregation.ballots import Ballots
from crowdlab.aggregation.codes import Codes
from crowdlab.aggregation.method import Inference, Method
from crowdlab.aggregation.tally import tally
from crowdlab.aggregation.votes import Votes

__all__ = ["MajorityVote"]


@attrs.define(kw_only=True, eq=False)
class MajorityVote(Method):
    """The label that most workers gave; its share of the votes is the confidence.

    Example:
        >>> votes = [("a", 1, "cat"), ("a", 2, "cat"), ("a", 3, "dog")]
        >>> MajorityVote().fit(votes).labels_["label"].tolist()
        ['cat']
    """

    name: ClassVar[str] = "majority-vote"

    @override
    def infer(self, votes: Votes, gold: Codes) -> Inference:
        ballots = Ballots.of(votes, gold)
        if ballots is None:
            return Inference(tally(votes, gold))
        return Inference(ballots.shares(), right=ballots.expected_right())
