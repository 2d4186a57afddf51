"""What review policies found and did, as the requester reads it."""

import json
from itertools import cycle
from typing import Any

import sqlalchemy as sa
from sqlalchemy import bindparam

from crowdlab.database import Statement
from crowdlab.marketplace.call import Call, Params, Reply, Row, at, present
from crowdlab.marketplace.hits import find_hit
from crowdlab.marketplace.pages import list_page
from crowdlab.marketplace.schema import review_entries

__all__ = ["list_review_policy_results_for_hit"]

LEVELS = ("Assignment", "HIT")
#: A page of this operation was always a large one.
DEFAULT_SIZE = 400
MEMBERS = {"result": "ReviewResults", "action": "ReviewActions"}

_ENTRIES = Statement(
    sa.select(review_entries)
    .where(
        (review_entries.c.hit == bindparam("key"))
        & review_entries.c.level.in_([bindparam("level"), bindparam("other_level")])
        & review_entries.c.kind.in_([bindparam("kind"), bindparam("other_kind")])
        & (review_entries.c.id > bindparam("after"))
    )
    .order_by(review_entries.c.id)
    .limit(bindparam("most"))
)


def list_review_policy_results_for_hit(call: Call, params: Params) -> Reply:
    """ListReviewPolicyResultsForHIT: of one level or both, the first found first."""
    hit = find_hit(call, params["HITId"])
    levels = sorted(set(params.get("PolicyLevels") or LEVELS))
    kinds = _kinds(params)
    rows, frame = list_page(
        call,
        {"MaxResults": DEFAULT_SIZE, **params},
        scope=f"ListReviewPolicyResultsForHIT {hit.hit_id} {levels} {kinds}",
        start=[0],
        fetch=lambda after, n: _fetch(call, hit, levels, kinds, after=after[0], most=n),
        position=lambda entry: [entry.id],
    )
    return present(
        HITId=hit.hit_id,
        AssignmentReviewPolicy=_name(hit.assignment_policy),
        HITReviewPolicy=_name(hit.hit_policy),
        NextToken=frame.get("NextToken"),
        **{f"{level}ReviewReport": _report(rows, level, kinds) for level in levels},
    )


def _kinds(params: Params) -> list[str]:
    asked = {"result": "RetrieveResults", "action": "RetrieveActions"}
    return [kind for kind in MEMBERS if params.get(asked[kind], True)]


def _fetch(
    call: Call, hit: Row, levels: list[str], kinds: list[str], **bounds: int
) -> list[Row]:
    if not kinds:
        return []
    # One statement serves any choice: a shorter choice names one twice.
    level, other_level = next(pairs := cycle(levels)), next(pairs)
    kind, other_kind = next(pairs := cycle(kinds)), next(pairs)
    return call.rows(
        _ENTRIES,
        key=hit.id,
        level=level,
        other_level=other_level,
        kind=kind,
        other_kind=other_kind,
        **bounds,
    )


def _name(policy: str | None) -> Any:
    """A policy as the report names it, without its parameters."""
    return policy and {"PolicyName": json.loads(policy)["PolicyName"]}


def _report(rows: Any, level: str, kinds: list[str]) -> Reply:
    return {
        MEMBERS[kind]: [
            _describe(json.loads(row.entry))
            for row in rows
            if (row.level, row.kind) == (level, kind)
        ]
        for kind in kinds
    }


def _describe(entry: Reply) -> Reply:
    if "CompleteTime" in entry:
        return entry | {"CompleteTime": at(entry["CompleteTime"])}
    return entry
