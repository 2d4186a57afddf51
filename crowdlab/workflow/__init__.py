"""Plan, then perform: what a requester does with a batch, resumable at any point."""

from crowdlab.workflow.accounts import (
    Confusion,
    Doubt,
    MethodReport,
    Pace,
    Report,
    Training,
    VerbReport,
)
from crowdlab.workflow.audits import audit
from crowdlab.workflow.bonuses import Wish, pay_bonuses
from crowdlab.workflow.bookkeeping import book
from crowdlab.workflow.collection import collect
from crowdlab.workflow.costs import estimate
from crowdlab.workflow.creation import Row, create
from crowdlab.workflow.decisions import Rejection, approve_all, reject
from crowdlab.workflow.drafts import Amount, draft
from crowdlab.workflow.earnings import earn
from crowdlab.workflow.footprints import STORED
from crowdlab.workflow.imports import Images
from crowdlab.workflow.polls import cast_votes, truth_of
from crowdlab.workflow.previews import preview
from crowdlab.workflow.publication import plans, publish
from crowdlab.workflow.ratings import rate
from crowdlab.workflow.receipts import (
    BonusesPaid,
    Collected,
    Created,
    Estimate,
    Expired,
    Exported,
    Footprint,
    Labelled,
    Preview,
    Progress,
    Published,
    Rated,
    Receipt,
    Reviewed,
    Simulated,
    Status,
    no_progress,
)
from crowdlab.workflow.reports import report
from crowdlab.workflow.sources import (
    read_bonuses,
    read_inputs,
    read_rejections,
    read_truth,
)
from crowdlab.workflow.standing import expire, status
from crowdlab.workflow.statements import Audited, Booked, Difference, Earned
from crowdlab.workflow.verdicts import label

__all__ = [
    "STORED",
    "Amount",
    "Audited",
    "BonusesPaid",
    "Booked",
    "Collected",
    "Confusion",
    "Created",
    "Difference",
    "Doubt",
    "Earned",
    "Estimate",
    "Expired",
    "Exported",
    "Footprint",
    "Images",
    "Labelled",
    "MethodReport",
    "Pace",
    "Preview",
    "Progress",
    "Published",
    "Rated",
    "Receipt",
    "Rejection",
    "Report",
    "Reviewed",
    "Row",
    "Simulated",
    "Status",
    "Training",
    "VerbReport",
    "Wish",
    "approve_all",
    "audit",
    "book",
    "cast_votes",
    "collect",
    "create",
    "draft",
    "earn",
    "estimate",
    "expire",
    "label",
    "no_progress",
    "pay_bonuses",
    "plans",
    "preview",
    "publish",
    "rate",
    "read_bonuses",
    "read_inputs",
    "read_rejections",
    "read_truth",
    "reject",
    "report",
    "status",
    "truth_of",
]
