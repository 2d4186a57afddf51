"""HITs: created, looked at, listed, expired, extended, deleted."""

import datetime as dt
import re
from typing import Any

import pytest
from botocore.exceptions import ClientError
from mypy_boto3_mturk import MTurkClient

from crowdlab.errors import MTurkError
from crowdlab.marketplace import ManualClock, Marketplace
from tests.marketplace.steps import LONG_AGO, Make, do, hit_parameters, refused

STAMP = r" \(\d{13}\)$"


def now(clock: ManualClock, plus: int = 0) -> dt.datetime:
    return dt.datetime.fromtimestamp(clock() + plus, tz=dt.UTC)


def counts(client: MTurkClient, hit: dict[str, Any]) -> tuple[str, int, int, int]:
    """Status, available, pending, completed."""
    found = client.get_hit(HITId=hit["HITId"])["HIT"]
    return (
        found["HITStatus"],
        found["NumberOfAssignmentsAvailable"],
        found["NumberOfAssignmentsPending"],
        found["NumberOfAssignmentsCompleted"],
    )


def test_new_hit_is_assignable(client: MTurkClient, make_hit: Make) -> None:
    """A new HIT offers all its assignments, and GetHIT shows it as CreateHIT did."""
    hit = make_hit(MaxAssignments=3)

    assert counts(client, hit) == ("Assignable", 3, 0, 0)
    assert client.get_hit(HITId=hit["HITId"])["HIT"] == hit
    assert re.fullmatch(r"3[A-Z0-9]{29}", hit["HITId"])


def test_same_properties_same_type(client: MTurkClient, make_hit: Make) -> None:
    """The same seven properties give one type and group, from both operations."""
    one, other = make_hit(), make_hit(LifetimeInSeconds=60)
    kind = hit_parameters(LifetimeInSeconds=None, Question=None)

    assert one["HITTypeId"] == other["HITTypeId"]
    assert one["HITGroupId"] == other["HITGroupId"]
    assert client.create_hit_type(**kind)["HITTypeId"] == one["HITTypeId"]
    assert make_hit(Reward="0.06")["HITTypeId"] != one["HITTypeId"]


def test_hit_of_type(client: MTurkClient) -> None:
    """CreateHITWithHITType takes what is shared from the type."""
    kind = hit_parameters(LifetimeInSeconds=None, Question=None, Reward="0.17")
    type_id = client.create_hit_type(**kind)["HITTypeId"]

    hit = client.create_hit_with_hit_type(
        HITTypeId=type_id, LifetimeInSeconds=60, Question=hit_parameters()["Question"]
    )["HIT"]

    assert (hit["Reward"], hit["HITTypeId"]) == ("0.17", type_id)


def test_unknown_type(client: MTurkClient) -> None:
    """A type that is not there is refused."""
    with pytest.raises(ClientError) as error:
        client.create_hit_with_hit_type(
            HITTypeId="3NONE", LifetimeInSeconds=60, Question="<x/>"
        )

    assert refused(error) == ("RequestError", "HITTypeDoesNotExist")


def test_unknown_hit(client: MTurkClient) -> None:
    """The text for an unknown HIT is the service's own, with its stamp."""
    with pytest.raises(client.exceptions.RequestError) as error:
        client.get_hit(HITId="3NONE")

    message = error.value.response["Error"]["Message"]
    assert re.search(r"^Hit 3NONE does not exist\." + STAMP, message)
    assert refused(error) == ("RequestError", "HITDoesNotExist")


def test_sandbox_stamp() -> None:
    """In the sandbox the stamp of an error ends in s."""
    client = Marketplace(environment="sandbox").client()

    with pytest.raises(ClientError, match=r"does not exist\. \(\d{13} s\)$"):
        client.get_hit(HITId="3NONE")


def test_others_hits_do_not_exist(market: Marketplace, make_hit: Make) -> None:
    """A requester sees no HIT of another."""
    other = market.requester("other").client()

    with pytest.raises(ClientError) as error:
        other.get_hit(HITId=make_hit()["HITId"])

    assert refused(error) == ("RequestError", "HITDoesNotExist")
    assert other.list_hits()["HITs"] == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("AssignmentDurationInSeconds", 29),
        ("AssignmentDurationInSeconds", 31_536_001),
        ("LifetimeInSeconds", 29),
        ("LifetimeInSeconds", 31_536_001),
        ("AutoApprovalDelayInSeconds", -1),
        ("AutoApprovalDelayInSeconds", 2_592_001),
        ("MaxAssignments", 0),
        ("MaxAssignments", 1_000_000_001),
        ("Title", "x" * 129),
        ("Description", "x" * 2001),
        ("Keywords", "x" * 1001),
        ("RequesterAnnotation", "x" * 256),
        ("HITLayoutId", "3LAYOUT"),
    ],
)
def test_limits(
    market: Marketplace, client: MTurkClient, name: str, value: object
) -> None:
    """A value past its documented limit is refused, and no money is set aside."""
    with pytest.raises(ClientError) as error:
        client.create_hit(**hit_parameters(**{name: value}))

    assert refused(error)[0] == "ParameterValidationError"
    assert str(market.balance) == "10000.00"


@pytest.mark.parametrize(
    ("name", "value", "rule"),
    [
        ("Reward", ".05", "regular expression pattern"),
        ("Reward", "-1", "regular expression pattern"),
        ("Reward", "0.055", "regular expression pattern"),
        ("UniqueRequestToken", "x" * 65, "less than or equal to 64"),
    ],
)
def test_model_constraints(
    client: MTurkClient, name: str, value: str, rule: str
) -> None:
    """What the model forbids is a ValidationException without a stamp."""
    with pytest.raises(ClientError, match=rule) as error:
        client.create_hit(**hit_parameters(**{name: value}))

    assert refused(error)[0] == "ValidationException"
    assert not re.search(STAMP, error.value.response["Error"]["Message"])


def test_every_fault_is_named(client: MTurkClient) -> None:
    """Two forbidden values are two errors in one message, members in lower case."""
    with pytest.raises(ClientError) as error:
        client.create_hit(**hit_parameters(Reward="x", UniqueRequestToken="y" * 65))

    message = error.value.response["Error"]["Message"]
    assert message.startswith("2 validation errors detected: Value 'x' at 'reward'")


@pytest.mark.parametrize("question", ["<x", "<x/>", "no XML at all", ""])
def test_broken_question(client: MTurkClient, question: str) -> None:
    """A question that does not parse is refused in the parser's words."""
    with pytest.raises(ClientError, match="error parsing the XML question") as error:
        client.create_hit(**hit_parameters(Question=question))

    # boto3 drops the TurkErrorCode of an error that its model does not know.
    assert refused(error) == ("ParameterValidationError", "")


def test_reward_is_shown_with_cents(make_hit: Make) -> None:
    """A reward in whole dollars comes back with two decimals."""
    assert make_hit(Reward="5")["Reward"] == "5.00"


def test_token_repeats(client: MTurkClient, clock: ManualClock, make_hit: Make) -> None:
    """A token makes one HIT in 24 hours, for both creating operations."""
    hit = make_hit(UniqueRequestToken="one")

    with pytest.raises(ClientError, match=f'"{hit["HITId"]}" already exists') as error:
        make_hit(UniqueRequestToken="one")
    with pytest.raises(ClientError, match="already exists"):
        client.create_hit_with_hit_type(
            HITTypeId=hit["HITTypeId"],
            LifetimeInSeconds=60,
            Question=hit["Question"],
            UniqueRequestToken="one",
        )
    assert refused(error) == ("RequestError", "HITAlreadyExists")
    clock.advance(24 * 3600)
    assert make_hit(UniqueRequestToken="one")["HITId"] != hit["HITId"]


def test_failure_burns_no_token(client: MTurkClient, make_hit: Make) -> None:
    """A call that failed may be repeated with its token."""
    with pytest.raises(ClientError):
        client.create_hit(**hit_parameters(UniqueRequestToken="one", Question="<x"))

    assert make_hit(UniqueRequestToken="one")


def test_life_of_five(market: Marketplace, client: MTurkClient, make_hit: Make) -> None:
    """The requester guide's table for a HIT of five assignments."""
    hit = make_hit(MaxAssignments=5)
    workers = [market.register() for _ in range(5)]
    work = [market.accept(w, hit["HITId"]) for w in workers[:3]]
    assert counts(client, hit) == ("Assignable", 2, 3, 0)

    work += [market.accept(w, hit["HITId"]) for w in workers[3:]]
    for worker, assignment in list(zip(workers, work, strict=True))[:2]:
        market.submit(worker, assignment, {"a": "1"})
    assert counts(client, hit) == ("Unassignable", 0, 3, 0)

    market.return_(workers[2], work[2])
    assert counts(client, hit) == ("Assignable", 1, 2, 0)

    market.accept(workers[2], hit["HITId"])
    for worker, assignment in list(zip(workers, work, strict=True))[3:]:
        market.submit(worker, assignment, {"a": "1"})
    last = market.call("ListHITs", {})["HITs"][0]
    assert last["HITStatus"] == "Unassignable"


def test_completed_counts_decisions(
    market: Marketplace, client: MTurkClient, make_hit: Make
) -> None:
    """Only approved and rejected assignments count as completed."""
    hit = make_hit(MaxAssignments=2)
    work = [do(market, hit)[1] for _ in range(2)]
    assert counts(client, hit) == ("Reviewable", 0, 0, 0)

    client.approve_assignment(AssignmentId=work[0])
    client.reject_assignment(AssignmentId=work[1], RequesterFeedback="no")

    assert counts(client, hit) == ("Reviewable", 0, 0, 2)


def test_expiry_waits_for_accepted_work(
    market: Marketplace, client: MTurkClient, make_hit: Make
) -> None:
    """After expiry a worker may still submit; until then the HIT is Unassignable."""
    hit = make_hit(MaxAssignments=2)
    worker = market.register()
    work = market.accept(worker, hit["HITId"])
    client.update_expiration_for_hit(HITId=hit["HITId"], ExpireAt=LONG_AGO)
    assert counts(client, hit)[0] == "Unassignable"

    market.submit(worker, work, {"a": "late"})

    assert counts(client, hit) == ("Reviewable", 1, 0, 0)


def test_expire_now(client: MTurkClient, clock: ManualClock, make_hit: Make) -> None:
    """A past date expires at the moment of the call, and again is no error."""
    hit = make_hit()
    clock.advance(100)
    client.update_expiration_for_hit(HITId=hit["HITId"], ExpireAt="1987-01-01T00:00:00")
    clock.advance(100)
    client.update_expiration_for_hit(HITId=hit["HITId"], ExpireAt=LONG_AGO)

    found = client.get_hit(HITId=hit["HITId"])["HIT"]
    assert (found["Expiration"], found["HITStatus"]) == (now(clock, -100), "Reviewable")


def test_extension_reopens(
    market: Marketplace, client: MTurkClient, clock: ManualClock, make_hit: Make
) -> None:
    """An expired HIT that is extended can be accepted again."""
    hit = make_hit()
    clock.advance(3601)
    assert counts(client, hit)[0] == "Reviewable"

    client.update_expiration_for_hit(HITId=hit["HITId"], ExpireAt=now(clock, 60))

    assert counts(client, hit)[0] == "Assignable"
    assert market.accept(market.register(), hit["HITId"])


@pytest.mark.parametrize("seconds", [3659, -3000 + 3600, 3600 + 31_536_001])
def test_extension_increment(
    client: MTurkClient, clock: ManualClock, make_hit: Make, seconds: int
) -> None:
    """The increment must be 60 to 31536000 seconds, so a HIT cannot be shortened."""
    hit = make_hit()

    with pytest.raises(ClientError) as error:
        client.update_expiration_for_hit(
            HITId=hit["HITId"], ExpireAt=now(clock, seconds)
        )

    message = error.value.response["Error"]["Message"]
    assert f"The value {seconds - 3600} is invalid for ExpirationIncrement" in message
    assert refused(error)[0] == "ParameterValidationError"


def test_same_extension_twice(
    client: MTurkClient, clock: ManualClock, make_hit: Make
) -> None:
    """The same future date a second time is an idempotency error naming a java date."""
    hit, later = make_hit(), now(clock, 7200)
    client.update_expiration_for_hit(HITId=hit["HITId"], ExpireAt=later)

    expected = f'token "{hit["HITId"]}Wed Nov 15 00:13:20 UTC 2023" has already been'
    with pytest.raises(ClientError, match=expected):
        client.update_expiration_for_hit(HITId=hit["HITId"], ExpireAt=later)


def test_delete_needs_decisions(
    market: Marketplace, client: MTurkClient, make_hit: Make
) -> None:
    """DeleteHIT refuses while work is undecided, in the service's contradictory words."""
    hit = make_hit()
    _, work = do(market, hit)
    with pytest.raises(ClientError) as error:
        client.delete_hit(HITId=hit["HITId"])
    assert (
        "state 'Reviewable'.  This operation can be called with a status of: "
        "Reviewing, Reviewable"
    ) in error.value.response["Error"]["Message"]

    client.approve_assignment(AssignmentId=work)
    client.delete_hit(HITId=hit["HITId"])

    assert counts(client, hit)[0] == "Disposed"
    assert client.list_hits()["HITs"] == []


def test_disposal_by_itself(
    market: Marketplace, client: MTurkClient, clock: ManualClock, make_hit: Make
) -> None:
    """A HIT that waits for its review for 120 days disposes of itself, money freed."""
    hit = make_hit()
    clock.advance(3600 + 120 * 86_400)

    assert counts(client, hit)[0] == "Disposed"
    assert str(market.balance) == "10000.00"


def test_newest_first(client: MTurkClient, make_hit: Make) -> None:
    """ListHITs walks every HIT once, newest first, ten to a page by default."""
    made = [make_hit()["HITId"] for _ in range(12)]

    assert client.list_hits()["NumResults"] == 10
    pages = client.get_paginator("list_hits").paginate(PaginationConfig={"PageSize": 5})
    seen = [hit["HITId"] for page in pages for hit in page["HITs"]]

    assert seen == made[::-1]


def test_last_full_page(client: MTurkClient, make_hit: Make) -> None:
    """A last page that is full has no token."""
    for _ in range(3):
        make_hit()

    assert "NextToken" not in client.list_hits(MaxResults=3)


@pytest.mark.parametrize("token", ["x", "AAAA", "é", "A" * 255])
def test_forged_page_token(client: MTurkClient, token: str) -> None:
    """A token that was not given out is refused."""
    with pytest.raises(ClientError) as error:
        client.list_hits(NextToken=token)

    assert refused(error)[0] == "ParameterValidationError"


def test_borrowed_page_token(
    market: Marketplace, client: MTurkClient, make_hit: Make
) -> None:
    """A token is good for its own list and requester only."""
    hit = make_hit(MaxAssignments=2)
    make_hit()
    token = client.list_hits(MaxResults=1)["NextToken"]

    with pytest.raises(ClientError):
        market.requester("other").client().list_hits(NextToken=token)
    with pytest.raises(ClientError):
        client.list_assignments_for_hit(HITId=hit["HITId"], NextToken=token)


RISE_OF_FEES = 1_437_523_200


def enlarge_hit_of(created: int) -> dict[str, Any]:
    """Creates a HIT at a moment, and asks for one more assignment."""
    market = Marketplace(clock=ManualClock(created))
    hit_id = market.call("CreateHIT", hit_parameters())["HIT"]["HITId"]
    more = {"HITId": hit_id, "NumberOfAdditionalAssignments": 1}
    market.call("CreateAdditionalAssignmentsForHIT", more)
    return dict(market.call("GetHIT", {"HITId": hit_id})["HIT"])


def test_a_hit_of_before_the_fees_rose() -> None:
    """What was made before July 22, 2015 gets no more assignments."""
    with pytest.raises(MTurkError) as error:
        enlarge_hit_of(RISE_OF_FEES - 1)

    assert error.value.turk_code == "AWS.MechanicalTurk.HITTooOldForExtension"
    assert enlarge_hit_of(RISE_OF_FEES)["MaxAssignments"] == 2
