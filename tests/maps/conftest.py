"""Plans for the tests of maps."""

from pathlib import Path

import pytest

from crowdlab.maps import Plan, load_plan, read_plan

DATA = Path(__file__).parent / "data"


@pytest.fixture(scope="session")
def office() -> Plan:
    """The office floor that comes with the package."""
    return load_plan("office")


@pytest.fixture(scope="session")
def house() -> Plan:
    """The house that comes with the package."""
    return load_plan("house")


@pytest.fixture(scope="session")
def offices() -> Plan:
    """A floor whose neighbouring rooms are far apart on foot."""
    return read_plan(DATA / "offices.json")


@pytest.fixture(scope="session")
def two_rooms() -> Plan:
    """Two rooms of 10 by 10 metres, 100 pixels a metre, with walls of 2 centimetres.

    The door is a metre wide, from 8.9 to 9.9 metres down the wall between them.
    """
    rooms = [
        {"id": "left", "name": "Left", "kind": "office", "outline": _square(0)},
        {"id": "right", "name": "Right", "kind": "kitchen", "outline": _square(1000)},
    ]
    return read_plan(
        {
            "schema": "crowdlab.plan/1",
            "name": "two-rooms",
            "title": "Two rooms",
            "width": 2000,
            "height": 1000,
            "metres_per_pixel": 0.01,
            "inner_wall": 2,
            "outer_wall": 2,
            "rooms": rooms,
            "doors": [{"between": ["left", "right"], "at": [1000, 940], "width": 100}],
        }
    )


def _square(left: int) -> list[list[int]]:
    right = left + 1000
    return [[left, 0], [right, 0], [right, 1000], [left, 1000]]
