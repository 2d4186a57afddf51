"""Answers are decided once, with a reason where they are rejected."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from crowdlab.errors import BadRow, MTurkError
from crowdlab.lab import Lab
from crowdlab.marketplace import ManualClock, Marketplace
from crowdlab.workflow import decisions
from tests.lab.conftest import Work


@pytest.fixture
def done(lab: Lab, pets: str, work: Work) -> list[str]:
    """Fifteen answers that were collected and are not decided."""
    lab.publish(pets)
    assignments = work(lab, pets)
    lab.collect(pets)
    return assignments


def status(marketplace: Marketplace, assignment_id: str) -> tuple[str, str | None]:
    """How the marketplace has an assignment, and what its worker was told."""
    answer = marketplace.call("GetAssignment", {"AssignmentId": assignment_id})
    assignment = answer["Assignment"]
    return assignment["AssignmentStatus"], assignment.get("RequesterFeedback")


def test_everything_submitted_is_approved(
    lab: Lab, pets: str, done: list[str], marketplace: Marketplace
) -> None:
    """Approving pays each answer once, and a second time nothing is left."""
    before = marketplace.balance
    first, second = lab.review(pets, feedback="Thanks!"), lab.review(pets)

    assert (
        "Reviewed(approved=15, rejected=0, undecided=0, environment='local')"
        == repr(first)
    )
    assert 0 == second.approved
    assert [("Approved", "Thanks!")] * 15 == [status(marketplace, a) for a in done]
    assert before == marketplace.balance
    assert 15 == lab.status(pets).approved


@pytest.mark.parametrize("form", ["ids", "mapping", "file", "frame"])
def test_a_list_is_rejected(
    lab: Lab,
    pets: str,
    done: list[str],
    marketplace: Marketplace,
    tmp_path: Path,
    *,
    form: str,
) -> None:
    """The listed answers are rejected, with their own reason where there is one."""
    told = dict.fromkeys(done[:2], "This says nothing.")
    frame = pd.DataFrame({"assignment_id": list(told), "feedback": list(told.values())})
    frame.to_csv(tmp_path / "rejects.csv", index=False)
    forms = {
        "ids": done[:2],
        "mapping": told,
        "file": tmp_path / "rejects.csv",
        "frame": frame,
    }
    common = "This says nothing." if form == "ids" else "Too late."
    reviewed = lab.review(pets, reject=forms[form], feedback=common)

    assert (0, 2, 13) == (reviewed.approved, reviewed.rejected, reviewed.undecided)
    assert [("Rejected", "This says nothing.")] * 2 + [("Submitted", None)] == [
        status(marketplace, a) for a in done[:3]
    ]


def test_the_rest_is_approved_after_a_rejection(
    lab: Lab, pets: str, done: list[str]
) -> None:
    """What was rejected stays so when all others are approved."""
    lab.review(pets, reject=done[:1], feedback="Empty.")
    lab.review(pets, reject=done[:1], feedback="Empty.")
    lab.review(pets)
    report = lab.report(pets)

    assert (14, 1, 0) == (report.approved, report.rejected, report.submitted)


def test_a_rejected_answer_does_not_vote(lab: Lab, pets: str, done: list[str]) -> None:
    """Labels come from the answers that were not rejected."""
    before = lab.labels(pets, "majority-vote").n_votes
    lab.review(pets, reject=done[:4], feedback="Empty.")

    assert (15, 11) == (before, lab.labels(pets, "majority-vote").n_votes)


@pytest.mark.parametrize(
    ("reject", "reason"),
    [
        (["NONE"], "row 1, field 'assignment_id': 'NONE' is absent in batch 'pets'"),
        ([{"feedback": "No."}], "row 1, field 'assignment_id': is missing"),
    ],
)
def test_an_unknown_answer_is_not_rejected(
    lab: Lab, pets: str, done: list[str], reject: object, reason: str
) -> None:
    """A list with an answer that is not there is refused as a whole."""
    assert 15 == len(done)
    with pytest.raises(BadRow, match=reason):
        lab.review(pets, reject=reject, feedback="No.")


def test_nothing_is_rejected_where_one_is_wrong(
    lab: Lab, pets: str, done: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The sound rows of a bad list are not rejected either, however long it is."""
    monkeypatch.setattr(decisions, "CHUNK", 1)
    with pytest.raises(BadRow, match="'NONE'"):
        lab.review(pets, reject=[done[0], "NONE"], feedback="No.")
    reviewed = lab.review(pets)

    assert (15, 0) == (reviewed.approved, reviewed.rejected)


@pytest.mark.parametrize("feedback", [None, " ", "x" * 1025])
def test_a_rejection_has_a_reason(
    lab: Lab, pets: str, done: list[str], feedback: str | None
) -> None:
    """A rejection without feedback, or with too much, is refused."""
    with pytest.raises(BadRow, match=r"field 'feedback': .* told why"):
        lab.review(pets, reject=done[:1], feedback=feedback)


def test_what_is_paid_is_not_rejected(lab: Lab, pets: str, done: list[str]) -> None:
    """An approved answer in the list is refused by name."""
    lab.review(pets)

    with pytest.raises(BadRow, match=f"'{done[0]}' is Approved"):
        lab.review(pets, reject=done[:1], feedback="Late.")


def test_what_was_approved_by_time_is_noted(
    lab: Lab, pets: str, done: list[str], clock: ManualClock
) -> None:
    """An answer that the marketplace approved meanwhile is no error."""
    clock.advance(lab.batches()[0].auto_approval_seconds + 1)
    lab.review(pets, reject=done[:2], feedback="Late.")
    lab.review(pets)
    report = lab.report(pets)

    assert (15, 0) == (report.approved, report.rejected)


class Unplugged(Exception):
    """The process ends here."""


class Frayed:
    """A marketplace whose wire breaks once, after an approval was done."""

    def __init__(self, marketplace: Marketplace, breaks: int) -> None:
        self.marketplace, self.breaks = marketplace, breaks

    def call(self, operation: str, params: Mapping[str, Any], /) -> dict[str, Any]:
        """The marketplace's answer, as long as the wire holds."""
        answer = self.marketplace.call(operation, params)
        self.breaks -= operation == "ApproveAssignment"
        if not self.breaks:
            self.breaks = -1
            raise Unplugged
        return answer


def test_a_review_goes_on_where_it_was_killed(
    tmp_path: Path, marketplace: Marketplace, rows: list[dict[str, object]], work: Work
) -> None:
    """Approvals that were done and not noted are found done, and paid once."""
    wire = Frayed(marketplace, breaks=3)
    with Lab(tmp_path / "ledger.db", endpoint=wire) as lab:
        lab.create("pets", template="text-classification", inputs=rows, reward="0.05")
        lab.publish("pets")
        done = work(lab, "pets")
        lab.collect("pets")
        before = marketplace.balance
        with pytest.raises(Unplugged):
            lab.review("pets")
        reviewed = lab.review("pets")

        assert (15, 0) == (reviewed.approved, reviewed.undecided)
        assert before == marketplace.balance
        assert [("Approved", None)] * 15 == [status(marketplace, a) for a in done]


def test_a_refusal_keeps_what_was_decided(
    tmp_path: Path, marketplace: Marketplace, rows: list[dict[str, object]], work: Work
) -> None:
    """When the marketplace refuses half-way, the decisions before are noted."""

    class Refusing(Frayed):
        def call(self, operation: str, params: Mapping[str, Any], /) -> dict[str, Any]:
            self.breaks -= operation == "ApproveAssignment"
            if not self.breaks:
                raise MTurkError("RequestError", "no more today")
            return self.marketplace.call(operation, params)

    with Lab(tmp_path / "ledger.db", endpoint=Refusing(marketplace, 5)) as lab:
        lab.create("pets", template="text-classification", inputs=rows, reward="0.05")
        lab.publish("pets")
        work(lab, "pets")
        lab.collect("pets")
        with pytest.raises(MTurkError, match="no more today"):
            lab.review("pets")

        assert 4 == lab.report("pets").approved
        assert 11 == lab.review("pets").approved
