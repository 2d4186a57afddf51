"""COCO: one JSON file of images, categories and annotations.

A box has no segmentation, a polygon has one of one part, a point is a keypoint. See
https://cocodataset.org/#format-data.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from crowdlab.errors import BadInput
from crowdlab.export.labelled import Labelled
from crowdlab.export.pictures import (
    Picture,
    Region,
    bounds,
    classes_of,
    pictures_of,
    read_json,
    reading,
    table_of,
)

__all__ = ["from_coco", "read", "to_coco", "write"]

VISIBLE = 2


def write(labelled: Labelled, path: Path) -> None:
    """Writes the file."""
    pictures = pictures_of(labelled)
    document = to_coco(pictures, classes_of(labelled, pictures))
    path.write_text(json.dumps(document, ensure_ascii=False), "utf-8")


def read(path: Path) -> pd.DataFrame:
    """The table in the file."""
    document = read_json(path.read_text("utf-8"), path)
    with reading("COCO", path):
        return table_of(from_coco(document))


def to_coco(pictures: Iterable[Picture], classes: Iterable[str]) -> dict[str, Any]:
    """The document.

    Example:
        >>> cat = {"cls": "cat", "kind": "box", "bbox": [1, 2, 3, 4]}
        >>> to_coco([Picture("a", "1.jpg", 9, 9, [cat])], ["cat"])["annotations"][0]["area"]
        12
    """
    ids = {cls: n for n, cls in enumerate(classes, start=1)}
    shown = list(enumerate(pictures, start=1))
    marked = [(n, region) for n, picture in shown for region in picture.regions]
    pointed = {r.get("cls", "") for _, r in marked if r["kind"] == "point"}
    return {
        "info": {"description": "Labels from crowdlab"},
        "licenses": [],
        "images": [_image(n, picture) for n, picture in shown],
        "categories": [_category(n, cls, cls in pointed) for cls, n in ids.items()],
        "annotations": [
            _annotation(n, image, ids[region.get("cls", "")], region)
            for n, (image, region) in enumerate(marked, start=1)
        ],
    }


def from_coco(document: Mapping[str, Any]) -> list[Picture]:
    """The pictures in the document.

    Raises:
        BadInput: for what is no box, no polygon of one part and no single point.
    """
    names = {each["id"]: each["name"] for each in document["categories"]}
    regions: dict[Any, list[Region]] = {each["id"]: [] for each in document["images"]}
    for annotation in document["annotations"]:
        cls = names[annotation["category_id"]]
        regions[annotation["image_id"]].append(_region(annotation, cls))
    return [
        Picture(
            image.get("task", image["file_name"]),
            image.get("coco_url") or image["file_name"],
            image["width"],
            image["height"],
            regions[image["id"]],
        )
        for image in document["images"]
    ]


def _image(n: int, picture: Picture) -> dict[str, Any]:
    facts = {
        "id": n,
        "file_name": picture.file_name,
        "width": picture.width,
        "height": picture.height,
        "task": picture.task,
    }
    is_remote = picture.url.startswith(("http:", "https:"))
    return {**facts, "coco_url": picture.url} if is_remote else facts


def _category(n: int, cls: str, is_pointed: bool) -> dict[str, Any]:
    facts = {"id": n, "name": cls, "supercategory": ""}
    return {**facts, "keypoints": [cls], "skeleton": []} if is_pointed else facts


def _annotation(n: int, image: int, category: int, region: Region) -> dict[str, Any]:
    bbox = bounds(region)
    facts = {
        "id": n,
        "image_id": image,
        "category_id": category,
        "bbox": bbox,
        "area": bbox[2] * bbox[3],
        "iscrowd": 0,
        "segmentation": [],
    }
    points = region.get("points", ())
    if region["kind"] == "polygon":
        flat = [n for point in points for n in point]
        return {**facts, "area": _area(points), "segmentation": [flat]}
    if region["kind"] == "point":
        return {**facts, "keypoints": [*points[0], VISIBLE], "num_keypoints": 1}
    return facts


def _area(points: Any) -> float:
    sides = zip(points, [*points[1:], points[0]], strict=True)
    return float(abs(sum(x * b - a * y for (x, y), (a, b) in sides)) / 2)


def _region(annotation: Mapping[str, Any], cls: str) -> Region:
    parts = annotation.get("segmentation") or []
    keypoints = annotation.get("keypoints") or []
    if isinstance(parts, dict) or len(parts) > 1 or len(keypoints) > len("xyv"):
        what = f"annotation {annotation['id']}"
        raise BadInput(f"{what}: only boxes, polygons of one part and points are read")
    if parts:
        return {"kind": "polygon", "cls": cls, "points": list(_pairs(parts[0]))}
    if keypoints:
        return {"kind": "point", "cls": cls, "points": [list(keypoints[:2])]}
    return {"kind": "box", "cls": cls, "bbox": list(annotation["bbox"])}


def _pairs(flat: list[float]) -> Iterator[list[float]]:
    for x, y in zip(flat[::2], flat[1::2], strict=True):
        yield [x, y]
