# ruff: noqa: INP001 - not a package: a folder of PYTHONPATH
"""Sends a Python program's requests to Mechanical Turk to another server.

Python imports a module of this name when it starts. This one lies in a folder that
``crowdlab redirect`` puts on ``PYTHONPATH``, so that it reaches the program and every
Python program that it starts, whatever environment they run in: it needs nothing but
the standard library, and the program's own botocore once that is imported.

Each client for ``mturk`` is left as it is. What it sends is caught before it leaves,
signed anew for the other server and sent there; what comes back, the client receives.
Whatever else would look up one of Mechanical Turk's hosts is stopped.
"""

import importlib
import importlib.util
import os
import re
import sys
from collections.abc import Callable, Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any
from urllib.parse import urlsplit

__all__: list[str] = []

HERE = os.path.dirname(os.path.abspath(__file__))  # noqa: PTH100, PTH120 - for every program's start, pathlib is slow
AMAZON = re.compile(
    r"mturk-requester(-[a-z]+)?\.[a-z0-9-]+\.amazonaws\.com\.?", re.IGNORECASE
)
LOOKUPS = {"socket.getaddrinfo", "socket.gethostbyname"}
CLIENTS = "botocore.client"


class Stopped(RuntimeError):
    """A request was on its way to the real Mechanical Turk."""


def stop(event: str, args: tuple[Any, ...]) -> None:
    """Hears what Python does, and stops it from looking up Mechanical Turk's hosts."""
    if event in LOOKUPS and AMAZON.fullmatch(_text(args[0])):
        raise Stopped(f"crowdlab redirect: {_text(args[0])} must not be reached")


def _text(value: object) -> str:
    return value.decode("ascii", "replace") if isinstance(value, bytes) else str(value)


def redirect_clients(clients: ModuleType) -> None:
    """Makes botocore redirect every client for ``mturk`` that it creates."""
    create = clients.ClientCreator.create_client

    def create_client(self: Any, service_name: str, *args: Any, **named: Any) -> Any:
        client = create(self, service_name, *args, **named)
        if service_name == "mturk":
            _redirect(client)
        return client

    clients.ClientCreator.create_client = create_client


def _redirect(client: Any) -> None:
    import botocore  # noqa: PLC0415 - the program's, which it has just imported

    sender = Sender(os.environ["CROWDLAB_REDIRECT"], client)
    events = client.meta.events
    # Signed only once, for where it goes; a program without credentials gets this far.
    events.register_last("choose-signer.mturk", lambda **_: botocore.UNSIGNED)
    events.register_last("before-send.mturk", sender.send)


class Sender:
    """Carries one client's requests to the other server."""

    def __init__(self, endpoint: str, client: Any) -> None:
        from botocore.httpsession import URLLib3Session  # noqa: PLC0415 - as above
        from botocore.utils import get_environ_proxies  # noqa: PLC0415 - as above

        config: Any = client.meta.config
        self._endpoint, self._client = endpoint, client
        # The client's own session goes through the proxies of Amazon's host.
        timeout: Any = (config.connect_timeout, config.read_timeout)
        self._session = URLLib3Session(
            proxies=get_environ_proxies(endpoint),
            timeout=timeout,
            max_pool_connections=config.max_pool_connections,
        )

    def send(self, request: Any, **_: Any) -> Any:
        """Sends a prepared request, and gives the response."""
        from botocore.auth import SigV4Auth  # noqa: PLC0415 - as above
        from botocore.awsrequest import AWSRequest  # noqa: PLC0415 - as above

        headers = {name: _text(value) for name, value in request.headers.items()}
        ours = AWSRequest(request.method, self._endpoint, headers, request.body)
        SigV4Auth(self._credentials(), "mturk-requester", self._region()).add_auth(ours)
        return self._session.send(ours.prepare())

    def _region(self) -> str:
        """The region, which tells the environment that the program means."""
        host = urlsplit(self._client.meta.endpoint_url).hostname or ""
        return "sandbox" if "sandbox" in host else "us-east-1"

    def _credentials(self) -> Any:
        """The keys given for this server; else the program's own, if it has any.

        Of its own, a session's token stays here: it is Amazon's business.
        """
        from botocore.credentials import Credentials  # noqa: PLC0415 - as above

        key = os.environ.get("CROWDLAB_REDIRECT_KEY")
        if key:
            return Credentials(key, os.environ["CROWDLAB_REDIRECT_SECRET"])
        own = self._client._request_signer._credentials  # noqa: SLF001 - nowhere else
        if own is None:
            return Credentials("crowdlab", "crowdlab")
        frozen = own.get_frozen_credentials()
        return Credentials(frozen.access_key, frozen.secret_key)


class Watcher(MetaPathFinder, Loader):
    """Waits for a module, and does something to it once it is there."""

    def __init__(self, name: str, then: Callable[[ModuleType], None]) -> None:
        self._name, self._then = name, then
        self._loader: Any = None

    def find_spec(
        self, fullname: str, _path: Sequence[str] | None, _target: Any = None
    ) -> ModuleSpec | None:
        """The module's own specification, to be loaded by us."""
        if fullname != self._name:
            return None
        sys.meta_path.remove(self)
        spec = importlib.util.find_spec(fullname)
        if spec is not None and spec.loader is not None:
            self._loader, spec.loader = spec.loader, self
        return spec

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        """The module, as its own loader makes it."""
        made: ModuleType | None = self._loader.create_module(spec)
        return made

    def exec_module(self, module: ModuleType) -> None:
        """Runs the module, then what was to be done."""
        module.__loader__ = self._loader
        if module.__spec__ is not None:
            module.__spec__.loader = self._loader
        self._loader.exec_module(module)
        self._then(module)


def make_way() -> None:
    """Lets the ``sitecustomize`` run that this one stands before, if there is one."""
    ours = sys.modules.pop(__name__)
    sys.path[:] = [p for p in sys.path if os.path.abspath(p) != HERE]  # noqa: PTH100 - as above
    try:
        importlib.import_module(__name__)
    except ModuleNotFoundError as error:
        if error.name != __name__:
            raise
        sys.modules[__name__] = ours


if __name__ == "sitecustomize" and "CROWDLAB_REDIRECT" in os.environ:
    sys.addaudithook(stop)
    sys.meta_path.insert(0, Watcher(CLIENTS, redirect_clients))
    make_way()
