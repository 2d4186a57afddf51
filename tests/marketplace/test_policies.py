"""Review policies as requests give them, and the reports that come of them."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from crowdlab.marketplace import Marketplace
from tests.marketplace.steps import Make, do, refused

KEY: dict[str, Any] = {
    "Key": "AnswerKey",
    "MapEntries": [{"Key": "pet", "Values": ["cat"]}],
}
THRESHOLD = {"Key": "QuestionAgreementThreshold", "Values": ["50"]}
QUESTIONS = {"Key": "QuestionIds", "Values": ["pet"]}
LEVELS = {"known": "AssignmentReviewPolicy", "plurality": "HITReviewPolicy"}
NAMES = {
    "known": "ScoreMyKnownAnswers/2011-09-01",
    "plurality": "SimplePlurality/2011-09-01",
}


def policy(kind: str, *parameters: dict[str, Any], **values: Any) -> dict[str, Any]:
    """A policy of a kind with these parameters, as a member of CreateHIT."""
    given = [
        {"Key": key, "Values": value if isinstance(value, list) else [str(value)]}
        for key, value in values.items()
    ]
    return {
        LEVELS[kind]: {
            "PolicyName": NAMES[kind],
            "Parameters": [*parameters, *given],
        }
    }


def known(**values: Any) -> dict[str, Any]:
    """A policy of known answers: the pet is a cat."""
    return policy("known", KEY, **values)


def plurality(**values: Any) -> dict[str, Any]:
    """A policy that compares what workers say of the pet."""
    return policy("plurality", QUESTIONS, THRESHOLD, **values)


REFUSED = {
    "known answers without a key": policy("known"),
    "an empty key": policy("known", {"Key": "AnswerKey", "MapEntries": []}),
    "a key without questions": policy(
        "known", {"Key": "AnswerKey", "MapEntries": [{"Values": ["cat"]}]}
    ),
    "a question known twice": policy(
        "known", {"Key": "AnswerKey", "MapEntries": KEY["MapEntries"] * 2}
    ),
    "a key of plain values": policy("known", AnswerKey="cat"),
    "a parameter twice": policy("known", KEY, KEY),
    "a parameter without name": policy("known", KEY, {"Values": ["1"]}),
    "an unknown parameter": known(Approve=1),
    "a parameter of the other policy": known(QuestionIds="pet"),
    "a threshold in words": known(RejectIfKnownAnswerScoreIsLessThan="half"),
    "two thresholds": known(RejectIfKnownAnswerScoreIsLessThan=["1", "2"]),
    "a threshold as a map": policy(
        "known",
        KEY,
        {"Key": "RejectIfKnownAnswerScoreIsLessThan", "MapEntries": KEY["MapEntries"]},
    ),
    "approval beyond 101": known(ApproveIfKnownAnswerScoreIsAtLeast=102),
    "rejection beyond 101": known(RejectIfKnownAnswerScoreIsLessThan=102),
    "extension beyond 101": known(ExtendIfKnownAnswerScoreIsLessThan=102),
    "rejection below 0": known(RejectIfKnownAnswerScoreIsLessThan=-1),
    "extension to one": known(ExtendMaximumAssignments=1),
    "extension to 26": known(ExtendMaximumAssignments=26),
    "extension by 59 seconds": known(ExtendMinimumTimeInSeconds=59),
    "extension by more than a year": known(ExtendMinimumTimeInSeconds=31_536_001),
    "plurality without questions": policy("plurality", THRESHOLD),
    "plurality without threshold": policy("plurality", QUESTIONS),
    "a question twice": policy("plurality", THRESHOLD, QuestionIds="pet,pet"),
    "a question without name": policy("plurality", THRESHOLD, QuestionIds="pet,,toy"),
    "neither yes nor no": plurality(DisregardAssignmentIfRejected="maybe"),
    "plurality extended below 0": plurality(
        ExtendIfHITAgreementScoreIsLessThan=0,
        ExtendMaximumAssignments=3,
        ExtendMinimumTimeInSeconds=3600,
    ),
    "plurality extended without end": plurality(
        ExtendIfHITAgreementScoreIsLessThan=50, ExtendMinimumTimeInSeconds=3600
    ),
    "plurality extended without time": plurality(
        ExtendIfHITAgreementScoreIsLessThan=50, ExtendMaximumAssignments=3
    ),
    "a policy at the wrong level": {
        "HITReviewPolicy": known()["AssignmentReviewPolicy"]
    },
    "no policy of this world": {"AssignmentReviewPolicy": {"PolicyName": "Trust"}},
}


@pytest.mark.parametrize("members", REFUSED.values(), ids=list(REFUSED))
def test_bad_policies(client: Any, make_hit: Make, members: dict[str, Any]) -> None:
    """A policy that makes no sense is refused, and no HIT is created."""
    with pytest.raises(ClientError) as error:
        make_hit(**members)

    assert refused(error)[0] == "ParameterValidationError"
    assert client.list_hits()["HITs"] == []


ACCEPTED = {
    "thresholds at their ends": known(
        ApproveIfKnownAnswerScoreIsAtLeast=101,
        RejectIfKnownAnswerScoreIsLessThan=0,
        ExtendIfKnownAnswerScoreIsLessThan=0,
        ExtendMaximumAssignments=25,
        ExtendMinimumTimeInSeconds=60,
    ),
    "the other spelling, as a list": policy(
        "plurality", THRESHOLD, QuestionIDs=["pet", "toy"]
    ),
    "T for true": plurality(DisregardAssignmentIfRejected="T"),
}


@pytest.mark.parametrize("members", ACCEPTED.values(), ids=list(ACCEPTED))
def test_good_policies(make_hit: Make, members: dict[str, Any]) -> None:
    """A policy that the reference allows is accepted."""
    assert make_hit(**members)["HITStatus"] == "Assignable"


def test_refusal_names_the_range(make_hit: Make) -> None:
    """A number out of bounds is refused with its bounds."""
    with pytest.raises(
        ClientError, match=r"invalid for ExtendMaximumAssignments\..*from 2 to 25"
    ):
        make_hit(**known(ExtendMaximumAssignments=26))


def both(make_hit: Make, market: Marketplace) -> str:
    """A HIT with both policies and one answer."""
    hit = make_hit(**known(), **plurality())
    do(market, hit, pet="cat")
    return str(hit["HITId"])


def test_report_names_the_policies(
    market: Marketplace, client: Any, make_hit: Make
) -> None:
    """A report names the HIT and its policies, without their parameters."""
    hit_id = both(make_hit, market)

    report = client.list_review_policy_results_for_hit(HITId=hit_id)

    assert (
        hit_id,
        {"PolicyName": NAMES["known"]},
        {"PolicyName": NAMES["plurality"]},
    ) == (
        report["HITId"],
        report["AssignmentReviewPolicy"],
        report["HITReviewPolicy"],
    )


def test_without_policies(client: Any, make_hit: Make) -> None:
    """The report of a HIT without policies is empty, and names none."""
    report = client.list_review_policy_results_for_hit(HITId=make_hit()["HITId"])

    assert "HITReviewPolicy" not in report
    assert "AssignmentReviewPolicy" not in report
    assert report["HITReviewReport"] == {"ReviewResults": [], "ReviewActions": []}


def test_levels(market: Marketplace, client: Any, make_hit: Make) -> None:
    """PolicyLevels chooses the reports; without it both come."""
    hit_id = both(make_hit, market)

    whole = client.list_review_policy_results_for_hit(HITId=hit_id)
    half = client.list_review_policy_results_for_hit(
        HITId=hit_id, PolicyLevels=["Assignment"]
    )

    assert half["AssignmentReviewReport"] == whole["AssignmentReviewReport"]
    assert whole["HITReviewReport"]["ReviewResults"]
    assert "HITReviewReport" not in half


@pytest.mark.parametrize(
    ("flag", "left_out"),
    [("RetrieveResults", "ReviewResults"), ("RetrieveActions", "ReviewActions")],
)
def test_retrieve(
    market: Marketplace, client: Any, make_hit: Make, flag: str, left_out: str
) -> None:
    """Results and actions both come, unless they are not to be retrieved."""
    hit_id = both(make_hit, market)

    whole = client.list_review_policy_results_for_hit(HITId=hit_id)
    less = client.list_review_policy_results_for_hit(HITId=hit_id, **{flag: False})

    assert whole["AssignmentReviewReport"].pop(left_out)
    assert less["AssignmentReviewReport"] == whole["AssignmentReviewReport"]


def test_retrieve_nothing(market: Marketplace, client: Any, make_hit: Make) -> None:
    """Without results and actions the report has only names."""
    report = client.list_review_policy_results_for_hit(
        HITId=both(make_hit, market), RetrieveResults=False, RetrieveActions=False
    )

    assert report["HITReviewReport"] == {}


def test_pages(market: Marketplace, client: Any, make_hit: Make) -> None:
    """Page by page, every entry comes once and in its order."""
    hit_id = both(make_hit, market)
    whole = client.list_review_policy_results_for_hit(HITId=hit_id)
    keys: list[str] = []
    token: dict[str, str] = {}

    while True:
        page = client.list_review_policy_results_for_hit(
            HITId=hit_id, MaxResults=2, **token
        )
        reports = [page["AssignmentReviewReport"], page["HITReviewReport"]]
        rows = [r for report in reports for r in report["ReviewResults"]]
        assert len(rows) + sum(len(r["ReviewActions"]) for r in reports) <= 2
        keys += [row["Key"] for row in rows]
        if "NextToken" not in page:
            break
        token = {"NextToken": page["NextToken"]}

    assert keys == [
        row["Key"]
        for level in ("Assignment", "HIT")
        for row in whole[f"{level}ReviewReport"]["ReviewResults"]
    ]


def test_one_page_holds_hundreds(
    market: Marketplace, client: Any, make_hit: Make
) -> None:
    """Without MaxResults a page is large, as it always was for this operation."""
    entries = [{"Key": f"q{n}", "Values": ["x"]} for n in range(150)]
    hit = make_hit(**policy("known", {"Key": "AnswerKey", "MapEntries": entries}))
    do(market, hit, q0="x")

    report = client.list_review_policy_results_for_hit(HITId=hit["HITId"])

    assert len(report["AssignmentReviewReport"]["ReviewResults"]) == 151


def test_reports_are_private(market: Marketplace, make_hit: Make) -> None:
    """Another requester's HIT does not exist."""
    hit_id = both(make_hit, market)
    stranger = market.requester("somebody else").client()

    with pytest.raises(ClientError) as error:
        stranger.list_review_policy_results_for_hit(HITId=hit_id)

    assert refused(error) == ("RequestError", "HITDoesNotExist")


def test_file_uploads_are_gone(
    market: Marketplace, client: Any, make_hit: Make
) -> None:
    """GetFileUploadURL is refused: no worker can have uploaded a file."""
    _, assignment = do(market, make_hit())

    with pytest.raises(client.exceptions.RequestError, match="no longer supported"):
        client.get_file_upload_url(AssignmentId=assignment, QuestionIdentifier="photo")


def test_file_upload_of_nothing(client: Any) -> None:
    """GetFileUploadURL of an assignment that is not there says so."""
    with pytest.raises(ClientError) as error:
        client.get_file_upload_url(AssignmentId="3NO", QuestionIdentifier="photo")

    assert refused(error) == ("RequestError", "AssignmentDoesNotExist")
