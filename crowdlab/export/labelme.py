"""LabelMe: a folder with one JSON file for each picture.

See https://github.com/wkentaro/labelme.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pandas as pd

from crowdlab.errors import BadInput
from crowdlab.export.labelled import Labelled
from crowdlab.export.pictures import (
    Picture,
    Region,
    box,
    pictures_of,
    read_json,
    reading,
    table_of,
)

__all__ = ["from_labelme", "read", "to_labelme", "write"]

VERSION = "5.5.0"


def write(labelled: Labelled, path: Path) -> None:
    """Writes the folder."""
    pictures = pictures_of(labelled)
    path.mkdir(parents=True, exist_ok=True)
    for picture in pictures:
        text = json.dumps(to_labelme(picture), ensure_ascii=False, indent=2)
        file = path / f"{quote(picture.task, safe=' ')}.json"
        file.write_text(text, "utf-8")


def read(path: Path) -> pd.DataFrame:
    """The table in the folder.

    Raises:
        BadInput: where it has no such files.
    """
    files = sorted(path.glob("*.json"))
    if not files:
        raise BadInput(f"{path}: has no JSON files")
    return table_of(map(_read_file, files))


def _read_file(file: Path) -> Picture:
    document = read_json(file.read_text("utf-8"), file)
    with reading("LabelMe", file):
        return from_labelme(document, file.stem)


def to_labelme(picture: Picture) -> dict[str, Any]:
    """The document of a picture.

    Example:
        >>> cat = {"cls": "cat", "kind": "box", "bbox": [1, 2, 3, 4]}
        >>> to_labelme(Picture("a", "1.jpg", 9, 9, [cat]))["shapes"][0]["points"]
        [[1, 2], [4, 6]]
    """
    return {
        "version": VERSION,
        "flags": {},
        "shapes": [_shape(region) for region in picture.regions],
        "imagePath": picture.file_name,
        "imageData": None,
        "imageHeight": picture.height,
        "imageWidth": picture.width,
        "task": picture.task,
    }


def from_labelme(document: Mapping[str, Any], name: str) -> Picture:
    """The picture in a document; its task is called as said in there, or by the name.

    Raises:
        BadInput: for a shape that is no rectangle, polygon or point.
    """
    return Picture(
        document.get("task", name),
        document["imagePath"],
        document["imageWidth"],
        document["imageHeight"],
        [_region(shape, name) for shape in document["shapes"]],
    )


def _shape(region: Region) -> dict[str, Any]:
    kind, points = region["kind"], region.get("points")
    if kind == "box":
        left, top, width, height = region["bbox"]
        points = [[left, top], [left + width, top + height]]
    return {
        "label": region.get("cls", ""),
        "points": points,
        "group_id": None,
        "description": "",
        "shape_type": "rectangle" if kind == "box" else kind,
        "flags": {},
    }


def _region(shape: Mapping[str, Any], name: str) -> Region:
    kind, points = shape["shape_type"], shape["points"]
    if kind == "rectangle":
        (left, top), (right, bottom) = points
        bbox = box(left, top, right, bottom)
        return {"kind": "box", "cls": shape["label"], "bbox": bbox}
    if kind not in {"polygon", "point"}:
        raise BadInput(f"{name}: a {kind} is none of: rectangle, polygon, point")
    return {"kind": kind, "cls": shape["label"], "points": [list(p) for p in points]}
