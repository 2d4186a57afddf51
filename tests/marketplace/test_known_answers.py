"""ScoreMyKnownAnswers: what it finds in an answer, and what it does."""

from decimal import Decimal
from typing import Any

import pytest

from crowdlab.marketplace import ManualClock, Marketplace
from crowdlab.marketplace.known_answers import KnownAnswers
from crowdlab.marketplace.policies import Actions, values_of
from tests.marketplace.steps import Make, do

FUNDS = "AWS.MechanicalTurk.InsufficientFunds"
SMALL = "AWS.MechanicalTurk.InvalidMaximumAssignmentsIncrease"
STATE = "AWS.MechanicalTurk.InvalidAssignmentState"


def known(*parameters: tuple[str, object], **key: list[str]) -> dict[str, Any]:
    """A policy of known answers."""
    entries = [{"Key": question, "Values": values} for question, values in key.items()]
    return {
        "PolicyName": "ScoreMyKnownAnswers/2011-09-01",
        "Parameters": [
            {"Key": "AnswerKey", "MapEntries": entries},
            *({"Key": name, "Values": [str(value)]} for name, value in parameters),
        ],
    }


def report(client: Any, hit: dict[str, Any]) -> Any:
    """The report on the HIT's assignments."""
    found = client.list_review_policy_results_for_hit(HITId=hit["HITId"])
    return found["AssignmentReviewReport"]


def actions(client: Any, hit: dict[str, Any]) -> list[tuple[str, ...]]:
    """What was done: name, status and error of each action but the review itself."""
    return [
        (action["ActionName"], action["Status"], action.get("ErrorCode", ""))
        for action in report(client, hit)["ReviewActions"]
        if action["ActionName"] != "review"
    ]


def status(client: Any, assignment: str) -> tuple[str, str | None]:
    """An assignment's status and feedback."""
    found = client.get_assignment(AssignmentId=assignment)["Assignment"]
    return found["AssignmentStatus"], found.get("RequesterFeedback")


@pytest.mark.parametrize(
    ("given", "is_right"),
    [
        (" cat\n", True),
        ("Cat", False),
        ("cat.", False),
        ("", False),
        ("cat|dog", False),
    ],
)
def test_comparison(given: str, is_right: bool) -> None:
    """Blanks around an answer do not matter; case, punctuation and extras do."""
    policy = KnownAnswers({"pet": values_of("cat")}, Actions())

    assert policy.judge({"pet": values_of(given)}) == {"pet": is_right}


@pytest.mark.parametrize(
    ("given", "is_right"), [("dog|cat", True), ("cat", False), ("cat|dog|ant", False)]
)
def test_sets(given: str, is_right: bool) -> None:
    """Where several values are known, exactly these must be given, in any order."""
    policy = KnownAnswers({"pets": values_of("cat", "dog")}, Actions())

    assert policy.judge({"pets": values_of(given)}) == {"pets": is_right}


@pytest.mark.parametrize(("given", "is_right"), [({}, True), ({"pet": "cat"}, False)])
def test_nothing_known(given: dict[str, str], is_right: bool) -> None:
    """Where the key says that nothing is right, an answer is wrong."""
    policy = KnownAnswers({"pet": values_of()}, Actions())

    answer = {question: values_of(text) for question, text in given.items()}
    assert policy.judge(answer) == {"pet": is_right}


def test_score_is_cut() -> None:
    """Two of three is 66, not 67."""
    policy = KnownAnswers({}, Actions())

    assert policy.score({"a": True, "b": True, "c": False}) == 66


def test_results(market: Marketplace, client: Any, make_hit: Make) -> None:
    """Each known answer is judged 1 or 0, and the assignment scored, at submission."""
    hit = make_hit(AssignmentReviewPolicy=known(a=["x"], b=["y"]))
    _, assignment = do(market, hit, a="x", b="z")

    results = report(client, hit)["ReviewResults"]

    assert [
        ("a", "KnownAnswerCorrect", "1"),
        ("b", "KnownAnswerCorrect", "0"),
        (None, "KnownAnswerScore", "50"),
    ] == [(r.get("QuestionId"), r["Key"], r["Value"]) for r in results]
    assert {(r["SubjectId"], r["SubjectType"]) for r in results} == {
        (assignment, "Assignment")
    }


def test_review_action(market: Marketplace, client: Any, make_hit: Make) -> None:
    """The review itself is an action, named by all of its results."""
    hit = make_hit(AssignmentReviewPolicy=known(a=["x"]))
    _, assignment = do(market, hit, a="x")

    found = report(client, hit)
    (action,) = found["ReviewActions"]

    assert ("review", assignment, "Assignment", "Succeeded") == (
        action["ActionName"],
        action["TargetId"],
        action["TargetType"],
        action["Status"],
    )
    assert action["Result"] == "Reviewed one known answer; 1/1 correct"
    assert action["CompleteTime"] == hit["CreationTime"]
    assert {r["ActionId"] for r in found["ReviewResults"]} == {action["ActionId"]}


def test_without_thresholds(market: Marketplace, client: Any, make_hit: Make) -> None:
    """Without thresholds the answer is scored and left to the requester."""
    hit = make_hit(AssignmentReviewPolicy=known(a=["x"]))
    _, assignment = do(market, hit, a="wrong")

    assert status(client, assignment) == ("Submitted", None)
    assert actions(client, hit) == []


@pytest.mark.parametrize(
    ("threshold", "decision"),
    [(50, "Approved"), (51, "Submitted"), (0, "Approved"), (101, "Submitted")],
)
def test_approval(
    market: Marketplace,
    client: Any,
    make_hit: Make,
    threshold: int,
    decision: str,
) -> None:
    """A score of at least the threshold is approved at once."""
    rule = ("ApproveIfKnownAnswerScoreIsAtLeast", threshold)
    hit = make_hit(AssignmentReviewPolicy=known(rule, a=["x"], b=["y"]))
    _, assignment = do(market, hit, a="x")

    assert status(client, assignment)[0] == decision


@pytest.mark.parametrize(
    ("threshold", "decision"),
    [(50, "Submitted"), (51, "Rejected"), (0, "Submitted"), (101, "Rejected")],
)
def test_rejection(
    market: Marketplace,
    client: Any,
    make_hit: Make,
    threshold: int,
    decision: str,
) -> None:
    """A score below the threshold is rejected at once; one equal to it is not."""
    rule = ("RejectIfKnownAnswerScoreIsLessThan", threshold)
    hit = make_hit(AssignmentReviewPolicy=known(rule, a=["x"], b=["y"]))
    _, assignment = do(market, hit, a="x")

    assert status(client, assignment)[0] == decision


def test_reasons(market: Marketplace, client: Any, make_hit: Make) -> None:
    """ApproveReason and RejectReason become the feedback."""
    rules = known(
        ("ApproveIfKnownAnswerScoreIsAtLeast", 100),
        ("ApproveReason", "well done"),
        ("RejectIfKnownAnswerScoreIsLessThan", 100),
        ("RejectReason", "gold missed"),
        a=["x"],
    )
    hit = make_hit(MaxAssignments=2, AssignmentReviewPolicy=rules)

    right, wrong = do(market, hit, a="x")[1], do(market, hit, a="y")[1]

    assert status(client, right) == ("Approved", "well done")
    assert status(client, wrong) == ("Rejected", "gold missed")
    assert actions(client, hit) == [
        ("approve", "Succeeded", ""),
        ("reject", "Succeeded", ""),
    ]


def test_decisions_cost_what_they_cost(market: Marketplace, make_hit: Make) -> None:
    """What a policy rejects is paid back to the balance, fee included."""
    rule = ("RejectIfKnownAnswerScoreIsLessThan", 100)
    hit = make_hit(Reward="1.00", AssignmentReviewPolicy=known(rule, a=["x"]))
    assert market.balance == Decimal("9998.80")

    do(market, hit, a="wrong")

    assert market.balance == Decimal("10000.00")


def test_contradiction(market: Marketplace, client: Any, make_hit: Make) -> None:
    """A policy that approves and rejects approves; the rejection fails."""
    rules = known(
        ("ApproveIfKnownAnswerScoreIsAtLeast", 0),
        ("RejectIfKnownAnswerScoreIsLessThan", 101),
        a=["x"],
    )
    hit = make_hit(AssignmentReviewPolicy=rules)
    _, assignment = do(market, hit, a="x")

    assert status(client, assignment)[0] == "Approved"
    assert actions(client, hit) == [
        ("approve", "Succeeded", ""),
        ("reject", "Failed", STATE),
    ]


EXTEND = ("ExtendIfKnownAnswerScoreIsLessThan", 100)


def test_extension(market: Marketplace, client: Any, make_hit: Make) -> None:
    """A score below the threshold adds one assignment, which is reserved and open."""
    hit = make_hit(Reward="1.00", AssignmentReviewPolicy=known(EXTEND, a=["x"]))
    do(market, hit, a="wrong")

    now = client.get_hit(HITId=hit["HITId"])["HIT"]

    assert (now["HITStatus"], now["MaxAssignments"]) == ("Assignable", 2)
    assert now["Expiration"] == hit["Expiration"]
    assert market.balance == Decimal("9997.60")
    assert actions(client, hit) == [("extend", "Succeeded", "")]


def test_extension_ends(market: Marketplace, client: Any, make_hit: Make) -> None:
    """Extension goes up to ExtendMaximumAssignments, five unless said otherwise."""
    hit = make_hit(AssignmentReviewPolicy=known(EXTEND, a=["x"]))
    for _ in range(5):
        do(market, hit, a="wrong")

    now = client.get_hit(HITId=hit["HITId"])["HIT"]

    assert (now["HITStatus"], now["MaxAssignments"]) == ("Reviewable", 5)
    assert actions(client, hit) == [("extend", "Succeeded", "")] * 5


def test_extension_takes_time(
    market: Marketplace, clock: ManualClock, client: Any, make_hit: Make
) -> None:
    """ExtendMinimumTimeInSeconds counts from now where the HIT has expired meanwhile."""
    rules = known(EXTEND, ("ExtendMinimumTimeInSeconds", 600), a=["x"])
    hit = make_hit(AssignmentReviewPolicy=rules)
    worker = market.register()
    clock.advance(3500)
    assignment = market.accept(worker, hit["HITId"])
    clock.advance(500)

    market.submit(worker, assignment, {"a": "wrong"})

    now = client.get_hit(HITId=hit["HITId"])["HIT"]
    assert now["HITStatus"] == "Assignable"
    assert (now["Expiration"] - hit["CreationTime"]).total_seconds() == 4600
    clock.advance(601)
    assert client.get_hit(HITId=hit["HITId"])["HIT"]["HITStatus"] == "Reviewable"


def test_small_hits_stay_small(
    market: Marketplace, client: Any, make_hit: Make
) -> None:
    """A HIT of nine assignments is not extended to ten."""
    rules = known(EXTEND, ("ExtendMaximumAssignments", 25), a=["x"])
    hit = make_hit(MaxAssignments=9, AssignmentReviewPolicy=rules)
    do(market, hit, a="wrong")

    assert client.get_hit(HITId=hit["HITId"])["HIT"]["MaxAssignments"] == 9
    assert actions(client, hit) == [("extend", "Failed", SMALL)]


def test_no_money_no_extension(
    market: Marketplace, client: Any, make_hit: Make
) -> None:
    """Where the balance does not cover it, the extension fails and nothing else does."""
    hit = make_hit(Reward="5000.00", AssignmentReviewPolicy=known(EXTEND, a=["x"]))
    _, assignment = do(market, hit, a="wrong")

    assert client.get_hit(HITId=hit["HITId"])["HIT"]["MaxAssignments"] == 1
    assert status(client, assignment)[0] == "Submitted"
    assert actions(client, hit) == [("extend", "Failed", FUNDS)]
