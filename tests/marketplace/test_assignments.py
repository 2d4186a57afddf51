"""Assignments: accepted, submitted, listed, decided, paid."""

import datetime as dt
from xml.etree import ElementTree as ET

import pytest
from botocore.exceptions import ClientError
from mypy_boto3_mturk import MTurkClient

from crowdlab.errors import BadInput, WorkRefused
from crowdlab.marketplace import ManualClock, Marketplace
from tests.marketplace.steps import Make, do, refused

ANSWERS = (
    "{http://mechanicalturk.amazonaws.com/AWSMechanicalTurkDataSchemas/2005-10-01/"
    "QuestionFormAnswers.xsd}"
)


def fields(xml: str) -> dict[str, str]:
    """What was posted, read from the XML by the standard library."""
    return {
        answer.findtext(f"{ANSWERS}QuestionIdentifier", ""): answer.findtext(
            f"{ANSWERS}FreeText", ""
        )
        for answer in ET.fromstring(xml)  # noqa: S314 - our own XML
    }


def test_answer_arrives(
    market: Marketplace, client: MTurkClient, make_hit: Make
) -> None:
    """What a worker posts is what the requester reads, without the form's own fields."""
    said = 'niño 走 😀 <b> ]]> "quoted" &amp;\nsecond line'
    _, work = do(
        market, make_hit(), answer=said, empty="", hitId="forged", assignmentId="x"
    )

    xml = client.get_assignment(AssignmentId=work)["Assignment"]["Answer"]

    assert xml.isascii()
    assert fields(xml) == {"answer": said, "empty": ""}


def test_times(
    market: Marketplace, client: MTurkClient, clock: ManualClock, make_hit: Make
) -> None:
    """Acceptance, deadline, submission and auto-approval follow from the clock."""
    start = dt.datetime.fromtimestamp(clock(), tz=dt.UTC)
    hit = make_hit(AutoApprovalDelayInSeconds=3600)
    worker = market.register()
    work = market.accept(worker, hit["HITId"])
    clock.advance(60)
    market.submit(worker, work, {"a": "1"})

    found = client.get_assignment(AssignmentId=work)["Assignment"]

    assert found["AcceptTime"] == start
    assert found["Deadline"] == start + dt.timedelta(seconds=600)
    assert found["SubmitTime"] == start + dt.timedelta(seconds=60)
    assert found["AutoApprovalTime"] == start + dt.timedelta(seconds=3660)
    assert {"ApprovalTime", "RejectionTime", "RequesterFeedback"}.isdisjoint(found)


def test_invisible_before_submission(
    market: Marketplace, client: MTurkClient, make_hit: Make
) -> None:
    """The requester sees no assignment that is merely accepted."""
    hit = make_hit()
    work = market.accept(market.register(), hit["HITId"])

    assert client.list_assignments_for_hit(HITId=hit["HITId"])["Assignments"] == []
    with pytest.raises(ClientError, match="status of: Reviewable,Approved,Rejected"):
        client.get_assignment(AssignmentId=work)
    with pytest.raises(ClientError, match="status of: null") as error:
        client.approve_assignment(AssignmentId=work)
    assert refused(error) == ("RequestError", "InvalidAssignmentState")


def test_unknown_assignment(client: MTurkClient) -> None:
    """An assignment that is not there does not exist."""
    with pytest.raises(
        ClientError, match=r"^.*Assignment 3NO does not exist\."
    ) as error:
        client.get_assignment(AssignmentId="3NO")

    assert refused(error) == ("RequestError", "AssignmentDoesNotExist")


def test_decided_once(market: Marketplace, client: MTurkClient, make_hit: Make) -> None:
    """What is decided cannot be decided again without an override."""
    _, approved = do(market, make_hit())
    _, rejected = do(market, make_hit())
    client.approve_assignment(AssignmentId=approved, RequesterFeedback="thanks")
    client.reject_assignment(AssignmentId=rejected, RequesterFeedback="empty")

    for work in (approved, rejected):
        with pytest.raises(ClientError, match="status of: Submitted"):
            client.approve_assignment(AssignmentId=work)
        with pytest.raises(ClientError, match="status of: Submitted"):
            client.reject_assignment(AssignmentId=work, RequesterFeedback="x")
    found = client.get_assignment(AssignmentId=rejected)["Assignment"]
    assert (found["AssignmentStatus"], found["RequesterFeedback"]) == (
        "Rejected",
        "empty",
    )
    assert found["RejectionTime"] >= found["SubmitTime"]


def test_override(
    market: Marketplace, client: MTurkClient, clock: ManualClock, make_hit: Make
) -> None:
    """A rejection can be taken back for 30 days; its time is then gone."""
    _, early = do(market, make_hit())
    _, late = do(market, make_hit())
    for work in (early, late):
        client.reject_assignment(AssignmentId=work, RequesterFeedback="x")
    client.approve_assignment(AssignmentId=early, OverrideRejection=True)
    clock.advance(30 * 86_400 + 1)

    found = client.get_assignment(AssignmentId=early)["Assignment"]
    assert found["AssignmentStatus"] == "Approved"
    assert "RejectionTime" not in found
    with pytest.raises(ClientError):
        client.approve_assignment(AssignmentId=late, OverrideRejection=True)


def test_no_override_of_deleted(
    market: Marketplace, client: MTurkClient, make_hit: Make
) -> None:
    """Once the HIT is deleted a rejection stands."""
    hit = make_hit()
    _, work = do(market, hit)
    client.reject_assignment(AssignmentId=work, RequesterFeedback="x")
    client.delete_hit(HITId=hit["HITId"])

    with pytest.raises(ClientError):
        client.approve_assignment(AssignmentId=work, OverrideRejection=True)


def test_listed_by_status(
    market: Marketplace, client: MTurkClient, clock: ManualClock, make_hit: Make
) -> None:
    """A list holds the states asked for, in the order of submission, page by page."""
    hit = make_hit(MaxAssignments=4)
    work = []
    for _ in range(4):
        clock.advance(1)
        work.append(do(market, hit)[1])
    client.approve_assignment(AssignmentId=work[0])
    client.reject_assignment(AssignmentId=work[1], RequesterFeedback="x")

    def listed(*states: str) -> list[str]:
        asked = {"AssignmentStatuses": list(states)} if states else {}
        pages = client.get_paginator("list_assignments_for_hit").paginate(
            HITId=hit["HITId"],
            PaginationConfig={"PageSize": 1},
            **asked,  # type: ignore[arg-type]
        )
        return [a["AssignmentId"] for page in pages for a in page["Assignments"]]

    assert listed() == work
    assert listed("Submitted") == work[2:]
    assert listed("Rejected", "Approved") == work[:2]


def test_approved_by_itself(
    market: Marketplace, client: MTurkClient, clock: ManualClock, make_hit: Make
) -> None:
    """Nobody reviews: the work is approved at its time, and paid."""
    _, work = do(market, make_hit(AutoApprovalDelayInSeconds=3600))
    before = dt.datetime.fromtimestamp(clock() + 3600, tz=dt.UTC)
    clock.advance(100_000)

    found = client.get_assignment(AssignmentId=work)["Assignment"]

    assert (found["AssignmentStatus"], found["ApprovalTime"]) == ("Approved", before)


def test_approved_at_once(
    market: Marketplace, client: MTurkClient, make_hit: Make
) -> None:
    """With a delay of nothing, work is approved as soon as it is submitted."""
    _, work = do(market, make_hit(AutoApprovalDelayInSeconds=0))

    found = client.get_assignment(AssignmentId=work)["Assignment"]

    assert found["AssignmentStatus"] == "Approved"


def test_abandoned(market: Marketplace, clock: ManualClock, make_hit: Make) -> None:
    """At the deadline the assignment is open again, and too late to submit."""
    hit = make_hit(AssignmentDurationInSeconds=60)
    worker = market.register()
    work = market.accept(worker, hit["HITId"])
    clock.advance(61)

    with pytest.raises(WorkRefused, match="over"):
        market.submit(worker, work, {"a": "1"})
    assert market.accept(worker, hit["HITId"]) != work


def test_one_assignment_per_worker(market: Marketplace, make_hit: Make) -> None:
    """A worker takes a HIT once, unless it was given back."""
    hit = make_hit(MaxAssignments=3)
    worker = market.register()
    work = market.accept(worker, hit["HITId"])
    with pytest.raises(WorkRefused, match="before"):
        market.accept(worker, hit["HITId"])

    market.return_(worker, work)
    again = market.accept(worker, hit["HITId"])
    market.submit(worker, again, {"a": "1"})

    with pytest.raises(WorkRefused, match="before"):
        market.accept(worker, hit["HITId"])


def test_nothing_left(market: Marketplace, make_hit: Make) -> None:
    """A HIT gives out no more assignments than it has."""
    hit = make_hit()
    market.accept(market.register(), hit["HITId"])

    with pytest.raises(WorkRefused, match="no assignment left"):
        market.accept(market.register(), hit["HITId"])


def test_submitted_twice(
    market: Marketplace, client: MTurkClient, make_hit: Make
) -> None:
    """A second submission is answered kindly and changes nothing."""
    worker, work = do(market, make_hit(), answer="first")

    assert market.submit(worker, work, {"answer": "second"}) is False

    xml = client.get_assignment(AssignmentId=work)["Assignment"]["Answer"]
    assert fields(xml) == {"answer": "first"}


def test_only_ones_own(market: Marketplace, make_hit: Make) -> None:
    """A worker can neither submit nor return the assignment of another."""
    work = market.accept(market.register(), make_hit()["HITId"])
    other = market.register()

    with pytest.raises(WorkRefused):
        market.submit(other, work, {"a": "1"})
    with pytest.raises(WorkRefused):
        market.return_(other, work)


def test_strangers(market: Marketplace, make_hit: Make) -> None:
    """Nobody works who is not registered, and nobody on what is not there."""
    with pytest.raises(WorkRefused, match="registered"):
        market.accept("ASTRANGER", make_hit()["HITId"])
    with pytest.raises(WorkRefused, match="no HIT"):
        market.accept(market.register(), "3NONE")


@pytest.mark.parametrize("name", ["w1", "B1", "A-1", "Aa", "ÄB"])
def test_worker_ids(market: Marketplace, name: str) -> None:
    """A worker id is an A, then capitals and digits."""
    with pytest.raises(BadInput, match="no worker id"):
        market.register(name)


def test_registered_twice(market: Marketplace) -> None:
    """To register again changes nothing."""
    assert market.register("AWORKER") == market.register("AWORKER") == "AWORKER"


def test_preview(market: Marketplace, make_hit: Make) -> None:
    """A preview keeps the page's own query and names no worker."""
    hit = make_hit()

    frame = market.preview(market.register(), hit["HITId"])

    assert frame.html is None
    assert frame.url == (
        "https://example.org/task?x=1&y=2"
        f"&assignmentId=ASSIGNMENT_ID_NOT_AVAILABLE&hitId={hit['HITId']}"
    )


def test_feedback_has_a_limit(
    market: Marketplace, client: MTurkClient, make_hit: Make
) -> None:
    """Feedback of more than 1,024 characters is refused and decides nothing."""
    _, work = do(market, make_hit())

    with pytest.raises(ClientError) as error:
        client.reject_assignment(AssignmentId=work, RequesterFeedback="x" * 1025)

    assert refused(error)[0] == "ParameterValidationError"
    found = client.get_assignment(AssignmentId=work)["Assignment"]
    assert found["AssignmentStatus"] == "Submitted"
