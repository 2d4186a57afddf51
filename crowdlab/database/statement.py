"""Statements that are compiled once and run by the driver itself."""

from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

__all__ = ["Statement"]


class Statement:
    """A statement of SQLAlchemy Core that is compiled once and run by the driver itself.

    A marketplace runs a handful of statements for every request. SQLAlchemy takes ten
    times as long to execute one as the driver does; compiled ahead, a statement stays
    portable and costs what the driver costs.

    Args:
        core: the statement; what changes from run to run is a ``bindparam``, or for an
            insert the columns that are given.

    Example:
        >>> from crowdlab.database import Database
        >>> database = Database(None, kind="zoo", migrations=[])
        >>> plus = Statement(sa.select((sa.bindparam("n", type_=sa.Integer) + 1).label("m")))
        >>> with database.transaction() as connection:
        ...     plus.first(connection, {"n": 41}).m
        42
        >>> database.close()
    """

    def __init__(self, core: sa.Executable) -> None:
        self.core: Any = core
        self._compiled: dict[tuple[str, ...], tuple[str, Mapping[str, Any]]] = {}
        self._make: Callable[[Any], Any] | None = None

    def rows(self, connection: sa.Connection, values: Mapping[str, Any]) -> list[Any]:
        """Every row, as a named tuple of the columns."""
        cursor = self._execute(connection, values)
        make = self._make or self._learn(cursor)
        return [make(row) for row in cursor.fetchall()]

    def first(self, connection: sa.Connection, values: Mapping[str, Any]) -> Any:
        """The first row, or ``None``."""
        cursor = self._execute(connection, values)
        row = cursor.fetchone()
        found = None if row is None else (self._make or self._learn(cursor))(row)
        cursor.close()
        return found

    def run(self, connection: sa.Connection, values: Mapping[str, Any]) -> None:
        """Executes what gives no rows."""
        self._execute(connection, values)

    def run_many(
        self, connection: sa.Connection, values: Sequence[Mapping[str, Any]]
    ) -> None:
        """Executes once for each mapping; all have the same keys."""
        if values:
            text, constants = self._compile(connection, values[0])
            raw: Any = connection.connection.driver_connection
            raw.cursor().executemany(text, [{**constants, **row} for row in values])

    def _execute(self, connection: sa.Connection, values: Mapping[str, Any]) -> Any:
        text, constants = self._compile(connection, values)
        raw: Any = connection.connection.driver_connection
        return raw.execute(text, {**constants, **values})

    def _compile(
        self, connection: sa.Connection, values: Mapping[str, Any]
    ) -> tuple[str, Mapping[str, Any]]:
        columns = tuple(values) if self.core.is_insert else ()
        key = (connection.dialect.name, *columns)
        known = self._compiled.get(key)
        if known is None:
            compiled = self.core.compile(
                dialect=connection.dialect,
                column_keys=list(columns) or None,
            )
            known = self._compiled[key] = (str(compiled), dict(compiled.params))
        return known

    def _learn(self, cursor: Any) -> Callable[[Any], Any]:
        names = [column[0] for column in cursor.description]
        # No class statement could name columns that only the cursor knows.
        kind: Any = namedtuple("Row", [*names], rename=True)  # type: ignore[misc]  # noqa: PYI024
        self._make = make = kind._make
        return make
