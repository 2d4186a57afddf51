"""Routes: read from JSON in each of their forms, or drawn by lot."""

import json
from pathlib import Path
from typing import Any

import pytest

from crowdlab.errors import BadInput
from crowdlab.maps import Plan, read_route, sample_routes


def test_a_route_has_three_forms(house: Plan, tmp_path: Path) -> None:
    """Places, or start and goal, or points; as JSON, as a list, and in a file."""
    route = house.walk("Garage", "Kitchen")
    path = tmp_path / "route.json"
    path.write_text(json.dumps({"start": "Garage", "goal": "Kitchen"}), "utf-8")

    assert read_route(house, {"places": ["Garage", "Kitchen"]}) == route
    assert read_route(house, {"start": "Garage", "goal": "Kitchen"}) == route
    assert read_route(house, {"points": route.points}) == route
    assert read_route(house, ["Garage", "Kitchen"]) == route
    assert read_route(house, route) == route
    assert read_route(house, path) == route


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ({"start": "Garage"}, "a route has 'places', or .* this one has: start"),
        ({}, "this one has: nothing"),
        ({"points": [[100, 100]]}, "two points or more"),
        ({"points": [[100, 100], [100, 100]]}, "at different places"),
        (
            {"points": [[100, 100], [100, 700]]},
            r"leg 1 of the route, .* through a wall",
        ),
        ({"points": [[100, "left"]]}, "pairs of numbers"),
        ({"points": 5}, "pairs of numbers"),
        (["Garage"], "two places or more"),
        ({"places": ["Garage", [0, 0]]}, r"\(0, 0\) is in no room"),
    ],
)
def test_a_faulty_route_is_refused(source: Any, words: str, house: Plan) -> None:
    """The error says what a route is, or where it fails."""
    with pytest.raises(BadInput, match=words):
        read_route(house, source)


@pytest.mark.parametrize(
    ("content", "words"), [("{", "no JSON"), ("3", "a route has 'places'")]
)
def test_a_file_without_a_route_is_refused(
    content: str, words: str, house: Plan, tmp_path: Path
) -> None:
    """The error names the file."""
    path = tmp_path / "route.json"
    path.write_text(content, "utf-8")

    with pytest.raises(BadInput, match=words) as refused:
        read_route(house, path)

    assert str(path) in str(refused.value)


def test_a_missing_file_is_refused(house: Plan) -> None:
    """A file that is not there is named."""
    with pytest.raises(BadInput, match=r"none\.json: No such file"):
        read_route(house, "none.json")


def test_a_draw_is_seeded(office: Plan) -> None:
    """The same seed draws the same routes, another one others, and none twice."""
    first = sample_routes(office, 20, seed=1, least=15)

    assert first == sample_routes(office, 20, seed=1, least=15)
    assert first != sample_routes(office, 20, seed=2, least=15)
    assert len(set(first)) == 20


def test_routes_drawn_lead_from_room_to_room(office: Plan) -> None:
    """Each is as long as was asked, and ends in another room than it began."""
    for route in sample_routes(office, 20, least=20, most=30):
        assert 20 <= office.distance(route.start, route.goal) <= 30
        assert office.blocked(route.points) is None
        assert office.room_at(route.start) != office.room_at(route.goal)


def test_more_routes_than_there_are_is_refused(house: Plan) -> None:
    """The error says how many there are."""
    with pytest.raises(BadInput, match=r"has 0 walks of 500 to inf m .*, and 3 are"):
        sample_routes(house, 3, least=500)
