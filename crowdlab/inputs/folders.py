"""Rows of a folder of images, one folder per class too."""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from crowdlab.assets import image_fields
from crowdlab.errors import BadInput

__all__ = ["read_classes", "read_folder"]

Row = tuple[str, dict[str, Any]]

SUFFIXES = (".avif", ".gif", ".jpeg", ".jpg", ".png", ".svg", ".webp")


def read_folder(folder: Path, schema: Mapping[str, Any]) -> Iterator[Row]:
    """Origin and row of each image below a folder: its path, which names the task too.

    Raises:
        BadInput: if a row of that schema has not just one image.
    """
    fields = image_fields(schema)
    required = [name for name in fields if name in schema.get("required", ())]
    if len(required or fields) != 1:
        known = ", ".join(fields) or "none"
        raise BadInput(
            f"{folder}: from a folder comes one image for each task, and the fields of "
            f"this template that are an image are: {known}; write a file of rows"
        )
    (field,) = required or fields
    for name in _names(folder):
        path = folder / name
        yield str(path), {"task": name, field: str(path.absolute())}


def read_classes(folder: Path) -> Iterator[Row]:
    """Origin, task and label of each image: its label is the folder that it is in.

    Raises:
        BadInput: for an image that lies beside the folders of the classes.
    """
    for name in _names(folder):
        label = name.rpartition("/")[0]
        if not label:
            raise BadInput(f"{folder}: {name} is in no folder of a class")
        yield str(folder / name), {"task": name, "label": label}


def _names(folder: Path) -> Iterator[str]:
    """The paths of the images below a folder, sorted, with slashes."""
    is_any = False
    for place, folders, files in os.walk(folder):
        folders.sort()
        for file in sorted(files):
            if file.lower().endswith(SUFFIXES) and not file.startswith("."):
                is_any = True
                yield (Path(place) / file).relative_to(folder).as_posix()
    if not is_any:
        raise BadInput(f"{folder}: there is no image in it")
