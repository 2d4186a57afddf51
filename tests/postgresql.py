"""A PostgreSQL server of our own: Debian's, in a temporary folder, on a private port."""

import contextlib
import getpass
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import attrs
import psycopg

__all__ = ["Cluster", "cluster"]

NAME = "crowdlab"
#: Nothing is to survive the machine's power, so nothing waits for the disk.
HASTE = ["fsync=off", "synchronous_commit=off", "full_page_writes=off"]


@attrs.frozen
class Cluster:
    """A running PostgreSQL server."""

    port: int

    def create(self, database: str) -> str:
        """Makes a database, and gives its URL."""
        with self.connect("postgres") as connection:
            connection.execute(f'CREATE DATABASE "{database}"')
        return f"postgresql+psycopg://{NAME}@127.0.0.1:{self.port}/{database}"

    def drop(self, database: str) -> None:
        """Removes a database, whoever still uses it."""
        with self.connect("postgres") as connection:
            connection.execute(f'DROP DATABASE "{database}" WITH (FORCE)')

    def connect(self, database: str) -> "psycopg.Connection[tuple[Any, ...]]":
        """A connection of the driver's own."""
        return psycopg.connect(
            host="127.0.0.1",
            port=self.port,
            user=NAME,
            dbname=database,
            autocommit=True,
        )


@contextlib.contextmanager
def cluster() -> Iterator[Cluster]:
    """Starts a server, and stops it afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="crowdlab-postgresql-"))
    account = _account()
    try:
        if account:
            shutil.chown(folder, account["user"])
        data = folder / "data"
        _run("initdb", "-D", data, "-U", NAME, "-A", "trust", "-E", "UTF8",
             "--no-locale", "--no-sync", account=account)  # fmt: skip
        with _started(data, folder, account) as port:
            yield Cluster(port)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _program(name: str) -> str:
    found = [*Path("/usr/lib/postgresql").glob(f"*/bin/{name}")]
    newest = max(found, key=lambda path: float(path.parts[4]), default=None)
    program = str(newest) if newest else shutil.which(name)
    assert program, "these tests need Debian's package postgresql; see make test"
    return program


def _account() -> Mapping[str, Any]:
    """As whom it runs: PostgreSQL refuses to be root."""
    if getpass.getuser() != "root" and os.getuid() != 0:
        return {}
    return {"user": "postgres", "group": "postgres", "extra_groups": []}


def _run(name: str, *arguments: object, account: Mapping[str, Any]) -> None:
    command = [_program(name), *map(str, arguments)]
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, cwd="/", **account
    )
    assert done.returncode == 0, done.stderr


@contextlib.contextmanager
def _started(data: Path, folder: Path, account: Mapping[str, Any]) -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = int(free.getsockname()[1])
    settings = ["listen_addresses=127.0.0.1", f"port={port}", *HASTE]
    settings.append(f"unix_socket_directories={folder}")
    options = [part for setting in settings for part in ("-c", setting)]
    with (
        (folder / "log").open("wb") as log,
        subprocess.Popen(
            [_program("postgres"), "-D", str(data), *options],
            stdout=log, stderr=log, cwd="/", **account,
        ) as process,
    ):  # fmt: skip
        try:
            _wait(port, process, folder / "log")
            yield port
        finally:
            process.send_signal(2)
            process.wait(timeout=30)


def _wait(port: int, process: "subprocess.Popen[bytes]", log: Path) -> None:
    for _ in range(200):
        assert process.poll() is None, log.read_text()
        with contextlib.suppress(psycopg.OperationalError):
            Cluster(port).connect("postgres").close()
            return
        time.sleep(0.05)
    raise TimeoutError(log.read_text())
