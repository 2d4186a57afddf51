"""Formats of other tools: what is written can be read again, and is what they expect."""

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crowdlab.aggregation import Boxes
from crowdlab.errors import BadInput
from crowdlab.export import (
    Labelled,
    Picture,
    exporters,
    from_crowd_element,
    to_crowd_element,
)
from crowdlab.export.label_studio import from_label_studio, to_label_studio
from crowdlab.model import Task

BOX = {"kind": "box", "cls": "niño", "bbox": [10.25, 20.5, 30.1, 40.2]}
TENT = {"kind": "polygon", "cls": "cat", "points": [[1, 1], [30.33, 1], [15, 20.07]]}
EYE = {"kind": "point", "cls": "dog", "points": [[50.11, 60]]}
REGIONS = ("coco", "labelme", "label-studio", "crowd-elements")
EACH = pytest.mark.parametrize("name", exporters.names())
EACH_OF_REGIONS = pytest.mark.parametrize("name", REGIONS)


def _task(name: str, **settings: Any) -> Task:
    facts = {
        "image": f"https://example.org/{name}.jpg",
        "width": 640,
        "height": 480,
        "classes": ["cat", {"value": "dog"}],
    }
    return Task(name, name, {**facts, **settings})


TASKS = [_task("a"), _task("b/1 %"), _task("c"), _task("d")]
TABLE = pd.DataFrame(
    {
        "task": ["a", "b/1 %", "c"],
        "label": [[BOX, TENT, EYE], [], [{**BOX, "cls": "dog"}]],
        "confidence": [0.5, 0.75, 1.0],
        "n_votes": [3, 3, 2],
    }
)
LABELLED = Labelled(TASKS, TABLE)


def _there_and_back(name: str, labelled: Labelled, folder: Path) -> pd.DataFrame:
    path = folder / "labels"
    exporters.find(name).write(labelled, path)
    return exporters.find(name).read(path)


def _write(name: str, folder: Path, labelled: Labelled = LABELLED) -> Any:
    path = folder / "labels"
    exporters.find(name).write(labelled, path)
    return json.loads(path.read_text("utf-8"))


@EACH
def test_what_is_written_is_read_again(name: str, tmp_path: Path) -> None:
    """Every format gives back the tasks and their labels as they were."""
    found = _there_and_back(name, LABELLED, tmp_path)

    by_task = dict(zip(found["task"], found["label"], strict=True))
    assert dict(zip(TABLE["task"], TABLE["label"], strict=True)) == by_task


@EACH_OF_REGIONS
def test_the_size_of_pictures_is_kept(name: str, tmp_path: Path) -> None:
    """What is read can be asked about again: it has what a task needs."""
    found = _there_and_back(name, LABELLED, tmp_path)

    assert {(640, 480)} == set(zip(found["width"], found["height"], strict=True))
    assert all(image.endswith(".jpg") for image in found["image"])


@pytest.mark.parametrize("name", ["csv", "parquet"])
def test_tables_keep_every_column(name: str, tmp_path: Path) -> None:
    """Confidence and number of votes are there again."""
    pd.testing.assert_frame_equal(TABLE, _there_and_back(name, LABELLED, tmp_path))


@pytest.mark.parametrize("name", ["csv", "parquet"])
@pytest.mark.parametrize(
    "labels",
    [["cat", "dog"], ["[not JSON", '"quoted"'], ["", "{"], ['["a"]', "07"]],
)
def test_tables_keep_every_text(name: str, labels: list[str], tmp_path: Path) -> None:
    """Texts that look like something else stay texts."""
    table = pd.DataFrame({"task": ["1", "02"], "label": labels})

    found = _there_and_back(name, Labelled([], table), tmp_path)

    assert labels == found["label"].map(str).tolist()
    assert ["1", "02"] == found["task"].tolist()


@pytest.mark.parametrize("name", ["csv", "parquet"])
def test_numbers_stay_numbers(name: str, tmp_path: Path) -> None:
    """Labels that are estimated are written as they are."""
    table = pd.DataFrame({"task": ["a", "b"], "label": [1.5, 2.0]})

    assert [1.5, 2.0] == _there_and_back(name, Labelled([], table), tmp_path)[
        "label"
    ].tolist()


def test_coco_is_as_its_readers_expect(tmp_path: Path) -> None:
    """Categories in the order of the task, one annotation a region, all referring."""
    document = _write("coco", tmp_path)

    names = [category["name"] for category in document["categories"]]
    assert ["cat", "dog", "niño"] == names
    assert ["a.jpg", "1 %.jpg", "c.jpg"] == [
        image["file_name"].replace("b/", "") for image in document["images"]
    ]
    box, tent, eye, _ = document["annotations"]
    assert (1, 3, [10.25, 20.5, 30.1, 40.2], 0) == (
        box["image_id"],
        box["category_id"],
        box["bbox"],
        box["iscrowd"],
    )
    assert 30.1 * 40.2 == pytest.approx(box["area"])
    assert [[1, 1, 30.33, 1, 15, 20.07]] == tent["segmentation"]
    assert [1, 1, 29.33, 19.07] == tent["bbox"]
    assert 29.33 * 19.07 / 2 == pytest.approx(tent["area"])
    assert [50.11, 60, 2] == eye["keypoints"]
    ids = [each["id"] for each in document["annotations"]]
    assert len(ids) == len(set(ids))


def test_labelme_makes_a_file_for_each_picture(tmp_path: Path) -> None:
    """Whatever a task is called, its file stays in the folder."""
    odd = [_task("../../etc/passwd"), _task("a/b"), _task("a%2Fb")]
    table = pd.DataFrame({"task": [t.name for t in odd], "label": [[], [], [BOX]]})

    found = _there_and_back("labelme", Labelled(odd, table), tmp_path)

    assert {t.name for t in odd} == set(found["task"])
    assert 3 == len(list((tmp_path / "labels").iterdir()))
    assert [tmp_path / "labels"] == list(tmp_path.iterdir())


def test_labelme_has_corners_in_any_order(tmp_path: Path) -> None:
    """A rectangle that somebody drew from its lower right is the same box."""
    shape = {"label": "cat", "shape_type": "rectangle", "points": [[30, 40], [10, 20]]}
    document = {"imagePath": "1.jpg", "imageWidth": 90, "imageHeight": 80}
    path = tmp_path / "one.json"
    path.write_text(json.dumps({**document, "shapes": [shape]}), "utf-8")

    found = exporters.find("labelme").read(tmp_path)

    assert [("one", [10, 20, 20, 20])] == [
        (task, label[0]["bbox"])
        for task, label in zip(found["task"], found["label"], strict=True)
    ]


def test_label_studio_counts_in_percent(tmp_path: Path) -> None:
    """Places are shares of the picture's sides."""
    first = _write("label-studio", tmp_path)[0]

    value = first["annotations"][0]["result"][0]["value"]
    assert (10.25 / 6.4, 20.5 / 4.8) == pytest.approx((value["x"], value["y"]))
    assert (30.1 / 6.4, 40.2 / 4.8) == pytest.approx((value["width"], value["height"]))
    assert ["niño"] == value["rectanglelabels"]
    assert "https://example.org/a.jpg" == first["data"]["image"]


@given(st.lists(st.floats(0, 4000).map(lambda n: round(n, 2)), min_size=4, max_size=4))
def test_percent_lose_no_hundredth_of_a_pixel(bbox: list[float]) -> None:
    """Whatever the numbers, there and back is the same."""
    region = {"kind": "box", "cls": "cat", "bbox": bbox}
    picture = Picture("a", "1.jpg", 3999, 2999, [region])

    assert picture == from_label_studio(to_label_studio(picture))


def test_crowd_elements_are_answered_as_aws_has_it() -> None:
    """Lists of boxes, polygons and points, and the size of the picture."""
    assert {
        "boundingBoxes": [
            {"left": 10.25, "top": 20.5, "width": 30.1, "height": 40.2, "label": "niño"}
        ],
        "polygons": [
            {"label": "cat", "vertices": [{"x": 1, "y": 1}, {"x": 30.33, "y": 1}, {"x": 15, "y": 20.07}]}
        ],
        "keypoints": [{"label": "dog", "x": 50.11, "y": 60}],
        "inputImageProperties": {"width": 640, "height": 480},
    } == to_crowd_element(Picture("a", "", 640, 480, [BOX, TENT, EYE]))  # fmt: skip
    with pytest.raises(BadInput, match="no inputImageProperties; there are: lines"):
        from_crowd_element({"lines": []})


def test_what_aggregation_found_can_be_exported(tmp_path: Path) -> None:
    """A consensus of boxes goes into every format of regions as it is."""
    votes = [("a", n, [{"cls": "cat", "bbox": [10 + n, 20, 30, 40]}]) for n in range(3)]
    table = Boxes().fit(votes).labels_

    for name in REGIONS:
        folder = tmp_path / name
        folder.mkdir()
        found = _there_and_back(name, Labelled(TASKS, table), folder)
        assert found["label"][0][0]["bbox"] == pytest.approx([11, 20, 30, 40])


@EACH_OF_REGIONS
@pytest.mark.parametrize(
    ("tasks", "rows", "reason"),
    [
        (TASKS, [("a", "cat")], "the label of 'a' is 'cat', no list of regions"),
        (TASKS, [("z", [])], "there is no task 'z' with its input"),
        (TASKS, [("a", []), ("a", [])], "task 'a' has two labels"),
        ([Task("a", "a", {"text": "x"})], [("a", [])], "image, width, height"),
    ],
)
def test_what_a_format_cannot_hold_is_refused(
    name: str, tasks: list[Task], rows: list[Any], reason: str, tmp_path: Path
) -> None:
    """The message says what, which, and what would do; nothing is written."""
    labelled = Labelled(tasks, pd.DataFrame(rows, columns=["task", "label"]))

    with pytest.raises(BadInput, match=reason):
        exporters.find(name).write(labelled, tmp_path / "labels")
    assert [] == list(tmp_path.iterdir())


PICTURED = {
    "categories": [{"id": 1, "name": "cat"}],
    "images": [{"id": 1, "file_name": "1", "width": 1, "height": 1}],
    "annotations": [
        {"id": 7, "image_id": 1, "category_id": 1, "segmentation": {"counts": []}}
    ],
}
STUDIED = {"data": {"image": "1"}, "annotations": []}
BRUSHED = {
    "type": "brushlabels",
    "original_width": 1,
    "original_height": 1,
    "value": {},
}


@pytest.mark.parametrize(
    ("name", "document", "reason"),
    [
        ("coco", {}, "not as COCO has it: KeyError"),
        ("coco", PICTURED, "annotation 7: only boxes, polygons of one part and points"),
        ("label-studio", [STUDIED], "task '1' has 0 annotations"),
        (
            "label-studio",
            [{**STUDIED, "annotations": [{"result": [BRUSHED]}]}],
            "'brushlabels' is none of: rectanglelabels",
        ),
        ("crowd-elements", [], "not as crowd elements has it"),
    ],
)
def test_a_file_of_another_kind_is_refused(
    name: str, document: Any, reason: str, tmp_path: Path
) -> None:
    """The message names the file and what is wrong with it."""
    path = tmp_path / "labels"
    path.write_text(json.dumps(document), "utf-8")

    with pytest.raises(BadInput, match=reason) as refused:
        exporters.find(name).read(path)
    assert str(path) in str(refused.value)


@pytest.mark.parametrize("name", ["coco", "label-studio", "crowd-elements"])
def test_a_broken_file_is_refused(name: str, tmp_path: Path) -> None:
    """What is no JSON is named."""
    path = tmp_path / "labels"
    path.write_text("{", "utf-8")

    with pytest.raises(BadInput, match="no JSON"):
        exporters.find(name).read(path)


def test_labels_need_their_columns() -> None:
    """What is missing is named, and what there is."""
    with pytest.raises(BadInput, match="have no column 'label'; they have: task, said"):
        Labelled([], pd.DataFrame({"task": [], "said": []}))
