"""A database: its transactions, and the steps by which its schema moves on."""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError
from tenacity import (
    Retrying,
    retry_if_exception,
    stop_after_delay,
    wait_exponential,
)

from crowdlab.database.engines import make_engine, read_url
from crowdlab.errors import ForeignStore, StoreError, StoreLocked

__all__ = ["Database", "Migration"]

Migration = Callable[[sa.Connection], None]

_VERSIONS = sa.Table(
    "crowdlab_schema",
    sa.MetaData(),
    sa.Column("kind", sa.String(40), primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True),
)


class Database:
    """A database of one kind, brought to the newest schema when it is opened.

    One connection serves all threads in turn: SQLite has one writer anyway, and a
    lock in the process is cheaper than a lock in the file. Several processes may
    open the same database; their transactions queue up.

    Args:
        location: a file's path, ``None`` for memory, or an SQLAlchemy URL.
        kind: what it is, such as ``ledger``; a file of another kind is refused. On
            PostgreSQL it is the schema (namespace) that holds the tables.
        migrations: what builds the schema, oldest first; each runs once, in a
            transaction of its own. Only ever append to them.
        wait_seconds: how long to wait for another process's transaction.

    Raises:
        StoreLocked: another program held the database all that time.
        ForeignStore: the file is no database, not ours, of another kind or newer.

    Example:
        >>> def build(connection):
        ...     _ = connection.exec_driver_sql("CREATE TABLE pets (name TEXT)")
        >>> database = Database(None, kind="zoo", migrations=[build])
        >>> with database.transaction() as connection:
        ...     connection.exec_driver_sql("SELECT count(*) FROM pets").scalar()
        0
        >>> database.close()
    """

    def __init__(
        self,
        location: str | Path | None,
        *,
        kind: str,
        migrations: Sequence[Migration],
        wait_seconds: float = 10,
    ) -> None:
        self.kind = kind
        self.location = ":memory:" if location is None else str(location)
        self._wait_seconds = wait_seconds
        self._lock = threading.RLock()
        self._depth = 0
        self._durable = True
        self._url = read_url(self.location)
        self.is_sqlite = self._url.get_backend_name() == "sqlite"
        if not self.is_sqlite:
            # What messages show has no password in it.
            self.location = self._url.render_as_string()
        self._was_open = False
        self._engine = make_engine(self._url, kind, wait_seconds)
        self._connection: sa.Connection | None = None
        try:
            with self._translated():
                self._migrate(migrations)
        except BaseException:
            self.close()
            raise

    def __repr__(self) -> str:
        """Says what and where."""
        return f"Database({self._url.render_as_string()!r}, kind={self.kind!r})"

    @contextmanager
    def transaction(self, *, durable: bool = True) -> Iterator[sa.Connection]:
        """A connection inside a transaction: all of it happens, or none.

        Transactions nest: an inner one is undone alone when an error leaves it, and
        becomes durable with the outermost.

        Args:
            durable: whether a commit waits until the disk has it. Without, SQLite
                may lose the last commits when the power fails (not when the process
                is killed); the database stays sound.

        Raises:
            StoreLocked: another program held the database too long.
        """
        with self._lock, self._translated():
            if not self._depth:
                self._set_durable(durable=durable)
                self._begin()
            else:
                self._order("SAVEPOINT inner_transaction")
            self._depth += 1
            try:
                yield self._connected()
                self._order(
                    "COMMIT" if self._outermost else "RELEASE inner_transaction"
                )
            except BaseException:
                self._undo()
                raise
            finally:
                self._depth -= 1

    @property
    def in_transaction(self) -> bool:
        """Whether this thread is inside a transaction."""
        if not self._lock.acquire(blocking=False):
            return False
        try:
            return self._depth > 0
        finally:
            self._lock.release()

    def close(self) -> None:
        """Closes the connection; a later transaction opens a new one."""
        with self._lock:
            if self._connection is not None:
                # Without a rollback, which a broken connection could not do.
                self._connection.invalidate()
                self._connection.close()
                self._connection = None
            self._engine.dispose()

    def _connected(self) -> sa.Connection:
        if self._connection is None:
            self._connection = self._engine.connect()
        return self._connection

    def _order(self, command: str) -> None:
        """Tells the driver directly: SQLAlchemy is not asked to mind transactions."""
        raw: Any = self._connected().connection.driver_connection
        raw.execute(command)

    def _begin(self) -> None:
        if self.is_sqlite:
            # A reader that becomes a writer half-way could not wait for SQLite's lock.
            self._order("BEGIN IMMEDIATE")
            return
        # A server that restarts between two transactions is back in a moment.
        retrying = Retrying(
            stop=stop_after_delay(self._wait_seconds if self._was_open else 0),
            wait=wait_exponential(multiplier=0.05, max=1),
            retry=retry_if_exception(_is_gone),
            reraise=True,
        )
        retrying(self._begin_on_server)
        self._was_open = True

    def _begin_on_server(self) -> None:
        try:
            # Its readers see what was committed while they waited for the lock.
            self._order("BEGIN ISOLATION LEVEL READ COMMITTED")
            # Serialises the transactions of all processes, as SQLite's file lock does.
            lock = sa.func.pg_advisory_xact_lock(sa.func.hashtext(self.kind))
            self._connected().execute(sa.select(lock))
        except BaseException:
            self.close()
            raise

    @property
    def _outermost(self) -> bool:
        return self._depth == 1

    def _undo(self) -> None:
        try:
            if self._outermost:
                self._order("ROLLBACK")
            else:
                self._order("ROLLBACK TO inner_transaction")
                self._order("RELEASE inner_transaction")
        except Exception:  # noqa: BLE001 - the error that brought us here counts
            # Where the connection itself is broken, its end undoes the transaction.
            self.close()

    def _set_durable(self, *, durable: bool) -> None:
        if self.is_sqlite and durable != self._durable:
            self._order(f"PRAGMA synchronous={'FULL' if durable else 'NORMAL'}")
            self._durable = durable

    @contextmanager
    def _translated(self) -> Iterator[None]:
        """Turns what a driver says of locks and files into our own errors."""
        try:
            yield
        except DBAPIError as error:
            raise self._explain(error, str(error.orig)) from error
        except self._engine.dialect.loaded_dbapi.Error as error:
            raise self._explain(error, str(error)) from error

    def _explain(self, error: Exception, text: str) -> Exception:
        if "locked" in text or "lock timeout" in text:
            return StoreLocked(
                f"{self.location}: another program has held this {self.kind} "
                f"for more than {self._wait_seconds:g} seconds"
            )
        if "not a database" in text:
            return ForeignStore(f"{self.location}: this file is no SQLite database")
        if self._connection is None:
            return StoreError(f"{self.location}: cannot be opened: {text}")
        return error

    def _migrate(self, migrations: Sequence[Migration]) -> None:
        with self.transaction() as connection:
            version = self._version(connection)
        if version > len(migrations):
            raise ForeignStore(
                f"{self.location}: this {self.kind} has schema version {version}, this "
                f"program knows {len(migrations)}; use a newer crowdlab"
            )
        for number, migrate in enumerate(migrations[version:], start=version + 1):
            with self.transaction() as connection:
                # Another process may have been quicker.
                if self._version(connection) < number:
                    migrate(connection)
                    connection.execute(
                        _VERSIONS.insert().values(kind=self.kind, version=number)
                    )

    def _version(self, connection: sa.Connection) -> int:
        tables = sa.inspect(connection).get_table_names()
        if not tables:
            _VERSIONS.create(connection)
            return 0
        if _VERSIONS.name not in tables:
            some = ", ".join(sorted(tables)[:3])
            raise ForeignStore(
                f"{self.location}: this database belongs to another program "
                f"(its tables: {some}); give crowdlab a file of its own"
            )
        kinds = connection.execute(
            sa.select(_VERSIONS.c.kind, sa.func.max(_VERSIONS.c.version)).group_by(
                _VERSIONS.c.kind
            )
        ).all()
        for kind, _ in kinds:
            if kind != self.kind:
                raise ForeignStore(
                    f"{self.location}: this is a {kind}, not a {self.kind}"
                )
        return int(kinds[0][1]) if kinds else 0


def _is_gone(error: BaseException) -> bool:
    """Whether a server did not answer, rather than refuse to wait for a lock."""
    names = {kind.__name__ for kind in type(error).__mro__}
    return "OperationalError" in names and "lock timeout" not in str(error)
