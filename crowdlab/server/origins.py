"""Under which addresses a server is reached: the site, and apart from it task pages.

Task pages are written by requesters, so they must not act as the site: browsers keep
them apart when they come from another host name. On one machine ``127.0.0.1`` and
``localhost`` are two; elsewhere a server needs two names, or the frames of its pages
lose the rights of an origin.
"""

from urllib.parse import urlsplit

import attrs

from crowdlab.errors import BadInput

__all__ = ["LOOPBACK", "Origins", "find_origins"]

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
_OTHER_NAME = {"127.0.0.1": "localhost", "localhost": "127.0.0.1"}


def _need_origin(_: object, field: "attrs.Attribute[str]", origin: str) -> None:
    parts = urlsplit(origin)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path:
        raise BadInput(
            f"{field.name}: {origin!r} is no origin such as https://crowd.example.org"
        )


@attrs.frozen
class Origins:
    """Where the site and the task pages are, such as ``https://crowd.example.org``."""

    site: str = attrs.field(validator=_need_origin)
    frames: str = attrs.field(validator=_need_origin)

    @property
    def site_host(self) -> str:
        """The host name of the site."""
        return str(urlsplit(self.site).hostname)

    @property
    def frames_host(self) -> str:
        """The host name of the task pages."""
        return str(urlsplit(self.frames).hostname)

    @property
    def is_secure(self) -> bool:
        """Whether the site is reached over https."""
        return self.site.startswith("https:")

    @property
    def are_apart(self) -> bool:
        """Whether browsers keep task pages and site apart by themselves."""
        return self.site_host != self.frames_host


def find_origins(
    host: str, port: int, site: str | None = None, frames: str | None = None
) -> Origins:
    """The addresses of a server that listens there, unless others are given.

    Raises:
        BadInput: one of them is no origin.

    Example:
        >>> find_origins("127.0.0.1", 5001)
        Origins(site='http://127.0.0.1:5001', frames='http://localhost:5001')
        >>> find_origins("0.0.0.0", 80, "https://crowd.example.org").are_apart
        False
    """
    shown = f"[{host}]" if ":" in host else host
    home = (site or f"http://{shown}:{port}").rstrip("/")
    other = _OTHER_NAME.get(str(urlsplit(home).hostname))
    apart = f"http://{other}:{urlsplit(home).port}" if other else home
    return Origins(home, (frames or apart).rstrip("/"))
