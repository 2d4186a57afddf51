"""Routes out of JSON, and routes drawn by lot."""

import json
import math
import random
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from crowdlab.errors import BadInput
from crowdlab.maps.parts import Landmark, Room
from crowdlab.maps.plan import Plan
from crowdlab.maps.route import Route

__all__ = ["read_route", "sample_routes"]

FORMS = "a route has 'places', or 'start' and 'goal', or 'points'"


def read_route(
    plan: Plan, source: Route | str | Path | Mapping[str, Any] | Sequence[Any]
) -> Route:
    """The route in a file, or in the JSON of one.

    Args:
        source: an object with ``places`` to walk to one after the other, by the
            shortest way, or ``start`` and ``goal``, or ``points`` in pixels; the list
            of the places alone; or the name of a file that holds one of these.

    Raises:
        BadInput: saying what is wrong with it.

    Example:
        >>> from crowdlab.maps import load_plan
        >>> route = read_route(load_plan("house"), {"start": "Hall", "goal": "Study"})
        >>> len(route.points) > 1
        True
    """
    if isinstance(source, Route):
        return plan.route(source.points)
    if isinstance(source, str | Path):
        return read_route(plan, _parse(Path(source)))
    given = dict(source) if isinstance(source, Mapping) else {"places": source}
    if set(given) == {"start", "goal"}:
        given = {"places": [given["start"], given["goal"]]}
    if set(given) not in ({"places"}, {"points"}):
        raise BadInput(f"{FORMS}; this one has: {', '.join(given) or 'nothing'}")
    if "points" in given:
        return plan.route(_checked_points(given["points"]))
    return plan.walk(*given["places"])


def _checked_points(points: object) -> list[tuple[float, float]]:
    try:
        return [(float(x), float(y)) for x, y in points]  # type: ignore[attr-defined]
    except (TypeError, ValueError):
        raise BadInput(
            f"the points of a route are pairs of numbers, not {points!r}"
        ) from None


def _parse(path: Path) -> dict[str, Any] | list[Any]:
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise BadInput(f"{path}: {error.strerror}") from None
    except ValueError as error:
        raise BadInput(f"{path}: no JSON: {error}") from None
    if isinstance(document, dict | list):
        return document
    raise BadInput(f"{path}: {FORMS}")


def sample_routes(
    plan: Plan, n: int, *, seed: int = 0, least: float = 10.0, most: float = math.inf
) -> list[Route]:
    """Shortest walks between places of different rooms, drawn by lot, no pair twice.

    Args:
        least: the fewest metres of a walk; ``most`` likewise.

    Raises:
        BadInput: if the plan has not as many.

    Example:
        >>> from crowdlab.maps import load_plan
        >>> routes = sample_routes(load_plan("office"), 3, least=20, most=30)
        >>> all(20 <= route.metres <= 30.5 for route in routes)
        True
    """
    pairs = _pairs(plan, least, most)
    if n > len(pairs):
        raise BadInput(
            f"{plan.name!r} has {len(pairs)} walks of {least:g} to {most:g} m between"
            f" its places, and {n} are wanted"
        )
    drawn = random.Random(seed).sample(pairs, n)  # noqa: S311 - a seeded draw is wanted
    return [plan.walk(start, goal) for start, goal in drawn]


def _pairs(plan: Plan, least: float, most: float) -> list[tuple[str, str]]:
    """The ids of any two places, in rooms of different names, that far apart."""
    everything: list[Room | Landmark] = [*plan.rooms, *plan.landmarks]
    places = [place.id for place in everything if place.name]
    spots = [plan.point(place) for place in places]
    rooms = [room.name if (room := plan.room_at(spot)) else "" for spot in spots]
    metres = plan.walker.distances(spots, spots) * plan.metres_per_pixel
    return [
        (places[start], places[goal])
        for start in range(len(places))
        for goal in range(len(places))
        if rooms[goal]
        and rooms[start] != rooms[goal]
        and least <= metres[start, goal] <= most
    ]
