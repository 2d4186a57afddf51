"""The answers of AWS's crowd HTML elements: a JSON line for each task.

They are those of crowd-bounding-box, crowd-polygon and crowd-keypoint; what other
programs make of such answers they make of these. See
https://docs.aws.amazon.com/sagemaker/latest/dg/sms-ui-template-reference.html.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from crowdlab.errors import BadInput
from crowdlab.export.labelled import Labelled
from crowdlab.export.pictures import (
    Picture,
    Region,
    pictures_of,
    read_json,
    reading,
    table_of,
)

__all__ = ["from_crowd_element", "read", "to_crowd_element", "write"]

NAME = "annotatedResult"


def write(labelled: Labelled, path: Path) -> None:
    """Writes the file."""
    lines = [
        json.dumps(
            {"task": p.task, "source-ref": p.url, NAME: to_crowd_element(p)},
            ensure_ascii=False,
        )
        for p in pictures_of(labelled)
    ]
    path.write_text("".join(f"{line}\n" for line in lines), "utf-8")


def read(path: Path) -> pd.DataFrame:
    """The table in the file."""
    lines = enumerate(path.read_text("utf-8").splitlines(), start=1)
    rows = [read_json(line, f"{path}, line {n}") for n, line in lines if line.strip()]
    with reading("crowd elements", path):
        return table_of([_picture(row) for row in rows])


def to_crowd_element(picture: Picture) -> dict[str, Any]:
    """What a crowd element would have answered of the picture.

    Example:
        >>> eye = {"cls": "eye", "kind": "point", "points": [[3, 4]]}
        >>> to_crowd_element(Picture("a", "1.jpg", 9, 8, [eye]))["keypoints"]
        [{'label': 'eye', 'x': 3, 'y': 4}]
    """
    size = {"width": picture.width, "height": picture.height}
    lists: dict[str, list[dict[str, Any]]] = {}
    for region in picture.regions:
        field, item = WRITERS[region["kind"]](region)
        lists.setdefault(field, []).append({"label": region.get("cls", ""), **item})
    return {**lists, "inputImageProperties": size}


def from_crowd_element(answer: Mapping[str, Any]) -> tuple[list[Region], int, int]:
    """The regions in an element's answer, and the width and height of its picture.

    Raises:
        BadInput: where the answer does not say how large its picture is.

    Example:
        >>> from_crowd_element({
        ...     "boundingBoxes": [{"left": 1, "top": 2, "width": 3, "height": 4, "label": "cat"}],
        ...     "inputImageProperties": {"width": 9, "height": 8},
        ... })
        ([{'kind': 'box', 'cls': 'cat', 'bbox': [1, 2, 3, 4]}], 9, 8)
    """
    if "inputImageProperties" not in answer:
        raise BadInput(f"no inputImageProperties; there are: {', '.join(answer)}")
    size = answer["inputImageProperties"]
    regions: list[Region] = [
        {"kind": kind, "cls": item["label"], **reader(item)}
        for field, (kind, reader) in READERS.items()
        for item in answer.get(field, ())
    ]
    return regions, size["width"], size["height"]


def _picture(row: Mapping[str, Any]) -> Picture:
    regions, width, height = from_crowd_element(row[NAME])
    url = row["source-ref"]
    return Picture(row.get("task", url), url, width, height, regions)


def _write_box(region: Region) -> tuple[str, dict[str, Any]]:
    sides = zip(("left", "top", "width", "height"), region["bbox"], strict=True)
    return "boundingBoxes", dict(sides)


def _write_polygon(region: Region) -> tuple[str, dict[str, Any]]:
    return "polygons", {"vertices": [{"x": x, "y": y} for x, y in region["points"]]}


def _write_point(region: Region) -> tuple[str, dict[str, Any]]:
    ((x, y),) = region["points"]
    return "keypoints", {"x": x, "y": y}


def _read_box(item: Mapping[str, Any]) -> dict[str, Any]:
    left, top = item["left"], item["top"]
    return {"bbox": [left, top, item["width"], item["height"]]}


def _read_polygon(item: Mapping[str, Any]) -> dict[str, Any]:
    return {"points": [[vertex["x"], vertex["y"]] for vertex in item["vertices"]]}


def _read_point(item: Mapping[str, Any]) -> dict[str, Any]:
    return {"points": [[item["x"], item["y"]]]}


WRITERS = {"box": _write_box, "polygon": _write_polygon, "point": _write_point}
READERS = {
    "boundingBoxes": ("box", _read_box),
    "polygons": ("polygon", _read_polygon),
    "keypoints": ("point", _read_point),
}
