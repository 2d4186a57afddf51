"""The operations of the API by name: each is one function of a call and its parameters."""

from collections.abc import Callable, Mapping

from crowdlab.marketplace import accounts, assignments, hit_types, hits
from crowdlab.marketplace.call import Call, Params, Reply

__all__ = ["OPERATIONS"]

Operation = Callable[[Call, Params], Reply]

OPERATIONS: Mapping[str, Operation] = {
    "ApproveAssignment": assignments.approve_assignment,
    "CreateHIT": hits.create_hit,
    "CreateHITType": hit_types.create_hit_type,
    "CreateHITWithHITType": hits.create_hit_with_hit_type,
    "DeleteHIT": hits.delete_hit,
    "GetAccountBalance": accounts.get_account_balance,
    "GetAssignment": assignments.get_assignment,
    "GetHIT": hits.get_hit,
    "ListAssignmentsForHIT": assignments.list_assignments_for_hit,
    "ListHITs": hits.list_hits,
    "RejectAssignment": assignments.reject_assignment,
    "UpdateExpirationForHIT": hits.update_expiration_for_hit,
}
