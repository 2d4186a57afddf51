"""Pictures with the regions that are marked in them: what all formats of regions hold."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import unquote, urlsplit

import attrs
import pandas as pd

from crowdlab.errors import BadInput
from crowdlab.export.labelled import Labelled
from crowdlab.model import Task

__all__ = [
    "Picture",
    "Region",
    "bounds",
    "box",
    "classes_of",
    "pictures_of",
    "read_json",
    "reading",
    "table_of",
]

Region = Mapping[str, Any]

# Enough for what is drawn; it hides what sums and shares of floats leave behind.
DIGITS = 6


@attrs.frozen
class Picture:
    """A picture with the regions that are marked in it.

    Attributes:
        task: what the requester calls it.
        url: where it is, or the name of its file.
        regions: each with a ``kind``, a ``cls``, and a ``bbox`` (left, top, width,
            height) or ``points``, in pixels from the top left.
    """

    task: str
    url: str
    width: int
    height: int
    regions: Sequence[Region]

    @property
    def file_name(self) -> str:
        """The name of its file.

        Example:
            >>> Picture("a", "https://example.org/shelf/1.jpg?v=2", 9, 9, []).file_name
            '1.jpg'
        """
        if self.url.startswith("data:"):
            return self.task
        return PurePosixPath(unquote(urlsplit(self.url).path)).name or self.task


def pictures_of(labelled: Labelled) -> list[Picture]:
    """The pictures that have labels.

    Raises:
        BadInput: for a task that shows no picture of a known size, or a label that
            lists no regions.
    """
    return [_picture(task, label) for task, label in labelled.each()]


def _picture(task: Task, label: object) -> Picture:
    missing = [name for name in ("image", "width", "height") if name not in task.input]
    if missing:
        raise BadInput(
            f"task {task.name!r} says nothing of {', '.join(missing)}: this format is for"
            " regions of pictures; csv and parquet hold any label"
        )
    regions = (
        json.loads(label) if isinstance(label, str) and label[:1] == "[" else label
    )
    if not isinstance(regions, list | tuple):
        raise BadInput(f"the label of {task.name!r} is {label!r}, no list of regions")
    size = task.input["width"], task.input["height"]
    return Picture(task.name, task.input["image"], *size, regions)


def table_of(pictures: Iterable[Picture]) -> pd.DataFrame:
    """The pictures as a table: columns task, label, image, width, height."""
    rows = [(p.task, list(p.regions), p.url, p.width, p.height) for p in pictures]
    return pd.DataFrame(rows, columns=["task", "label", "image", "width", "height"])


def classes_of(labelled: Labelled, pictures: Iterable[Picture]) -> list[str]:
    """The classes that tasks ask for, in their order, and those that are marked.

    Example:
        >>> classes_of(Labelled([], pd.DataFrame({"task": [], "label": []})), [])
        []
    """
    asked = (cls for task in labelled.tasks for cls in task.input.get("classes", ()))
    names = [cls if isinstance(cls, str) else cls["value"] for cls in asked]
    found = [region.get("cls", "") for p in pictures for region in p.regions]
    return list(dict.fromkeys([*names, *found]))


def box(left: float, top: float, right: float, bottom: float) -> list[float]:
    """The ``bbox`` between two sides each, in whichever order they are.

    Example:
        >>> box(30, 20, 10, 50)
        [10, 20, 20, 30]
    """
    x, y = min(left, right), min(top, bottom)
    return [round(n, DIGITS) for n in (x, y, abs(right - left), abs(bottom - top))]


def bounds(region: Region) -> list[float]:
    """The ``bbox`` around a region.

    Example:
        >>> bounds({"kind": "polygon", "points": [[1, 2], [5, 2], [3, 9]]})
        [1, 2, 4, 7]
    """
    if "bbox" in region:
        return list(region["bbox"])
    xs, ys = zip(*region["points"], strict=True)
    return box(min(xs), min(ys), max(xs), max(ys))


def read_json(text: str, where: object) -> Any:
    """The JSON in a file's text.

    Raises:
        BadInput: where it is none; names the file.
    """
    try:
        return json.loads(text)
    except ValueError as error:
        raise BadInput(f"{where}: no JSON: {error}") from None


@contextmanager
def reading(what: str, where: object) -> Iterator[None]:
    """Says of a file that is not what it should be where it is not.

    Example:
        >>> with reading("COCO", "pets.json"):
        ...     {}["images"]
        Traceback (most recent call last):
        ...
        crowdlab.errors.BadInput: pets.json: not as COCO has it: KeyError('images')
    """
    try:
        yield
    except BadInput as error:
        raise BadInput(f"{where}: {error}") from None
    except (LookupError, TypeError, ValueError, AttributeError) as error:
        raise BadInput(f"{where}: not as {what} has it: {error!r}") from error
