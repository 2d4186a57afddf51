"""Review policies: what they find, what they do, how they are read."""

from typing import Any

import pytest

from tests.conformance.bench import TURK, Bench, of_range

GOLD = {
    "Key": "AnswerKey",
    "MapEntries": [
        {"Key": "g1", "Values": ["cat"]},
        {"Key": "g2", "Values": ["dog", "wolf"]},
    ],
}
RIGHT = {"g1": " cat ", "g2": "wolf|dog"}
HALF = {"g1": "cat", "g2": "dog"}
WRONG = {"g1": "Cat", "g2": ""}
PLURALITY = {"QuestionIds": "A", "QuestionAgreementThreshold": 50}
EXTEND = {"ExtendMaximumAssignments": 3, "ExtendMinimumTimeInSeconds": 3600}


def policy(name: str, *more: dict[str, Any], **values: Any) -> dict[str, Any]:
    """A review policy as the API takes it."""
    given = [{"Key": key, "Values": [str(value)]} for key, value in values.items()]
    return {"PolicyName": name, "Parameters": [*more, *given]}


def known(**values: Any) -> dict[str, Any]:
    """A policy that knows two answers."""
    return policy("ScoreMyKnownAnswers/2011-09-01", GOLD, **values)


def plurality(**values: Any) -> dict[str, Any]:
    """A policy that compares the answers to some questions."""
    return policy("SimplePlurality/2011-09-01", **{**PLURALITY, **values})


def report(bench: Bench, hit: dict[str, Any], level: str) -> dict[str, Any]:
    """What a policy of a HIT found and did."""
    found = bench.client.list_review_policy_results_for_hit(
        HITId=hit["HITId"], PolicyLevels=[level]
    )
    return dict(found[f"{level}ReviewReport"])


def results(bench: Bench, hit: dict[str, Any], level: str) -> list[tuple[Any, ...]]:
    """What a policy found: about what, about which question, what."""
    return [
        (each["SubjectId"], each.get("QuestionId"), each["Key"], each["Value"])
        for each in report(bench, hit, level)["ReviewResults"]
    ]


def actions(bench: Bench, hit: dict[str, Any], level: str) -> list[tuple[str, str]]:
    """What a policy did, and with what success."""
    return [
        (each["ActionName"], each["Status"])
        for each in report(bench, hit, level)["ReviewActions"]
    ]


@pytest.mark.parametrize(
    ("answers", "score", "verdicts"),
    [(RIGHT, "100", "11"), (HALF, "50", "10"), (WRONG, "0", "00")],
)
def test_known_answers(
    bench: Bench, answers: dict[str, str], score: str, verdicts: str
) -> None:
    """Answers are compared as sets, without blanks around them, but with their case."""
    hit = bench.hit(AssignmentReviewPolicy=known())
    _, done = bench.do(hit, **answers)

    assert results(bench, hit, "Assignment") == [
        (done, "g1", "KnownAnswerCorrect", verdicts[0]),
        (done, "g2", "KnownAnswerCorrect", verdicts[1]),
        (done, None, "KnownAnswerScore", score),
    ]
    assert actions(bench, hit, "Assignment") == [("review", "Succeeded")]


@pytest.mark.parametrize(
    ("answers", "status"),
    [(RIGHT, "Approved"), (HALF, "Submitted"), (WRONG, "Rejected")],
)
def test_known_answers_decide(
    bench: Bench, answers: dict[str, str], status: str
) -> None:
    """From one score on it approves, below another it rejects, with the reasons given."""
    hit = bench.hit(
        AssignmentReviewPolicy=known(
            ApproveIfKnownAnswerScoreIsAtLeast=100,
            ApproveReason="all right",
            RejectIfKnownAnswerScoreIsLessThan=50,
            RejectReason="gold missed",
        )
    )
    _, done = bench.do(hit, **answers)
    work = bench.assignment(done)
    reasons = {"Approved": "all right", "Rejected": "gold missed"}

    assert work["AssignmentStatus"] == status
    assert work.get("RequesterFeedback") == reasons.get(status)


def test_known_answers_pay(bench: Bench) -> None:
    """What a policy approves is paid, what it rejects is free again."""
    policies = known(RejectIfKnownAnswerScoreIsLessThan=50)
    hit = bench.hit(Reward="1.00", AssignmentReviewPolicy=policies)

    assert bench.balance_after(lambda: bench.do(hit, **WRONG)) == "1.20"


def test_known_answers_extend(bench: Bench) -> None:
    """A bad answer asks for another one, until the HIT is large enough."""
    hit = bench.hit(
        AssignmentReviewPolicy=known(
            ExtendIfKnownAnswerScoreIsLessThan=101, ExtendMaximumAssignments=2
        )
    )
    bench.do(hit, **WRONG)
    assert bench.standing(hit) == ("Assignable", 1, 0)
    bench.do(hit, **WRONG)

    assert bench.standing(hit) == ("Reviewable", 0, 0)
    assert bench.get(hit)["MaxAssignments"] == 2
    assert ("extend", "Succeeded") in actions(bench, hit, "Assignment")


def test_a_policy_keeps_small_hits_small(bench: Bench) -> None:
    """A HIT of nine does not become one of ten, whatever its policy wants."""
    hit = bench.hit(
        MaxAssignments=9,
        AssignmentReviewPolicy=known(
            ExtendIfKnownAnswerScoreIsLessThan=101, ExtendMaximumAssignments=25
        ),
    )
    bench.do(hit, **WRONG)

    assert bench.get(hit)["MaxAssignments"] == 9
    assert actions(bench, hit, "Assignment")[-1] == ("extend", "Failed")


def test_plurality_of_the_documentation(bench: Bench) -> None:
    """The example of the documentation: 75, and 100, 66, 66 for the workers."""
    hit = bench.hit(
        MaxAssignments=3,
        HITReviewPolicy=policy(
            "SimplePlurality/2011-09-01",
            {"Key": "QuestionIDs", "Values": ["A", "B", "C", "D"]},
            QuestionAgreementThreshold=50,
        ),
    )
    rows = ["coat blue large Furry", "sweater blue large fur", "coat green large furr"]
    done = [
        bench.do(hit, **dict(zip("ABCD", row.split(), strict=True)))[1] for row in rows
    ]
    found = results(bench, hit, "HIT")

    assert (hit["HITId"], None, "HitAgreementScore", "75") in found
    for work, score in zip(done, ("100", "66", "66"), strict=True):
        assert (work, None, "WorkerAgreementScore", score) in found
    assert (hit["HITId"], "A", "AgreedAnswerFound", "true") in found
    assert (hit["HITId"], "A", "AgreedAnswer", "coat") in found
    assert (hit["HITId"], "A", "AnswerAgreementScore", "66") in found
    assert (hit["HITId"], "D", "AgreedAnswerFound", "false") in found
    assert (done[1], None, "PluralityAnswersCorrect", "2") in found
    assert (done[1], None, "PluralityAnswersIncorrect", "1") in found


def test_plurality_has_other_names_too(bench: Bench) -> None:
    """The keys of the documentation's example stand beside those of its table."""
    hit = bench.hit(HITReviewPolicy=plurality())
    _, done = bench.do(hit, A="x")
    found = results(bench, hit, "HIT")

    assert (done, "A", "AgreedWithPlurality", "1") in found
    assert (hit["HITId"], "A", "PluralityAnswer", "x") in found
    assert (hit["HITId"], "A", "PluralityLevel", "100") in found


@pytest.mark.parametrize(("threshold", "agreed"), [(49, "true"), (66, "false")])
def test_the_threshold_is_exceeded(bench: Bench, threshold: int, agreed: str) -> None:
    """A score must be more than the threshold; two of three are 66, cut."""
    hit = bench.hit(
        MaxAssignments=3,
        HITReviewPolicy=plurality(QuestionAgreementThreshold=threshold),
    )
    for answer in "xxy":
        bench.do(hit, A=answer)

    found = results(bench, hit, "HIT")
    assert (hit["HITId"], "A", "AgreedAnswerFound", agreed) in found


def test_plurality_decides(bench: Bench) -> None:
    """Workers in the majority are approved, others are rejected."""
    hit = bench.hit(
        MaxAssignments=3,
        HITReviewPolicy=plurality(
            ApproveIfWorkerAgreementScoreIsAtLeast=100,
            RejectIfWorkerAgreementScoreIsLessThan=50,
            RejectReason="alone",
        ),
    )
    done = [bench.do(hit, A=answer)[1] for answer in "xyx"]
    works = [bench.assignment(name) for name in done]

    states = [work["AssignmentStatus"] for work in works]
    assert states == ["Approved", "Rejected", "Approved"]
    assert works[1]["RequesterFeedback"] == "alone"


def test_plurality_does_not_decide_again(bench: Bench) -> None:
    """What was decided before is not decided otherwise: the action fails, with a code."""
    hit = bench.hit(
        MaxAssignments=3,
        HITReviewPolicy=plurality(RejectIfWorkerAgreementScoreIsLessThan=50),
    )
    _, early = bench.do(hit, A="y")
    bench.approve(early)
    for _ in range(2):
        bench.do(hit, A="x")

    assert bench.assignment(early)["AssignmentStatus"] == "Approved"
    (failed,) = [
        each
        for each in report(bench, hit, "HIT")["ReviewActions"]
        if each["TargetId"] == early
    ]
    assert (failed["ActionName"], failed["Status"]) == ("reject", "Failed")
    assert failed["ErrorCode"] == f"{TURK}InvalidAssignmentState"


def test_plurality_extends(bench: Bench) -> None:
    """Where workers do not agree one more is asked, and more results are appended."""
    hit = bench.hit(
        MaxAssignments=2,
        HITReviewPolicy=plurality(ExtendIfHITAgreementScoreIsLessThan=100, **EXTEND),
    )
    bench.do(hit, A="x")
    bench.do(hit, A="y")
    first = results(bench, hit, "HIT")
    assert bench.standing(hit) == ("Assignable", 1, 0)
    bench.do(hit, A="x")

    assert bench.standing(hit) == ("Reviewable", 0, 0)
    assert bench.get(hit)["MaxAssignments"] == 3
    assert results(bench, hit, "HIT")[: len(first)] == first
    assert results(bench, hit, "HIT")[-1][-2:] == ("HitAgreementScore", "100")


def test_plurality_disregards(bench: Bench) -> None:
    """Rejected work, and work that missed known answers, need not be compared."""
    hit = bench.hit(
        MaxAssignments=3,
        AssignmentReviewPolicy=known(),
        HITReviewPolicy=plurality(
            DisregardAssignmentIfRejected="true",
            DisregardAssignmentIfKnownAnswerScoreIsLessThan=50,
        ),
    )
    _, rejected = bench.do(hit, A="y", **RIGHT)
    bench.reject(rejected)
    bench.do(hit, A="z", **WRONG)
    bench.do(hit, A="x", **RIGHT)
    found = results(bench, hit, "HIT")

    assert (hit["HITId"], "A", "AgreedAnswer", "x") in found
    assert {name for name, *_ in found}.isdisjoint({rejected})


def test_long_answers_are_not_compared(bench: Bench) -> None:
    """More than 256 characters are left out."""
    hit = bench.hit(MaxAssignments=3, HITReviewPolicy=plurality())
    for answer in ("x" * 257, "x" * 257, "short"):
        bench.do(hit, A=answer)

    found = results(bench, hit, "HIT")
    assert (hit["HITId"], "A", "AgreedAnswer", "short") in found


def test_what_is_retrieved(bench: Bench) -> None:
    """Both levels, results and actions, unless less is asked for."""
    hit = bench.hit(AssignmentReviewPolicy=known(), HITReviewPolicy=plurality())
    bench.do(hit, A="x", **RIGHT)

    def asked(**more: Any) -> dict[str, Any]:
        found = bench.client.list_review_policy_results_for_hit(
            HITId=hit["HITId"], **more
        )
        return dict(found)

    everything = asked()
    names = {"AssignmentReviewPolicy", "HITReviewPolicy"}
    assert {everything[name]["PolicyName"] for name in names} == {
        "ScoreMyKnownAnswers/2011-09-01",
        "SimplePlurality/2011-09-01",
    }
    assert everything["AssignmentReviewReport"]["ReviewActions"]
    assert everything["HITReviewReport"]["ReviewResults"]
    assert "HITReviewReport" not in asked(PolicyLevels=["Assignment"])
    fewer = asked(RetrieveActions=False)["AssignmentReviewReport"]
    assert fewer["ReviewResults"]
    assert not fewer.get("ReviewActions")
    assert not asked(RetrieveResults=False)["HITReviewReport"].get("ReviewResults")


def test_a_hit_without_policies(bench: Bench) -> None:
    """There is nothing to tell."""
    hit = bench.hit()
    bench.do(hit)

    assert results(bench, hit, "Assignment") == results(bench, hit, "HIT") == []


@pytest.mark.parametrize(
    ("level", "given"),
    [
        ("AssignmentReviewPolicy", plurality()),
        ("HITReviewPolicy", known()),
        ("AssignmentReviewPolicy", policy("ScoreMyKnownAnswers/2011-09-01")),
        ("AssignmentReviewPolicy", known(NoSuchParameter=1)),
        ("AssignmentReviewPolicy", known(ApproveIfKnownAnswerScoreIsAtLeast="many")),
        ("HITReviewPolicy", policy("SimplePlurality/2011-09-01", QuestionIds="A")),
        ("HITReviewPolicy", plurality(ExtendIfHITAgreementScoreIsLessThan=50)),
        ("HITReviewPolicy", plurality(DisregardAssignmentIfRejected="perhaps")),
    ],
    ids=[
        "of the other level",
        "of the other level, too",
        "no answers",
        "unknown parameter",
        "no number",
        "no threshold",
        "no size to extend to",
        "neither yes nor no",
    ],
)
def test_what_is_no_policy(bench: Bench, level: str, given: dict[str, Any]) -> None:
    """A policy has its own level, the parameters it needs, and no others."""
    refused = bench.refusal("create_hit", **bench.parameters(**{level: given}))

    assert refused.code == "ParameterValidationError"


@pytest.mark.parametrize(
    ("level", "given", "name", "low", "high"),
    [
        ("Assignment", known, "ApproveIfKnownAnswerScoreIsAtLeast", 0, 101),
        ("Assignment", known, "RejectIfKnownAnswerScoreIsLessThan", 0, 101),
        ("Assignment", known, "ExtendIfKnownAnswerScoreIsLessThan", 0, 101),
        ("Assignment", known, "ExtendMaximumAssignments", 2, 25),
        ("Assignment", known, "ExtendMinimumTimeInSeconds", 60, 31_536_000),
        ("HIT", plurality, "ExtendMinimumTimeInSeconds", 60, 31_536_000),
    ],
)
def test_numbers_of_policies(
    bench: Bench, level: str, given: Any, *, name: str, low: int, high: int
) -> None:
    """Each number has its range."""
    for value in (low - 1, high + 1):
        parameters = bench.parameters(
            **{f"{level}ReviewPolicy": given(**{name: value})}
        )
        refused = bench.refusal("create_hit", **parameters)
        assert refused == of_range(name, value, low, high)
