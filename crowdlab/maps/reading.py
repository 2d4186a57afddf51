"""Plans out of JSON, all of it checked: each fault names file and field."""

import functools
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import shapely
from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match

from crowdlab.errors import BadInput, NotFound
from crowdlab.maps.floor import door_line
from crowdlab.maps.parts import OUTSIDE, Door, Landmark, Line, Room
from crowdlab.maps.plan import Plan

__all__ = ["list_plans", "load_plan", "read_plan"]

JSON = Mapping[str, Any]
Fault = tuple[str, str]

FOLDER = Path(__file__).parent
INNER_METRES, OUTER_METRES, DOOR_METRES = 0.15, 0.3, 0.9

# Square pixels that rooms may share, by rounding.
SHARED = 1.0


def list_plans() -> list[str]:
    """The names of the plans that come with the package.

    Example:
        >>> list_plans()
        ['house', 'office']
    """
    return sorted(path.stem for path in (FOLDER / "plans").glob("*.json"))


def load_plan(name: str) -> Plan:
    """The plan of that name that comes with the package.

    Raises:
        NotFound: if there is none; the message lists the choices.
    """
    if name not in list_plans():
        raise NotFound("plan", name, list_plans())
    return read_plan(FOLDER / "plans" / f"{name}.json")


def read_plan(source: str | Path | JSON) -> Plan:
    """The plan in a file, or in the JSON of one; the same JSON is read once.

    Raises:
        BadInput: naming the file, the field and what is wrong there.
    """
    if isinstance(source, Mapping):
        return _read(_dump(source), "the plan")
    path = Path(source)
    try:
        return _read(path.read_text(encoding="utf-8"), str(path))
    except OSError as error:
        raise BadInput(f"{path}: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise BadInput(f"{path}: no UTF-8: {error}") from None


def _dump(document: JSON) -> str:
    try:
        return json.dumps(document)
    except (TypeError, ValueError) as error:
        raise BadInput(f"the plan: no JSON: {error}") from None


@functools.lru_cache(maxsize=64)
def _read(text: str, origin: str) -> Plan:
    document = _parse(text, origin)
    plan = _plan(document)
    for fault in _faults(plan):
        raise BadInput(f"{origin}: {fault[0]}: {fault[1]}")
    return plan


def _parse(text: str, origin: str) -> dict[str, Any]:
    try:
        document = json.loads(text, parse_constant=_refuse_constant)
    except ValueError as error:
        raise BadInput(f"{origin}: no JSON: {error}") from None
    fault = best_match(_validator().iter_errors(document))
    if fault is not None:
        field = fault.json_path.removeprefix("$").removeprefix(".")
        raise BadInput(": ".join(filter(None, [origin, field, fault.message])))
    return dict(document)


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is no number")


@functools.cache
def _validator() -> Any:
    schema = json.loads((FOLDER / "plan.schema.json").read_text("utf-8"))
    return Draft202012Validator(schema)


def _plan(facts: JSON) -> Plan:
    scale = facts["metres_per_pixel"]
    return Plan(
        name=facts["name"],
        title=facts["title"],
        width=facts["width"],
        height=facts["height"],
        metres_per_pixel=scale,
        inner_wall=facts.get("inner_wall", INNER_METRES / scale),
        outer_wall=facts.get("outer_wall", OUTER_METRES / scale),
        rooms=tuple(_room(**room) for room in facts["rooms"]),
        doors=tuple(_door(scale, **door) for door in facts.get("doors", ())),
        landmarks=tuple(_landmark(**mark) for mark in facts.get("landmarks", ())),
        partitions=tuple(map(_line, facts.get("partitions", ()))),
        windows=tuple(map(_line, facts.get("windows", ()))),
        north=facts.get("north"),
        document=json.dumps(facts, separators=(",", ":")),
    )


def _line(points: Any) -> Line:
    return tuple((x, y) for x, y in points)


def _room(*, outline: Any, **facts: str) -> Room:
    return Room(**facts, outline=_line(outline))


def _door(scale: float, *, between: Any, at: Any, **facts: Any) -> Door:
    inside = between[1] if between[0] == OUTSIDE else between[0]
    usual = {"width": DOOR_METRES / scale, "kind": "hinged", "hinge": "left"}
    return Door(tuple(between), tuple(at), **{**usual, "into": inside, **facts})


def _landmark(*, at: Any, **facts: Any) -> Landmark:
    return Landmark(at=tuple(at), **facts)


def _faults(plan: Plan) -> Iterator[Fault]:
    """What no schema can say, in an order in which each may build on the former."""
    yield from _repeated_ids(plan)
    yield from _bad_outlines(plan)
    yield from _overlaps(plan)
    yield from _bad_doors(plan)
    yield from _lost_landmarks(plan)
    yield from _unreachable(plan)


def _repeated_ids(plan: Plan) -> Iterator[Fault]:
    seen = {OUTSIDE: "is the word for what is no room"}
    rooms = [(f"rooms[{number}]", room.id) for number, room in enumerate(plan.rooms)]
    landmarks = [(f"landmarks[{n}]", mark.id) for n, mark in enumerate(plan.landmarks)]
    for field, known in (*rooms, *landmarks):
        if known in seen:
            yield f"{field}.id", f"{known!r} {seen[known]}"
        seen[known] = f"is the id of {field} already"


def _bad_outlines(plan: Plan) -> Iterator[Fault]:
    sheet = shapely.box(0, 0, plan.width, plan.height)
    for number, room in enumerate(plan.rooms):
        outline = shapely.Polygon(room.outline)
        field = f"rooms[{number}].outline"
        if not outline.is_valid or not outline.area:
            yield field, f"{room.id!r} crosses itself, or has no area"
        if not sheet.covers(outline):
            yield field, f"{room.id!r} leaves the plan of {plan.width} x {plan.height}"


def _overlaps(plan: Plan) -> Iterator[Fault]:
    outlines = [shapely.Polygon(room.outline) for room in plan.rooms]
    pairs = shapely.STRtree(outlines).query(outlines, predicate="intersects")
    for one, other in pairs.T:
        if one < other and (outlines[one] & outlines[other]).area > SHARED:
            names = plan.rooms[one].id, plan.rooms[other].id
            yield f"rooms[{other}].outline", f"{names[1]!r} overlaps {names[0]!r}"


def _bad_doors(plan: Plan) -> Iterator[Fault]:
    outlines = {room.id: shapely.Polygon(room.outline) for room in plan.rooms}
    for number, door in enumerate(plan.doors):
        for field, reason in _faults_of_door(door, outlines):
            yield f"doors[{number}].{field}", reason


def _faults_of_door(door: Door, outlines: Mapping[str, Any]) -> Iterator[Fault]:
    known = ", ".join([*outlines, OUTSIDE])
    for number, room in enumerate(door.between):
        if room not in outlines and room != OUTSIDE:
            yield (
                f"between[{number}]",
                f"there is no room {room!r}; the rooms are: {known}",
            )
    one, other = door.between
    if one == other:
        yield "between", f"{one!r} is on both of its sides"
    if door.into not in door.between:
        yield (
            "into",
            f"{door.into!r} is on neither side: it is between {one} and {other}",
        )
    if door_line(door, outlines) is None:
        width = f"{door.width:g} pixels wide"
        yield (
            "at",
            f"{list(door.at)}, {width}, is not on a wall between {one} and {other}",
        )


def _lost_landmarks(plan: Plan) -> Iterator[Fault]:
    for number, landmark in enumerate(plan.landmarks):
        if plan.room_at(landmark.at) is None:
            yield f"landmarks[{number}].at", f"{landmark.id!r} is in no room"


def _unreachable(plan: Plan) -> Iterator[Fault]:
    if plan.floor.free.is_empty:
        yield "rooms", "nothing is free between walls so thick"
    parts = shapely.get_parts(plan.floor.free)
    largest = parts[int(shapely.area(parts).argmax())]
    for number, room in enumerate(plan.rooms):
        if not shapely.intersects(largest, plan.floor.rooms[room.id]):
            yield (
                f"rooms[{number}]",
                f"{room.id!r} cannot be reached: no door leads there",
            )
