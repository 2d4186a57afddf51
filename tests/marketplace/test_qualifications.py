"""Qualifications: given, looked up, revoked, listed."""

import datetime as dt
from typing import Any

import pytest

from tests.marketplace.people import LOCALE, PERCENT, Square, refusal

NONE_SUCH = (
    "RequestError",
    "QualificationDoesNotExist",
    "You requested a Qualification that does not exist.",
)
NOT_GRANTED = (
    "RequestError",
    "InvalidQualificationState",
    "This operation can be called with a status of: Granted",
)


@pytest.fixture(scope="module")
def square() -> Square:
    """A marketplace that the tests of this file share."""
    return Square()


def give(square: Square, type_id: str, worker: str, **changes: Any) -> None:
    """Gives the worker the Qualification."""
    square.client.associate_qualification_with_worker(
        QualificationTypeId=type_id, WorkerId=worker, **changes
    )


def take(square: Square, type_id: str, worker: str, **changes: Any) -> None:
    """Revokes the Qualification."""
    square.client.disassociate_qualification_from_worker(
        QualificationTypeId=type_id, WorkerId=worker, **changes
    )


def qualification(square: Square, type_id: str, worker: str) -> Any:
    """The Qualification as GetQualificationScore shows it."""
    return square.client.get_qualification_score(
        QualificationTypeId=type_id, WorkerId=worker
    )["Qualification"]


def holders(square: Square, type_id: str, **filters: Any) -> list[str]:
    """The workers that ListWorkersWithQualificationType finds."""
    found = square.client.list_workers_with_qualification_type(
        QualificationTypeId=type_id, MaxResults=100, **filters
    )
    return [row["WorkerId"] for row in found["Qualifications"]]


def test_associate(square: Square) -> None:
    """A Qualification shows its value, when it was granted, and that it holds."""
    type_id, worker = square.qualification_type(), square.market.register()

    give(square, type_id, worker, IntegerValue=50)

    assert qualification(square, type_id, worker) == {
        "QualificationTypeId": type_id,
        "WorkerId": worker,
        "GrantTime": dt.datetime.fromtimestamp(square.clock(), dt.UTC),
        "IntegerValue": 50,
        "Status": "Granted",
    }


def test_value_is_one_by_default(square: Square) -> None:
    """A Qualification given without a value is worth 1, but 0 is a value."""
    type_id, worker = square.qualification_type(), square.market.register()

    give(square, type_id, worker)
    assert square.score(type_id, worker) == 1
    give(square, type_id, worker, IntegerValue=0)
    assert square.score(type_id, worker) == 0


def test_again_is_an_update(square: Square) -> None:
    """Giving it again changes value and GrantTime, and no second one comes about."""
    type_id, worker = square.qualification_type(), square.market.register()
    give(square, type_id, worker, IntegerValue=1)
    before = qualification(square, type_id, worker)
    square.clock.advance(60)

    give(square, type_id, worker, IntegerValue=2)

    after = qualification(square, type_id, worker)
    assert after["IntegerValue"] == 2
    assert after["GrantTime"] - before["GrantTime"] == dt.timedelta(seconds=60)
    assert holders(square, type_id) == [worker]


def test_unknown_worker(square: Square) -> None:
    """A worker who is not registered cannot be given anything."""
    assert refusal(
        square.client.associate_qualification_with_worker,
        QualificationTypeId=square.qualification_type(),
        WorkerId="A0NOBODY",
    ) == (
        "ParameterValidationError",
        "",
        'The value "A0NOBODY" is not valid for the parameter WorkerId.',
    )


def test_only_own_types(square: Square) -> None:
    """Neither the system's nor another requester's Qualification can be given."""
    worker, type_id = square.market.register(), square.qualification_type()
    other = square.market.requester("giver").client()

    for client, name in ((square.client, PERCENT), (other, type_id)):
        assert (
            refusal(
                client.associate_qualification_with_worker,
                QualificationTypeId=name,
                WorkerId=worker,
            )[1]
            == "PermissionDeniedException"
        )


def test_no_score(square: Square) -> None:
    """Who has no Qualification has no score; nor has anybody one of the system's."""
    worker, type_id = square.market.register(), square.qualification_type()
    score = square.client.get_qualification_score

    for name in (type_id, LOCALE, PERCENT, "3NONE"):
        assert refusal(score, QualificationTypeId=name, WorkerId=worker) == NONE_SUCH


def test_scores_are_the_owners(square: Square) -> None:
    """Another requester cannot read what an owner says of a worker."""
    worker, type_id = square.market.register(), square.qualification_type()
    give(square, type_id, worker)
    other = square.market.requester("reader").client()

    assert (
        refusal(
            other.get_qualification_score, QualificationTypeId=type_id, WorkerId=worker
        )
        == NONE_SUCH
    )


def test_revoke(square: Square) -> None:
    """A revoked Qualification has no score, and cannot be revoked again."""
    worker, type_id = square.market.register(), square.qualification_type()
    give(square, type_id, worker)
    take(square, type_id, worker)

    one = {"QualificationTypeId": type_id, "WorkerId": worker}
    assert refusal(square.client.get_qualification_score, **one) == NOT_GRANTED
    revoke = square.client.disassociate_qualification_from_worker
    assert refusal(revoke, **one) == NOT_GRANTED


def test_revoke_nothing(square: Square) -> None:
    """What was never given cannot be revoked."""
    assert (
        refusal(
            square.client.disassociate_qualification_from_worker,
            QualificationTypeId=square.qualification_type(),
            WorkerId=square.market.register(),
        )
        == NONE_SUCH
    )


def test_given_again_after_a_revocation(square: Square) -> None:
    """A revoked Qualification can be given once more."""
    worker, type_id = square.market.register(), square.qualification_type()
    give(square, type_id, worker, IntegerValue=4)
    take(square, type_id, worker)

    give(square, type_id, worker, IntegerValue=5)

    assert square.score(type_id, worker) == 5


def test_worker_is_told(square: Square) -> None:
    """A worker hears of what they get, and of why it is taken away."""
    worker = square.market.register()
    type_id = square.qualification_type(Name="Swan expert")

    give(square, type_id, worker)
    take(square, type_id, worker, Reason="Those were geese.")

    revoked, granted = square.market.messages(worker)
    assert granted.text == "You now have the Qualification 'Swan expert'."
    assert revoked.text == "Those were geese."


def test_quietly(square: Square) -> None:
    """SendNotification=False tells the worker nothing."""
    worker = square.market.register()

    give(square, square.qualification_type(), worker, SendNotification=False)

    assert square.market.messages(worker) == []


def test_holders_by_status(square: Square) -> None:
    """Those are listed who have it, or with Status=Revoked those who had it."""
    type_id = square.qualification_type()
    workers = [square.market.register() for _ in range(3)]
    for worker in workers:
        give(square, type_id, worker)
    take(square, type_id, workers[1])

    assert holders(square, type_id) == [workers[0], workers[2]]
    assert holders(square, type_id, Status="Granted") == [workers[0], workers[2]]
    assert holders(square, type_id, Status="Revoked") == [workers[1]]


def test_holders_are_the_owners(square: Square) -> None:
    """Another requester does not learn who has a Qualification."""
    other = square.market.requester("lister").client()

    assert (
        refusal(
            other.list_workers_with_qualification_type,
            QualificationTypeId=square.qualification_type(),
        )[1]
        == "PermissionDeniedException"
    )


def test_pages_of_holders(square: Square) -> None:
    """Walking the pages gives every holder once; ten on a page by default."""
    type_id = square.qualification_type()
    workers = [square.market.register() for _ in range(12)]
    for worker in workers:
        give(square, type_id, worker)
    first = square.client.list_workers_with_qualification_type(
        QualificationTypeId=type_id
    )
    pages = square.client.get_paginator("list_workers_with_qualification_type")

    walked = [
        row["WorkerId"]
        for page in pages.paginate(
            QualificationTypeId=type_id, PaginationConfig={"PageSize": 5}
        )
        for row in page["Qualifications"]
    ]

    assert first["NumResults"] == 10
    assert walked == workers


def test_token_is_good_for_its_list(square: Square) -> None:
    """A token of one type's list, or of another status, does not continue this one."""
    one, other = square.qualification_type(), square.qualification_type()
    for _ in range(2):
        give(square, one, square.market.register())
    listed = square.client.list_workers_with_qualification_type
    token = listed(QualificationTypeId=one, MaxResults=1)["NextToken"]

    for changes in ({"QualificationTypeId": other}, {"Status": "Revoked"}):
        parameters = {"QualificationTypeId": one, "NextToken": token, **changes}
        assert refusal(listed, **parameters)[0] == "ParameterValidationError"


def test_hits_of_a_type(square: Square) -> None:
    """The HITs that require a type are listed, newest first, without deleted ones."""
    type_id = square.qualification_type()
    requirement = {"QualificationTypeId": type_id, "Comparator": "Exists"}
    one, gone, two = (square.hit(requirement) for _ in range(3))
    square.hit()
    square.expire(gone)
    square.client.delete_hit(HITId=gone["HITId"])

    found = square.client.list_hits_for_qualification_type(QualificationTypeId=type_id)

    assert [hit["HITId"] for hit in found["HITs"]] == [two["HITId"], one["HITId"]]
    assert found["HITs"][1] == one


def test_hits_of_a_system_type(square: Square) -> None:
    """The HITs that require a system's Qualification are found, but only one's own."""
    requirement = {
        "QualificationTypeId": LOCALE,
        "Comparator": "EqualTo",
        "LocaleValues": [{"Country": "IS"}],
    }
    hit = square.hit(requirement)
    other = square.market.requester("elsewhere").client()

    def found(client: Any) -> list[str]:
        page = client.list_hits_for_qualification_type(QualificationTypeId=LOCALE)
        return [hit["HITId"] for hit in page["HITs"]]

    assert found(square.client) == [hit["HITId"]]
    assert found(other) == []


def test_pages_of_hits(square: Square) -> None:
    """Walking the pages gives every HIT once, though two share a type."""
    type_id = square.qualification_type()
    requirement = {"QualificationTypeId": type_id, "Comparator": "Exists"}
    hits = [square.hit(requirement, Title="All alike")["HITId"] for _ in range(4)]
    pages = square.client.get_paginator("list_hits_for_qualification_type")

    walked = [
        hit["HITId"]
        for page in pages.paginate(
            QualificationTypeId=type_id, PaginationConfig={"PageSize": 3}
        )
        for hit in page["HITs"]
    ]

    assert walked == hits[::-1]
