"""How moto learns of Mechanical Turk, and how one reaches the market behind it."""

import os
import re
from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol, TypeVar, overload

import moto
from moto import backend_index
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.moto_server import werkzeug_app

from crowdlab.errors import NotFound
from crowdlab.marketplace import Marketplace

__all__ = ["HOSTS", "REGIONS", "Mock", "marketplace", "mock_aws", "register"]

#: What is in here moto finds as its own services.
SERVICES = str(Path(__file__).parent / "services")
#: Any region: there is something to say to those that were never served.
HOSTS = re.compile(r"https?://mturk-requester(?:-sandbox|-fips)?\.(.+)\.amazonaws\.com")
TARGET = "MTurkRequesterServiceV20170117"
REGIONS = {"production": "us-east-1", "sandbox": "sandbox"}

Decorated = TypeVar("Decorated", bound=Callable[..., Any])


class Mock(Protocol):
    """What moto's ``mock_aws()`` gives: a context manager and a decorator."""

    def __call__(self, decorated: Decorated, /) -> Decorated:
        """A function, or a class of tests, that runs inside the mock."""

    def __enter__(self) -> object: ...

    def __exit__(self, *error: object) -> None: ...

    def start(self, reset: bool = True) -> None:
        """Begins, with empty markets unless told otherwise."""

    def stop(self, remove_data: bool = True) -> None:
        """Ends, and with it the markets unless told otherwise."""


def register() -> None:
    """Teaches moto Mechanical Turk; a second time changes nothing.

    The one place that knows how moto finds its services; moto has no hook for others.
    """
    if SERVICES not in moto.__path__:
        # First, so that a ``moto.mturk`` of moto's own would not hide ours.
        moto.__path__.insert(0, SERVICES)
    if "mturk" not in dict(backend_index.backend_url_patterns):
        backend_index.backend_url_patterns.append(("mturk", HOSTS))
    # Otherwise moto's server takes what is not signed for a request to S3.
    werkzeug_app.UNSIGNED_REQUESTS[TARGET] = ("mturk-requester", "us-east-1")


@overload
def mock_aws(func: Decorated) -> Decorated: ...


@overload
def mock_aws(func: None = None, config: Mapping[str, Any] | None = None) -> Mock: ...


def mock_aws(func: Any = None, config: Mapping[str, Any] | None = None) -> Any:
    """The ``mock_aws`` of moto itself, with Mechanical Turk registered.

    It decorates functions and classes, ``unittest.TestCase`` among them, and is a
    context manager.

    Args:
        func: what is decorated, when it stands without parentheses.
        config: moto's; ``{"mturk": {"clock": clock}}`` gives the markets a clock.
    """
    register()
    own: Any = moto.mock_aws
    return own(func) if func is not None else own(config=config)


def marketplace(
    *, account: str | None = None, environment: str = "production"
) -> Marketplace:
    """The market of the running mock: its workers' side, its faults, its balance.

    It ends with the mock, or when moto is reset.

    Args:
        account: the AWS account whose market it is; by default moto's default one.
        environment: ``production`` or ``sandbox``.

    Raises:
        NotFound: there is no such environment.
    """
    register()
    if environment not in REGIONS:
        raise NotFound("environment", environment, REGIONS)
    account = account or os.environ.get("MOTO_ACCOUNT_ID", DEFAULT_ACCOUNT_ID)
    models = import_module("moto.mturk.models")
    market: Marketplace = models.mturk_backends[account][REGIONS[environment]].market
    return market
