"""How the service says no: one function for each text that it is known to use.

Texts and codes are those of public logs of the real service, and of the `error codes
<https://docs.aws.amazon.com/AWSMechTurk/latest/AWSMturkAPI/ApiReference_ErrorCodesArticle.html>`_
of its documentation. The time stamp is put behind them where the error leaves the
marketplace.
"""

from collections.abc import Iterable

import attrs

from crowdlab.errors import BadQuestion

__all__ = [
    "Refusal",
    "already_exists",
    "bad_combination",
    "bad_destination",
    "bad_parameter",
    "bad_question",
    "does_not_exist",
    "insufficient_funds",
    "name_taken",
    "no_qualification",
    "no_upload",
    "not_owner",
    "out_of_range",
    "too_many_blocks",
    "too_many_for_small_hit",
    "too_old",
    "used_token",
    "validation",
    "wrong_hit_state",
    "wrong_state",
]

TURK = "AWS.MechanicalTurk."
#: Codes that Mechanical Turk shares with Amazon's other services.
SHARED = frozenset({"ParameterOutOfRange"})


@attrs.define
class Refusal(Exception):
    """A request that is refused, before the stamp is put behind its text.

    Attributes:
        turk_code: without its prefix, or ``None``.
        stamped: whether the service puts a time stamp behind the text.
    """

    code: str
    text: str
    turk_code: str | None = None
    stamped: bool = True
    status: int = 400

    @property
    def full_turk_code(self) -> str | None:
        """The ``TurkErrorCode`` as it goes over the wire.

        Example:
            >>> Refusal("RequestError", "", "HITDoesNotExist").full_turk_code
            'AWS.MechanicalTurk.HITDoesNotExist'
        """
        prefix = "AWS." if self.turk_code in SHARED else TURK
        return self.turk_code and prefix + self.turk_code


def does_not_exist(kind: str, name: str) -> Refusal:
    """``Hit X does not exist.`` and its kin."""
    text = f"{kind.capitalize() if kind == 'HIT' else kind} {name} does not exist."
    return Refusal("RequestError", text, f"{kind}DoesNotExist")


def already_exists(hit_id: str) -> Refusal:
    """A token of CreateHIT came a second time."""
    return Refusal(
        "RequestError",
        f'The HIT with ID "{hit_id}" already exists.',
        "HITAlreadyExists",
    )


def used_token(token: str) -> Refusal:
    """A token of another operation came a second time."""
    text = f'The idempotency token "{token}" has already been processed.'
    return Refusal("RequestError", text)


def insufficient_funds() -> Refusal:
    """The balance does not cover the request."""
    text = (
        "This Requester has insufficient funds in their account to complete this "
        "transaction. Please visit https://requester.mturk.com/prepayments/new to "
        "purchase Prepaid HITs."
    )
    return Refusal("RequestError", text, "InsufficientFunds")


def wrong_hit_state(state: str, allowed: Iterable[str]) -> Refusal:
    """A HIT's state forbids the operation; the two blanks are the service's own."""
    text = (
        f"This HIT is currently in the state '{state}'.  "
        f"This operation can be called with a status of: {', '.join(allowed)}"
    )
    return Refusal("RequestError", text, "InvalidHITState")


def wrong_state(allowed: str, turk_code: str = "InvalidAssignmentState") -> Refusal:
    """A state forbids the operation: ``... with a status of: Submitted``."""
    text = f"This operation can be called with a status of: {allowed}"
    return Refusal("RequestError", text, turk_code)


def bad_parameter(name: str, value: object, hint: str = "") -> Refusal:
    """A value means nothing to the service: an unknown worker, a text too long."""
    shown = str(value)
    shown = shown if len(shown) <= 80 else shown[:77] + "..."  # noqa: PLR2004 - a line
    text = f'The value "{shown}" is not valid for the parameter {name}.'
    full = f"{text} {hint}" if hint else text
    return Refusal("ParameterValidationError", full, "InvalidParameterValue")


def bad_combination(*names: str) -> Refusal:
    """Parameters that exclude one another, or need one another."""
    text = (
        "The combination of parameters supplied to the request is invalid: "
        f"{', '.join(names)}."
    )
    return Refusal("InvalidParameterCombinationError", text)


def out_of_range(name: str, value: int, low: int, high: int) -> Refusal:
    """A number lies outside the range of its parameter."""
    text = (
        f"The value {value} is invalid for {name}. "
        f"Valid values range from {low} to {high}."
    )
    return Refusal("ParameterValidationError", text, "ParameterOutOfRange")


def name_taken() -> Refusal:
    """A requester has another Qualification type of that name."""
    text = (
        "You have already created a QualificationType with this name. A "
        "QualificationType's name must be unique among all of the QualificationTypes "
        "created by the same user."
    )
    return Refusal("RequestError", text, "QualificationTypeAlreadyExists")


def no_qualification() -> Refusal:
    """The worker has no such Qualification, or it is none of the requester's."""
    text = "You requested a Qualification that does not exist."
    return Refusal("RequestError", text, "QualificationDoesNotExist")


def not_owner(qualification_type_id: str) -> Refusal:
    """A Qualification type is the system's, or another requester's."""
    text = f"You are not the owner of the QualificationType {qualification_type_id}."
    return Refusal("RequestError", text, "PermissionDeniedException")


def too_many_blocks(most: int) -> Refusal:
    """A requester has blocked as many workers as one may."""
    text = f"You have already blocked {most} Workers, which is the most."
    return Refusal("RequestError", text)


def validation(faults: list[str]) -> Refusal:
    """The front end refuses what the model of the API forbids; it puts no stamp."""
    count = f"{len(faults)} validation error{'s' if len(faults) > 1 else ''} detected: "
    text = count + "; ".join(faults)
    return Refusal("ValidationException", text, stamped=False)


def too_many_for_small_hit(hit_id: str) -> Refusal:
    """A HIT of fewer than ten assignments would grow to ten or more."""
    text = (
        f"The HIT {hit_id} was created with fewer than 10 assignments and cannot be "
        "extended to 10 or more."
    )
    return Refusal("RequestError", text, "InvalidMaximumAssignmentsIncrease")


def too_old(hit_id: str) -> Refusal:
    """A HIT was made while extending was free of the higher fee."""
    text = f"The HIT {hit_id} was created before July 22, 2015 and cannot be extended."
    return Refusal("RequestError", text, "HITTooOldForExtension")


def bad_destination(transport: str, destination: str) -> Refusal:
    """Notifications cannot go there."""
    kind = {"SQS": "URL of a queue", "SNS": "ARN of a topic"}.get(transport, "address")
    text = (
        f'The Destination "{destination}" is no {kind} for the Transport {transport}.'
    )
    return Refusal("RequestError", text, "InvalidTransportEndpoint")


def no_upload(assignment_id: str, question: str) -> Refusal:
    """No worker can have uploaded a file."""
    text = (
        f'Assignment {assignment_id} has no uploaded file for the question "{question}". '
        "FileUploadAnswer is no longer supported as of December 12, 2017."
    )
    return Refusal("RequestError", text, "InvalidParameterValue")


def bad_question(error: BadQuestion) -> Refusal:
    """A question, a test or a page does not parse."""
    if error.html:
        what, how, code = "HTML5 data", "as HTML5", "XHTMLParseError"
    else:
        what, how = "XML question or answer data", "against the appropriate schema"
        code = "XMLParseError"
    text = (
        f"There was an error parsing the {what} in your request.  Please make sure the "
        f"data is well-formed and validates {how}. Details: {error.details}"
    )
    return Refusal("ParameterValidationError", text, code)
