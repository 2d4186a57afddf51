"""SimplePlurality: what the workers of a HIT agree on, and who is in the majority.

See `HIT Review Policies <https://docs.aws.amazon.com/AWSMechTurk/latest/AWSMturkAPI/
ApiReference_HITReviewPolicies.html>`_.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Self

import attrs

from crowdlab.marketplace.call import Params
from crowdlab.marketplace.policies import (
    Actions,
    Parameters,
    Values,
    extra_seconds,
    percent,
)
from crowdlab.marketplace.refusals import bad_parameter

__all__ = ["LONGEST", "Agreed", "Agreement", "Plurality", "agree"]

NAME = "SimplePlurality/2011-09-01"
#: Answers of more characters are not compared.
LONGEST = 256
#: What a threshold for extending may be.
LEAST, ALL = 1, 100
#: No service knows HITs of more assignments.
MOST = 1_000_000_000

#: One worker's answers by question; a question without any is not compared.
Answer = Mapping[str, Values]


@attrs.frozen
class Agreed:
    """The answer to a question that the workers agree on.

    Attributes:
        score: the percentage of workers who gave it.
    """

    values: Values
    score: int

    @property
    def text(self) -> str:
        """The answer in one line."""
        return "|".join(sorted(self.values))


@attrs.frozen
class Agreement:
    """What the workers agree on.

    Attributes:
        n_questions: how many were compared.
        agreed: the questions that have an answer.
        verdicts: whether each worker gave the answer, for each such question.
    """

    n_questions: int
    agreed: Mapping[str, Agreed]
    verdicts: Mapping[str, Mapping[str, bool]]

    @property
    def score(self) -> int:
        """The percentage of questions that have an answer: HIT Agreement Score."""
        return percent(len(self.agreed), self.n_questions)

    def worker_score(self, worker: str) -> int | None:
        """The percentage of agreed answers that the worker gave; none without any."""
        verdicts = self.verdicts[worker]
        return percent(sum(verdicts.values()), len(verdicts)) if verdicts else None


@attrs.frozen
class Plurality:
    """The policy: which questions to compare, and what follows from the scores."""

    questions: Sequence[str]
    threshold: int
    disregards_rejected: bool
    disregards_below: int | None
    actions: Actions

    @classmethod
    def read(cls, policy: Params) -> Self:
        """The policy that a request describes.

        Raises:
            Refusal: for another policy, or parameters that it cannot have.
        """
        with Parameters(policy, NAME) as parameters:
            return cls(
                _questions(parameters),
                _threshold(parameters),
                parameters.flag("DisregardAssignmentIfRejected"),
                parameters.number("DisregardAssignmentIfKnownAnswerScoreIsLessThan"),
                _actions(parameters),
            )

    def counts(self, status: str, known_answer_score: int | None) -> bool:
        """Whether an assignment takes part in the comparison."""
        if self.disregards_rejected and status == "Rejected":
            return False
        if self.disregards_below is None or known_answer_score is None:
            return True
        return known_answer_score >= self.disregards_below


def agree(
    questions: Sequence[str], answers: Mapping[str, Answer], threshold: int
) -> Agreement:
    """What workers agree on, given their answers by worker.

    A question has an agreed answer when more than ``threshold`` percent gave it, and
    no other answer was given as often.

    Example:
        >>> rows = {
        ...     "coat": "coat blue large Furry",
        ...     "sweater": "sweater blue large fur",
        ...     "green": "coat green large furr",
        ... }
        >>> answers = {
        ...     worker: {q: frozenset({a}) for q, a in zip("ABCD", row.split())}
        ...     for worker, row in rows.items()
        ... }
        >>> agreement = agree("ABCD", answers, 50)
        >>> agreement.score, [agreement.worker_score(worker) for worker in rows]
        (75, [100, 66, 66])
    """
    found = {
        question: _agreed([a[question] for a in answers.values() if question in a])
        for question in questions
    }
    agreed = {
        question: answer
        for question, answer in found.items()
        if answer is not None and answer.score > threshold
    }
    verdicts = {
        worker: {
            question: answer[question] == agreed[question].values
            for question in agreed
            if question in answer
        }
        for worker, answer in answers.items()
    }
    return Agreement(len(questions), agreed, verdicts)


def _agreed(answers: Sequence[Values]) -> Agreed | None:
    """The answer that most gave; having left a question out is no answer."""
    ranks = Counter(answers).most_common(2)
    if not ranks or not ranks[0][0] or (len(ranks) > 1 and ranks[1][1] == ranks[0][1]):
        return None
    values, n = ranks[0]
    return Agreed(values, percent(n, len(answers)))


def _questions(parameters: Parameters) -> list[str]:
    """The names of the questions: a list, or one text with commas."""
    # The reference's table and its example spell the parameter differently.
    key = "QuestionIDs" if "QuestionIDs" in parameters else "QuestionIds"
    names = [n.strip() for text in parameters.texts(key) for n in text.split(",")]
    if not names or not all(names) or len(set(names)) < len(names):
        raise bad_parameter(key, ",".join(names), "It takes names of questions.")
    return names


def _threshold(parameters: Parameters) -> int:
    threshold = parameters.number("QuestionAgreementThreshold")
    if threshold is None:
        raise _missing("QuestionAgreementThreshold")
    return threshold


def _actions(parameters: Parameters) -> Actions:
    most = parameters.number("ExtendMaximumAssignments", 1, MOST)
    seconds = extra_seconds(parameters)
    extend_below = parameters.number("ExtendIfHITAgreementScoreIsLessThan", LEAST, ALL)
    if extend_below is not None and most is None:
        raise _missing("ExtendMaximumAssignments")
    if extend_below is not None and seconds is None:
        raise _missing("ExtendMinimumTimeInSeconds")
    return Actions(
        approve_from=parameters.number("ApproveIfWorkerAgreementScoreIsAtLeast"),
        reject_below=parameters.number("RejectIfWorkerAgreementScoreIsLessThan"),
        reject_reason=parameters.text("RejectReason"),
        extend_below=extend_below,
        most_assignments=most or 1,
        extra_seconds=seconds or 0,
    )


def _missing(key: str) -> Exception:
    return bad_parameter(key, "null", "The policy needs it.")
