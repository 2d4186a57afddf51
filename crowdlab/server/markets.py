"""The markets of one server, production and sandbox, and the people who work there."""

import contextlib
from collections.abc import Mapping
from pathlib import Path
from typing import Self

import attrs

from crowdlab.errors import BadInput, WorkRefused
from crowdlab.marketplace import Clock, Marketplace
from crowdlab.marketplace.board import AnyQuestion
from crowdlab.server.people import People

__all__ = ["Markets", "open_markets"]


@attrs.frozen
class Markets:
    """A market for each environment, and those who may sign in as workers of both.

    Attributes:
        production: where money counts.
        sandbox: where it does not.
        people: who may sign in.
    """

    production: Marketplace
    sandbox: Marketplace
    people: People

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.production.close()
        self.sandbox.close()
        self.people.close()

    @property
    def by_environment(self) -> Mapping[str, Marketplace]:
        """The markets by the name of their environment."""
        return {"production": self.production, "sandbox": self.sandbox}

    def register(self, worker_id: str) -> None:
        """Lets a worker in on both markets, and on the site; twice changes nothing."""
        for market in self.by_environment.values():
            market.register(worker_id)
        self.people.admit(worker_id)

    def new_worker_id(self) -> str:
        """The id of a worker whom both markets have just let in."""
        return self.sandbox.register(self.production.register())

    def with_assignment(self, assignment_id: str) -> tuple[Marketplace, str]:
        """The market that gave an assignment, and the worker who accepted it.

        Raises:
            WorkRefused: neither did.
        """
        try:
            return self.production, self.production.worker_of(assignment_id)
        except WorkRefused:
            return self.sandbox, self.sandbox.worker_of(assignment_id)

    def question(self, hit_id: str) -> AnyQuestion:
        """The question of a HIT on either market.

        Raises:
            WorkRefused: it is on neither.
        """
        try:
            return self.production.question(hit_id)
        except WorkRefused:
            return self.sandbox.question(hit_id)


def open_markets(store: str | Path | None, clock: Clock | None = None) -> Markets:
    """The markets that are kept in one place.

    Args:
        store: a folder; a file, beside which stand the sandbox's and that of the
            people; the URL of a PostgreSQL database, which holds all; or ``None`` for
            memory.
        clock: gives the seconds since 1970; the computer's by default.

    Raises:
        BadInput: nothing can be kept there.
        StoreError: what is kept there cannot be used.
    """
    production, sandbox, people = _places(store)
    with contextlib.ExitStack() as opened:
        market = opened.enter_context(Marketplace(production, clock))
        trial = opened.enter_context(Marketplace(sandbox, clock, environment="sandbox"))
        markets = Markets(market, trial, People(people, market.clock))
        # All went well: whoever asked closes them.
        opened.pop_all()
    return markets


def _places(store: str | Path | None) -> list[str | Path | None]:
    if store is None:
        return [None] * 3
    if "://" in str(store):
        if str(store).startswith("sqlite"):
            raise BadInput(f"store: for SQLite give a path instead of {str(store)!r}")
        return [store] * 3
    path = Path(store)
    if not path.suffix and not path.is_file():
        path = path / "marketplace.db"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BadInput(f"store: {path.parent}: {error.strerror}") from error
    beside = (f"{path.stem}-{what}{path.suffix}" for what in ("sandbox", "people"))
    return [path, *map(path.with_name, beside)]
