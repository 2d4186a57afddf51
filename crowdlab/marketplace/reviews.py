"""Reviews: a HIT's policies applied, and what they found and did written down."""

import json
from collections.abc import Collection

import attrs
from sqlalchemy import bindparam

from crowdlab.database import Statement
from crowdlab.marketplace.call import Call, Row, present
from crowdlab.marketplace.decisions import ASSIGNMENT_COLUMNS, approve, reject
from crowdlab.marketplace.extensions import enlarge, prolong
from crowdlab.marketplace.known_answers import KnownAnswers
from crowdlab.marketplace.plurality import LONGEST, Agreement, Plurality, agree
from crowdlab.marketplace.policies import Actions, Values, read_answer
from crowdlab.marketplace.refusals import TURK, Refusal
from crowdlab.marketplace.schema import assignments, review_entries

__all__ = [
    "Report",
    "review_assignment",
    "review_hit",
]

_NEW = Statement(review_entries.insert())
_WORK = Statement(ASSIGNMENT_COLUMNS.where(assignments.c.id == bindparam("key")))
_SUBMITTED = Statement(
    ASSIGNMENT_COLUMNS.where(
        (assignments.c.hit == bindparam("key")) & assignments.c.submitted.is_not(None)
    ).order_by(assignments.c.submitted, assignments.c.id)
)
_SCORED = Statement(
    assignments.update()
    .where(assignments.c.id == bindparam("key"))
    .values(known_answer_score=bindparam("score"))
)

_DECISIONS = {"Approved": ("approve", approve), "Rejected": ("reject", reject)}


@attrs.frozen
class Report:
    """Where one review writes down what it finds and does.

    Attributes:
        level: ``Assignment`` or ``HIT``, the policy's.
        at: when the review happens.
        action_id: names the review itself.
    """

    call: Call
    hit: Row
    level: str
    at: int
    action_id: str

    def found(
        self, key: str, value: object, work: Row = None, question: str | None = None
    ) -> None:
        """Notes a result about an assignment, or about the HIT."""
        entry = present(
            ActionId=self.action_id,
            SubjectId=work.assignment_id if work else self.hit.hit_id,
            SubjectType="Assignment" if work else "HIT",
            QuestionId=question,
            Key=key,
            Value=str(value),
        )
        self._note("result", entry)

    def did(
        self, name: str, result: str, work: Row = None, error: str | None = None
    ) -> None:
        """Notes what was done to an assignment, or to the HIT, or why it failed."""
        entry = present(
            ActionId=self.action_id if name == "review" else self._new_id(),
            ActionName=name,
            TargetId=work.assignment_id if work else self.hit.hit_id,
            TargetType="Assignment" if work else "HIT",
            Status="Failed" if error else "Succeeded",
            CompleteTime=self.at,
            Result=result,
            ErrorCode=error and TURK + error,
        )
        self._note("action", entry)

    def _note(self, kind: str, entry: dict[str, object]) -> None:
        self.call.run(
            _NEW, hit=self.hit.id, level=self.level, kind=kind, entry=json.dumps(entry)
        )

    def _new_id(self) -> str:
        return self.call.house.ids.new("3")


def review_assignment(call: Call, hit: Row, key: int) -> None:
    """Applies the HIT's assignment policy, if it has one, to what was just submitted."""
    if hit.assignment_policy is None:
        return
    work = call.one(_WORK, key=key)
    policy = KnownAnswers.read(json.loads(hit.assignment_policy))
    report = _open(call, hit, "Assignment", work.submitted)
    verdicts = policy.judge(read_answer(work.answer))
    score = policy.score(verdicts)
    call.run(_SCORED, key=work.id, score=score)
    for question, is_right in verdicts.items():
        report.found("KnownAnswerCorrect", int(is_right), work, question)
    report.found("KnownAnswerScore", score, work)
    report.did("review", _summary(verdicts.values()), work)
    _decide(report, work, policy.actions, score)
    if policy.actions.extends(score):
        _extend(report, policy.actions)


def review_hit(call: Call, hit: Row, at: int) -> bool:
    """Applies the HIT's own policy, if it has one; says whether it asks for more work."""
    if hit.hit_policy is None:
        return False
    policy = Plurality.read(json.loads(hit.hit_policy))
    works = {
        work.assignment_id: work
        for work in call.rows(_SUBMITTED, key=hit.id)
        if policy.counts(work.status, work.known_answer_score)
    }
    if not works:
        return False
    report = _open(call, hit, "HIT", at)
    answers = {name: _compared(policy, work) for name, work in works.items()}
    agreement = agree(policy.questions, answers, policy.threshold)
    _report_questions(report, policy, agreement)
    for name, work in works.items():
        _report_worker(report, agreement, work)
        score = agreement.worker_score(name)
        if score is not None:
            _decide(report, work, policy.actions, score)
    report.found("HitAgreementScore", agreement.score)
    return policy.actions.extends(agreement.score) and _extend(report, policy.actions)


def _open(call: Call, hit: Row, level: str, at: int) -> Report:
    return Report(call, hit, level, at, call.house.ids.new("3"))


def _summary(verdicts: Collection[bool]) -> str:
    number = (
        "one known answer" if len(verdicts) == 1 else f"{len(verdicts)} known answers"
    )
    return f"Reviewed {number}; {sum(verdicts)}/{len(verdicts)} correct"


def _compared(policy: Plurality, work: Row) -> dict[str, Values]:
    """An assignment's answers to the policy's questions; long ones are left out."""
    given = read_answer(work.answer)
    short = read_answer(work.answer, longest=LONGEST)
    nothing: Values = frozenset()
    return {
        question: short.get(question, nothing)
        for question in policy.questions
        if question in short or question not in given
    }


def _report_questions(report: Report, policy: Plurality, agreement: Agreement) -> None:
    # The reference lists one set of keys and shows another; programs read either.
    for question in policy.questions:
        answer = agreement.agreed.get(question)
        found = "true" if answer else "false"
        report.found("AgreedAnswerFound", found, question=question)
        if answer:
            report.found("AgreedAnswer", answer.text, question=question)
            report.found("AnswerAgreementScore", answer.score, question=question)
            report.found("PluralityAnswer", answer.text, question=question)
            report.found("PluralityLevel", answer.score, question=question)


def _report_worker(report: Report, agreement: Agreement, work: Row) -> None:
    verdicts = agreement.verdicts[work.assignment_id]
    score = agreement.worker_score(work.assignment_id)
    for question, agreed in verdicts.items():
        report.found("AgreedWithPlurality", int(agreed), work, question)
    if score is not None:
        right = sum(verdicts.values())
        report.found("WorkerAgreementScore", score, work)
        report.found("PluralityAnswersCorrect", right, work)
        report.found("PluralityAnswersIncorrect", len(verdicts) - right, work)


def _decide(report: Report, work: Row, actions: Actions, score: int) -> None:
    """Approves or rejects; of a policy that asks for both, the first succeeds."""
    state = work.status
    if actions.approves(score):
        state = _apply(report, work, state, "Approved", actions.approve_reason)
    if actions.rejects(score):
        _apply(report, work, state, "Rejected", actions.reject_reason)


def _apply(
    report: Report, work: Row, state: str, wanted: str, reason: str | None
) -> str:
    """Brings an assignment from a state to another, if it can; gives its new state."""
    name, decide = _DECISIONS[wanted]
    if state == wanted:
        report.did(name, f"Already {wanted.lower()}", work)
    elif state != "Submitted":
        text = "Assignment was in an invalid state for this operation."
        report.did(name, text, work, "InvalidAssignmentState")
    else:
        decide(report.call, work, report.at, reason)
        report.did(name, wanted, work)
        return wanted
    return state


def _extend(report: Report, actions: Actions) -> bool:
    """One more assignment, and the time for it, unless the HIT is large enough."""
    call, hit, at = report.call, report.hit, report.at
    if hit.max_assignments >= actions.most_assignments:
        report.did("extend", f"Already {hit.max_assignments} assignments")
        return False
    try:
        enlarge(call, hit, 1, at)
    except Refusal as refusal:
        report.did("extend", refusal.text, error=refusal.turk_code)
        return False
    if actions.extra_seconds:
        prolong(call, hit, actions.extra_seconds, at)
    report.did("extend", f"Extended to {hit.max_assignments + 1} assignments")
    return True
