"""Many votes, one label: columns in, columns out."""

from crowdlab.aggregation.auto import Auto
from crowdlab.aggregation.bwa import BWA
from crowdlab.aggregation.dawid_skene import DawidSkene
from crowdlab.aggregation.ebcc import EBCC
from crowdlab.aggregation.glad import GLAD
from crowdlab.aggregation.hierarchical_dawid_skene import HierarchicalDawidSkene
from crowdlab.aggregation.ibcc import IBCC
from crowdlab.aggregation.la_two_pass import LATwoPass
from crowdlab.aggregation.mace import MACE
from crowdlab.aggregation.majority_vote import MajorityVote
from crowdlab.aggregation.method import Aggregator
from crowdlab.aggregation.methods import aggregate, methods
from crowdlab.aggregation.one_coin import OneCoin
from crowdlab.aggregation.result import Aggregation
from crowdlab.aggregation.scores import Scores, score
from crowdlab.aggregation.votes import Votes
from crowdlab.aggregation.weighted_vote import WeightedVote

__all__ = [
    "BWA",
    "EBCC",
    "GLAD",
    "IBCC",
    "MACE",
    "Aggregation",
    "Aggregator",
    "Auto",
    "DawidSkene",
    "HierarchicalDawidSkene",
    "LATwoPass",
    "MajorityVote",
    "OneCoin",
    "Scores",
    "Votes",
    "WeightedVote",
    "aggregate",
    "methods",
    "score",
]
