"""Folders of images are rows, and the names of folders labels."""

from pathlib import Path
from typing import Any

import pytest

from crowdlab.errors import BadInput
from crowdlab.inputs import read_classes, read_rows

IMAGE: dict[str, Any] = {"format": "image"}


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    """A folder of images of two classes, with some that are not to be seen."""
    for name in ("dog/2.PNG", "cat/1.jpg", "cat/old/3.webp", "cat/.4.jpg", "cat/a.txt"):
        path = tmp_path / "shelf" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    (tmp_path / "shelf" / "loop").symlink_to(tmp_path / "shelf")
    return tmp_path / "shelf"


def test_every_image_is_a_row(shelf: Path) -> None:
    """Its task is called as its path is, and its image is where the schema wants one."""
    rows = [row for _, row in read_rows(shelf, {"properties": {"picture": IMAGE}})]
    names = ["cat/1.jpg", "cat/old/3.webp", "dog/2.PNG"]

    assert names == [row["task"] for row in rows]
    assert [str(shelf / name) for name in names] == [row["picture"] for row in rows]


def test_the_required_image_is_meant(shelf: Path) -> None:
    """Of several that a template may show, the one that every row needs."""
    schema = {"properties": {"a": IMAGE, "b": IMAGE}, "required": ["b"]}

    assert [{"task", "b"}] * 3 == [set(row) for _, row in read_rows(shelf, schema)]


@pytest.mark.parametrize("fields", [[], ["a", "b"]])
def test_a_template_of_other_needs_is_told(shelf: Path, fields: list[str]) -> None:
    """A folder cannot fill a template that wants no image, or several."""
    schema = {"properties": dict.fromkeys(fields, IMAGE), "required": fields}
    with pytest.raises(BadInput, match=f"are: {', '.join(fields) or 'none'}; write"):
        list(read_rows(shelf, schema))


def test_a_folder_without_images_is_told(tmp_path: Path) -> None:
    """It is most likely another than was meant."""
    with pytest.raises(BadInput, match="there is no image in it"):
        list(read_rows(tmp_path, {"properties": {"picture": IMAGE}}))


def test_the_folder_of_an_image_is_its_label(shelf: Path) -> None:
    """All of the path but the file's name."""
    labels = {row["task"]: row["label"] for _, row in read_classes(shelf)}

    assert {
        "cat/1.jpg": "cat",
        "cat/old/3.webp": "cat/old",
        "dog/2.PNG": "dog",
    } == labels


def test_an_image_in_no_folder_has_no_label(shelf: Path) -> None:
    """It is refused by its name."""
    (shelf / "stray.gif").touch()
    with pytest.raises(BadInput, match=r"stray\.gif is in no folder of a class"):
        list(read_classes(shelf))
