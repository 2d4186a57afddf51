"""What the other checks did, taken together; runs behind them."""

from pathlib import Path

import pytest
from botocore.loaders import Loader

from tests.conformance.bench import TURK, Record

#: Every code with which the API can refuse one of its 39 operations. The others of the
#: service's own list speak of what workers do, or of operations that are gone.
CODES = {
    "InvalidParameterCombinationError",
    "ParameterValidationError",
    "RequestError",
    "SerializationException",
    "ServiceFault",
    "ThrottlingException",
    "UnknownOperationException",
    "ValidationException",
    "AWS.ParameterOutOfRange",
    "AWS.ServiceUnavailable",
    *(
        TURK + code
        for code in (
            "AssignmentDoesNotExist",
            "HITAlreadyExists",
            "HITDoesNotExist",
            "HITTypeDoesNotExist",
            "InsufficientFunds",
            "InvalidAssignmentState",
            "InvalidHITState",
            "InvalidMaximumAssignmentsIncrease",
            "InvalidParameterValue",
            "InvalidQualificationState",
            "InvalidQualificationTypeState",
            "InvalidTransportEndpoint",
            "PermissionDeniedException",
            "QualificationDoesNotExist",
            "QualificationRequestDoesNotExist",
            "QualificationTypeAlreadyExists",
            "QualificationTypeDoesNotExist",
            "XHTMLParseError",
            "XMLParseError",
        )
    ),
}


@pytest.fixture(autouse=True)
def _everything_ran(request: pytest.FixtureRequest) -> None:
    """A part of the suite is not expected to be complete."""
    present = {item.path for item in request.session.items}
    missing = set(Path(__file__).parent.glob("test_*.py")) - present
    if missing:
        pytest.skip("only a part of the conformance suite runs")


def test_every_operation_was_asked(record: Record) -> None:
    """Each of the 39 operations went through the door."""
    model = Loader().load_service_model("mturk", "service-2")

    assert len(model["operations"]) == 39
    assert set(model["operations"]) - record.operations == set()


def test_every_refusal_was_heard(record: Record) -> None:
    """Each code that can be met came back through the door."""
    assert CODES - record.codes == set()
