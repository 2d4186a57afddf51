"""The three doors, each with one market for all the checks of a module."""

import os
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

from tests.conformance.bench import Bench, Record

OURS = [f"tests.conformance.binding:{name}" for name in ("in_process", "moto", "http")]
CHOSEN = os.environ.get("MTURK_CONFORMANCE_BINDING")
BINDINGS = [CHOSEN] if CHOSEN else OURS
LAST = Path(__file__).with_name("test_completeness.py")


def door_of(binding: str) -> str:
    """The name by which a binding's checks are told apart."""
    return binding.rpartition(":")[2]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Puts the check of what the others did behind them."""
    items.sort(key=lambda item: item.path == LAST)


@pytest.fixture(scope="session")
def records() -> dict[str, Record]:
    """What went through each door."""
    return {name: Record() for name in BINDINGS}


@pytest.fixture(scope="module", params=BINDINGS, ids=door_of)
def bench(
    request: pytest.FixtureRequest, records: dict[str, Record]
) -> Iterator[Bench]:
    """A market behind a door."""
    module, _, name = request.param.partition(":")
    with getattr(import_module(module), name)() as binding:
        yield Bench(binding, records[request.param])


@pytest.fixture(params=BINDINGS, ids=door_of)
def record(request: pytest.FixtureRequest, records: dict[str, Record]) -> Record:
    """What went through a door."""
    return records[request.param]
