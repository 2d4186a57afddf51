"""The two markets of one server: production, where money counts, and the sandbox."""

from collections.abc import Mapping
from pathlib import Path
from typing import Self

import attrs

from crowdlab.errors import BadInput, WorkRefused
from crowdlab.marketplace import Clock, Marketplace
from crowdlab.marketplace.board import AnyQuestion

__all__ = ["Markets", "open_markets"]


@attrs.frozen
class Markets:
    """A market for each environment, with requesters and workers of its own."""

    production: Marketplace
    sandbox: Marketplace

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.production.close()
        self.sandbox.close()

    @property
    def by_environment(self) -> Mapping[str, Marketplace]:
        """The markets by the name of their environment."""
        return {"production": self.production, "sandbox": self.sandbox}

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
        store: a folder; a file, beside which the sandbox's stands; the URL of a
            PostgreSQL database, which holds both; or ``None`` for memory.
        clock: gives the seconds since 1970; the computer's by default.

    Raises:
        BadInput: nothing can be kept there.
        StoreError: what is kept there cannot be used.
    """
    production, sandbox = _places(store)
    market = Marketplace(production, clock)
    try:
        return Markets(market, Marketplace(sandbox, clock, environment="sandbox"))
    except BaseException:
        market.close()
        raise


def _places(store: str | Path | None) -> tuple[str | Path | None, str | Path | None]:
    if store is None:
        return None, None
    if "://" in str(store):
        if str(store).startswith("sqlite"):
            raise BadInput(f"store: for SQLite give a path instead of {str(store)!r}")
        return store, store
    path = Path(store)
    if not path.suffix and not path.is_file():
        path = path / "marketplace.db"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BadInput(f"store: {path.parent}: {error.strerror}") from error
    return path, path.with_name(f"{path.stem}-sandbox{path.suffix}")
