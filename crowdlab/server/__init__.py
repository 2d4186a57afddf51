"""Door 3: the marketplace over HTTP, for programs with AWS's SDKs and for browsers.

It holds no rule of the marketplace. :func:`serve` runs a server until it is stopped;
:func:`make_app` gives the ASGI application for one of your own.
"""

from crowdlab.errors import MissingExtra

try:
    from crowdlab.server.app import make_app
    from crowdlab.server.entry import Entry
    from crowdlab.server.keys import Key, add_key, read_keys
    from crowdlab.server.markets import Markets, open_markets
    from crowdlab.server.origins import Origins, find_origins
    from crowdlab.server.people import Consent, People
    from crowdlab.server.serving import HOST, PORT, running, serve
except ModuleNotFoundError as error:
    raise MissingExtra("marketplaces served over HTTP", "server") from error

__all__ = [
    "HOST",
    "PORT",
    "Consent",
    "Entry",
    "Key",
    "Markets",
    "Origins",
    "People",
    "add_key",
    "find_origins",
    "make_app",
    "open_markets",
    "read_keys",
    "running",
    "serve",
]
