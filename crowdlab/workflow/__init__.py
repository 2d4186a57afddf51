"""Plan, then perform: what a requester does with a batch, resumable at any point."""

from crowdlab.workflow.audits import audit
from crowdlab.workflow.bonuses import Wish, pay_bonuses
from crowdlab.workflow.bookkeeping import book
from crowdlab.workflow.collection import collect
from crowdlab.workflow.costs import estimate
from crowdlab.workflow.creation import Row, create
from crowdlab.workflow.decisions import Rejection, approve_all, reject
from crowdlab.workflow.drafts import Amount, draft
from crowdlab.workflow.earnings import earn
from crowdlab.workflow.imports import Images
from crowdlab.workflow.previews import preview
from crowdlab.workflow.publication import plans, publish
from crowdlab.workflow.receipts import (
    BonusesPaid,
    Collected,
    Created,
    Estimate,
    Expired,
    Exported,
    Labelled,
    MethodReport,
    Preview,
    Progress,
    Published,
    Receipt,
    Report,
    Reviewed,
    Simulated,
    Status,
    VerbReport,
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
from crowdlab.workflow.verdicts import cast_votes, label

__all__ = [
    "Amount",
    "Audited",
    "BonusesPaid",
    "Booked",
    "Collected",
    "Created",
    "Difference",
    "Earned",
    "Estimate",
    "Expired",
    "Exported",
    "Images",
    "Labelled",
    "MethodReport",
    "Preview",
    "Progress",
    "Published",
    "Receipt",
    "Rejection",
    "Report",
    "Reviewed",
    "Row",
    "Simulated",
    "Status",
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
    "read_bonuses",
    "read_inputs",
    "read_rejections",
    "read_truth",
    "reject",
    "report",
    "status",
]
