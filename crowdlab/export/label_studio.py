"""Label Studio: one JSON list of tasks, places in percent of the picture.

See https://labelstud.io/guide/export. The labels' control is called ``label``, the
picture's object ``image``.
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from crowdlab.errors import BadInput
from crowdlab.export.labelled import Labelled
from crowdlab.export.pictures import (
    DIGITS,
    Picture,
    Region,
    box,
    pictures_of,
    read_json,
    reading,
    table_of,
)

__all__ = ["from_label_studio", "read", "to_label_studio", "write"]

TYPES = {
    "box": "rectanglelabels",
    "polygon": "polygonlabels",
    "point": "keypointlabels",
}
POINT_WIDTH = 0.5  # percent: how large Label Studio shows a point


def write(labelled: Labelled, path: Path) -> None:
    """Writes the file."""
    tasks = [to_label_studio(picture) for picture in pictures_of(labelled)]
    path.write_text(json.dumps(tasks, ensure_ascii=False), "utf-8")


def read(path: Path) -> pd.DataFrame:
    """The table in the file."""
    tasks = read_json(path.read_text("utf-8"), path)
    with reading("Label Studio", path):
        return table_of([from_label_studio(task) for task in tasks])


def to_label_studio(picture: Picture) -> dict[str, Any]:
    """The task of a picture.

    Example:
        >>> cat = {"cls": "cat", "kind": "box", "bbox": [10, 20, 30, 40]}
        >>> task = to_label_studio(Picture("a", "1.jpg", 200, 100, [cat]))
        >>> task["annotations"][0]["result"][0]["value"]["x"]
        5.0
    """
    size = (picture.width, picture.height)
    result = [
        _result(f"r{n}", region, size) for n, region in enumerate(picture.regions, 1)
    ]
    facts = {"task": picture.task, "width": picture.width, "height": picture.height}
    return {
        "data": {"image": picture.url},
        "meta": facts,
        "annotations": [{"result": result}],
    }


def from_label_studio(task: Mapping[str, Any]) -> Picture:
    """The picture in a task.

    Raises:
        BadInput: for one with no or several annotations, or for a result that is no
            upright rectangle, polygon or point.
    """
    meta, url = task.get("meta") or {}, task["data"]["image"]
    name = str(meta.get("task", task.get("id", url)))
    if len(task["annotations"]) != 1:
        n = len(task["annotations"])
        raise BadInput(f"task {name!r} has {n} annotations; keep one of each task")
    result = task["annotations"][0]["result"]
    first = result[0] if result else {}
    width = meta.get("width", first.get("original_width"))
    height = meta.get("height", first.get("original_height"))
    if width is None or height is None:
        raise BadInput(f"task {name!r} says nowhere how large its picture is")
    regions = [_region(one, name, (width, height)) for one in result]
    return Picture(name, url, width, height, regions)


def _result(id_: str, region: Region, size: tuple[int, int]) -> dict[str, Any]:
    kind = TYPES[region["kind"]]
    return {
        "id": id_,
        "type": kind,
        "from_name": "label",
        "to_name": "image",
        "original_width": size[0],
        "original_height": size[1],
        "image_rotation": 0,
        "value": {**_value(region, size), kind: [region.get("cls", "")]},
    }


def _value(region: Region, size: tuple[int, int]) -> dict[str, Any]:
    if region["kind"] == "box":
        left, top, width, height = region["bbox"]
        (x, y), (w, h) = _share((left, top), size), _share((width, height), size)
        return {"x": x, "y": y, "width": w, "height": h, "rotation": 0}
    points = [_share(point, size) for point in region["points"]]
    if region["kind"] == "polygon":
        return {"points": points, "closed": True}
    return {"x": points[0][0], "y": points[0][1], "width": POINT_WIDTH}


def _share(point: Sequence[float], size: tuple[int, int]) -> list[float]:
    return [100 * n / of for n, of in zip(point, size, strict=True)]


def _pixels(point: Sequence[float], size: tuple[int, int]) -> list[float]:
    return [round(n * of / 100, DIGITS) for n, of in zip(point, size, strict=True)]


def _region(one: Mapping[str, Any], name: str, size: tuple[int, int]) -> Region:
    value = one["value"]
    kind = next((kind for kind, type_ in TYPES.items() if type_ == one["type"]), None)
    if kind is None or value.get("rotation"):
        what = "a rotated box" if kind else f"{one['type']!r}"
        raise BadInput(f"task {name!r}: {what} is none of: {', '.join(TYPES.values())}")
    cls = value[one["type"]][0]
    if kind == "polygon":
        points = [_pixels(point, size) for point in value["points"]]
        return {"kind": kind, "cls": cls, "points": points}
    left, top = _pixels((value["x"], value["y"]), size)
    if kind == "point":
        return {"kind": kind, "cls": cls, "points": [[left, top]]}
    width, height = _pixels((value["width"], value["height"]), size)
    bbox = box(left, top, left + width, top + height)
    return {"kind": kind, "cls": cls, "bbox": bbox}
