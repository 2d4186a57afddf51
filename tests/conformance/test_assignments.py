"""Assignments: taken, submitted, listed, decided, undone, forgotten."""

import datetime as dt
import xml.etree.ElementTree as ET
from collections.abc import Callable
from typing import Any

import pytest

from crowdlab.errors import WorkRefused
from tests.conformance.bench import DAY, Bench, request_error, wrong_state
from tests.conformance.papers import external, html
from tests.marketplace.people import SCHEMAS, exam

ANSWERS = f"{{{SCHEMAS}2005-10-01/QuestionFormAnswers.xsd}}"


def later(moment: dt.datetime, seconds: int) -> dt.datetime:
    """So many seconds after a moment."""
    return moment + dt.timedelta(seconds=seconds)


def answers_of(bench: Bench, assignment: str) -> dict[str, list[str]]:
    """What stands in an answer: the texts behind each question."""
    root = ET.fromstring(bench.assignment(assignment)["Answer"].encode())  # noqa: S314
    assert root.tag == f"{ANSWERS}QuestionFormAnswers"
    return {
        str(answer.findtext(f"{ANSWERS}QuestionIdentifier")): [
            part.text or "" for part in list(answer)[1:]
        ]
        for answer in root
    }


def test_a_submitted_assignment(bench: Bench) -> None:
    """It has its times, its worker, its answer, and comes with its HIT."""
    hit = bench.hit(AssignmentDurationInSeconds=600, AutoApprovalDelayInSeconds=7200)
    worker, done = bench.accept(hit)
    bench.clock.advance(30)
    bench.workers.submit(worker, done, {"answer": "yes"})
    found = bench.client.get_assignment(AssignmentId=done)

    work = found["Assignment"]
    assert (work["AssignmentId"], work["WorkerId"]) == (done, worker)
    assert (work["HITId"], work["AssignmentStatus"]) == (hit["HITId"], "Submitted")
    assert work["Deadline"] == later(work["AcceptTime"], 600)
    assert work["SubmitTime"] == later(work["AcceptTime"], 30)
    assert work["AutoApprovalTime"] == later(work["SubmitTime"], 7200)
    assert found["HIT"] == bench.get(hit)


def test_fields_of_a_page(bench: Bench) -> None:
    """Each field is an answer; the marketplace's own are not, empty ones are."""
    _, done = bench.do(
        bench.hit(),
        assignmentId="forged",
        hitId="forged",
        text="a < b & ünïcode 🦊",
        empty="",
        boxes=["one", "two"],
    )

    assert answers_of(bench, done) == {
        "text": ["a < b & ünïcode 🦊"],
        "empty": [""],
        "boxes": ["one|two"],
    }


def test_the_answer_is_ascii(bench: Bench) -> None:
    """An answer says that it is ASCII, and is; what is not becomes a reference."""
    _, done = bench.do(bench.hit(), q="é", e="")
    answer = bench.assignment(done)["Answer"]

    assert answer.startswith('<?xml version="1.0" encoding="ASCII"?>')
    assert answer.isascii()
    assert "&#233;" in answer
    assert "<FreeText/>" in answer
    assert "\n" in answer


def test_choices_of_a_form(bench: Bench) -> None:
    """What is chosen in a QuestionForm comes back as SelectionIdentifier."""
    _, done = bench.do(bench.hit(Question=exam("q1", "q2")), q1=["b"], q2=["a"])
    answer = bench.assignment(done)["Answer"]

    assert answers_of(bench, done) == {"q1": ["b"], "q2": ["a"]}
    assert answer.count("<SelectionIdentifier>") == 2


def test_the_frame_of_a_page_elsewhere(bench: Bench) -> None:
    """An ExternalQuestion's URL keeps its query, and is told of the preview."""
    hit = bench.hit(Question=external("https://example.org/t?a=1&amp;b=2"))
    url = bench.workers.preview(bench.worker(), hit["HITId"]).url

    assert url.startswith("https://example.org/t?a=1&b=2&")
    assert url.count("?") == 1
    assert "assignmentId=ASSIGNMENT_ID_NOT_AVAILABLE" in url
    assert f"hitId={hit['HITId']}" in url
    assert "workerId" not in url


def test_the_frame_of_a_page_that_is_served(bench: Bench) -> None:
    """An HTMLQuestion's page is handed out as it is."""
    frame = bench.workers.preview(
        bench.worker(), bench.hit(Question=html("Rex?"))["HITId"]
    )

    assert frame.html
    assert "Rex?" in frame.html
    assert "assignmentId=ASSIGNMENT_ID_NOT_AVAILABLE" in frame.url


def accepted(bench: Bench) -> str:
    """An assignment that somebody works on."""
    return bench.accept(bench.hit())[1]


def returned(bench: Bench) -> str:
    """An assignment that was given back."""
    work = bench.accept(bench.hit())
    bench.workers.return_(*work)
    return work[1]


def abandoned(bench: Bench) -> str:
    """An assignment whose time ran out."""
    _, taken = bench.accept(bench.hit())
    bench.clock.advance(600)
    return taken


UNSEEN = pytest.mark.parametrize("make", [accepted, returned, abandoned])


@UNSEEN
def test_what_the_requester_does_not_see(
    bench: Bench, make: Callable[[Bench], str]
) -> None:
    """Before it is submitted, or without that, an assignment is not to be had."""
    refused = bench.refusal("get_assignment", AssignmentId=make(bench))

    assert refused == wrong_state("Reviewable,Approved,Rejected")


@UNSEEN
def test_what_cannot_be_decided(bench: Bench, make: Callable[[Bench], str]) -> None:
    """Approving and rejecting find no state where nothing was submitted."""
    name = make(bench)

    assert wrong_state("null") == bench.refusal("approve_assignment", AssignmentId=name)
    assert wrong_state("null") == bench.refusal(
        "reject_assignment", AssignmentId=name, RequesterFeedback="no"
    )


def test_lists_hold_what_was_submitted(bench: Bench) -> None:
    """Accepted and returned assignments are in no list."""
    hit = bench.hit(MaxAssignments=3)
    bench.accept(hit)
    bench.workers.return_(*bench.accept(hit))
    _, done = bench.do(hit)
    listed = bench.client.list_assignments_for_hit(HITId=hit["HITId"])

    assert [work["AssignmentId"] for work in listed["Assignments"]] == [done]
    assert listed["NumResults"] == 1
    assert listed["Assignments"][0] == bench.assignment(done)


def test_states_filter_a_list(bench: Bench) -> None:
    """Several states are a union; without any, all three are meant."""
    hit = bench.hit(MaxAssignments=3)
    done = [bench.do(hit)[1] for _ in range(3)]
    bench.approve(done[1])
    bench.reject(done[2])

    def listed(*states: str) -> list[str]:
        given = {"AssignmentStatuses": list(states)} if states else {}
        page = bench.client.list_assignments_for_hit(HITId=hit["HITId"], **given)
        return [work["AssignmentId"] for work in page["Assignments"]]

    assert listed("Submitted") == [done[0]]
    assert listed("Approved") == [done[1]]
    assert listed("Rejected") == [done[2]]
    assert listed("Rejected", "Submitted") == [done[0], done[2]]
    assert listed() == done


def test_the_order_of_a_list(bench: Bench) -> None:
    """What was submitted first comes first, whoever accepted first."""
    hit = bench.hit(MaxAssignments=3)
    taken = [bench.accept(hit) for _ in range(3)]
    for work in reversed(taken):
        bench.workers.submit(*work, {"answer": "1"})
        bench.clock.advance(1)
    page = bench.client.list_assignments_for_hit(HITId=hit["HITId"])

    listed = [work["AssignmentId"] for work in page["Assignments"]]
    assert listed == [name for _, name in reversed(taken)]


def test_approving(bench: Bench) -> None:
    """An approved assignment has its time and what was said."""
    _, done = bench.do(bench.hit())
    bench.clock.advance(60)
    bench.approve(done, RequesterFeedback="thanks")
    work = bench.assignment(done)

    assert (work["AssignmentStatus"], work["RequesterFeedback"]) == (
        "Approved",
        "thanks",
    )
    assert work["ApprovalTime"] == later(work["SubmitTime"], 60)
    assert "RejectionTime" not in work


def test_rejecting(bench: Bench) -> None:
    """A rejected assignment has its time and the reason, and is not published again."""
    hit = bench.hit()
    _, done = bench.do(hit)
    bench.reject(done)
    work = bench.assignment(done)

    assert (work["AssignmentStatus"], work["RequesterFeedback"]) == ("Rejected", "no")
    assert work["RejectionTime"] == work["SubmitTime"]
    assert "ApprovalTime" not in work
    assert bench.standing(hit) == ("Reviewable", 0, 0)


@pytest.mark.parametrize("first", ["approve", "reject"])
def test_deciding_twice(bench: Bench, first: str) -> None:
    """A decision stands: neither approving nor rejecting comes after it."""
    _, done = bench.do(bench.hit())
    getattr(bench, first)(done)

    assert wrong_state("Submitted") == bench.refusal(
        "approve_assignment", AssignmentId=done
    )
    assert wrong_state("Submitted") == bench.refusal(
        "reject_assignment", AssignmentId=done, RequesterFeedback="no"
    )


@pytest.mark.parametrize("operation", ["approve_assignment", "reject_assignment"])
def test_feedback_has_a_limit(bench: Bench, operation: str) -> None:
    """It has at most 1024 characters."""
    _, done = bench.do(bench.hit())
    given = {"AssignmentId": done, "RequesterFeedback": "x" * 1025}

    assert bench.refusal(operation, **given).code == "ParameterValidationError"
    getattr(bench.client, operation)(**given | {"RequesterFeedback": "x" * 1024})


def rejected(bench: Bench) -> tuple[dict[str, Any], str]:
    """A HIT whose only work was rejected."""
    hit = bench.hit(MaxAssignments=2)
    _, done = bench.do(hit)
    bench.reject(done)
    return hit, done


def test_overriding(bench: Bench) -> None:
    """Thirty days long a rejection can become an approval, and leaves no trace."""
    _, done = rejected(bench)
    bench.clock.advance(30 * DAY)
    bench.approve(done, OverrideRejection=True)
    work = bench.assignment(done)

    assert work["AssignmentStatus"] == "Approved"
    assert work["ApprovalTime"]
    assert "RejectionTime" not in work


def test_overriding_must_be_said(bench: Bench) -> None:
    """Approving alone does not override, and what is approved needs none."""
    _, done = rejected(bench)
    given = {"AssignmentId": done}
    assert bench.refusal("approve_assignment", **given) == wrong_state("Submitted")
    bench.approve(done, OverrideRejection=True)

    assert wrong_state("Submitted") == bench.refusal(
        "approve_assignment", **given, OverrideRejection=True
    )


@pytest.mark.parametrize("how", ["late", "deleted"])
def test_overriding_comes_too_late(bench: Bench, how: str) -> None:
    """After thirty days, or once the HIT is gone, a rejection stands."""
    hit, done = rejected(bench)
    if how == "late":
        bench.clock.advance(30 * DAY + 1)
    else:
        bench.expire(hit)
        bench.client.delete_hit(HITId=hit["HITId"])

    refused = bench.refusal(
        "approve_assignment", AssignmentId=done, OverrideRejection=True
    )

    assert refused == request_error("InvalidAssignmentState")


def test_approval_by_itself(bench: Bench) -> None:
    """What nobody decides on is approved after the delay, and dated then."""
    _, done = bench.do(bench.hit(AutoApprovalDelayInSeconds=3600))
    bench.clock.advance(3599)
    assert bench.assignment(done)["AssignmentStatus"] == "Submitted"
    bench.clock.advance(1000)
    work = bench.assignment(done)

    assert work["AssignmentStatus"] == "Approved"
    assert work["ApprovalTime"] == work["AutoApprovalTime"]


def test_approval_at_once(bench: Bench) -> None:
    """Without any delay it is approved as soon as it is submitted."""
    _, done = bench.do(bench.hit(AutoApprovalDelayInSeconds=0))

    assert bench.assignment(done)["AssignmentStatus"] == "Approved"


def test_abandoning(bench: Bench) -> None:
    """At its deadline an assignment is free for others, and no longer its worker's."""
    hit = bench.hit(AssignmentDurationInSeconds=60)
    work = bench.accept(hit)
    bench.clock.advance(59)
    assert bench.standing(hit) == ("Unassignable", 0, 1)
    bench.clock.advance(1)

    assert bench.standing(hit) == ("Assignable", 1, 0)
    with pytest.raises(WorkRefused):
        bench.workers.submit(*work, {"answer": "late"})
    assert bench.do(hit)


def test_one_each(bench: Bench) -> None:
    """A worker has one assignment of a HIT, whatever became of it, and never two."""
    hit = bench.hit(MaxAssignments=5)
    worker, done = bench.accept(hit)
    with pytest.raises(WorkRefused):
        bench.accept(hit, worker)
    bench.workers.submit(worker, done, {"answer": "1"})
    with pytest.raises(WorkRefused):
        bench.accept(hit, worker)
    bench.reject(done)

    with pytest.raises(WorkRefused):
        bench.accept(hit, worker)


@pytest.mark.parametrize("how", ["return", "abandon"])
def test_another_try(bench: Bench, how: str) -> None:
    """Who gave one back, or let its time pass, may take the HIT again."""
    hit = bench.hit()
    worker, first = bench.accept(hit)
    if how == "return":
        bench.workers.return_(worker, first)
    else:
        bench.clock.advance(600)
    _, second = bench.accept(hit, worker)

    assert first != second


def test_somebody_elses_work(bench: Bench) -> None:
    """A worker neither submits nor returns what another one took."""
    _, taken = bench.accept(bench.hit())
    other = bench.worker()

    with pytest.raises(WorkRefused):
        bench.workers.submit(other, taken, {"answer": "1"})
    with pytest.raises(WorkRefused):
        bench.workers.return_(other, taken)


def test_returning_what_is_done(bench: Bench) -> None:
    """What was submitted cannot be given back."""
    worker, done = bench.do(bench.hit())

    with pytest.raises(WorkRefused):
        bench.workers.return_(worker, done)


def test_no_more_than_there_are(bench: Bench) -> None:
    """The last assignment goes to one worker."""
    hit = bench.hit(MaxAssignments=2)
    bench.accept(hit)
    bench.accept(hit)

    with pytest.raises(WorkRefused, match="no assignment left"):
        bench.accept(hit)


def test_there_are_no_files(bench: Bench) -> None:
    """No worker has uploaded a file since 2017."""
    _, done = bench.do(bench.hit())

    refused = bench.refusal(
        "get_file_upload_url", AssignmentId=done, QuestionIdentifier="answer"
    )

    assert refused.code == "RequestError"
