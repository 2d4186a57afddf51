"""Where things are on the desk."""

from collections.abc import Callable
from typing import Any
from urllib.parse import quote, unquote

from starlette.routing import Route

from crowdlab.errors import NotFound
from crowdlab.marketplace.overview import Place

__all__ = ["group_path", "named", "paths"]


_KINDS = {"batches": "batch", "types": "type"}
_FOLDERS = {kind: folder for folder, kind in _KINDS.items()}


def group_path(place: Place) -> str:
    """The path of a group below that of its market.

    A name may have any character, so it is written twice over: a path is read once
    before it is taken apart.

    Example:
        >>> group_path(Place("batch", "pets 1/2", "pets 1/2"))
        '/batches/pets%25201%252F2'
    """
    return f"/{_FOLDERS[place.kind]}/{quote(quote(place.name, safe='').replace('.', '%2E'))}"


def named(path_params: dict[str, Any]) -> tuple[str, str]:
    """Kind and name of the group that a path leads to.

    Raises:
        NotFound: it leads to none.
    """
    folder, name = path_params["folder"], unquote(path_params["name"])
    if folder not in _KINDS:
        raise NotFound("page", folder, _KINDS)
    return _KINDS[folder], name


def paths(path: str, show: Callable[..., Any]) -> list[Route]:
    """The routes of a page, and of its JSON."""
    return [Route(f"{path}.json", show), Route(path, show)]
