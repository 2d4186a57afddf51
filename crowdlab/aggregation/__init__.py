"""Many votes, one label: columns in, columns out."""

from crowdlab.aggregation.auto import Auto
from crowdlab.aggregation.boxes import Boxes
from crowdlab.aggregation.bwa import BWA
from crowdlab.aggregation.consensus import Consensus, ValueMethod
from crowdlab.aggregation.crowd_bt import CrowdBT
from crowdlab.aggregation.dawid_skene import DawidSkene
from crowdlab.aggregation.ebcc import EBCC
from crowdlab.aggregation.glad import GLAD
from crowdlab.aggregation.hierarchical_dawid_skene import HierarchicalDawidSkene
from crowdlab.aggregation.ibcc import IBCC
from crowdlab.aggregation.kinds import aggregate, kinds
from crowdlab.aggregation.la_two_pass import LATwoPass
from crowdlab.aggregation.mace import MACE
from crowdlab.aggregation.majority_vote import MajorityVote
from crowdlab.aggregation.medoid import Medoid
from crowdlab.aggregation.method import Aggregator
from crowdlab.aggregation.methods import methods
from crowdlab.aggregation.one_coin import OneCoin
from crowdlab.aggregation.online import OnlineDawidSkene
from crowdlab.aggregation.points import Points
from crowdlab.aggregation.polygons import Polygons
from crowdlab.aggregation.rasch import Rasch
from crowdlab.aggregation.result import Aggregation
from crowdlab.aggregation.rover import Rover
from crowdlab.aggregation.scores import Scores, score
from crowdlab.aggregation.student_t import StudentT
from crowdlab.aggregation.two_coin import BestOf, TwoCoin
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
    "BestOf",
    "Boxes",
    "Consensus",
    "CrowdBT",
    "DawidSkene",
    "HierarchicalDawidSkene",
    "LATwoPass",
    "MajorityVote",
    "Medoid",
    "OneCoin",
    "OnlineDawidSkene",
    "Points",
    "Polygons",
    "Rasch",
    "Rover",
    "Scores",
    "StudentT",
    "TwoCoin",
    "ValueMethod",
    "Votes",
    "WeightedVote",
    "aggregate",
    "kinds",
    "methods",
    "score",
]
