"""Many votes, one label: columns in, columns out."""

from crowdlab.aggregation.dawid_skene import DawidSkene
from crowdlab.aggregation.majority_vote import MajorityVote
from crowdlab.aggregation.methods import aggregate, methods
from crowdlab.aggregation.result import Aggregation
from crowdlab.aggregation.votes import Votes

__all__ = [
    "Aggregation",
    "DawidSkene",
    "MajorityVote",
    "Votes",
    "aggregate",
    "methods",
]
