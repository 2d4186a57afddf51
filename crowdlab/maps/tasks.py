"""Rows for the templates that ask for a description of a way, and try it out."""

import random
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Literal

from crowdlab.errors import BadInput, NotFound
from crowdlab.maps.pictures import draw_svg, svg_url
from crowdlab.maps.plan import Plan
from crowdlab.maps.route import Route
from crowdlab.maps.routes import read_route

__all__ = ["Visibility", "describe_tasks", "follow_tasks"]

Row = dict[str, Any]
Visibility = Literal["fog", "no_labels", "full"]

VISIBILITIES = ("fog", "no_labels", "full")


def describe_tasks(
    plan: Plan, routes: Iterable[Any], *, n_rooms: int = 8, seed: int = 0
) -> Iterator[Row]:
    """Rows for ``route-description``: a worker writes how to get from S to G.

    Args:
        routes: whatever ``read_route`` takes.
        n_rooms: how many rooms the question where the route ends offers, 12 at most.
        seed: of the draw of these rooms.

    Example:
        >>> from crowdlab.maps import load_plan
        >>> row = next(describe_tasks(load_plan("house"), [["Garage", "Kitchen"]]))
        >>> row["task"], row["ends_in"], len(row["rooms"])
        ('house/1', 'Kitchen', 8)
    """
    picture = _map(plan, draw_svg(plan))
    for number, source in enumerate(routes, start=1):
        route = read_route(plan, source)
        lot = random.Random(f"{seed}/{number}")  # noqa: S311 - a seeded draw is wanted
        ends_in = _name_of_end(plan, route)
        yield {
            "task": f"{plan.name}/{number}",
            "map": picture,
            "start": list(route.start),
            "goal": list(route.goal),
            "route": _points(route.points),
            "rooms": _choices(plan, ends_in, n_rooms, lot),
            "ends_in": ends_in,
        }


def follow_tasks(
    plan: Plan,
    descriptions: Iterable[Mapping[str, Any]],
    *,
    visibility: Visibility = "fog",
    radius_metres: float = 6.0,
    threshold_metres: float = 3.0,
) -> Iterator[Row]:
    """Rows for ``route-follow``: another worker walks where a description leads.

    In fog no room is named: what the text says of the goal must be found by the way,
    and not by reading signs. All rows of a plan show the same picture, so it tells
    nothing of where they lead.

    Args:
        descriptions: each with ``text``, ``route`` (whatever ``read_route`` takes)
            and, if wanted, ``task``, the name of the row.
        visibility: ``fog`` shows what is near and in sight; ``no_labels`` everything
            but the names of rooms; ``full`` everything.
        radius_metres: how far one sees in fog.
        threshold_metres: how near the goal one has arrived.

    Example:
        >>> from crowdlab.maps import load_plan
        >>> said = {"text": "Cross the hall.", "route": ["Garage", "Kitchen"]}
        >>> row = next(follow_tasks(load_plan("house"), [said]))
        >>> row["task"], row["visibility"], row["radius"], row["threshold_metres"]
        ('house/follow/1', 'fog', 300.0, 3.0)
    """
    if visibility not in VISIBILITIES:
        raise NotFound("visibility", visibility, VISIBILITIES)
    seen: Row = {"visibility": visibility}
    if visibility == "fog":
        seen["radius"] = round(radius_metres / plan.metres_per_pixel, 2)
    shared = {
        "map": _map(plan, draw_svg(plan, room_names=visibility == "full")),
        **seen,
        "walls": [_points(ring) for ring in plan.segments()],
        "wall_width": plan.inner_wall,
        "plan": plan.as_json(),
        "threshold_metres": threshold_metres,
    }
    for number, said in enumerate(descriptions, start=1):
        route = read_route(plan, said["route"])
        yield {
            "task": said.get("task", f"{plan.name}/follow/{number}"),
            "text": said["text"],
            "start": list(route.start),
            **shared,
            "goal": list(route.goal),
            "route": _points(route.points),
        }


def _map(plan: Plan, svg: str) -> Row:
    return {
        "url": svg_url(svg),
        "width": plan.width,
        "height": plan.height,
        "metres_per_pixel": plan.metres_per_pixel,
    }


def _points(line: Iterable[tuple[float, float]]) -> list[list[float]]:
    return [[_short(x), _short(y)] for x, y in line]


def _short(value: float) -> float:
    """The number, as a whole one where it is: a page has no byte to lose."""
    return int(value) if value == int(value) else value


def _name_of_end(plan: Plan, route: Route) -> str:
    room = plan.room_at(route.goal)
    if room is None or not room.name:
        raise BadInput(f"the route to {route.goal} ends in no room that has a name")
    return room.name


def _choices(plan: Plan, right: str, n: int, lot: random.Random) -> list[str]:
    """The right name among others, in the order of the alphabet."""
    others = sorted({room.name for room in plan.rooms} - {right, ""})
    return sorted([right, *lot.sample(others, min(n - 1, len(others)))])
