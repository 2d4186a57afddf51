"""A service that falters on demand, and what boto3 makes of it."""

import random
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from botocore.config import Config
from botocore.exceptions import ClientError, ConnectionClosedError
from mypy_boto3_mturk import MTurkClient

from crowdlab.errors import BadInput, MTurkError, NotFound
from crowdlab.marketplace import Fault, Faults, Marketplace, load_faults
from tests.marketplace.steps import hit_parameters

ONCE = Config(retries={"total_max_attempts": 1, "mode": "standard"})


@pytest.fixture
def hasty(market: Marketplace) -> MTurkClient:
    """A client that never tries again."""
    return market.client(config=ONCE)


@pytest.fixture
def no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    """boto3 does not wait between its attempts."""
    monkeypatch.setattr(time, "sleep", lambda _seconds: None)


def n_hits(market: Marketplace) -> int:
    """How many HITs there are, asked when no fault is left."""
    market.faults.clear()
    return int(market.call("ListHITs", {"MaxResults": 100})["NumResults"])


def met(faults: Faults, operation: str = "ListHITs") -> str:
    """The code of what strikes one request, or nothing."""
    try:
        with faults.around(operation):
            return ""
    except MTurkError as error:
        return error.code


@pytest.mark.usefixtures("no_pause")
def test_boto3_waits_out_a_throttle(market: Marketplace, client: MTurkClient) -> None:
    """A throttle ends after as many requests as it was told, and boto3 retries."""
    market.faults.add("throttle", operation="CreateHIT", times=2)

    reply = client.create_hit(**hit_parameters())

    assert reply["ResponseMetadata"]["RetryAttempts"] == 2
    assert n_hits(market) == 1


@pytest.mark.usefixtures("no_pause")
def test_boto3_repeats_after_a_fault(market: Marketplace, client: MTurkClient) -> None:
    """A ServiceFault is an HTTP 500, which boto3 retries."""
    market.faults.add("fail_before", times=2)

    reply = client.create_hit(**hit_parameters())

    assert reply["ResponseMetadata"]["RetryAttempts"] == 2
    assert n_hits(market) == 1


@pytest.mark.usefixtures("no_pause")
def test_boto3_connects_again(market: Marketplace, client: MTurkClient) -> None:
    """A connection that breaks is opened again by boto3."""
    market.faults.add("drop", times=1)

    reply = client.create_hit(**hit_parameters())

    assert reply["ResponseMetadata"]["RetryAttempts"] == 1
    assert n_hits(market) == 1


@pytest.mark.usefixtures("no_pause")
@pytest.mark.parametrize("kind", ["fail_after", "drop_after"])
def test_a_lost_success(market: Marketplace, client: MTurkClient, kind: str) -> None:
    """A success whose answer is lost is repeated by boto3, and done twice."""
    market.faults.add(kind, operation="CreateHIT", times=1)

    client.create_hit(**hit_parameters())

    assert n_hits(market) == 2


@pytest.mark.usefixtures("no_pause")
@pytest.mark.parametrize("kind", ["fail_after", "drop_after"])
def test_a_token_helps(market: Marketplace, client: MTurkClient, kind: str) -> None:
    """With a token the repetition is refused, and it is done once."""
    market.faults.add(kind, operation="CreateHIT", times=1)

    with pytest.raises(ClientError, match="already exists"):
        client.create_hit(**hit_parameters(UniqueRequestToken="t"))

    assert n_hits(market) == 1


@pytest.mark.parametrize(
    ("kind", "code", "status", "done"),
    [
        ("throttle", "ThrottlingException", 400, 0),
        ("fail_before", "ServiceFault", 500, 0),
        ("fail_after", "ServiceFault", 500, 1),
    ],
)
def test_refused_on_the_wire(
    market: Marketplace, kind: str, code: str, status: int, done: int
) -> None:
    """A throttle or a failure has its code and status, and did nothing, or all."""
    market.faults.add(kind)

    with pytest.raises(ClientError) as error:
        market.client(config=ONCE).create_hit(**hit_parameters())

    assert error.value.response["Error"]["Code"] == code
    assert error.value.response["ResponseMetadata"]["HTTPStatusCode"] == status
    assert n_hits(market) == done


def test_a_service_fault_is_modelled(market: Marketplace, hasty: MTurkClient) -> None:
    """A failure is the exception class that the API's model has for it."""
    market.faults.add("fail_before")

    with pytest.raises(hasty.exceptions.ServiceFault) as error:
        hasty.list_hits()

    response: Mapping[str, Any] = error.value.response
    assert response["TurkErrorCode"] == "AWS.ServiceUnavailable"


@pytest.mark.parametrize(("kind", "done"), [("drop", 0), ("drop_after", 1)])
def test_dropped(market: Marketplace, hasty: MTurkClient, kind: str, done: int) -> None:
    """A dropped connection is boto3's own error, and nothing was done, or all."""
    market.faults.add(kind)

    with pytest.raises(ConnectionClosedError, match="mturk-requester"):
        hasty.create_hit(**hit_parameters())

    assert n_hits(market) == done


def test_dropped_without_boto3(market: Marketplace) -> None:
    """A transport in the process tells of it as one over boto3 does."""
    market.faults.add("drop")

    with pytest.raises(MTurkError) as error:
        market.call("ListHITs", {})

    assert (error.value.code, error.value.status) == ("ConnectionClosedError", 0)


def test_what_is_refused_stays_refused(market: Marketplace) -> None:
    """A failure after the act does not hide that there was none."""
    market.faults.add("fail_after")

    with pytest.raises(MTurkError) as error:
        market.call("GetHIT", {"HITId": "3NONE"})

    assert error.value.code == "RequestError"


def test_every_requester_is_struck(market: Marketplace) -> None:
    """The faults are the marketplace's, not those of one requester."""
    market.faults.add("throttle")

    with pytest.raises(MTurkError, match="Rate exceeded"):
        market.requester("ana").call("ListHITs", {})


def test_workers_are_spared(market: Marketplace) -> None:
    """Faults strike the API alone."""
    market.faults.add("fail_before")

    assert market.register("A1") == "A1"


def test_delay() -> None:
    """Delays add up, and let the request go on to what else strikes."""
    waited: list[float] = []
    faults = Faults(sleep=waited.append)
    faults.add("delay", seconds=0.5)
    faults.add("delay", seconds=2)
    faults.add("throttle", times=1)

    assert [met(faults), met(faults)] == ["ThrottlingException", ""]
    assert waited == [2.5, 2.5]


def test_a_delay_takes_its_time(market: Marketplace) -> None:
    """Without another clock to sleep by, a delayed request takes that long."""
    market.faults.add("delay", seconds=0.05)
    start = time.perf_counter()

    market.call("ListHITs", {})

    assert time.perf_counter() - start >= 0.05


def test_counted() -> None:
    """A fault lets the first ones pass, strikes as often as told, and is spent."""
    faults = Faults()
    fault = faults.add("throttle", operation="ListHITs", after=1, times=2)

    assert [met(faults, "GetHIT") for _ in range(3)] == [""] * 3
    assert list(faults) == [fault]
    codes = [met(faults) for _ in range(5)]
    assert [bool(code) for code in codes] == [False, True, True, False, False]
    assert list(faults) == []


def test_one_strikes_at_a_time() -> None:
    """Faults of one operation take turns in the order in which they were added."""
    faults = Faults()
    faults.add("throttle", times=2)
    faults.add("fail_before", times=1)

    codes = [met(faults) for _ in range(4)]

    assert codes == ["ThrottlingException"] * 2 + ["ServiceFault", ""]


def test_diced() -> None:
    """A probable fault strikes that share of requests, the same ones for one seed."""

    def pattern(seed: int) -> list[str]:
        faults = Faults()
        faults.add("throttle", probability=0.25, seed=seed)
        return [met(faults) for _ in range(2000)]

    random.seed(1)
    struck = pattern(7)
    random.seed(2)

    assert pattern(7) == struck
    assert pattern(8) != struck
    assert 400 < sum(map(bool, struck)) < 600


def test_clear() -> None:
    """Cleared faults strike no more."""
    faults = Faults()
    faults.add("throttle")
    faults.clear()

    assert list(faults) == []
    assert met(faults) == ""


@pytest.mark.parametrize(
    ("kind", "settings", "choice"),
    [
        ("explode", {}, "fail_after"),
        ("throttle", {"operation": "CreateHits"}, "CreateHITType"),
    ],
)
def test_choices(kind: str, settings: dict[str, Any], choice: str) -> None:
    """A kind or an operation that is none is told together with those there are."""
    with pytest.raises(NotFound, match=choice):
        Faults().add(kind, **settings)


@pytest.mark.parametrize(
    ("kind", "settings", "text"),
    [
        ("throttle", {"times": 0}, "times: 0"),
        ("throttle", {"times": True}, "times: True"),
        ("throttle", {"after": -1}, "after: -1"),
        ("throttle", {"after": 1.5}, "after: 1.5 is not a whole number"),
        ("throttle", {"probability": 1.5}, "probability: 1.5 lies outside 0 to 1"),
        ("throttle", {"seed": "x"}, "seed: 'x'"),
        ("throttle", {"seconds": 1}, "seconds"),
        ("delay", {}, "seconds"),
    ],
)
def test_impossible(kind: str, settings: dict[str, Any], text: str) -> None:
    """A number that cannot be is refused, by its name."""
    with pytest.raises(BadInput, match=text):
        Faults().add(kind, **settings)


def test_load(tmp_path: Path) -> None:
    """A file lists faults with the same names as :class:`Fault`."""
    path = tmp_path / "faults.toml"
    path.write_text(
        """
        [[fault]]
        kind = "throttle"
        operation = "CreateHIT"
        times = 3

        [[fault]]
        kind = "delay"
        seconds = 0.5
        probability = 0.1
        seed = 7
        """
    )

    assert load_faults(path) == [
        Fault("throttle", operation="CreateHIT", times=3),
        Fault("delay", seconds=0.5, probability=0.1, seed=7),
    ]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[[fault", "faults.toml: "),
        ("[fault]\nkind = 'throttle'", r"tables \[\[fault\]\]"),
        ("[[faults]]\nkind = 'throttle'", r"tables \[\[fault\]\]"),
        ("fault = ['throttle']", "fault 1: it has no kind"),
        ("[[fault]]\ntimes = 3", "fault 1: it has no kind; choose from: throttle"),
        ("[[fault]]\nkind = 'boom'", "fault 1: there is no fault 'boom'"),
        ("[[fault]]\nkind = 'drop'\ntime = 3", "fault 1: 'time' is none of kind"),
        ("[[fault]]\nkind = 'drop'\ntimes = '3'", "fault 1: times: '3'"),
    ],
)
def test_load_nonsense(tmp_path: Path, text: str, told: str) -> None:
    """What is wrong with a file is told with its name and the fault's number."""
    path = tmp_path / "faults.toml"
    path.write_text(text)

    with pytest.raises(BadInput, match=told):
        load_faults(path)


def test_load_nothing(tmp_path: Path) -> None:
    """A file that is not there is told by its name."""
    with pytest.raises(BadInput, match=r"none\.toml"):
        load_faults(tmp_path / "none.toml")
