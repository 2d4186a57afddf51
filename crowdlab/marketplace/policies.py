"""Review policies as a request gives them: parameters that are lists of texts."""

import re
from collections.abc import Mapping
from types import TracebackType
from typing import Any, Self

import attrs

from crowdlab.marketplace.call import Params
from crowdlab.marketplace.refusals import bad_parameter, out_of_range
from crowdlab.questions import parse_answers

__all__ = [
    "Actions",
    "Parameters",
    "Values",
    "extra_seconds",
    "percent",
    "read_answer",
    "values_of",
]

#: What stands in an answer: the boxes that are ticked, or one text.
Values = frozenset[str]

MINUTE, YEAR = 60, 365 * 24 * 3600
_FLAGS = {"true": True, "t": True, "false": False, "f": False}
_NUMBER = re.compile(r"-?\d+", re.ASCII)


class Parameters:
    """A policy's parameters, each to be taken once; what is left over is refused.

    Example:
        >>> policy = {"PolicyName": "P", "Parameters": [{"Key": "N", "Values": ["7"]}]}
        >>> with Parameters(policy, "P") as parameters:
        ...     parameters.number("N", 0, 9), parameters.flag("T")
        (7, False)
    """

    def __init__(self, policy: Params, name: str) -> None:
        if policy["PolicyName"] != name:
            hint = f"At this level it is {name}."
            raise bad_parameter("PolicyName", policy["PolicyName"], hint)
        self._left: dict[str, Mapping[str, Any]] = {}
        for parameter in policy.get("Parameters") or []:
            key = parameter.get("Key")
            if not key or key in self._left:
                raise bad_parameter("Key", key, "Each parameter has a name of its own.")
            self._left[key] = parameter

    def __enter__(self) -> Self:
        """Itself; at the end of the block nothing may be left."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Refuses a parameter that nobody took."""
        if error is None and self._left:
            hint = "The policy has no such parameter."
            raise bad_parameter("Key", next(iter(self._left)), hint)

    def __contains__(self, key: str) -> bool:
        """Whether the parameter is given, and not taken yet."""
        return key in self._left

    def texts(self, key: str) -> list[str]:
        """The values of a parameter; none where it is not given."""
        parameter = self._left.pop(key, {})
        if parameter.get("MapEntries"):
            raise bad_parameter(key, "MapEntries", "It takes Values.")
        return list(parameter.get("Values") or [])

    def text(self, key: str) -> str | None:
        """The one value of a parameter, or ``None``."""
        if key not in self:
            return None
        texts = self.texts(key)
        if len(texts) != 1:
            raise bad_parameter(key, texts, "It takes one value.")
        return texts[0]

    def number(
        self, key: str, low: int | None = None, high: int | None = None
    ) -> int | None:
        """A whole number within bounds, or ``None``."""
        text = self.text(key)
        if text is None:
            return None
        if not _NUMBER.fullmatch(text.strip()):
            raise bad_parameter(key, text, "It takes a whole number.")
        number = int(text)
        if low is not None and high is not None and not low <= number <= high:
            raise out_of_range(key, number, low, high)
        return number

    def flag(self, key: str) -> bool:
        """A yes or no, where T and F will do; no where it is not given."""
        text = self.text(key)
        if text is None:
            return False
        if text.strip().lower() not in _FLAGS:
            raise bad_parameter(key, text, "It takes true or false.")
        return _FLAGS[text.strip().lower()]

    def entries(self, key: str) -> dict[str, Values]:
        """The values of each entry of a map, which is not empty."""
        parameter = self._left.pop(key, {})
        entries = parameter.get("MapEntries") or []
        found = {str(entry.get("Key")): entry for entry in entries if entry.get("Key")}
        if not found or len(found) < len(entries) or parameter.get("Values"):
            hint = "It takes MapEntries, each with a Key of its own."
            raise bad_parameter(key, sorted(found), hint)
        return {
            name: values_of(*(entry.get("Values") or []))
            for name, entry in found.items()
        }


@attrs.frozen
class Actions:
    """What follows from a score.

    Attributes:
        approve_from: the least score that is approved, if any is.
        reject_below: the score that is not rejected any more, if any is.
        extend_below: likewise, for one more assignment.
        most_assignments: the size to which extending may bring a HIT.
        extra_seconds: what extending adds to its lifetime.
    """

    approve_from: int | None = None
    approve_reason: str | None = None
    reject_below: int | None = None
    reject_reason: str | None = None
    extend_below: int | None = None
    most_assignments: int = 5
    extra_seconds: int = 0

    def approves(self, score: int) -> bool:
        """Whether work of that score is approved."""
        return self.approve_from is not None and score >= self.approve_from

    def rejects(self, score: int) -> bool:
        """Whether work of that score is rejected."""
        return self.reject_below is not None and score < self.reject_below

    def extends(self, score: int) -> bool:
        """Whether that score calls for one more assignment."""
        return self.extend_below is not None and score < self.extend_below


def extra_seconds(parameters: Parameters) -> int | None:
    """What extending adds to the lifetime, if it is given."""
    return parameters.number("ExtendMinimumTimeInSeconds", MINUTE, YEAR)


def values_of(*texts: str) -> Values:
    """The values that texts name, without the blanks around them.

    Several of one field come joined with ``|``.

    Example:
        >>> sorted(values_of(" cat|dog", "ant "))
        ['ant', 'cat', 'dog']
    """
    parts = (part.strip() for text in texts for part in text.split("|"))
    return frozenset(filter(None, parts))


def read_answer(xml: str, *, longest: int | None = None) -> dict[str, Values]:
    """The values of each question in a worker's answer.

    Args:
        longest: leaves out texts of more characters.
    """
    return {
        question: values_of(text)
        for question, text in parse_answers(xml).items()
        if longest is None or len(text) <= longest
    }


def percent(part: int, whole: int) -> int:
    """A share in percent, cut and not rounded.

    Example:
        >>> percent(2, 3)
        66
    """
    return 100 * part // whole
