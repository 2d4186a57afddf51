"""Rows for the templates: they fit, and they tell workers nothing they should not know."""

import base64
import json
from typing import Any

import pytest

from crowdlab import load_template
from crowdlab.errors import BadInput, NotFound
from crowdlab.maps import (
    Plan,
    describe_tasks,
    follow_tasks,
    read_plan,
    sample_routes,
    score,
)

TEXT = "Leave the reception, turn left and walk past the plant to the lockers. " * 5
HIDDEN = {"plan", "goal", "route", "threshold_metres"}


def _picture(row: dict[str, Any]) -> str:
    return base64.b64decode(row["map"]["url"].partition(",")[2]).decode()


def test_descriptions_fit_their_template(office: Plan) -> None:
    """Every row makes a question, with a picture of real size, within the limit."""
    template = load_template("route-description")
    for row in describe_tasks(office, sample_routes(office, 5)):
        task = template.task(row, "a row")

        assert template.question(task.input, task_id=task.task_id, language="en")


@pytest.mark.parametrize("visibility", ["fog", "no_labels", "full"])
def test_follows_fit_their_template(visibility: Any, office: Plan) -> None:
    """So does every row that has a description followed."""
    template = load_template("route-follow")
    said = [{"text": TEXT, "route": route} for route in sample_routes(office, 3)]
    for row in follow_tasks(office, said, visibility=visibility):
        task = template.task(row, "a row")

        assert template.question(task.input, task_id=task.task_id, language="es")


def test_a_page_knows_no_goal(office: Plan) -> None:
    """Goal, route and plan stay out of the page that a follower gets."""
    template = load_template("route-follow")
    said = {"text": TEXT, "route": ["Reception", "Office 6"]}
    row = next(follow_tasks(office, [said]))
    task = template.task(row, "a row")
    page = template.page(task.input, task_id=task.task_id, language="en")
    x, y = row["goal"]

    assert set(row) >= HIDDEN
    assert f"[{x},{y}]" not in page.replace(" ", "")
    assert f"[{x}, {y}]" not in page


def test_a_description_task_is_whole(office: Plan) -> None:
    """The way in pixels, from start to goal, and the room of its end among others."""
    route = office.walk("Reception", "printer")
    row = next(describe_tasks(office, [route], n_rooms=6))

    assert row["route"] == [list(point) for point in route.points]
    assert (row["start"], row["goal"]) == (row["route"][0], row["route"][-1])
    assert row["ends_in"] == "Print room"
    assert row["ends_in"] in row["rooms"]
    assert row["rooms"] == sorted(set(row["rooms"]))
    assert len(row["rooms"]) == 6
    assert row["map"]["width"] == office.width


def test_the_rooms_of_the_question_are_drawn_by_seed(office: Plan) -> None:
    """The same seed asks the same question."""
    one, same, other = (
        list(describe_tasks(office, [["Reception", "Lab"]] * 3, seed=seed))
        for seed in (1, 1, 2)
    )

    assert one == same
    assert one != other


def test_a_route_to_a_room_without_a_name_is_refused(house: Plan) -> None:
    """Nobody can be asked for the name of a room that has none."""
    document = house.as_json()
    document["rooms"][7]["name"] = ""

    with pytest.raises(BadInput, match="ends in no room that has a name"):
        list(describe_tasks(read_plan(document), [["Garage", "study"]]))


@pytest.mark.parametrize("visibility", ["fog", "no_labels", "full"])
def test_a_map_tells_nothing_of_the_goal(visibility: Any, office: Plan) -> None:
    """Wherever a description leads, its follower gets the same picture."""
    said = [
        {"text": TEXT, "route": ["Reception", goal]} for goal in ("Office 6", "Kitchen")
    ]
    one, other = follow_tasks(office, said, visibility=visibility)

    assert one["goal"] != other["goal"]
    assert one["map"] == other["map"]


def test_visibility_chooses_the_names(office: Plan) -> None:
    """In fog and without labels no room is named but objects are; in full all is."""
    said = [{"text": TEXT, "route": ["Reception", "Office 6"]}]
    fog = next(follow_tasks(office, said, visibility="fog"))
    bare = next(follow_tasks(office, said, visibility="no_labels"))
    full = next(follow_tasks(office, said, visibility="full"))

    assert fog["map"] == bare["map"]
    assert "Library" not in _picture(bare)
    assert "Fridge" in _picture(bare)
    assert "Office 6" in _picture(full)
    assert "radius" not in bare
    assert "radius" not in full


def test_an_unknown_visibility_is_refused(office: Plan) -> None:
    """The error lists the choices."""
    with pytest.raises(NotFound, match="choose from: fog, no_labels, full"):
        next(follow_tasks(office, [], visibility="mist"))  # type: ignore[arg-type]


def test_an_answer_is_scored_from_its_task_alone(office: Plan) -> None:
    """The private part of a row, as JSON, is all that scoring needs."""
    said = {"task": "a", "text": TEXT, "route": ["Reception", "Office 6"]}
    row = json.loads(json.dumps(next(follow_tasks(office, [said]))))
    found = score(
        read_plan(row["plan"]),
        row["route"],
        row["route"],
        arrived=True,
        threshold=row["threshold_metres"],
    )

    assert row["task"] == "a"
    assert found.success
    assert found.ndtw == pytest.approx(1)


def test_walls_are_lean(office: Plan) -> None:
    """The outlines that a page needs to fog a whole floor take four kilobytes."""
    said = {"text": TEXT, "route": ["Reception", "Office 6"]}
    row = next(follow_tasks(office, [said]))

    assert len(json.dumps(row["walls"], separators=(",", ":"))) < 4096
