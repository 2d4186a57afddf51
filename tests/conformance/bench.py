"""A market behind one of the doors, and what a check does on it."""

import json
import re
from collections.abc import Callable, Mapping
from itertools import count
from typing import Any

import attrs
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from tests.conformance.binding import Binding
from tests.marketplace.steps import hit_parameters

__all__ = [
    "DAY",
    "TURK",
    "Bench",
    "Record",
    "Refused",
    "bad_parameter",
    "of_range",
    "request_error",
    "wrong_state",
]

DAY = 86_400
OK = 200
TURK = "AWS.MechanicalTurk."
STAMP = re.compile(r" \((\d{13})( s)?\)$")

#: What no list of errors would be without: it is told apart by its code alone.
ANY_TEXT = "…"


@attrs.frozen
class Refused:
    """An error as the client hands it over, its time stamp taken off."""

    code: str
    turk_code: str | None = None
    text: str = ANY_TEXT
    is_stamped: bool = True
    status: int = 400

    def __eq__(self, other: object) -> bool:
        """Whether everything is the same that both of them know."""
        if not isinstance(other, Refused):
            return NotImplemented
        mine, theirs = attrs.astuple(self), attrs.astuple(other)
        return all(
            a == b for a, b in zip(mine, theirs, strict=True) if ANY_TEXT not in (a, b)
        )

    __hash__ = None  # type: ignore[assignment]


def request_error(turk_code: str | None, text: str = ANY_TEXT) -> Refused:
    """State, existence or money stand against it."""
    return Refused("RequestError", turk_code and TURK + turk_code, text)


def wrong_state(allowed: str, turk_code: str = "InvalidAssignmentState") -> Refused:
    """Something is in another state than the operation needs."""
    text = f"This operation can be called with a status of: {allowed}"
    return request_error(turk_code, text)


def bad_parameter(name: str, value: object) -> Refused:
    """A value means nothing to the service."""
    text = f'The value "{value}" is not valid for the parameter {name}.'
    return Refused("ParameterValidationError", f"{TURK}InvalidParameterValue", text)


def of_range(name: str, value: int, low: int, high: int) -> Refused:
    """A number lies outside the range of its parameter."""
    text = (
        f"The value {value} is invalid for {name}. "
        f"Valid values range from {low} to {high}."
    )
    return Refused("ParameterValidationError", "AWS.ParameterOutOfRange", text)


@attrs.define
class Record:
    """What went through one door.

    Attributes:
        operations: those that were asked for.
        codes: those of errors, ``__type`` and ``TurkErrorCode`` alike.
        turk_code: that of the last error. boto3 shows it for a ``RequestError`` only.
    """

    operations: set[str] = attrs.field(factory=set)
    codes: set[str] = attrs.field(factory=set)
    turk_code: str | None = None

    def watch(self, client: Any) -> Any:
        """Notes from now on what a client asks, and how it is refused."""
        client.meta.events.register("after-call.mturk.*", self._note)
        return client

    def _note(self, http_response: Any, model: Any, **_: Any) -> None:
        self.operations.add(model.name)
        if http_response.status_code != OK:
            body = json.loads(http_response.content)
            self.turk_code = body.get("TurkErrorCode")
            self.codes |= {body["__type"], self.turk_code or ""}


class Bench:
    """A market with a client, on which names never repeat."""

    def __init__(self, binding: Binding, record: Record) -> None:
        self.binding, self._record = binding, record
        self.client = self.connect()
        self.workers, self.clock = binding.workers, binding.clock
        self._numbers = count(1)

    def connect(self, config: Config | None = None) -> Any:
        """Another client."""
        return self._record.watch(self.binding.make_client(config=config))

    def name(self) -> str:
        """A text that nobody has used on this market."""
        return f"Nr. {next(self._numbers)}"

    # The requester.

    def parameters(self, **changes: Any) -> dict[str, Any]:
        """What CreateHIT needs, of a HIT type of its own; ``None`` leaves one out."""
        return hit_parameters(**{"Title": self.name(), **changes})

    def hit(self, **changes: Any) -> dict[str, Any]:
        """Creates a HIT and gives it as the API shows it."""
        return dict(self.client.create_hit(**self.parameters(**changes))["HIT"])

    def hit_type(self, **changes: Any) -> str:
        """Creates a HIT type and gives its id."""
        given = self.parameters(LifetimeInSeconds=None, Question=None, **changes)
        return str(self.client.create_hit_type(**given)["HITTypeId"])

    def get(self, hit: Mapping[str, Any]) -> dict[str, Any]:
        """The HIT as it is now."""
        return dict(self.client.get_hit(HITId=hit["HITId"])["HIT"])

    def standing(self, hit: Mapping[str, Any]) -> tuple[str, int, int]:
        """The HIT's status, and how many assignments are available and pending."""
        now = self.get(hit)
        return (
            now["HITStatus"],
            now["NumberOfAssignmentsAvailable"],
            now["NumberOfAssignmentsPending"],
        )

    def expire(self, hit: Mapping[str, Any]) -> None:
        """Ends a HIT's time on the market."""
        self.client.update_expiration_for_hit(HITId=hit["HITId"], ExpireAt=0)

    def assignment(self, assignment_id: str) -> dict[str, Any]:
        """A submitted assignment as it is now."""
        found = self.client.get_assignment(AssignmentId=assignment_id)
        return dict(found["Assignment"])

    def approve(self, assignment_id: str, **more: Any) -> None:
        """Approves an assignment."""
        self.client.approve_assignment(AssignmentId=assignment_id, **more)

    def reject(self, assignment_id: str) -> None:
        """Rejects an assignment."""
        self.client.reject_assignment(
            AssignmentId=assignment_id, RequesterFeedback="no"
        )

    def qualification_type(self, **changes: Any) -> str:
        """Creates a Qualification type and gives its id."""
        given = {
            "Name": self.name(),
            "Description": "What it takes",
            "QualificationTypeStatus": "Active",
            **changes,
        }
        made = self.client.create_qualification_type(**given)
        return str(made["QualificationType"]["QualificationTypeId"])

    def grant(self, type_id: str, worker: str, value: int | None = None) -> None:
        """Gives a worker a Qualification."""
        given = {} if value is None else {"IntegerValue": value}
        self.client.associate_qualification_with_worker(
            QualificationTypeId=type_id, WorkerId=worker, **given
        )

    def score(self, type_id: str, worker: str) -> int:
        """A worker's value of a Qualification."""
        found = self.client.get_qualification_score(
            QualificationTypeId=type_id, WorkerId=worker
        )
        return int(found["Qualification"]["IntegerValue"])

    # The workers.

    def worker(self, **traits: Any) -> str:
        """A new worker."""
        return self.binding.population.new_worker(**traits)

    def accept(self, hit: Mapping[str, Any], worker: str = "") -> tuple[str, str]:
        """Somebody takes an assignment; the worker's and the assignment's id."""
        worker = worker or self.worker()
        return worker, self.workers.accept(worker, hit["HITId"])

    def do(
        self, hit: Mapping[str, Any], worker: str = "", **answers: Any
    ) -> tuple[str, str]:
        """Somebody takes an assignment and submits it."""
        worker, assignment = self.accept(hit, worker)
        self.workers.submit(worker, assignment, answers or {"answer": "yes"})
        return worker, assignment

    # Expectations.

    def refusal(self, operation: str, *, client: Any = None, **given: Any) -> Refused:
        """How an operation is refused, which it must be."""
        with pytest.raises(ClientError) as caught:
            getattr(client or self.client, operation)(**given)
        answer: Any = caught.value.response
        text = answer["Error"]["Message"]
        return Refused(
            answer["Error"]["Code"],
            self._record.turk_code,
            STAMP.sub("", text),
            bool(STAMP.search(text)),
            answer["ResponseMetadata"]["HTTPStatusCode"],
        )

    def balance_after(self, act: Callable[[], object]) -> str:
        """By how many dollars an act changes the balance."""
        before = self.workers.balance
        act()
        return str(self.workers.balance - before)
