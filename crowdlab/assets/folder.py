"""Images in a folder that a web server shows: a crowdlab server, or one of your own."""

import functools
import os
import secrets
import shutil
import tempfile
import weakref
from pathlib import Path

from crowdlab.assets.names import is_name
from crowdlab.assets.pictures import Picture
from crowdlab.errors import BadInput

__all__ = ["FOLDER", "PATH", "FolderHome", "folder_beside"]

FOLDER = "crowdlab-assets"
#: Where a crowdlab server shows its folder, below the address of a task's page.
PATH = "/assets"


class FolderHome:
    """A folder of images.

    Args:
        folder: is made when the first image comes; ``None`` for one that is gone with
            this object.
        url: the address of the folder. By default it is that of a crowdlab server,
            as its own task pages see it, whatever host name the server goes by.
    """

    def __init__(self, folder: str | Path | None, url: str = PATH) -> None:
        self._folder, self.url = folder, url.rstrip("/")

    def __repr__(self) -> str:
        return f"FolderHome({str(self.folder)!r}, {self.url!r})"

    @functools.cached_property
    def folder(self) -> Path:
        """Where the files are."""
        return _make_temporary(self) if self._folder is None else Path(self._folder)

    @property
    def name(self) -> str:
        """The folder and its address."""
        return f"{self.folder.resolve()} {self.url}"

    @property
    def is_near(self) -> bool:
        """Whether only the pages of a crowdlab server find what is here."""
        return self.url.startswith("/")

    def prepare(self) -> None:
        """Makes the folder.

        Raises:
            BadInput: if that is impossible.
        """
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise BadInput(f"assets: {self.folder}: {error.strerror}") from None

    def put(self, name: str, picture: Picture) -> str:
        """Keeps an image under that name, if it is not there, and gives its URL."""
        if self.find(name) is None:
            self.prepare()
            _write(self.folder / name, picture.data)
        return f"{self.url}/{name}"

    def check(self, _url: str) -> None:
        """Nothing: the server that shows the folder need not run yet."""

    def find(self, name: str) -> Path | None:
        """The file of that name; never one that is no image of ours, nor a link."""
        path = self.folder / name
        if not is_name(name) or path.is_symlink() or not path.is_file():
            return None
        return path


def folder_beside(store: str) -> FolderHome:
    """The folder that belongs to a marketplace, by where that is kept.

    Example:
        >>> folder_beside("shop/marketplace.db")
        FolderHome('shop/crowdlab-assets', '/assets')
    """
    if store == ":memory:":
        return FolderHome(None)
    beside = Path() if "://" in store else Path(store).parent
    return FolderHome(beside / FOLDER)


def _make_temporary(owner: FolderHome) -> Path:
    folder = tempfile.mkdtemp(prefix=f"{FOLDER}-")
    weakref.finalize(owner, shutil.rmtree, folder, ignore_errors=True)
    return Path(folder)


def _write(path: Path, data: bytes) -> None:
    """The whole file or none, also for another process that writes the same."""
    part = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with part.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError as error:
        raise BadInput(f"assets: {path.parent}: {error.strerror}") from None
    finally:
        part.unlink(missing_ok=True)
