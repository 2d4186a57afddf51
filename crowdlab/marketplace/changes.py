"""What a requester changes on a HIT that is there: size, type, review."""

from sqlalchemy import bindparam

from crowdlab.database import Statement
from crowdlab.marketplace import refusals, tokens
from crowdlab.marketplace.accounts import release, reserve
from crowdlab.marketplace.call import Call, Params, Reply, Row
from crowdlab.marketplace.extensions import enlarge
from crowdlab.marketplace.hit_types import find_hit_type, need_range
from crowdlab.marketplace.hits import (
    MOST_ASSIGNMENTS,
    NEWEST,
    describe,
    fee_of,
    find_hit,
)
from crowdlab.marketplace.lifecycle import (
    HIT_COLUMNS,
    REVIEWABLE,
    find_by_key,
    settle,
    status,
)
from crowdlab.marketplace.pages import list_page
from crowdlab.marketplace.schema import hits

__all__ = [
    "create_additional_assignments_for_hit",
    "list_reviewable_hits",
    "update_hit_review_status",
    "update_hit_type_of_hit",
]

#: July 22, 2015: HITs that were made before the fees of large ones rose stay as they are.
RISE_OF_FEES = 1_437_523_200

_SET = hits.update().where(hits.c.id == bindparam("key"))
_REVIEW = Statement(_SET.values(is_reviewing=bindparam("reviewing")))
_RETYPE = Statement(
    _SET.values(
        hit_type=bindparam("kind"), reward=bindparam("pays"), fee=bindparam("costs")
    )
)
_WAITING = (
    HIT_COLUMNS.where(
        (hits.c.requester == bindparam("who"))
        & hits.c.disposed.is_(None)
        & hits.c.reviewable_since.is_not(None)
        & (hits.c.is_reviewing == bindparam("reviewing"))
        & (hits.c.id < bindparam("before"))
    )
    .order_by(hits.c.id.desc())
    .limit(bindparam("most"))
)
_WAITING_ANY = Statement(_WAITING)
_WAITING_OF_TYPE = Statement(_WAITING.where(hits.c.hit_type == bindparam("kind")))


def create_additional_assignments_for_hit(call: Call, params: Params) -> Reply:
    """CreateAdditionalAssignmentsForHIT: more of the same, reserved and open at once."""
    token = params.get("UniqueRequestToken")
    scope = "CreateAdditionalAssignmentsForHIT"
    if tokens.recall(call, scope, token) is not None:
        raise refusals.used_token(str(token))
    hit, number = (
        find_hit(call, params["HITId"]),
        params["NumberOfAdditionalAssignments"],
    )
    need_range("NumberOfAdditionalAssignments", number, 1, MOST_ASSIGNMENTS)
    state = status(hit, call.now)
    if state == "Disposed":
        raise refusals.wrong_hit_state(
            state, ("Assignable", "Unassignable", *REVIEWABLE)
        )
    if hit.created < RISE_OF_FEES:
        raise refusals.too_old(hit.hit_id)
    enlarge(call, hit, number, call.now)
    settle(call, find_by_key(call, hit.id), call.now)
    tokens.remember(call, scope, token, hit.hit_id)
    return {}


def update_hit_review_status(call: Call, params: Params) -> Reply:
    """UpdateHITReviewStatus: Reviewable to Reviewing, and back with Revert."""
    hit = find_hit(call, params["HITId"])
    revert = params.get("Revert", False)
    needed = "Reviewing" if revert else "Reviewable"
    state = status(hit, call.now)
    if state != needed:
        raise refusals.wrong_hit_state(state, (needed,))
    call.run(_REVIEW, key=hit.id, reviewing=not revert)
    return {}


def update_hit_type_of_hit(call: Call, params: Params) -> Reply:
    """UpdateHITTypeOfHIT: as long as nobody has taken an assignment."""
    hit = find_hit(call, params["HITId"])
    kind = find_hit_type(call, params["HITTypeId"])
    state = status(hit, call.now)
    if state == "Disposed" or _is_taken(hit):
        raise refusals.wrong_hit_state(state, ("Assignable",))
    fee = fee_of(call, kind, hit.max_assignments)
    release(call, hit.requester, hit.max_assignments * (hit.reward + hit.fee))
    reserve(call, hit.max_assignments * (kind.reward + fee))
    call.run(_RETYPE, key=hit.id, kind=kind.id, pays=kind.reward, costs=fee)
    return {}


def list_reviewable_hits(call: Call, params: Params) -> Reply:
    """ListReviewableHITs: Reviewable ones unless the status asked for is Reviewing."""
    state = params.get("Status", "Reviewable")
    type_id = params.get("HITTypeId")
    kind = {} if type_id is None else {"kind": find_hit_type(call, type_id).id}
    rows, frame = list_page(
        call,
        params,
        scope=f"ListReviewableHITs {state} {type_id}",
        start=[NEWEST],
        fetch=lambda after, n: call.rows(
            _WAITING_OF_TYPE if kind else _WAITING_ANY,
            who=call.requester,
            reviewing=state == "Reviewing",
            before=after[0],
            most=n,
            **kind,
        ),
        position=lambda hit: [hit.id],
    )
    return frame | {"HITs": [describe(call, hit) for hit in rows]}


def _is_taken(hit: Row) -> bool:
    return bool(hit.n_accepted + hit.n_submitted + hit.n_approved + hit.n_rejected)
