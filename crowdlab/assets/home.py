"""Where images live for a worker's browser: one small port, and whom it leads to."""

from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

from crowdlab.assets.folder import PATH, FolderHome
from crowdlab.assets.pictures import Picture
from crowdlab.assets.s3 import S3Home
from crowdlab.assets.server import ServerHome
from crowdlab.errors import BadInput

__all__ = ["CHOICES", "Home", "open_home"]

CHOICES = (
    "a folder that a crowdlab server shows, s3://bucket/prefix, or the URL of a "
    "crowdlab server"
)


class Home(Protocol):
    """Where images live for a worker's browser."""

    @property
    def name(self) -> str:
        """What a ledger calls it; what was put there once is not put there again."""

    @property
    def is_near(self) -> bool:
        """Whether only the pages of a crowdlab server find what is here."""

    def prepare(self) -> None:
        """Makes it ready.

        Raises:
            BadInput: it cannot be used.
        """

    def put(self, name: str, picture: Picture, /) -> str:
        """Keeps an image under that name and gives its URL; done twice, it is one.

        Raises:
            BadInput: it cannot be kept.
        """

    def check(self, url: str, /) -> None:
        """Lets an image pass that browsers will get.

        Raises:
            BadInput: they will not; the message says what to do.
        """


def open_home(place: object, *, url: str | None = None) -> Home:
    """The home of images that is meant; nothing is sent there yet.

    Args:
        place: a folder, ``s3://bucket/prefix``, the URL of a crowdlab server, or a
            home of your own.
        url: the address under which browsers find a folder or a bucket, where it is
            another than its own: that of a CDN or of your web server.

    Raises:
        BadInput: for anything else, and for an address that is none.

    Example:
        >>> open_home("s3://pets/2026")
        S3Home('s3://pets/2026')
        >>> open_home("pictures")
        FolderHome('pictures', '/assets')
    """
    if url is not None and not url.startswith(("https://", "http://")):
        raise BadInput(f"assets: {url!r} is no address such as https://cdn.example.org")
    if isinstance(place, Path):
        return FolderHome(place, url or PATH)
    if isinstance(place, str) and place:
        return _open_text(place, url)
    if callable(getattr(place, "put", None)):
        home: Home = place  # type: ignore[assignment]
        return home
    raise BadInput(f"assets: {place!r} is no place for images; give {CHOICES}")


def _open_text(place: str, url: str | None) -> Home:
    parts = urlsplit(place)
    match parts.scheme if "://" in place else "":
        case "":
            return FolderHome(place, url or PATH)
        case "s3" if parts.netloc:
            return S3Home(parts.netloc, parts.path, url)
        case "http" | "https" if url is None:
            return ServerHome(place)
    raise BadInput(f"assets: {place!r} is no place for images; give {CHOICES}")
