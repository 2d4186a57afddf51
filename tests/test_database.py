"""The database under ledger and marketplace: opened, locked, migrated."""

import multiprocessing
import sqlite3
import threading
from pathlib import Path

import pytest
import sqlalchemy as sa

from crowdlab.database import Database, Statement
from crowdlab.errors import CrowdlabError, ForeignStore, StoreError, StoreLocked

PETS = sa.Table(
    "pets",
    sa.MetaData(),
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
)
NEW = Statement(PETS.insert().returning(PETS.c.id))
NAMES = Statement(sa.select(PETS.c.name).order_by(PETS.c.id))


def build(connection: sa.Connection) -> None:
    PETS.create(connection)


def open_zoo(path: Path | None, **options: float) -> Database:
    return Database(path, kind="zoo", migrations=[build], **options)


def add(database: Database, name: str) -> None:
    with database.transaction() as connection:
        NEW.run(connection, {"name": name})


def names(database: Database) -> list[str]:
    with database.transaction() as connection:
        return [row.name for row in NAMES.rows(connection, {})]


def test_all_or_nothing() -> None:
    """A transaction that an error leaves is undone as a whole."""
    database = open_zoo(None)
    add(database, "cat")

    with pytest.raises(RuntimeError), database.transaction() as connection:
        NEW.run(connection, {"name": "dog"})
        raise RuntimeError

    assert names(database) == ["cat"]


def test_inner_is_undone_alone() -> None:
    """An inner transaction that fails leaves the outer one whole."""
    database = open_zoo(None)

    with database.transaction():
        add(database, "cat")
        with pytest.raises(RuntimeError), database.transaction() as connection:
            NEW.run(connection, {"name": "dog"})
            raise RuntimeError
        add(database, "cow")

    assert names(database) == ["cat", "cow"]


def test_inner_goes_with_outer() -> None:
    """What an inner transaction did is undone with the outer one."""
    database = open_zoo(None)

    with pytest.raises(RuntimeError), database.transaction():
        add(database, "cat")
        raise RuntimeError

    assert names(database) == []


def test_file_keeps(tmp_path: Path) -> None:
    """What is committed is there when the file is opened again."""
    first = open_zoo(tmp_path / "zoo.db")
    add(first, "cat")
    first.close()

    assert names(open_zoo(tmp_path / "zoo.db")) == ["cat"]


def test_migrations_run_once(tmp_path: Path) -> None:
    """An older file is brought to the newest schema, each step once."""
    old = open_zoo(tmp_path / "zoo.db")
    add(old, "cat")
    old.close()

    def rename(connection: sa.Connection) -> None:
        connection.exec_driver_sql("UPDATE pets SET name = name || '!'")

    for _ in range(2):
        new = Database(tmp_path / "zoo.db", kind="zoo", migrations=[build, rename])
        assert names(new) == ["cat!"]
        new.close()


def test_failed_migration_changes_nothing(tmp_path: Path) -> None:
    """A step that fails leaves the file at the version it had."""
    open_zoo(tmp_path / "zoo.db").close()

    def fail(connection: sa.Connection) -> None:
        connection.exec_driver_sql("CREATE TABLE half (done TEXT)")
        raise RuntimeError

    with pytest.raises(RuntimeError):
        Database(tmp_path / "zoo.db", kind="zoo", migrations=[build, fail])

    again = open_zoo(tmp_path / "zoo.db")
    with again.transaction() as connection:
        assert "half" not in sa.inspect(connection).get_table_names()


def test_newer_file(tmp_path: Path) -> None:
    """A file of a newer version is refused, and says so."""
    newer = Database(
        tmp_path / "zoo.db", kind="zoo", migrations=[build, lambda _: None]
    )
    newer.close()

    with pytest.raises(ForeignStore, match="schema version 2, this program knows 1"):
        open_zoo(tmp_path / "zoo.db")


def test_other_kind(tmp_path: Path) -> None:
    """A ledger is no marketplace."""
    open_zoo(tmp_path / "zoo.db").close()

    with pytest.raises(ForeignStore, match="this is a zoo, not a farm"):
        Database(tmp_path / "zoo.db", kind="farm", migrations=[build])


def test_somebody_elses_file(tmp_path: Path) -> None:
    """Another program's database is refused and left as it is."""
    theirs = sqlite3.connect(tmp_path / "theirs.db")
    theirs.execute("CREATE TABLE accounts (id INTEGER)")
    theirs.commit()

    with pytest.raises(ForeignStore, match=r"another program.*accounts"):
        open_zoo(tmp_path / "theirs.db")

    tables = theirs.execute("SELECT name FROM sqlite_master").fetchall()
    theirs.close()
    assert tables == [("accounts",)]


def test_no_database(tmp_path: Path) -> None:
    """A file that is no database is refused and left as it is."""
    path = tmp_path / "notes.txt"
    path.write_text("dear diary, today I labelled a thousand pictures\n" * 30)
    before = path.read_bytes()

    with pytest.raises(ForeignStore, match="no SQLite database"):
        open_zoo(path)

    assert path.read_bytes() == before


def test_no_folder(tmp_path: Path) -> None:
    """A file that cannot be made is one clear error."""
    with pytest.raises(StoreError, match="cannot be opened"):
        open_zoo(tmp_path / "nowhere" / "zoo.db")


def test_locked(tmp_path: Path) -> None:
    """A file that another program holds is an error after the wait, not a hang."""
    path = tmp_path / "zoo.db"
    open_zoo(path).close()
    holder = sqlite3.connect(path, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")

    with pytest.raises(
        StoreLocked, match=r"zoo\.db: another program has held this zoo"
    ):
        open_zoo(path, wait_seconds=0.05)

    holder.execute("ROLLBACK")
    holder.close()
    assert names(open_zoo(path)) == []


def _add_many(path: Path, name: str) -> None:
    database = open_zoo(path, wait_seconds=30)
    for _ in range(50):
        add(database, name)


def test_processes_take_turns(tmp_path: Path) -> None:
    """Two processes that write at once lose nothing."""
    path = tmp_path / "zoo.db"
    open_zoo(path).close()
    spawn = multiprocessing.get_context("spawn")
    both = [spawn.Process(target=_add_many, args=(path, name)) for name in "ab"]
    for process in both:
        process.start()
    for process in both:
        process.join()

    assert sorted(names(open_zoo(path))) == ["a"] * 50 + ["b"] * 50


def test_threads_take_turns() -> None:
    """Threads share one connection without sharing a transaction."""
    database = open_zoo(None)
    threads = [threading.Thread(target=add, args=(database, str(n))) for n in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(names(database)) == 20


def test_missing_driver() -> None:
    """A database whose driver is missing names the extra that brings one."""
    with pytest.raises(CrowdlabError, match=r"crowdlab\[postgres\]"):
        Database("postgresql+psycopg2://localhost/x", kind="zoo", migrations=[])


def test_unknown_kind_of_database() -> None:
    """A database that is neither SQLite nor PostgreSQL is answered with the choices."""
    with pytest.raises(StoreError, match="sqlite, postgresql"):
        Database("mysql://localhost/x", kind="zoo", migrations=[])


def test_not_durable(tmp_path: Path) -> None:
    """A transaction that need not wait for the disk is kept all the same."""
    database = open_zoo(tmp_path / "zoo.db")
    with database.transaction(durable=False) as connection:
        NEW.run(connection, {"name": "cat"})
    database.close()

    assert names(open_zoo(tmp_path / "zoo.db")) == ["cat"]


def test_many_rows() -> None:
    """A statement runs once for each row of many."""
    database = open_zoo(None)
    with database.transaction() as connection:
        Statement(PETS.insert()).run_many(connection, [{"name": n} for n in "abc"])

    assert names(database) == ["a", "b", "c"]
