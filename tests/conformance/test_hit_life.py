"""The life of a HIT: counts and states, time, growth, review, the end."""

import datetime as dt
import re
from collections.abc import Callable

import pytest

from tests.conformance.bench import DAY, Bench, of_range, request_error

YEAR = 31_536_000


def in_state(state: str, allowed: str = "Reviewing, Reviewable") -> object:
    """A HIT is in another state than the operation needs; the two blanks belong."""
    text = (
        f"This HIT is currently in the state '{state}'.  "
        f"This operation can be called with a status of: {allowed}"
    )
    return request_error("InvalidHITState", text)


def later(bench: Bench, seconds: int) -> dt.datetime:
    """The moment that so many seconds lie ahead."""
    return dt.datetime.fromtimestamp(bench.clock() + seconds, dt.UTC)


def test_the_table_of_the_guide(bench: Bench) -> None:
    """Five assignments go through the states of the requester guide's table."""
    hit = bench.hit(MaxAssignments=5)
    seen = [bench.standing(hit)]
    taken = [bench.accept(hit) for _ in range(3)]
    seen.append(bench.standing(hit))
    taken += [bench.accept(hit) for _ in range(2)]
    for work in taken[:2]:
        bench.workers.submit(*work, {"answer": "1"})
    seen.append(bench.standing(hit))
    bench.workers.return_(*taken[2])
    seen.append(bench.standing(hit))
    taken[2] = bench.accept(hit)
    for work in taken[2:]:
        bench.workers.submit(*work, {"answer": "1"})
    seen.append(bench.standing(hit))
    bench.approve(taken[0][1])
    seen.append(bench.standing(hit))

    assert seen == [
        ("Assignable", 5, 0),
        ("Assignable", 2, 3),
        ("Unassignable", 0, 3),
        ("Assignable", 1, 2),
        ("Reviewable", 0, 0),
        ("Reviewable", 0, 0),
    ]


def test_completed_means_decided(bench: Bench) -> None:
    """An assignment is completed when it is approved or rejected, not before."""
    hit = bench.hit(MaxAssignments=3)
    _, first = bench.do(hit)
    _, second = bench.do(hit)
    seen = [bench.get(hit)["NumberOfAssignmentsCompleted"]]
    bench.approve(first)
    seen.append(bench.get(hit)["NumberOfAssignmentsCompleted"])
    bench.reject(second)
    seen.append(bench.get(hit)["NumberOfAssignmentsCompleted"])

    assert seen == [0, 1, 2]


def test_a_preview_counts_for_nothing(bench: Bench) -> None:
    """Who only looks is not pending."""
    hit = bench.hit()
    bench.workers.preview(bench.worker(), hit["HITId"])

    assert bench.standing(hit) == ("Assignable", 1, 0)


def test_expiry_leaves_what_is_available(bench: Bench) -> None:
    """An expired HIT is Reviewable, and says how many were never taken."""
    hit = bench.hit(MaxAssignments=5, LifetimeInSeconds=60)
    bench.do(hit)
    bench.clock.advance(60)

    assert bench.standing(hit) == ("Reviewable", 4, 0)


def test_expiry_waits_for_those_at_work(bench: Bench) -> None:
    """Who has accepted may submit after the expiry; the HIT is Unassignable until then."""
    hit = bench.hit(MaxAssignments=2)
    work = bench.accept(hit)
    bench.expire(hit)
    assert bench.get(hit)["HITStatus"] == "Unassignable"
    bench.workers.submit(*work, {"answer": "late, but fine"})

    assert bench.standing(hit) == ("Reviewable", 1, 0)


@pytest.mark.parametrize("how", ["return", "abandon"])
def test_expiry_waits_for_those_who_leave(bench: Bench, how: str) -> None:
    """An expired HIT becomes Reviewable when the last one returns or runs out of time."""
    hit = bench.hit(AssignmentDurationInSeconds=600)
    work = bench.accept(hit)
    bench.expire(hit)
    if how == "return":
        bench.workers.return_(*work)
    else:
        bench.clock.advance(600)

    assert bench.standing(hit) == ("Reviewable", 1, 0)


def test_an_expired_hit_is_not_for_workers(bench: Bench) -> None:
    """Nobody accepts what is left of an expired HIT."""
    hit = bench.hit(MaxAssignments=2)
    bench.expire(hit)

    with pytest.raises(Exception, match="no assignment left"):
        bench.accept(hit)


def test_expiring_is_dated_now(bench: Bench) -> None:
    """A date in the past makes the moment of the call the expiration; again is fine."""
    hit = bench.hit()
    bench.clock.advance(100)
    bench.expire(hit)
    moment = bench.get(hit)["Expiration"]
    assert moment == later(bench, 0)
    bench.clock.advance(100)
    bench.expire(hit)

    assert bench.get(hit)["Expiration"] == moment


@pytest.mark.parametrize("increment", [11, 0, -1800, YEAR + 1])
def test_increments(bench: Bench, increment: int) -> None:
    """What counts is by how much a HIT would be prolonged: a minute to a year."""
    hit = bench.hit(LifetimeInSeconds=7200)
    wanted = hit["Expiration"] + dt.timedelta(seconds=increment)

    refused = bench.refusal(
        "update_expiration_for_hit", HITId=hit["HITId"], ExpireAt=wanted
    )

    name = "ExpirationIncrementInSeconds"
    assert refused == of_range(name, increment, 60, YEAR)
    assert bench.get(hit)["Expiration"] == hit["Expiration"]


def test_prolonging(bench: Bench) -> None:
    """A minute later and a year later are fine; the date is what was asked for."""
    for increment in (60, YEAR):
        hit = bench.hit(LifetimeInSeconds=7200)
        wanted = hit["Expiration"] + dt.timedelta(seconds=increment)
        bench.client.update_expiration_for_hit(HITId=hit["HITId"], ExpireAt=wanted)
        assert bench.get(hit)["Expiration"] == wanted


def test_the_same_date_twice(bench: Bench) -> None:
    """Prolonging to the same date again is a token used twice: the id and Java's date."""
    hit = bench.hit()
    wanted = hit["Expiration"] + dt.timedelta(hours=1)
    given = {"HITId": hit["HITId"], "ExpireAt": wanted}
    bench.client.update_expiration_for_hit(**given)

    refused = bench.refusal("update_expiration_for_hit", **given)

    token = hit["HITId"] + wanted.strftime("%a %b %d %H:%M:%S UTC %Y")
    text = f'The idempotency token "{token}" has already been processed.'
    assert refused == request_error(None, text)


def test_prolonging_reopens(bench: Bench) -> None:
    """An expired HIT that is prolonged, counted from now, is on the market again."""
    hit = bench.hit(LifetimeInSeconds=60)
    bench.clock.advance(1000)
    assert bench.get(hit)["HITStatus"] == "Reviewable"
    bench.client.update_expiration_for_hit(
        HITId=hit["HITId"], ExpireAt=later(bench, 60)
    )

    assert bench.standing(hit) == ("Assignable", 1, 0)
    assert bench.accept(hit)


def add(bench: Bench, hit: dict[str, object], number: int) -> None:
    """Adds assignments to a HIT."""
    bench.client.create_additional_assignments_for_hit(
        HITId=hit["HITId"], NumberOfAdditionalAssignments=number
    )


@pytest.mark.parametrize(("before", "more"), [(2, 3), (10, 1), (4, 5)])
def test_more_assignments(bench: Bench, before: int, more: int) -> None:
    """More assignments make the HIT larger, and are available."""
    hit = bench.hit(MaxAssignments=before)
    add(bench, hit, more)

    assert bench.get(hit)["MaxAssignments"] == before + more
    assert bench.standing(hit) == ("Assignable", before + more, 0)


@pytest.mark.parametrize(("before", "more"), [(9, 1), (1, 9), (5, 100)])
def test_a_small_hit_stays_small(bench: Bench, before: int, more: int) -> None:
    """A HIT of fewer than ten assignments never has ten: these cost more."""
    hit = bench.hit(MaxAssignments=before)
    refused = bench.refusal(
        "create_additional_assignments_for_hit",
        HITId=hit["HITId"],
        NumberOfAdditionalAssignments=more,
    )

    assert refused == request_error("InvalidMaximumAssignmentsIncrease")
    assert bench.get(hit)["MaxAssignments"] == before


def test_small_steps_lead_nowhere(bench: Bench) -> None:
    """Nor does it get there in several steps."""
    hit = bench.hit(MaxAssignments=1)
    add(bench, hit, 8)
    refused = bench.refusal(
        "create_additional_assignments_for_hit",
        HITId=hit["HITId"],
        NumberOfAdditionalAssignments=1,
    )

    assert refused == request_error("InvalidMaximumAssignmentsIncrease")


def test_a_number_of_more_assignments(bench: Bench) -> None:
    """It adds one at least."""
    refused = bench.refusal(
        "create_additional_assignments_for_hit",
        HITId=bench.hit()["HITId"],
        NumberOfAdditionalAssignments=0,
    )

    name = "NumberOfAdditionalAssignments"
    assert refused == of_range(name, 0, 1, 1_000_000_000)


def test_more_assignments_reopen(bench: Bench) -> None:
    """A HIT that is done, but not over, is on the market again."""
    hit = bench.hit()
    bench.do(hit)
    assert bench.standing(hit) == ("Reviewable", 0, 0)
    add(bench, hit, 1)

    assert bench.standing(hit) == ("Assignable", 1, 0)


def test_more_assignments_of_an_expired_hit(bench: Bench) -> None:
    """They are counted, but the HIT stays over."""
    hit = bench.hit()
    bench.expire(hit)
    add(bench, hit, 2)

    assert bench.standing(hit) == ("Reviewable", 3, 0)
    assert bench.get(hit)["MaxAssignments"] == 3


def test_more_assignments_with_a_token(bench: Bench) -> None:
    """A token that comes twice adds once; a day later it adds again."""
    hit = bench.hit(LifetimeInSeconds=30 * DAY)
    given = {
        "HITId": hit["HITId"],
        "NumberOfAdditionalAssignments": 1,
        "UniqueRequestToken": bench.name(),
    }
    bench.client.create_additional_assignments_for_hit(**given)
    refused = bench.refusal("create_additional_assignments_for_hit", **given)

    token = given["UniqueRequestToken"]
    text = f'The idempotency token "{token}" has already been processed.'
    assert refused == request_error(None, text)
    assert bench.get(hit)["MaxAssignments"] == 2
    bench.clock.advance(DAY)
    bench.client.create_additional_assignments_for_hit(**given)
    assert bench.get(hit)["MaxAssignments"] == 3


def waiting(bench: Bench, hit: dict[str, str], **more: str) -> bool:
    """Whether a HIT is in the list of those that wait for their review."""
    listed = bench.client.list_reviewable_hits(HITTypeId=hit["HITTypeId"], **more)
    return [each["HITId"] for each in listed["HITs"]] == [hit["HITId"]]


def test_reviewing(bench: Bench) -> None:
    """A HIT goes from Reviewable to Reviewing and back; each has its list."""
    hit = bench.hit()
    assert not waiting(bench, hit)
    bench.expire(hit)
    assert waiting(bench, hit)
    bench.client.update_hit_review_status(HITId=hit["HITId"])
    assert bench.get(hit)["HITStatus"] == "Reviewing"
    assert waiting(bench, hit, Status="Reviewing")
    assert not waiting(bench, hit)
    bench.client.update_hit_review_status(HITId=hit["HITId"], Revert=True)

    assert bench.get(hit)["HITStatus"] == "Reviewable"
    assert bench.get(hit)["HITReviewStatus"] == "NotReviewed"


def test_reviewing_what_is_not_there(bench: Bench) -> None:
    """Only a Reviewable HIT goes under review, and only one under review comes back."""
    hit = bench.hit()

    def update(*, revert: bool) -> object:
        return bench.refusal(
            "update_hit_review_status", HITId=hit["HITId"], Revert=revert
        )

    assert update(revert=False) == in_state("Assignable", "Reviewable")
    assert update(revert=True) == in_state("Assignable", "Reviewing")
    bench.expire(hit)
    assert update(revert=True) == in_state("Reviewable", "Reviewing")


def test_deleting(bench: Bench) -> None:
    """A reviewed HIT can be deleted; it leaves the lists, and GetHIT says Disposed."""
    hit = bench.hit(MaxAssignments=2)
    bench.approve(bench.do(hit)[1])
    bench.reject(bench.do(hit)[1])
    bench.client.delete_hit(HITId=hit["HITId"])

    assert bench.get(hit)["HITStatus"] == "Disposed"
    assert not waiting(bench, hit)
    listed = bench.client.list_hits(MaxResults=100)["HITs"]
    assert hit["HITId"] not in [each["HITId"] for each in listed]


def test_deleting_what_is_under_review(bench: Bench) -> None:
    """A HIT can be deleted while it is Reviewing."""
    hit = bench.hit()
    bench.expire(hit)
    bench.client.update_hit_review_status(HITId=hit["HITId"])
    bench.client.delete_hit(HITId=hit["HITId"])

    assert bench.get(hit)["HITStatus"] == "Disposed"


def assignable(bench: Bench) -> dict[str, str]:
    """A HIT that nobody has taken."""
    return bench.hit()


def unassignable(bench: Bench) -> dict[str, str]:
    """A HIT that somebody works on."""
    hit = bench.hit()
    bench.accept(hit)
    return hit


def unreviewed(bench: Bench) -> dict[str, str]:
    """A HIT whose work nobody has looked at."""
    hit = bench.hit()
    bench.do(hit)
    return hit


def deleted(bench: Bench) -> dict[str, str]:
    """A HIT that is gone."""
    hit = bench.hit()
    bench.expire(hit)
    bench.client.delete_hit(HITId=hit["HITId"])
    return hit


@pytest.mark.parametrize(
    ("make", "state"),
    [
        (assignable, "Assignable"),
        (unassignable, "Unassignable"),
        (unreviewed, "Reviewable"),
        (deleted, "Disposed"),
    ],
)
def test_what_cannot_be_deleted(
    bench: Bench, make: Callable[[Bench], dict[str, str]], state: str
) -> None:
    """On the market, at work, unreviewed, gone: the text contradicts itself once."""
    refused = bench.refusal("delete_hit", HITId=make(bench)["HITId"])

    assert refused == in_state(state)


def test_a_deleted_hit_does_not_come_back(bench: Bench) -> None:
    """What is disposed of cannot be prolonged, enlarged, reviewed or changed."""
    hit_id = deleted(bench)["HITId"]
    attempts = [
        ("update_expiration_for_hit", {"ExpireAt": later(bench, 600)}),
        ("create_additional_assignments_for_hit", {"NumberOfAdditionalAssignments": 1}),
        ("update_hit_review_status", {}),
        ("update_hit_type_of_hit", {"HITTypeId": bench.hit_type()}),
    ]

    for operation, more in attempts:
        refused = bench.refusal(operation, HITId=hit_id, **more)  # type: ignore[arg-type]
        assert refused == request_error("InvalidHITState")
        assert refused.text.startswith(
            "This HIT is currently in the state 'Disposed'.  "
        )


def test_disposal_by_itself(bench: Bench) -> None:
    """120 days after it became Reviewable a HIT is disposed of by itself."""
    hit = bench.hit()
    bench.approve(bench.do(hit)[1])
    bench.clock.advance(120 * DAY - 1)
    assert bench.get(hit)["HITStatus"] == "Reviewable"
    bench.clock.advance(1)

    assert bench.get(hit)["HITStatus"] == "Disposed"


def test_another_type(bench: Bench) -> None:
    """A HIT that nobody has taken gets all the properties of another type."""
    hit, other = bench.hit(), bench.hit_type(Reward="0.50", Keywords="changed")
    bench.client.update_hit_type_of_hit(HITId=hit["HITId"], HITTypeId=other)

    now = bench.get(hit)
    assert (now["HITTypeId"], now["Reward"]) == (other, "0.50")
    assert now["Keywords"] == "changed"
    assert now["Question"] == hit["Question"]
    assert now["HITGroupId"] != hit["HITGroupId"]


@pytest.mark.parametrize("make", [unassignable, unreviewed])
def test_another_type_comes_too_late(
    bench: Bench, make: Callable[[Bench], dict[str, str]]
) -> None:
    """A HIT that somebody took keeps its type."""
    hit = make(bench)
    refused = bench.refusal(
        "update_hit_type_of_hit", HITId=hit["HITId"], HITTypeId=bench.hit_type()
    )

    assert refused == request_error("InvalidHITState")
    assert bench.get(hit)["HITTypeId"] == hit["HITTypeId"]


def test_an_answer_of_the_server_has_a_request_id(bench: Bench) -> None:
    """Whatever else, each answer is a success of HTTP 200 in boto3's eyes."""
    answer = bench.client.get_hit(HITId=bench.hit()["HITId"])

    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 200
    assert re.fullmatch("[A-Z0-9]{30}", answer["HIT"]["HITId"])
