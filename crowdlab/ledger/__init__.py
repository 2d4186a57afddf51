"""What this requester did, once: batches, HITs, answers, decisions, labels."""

from crowdlab.ledger.labels import HeldLabel, Run, Score
from crowdlab.ledger.ledger import Ledger
from crowdlab.ledger.records import (
    BatchRecord,
    Decision,
    HITRecord,
    ImageRecord,
    NewHIT,
    PendingReview,
    RawAnswer,
    ReadAnswer,
    TaskRecord,
)

__all__ = [
    "BatchRecord",
    "Decision",
    "HITRecord",
    "HeldLabel",
    "ImageRecord",
    "Ledger",
    "NewHIT",
    "PendingReview",
    "RawAnswer",
    "ReadAnswer",
    "Run",
    "Score",
    "TaskRecord",
]
