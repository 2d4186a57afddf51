"""What this requester did, once: batches, HITs, answers, decisions, labels."""

from crowdlab.ledger.labels import HeldLabel, Run, Score
from crowdlab.ledger.ledger import Ledger
from crowdlab.ledger.records import (
    BatchRecord,
    DeadHIT,
    Decision,
    HITMoment,
    HITRecord,
    ImageRecord,
    NewBonus,
    NewHIT,
    Observation,
    PaidBonus,
    PendingBonus,
    PendingReview,
    RawAnswer,
    ReadAnswer,
    TaskRecord,
    WorkMoments,
)

__all__ = [
    "BatchRecord",
    "DeadHIT",
    "Decision",
    "HITMoment",
    "HITRecord",
    "HeldLabel",
    "ImageRecord",
    "Ledger",
    "NewBonus",
    "NewHIT",
    "Observation",
    "PaidBonus",
    "PendingBonus",
    "PendingReview",
    "RawAnswer",
    "ReadAnswer",
    "Run",
    "Score",
    "TaskRecord",
    "WorkMoments",
]
