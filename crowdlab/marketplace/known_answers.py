"""ScoreMyKnownAnswers: a submitted answer against the answers that are known.

See `Assignment Review Policies <https://docs.aws.amazon.com/AWSMechTurk/latest/
AWSMturkAPI/ApiReference_AssignmentReviewPolicies.html>`_. Where that page says of
rejection "equal to or less", the parameter's name, which says less, is right.
"""

from collections.abc import Mapping
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

__all__ = ["KnownAnswers"]

NAME = "ScoreMyKnownAnswers/2011-09-01"
#: A threshold of 101 is met never, or missed always.
BEYOND = 101
FEWEST, MOST = 2, 25


@attrs.frozen
class KnownAnswers:
    """The policy: which answers are known, and what follows from the score.

    Example:
        >>> key = {"pet": frozenset({"cat"}), "sound": frozenset({"purr"})}
        >>> policy = KnownAnswers(key, Actions(approve_from=50))
        >>> policy.judge({"pet": frozenset({"cat"})})
        {'pet': True, 'sound': False}
        >>> policy.score({"pet": True, "sound": False})
        50
    """

    answer_key: Mapping[str, Values]
    actions: Actions

    @classmethod
    def read(cls, policy: Params) -> Self:
        """The policy that a request describes.

        Raises:
            Refusal: for another policy, or parameters that it cannot have.
        """
        with Parameters(policy, NAME) as parameters:
            return cls(parameters.entries("AnswerKey"), _actions(parameters))

    def judge(self, answer: Mapping[str, Values]) -> dict[str, bool]:
        """Whether each known answer was given: all of its values, and no others."""
        nothing: Values = frozenset()
        return {
            question: answer.get(question, nothing) == known
            for question, known in self.answer_key.items()
        }

    def score(self, verdicts: Mapping[str, bool]) -> int:
        """The percentage of known answers that were given."""
        return percent(sum(verdicts.values()), len(verdicts))


def _actions(parameters: Parameters) -> Actions:
    def threshold(key: str) -> int | None:
        return parameters.number(key, 0, BEYOND)

    return Actions(
        approve_from=threshold("ApproveIfKnownAnswerScoreIsAtLeast"),
        approve_reason=parameters.text("ApproveReason"),
        reject_below=threshold("RejectIfKnownAnswerScoreIsLessThan"),
        reject_reason=parameters.text("RejectReason"),
        extend_below=threshold("ExtendIfKnownAnswerScoreIsLessThan"),
        most_assignments=parameters.number("ExtendMaximumAssignments", FEWEST, MOST)
        or Actions().most_assignments,
        extra_seconds=extra_seconds(parameters) or 0,
    )
