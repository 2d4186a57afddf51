"""HITs that wait for their requester."""

import pytest
from botocore.exceptions import ClientError
from mypy_boto3_mturk import MTurkClient

from crowdlab.marketplace import ManualClock, Marketplace
from tests.marketplace.steps import Make, do, refused


def test_reviewable_are_listed(
    market: Marketplace, client: MTurkClient, clock: ManualClock, make_hit: Make
) -> None:
    """A HIT is listed once done or expired, under its status and its type."""
    done, _open = make_hit(), make_hit(LifetimeInSeconds=7200)
    other = make_hit(Title="another kind")
    do(market, done)
    clock.advance(3600)

    def listed(**asked: str) -> set[str]:
        found = client.list_reviewable_hits(**asked)  # type: ignore[arg-type]
        return {hit["HITId"] for hit in found["HITs"]}

    assert listed() == {done["HITId"], other["HITId"]}
    assert listed(HITTypeId=other["HITTypeId"]) == {other["HITId"]}
    client.update_hit_review_status(HITId=done["HITId"])
    assert listed() == {other["HITId"]}
    assert listed(Status="Reviewing") == {done["HITId"]}


def test_there_and_back(
    market: Marketplace, client: MTurkClient, make_hit: Make
) -> None:
    """Reviewable becomes Reviewing, and with Revert Reviewable; nothing else."""
    hit = make_hit()
    for revert in (False, True):
        with pytest.raises(ClientError) as error:
            client.update_hit_review_status(HITId=hit["HITId"], Revert=revert)
        assert refused(error) == ("RequestError", "InvalidHITState")
    do(market, hit)

    client.update_hit_review_status(HITId=hit["HITId"])
    assert client.get_hit(HITId=hit["HITId"])["HIT"]["HITStatus"] == "Reviewing"
    client.update_hit_review_status(HITId=hit["HITId"], Revert=True)

    assert client.get_hit(HITId=hit["HITId"])["HIT"]["HITStatus"] == "Reviewable"


def test_growth_reopens(
    market: Marketplace, client: MTurkClient, make_hit: Make
) -> None:
    """More assignments put a finished HIT back on the market, no longer under review."""
    hit = make_hit()
    do(market, hit)
    client.update_hit_review_status(HITId=hit["HITId"])

    client.create_additional_assignments_for_hit(
        HITId=hit["HITId"], NumberOfAdditionalAssignments=1
    )

    assert client.get_hit(HITId=hit["HITId"])["HIT"]["HITStatus"] == "Assignable"
    do(market, hit)
    assert client.get_hit(HITId=hit["HITId"])["HIT"]["HITStatus"] == "Reviewable"
