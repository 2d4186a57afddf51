"""Plans are read whole, or refused with the file, the field and the fault."""

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

import crowdlab.maps
from crowdlab.errors import BadInput, NotFound
from crowdlab.maps import Plan, list_plans, list_symbols, load_plan, read_plan

JSON = dict[str, Any]
SCHEMA = Path(crowdlab.maps.__file__).parent / "plan.schema.json"

Change = Callable[[JSON], None]


def _rename(plan: JSON) -> None:
    plan["doors"][2]["between"] = ["kitchn", "hall"]


def _move_door(plan: JSON) -> None:
    plan["doors"][2]["at"] = [100, 100]


def _widen_door(plan: JSON) -> None:
    plan["doors"][2]["width"] = 900


def _turn_door(plan: JSON) -> None:
    plan["doors"][2]["into"] = "garage"


def _close_door(plan: JSON) -> None:
    plan["doors"][2]["between"] = ["kitchen", "kitchen"]


def _repeat_room(plan: JSON) -> None:
    plan["rooms"][3]["id"] = "kitchen"


def _repeat_landmark(plan: JSON) -> None:
    plan["landmarks"][0]["id"] = "hall"


def _name_outside(plan: JSON) -> None:
    plan["rooms"][0]["id"] = "outside"


def _cross(plan: JSON) -> None:
    corners = plan["rooms"][0]["outline"]
    plan["rooms"][0]["outline"] = [corners[0], corners[2], corners[1], corners[3]]


def _overlap(plan: JSON) -> None:
    plan["rooms"][1]["outline"][0][0] -= 50


def _leave(plan: JSON) -> None:
    plan["rooms"][0]["outline"][0][0] = -5


def _lose(plan: JSON) -> None:
    plan["landmarks"][1]["at"] = [5, 5]


def _lock(plan: JSON) -> None:
    plan["doors"] = [door for door in plan["doors"] if "study" not in door["between"]]


def _thicken(plan: JSON) -> None:
    plan |= {"rooms": plan["rooms"][:1], "doors": [], "landmarks": []}
    plan["inner_wall"] = 900


def _forget(plan: JSON) -> None:
    del plan["metres_per_pixel"]


def _invent(plan: JSON) -> None:
    plan["landmarks"][0]["colour"] = "red"


def _shrink(plan: JSON) -> None:
    plan["metres_per_pixel"] = 0


def _date(plan: JSON) -> None:
    plan["schema"] = "crowdlab.plan/2"


@pytest.mark.parametrize(
    ("change", "field", "words"),
    [
        (_rename, "doors[2].between[0]", "there is no room 'kitchn'; the rooms are: "),
        (_move_door, "doors[2].at", "is not on a wall between kitchen and hall"),
        (_widen_door, "doors[2].at", "900 pixels wide, is not on a wall between"),
        (_turn_door, "doors[2].into", "'garage' is on neither side"),
        (_close_door, "doors[2].between", "'kitchen' is on both of its sides"),
        (_repeat_room, "rooms[3].id", "'kitchen' is the id of rooms[0] already"),
        (_repeat_landmark, "landmarks[0].id", "'hall' is the id of rooms[3] already"),
        (_name_outside, "rooms[0].id", "'outside' is the word for what is no room"),
        (_cross, "rooms[0].outline", "'kitchen' crosses itself"),
        (_overlap, "rooms[1].outline", "'dining-room' overlaps 'kitchen'"),
        (_leave, "rooms[0].outline", "'kitchen' leaves the plan of 1000 x 750"),
        (_lose, "landmarks[1].at", "'sink' is in no room"),
        (_lock, "rooms[7]", "'study' cannot be reached: no door leads there"),
        (_thicken, "rooms", "nothing is free between walls so thick"),
        (_forget, "", "'metres_per_pixel' is a required property"),
        (_invent, "landmarks[0]", "'colour' was unexpected"),
        (_shrink, "metres_per_pixel", "0 is less than or equal to the minimum of 0"),
        (_date, "schema", "'crowdlab.plan/1' was expected"),
    ],
)
def test_a_fault_is_named(
    change: Change, field: str, words: str, house: Plan, tmp_path: Path
) -> None:
    """Whatever is wrong in a plan, the error says in which file and field, and what."""
    document = copy.deepcopy(house.as_json())
    change(document)
    path = tmp_path / "plan.json"
    path.write_text(json.dumps(document), "utf-8")

    with pytest.raises(BadInput) as refused:
        read_plan(path)

    assert str(refused.value).startswith(": ".join(filter(None, [str(path), field])))
    assert words in str(refused.value)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"{", "no JSON"),
        (b"\xff", "no UTF-8"),
        (b"[]", "is not of type 'object'"),
        (b'{"width": NaN}', "NaN is no number"),
    ],
)
def test_what_is_no_plan_is_refused(content: bytes, words: str, tmp_path: Path) -> None:
    """A file that holds no JSON object is refused by its name."""
    path = tmp_path / "plan.json"
    path.write_bytes(content)

    with pytest.raises(BadInput, match=words) as refused:
        read_plan(path)

    assert str(path) in str(refused.value)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    """A file that is not there is named."""
    with pytest.raises(BadInput, match=r"none\.json: No such file"):
        read_plan(tmp_path / "none.json")


def test_what_json_cannot_say_is_refused() -> None:
    """A mapping that is no JSON is refused, too."""
    with pytest.raises(BadInput, match="no JSON"):
        read_plan({"name": {1, 2}})


def test_an_unknown_plan_is_refused_with_the_choices() -> None:
    """Whoever asks for a plan that is not there reads which are."""
    with pytest.raises(NotFound, match="choose from: house, office"):
        load_plan("castle")


@pytest.mark.parametrize("name", list_plans())
def test_a_plan_survives_its_json(name: str) -> None:
    """A plan read from its own JSON is the same plan."""
    plan = load_plan(name)
    again = read_plan(plan.as_json())

    assert plan.as_json() == again.as_json()
    assert plan.segments() == again.segments()
    assert [plan.point(room.id) for room in plan.rooms] == [
        again.point(room.id) for room in again.rooms
    ]


def test_the_same_json_is_read_once(house: Plan) -> None:
    """Scoring many answers to one task builds its plan a single time."""
    assert read_plan(house.as_json()) is read_plan(house.as_json())


def test_the_schema_is_a_schema() -> None:
    """The schema that comes with the package is one itself."""
    Draft202012Validator.check_schema(json.loads(SCHEMA.read_text("utf-8")))


@pytest.mark.parametrize("name", list_plans())
def test_a_shipped_plan_uses_symbols_that_exist(name: str) -> None:
    """No landmark of ours is shown as a nameless dot by mistake."""
    used = {landmark.kind for landmark in load_plan(name).landmarks}

    assert used - set(list_symbols()) == set()


@pytest.mark.parametrize("name", list_plans())
def test_furniture_stays_in_its_room(name: str) -> None:
    """In our plans nothing stands in a wall or in two rooms."""
    plan = load_plan(name)
    astray = [
        landmark.id
        for landmark, shape in zip(plan.landmarks, plan.places.furniture, strict=True)
        if (room := plan.room_at(landmark.at)) is None
        or shape.difference(plan.floor.rooms[room.id]).area > 1
    ]

    assert astray == []


def test_the_office_is_of_real_size(office: Plan) -> None:
    """The office floor measures 40 by 25 metres between the middles of its walls."""
    left, top, right, bottom = office.floor.free.bounds
    scale = office.metres_per_pixel

    assert ((right - left) * scale, (bottom - top) * scale) == pytest.approx(
        (40 - 0.3, 25 - 0.3)
    )
    assert len(office.rooms) > 30
