"""SimplePlurality: what workers agree on, and what follows from it."""

from decimal import Decimal
from typing import Any

import pytest

from crowdlab.marketplace import ManualClock, Marketplace
from crowdlab.marketplace.plurality import agree
from crowdlab.marketplace.policies import Values, values_of
from tests.marketplace.steps import Make, do

EXAMPLE = (
    {"A": "coat", "B": "blue", "C": "large", "D": "Furry"},
    {"A": "sweater", "B": "blue", "C": "large", "D": "fur"},
    {"A": "coat", "B": "green", "C": "large", "D": "furr"},
)


def plurality(questions: str = "A", threshold: int = 50, **more: Any) -> dict[str, Any]:
    """A policy that compares questions."""
    values = {
        "QuestionIds": questions,
        "QuestionAgreementThreshold": threshold,
        "DisregardAssignmentIfRejected": "true",
        **more,
    }
    return {
        "PolicyName": "SimplePlurality/2011-09-01",
        "Parameters": [{"Key": k, "Values": [str(v)]} for k, v in values.items()],
    }


def extending(score: int, most: int, seconds: int = 3600) -> dict[str, Any]:
    """The parameters of extension."""
    return {
        "ExtendIfHITAgreementScoreIsLessThan": score,
        "ExtendMaximumAssignments": most,
        "ExtendMinimumTimeInSeconds": seconds,
    }


def report(client: Any, hit: dict[str, Any]) -> Any:
    """The report on the HIT."""
    found = client.list_review_policy_results_for_hit(
        HITId=hit["HITId"], PolicyLevels=["HIT"]
    )
    return found["HITReviewReport"]


def values(client: Any, hit: dict[str, Any], key: str) -> list[str]:
    """The values of one result, in the order in which they were found."""
    results = report(client, hit)["ReviewResults"]
    return [result["Value"] for result in results if result["Key"] == key]


def actions(client: Any, hit: dict[str, Any]) -> list[tuple[str, ...]]:
    """What was done: name, status and result of each action."""
    return [
        (action["ActionName"], action["Status"], action["Result"])
        for action in report(client, hit)["ReviewActions"]
    ]


def shown(client: Any, hit: dict[str, Any]) -> Any:
    """The HIT as it is now."""
    return client.get_hit(HITId=hit["HITId"])["HIT"]


def answers(*texts: str) -> dict[str, dict[str, Values]]:
    """One answer to the question A from each of some workers."""
    return {str(n): {"A": values_of(text)} for n, text in enumerate(texts)}


def test_example_of_the_reference(
    market: Marketplace, client: Any, make_hit: Make
) -> None:
    """The reference's table: the HIT scores 75, its workers 100, 66 and 66."""
    hit = make_hit(MaxAssignments=3, HITReviewPolicy=plurality("A,B,C,D"))
    for answer in EXAMPLE:
        do(market, hit, **answer)

    assert values(client, hit, "HitAgreementScore") == ["75"]
    assert values(client, hit, "WorkerAgreementScore") == ["100", "66", "66"]
    assert values(client, hit, "AgreedAnswerFound") == ["true", "true", "true", "false"]
    assert values(client, hit, "AgreedAnswer") == ["coat", "blue", "large"]
    assert values(client, hit, "AnswerAgreementScore") == ["66", "66", "100"]
    assert values(client, hit, "PluralityAnswersCorrect") == ["3", "2", "2"]
    assert values(client, hit, "PluralityAnswersIncorrect") == ["0", "1", "1"]


def test_both_sets_of_keys(market: Marketplace, client: Any, make_hit: Make) -> None:
    """The keys of the reference's example come beside those of its table."""
    hit = make_hit(MaxAssignments=3, HITReviewPolicy=plurality("A,D"))
    for answer in EXAMPLE:
        do(market, hit, **answer)

    assert values(client, hit, "AgreedWithPlurality") == ["1", "0", "1"]
    assert values(client, hit, "PluralityAnswer") == ["coat"]
    assert values(client, hit, "PluralityLevel") == ["66"]


def test_subjects(market: Marketplace, client: Any, make_hit: Make) -> None:
    """A question's results are about the HIT, a worker's about their assignment."""
    hit = make_hit(HITReviewPolicy=plurality())
    _, assignment = do(market, hit, A="x")

    assert {
        ("AgreedAnswer", "HIT", hit["HITId"], "A"),
        ("HitAgreementScore", "HIT", hit["HITId"], None),
        ("AgreedWithPlurality", "Assignment", assignment, "A"),
        ("WorkerAgreementScore", "Assignment", assignment, None),
    } <= {
        (r["Key"], r["SubjectType"], r["SubjectId"], r.get("QuestionId"))
        for r in report(client, hit)["ReviewResults"]
    }


@pytest.mark.parametrize(("threshold", "score"), [(65, 100), (66, 0)])
def test_threshold(threshold: int, score: int) -> None:
    """An answer is agreed on when its percentage is greater than the threshold."""
    assert agree("A", answers("x", "x", "y"), threshold).score == score


def test_ties() -> None:
    """Two answers that were given equally often are no agreement."""
    assert agree("A", answers("x", "x", "y", "y"), 40).agreed == {}


def test_ticked_boxes() -> None:
    """Several values agree when the same are present, in whatever order."""
    agreement = agree("A", answers("a|b", "b|a", "a"), 50)

    assert agreement.agreed["A"].text == "a|b"
    assert [agreement.worker_score(str(n)) for n in range(3)] == [100, 100, 0]


def test_silence_is_no_answer() -> None:
    """Workers who leave a question out count, but do not agree on anything."""
    assert agree("A", answers("", "", "x"), 10).agreed == {}
    assert agree("A", answers("", "x", "x"), 60).agreed["A"].score == 66


def test_without_agreement_no_worker_score(
    market: Marketplace, client: Any, make_hit: Make
) -> None:
    """Where nothing is agreed on, no worker is scored, approved or rejected."""
    rules = plurality(
        ApproveIfWorkerAgreementScoreIsAtLeast=0,
        RejectIfWorkerAgreementScoreIsLessThan=101,
    )
    hit = make_hit(MaxAssignments=2, HITReviewPolicy=rules)
    do(market, hit, A="x")
    do(market, hit, A="y")

    assert values(client, hit, "WorkerAgreementScore") == []
    assert values(client, hit, "HitAgreementScore") == ["0"]
    assert actions(client, hit) == []


def test_long_answers_are_ignored(
    market: Marketplace, client: Any, make_hit: Make
) -> None:
    """An answer of more than 256 characters is neither counted nor judged."""
    hit = make_hit(MaxAssignments=4, HITReviewPolicy=plurality("A", 65))
    for text in ("x" * 256, "x" * 256, "x" * 257, "y"):
        do(market, hit, A=text)

    assert values(client, hit, "AnswerAgreementScore") == ["66"]
    assert values(client, hit, "AgreedWithPlurality") == ["1", "1", "0"]


def test_decisions(market: Marketplace, client: Any, make_hit: Make) -> None:
    """The majority is approved, the minority rejected with the reason."""
    rules = plurality(
        ApproveIfWorkerAgreementScoreIsAtLeast=100,
        RejectIfWorkerAgreementScoreIsLessThan=100,
        RejectReason="others disagree",
    )
    hit = make_hit(MaxAssignments=3, HITReviewPolicy=rules)
    for text in ("x", "x", "y"):
        do(market, hit, A=text)

    found = client.list_assignments_for_hit(HITId=hit["HITId"])["Assignments"]

    assert [a["AssignmentStatus"] for a in found] == [
        "Approved",
        "Approved",
        "Rejected",
    ]
    assert found[2]["RequesterFeedback"] == "others disagree"


def test_only_complete_hits(market: Marketplace, client: Any, make_hit: Make) -> None:
    """Nothing is compared before the HIT becomes reviewable."""
    hit = make_hit(MaxAssignments=2, HITReviewPolicy=plurality())
    do(market, hit, A="x")

    assert report(client, hit)["ReviewResults"] == []


def test_expired_hits(
    market: Marketplace, clock: ManualClock, client: Any, make_hit: Make
) -> None:
    """A HIT that expires is compared as far as it got."""
    hit = make_hit(MaxAssignments=3, HITReviewPolicy=plurality())
    do(market, hit, A="x")
    clock.advance(3601)

    assert values(client, hit, "HitAgreementScore") == ["100"]


def test_hits_without_answers(clock: ManualClock, client: Any, make_hit: Make) -> None:
    """A HIT that expires without answers is not compared, and not extended."""
    hit = make_hit(MaxAssignments=1, HITReviewPolicy=plurality(**extending(100, 5)))
    clock.advance(3601)

    assert shown(client, hit)["HITStatus"] == "Reviewable"
    assert report(client, hit) == {"ReviewResults": [], "ReviewActions": []}


def test_rejected_work_is_disregarded(
    market: Marketplace, client: Any, make_hit: Make
) -> None:
    """With DisregardAssignmentIfRejected, rejected answers do not count."""
    hit = make_hit(MaxAssignments=2, HITReviewPolicy=plurality())
    _, bad = do(market, hit, A="y")
    client.reject_assignment(AssignmentId=bad, RequesterFeedback="no")
    do(market, hit, A="x")

    assert values(client, hit, "AgreedAnswer") == ["x"]
    assert values(client, hit, "WorkerAgreementScore") == ["100"]


def test_rejected_work_counts_otherwise(
    market: Marketplace, client: Any, make_hit: Make
) -> None:
    """Without DisregardAssignmentIfRejected, rejected answers count."""
    rules = plurality(DisregardAssignmentIfRejected="false")
    hit = make_hit(MaxAssignments=2, HITReviewPolicy=rules)
    _, bad = do(market, hit, A="y")
    client.reject_assignment(AssignmentId=bad, RequesterFeedback="no")
    do(market, hit, A="x")

    assert values(client, hit, "AgreedAnswerFound") == ["false"]


def test_failures_of_known_answers_are_disregarded(
    market: Marketplace, client: Any, make_hit: Make
) -> None:
    """Work whose known answers score too low does not count."""
    gold = {
        "PolicyName": "ScoreMyKnownAnswers/2011-09-01",
        "Parameters": [
            {"Key": "AnswerKey", "MapEntries": [{"Key": "gold", "Values": ["1"]}]}
        ],
    }
    rules = plurality(DisregardAssignmentIfKnownAnswerScoreIsLessThan=50)
    hit = make_hit(MaxAssignments=2, HITReviewPolicy=rules, AssignmentReviewPolicy=gold)
    do(market, hit, A="x", gold="1")
    do(market, hit, A="y", gold="0")

    assert values(client, hit, "AgreedAnswer") == ["x"]


def test_decided_work(market: Marketplace, client: Any, make_hit: Make) -> None:
    """Approving what is approved succeeds; approving what is rejected fails."""
    rules = plurality(
        DisregardAssignmentIfRejected="F", ApproveIfWorkerAgreementScoreIsAtLeast=100
    )
    hit = make_hit(MaxAssignments=2, HITReviewPolicy=rules)
    work = [market.accept(market.register(), hit["HITId"]) for _ in range(2)]
    first = do_in_turn(market, work[0])
    client.approve_assignment(AssignmentId=first)
    do_in_turn(market, work[1])
    client.update_expiration_for_hit(HITId=hit["HITId"], ExpireAt=0)

    assert actions(client, hit) == [
        ("approve", "Succeeded", "Already approved"),
        ("approve", "Succeeded", "Approved"),
    ]


def do_in_turn(market: Marketplace, assignment: str) -> str:
    """Submits an accepted assignment with the answer x."""
    market.submit(market.worker_of(assignment), assignment, {"A": "x"})
    return assignment


def test_rejected_work_cannot_be_approved(
    market: Marketplace, client: Any, make_hit: Make
) -> None:
    """A policy does not overturn what the requester has rejected."""
    rules = plurality(
        DisregardAssignmentIfRejected="F", ApproveIfWorkerAgreementScoreIsAtLeast=100
    )
    hit = make_hit(MaxAssignments=2, HITReviewPolicy=rules)
    _, first = do(market, hit, A="x")
    client.reject_assignment(AssignmentId=first, RequesterFeedback="no")
    do(market, hit, A="x")

    failed, done = report(client, hit)["ReviewActions"]

    assert (failed["Status"], failed["ErrorCode"], failed["TargetId"]) == (
        "Failed",
        "AWS.MechanicalTurk.InvalidAssignmentState",
        first,
    )
    assert done["Status"] == "Succeeded"


def test_extension(market: Marketplace, client: Any, make_hit: Make) -> None:
    """Disagreement adds one assignment, its money and its time, until there is none."""
    rules = plurality("A", 60, **extending(100, 3))
    hit = make_hit(Reward="1.00", MaxAssignments=2, HITReviewPolicy=rules)
    do(market, hit, A="x")
    do(market, hit, A="y")

    now = shown(client, hit)
    assert (now["HITStatus"], now["MaxAssignments"]) == ("Assignable", 3)
    assert (now["Expiration"] - hit["Expiration"]).total_seconds() == 3600
    assert market.balance == Decimal("9996.40")
    assert client.list_reviewable_hits()["HITs"] == []

    do(market, hit, A="x")
    assert shown(client, hit)["HITStatus"] == "Reviewable"
    assert values(client, hit, "HitAgreementScore") == ["0", "100"]
    assert actions(client, hit) == [
        ("extend", "Succeeded", "Extended to 3 assignments")
    ]


def test_extension_ends(market: Marketplace, client: Any, make_hit: Make) -> None:
    """At ExtendMaximumAssignments the HIT stays reviewable, however they disagree."""
    hit = make_hit(MaxAssignments=2, HITReviewPolicy=plurality(**extending(100, 3)))
    for text in "xyz":
        do(market, hit, A=text)

    assert shown(client, hit)["HITStatus"] == "Reviewable"
    assert actions(client, hit)[-1] == (
        "extend",
        "Succeeded",
        "Already 3 assignments",
    )


def test_expired_hits_are_reopened(
    market: Marketplace, clock: ManualClock, client: Any, make_hit: Make
) -> None:
    """A HIT that expires in disagreement is open again from that moment on."""
    hit = make_hit(MaxAssignments=3, HITReviewPolicy=plurality(**extending(100, 5)))
    do(market, hit, A="x")
    do(market, hit, A="y")
    clock.advance(3700)

    now = shown(client, hit)
    assert (now["HITStatus"], now["NumberOfAssignmentsAvailable"]) == ("Assignable", 2)
    assert (now["Expiration"] - hit["Expiration"]).total_seconds() == 3600
    clock.advance(3600)
    assert values(client, hit, "HitAgreementScore") == ["0", "0"]


def test_no_money_no_extension(
    market: Marketplace, client: Any, make_hit: Make
) -> None:
    """Where the balance does not cover it, the HIT stays as it is: reviewable."""
    rules = plurality(**extending(100, 5))
    hit = make_hit(Reward="3000.00", MaxAssignments=2, HITReviewPolicy=rules)
    do(market, hit, A="x")
    do(market, hit, A="y")

    (action,) = report(client, hit)["ReviewActions"]
    assert (action["Status"], action["ErrorCode"]) == (
        "Failed",
        "AWS.MechanicalTurk.InsufficientFunds",
    )
    assert shown(client, hit)["HITStatus"] == "Reviewable"


def test_again_after_the_requesters_extension(
    market: Marketplace, client: Any, make_hit: Make
) -> None:
    """A HIT that the requester extends is compared again when it is complete again."""
    hit = make_hit(MaxAssignments=2, HITReviewPolicy=plurality("A", 60))
    do(market, hit, A="x")
    do(market, hit, A="y")
    client.create_additional_assignments_for_hit(
        HITId=hit["HITId"], NumberOfAdditionalAssignments=1
    )
    do(market, hit, A="x")

    assert values(client, hit, "AgreedAnswerFound") == ["false", "true"]
