"""Lists: pages, tokens, orders."""

from collections.abc import Callable
from typing import Any

import attrs
import pytest

from tests.conformance.bench import Bench
from tests.marketplace.people import requires

N_ROWS = 12


@attrs.frozen
class List:
    """An operation that lists, and what it has to list.

    Attributes:
        fill: makes twelve rows; gives what the operation is to be asked.
        key: what tells a row from others.
    """

    operation: str
    rows: str
    key: str
    fill: Callable[[Bench], dict[str, Any]]

    def ask(self, bench: Bench, given: dict[str, Any]) -> dict[str, Any]:
        """A page."""
        return dict(getattr(bench.client, self.operation)(**given))

    def names(self, page: dict[str, Any]) -> list[str]:
        """What a page holds."""
        return [row[self.key] for row in page[self.rows]]


def hits(bench: Bench) -> dict[str, Any]:
    """HITs, expired at once."""
    type_id = bench.qualification_type()
    given = bench.parameters(QualificationRequirements=[requires(type_id, "Exists")])
    for _ in range(N_ROWS):
        hit = bench.client.create_hit(**given)["HIT"]
        bench.expire(hit)
    return {"HITTypeId": hit["HITTypeId"]}


def required(bench: Bench) -> dict[str, Any]:
    """HITs that require the same Qualification."""
    type_id = bench.qualification_type()
    given = bench.parameters(QualificationRequirements=[requires(type_id, "Exists")])
    for _ in range(N_ROWS):
        bench.client.create_hit(**given)
    return {"QualificationTypeId": type_id}


def assignments(bench: Bench) -> dict[str, Any]:
    """Assignments of one HIT."""
    hit = bench.hit(MaxAssignments=N_ROWS)
    for _ in range(N_ROWS):
        bench.do(hit)
    return {"HITId": hit["HITId"]}


def bonuses(bench: Bench) -> dict[str, Any]:
    """Bonuses for one assignment."""
    worker, done = bench.do(bench.hit())
    for number in range(N_ROWS):
        bench.client.send_bonus(
            WorkerId=worker, AssignmentId=done, BonusAmount="0.01", Reason=str(number)
        )
    return {"AssignmentId": done}


def requests(bench: Bench) -> dict[str, Any]:
    """Requests for one Qualification."""
    type_id = bench.qualification_type()
    for _ in range(N_ROWS):
        bench.binding.population.request_qualification(bench.worker(), type_id)
    return {"QualificationTypeId": type_id}


def owners(bench: Bench) -> dict[str, Any]:
    """Workers with one Qualification."""
    type_id = bench.qualification_type()
    for _ in range(N_ROWS):
        bench.grant(type_id, bench.worker(), 1)
    return {"QualificationTypeId": type_id}


def types(bench: Bench) -> dict[str, Any]:
    """Qualification types with a word in common."""
    word = bench.name().replace(" ", "")
    for number in range(N_ROWS):
        bench.qualification_type(Name=f"{word}.{number}")
    return {"Query": f"{word}.", "MustBeRequestable": True, "MustBeOwnedByCaller": True}


LISTS = [
    List("list_reviewable_hits", "HITs", "HITId", hits),
    List("list_hits_for_qualification_type", "HITs", "HITId", required),
    List("list_assignments_for_hit", "Assignments", "AssignmentId", assignments),
    List("list_bonus_payments", "BonusPayments", "Reason", bonuses),
    List(
        "list_qualification_requests",
        "QualificationRequests",
        "QualificationRequestId",
        requests,
    ),
    List("list_workers_with_qualification_type", "Qualifications", "WorkerId", owners),
    List(
        "list_qualification_types", "QualificationTypes", "QualificationTypeId", types
    ),
]


@pytest.mark.parametrize("listed", LISTS, ids=lambda each: each.operation)
def test_a_list_in_pages(bench: Bench, listed: List) -> None:
    """Ten rows are a page; tokens lead through all rows once, in one order."""
    given = listed.fill(bench)
    first = listed.ask(bench, given)
    assert first["NumResults"] == len(listed.names(first)) == 10
    whole = listed.ask(bench, given | {"MaxResults": 100})
    assert whole["NumResults"] == len(set(listed.names(whole))) == N_ROWS

    seen, token = list[str](), dict[str, str]()
    for _ in range(N_ROWS):
        page = listed.ask(bench, {**given, "MaxResults": 5, **token})
        assert page["NumResults"] == len(listed.names(page)) <= 5
        seen += listed.names(page)
        if "NextToken" not in page:
            break
        token = {"NextToken": page["NextToken"]}
        assert 1 <= len(page["NextToken"]) <= 255

    assert seen == listed.names(whole)


@pytest.mark.parametrize("listed", LISTS, ids=lambda each: each.operation)
def test_a_forged_token(bench: Bench, listed: List) -> None:
    """A token that was not given, or was tampered with, is refused."""
    given = listed.fill(bench)
    token = listed.ask(bench, given | {"MaxResults": 5})["NextToken"]
    tampered = ("B" if token[0] == "A" else "A") + token[1:]

    for forged in (tampered, "1", "é" * 9):
        refused = bench.refusal(listed.operation, **given, NextToken=forged)
        assert refused.code == "ParameterValidationError"


def test_a_borrowed_token(bench: Bench) -> None:
    """A token of one list is none of another."""
    token = bench.client.list_hits_for_qualification_type(
        **required(bench), MaxResults=1
    )["NextToken"]

    refused = bench.refusal("list_hits", NextToken=token)

    assert refused.code == "ParameterValidationError"


def test_the_newest_first(bench: Bench) -> None:
    """HITs are listed the newest first; those that come meanwhile disturb no page."""
    made = [bench.hit()["HITId"] for _ in range(4)]
    first = bench.client.list_hits(MaxResults=2)
    bench.hit()
    second = bench.client.list_hits(MaxResults=2, NextToken=first["NextToken"])

    listed = [hit["HITId"] for page in (first, second) for hit in page["HITs"]]
    assert listed == made[::-1]


def test_blocks_in_pages(bench: Bench) -> None:
    """boto3's paginator finds every block once."""
    blocked = [bench.worker() for _ in range(N_ROWS)]
    for worker in blocked:
        bench.client.create_worker_block(WorkerId=worker, Reason="r")
    pages = bench.client.get_paginator("list_worker_blocks").paginate(
        PaginationConfig={"PageSize": 5}
    )

    seen = [block["WorkerId"] for page in pages for block in page["WorkerBlocks"]]
    assert seen == blocked


def test_review_results_in_pages(bench: Bench) -> None:
    """Results of review policies come in pages too."""
    entries = [{"Key": f"g{n}", "Values": ["x"]} for n in range(N_ROWS)]
    hit = bench.hit(
        AssignmentReviewPolicy={
            "PolicyName": "ScoreMyKnownAnswers/2011-09-01",
            "Parameters": [{"Key": "AnswerKey", "MapEntries": entries}],
        }
    )
    bench.do(hit)
    n_found, token = 0, dict[str, str]()
    for _ in range(N_ROWS):
        page = bench.client.list_review_policy_results_for_hit(
            HITId=hit["HITId"], MaxResults=5, **token
        )
        report = page["AssignmentReviewReport"]
        n_found += len(report["ReviewResults"]) + len(report["ReviewActions"])
        if "NextToken" not in page:
            break
        token = {"NextToken": page["NextToken"]}

    assert n_found == N_ROWS + 2
