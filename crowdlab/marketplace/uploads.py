"""Files that workers uploaded: there are none any more."""

from crowdlab.marketplace import refusals
from crowdlab.marketplace.assignments import find_assignment
from crowdlab.marketplace.call import Call, Params, Reply

__all__ = ["get_file_upload_url"]


def get_file_upload_url(call: Call, params: Params) -> Reply:
    """GetFileUploadURL: refused; FileUploadAnswer ended on December 12, 2017."""
    work = find_assignment(call, params["AssignmentId"])
    raise refusals.no_upload(work.assignment_id, params["QuestionIdentifier"])
