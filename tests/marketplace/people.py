"""A marketplace with its clock and client, and the steps that people take on it."""

from itertools import count
from typing import Any

import pytest
from botocore.exceptions import ClientError
from mypy_boto3_mturk import MTurkClient

from crowdlab.marketplace import ManualClock, Marketplace
from tests.marketplace.steps import do, hit_parameters

__all__ = [
    "ADULT",
    "APPROVED",
    "LOCALE",
    "MASTERS",
    "PERCENT",
    "Square",
    "answer_key",
    "exam",
    "lives",
    "refusal",
    "requires",
]

APPROVED, ADULT = "00000000000000000040", "00000000000000000060"
LOCALE, PERCENT = "00000000000000000071", "000000000000000000L0"
MASTERS = "2F1QJWKUDD8XADTFD2Q0G6UTO95ALH"
SCHEMAS = "http://mechanicalturk.amazonaws.com/AWSMechanicalTurkDataSchemas/"


class Square:
    """A marketplace where names never repeat, so that one serves many tests."""

    def __init__(self) -> None:
        self.clock = ManualClock()
        self.market = Marketplace(clock=self.clock, seed=7)
        self.client: MTurkClient = self.market.client()
        self._numbers = count(1)

    def qualification_type(self, **changes: Any) -> str:
        """Creates a Qualification type, and gives its id."""
        parameters: dict[str, Any] = {
            "Name": f"Skill {next(self._numbers)}",
            "Description": "What it takes",
            "QualificationTypeStatus": "Active",
            **changes,
        }
        created = self.client.create_qualification_type(**parameters)
        return created["QualificationType"]["QualificationTypeId"]

    def hit(self, *requirements: dict[str, Any], **changes: Any) -> dict[str, Any]:
        """Creates a HIT of a type of its own, with these requirements."""
        title = f"Picture {next(self._numbers)}"
        parameters = hit_parameters(
            QualificationRequirements=list(requirements),
            **{"Title": title, "MaxAssignments": 9, **changes},
        )
        return dict(self.client.create_hit(**parameters)["HIT"])

    def expire(self, hit: dict[str, Any]) -> None:
        """Ends a HIT's time on the market."""
        self.client.update_expiration_for_hit(HITId=hit["HITId"], ExpireAt="1987-01-01")

    def reviewed_worker(self) -> str:
        """A worker whose work the requester has approved."""
        worker, assignment = do(self.market, self.hit())
        self.client.approve_assignment(AssignmentId=assignment)
        return worker

    def score(self, type_id: str, worker: str) -> int:
        """The worker's value of a Qualification."""
        found = self.client.get_qualification_score(
            QualificationTypeId=type_id, WorkerId=worker
        )
        return found["Qualification"]["IntegerValue"]


def refusal(call: Any, *values: Any, **parameters: Any) -> tuple[str, str, str]:
    """The code, TurkErrorCode and text (no stamp) with which a request is refused."""
    with pytest.raises(ClientError) as error:
        call(*values, **parameters)
    response: Any = error.value.response
    turk = response.get("TurkErrorCode", "").removeprefix("AWS.MechanicalTurk.")
    text, _, _ = response["Error"]["Message"].rpartition(" (")
    return response["Error"]["Code"], turk, text


def exam(*identifiers: str) -> str:
    """A test of questions that offer the choices a and b."""
    choices = "".join(
        f"<Selection><SelectionIdentifier>{name}</SelectionIdentifier>"
        f"<Text>{name}</Text></Selection>"
        for name in "ab"
    )
    questions = "".join(
        f"<Question><QuestionIdentifier>{name}</QuestionIdentifier><QuestionContent>"
        f"<Text>?</Text></QuestionContent><AnswerSpecification><SelectionAnswer>"
        f"<Selections>{choices}</Selections></SelectionAnswer></AnswerSpecification>"
        f"</Question>"
        for name in identifiers or ("q1",)
    )
    namespace = f"{SCHEMAS}2017-11-06/QuestionForm.xsd"
    return f'<QuestionForm xmlns="{namespace}">{questions}</QuestionForm>'


def answer_key(*identifiers: str, mapping: str = "") -> str:
    """A key by which the choice a is worth one point in each question."""
    questions = "".join(
        f"<Question><QuestionIdentifier>{name}</QuestionIdentifier><AnswerOption>"
        f"<SelectionIdentifier>a</SelectionIdentifier><AnswerScore>1</AnswerScore>"
        f"</AnswerOption></Question>"
        for name in identifiers or ("q1",)
    )
    namespace = f"{SCHEMAS}2005-10-01/AnswerKey.xsd"
    return f'<AnswerKey xmlns="{namespace}">{questions}{mapping}</AnswerKey>'


def requires(
    type_id: str, comparator: str, *integers: int, **changes: Any
) -> dict[str, Any]:
    """A requirement of integers."""
    values = {"IntegerValues": list(integers)} if integers else {}
    return {
        "QualificationTypeId": type_id,
        "Comparator": comparator,
        **values,
        **changes,
    }


def lives(comparator: str, *places: str, **changes: Any) -> dict[str, Any]:
    """A requirement of places, such as ``US`` or ``US-WA``."""
    names = ("Country", "Subdivision")
    locales = [dict(zip(names, place.split("-"), strict=False)) for place in places]
    return requires(LOCALE, comparator, LocaleValues=locales, **changes)
