"""Bonuses: what a requester pays a worker beyond the reward."""

from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy import bindparam

from crowdlab.database import Statement
from crowdlab.marketplace import refusals, tokens
from crowdlab.marketplace.accounts import pay_bonus
from crowdlab.marketplace.assignments import DECIDED, find_assignment
from crowdlab.marketplace.call import Call, Params, Reply, Row
from crowdlab.marketplace.clock import moment
from crowdlab.marketplace.hits import find_hit
from crowdlab.marketplace.pages import list_page
from crowdlab.marketplace.schema import assignments, bonuses, workers
from crowdlab.money import cents, from_cents

__all__ = ["list_bonus_payments", "send_bonus"]

_NEW = Statement(bonuses.insert())
_PAID = (
    sa.select(
        bonuses, workers.c.worker_id, assignments.c.assignment_id, assignments.c.hit
    )
    .select_from(bonuses.join(assignments).join(workers))
    .where(bonuses.c.id > bindparam("after"))
    .order_by(bonuses.c.id)
    .limit(bindparam("most"))
)
_OF_HIT = Statement(_PAID.where(assignments.c.hit == bindparam("key")))
_OF_ASSIGNMENT = Statement(_PAID.where(assignments.c.id == bindparam("key")))


def send_bonus(call: Call, params: Params) -> Reply:
    """SendBonus: to the worker of an assignment that was submitted, whatever came of it."""
    token = params.get("UniqueRequestToken")
    if tokens.recall(call, "SendBonus", token) is not None:
        raise refusals.used_token(str(token))
    work = find_assignment(call, params["AssignmentId"])
    if work.status not in DECIDED:
        raise refusals.does_not_exist("Assignment", work.assignment_id)
    if work.worker_id != params["WorkerId"]:
        raise refusals.bad_parameter("WorkerId", params["WorkerId"])
    amount = from_cents(cents(Decimal(params["BonusAmount"])))
    if not amount:
        hint = "A bonus is at least 0.01."
        raise refusals.bad_parameter("BonusAmount", params["BonusAmount"], hint)
    fee = call.house.fees.bonus_fee(amount)
    pay_bonus(call, bonus=cents(amount), fee=cents(fee))
    call.run(
        _NEW,
        assignment=work.id,
        amount=cents(amount),
        fee=cents(fee),
        reason=params["Reason"],
        granted=call.now,
    )
    tokens.remember(call, "SendBonus", token, work.assignment_id)
    return {}


def list_bonus_payments(call: Call, params: Params) -> Reply:
    """ListBonusPayments: of one HIT, or of one assignment."""
    hit_id, assignment_id = params.get("HITId"), params.get("AssignmentId")
    if (hit_id is None) == (assignment_id is None):
        hint = "Name a HITId or an AssignmentId."
        raise refusals.bad_parameter("HITId", hit_id, hint)
    if hit_id is not None:
        statement, key = _OF_HIT, find_hit(call, hit_id).id
    else:
        statement, key = _OF_ASSIGNMENT, find_assignment(call, str(assignment_id)).id
    rows, frame = list_page(
        call,
        params,
        scope=f"ListBonusPayments {hit_id} {assignment_id}",
        start=[0],
        fetch=lambda after, n: call.rows(statement, key=key, after=after[0], most=n),
        position=lambda bonus: [bonus.id],
    )
    return frame | {"BonusPayments": [_describe(bonus) for bonus in rows]}


def _describe(bonus: Row) -> Reply:
    return {
        "WorkerId": bonus.worker_id,
        "BonusAmount": str(from_cents(bonus.amount)),
        "AssignmentId": bonus.assignment_id,
        "Reason": bonus.reason,
        "GrantTime": moment(bonus.granted),
    }
