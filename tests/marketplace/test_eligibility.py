"""Who qualifies for a HIT, and what its requirements keep from the others."""

from typing import Any

import pytest

from crowdlab.errors import BadInput, WorkRefused
from tests.marketplace.people import (
    ADULT,
    APPROVED,
    MASTERS,
    PERCENT,
    Square,
    lives,
    requires,
)


@pytest.fixture(scope="module")
def square() -> Square:
    """A marketplace that the tests of this file share."""
    return Square()


def lets_in(square: Square, worker: str, *requirements: dict[str, Any]) -> bool:
    """Whether the worker may accept a HIT with these requirements."""
    hit = square.hit(*requirements)
    try:
        square.market.accept(worker, hit["HITId"])
    except WorkRefused as refused:
        assert refused.reason == "not-qualified"  # noqa: PT017 - both ways are told
        return False
    return True


INTEGERS = {
    "LessThan": (5, {1}),
    "LessThanOrEqualTo": (5, {1, 5}),
    "GreaterThan": (5, {9}),
    "GreaterThanOrEqualTo": (5, {5, 9}),
    "EqualTo": (5, {5}),
    "NotEqualTo": (5, {1, 9}),
}


@pytest.mark.parametrize("comparator", INTEGERS)
def test_integers(square: Square, comparator: str) -> None:
    """Each comparator of one integer lets in exactly those whom it describes."""
    bound, fitting = INTEGERS[comparator]

    assert held(square, lambda t: requires(t, comparator, bound)) == fitting


@pytest.mark.parametrize(
    ("comparator", "fitting"), [("In", {1, 9}), ("NotIn", {5}), ("Exists", {1, 5, 9})]
)
def test_sets(square: Square, comparator: str, fitting: set[int]) -> None:
    """Sets let in members or others; existence lets in any value."""
    values = () if comparator == "Exists" else (1, 9)

    assert held(square, lambda t: requires(t, comparator, *values)) == fitting


def test_absence(square: Square) -> None:
    """DoesNotExist lets in those without a value, and nobody with one."""
    type_id = square.qualification_type()

    assert held(square, lambda t: requires(t, "DoesNotExist")) == set()
    assert lets_in(square, square.market.register(), requires(type_id, "DoesNotExist"))


def held(square: Square, requirement: Any) -> set[int]:
    """Of workers who hold 1, 5 and 9, the values that are let in."""
    type_id, accepted = square.qualification_type(), set()
    for value in (1, 5, 9):
        worker = square.market.register()
        square.client.associate_qualification_with_worker(
            QualificationTypeId=type_id, WorkerId=worker, IntegerValue=value
        )
        if lets_in(square, worker, requirement(type_id)):
            accepted.add(value)
    return accepted


@pytest.mark.parametrize("comparator", ["NotEqualTo", "NotIn", "LessThan", "Exists"])
def test_missing_qualifies_for_nothing(square: Square, comparator: str) -> None:
    """Who has no value does not qualify by having none."""
    values = () if comparator == "Exists" else (5,)
    requirement = requires(square.qualification_type(), comparator, *values)

    assert not lets_in(square, square.market.register(), requirement)


def test_revoked_is_missing(square: Square) -> None:
    """A revoked Qualification counts as none."""
    type_id, worker = square.qualification_type(), square.market.register()
    square.client.associate_qualification_with_worker(
        QualificationTypeId=type_id, WorkerId=worker
    )
    square.client.disassociate_qualification_from_worker(
        QualificationTypeId=type_id, WorkerId=worker
    )

    assert not lets_in(square, worker, requires(type_id, "Exists"))
    assert lets_in(square, worker, requires(type_id, "DoesNotExist"))


def test_all_must_be_met(square: Square) -> None:
    """One requirement of several that is not met keeps a worker out."""
    worker = square.market.register(country="DE", masters=True)
    met, unmet = requires(MASTERS, "Exists"), lives("EqualTo", "US")

    assert lets_in(square, worker, met)
    assert not lets_in(square, worker, met, unmet)


@pytest.mark.parametrize(
    ("comparator", "places", "fitting"),
    [
        ("EqualTo", ["US"], {"US", "US-WA"}),
        ("EqualTo", ["US-WA"], {"US-WA"}),
        ("NotEqualTo", ["US"], {"CA"}),
        ("NotEqualTo", ["US-WA"], {"US", "CA"}),
        ("In", ["CA", "US-WA"], {"CA", "US-WA"}),
        ("NotIn", ["CA", "US-WA"], {"US"}),
    ],
)
def test_places(
    square: Square, comparator: str, places: list[str], fitting: set[str]
) -> None:
    """A country holds its states, and a state only itself."""
    homes: dict[str, dict[str, Any]] = {
        "US": {"country": "US"},
        "US-WA": {"country": "US", "subdivision": "WA"},
        "CA": {"country": "CA"},
    }
    requirement = lives(comparator, *places)

    assert fitting == {
        name
        for name, home in homes.items()
        if lets_in(square, square.market.register(**home), requirement)
    }


def test_registered_history(square: Square) -> None:
    """What a worker was registered with counts: approvals, percentage, Masters, adult."""
    veteran = square.market.register(
        approved=5000, percent=99, masters=True, adult=True
    )
    novice = square.market.register(approved=3, percent=90)
    for requirement in (
        requires(APPROVED, "GreaterThan", 100),
        requires(PERCENT, "EqualTo", 99),
        requires(MASTERS, "Exists"),
        requires(ADULT, "EqualTo", 1),
    ):
        assert lets_in(square, veteran, requirement)
        assert not lets_in(square, novice, requirement)


def test_approvals_count() -> None:
    """An approval here adds to the number of approved HITs; a rejection does not."""
    square = Square()
    worker = square.market.register(approved=7)
    assert lets_in(square, worker, requires(APPROVED, "EqualTo", 7))

    approved, rejected = (work(square, worker) for _ in range(2))
    square.client.approve_assignment(AssignmentId=approved)
    square.client.reject_assignment(AssignmentId=rejected, RequesterFeedback="no")

    assert lets_in(square, worker, requires(APPROVED, "EqualTo", 8))


def work(square: Square, worker: str) -> str:
    """The worker submits an assignment of a new HIT; gives its id."""
    hit = square.hit()
    assignment = square.market.accept(worker, hit["HITId"])
    square.market.submit(worker, assignment, {"answer": "yes"})
    return assignment


def test_percentage_after_a_hundred() -> None:
    """The percentage is 100 until 100 were submitted, then the share of approvals."""
    square = Square()
    worker = square.market.register()
    is_perfect = requires(PERCENT, "EqualTo", 100)

    for number in range(1, 101):
        assignment = work(square, worker)
        if number <= 25:
            square.client.reject_assignment(
                AssignmentId=assignment, RequesterFeedback="no"
            )
        else:
            square.client.approve_assignment(AssignmentId=assignment)
        if number == 99:
            assert lets_in(square, worker, is_perfect)

    assert not lets_in(square, worker, is_perfect)
    assert lets_in(square, worker, requires(PERCENT, "EqualTo", 75))


def test_undecided_work_is_no_failure() -> None:
    """Work that waits for its review does not lower the percentage."""
    square = Square()
    worker = square.market.register(approved=200)

    work(square, worker)

    assert lets_in(square, worker, requires(PERCENT, "EqualTo", 100))


def test_registered_and_real_history_add_up() -> None:
    """One rejection after 99 approvals elsewhere makes 99 percent of 100."""
    square = Square()
    worker = square.market.register(approved=99)

    square.client.reject_assignment(
        AssignmentId=work(square, worker), RequesterFeedback="no"
    )

    assert lets_in(square, worker, requires(PERCENT, "EqualTo", 99))


@pytest.mark.parametrize(
    "traits",
    [
        {"country": "UK"},
        {"subdivision": "Washington"},
        {"approved": -1},
        {"percent": 101},
        {"approved": 5, "percent": 0},
    ],
    ids=str,
)
def test_impossible_workers(square: Square, traits: dict[str, Any]) -> None:
    """A worker whom there cannot be is not let in."""
    with pytest.raises(BadInput, match=next(iter(traits))):
        square.market.register("A0IMPOSSIBLE", **traits)
    with pytest.raises(WorkRefused, match="A0IMPOSSIBLE is registered"):
        square.market.messages("A0IMPOSSIBLE")


def test_registering_again_changes_nothing(square: Square) -> None:
    """Who registers a second time stays who they were."""
    worker = square.market.register(masters=True)
    square.market.register(worker, country="FR")

    assert lets_in(square, worker, requires(MASTERS, "Exists"), lives("EqualTo", "US"))


@pytest.mark.parametrize(
    ("guarded", "finds", "previews"),
    [
        ("Accept", True, True),
        ("PreviewAndAccept", True, False),
        ("DiscoverPreviewAndAccept", False, False),
    ],
)
def test_actions_guarded(
    square: Square, guarded: str, finds: bool, previews: bool
) -> None:
    """Each setting keeps those who do not qualify from so much, and nobody else."""
    hit = square.hit(requires(MASTERS, "Exists", ActionsGuarded=guarded))
    stranger = square.market.register()
    master = square.market.register(masters=True)

    assert can(square, stranger, hit) == (finds, previews, False)
    assert can(square, master, hit) == (True, True, True)


def can(square: Square, worker: str, hit: dict[str, Any]) -> tuple[bool, bool, bool]:
    """Whether the worker finds, previews and accepts the HIT."""
    found = any(
        group.hit_id == hit["HITId"]
        for group in square.market.search(worker, hit["Title"])
    )
    return (
        found,
        allowed(square.market.preview, worker, hit["HITId"]),
        allowed(square.market.accept, worker, hit["HITId"]),
    )


def allowed(act: Any, *values: str) -> bool:
    """Whether an act of a worker is allowed."""
    try:
        act(*values)
    except WorkRefused:
        return False
    return True


def test_each_requirement_guards_its_own(square: Square) -> None:
    """Who meets all that guards the preview may preview, and still not accept."""
    hit = square.hit(
        requires(MASTERS, "Exists", ActionsGuarded="PreviewAndAccept"),
        lives("EqualTo", "US"),
    )
    worker = square.market.register(masters=True, country="IN")

    assert can(square, worker, hit) == (True, True, False)


def test_refusal_says_what_is_missing(square: Square) -> None:
    """A worker who is kept out reads what they would need."""
    type_id = square.qualification_type(Name="Owl expert")
    hit = square.hit(requires(type_id, "GreaterThan", 7), lives("In", "US-WA", "CA"))
    worker = square.market.register()
    lacks = "Owl expert GreaterThan 7; Location In US-WA, CA"

    with pytest.raises(WorkRefused, match=f"{worker} does not qualify: {lacks}$"):
        square.market.accept(worker, hit["HITId"])
    (group,) = square.market.search(worker, hit["Title"])
    assert "; ".join(group.lacks) == lacks


def test_accepted_work_can_be_submitted(square: Square) -> None:
    """Who accepted while they qualified may submit, though they no longer do."""
    type_id, worker = square.qualification_type(), square.market.register()
    one: Any = {"QualificationTypeId": type_id, "WorkerId": worker}
    square.client.associate_qualification_with_worker(**one)
    hit = square.hit(requires(type_id, "Exists"))
    assignment = square.market.accept(worker, hit["HITId"])
    square.client.disassociate_qualification_from_worker(**one)

    assert square.market.submit(worker, assignment, {"answer": "yes"})
