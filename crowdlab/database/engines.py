"""How SQLite and PostgreSQL are opened."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.pool import StaticPool

from crowdlab.errors import MissingExtra, StoreError

__all__ = ["make_engine", "read_url"]

BACKENDS = ("sqlite", "postgresql")


def read_url(location: str) -> sa.URL:
    """The URL of a file, of memory, or as it is given.

    Raises:
        StoreError: it is neither SQLite nor PostgreSQL.
    """
    if "://" not in location:
        return sa.URL.create("sqlite", database=location)
    url = sa.make_url(location)
    if url.get_backend_name() not in BACKENDS:
        raise StoreError(f"{location}: choose from: {', '.join(BACKENDS)}")
    return url


def make_engine(url: sa.URL, schema: str, wait_seconds: float) -> sa.Engine:
    """An engine of one connection, which leaves transactions to who uses it.

    Args:
        url: where the database is.
        schema: the namespace of the tables, where the database has such.
        wait_seconds: how long to wait for another's lock.

    Raises:
        MissingExtra: the driver is not installed.
    """
    if url.get_backend_name() == "sqlite":
        return _sqlite_engine(url, wait_seconds)
    return _postgresql_engine(url, schema, wait_seconds)


def _sqlite_engine(url: sa.URL, wait_seconds: float) -> sa.Engine:
    engine = sa.create_engine(
        url,
        poolclass=StaticPool,
        paramstyle="named",
        isolation_level="AUTOCOMMIT",
        connect_args={"check_same_thread": False, "timeout": wait_seconds},
    )

    @sa.event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: object) -> None:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA foreign_keys=ON")

    return engine


def _postgresql_engine(url: sa.URL, kind: str, wait_seconds: float) -> sa.Engine:
    try:
        engine = sa.create_engine(
            url,
            poolclass=StaticPool,
            isolation_level="AUTOCOMMIT",
            connect_args={"autocommit": True},
        )
    except ModuleNotFoundError as error:
        raise MissingExtra("databases other than SQLite", "postgres") from error

    # First of all listeners, so that SQLAlchemy sees the schema as the default one.
    @sa.event.listens_for(engine, "connect", insert=True)
    def prepare(connection: Any, _record: object) -> None:
        connection.execute(f"SET lock_timeout TO {int(wait_seconds * 1000)}")
        # IF NOT EXISTS is no protection from another process that does the same.
        with connection.transaction():
            connection.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [kind])
            connection.execute(f'CREATE SCHEMA IF NOT EXISTS "{kind}"')
        connection.execute(f'SET search_path TO "{kind}"')

    return engine
