"""A site where everything is as it is for real people: passwords, consent, a file."""

from collections.abc import Iterator

import pytest

from crowdlab.marketplace import ManualClock
from crowdlab.server import (
    Consent,
    Entry,
    find_origins,
    make_app,
    open_markets,
    running,
)
from tests.journeys.town import Town


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """A site, its markets in files, and its time, which stands still."""
    folder, clock = tmp_path_factory.mktemp("town"), ManualClock()
    entry = Entry("open", Consent("We keep your answers, and nothing about you."))
    with (
        open_markets(folder / "market.db", clock) as markets,
        running(
            lambda port: make_app(markets, find_origins("127.0.0.1", port), entry=entry)
        ) as port,
    ):
        yield Town(f"http://127.0.0.1:{port}", markets, clock, folder)
