"""What a requester names is what is reached, and production only by its name."""

from collections.abc import Mapping
from typing import Any

import boto3
import pytest

from crowdlab.errors import BadInput, NotFound
from crowdlab.marketplace import Marketplace
from crowdlab.mturk import ENDPOINTS, connect
from crowdlab.mturk.boto import BotoTransport

PRODUCTION = "https://mturk-requester.us-east-1.amazonaws.com"
SANDBOX = "https://mturk-requester-sandbox.us-east-1.amazonaws.com"


class Pigeon:
    """A transport of one's own."""

    def call(self, operation: str, params: Mapping[str, Any], /) -> dict[str, Any]:
        """Nothing."""
        return {"operation": operation, **params}


def client(**options: Any) -> Any:
    """A boto3 client that never sends anything in these tests."""
    keys = {"aws_access_key_id": "a", "aws_secret_access_key": "b"}
    return boto3.client("mturk", **{"region_name": "us-east-1", **keys, **options})


def url(connection: Any) -> str:
    """Where a connection leads."""
    return str(connection.transport.client.meta.endpoint_url)


@pytest.mark.parametrize(
    ("name", "expected"), [("sandbox", SANDBOX), ("production", PRODUCTION)]
)
def test_a_name_is_its_host(name: str, expected: str) -> None:
    """The two names of Amazon's are its two hosts, and the receipts' environments."""
    connection = connect(name)

    assert (name, expected) == (connection.environment, url(connection))


def test_a_url_is_called_by_its_host() -> None:
    """Anybody's server is reached by its URL."""
    connection = connect("https://crowd.example.org:8443/api")

    assert "crowd.example.org:8443" == connection.environment
    assert "https://crowd.example.org:8443/api" == url(connection)


@pytest.mark.parametrize("endpoint", [PRODUCTION, "client", "transport"])
def test_production_is_reached_by_its_name_alone(endpoint: str) -> None:
    """A URL or client that leads to the real thing is refused, unless it is named."""
    forms = {"client": client(), "transport": BotoTransport(client())}
    given = forms.get(endpoint, endpoint)
    for other in (None, "sandbox"):
        with pytest.raises(BadInput, match="costs money; say endpoint='production'"):
            connect(given, environment=other)

    assert "production" == connect(given, environment="production").environment


def test_a_client_is_called_by_where_it_leads() -> None:
    """A sandbox client is the sandbox; any other one its host, or what one says."""
    local = client(endpoint_url="http://localhost:8000")

    assert "sandbox" == connect(client(region_name="sandbox")).environment
    assert "localhost:8000" == connect(local).environment
    assert "staging" == connect(local, environment="staging").environment


def test_a_client_that_is_answered_in_the_process_reaches_nothing() -> None:
    """The client of an embedded marketplace may have any host in its URL."""
    with Marketplace() as marketplace:
        connection = connect(marketplace.client())
        told = connection.transport.call("GetAccountBalance", {})

    assert "in-process" == connection.environment
    assert "10000.00" == told["AvailableBalance"]


def test_a_transport_is_itself() -> None:
    """Any object with the one method will do."""
    pigeon = Pigeon()
    connection = connect(pigeon)

    assert pigeon is connection.transport
    assert "Pigeon" == connection.environment


def test_an_unknown_name_lists_the_known() -> None:
    """A name that is none is refused with the names there are."""
    with pytest.raises(NotFound, match=r"'prod'; choose from: sandbox, production"):
        connect("prod")


@pytest.mark.parametrize("endpoint", [None, 7, "ftp://example.org", object()])
def test_what_is_no_endpoint_is_refused(endpoint: object) -> None:
    """Anything else is refused with what would do."""
    with pytest.raises(BadInput, match="endpoint: "):
        connect(endpoint)


def test_other_packages_can_offer_endpoints(monkeypatch: pytest.MonkeyPatch) -> None:
    """A registered endpoint is found by its name."""
    known = {**ENDPOINTS._built_in, "pigeons": lambda: Pigeon}
    monkeypatch.setattr(ENDPOINTS, "_built_in", known)

    assert "pigeons" == connect("pigeons").environment
