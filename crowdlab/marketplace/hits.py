"""HITs: created, looked at, expired, extended, deleted."""

import datetime as dt
import json
import time
from decimal import Decimal
from typing import Any

from sqlalchemy import bindparam

from crowdlab.database import Statement
from crowdlab.errors import BadQuestion
from crowdlab.marketplace import refusals, tokens
from crowdlab.marketplace.accounts import reserve
from crowdlab.marketplace.call import Call, Params, Reply, Row, present
from crowdlab.marketplace.clock import moment
from crowdlab.marketplace.events import emit
from crowdlab.marketplace.hit_types import (
    YEAR,
    find_hit_type,
    need_range,
    need_short,
    own_type,
)
from crowdlab.marketplace.known_answers import KnownAnswers
from crowdlab.marketplace.layouts import merge
from crowdlab.marketplace.lifecycle import (
    HIT_COLUMNS,
    REVIEWABLE,
    dispose,
    find_by_key,
    left,
    question_of,
    settle,
    status,
)
from crowdlab.marketplace.pages import list_page
from crowdlab.marketplace.plurality import Plurality
from crowdlab.marketplace.requirements import needs_masters
from crowdlab.marketplace.schema import hits, questions
from crowdlab.money import cents, from_cents
from crowdlab.questions import Annotation, HTMLQuestion, QuestionForm, parse_question

__all__ = [
    "create_hit",
    "create_hit_with_hit_type",
    "delete_hit",
    "describe",
    "fee_of",
    "find_hit",
    "get_hit",
    "list_hits",
    "question_kind",
    "update_expiration_for_hit",
]

MOST_ASSIGNMENTS = 1_000_000_000
NEWEST = 2**62

_BY_NAME = Statement(HIT_COLUMNS.where(hits.c.hit_id == bindparam("name")))
_OWN = HIT_COLUMNS.where(
    (hits.c.requester == bindparam("who"))
    & hits.c.disposed.is_(None)
    & (hits.c.id < bindparam("before"))
)
_NEWEST_FIRST = Statement(_OWN.order_by(hits.c.id.desc()).limit(bindparam("most")))
_NEW = Statement(hits.insert().returning(hits.c.id))
_ASK = Statement(questions.insert())
_EXPIRE = Statement(
    hits.update()
    .where(hits.c.id == bindparam("key"))
    .values(expiration=bindparam("expires"), due=bindparam("next"))
)


def create_hit(call: Call, params: Params) -> Reply:
    """CreateHIT: a HIT, and its type where there is none like it."""
    return _create(call, params, own_type)


def create_hit_with_hit_type(call: Call, params: Params) -> Reply:
    """CreateHITWithHITType: a HIT of a type that is there already."""
    return _create(call, params, lambda c, p: find_hit_type(c, p["HITTypeId"]))


def get_hit(call: Call, params: Params) -> Reply:
    """GetHIT: also of a HIT that is deleted."""
    return {"HIT": describe(call, find_hit(call, params["HITId"]))}


def list_hits(call: Call, params: Params) -> Reply:
    """ListHITs: the requester's own, newest first, but no deleted ones."""
    rows, frame = list_page(
        call,
        params,
        scope="ListHITs",
        start=[NEWEST],
        fetch=lambda after, n: call.rows(
            _NEWEST_FIRST, who=call.requester, before=after[0], most=n
        ),
        position=lambda hit: [hit.id],
    )
    return frame | {"HITs": [describe(call, hit) for hit in rows]}


def update_expiration_for_hit(call: Call, params: Params) -> Reply:
    """UpdateExpirationForHIT: expire now, or extend; not the increment's date counts."""
    hit = find_hit(call, params["HITId"])
    state = status(hit, call.now)
    if state == "Disposed":
        raise refusals.wrong_hit_state(
            state, ("Assignable", "Unassignable", *REVIEWABLE)
        )
    wanted = _seconds(params["ExpireAt"])
    if wanted > call.now:
        expires = _extend(call, hit, wanted)
        emit(call, "HITExtended", hit, call.now)
    else:
        expires = min(hit.expiration, call.now)
        if hit.expiration > call.now:
            emit(call, "HITExpired", hit, call.now)
    due = expires if expires > call.now else None
    if hit.reviewable_since is not None:
        due = hit.due
    call.run(_EXPIRE, key=hit.id, expires=expires, next=due)
    settle(call, find_by_key(call, hit.id), call.now)
    return {}


def delete_hit(call: Call, params: Params) -> Reply:
    """DeleteHIT: once all its work is decided."""
    hit = find_hit(call, params["HITId"])
    state = status(hit, call.now)
    if state not in REVIEWABLE or hit.n_submitted:
        raise refusals.wrong_hit_state(state, REVIEWABLE)
    dispose(call, hit, call.now)
    return {}


def find_hit(call: Call, hit_id: str) -> Row:
    """The requester's HIT of that name; somebody else's does not exist.

    Raises:
        Refusal: the requester has none such.
    """
    hit = call.one(_BY_NAME, name=hit_id)
    if hit is None or hit.requester != call.requester:
        raise refusals.does_not_exist("HIT", hit_id)
    return hit


def describe(call: Call, hit: Row) -> Reply:
    """The HIT as the API shows it."""
    return present(
        HITId=hit.hit_id,
        HITTypeId=hit.hit_type_id,
        HITGroupId=hit.hit_group_id,
        HITLayoutId=hit.layout_id,
        CreationTime=moment(hit.created),
        Title=hit.title,
        Description=hit.description,
        Question=question_of(call, hit),
        Keywords=hit.keywords,
        HITStatus=status(hit, call.now),
        MaxAssignments=hit.max_assignments,
        Reward=str(from_cents(hit.reward)),
        AutoApprovalDelayInSeconds=hit.auto_approval_delay,
        Expiration=moment(hit.expiration),
        AssignmentDurationInSeconds=hit.duration,
        RequesterAnnotation=hit.annotation,
        QualificationRequirements=json.loads(hit.requirements),
        HITReviewStatus="NotReviewed",
        NumberOfAssignmentsPending=hit.n_accepted,
        NumberOfAssignmentsAvailable=left(hit),
        NumberOfAssignmentsCompleted=hit.n_approved + hit.n_rejected,
    )


def _create(call: Call, params: Params, find_type: Any) -> Reply:
    token = params.get("UniqueRequestToken")
    taken = tokens.recall(call, "CreateHIT", token)
    if taken is not None:
        raise refusals.already_exists(taken)
    kind = find_type(call, params)
    wanted = params.get("MaxAssignments", 1)
    lifetime = params["LifetimeInSeconds"]
    need_range("MaxAssignments", wanted, 1, MOST_ASSIGNMENTS)
    need_range("LifetimeInSeconds", lifetime, 30, YEAR)
    need_short("RequesterAnnotation", params.get("RequesterAnnotation"), 255)
    question, question_kind = _question(call, params)
    assignment_policy = _policy(params.get("AssignmentReviewPolicy"), KnownAnswers)
    hit_policy = _policy(params.get("HITReviewPolicy"), Plurality)
    fee = fee_of(call, kind, wanted)
    reserve(call, wanted * (kind.reward + fee))
    hit_id = call.house.ids.new("3")
    annotation = Annotation.read(params.get("RequesterAnnotation"))
    key = call.insert(
        _NEW,
        hit_id=hit_id,
        hit_type=kind.id,
        requester=call.requester,
        created=call.now,
        expiration=call.now + lifetime,
        due=call.now + lifetime,
        max_assignments=wanted,
        reward=kind.reward,
        fee=fee,
        question_kind=question_kind,
        annotation=params.get("RequesterAnnotation"),
        batch=(annotation.batch if annotation else None) or None,
        layout_id=params.get("HITLayoutId"),
        assignment_policy=assignment_policy,
        hit_policy=hit_policy,
    )
    call.run(_ASK, hit=key, text=question)
    tokens.remember(call, "CreateHIT", token, hit_id)
    hit = find_by_key(call, key)
    emit(call, "HITCreated", hit, call.now)
    return {"HIT": describe(call, hit)}


def fee_of(call: Call, kind: Row, assignments: int) -> int:
    """The cents that one of so many assignments of a type costs beside its reward."""
    reward: Decimal = from_cents(kind.reward)
    masters = needs_masters(json.loads(kind.requirements))
    return cents(call.house.fees.fee(reward, assignments, masters=masters))


def _question(call: Call, params: Params) -> tuple[str, str]:
    text, layout_id = params.get("Question"), params.get("HITLayoutId")
    if (text is None) == (layout_id is None):
        hint = "A HIT has a Question or a HITLayoutId, and not both."
        raise refusals.bad_parameter("HITLayoutId", layout_id or "null", hint)
    values = params.get("HITLayoutParameters") or []
    if values and layout_id is None:
        hint = "They need a HITLayoutId."
        raise refusals.bad_parameter("HITLayoutParameters", len(values), hint)
    if text is None:
        text = merge(call, str(layout_id), values)
    return text, question_kind(text)


def _policy(given: Params | None, kind: type[KnownAnswers | Plurality]) -> str | None:
    """A review policy as it is kept, once it is found to be sound."""
    if given is None:
        return None
    kind.read(given)
    return json.dumps(given)


def question_kind(text: str) -> str:
    """Which of the three formats a question is, once it is found to be sound.

    Raises:
        Refusal: it does not parse; the text ends in the parser's own words.
    """
    try:
        question = parse_question(text)
    except BadQuestion as error:
        raise refusals.bad_question(error) from None
    if isinstance(question, HTMLQuestion):
        return "html"
    return "form" if isinstance(question, QuestionForm) else "external"


def _extend(call: Call, hit: Row, wanted: int) -> int:
    token = hit.hit_id + _java_date(wanted)
    if tokens.recall(call, "UpdateExpirationForHIT", token) is not None:
        raise refusals.used_token(token)
    increment = wanted - max(call.now, hit.expiration)
    need_range("ExpirationIncrementInSeconds", increment, 60, YEAR)
    tokens.remember(call, "UpdateExpirationForHIT", token, "")
    return wanted


def _java_date(seconds: int) -> str:
    return time.strftime("%a %b %d %H:%M:%S UTC %Y", time.gmtime(seconds))


def _seconds(value: object) -> int:
    if isinstance(value, dt.datetime):
        return int(value.timestamp())
    try:
        return int(float(str(value)))
    except (ValueError, OverflowError):
        raise refusals.bad_parameter("ExpireAt", value) from None
