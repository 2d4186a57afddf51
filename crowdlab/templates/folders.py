"""Where templates are: those that come with crowdlab, and those of other packages."""

import os
from collections.abc import Callable
from pathlib import Path

from crowdlab.errors import BadTemplate, NotFound
from crowdlab.plugins import Registry

__all__ = ["find_folder", "list_parts", "list_templates", "page_folder", "shelf"]

MANIFEST = "template.toml"
PAGE = "_page"


def shelf() -> Path:
    """The folder of the templates that come with crowdlab.

    In a wheel it lies inside the package; in a checkout, beside it.
    """
    package = Path(__file__).parents[1]
    places = (package / "task_templates", package.parent / "task_templates")
    for place in places:
        if (place / PAGE).is_dir():
            return place
    tried = " or ".join(str(place) for place in places)
    raise BadTemplate(f"this installation has lost its templates: no {tried}")


def page_folder() -> Path:
    """The folder of the parts that every page shares."""
    return shelf() / PAGE


def list_parts() -> list[str]:
    """The names of the shared parts that a page may be made of besides, sorted."""
    return sorted(path.name for path in page_folder().iterdir() if path.is_dir())


def list_templates() -> list[str]:
    """The names of the templates that can be found, sorted.

    Example:
        >>> "text-classification" in list_templates()
        True
    """
    return sorted(_registry().names())


def find_folder(name_or_folder: str | Path) -> Path:
    """The folder of the template of that name, or the folder itself.

    Raises:
        NotFound: if there is none; the message lists the choices.
    """
    folder = Path(name_or_folder)
    if _is_path(name_or_folder):
        if not folder.is_dir():
            raise NotFound("template", str(folder), list_templates())
        return folder.resolve()
    try:
        return _registry().find(str(name_or_folder))
    except NotFound:
        if (folder / MANIFEST).is_file():
            return folder.resolve()
        raise


def _is_path(name_or_folder: str | Path) -> bool:
    """Whether it can be no name: ``./pets`` and ``pets/`` are the folder there."""
    signs = {os.sep, os.altsep}
    return isinstance(name_or_folder, Path) or not signs.isdisjoint(name_or_folder)


def _registry() -> Registry[Path]:
    registry = Registry[Path]("template", "crowdlab.templates")
    for manifest in sorted(shelf().glob(f"*/{MANIFEST}")):
        registry.add(manifest.parent.name, _constant(manifest.parent))
    return registry


def _constant(folder: Path) -> Callable[[], Path]:
    return lambda: folder
