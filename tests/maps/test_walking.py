"""Walks: as short as can be, through doors, never through walls."""

import itertools
import math

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import coo_array
from scipy.sparse.csgraph import dijkstra

from crowdlab.errors import BadInput, NotFound
from crowdlab.maps import Plan, load_plan, read_plan
from crowdlab.maps.walker import Walker

HOUSE = load_plan("house")
INSIDE = st.tuples(
    st.floats(0, HOUSE.width, allow_nan=False), st.floats(0, HOUSE.height)
).filter(lambda point: bool(HOUSE.floor.free.covers(shapely.Point(point))))


def test_a_walk_goes_through_the_door(two_rooms: Plan) -> None:
    """From room to room it is as far as the door makes it, by Pythagoras."""
    # The door's upper jamb begins at (9.99, 8.9) and ends at (10.01, 8.9).
    by_hand = 2 * math.hypot(7.99, 6.9) + 0.02

    assert by_hand == pytest.approx(two_rooms.distance((200, 200), (1800, 200)))


def test_a_walk_in_sight_is_straight(two_rooms: Plan) -> None:
    """Within a room the walk is as the crow flies."""
    start, goal = (100, 100), (400, 500)

    assert two_rooms.distance(start, goal) == pytest.approx(5)
    assert two_rooms.walk(start, goal, clearance=0).points == (start, goal)


def test_a_walk_bends_at_the_jamb(two_rooms: Plan) -> None:
    """The shortest walk turns at the door's nearer jamb, on both sides of the wall."""
    points = two_rooms.walk((200, 200), (1800, 200), clearance=0).points

    assert points == ((200, 200), (999, 890), (1001, 890), (1800, 200))


def test_clearance_keeps_off_the_walls(office: Plan) -> None:
    """A walk keeps as far from the walls as it was told to."""
    walk = office.walk("Office 6", "Canteen", clearance=0.4)
    line = shapely.LineString(walk.points)
    metres = line.distance(office.floor.walls) * office.metres_per_pixel

    assert metres == pytest.approx(0.4, abs=0.01)


def test_a_walk_goes_around_furniture(office: Plan) -> None:
    """A walk that is described does not lead across tables and lockers."""
    line = shapely.LineString(office.walk("Reception", "Game room").points)

    assert not shapely.intersects(line, office.places.furniture).any()


def test_a_walk_over_furniture_is_better_than_none(two_rooms: Plan) -> None:
    """Where landmarks fill a doorway, the walk leads over them."""
    document = two_rooms.as_json()
    document["landmarks"] = [{"id": "car", "kind": "car", "at": [1000, 800]}]

    assert read_plan(document).walk("Left", "Right", clearance=0.2).metres > 1


def test_a_body_too_wide_for_the_door_stays_out(two_rooms: Plan) -> None:
    """Where the clearance closes every way, the error says so."""
    with pytest.raises(
        BadInput, match="'Right' cannot be reached from 'Left' with 1 m"
    ):
        two_rooms.walk("Left", "Right", clearance=1.0)


def test_a_walk_needs_two_places(house: Plan) -> None:
    """One place is no walk."""
    with pytest.raises(BadInput, match="two places"):
        house.walk("Hall")


def test_a_walk_through_places_is_the_sum_of_its_parts(office: Plan) -> None:
    """Stops on the way are reached one after the other."""
    whole = office.walk("Reception", "printer", "Kitchen")
    parts = office.walk("Reception", "printer"), office.walk("printer", "Kitchen")

    assert whole.metres == pytest.approx(sum(part.metres for part in parts), abs=0.01)


@given(INSIDE, INSIDE)
def test_distance_is_symmetric(
    one: tuple[float, float], other: tuple[float, float]
) -> None:
    """There and back it is equally far, and never shorter than the crow flies."""
    there, back = HOUSE.distance(one, other), HOUSE.distance(other, one)

    assert there == pytest.approx(back)
    assert there >= math.dist(one, other) * HOUSE.metres_per_pixel - 1e-6


@given(INSIDE, INSIDE, INSIDE)
def test_a_detour_is_no_shorter(
    one: tuple[float, float], other: tuple[float, float], by: tuple[float, float]
) -> None:
    """The triangle inequality holds for walks."""
    detour = HOUSE.distance(one, by) + HOUSE.distance(by, other)

    assert HOUSE.distance(one, other) <= detour + 1e-3


@given(INSIDE, INSIDE)
def test_a_path_is_as_long_as_its_distance(
    one: tuple[float, float], other: tuple[float, float]
) -> None:
    """The walk that is found has the length that was promised, and crosses no wall."""
    path = HOUSE.walker.path(one, other)
    assert path is not None
    length = sum(itertools.starmap(math.dist, itertools.pairwise(path)))

    assert length * HOUSE.metres_per_pixel == pytest.approx(HOUSE.distance(one, other))
    assert HOUSE.blocked(path) is None


def test_the_walk_is_the_shortest_on_a_fine_grid(house: Plan) -> None:
    """No walk over a grid of points beats it, and the best of them comes near."""
    step, reach = 12, 4
    across, down = np.meshgrid(
        np.arange(0, house.width, step), np.arange(0, house.height, step)
    )
    grid = np.stack([across.ravel(), down.ravel()], axis=1).astype(float)
    grid = grid[shapely.contains_xy(house.floor.free, grid[:, 0], grid[:, 1])]
    near = shapely.STRtree(shapely.points(grid)).query(
        shapely.buffer(shapely.points(grid), reach * step), predicate="covers"
    )
    lines = shapely.linestrings(np.stack([grid[near[0]], grid[near[1]]], axis=1))
    area = house.floor.free
    shapely.prepare(area)
    one, other = near[:, shapely.covers(area, lines) & (near[0] != near[1])]
    lengths = np.linalg.norm(grid[one] - grid[other], axis=1)
    graph = coo_array((lengths, (one, other)), (len(grid), len(grid))).tocsr()
    start, goal = 0, len(grid) - 1
    best = dijkstra(graph, indices=[start])[0, goal] * house.metres_per_pixel
    exact = house.distance(tuple(grid[start]), tuple(grid[goal]))

    assert exact <= best
    assert best <= exact * 1.03


def test_what_is_apart_is_infinitely_far() -> None:
    """Between pieces of floor that no door joins there is no walk."""
    walker = Walker(
        shapely.MultiPolygon([shapely.box(0, 0, 1, 1), shapely.box(3, 0, 4, 1)])
    )

    assert np.isinf(walker.distances([(0.5, 0.5)], [(3.5, 0.5)])).all()
    assert walker.path((0.5, 0.5), (3.5, 0.5)) is None


def test_a_point_in_a_wall_counts_as_beside_it() -> None:
    """What is not free is walked to from the nearest free point."""
    assert Walker(shapely.box(0, 0, 10, 10)).snap([(12, 5), (3, 4)]).tolist() == [
        [10, 5],
        [3, 4],
    ]


def test_walls_block_the_view(two_rooms: Plan) -> None:
    """One sees through the door and not through the wall."""
    assert two_rooms.sees((200, 940), (1800, 940))
    assert not two_rooms.sees((200, 200), (1800, 200))
    assert two_rooms.sees((200, 200), (200, 200))


def test_a_thin_wall_blocks_too(two_rooms: Plan) -> None:
    """A wall of a fraction of a pixel is a wall."""
    document = two_rooms.as_json() | {"inner_wall": 0.2, "outer_wall": 0.2}

    assert not read_plan(document).sees((200, 200), (1800, 200))


def test_a_path_through_a_wall_is_found_out(two_rooms: Plan) -> None:
    """The first leg that crosses a wall is told, from 0."""
    path = [(200, 200), (400, 400), (1800, 200), (200, 200)]

    assert two_rooms.blocked(path) == 1
    assert two_rooms.blocked(path[:2]) is None


def test_segments_are_what_blocks(office: Plan) -> None:
    """A look is free exactly if it crosses none of the outlines given to the page."""
    rings = [shapely.LinearRing(ring) for ring in office.segments()]
    edges = shapely.union_all(rings)
    spots = [office.point(room.id) for room in office.rooms]
    looks = list(itertools.combinations(spots, 2))

    assert [office.sees(*look) for look in looks] == [
        not edges.intersects(shapely.LineString(look)) for look in looks
    ]


@pytest.mark.parametrize("name", ["office", "house"])
def test_every_place_can_be_walked_to(name: str) -> None:
    """One can stand in every room and before every landmark, in its own room."""
    plan = load_plan(name)
    ids = [*(room.id for room in plan.rooms), *(mark.id for mark in plan.landmarks)]
    spots = [plan.point(place) for place in ids]
    rooms = [*plan.rooms, *(plan.room_at(mark.at) for mark in plan.landmarks)]

    assert [plan.room_at(spot) for spot in spots] == rooms
    assert np.isfinite(plan.walker.distances(spots[:1], spots)).all()


def test_a_place_is_found_by_id_and_by_name(office: Plan) -> None:
    """An id comes first, then a name in capitals or not."""
    assert office.point("kitchen") == office.point("Kitchen") == office.point("KITCHEN")


def test_a_name_of_several_is_refused(office: Plan) -> None:
    """Whoever says a name that several places have reads their ids."""
    with pytest.raises(BadInput, match="several places; say which: office-1-plant, "):
        office.point("Plant")


def test_an_unknown_place_is_refused_with_the_choices(house: Plan) -> None:
    """Whoever says an unknown name reads the known ids."""
    with pytest.raises(
        NotFound, match="there is no place 'Attic'; choose from: kitchen"
    ):
        house.point("Attic")


@pytest.mark.parametrize("point", [(0, 0), (float("nan"), 3), (1, 2, 3), 7])
def test_a_point_outside_is_refused(point: tuple[float, ...], house: Plan) -> None:
    """A place is a name or a point in a room."""
    with pytest.raises(BadInput):
        house.point(point)


def test_an_unknown_room_is_refused(house: Plan) -> None:
    """Rooms are asked for by id."""
    assert house.room("hall").name == "Hall"
    with pytest.raises(NotFound, match="there is no room 'attic'"):
        house.room("attic")
