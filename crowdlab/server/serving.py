"""A running server: in this process until it is stopped, or beside a program."""

import asyncio
import contextlib
import ipaddress
import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType
from urllib.parse import urlsplit

import uvicorn
from sqlalchemy import make_url
from starlette.types import ASGIApp

from crowdlab.assets import open_home
from crowdlab.errors import BadInput
from crowdlab.marketplace.faults import load_faults
from crowdlab.server.app import make_app
from crowdlab.server.entry import Entry, find_entry
from crowdlab.server.keys import read_keys
from crowdlab.server.markets import open_markets
from crowdlab.server.origins import Origins, find_origins
from crowdlab.server.severing import Severable

__all__ = ["HOST", "PORT", "running", "serve"]

HOST = "127.0.0.1"
PORT = 5001
#: How long requests that are under way may still take when the server is stopped.
PATIENCE = 10
#: Longer than a client's pool keeps an idle connection, so that it is not the server
#: who closes one just when the next request is written.
IDLE = 75

Announce = Callable[[str], None]


def serve(
    store: str | Path | None = None,
    *,
    host: str = HOST,
    port: int = PORT,
    keys: str | Path | None = None,
    environment: str = "production",
    site: str | None = None,
    frames: str | None = None,
    faults: str | Path | None = None,
    registration: str | None = None,
    consent: str | Path | None = None,
    proxy: str | None = None,
    assets: str | Path | None = None,
    announce: Announce | None = None,
) -> None:
    """Serves the marketplace over HTTP until the process is told to stop.

    Args:
        store: where both markets are kept: a folder, a file, or the URL of a
            PostgreSQL database, which several servers may share; ``None`` for memory.
        host: the address to listen at.
        port: the port to listen at; 0 for any that is free.
        keys: the file of the access keys. Without, every signature is believed, and
            only this machine may connect.
        environment: the market of requests that do not say which they mean.
        site: the origin of the workers' site, where it is another than that address.
        frames: the origin of task pages: another host name of this server.
        faults: a file of faults that both markets are to show; see
            :func:`crowdlab.marketplace.faults.load_faults`.
        registration: who may become a worker: ``names`` (whoever gives a name, without
            a password: for trying things on this machine), ``open``, ``invitation`` or
            ``closed``. By default ``names`` where only this machine can reach the site,
            and ``invitation`` elsewhere.
        consent: a file of plain text that every worker agrees to first.
        proxy: the address of a reverse proxy that says where requests come from.
        assets: the folder of the images; by default ``crowdlab-assets``, beside the
            store.
        announce: told, line by line, what is served where; prints on standard error.

    Raises:
        BadInput: an argument that cannot be served.
        StoreError: the store cannot be used.
    """
    ring = read_keys(keys) if keys is not None else {}
    wanted = load_faults(faults) if faults is not None else []
    if not ring and not _is_loopback(host):
        raise BadInput(
            f"host: without keys only this machine may connect, not {host!r}; make a "
            "key with --keys FILE --new-key NAME, or listen at 127.0.0.1"
        )
    entry = find_entry(registration, consent, is_private=_is_private(host, site, proxy))
    with _listening(host, port) as listener, open_markets(store) as markets:
        origins = find_origins(host, listener.getsockname()[1], site, frames)
        app = make_app(
            markets,
            origins,
            keys=ring,
            environment=environment,
            entry=entry,
            assets=None if assets is None else open_home(assets),
        )
        for market in markets.by_environment.values():
            market.faults.extend(wanted)
        lines = [
            *_greeting(store, origins, environment, entry),
            *_warnings(origins, is_open=not ring),
            f"ready at {origins.site}",
        ]
        _run(app, listener, proxy, lambda: _tell(lines, announce or _print))


@contextlib.contextmanager
def running(
    app: Callable[[int], ASGIApp],
    *,
    host: str = HOST,
    port: int = 0,
    proxy: str | None = None,
) -> Iterator[int]:
    """A server in a thread of this process; gives its port.

    Args:
        app: makes the application, given the port.
        host: the address to listen at.
        port: the port; any that is free by default.
        proxy: the address of a reverse proxy that says where requests come from.
    """
    with _listening(host, port) as listener:
        number = int(listener.getsockname()[1])
        server = uvicorn.Server(_configured(app(number), proxy))
        thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
        thread.start()
        try:
            yield number
        finally:
            server.should_exit = True
            thread.join()


def _is_private(host: str, site: str | None, proxy: str | None) -> bool:
    """Whether only people at this machine can reach the site."""
    shown = host if site is None else urlsplit(site).hostname or ""
    return _is_loopback(host) and _is_loopback(shown) and proxy is None


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


@contextlib.contextmanager
def _listening(host: str, port: int) -> Iterator[socket.socket]:
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        listener = socket.create_server((host, port), family=family, backlog=2048)
    except OSError as error:
        raise BadInput(f"cannot listen at {host}:{port}: {error.strerror}") from error
    with listener:
        # Inherited by every connection; else an answer of two packets takes 40 ms.
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        yield listener


def _configured(app: ASGIApp, proxy: str | None = None) -> uvicorn.Config:
    return uvicorn.Config(
        Severable(app),
        lifespan="off",
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=proxy is not None,
        forwarded_allow_ips=proxy or "",
        timeout_keep_alive=IDLE,
        timeout_graceful_shutdown=PATIENCE,
    )


class _Server(uvicorn.Server):
    """A server that says when it is ready."""

    def __init__(
        self, app: ASGIApp, proxy: str | None, ready: Callable[[], None]
    ) -> None:
        super().__init__(_configured(app, proxy))
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        await asyncio.to_thread(self._ready)


def _run(
    app: ASGIApp,
    listener: socket.socket,
    proxy: str | None,
    ready: Callable[[], None],
) -> None:
    # uvicorn passes a signal on once it has finished; then we leave the usual way.
    before = signal.signal(signal.SIGTERM, _stop)
    try:
        with contextlib.suppress(KeyboardInterrupt):
            _Server(app, proxy, ready).run([listener])
    finally:
        signal.signal(signal.SIGTERM, before)


def _stop(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


_WAYS_IN = {
    "names": "whoever gives a name, without a password: for trying things",
    "open": "whoever registers with a name and a password",
    "invitation": "who was invited: crowdlab invite",
    "closed": "nobody new",
}


def _greeting(
    store: str | Path | None, origins: Origins, environment: str, entry: Entry
) -> list[str]:
    return [
        f"requester API   {origins.site}  ({environment} unless a request says more)",
        f"workers' site   {origins.site}/",
        f"dashboard       {origins.site}/desk",
        f"new workers     {_WAYS_IN[entry.registration]}",
        f"state           {_shown(store)}",
    ]


def _warnings(origins: Origins, *, is_open: bool) -> list[str]:
    lines = []
    if is_open:
        lines.append(
            "OPEN: there are no access keys, so every program on this machine is let "
            "in as the same requester"
        )
    if not origins.are_apart:
        lines.append(
            "task pages share the site's host name and are caged; give them another "
            "with --frames"
        )
    return lines


def _shown(store: str | Path | None) -> str:
    if store is None:
        return "in memory: it is gone when the server stops"
    # Without its password.
    return (
        make_url(str(store)).render_as_string() if "://" in str(store) else str(store)
    )


def _tell(lines: list[str], announce: Announce) -> None:
    for line in lines:
        announce(line)


def _print(line: str) -> None:
    print(f"crowdlab: {line}", file=sys.stderr, flush=True)  # noqa: T201 - its console
