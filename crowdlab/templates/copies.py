"""Templates made from templates: a folder of one's own, to be changed."""

import shutil
from pathlib import Path

from crowdlab.errors import AlreadyExists
from crowdlab.templates.folders import find_folder, list_templates
from crowdlab.templates.loading import load_template
from crowdlab.templates.manifest import check_name
from crowdlab.templates.template import Template

__all__ = ["copy_template"]


def copy_template(
    folder: str | Path, *, like: str | Path = "text-classification"
) -> Template:
    """A template of one's own in a new folder, as good as the one it is like.

    Raises:
        AlreadyExists: if the folder is there, or a template of its name.
        BadTemplate: if the folder's name is none for a template.
        NotFound: if there is no template for it to be like.
    """
    target = Path(folder)
    check_name(target)
    if target.exists():
        raise AlreadyExists(f"{target} is there already")
    if target.name in list_templates():
        raise AlreadyExists(f"there is a template {target.name!r} already")
    shutil.copytree(find_folder(like), target)
    return load_template(target.resolve())
