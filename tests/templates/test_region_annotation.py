"""Regions: what is read of them, what they vote, and what is refused."""

import json
from typing import Any

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from crowdlab.aggregation import aggregate
from crowdlab.errors import BadAnswer, BadRow
from crowdlab.model import Task
from crowdlab.templates import load_template
from crowdlab.templates.ballots.shapes import crosses_itself

TEMPLATE = load_template("region-annotation")
ROW: dict[str, Any] = {
    "task": "shelf",
    "image": "https://example.org/1.png",
    "width": 200,
    "height": 100,
    "classes": ["cat", {"value": "dog", "label": {"en": "Dog", "es": "Perro"}}],
}
BOX = {"cls": "cat", "kind": "box", "bbox": [10, 20, 30, 40]}
TENT = {"cls": "dog", "kind": "polygon", "points": [[10, 60], [60, 10], [90.25, 60]]}
EYE = {"cls": "dog", "kind": "point", "points": [[50, 50]]}
ALL = ["box", "polygon", "point"]


def _task(**settings: Any) -> Task:
    return TEMPLATE.task({**ROW, **settings}, "row 1")


def _answer(task: Task, *regions: dict[str, Any], **changes: Any) -> dict[str, str]:
    fields = TEMPLATE.answer(task, {task.name: []})
    numbered = [{"id": f"r{n}", **region} for n, region in enumerate(regions)]
    answer = {**json.loads(fields["answer"]), "regions": numbered}
    return {"answer": json.dumps({**answer, "none": not regions, **changes})}


def _refusal(task: Task, *regions: dict[str, Any], **changes: Any) -> str:
    with pytest.raises(BadAnswer) as refused:
        TEMPLATE.read(task, _answer(task, *regions, **changes))
    return str(refused.value)


def _row_refusal(**settings: Any) -> str:
    with pytest.raises(BadRow) as refused:
        _task(**settings)
    return f"{refused.value.field}: {refused.value.reason}"


@pytest.mark.parametrize(
    ("tools", "kind", "kinds"),
    [
        (["box"], "boxes", ["box"]),
        (["polygon"], "polygons", ["polygon"]),
        (["point"], "points", ["point"]),
        (["point", "box"], "boxes", ["box"]),
        (ALL, "polygons", ["polygon", "polygon"]),
    ],
)
def test_votes_are_of_the_kind_of_the_tools(
    tools: list[str], kind: str, kinds: list[str]
) -> None:
    """Areas are voted on before points, and boxes are polygons where these are drawn."""
    task = _task(tools=tools)
    regions = [each for each in (BOX, TENT, EYE) if each["kind"] in tools]

    ((thing, label),) = TEMPLATE.votes(
        task, TEMPLATE.read(task, _answer(task, *regions))
    )

    assert ("shelf", kind) == (thing, TEMPLATE.kind_of(task))
    assert kinds == [region["kind"] for region in label]


@pytest.mark.parametrize(
    ("tools", "regions"), [(["box"], [BOX]), (["polygon"], [TENT]), (["point"], [EYE])]
)
def test_an_answer_is_the_inverse_of_votes(
    tools: list[str], regions: list[dict[str, Any]]
) -> None:
    """Simulated and replayed workers say just what they are told to."""
    task = _task(tools=tools)
    for label in ([], regions):
        answer = TEMPLATE.read(task, TEMPLATE.answer(task, {"shelf": label}))
        assert [("shelf", label)] == TEMPLATE.votes(task, answer)
        assert answer["none"] is (label == [])


def test_votes_are_what_aggregation_takes() -> None:
    """Labels go to the method of their kind as they are."""
    for tools, region in ((["box"], BOX), (["polygon"], TENT), (["point"], EYE)):
        task = _task(tools=tools)
        ((thing, label),) = TEMPLATE.votes(
            task, TEMPLATE.read(task, _answer(task, region))
        )
        votes = [(thing, worker, label) for worker in range(3)]
        found = aggregate(votes, kind=TEMPLATE.kind_of(task)).labels
        assert ["shelf"] == found["task"].tolist()
        assert [region["cls"]] == [r["cls"] for r in found["label"][0]]


def test_gold_is_known_and_never_shown() -> None:
    """The regions that are known are votes that only the requester has."""
    task = _task(gold=[BOX])

    assert {"shelf": [BOX]} == TEMPLATE.gold(task)
    assert {} == TEMPLATE.gold(_task())
    page = TEMPLATE.page(task.input, task_id=task.task_id, language="en")
    assert "[10,20,30,40]" not in page


def test_coordinates_are_voted_in_hundredths() -> None:
    """What pages round, servers round alike."""
    task = _task()
    exact = {**BOX, "bbox": [10.123456, 20, 30, 40]}

    ((_, label),) = TEMPLATE.votes(task, TEMPLATE.read(task, _answer(task, exact)))

    assert [10.12, 20, 30, 40] == label[0]["bbox"]


@pytest.mark.parametrize(
    ("region", "reason"),
    [
        ({**BOX, "cls": "bird"}, "'bird' is none of: cat, dog"),
        ({**BOX, "kind": "circle"}, "'circle' is not one of"),
        ({**BOX, "bbox": [10, 20, 30]}, "is too short"),
        ({**BOX, "bbox": [-1, 20, 30, 40]}, "less than the minimum"),
        ({**BOX, "bbox": [180, 20, 30, 40]}, "it leaves the picture, which is 200 by"),
        ({**BOX, "bbox": [10, 70, 30, 40]}, "it leaves the picture"),
        ({**BOX, "bbox": [10, 20, 2.99, 40]}, "a side is shorter than 3"),
        ({**BOX, "points": [[1, 1]]}, "a box has bbox and no points"),
        ({"cls": "cat", "kind": "box"}, "a box has bbox and no points"),
        ({**TENT, "bbox": [10, 20, 30, 40]}, "a polygon has points and no bbox"),
        ({**TENT, "points": [[1, 1], [2, 2]]}, "a polygon has 3 points or more"),
        ({**TENT, "points": [[1, 1], [3, 1], [2, 3]]}, "its area is smaller than 9"),
        ({**TENT, "points": [[1, 1], [30, 40], [30, 1], [1, 40]]}, "crosses or touches"),
        ({**TENT, "points": [[1, 1], [30, 1], [201, 40]]}, "it leaves the picture"),
        ({**EYE, "points": [[1, 1], [30, 1]]}, "a point has one place"),
        ({**BOX, "how": "guess"}, "'guess' is not one of"),
        ({**BOX, "how": "initial"}, "it was not there to begin with"),
    ],
)  # fmt: skip
def test_a_bad_region_is_refused(region: dict[str, Any], reason: str) -> None:
    """What a page would not let through is refused when it comes all the same."""
    assert reason in _refusal(_task(tools=ALL), region)


def test_a_tool_that_is_not_offered_is_refused() -> None:
    """Whoever asks for boxes gets boxes."""
    assert "a point is none of: box" in _refusal(_task(), EYE)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"image": {"width": 100, "height": 200}}, "width was 100, and is 200"),
        ({"none": True}, "'none' and 2 regions exclude each other"),
        ({"regions": []}, "0 regions are marked; the task asks for 1 to any"),
        ({"regions": [{**BOX, "id": "a"}] * 2}, "the id 'a' is there twice"),
        ({"regions": [{**BOX, "id": "a"}] * 501}, "is too long"),
    ],
)
def test_a_bad_answer_is_refused(changes: dict[str, Any], reason: str) -> None:
    """Another picture, contradictions, and what is there twice."""
    assert reason in _refusal(_task(), BOX, BOX, **changes)


@pytest.mark.parametrize(
    ("settings", "regions", "reason"),
    [
        ({"min": 3}, 2, "2 regions are marked; the task asks for 3 to any"),
        ({"max": 1}, 2, "2 regions are marked; the task asks for 1 to 1"),
        ({"allow_none": False}, 0, "'none' is no answer to this task"),
    ],
)
def test_the_limits_of_a_task_are_kept(
    settings: dict[str, Any], regions: int, reason: str
) -> None:
    """Too few, too many, and nothing where something is asked for."""
    task = _task(**settings)

    with pytest.raises(BadAnswer, match=reason):
        TEMPLATE.answer(task, {"shelf": [BOX] * regions})


def test_a_region_cannot_lie_about_its_past() -> None:
    """What was there to begin with, and is otherwise now, was modified."""
    task = _task(initial=[BOX, {**BOX, "id": "tom"}])
    moved = {**BOX, "bbox": [11, 20, 30, 40], "how": "initial", "modified": False}
    same = {**BOX, "how": "initial", "modified": False}

    for id_ in ("i1", "tom"):
        reason = _refusal(task, {**moved, "id": id_})
        assert "it was modified, and says that it was not" in reason
        for good in (same, {**moved, "modified": True}):
            assert TEMPLATE.read(task, _answer(task, {**good, "id": id_}))


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        ({"classes": ["cat", {"value": "cat"}]}, "classes: 'cat' is there twice"),
        ({"classes": []}, "classes: "),
        ({"classes": [{"value": "a", "label": {"en": ""}}]}, "is not a text"),
        ({"classes": [{"value": "a", "color": "red"}]}, "is not a colour such as"),
        ({"tools": ["brush"]}, "tools[0]: 'brush' is not one of"),
        ({"tools": []}, "tools: "),
        ({"min": 3, "max": 2}, "min: 3 is more than the 2 that may be marked"),
        ({"width": 0}, "width: 0 is less than"),
        ({"initial": [{**BOX, "cls": "bird"}]}, "initial[0]: 'bird' is none of"),
        ({"initial": [EYE]}, "initial[0]: a point is none of: box"),
        ({"initial": [BOX, {**BOX, "bbox": [1, 1, 1, 9]}]}, "initial[1]: a side is"),
        ({"initial": [{**BOX, "id": "a"}] * 2}, "initial: the id 'a' is there twice"),
        ({"initial": [BOX, {**BOX, "id": "i1"}]}, "the id 'i1' is there twice"),
        ({"gold": [{**BOX, "bbox": [190, 1, 11, 9]}]}, "gold[0]: it leaves the"),
        ({"image": "pets/1.jpg"}, "image: 'pets/1.jpg' is not an image's URL"),
    ],
)
def test_a_bad_row_is_refused(settings: dict[str, Any], reason: str) -> None:
    """Before any money is spent, with field and reason."""
    assert reason in _row_refusal(**settings)


COORDINATES = st.integers(0, 12) | st.decimals(0, 12, places=2).map(float)
OUTLINES = st.lists(st.tuples(COORDINATES, COORDINATES), min_size=3, max_size=8)


@given(OUTLINES)
def test_no_outline_that_passes_stops_the_aggregation(
    points: list[tuple[float, float]],
) -> None:
    """What does not cross itself here is a valid polygon to shapely, which aggregates."""
    outline = shapely.Polygon(points)

    if not crosses_itself(points) and outline.area:
        assert outline.is_valid


@given(OUTLINES)
def test_crossing_does_not_depend_on_where_an_outline_begins(
    points: list[tuple[float, float]],
) -> None:
    """Nor on the direction in which it runs."""
    turned = [*points[1:], points[0]]

    assert crosses_itself(points) == crosses_itself(turned)
    assert crosses_itself(points) == crosses_itself(points[::-1])


@pytest.mark.parametrize(
    ("points", "crosses"),
    [
        ([(0, 0), (4, 0), (4, 4), (0, 4)], False),
        ([(0, 0), (4, 0), (2, 1), (4, 4), (0, 4)], False),
        ([(0, 0), (4, 4), (4, 0), (0, 4)], True),
        ([(0, 0), (4, 0), (2, 0), (2, 4)], True),
        ([(0, 0), (4, 0), (4, 4), (2, 0), (0, 4)], True),
        ([(0, 0), (0, 0), (4, 0), (4, 4)], True),
        ([(0, 0), (2, 0), (4, 0), (4, 4)], False),
    ],
)
def test_outlines_that_cross_or_touch_are_told(
    points: list[tuple[float, float]], crosses: bool
) -> None:
    """Bow ties, spikes, touching corners and doubled ones cross; bays and flats do not."""
    assert crosses is crosses_itself(points)
