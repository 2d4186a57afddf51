"""Pictures: small, whole, readable, and the same in SVG and PNG."""

import io
import itertools
import re
from typing import Any

import numpy as np
import pytest
import shapely
from lxml import etree
from PIL import Image, ImageChops, ImageStat
from playwright.sync_api import Browser

from crowdlab.maps import (
    Plan,
    draw_png,
    draw_svg,
    list_plans,
    list_symbols,
    load_plan,
    read_plan,
    svg_url,
)
from crowdlab.maps.door_leaves import door_leaves, swung_boxes
from crowdlab.maps.drawing import INK, TINTS, WALL, letter_size
from crowdlab.maps.figures import Arc, Circle, Layer, Polyline
from crowdlab.maps.labels import place_labels
from crowdlab.maps.lettering import layouts
from crowdlab.maps.overlay import BLUE, GREEN, RED
from crowdlab.maps.symbols import find_symbol

SVG = "{http://www.w3.org/2000/svg}"

# What most of a question's bytes leaves for a picture, which grows by a third in a URL.
MOST_BYTES = 18_000


def _texts(svg: str) -> list[str]:
    return [text.text or "" for text in etree.fromstring(svg).iter(f"{SVG}text")]


def _places(svg: str) -> set[tuple[str, str, str]]:
    texts = etree.fromstring(svg).iter(f"{SVG}text")
    return {(str(t.text), str(t.get("x")), str(t.get("y"))) for t in texts}


def _image(png: bytes) -> Image.Image:
    return Image.open(io.BytesIO(png)).convert("RGB")


@pytest.mark.parametrize("name", list_plans())
def test_a_picture_leaves_room_for_its_page(name: str) -> None:
    """A plan of real size is a few kilobytes."""
    assert len(draw_svg(load_plan(name)).encode()) <= MOST_BYTES


@pytest.mark.parametrize("name", list_plans())
def test_a_picture_stands_alone(name: str) -> None:
    """It is well-formed, asks nobody for anything, and runs nothing."""
    plan = load_plan(name)
    route = plan.walk(plan.rooms[0].id, plan.rooms[-1].id)
    svg = draw_svg(plan, route, legend=True, scale_bar=True, compass=True)
    tags = {
        str(element.tag).removeprefix(SVG) for element in etree.fromstring(svg).iter()
    }

    assert tags == {"svg", "title", "defs", "g", "path", "use", "text"}
    assert svg.count("http") == 1, "the name of SVG itself"
    assert set(re.findall(r'href="(.)', svg)) == {"#"}
    assert not re.search(r"\son\w+=|url\(|@import|<style", svg)


def test_names_are_text(house: Plan) -> None:
    """Whatever a room is called, it is shown and not run."""
    document = house.as_json()
    document["rooms"][0]["name"] = "<script>alert(1)</script> & co"
    document["title"] = "</svg>"

    svg = draw_svg(read_plan(document))

    assert "<script" not in svg
    assert "<script>alert(1)</script>" in " ".join(_texts(svg))


def test_units_are_the_pixels_of_the_plan(office: Plan) -> None:
    """What is drawn at a point of the plan is at that point of the picture."""
    route = office.walk("Reception", "Game room")
    root = etree.fromstring(draw_svg(office, route))
    picture = _image(draw_png(office, route))

    assert root.get("viewBox") == f"0 0 {office.width} {office.height}"
    assert picture.size == (office.width, office.height)
    beside = round(letter_size(office) * 0.55)
    for (x, y), colour in ((route.start, GREEN), (route.goal, RED)):
        assert _hex(picture.getpixel((round(x) + beside, round(y)))) == colour
    (x, y), (right, down) = route.points[1:3]
    seen = picture.getpixel((round(x + (right - x) / 9), round(y + (down - y) / 9)))
    assert _hex(seen) == BLUE
    assert _hex(picture.getpixel((40, 60))) == WALL


def _hex(pixel: Any) -> str:
    return "#" + "".join(f"{channel:02x}" for channel in pixel)


def test_a_png_is_as_large_as_asked(house: Plan) -> None:
    """The scale counts pixels of the picture for one of the plan's."""
    assert _image(draw_png(house, scale=0.5)).size == (500, 375)


@pytest.mark.browser
def test_both_pictures_are_the_same(house: Plan, browser: Browser) -> None:
    """What a browser makes of the SVG is the PNG; names apart, whose fonts differ."""
    route = house.walk("Garage", "Bed")
    page = browser.new_page(viewport={"width": house.width, "height": house.height})
    page.set_content(
        '<body style="margin:0"><img src="'
        f'{svg_url(draw_svg(house, route, labels=False))}">'
    )
    seen = _image(page.locator("img").screenshot())
    page.close()

    drawn = _image(draw_png(house, route, labels=False))

    assert max(ImageStat.Stat(ImageChops.difference(seen, drawn)).mean) < 2


@pytest.mark.browser
@pytest.mark.parametrize("name", list_plans())
def test_words_do_not_touch_in_a_browser(name: str, browser: Browser) -> None:
    """No name runs into another, in the font that a browser really has."""
    page = browser.new_page()
    page.set_content(draw_svg(load_plan(name)))
    boxes = page.evaluate(
        """() => [...document.querySelectorAll("text")].map((text) => {
            const { left, top, right, bottom } = text.getBoundingClientRect();
            return [text.textContent, left, top, right, bottom];
        })"""
    )
    page.close()

    assert [
        (one[0], other[0])
        for one, other in itertools.combinations(boxes, 2)
        if _touch(one[1:], other[1:])
    ] == []


def _touch(one: list[float], other: list[float]) -> bool:
    """Whether boxes overlap by more than the gap that a font leaves about letters."""
    across = min(one[2], other[2]) - max(one[0], other[0])
    along = min(one[3], other[3]) - max(one[1], other[1])
    return min(across, along) > 6


@pytest.mark.parametrize("name", list_plans())
def test_labels_stay_in_their_rooms(name: str) -> None:
    """No name crosses a wall, none covers another, whichever font shows them."""
    plan = load_plan(name)
    size = letter_size(plan)
    labels = place_labels(plan, swung_boxes(plan), size=size, small=0.8 * size)
    homes = {room.id: room for room in plan.rooms}
    homes |= {
        mark.id: room
        for mark in plan.landmarks
        if (room := plan.room_at(mark.at)) is not None
    }
    boxes = {place: shapely.box(*label.box) for place, label in labels.items()}

    assert {
        place
        for place, box in boxes.items()
        if not plan.floor.rooms[homes[place].id].buffer(1).covers(box)
        or box.intersection(plan.floor.walls).area > 0.03 * box.area
    } == set()
    assert [
        pair
        for pair in itertools.combinations(boxes, 2)
        if boxes[pair[0]].intersection(boxes[pair[1]]).area > 1
    ] == []


def test_what_is_not_wanted_is_not_shown(office: Plan) -> None:
    """Names, names of rooms, those of some kinds and objects can each be left out."""
    everything = " ".join(_texts(draw_svg(office)))

    assert "Library" in everything
    assert "Fridge" in everything
    assert _texts(draw_svg(office, labels=False)) == []
    assert "<use" not in draw_svg(office, objects=False)
    rooms = " ".join(_texts(draw_svg(office, objects=False)))
    assert "Library" in rooms
    assert "Fridge" not in rooms
    objects = " ".join(_texts(draw_svg(office, room_names=False)))
    assert "Library" not in objects
    assert "Fridge" in objects


def test_the_margin_is_below_the_plan(office: Plan) -> None:
    """Legend, scale bar and compass leave the pixels of the plan where they are."""
    route = office.walk("Reception", "Library")
    bare = draw_svg(office, route)
    more = draw_svg(office, route, legend=True, scale_bar=True, compass=True)
    root = etree.fromstring(more)

    assert root.get("width") == str(office.width)
    assert int(str(root.get("height"))) > office.height
    assert _places(bare) < _places(more)
    assert {"start", "goal", "route", "5 m", "N"} <= set(_texts(more))


def test_the_scale_bar_is_to_scale(office: Plan) -> None:
    """Five metres of the bar are five metres of the plan."""
    svg = draw_svg(office, scale_bar=True)

    assert "h200" in re.findall(r'd="([^"]*)"', svg)[-1]
    assert 200 * office.metres_per_pixel == 5


def _luminance(colour: str) -> float:
    digits = colour.lstrip("#")
    wide = digits if len(digits) == 6 else "".join(d * 2 for d in digits)
    channels = [int(wide[n : n + 2], 16) / 255 for n in (0, 2, 4)]
    linear = [
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels
    ]
    return float(np.dot(linear, [0.2126, 0.7152, 0.0722]))


def _contrast(one: str, other: str) -> float:
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("floor", [*sorted(set(TINTS.values())), "#fff"])
def test_lightness_alone_tells_things_apart(floor: str) -> None:
    """In grey, letters, walls and the route stand out from every floor."""
    assert _contrast(INK, floor) >= 7
    assert _contrast(WALL, floor) >= 4.5
    assert min(_contrast(colour, floor) for colour in (BLUE, GREEN, RED)) >= 4.5


def test_start_and_goal_differ_in_more_than_colour(house: Plan) -> None:
    """A letter says which is which, in white that stands out; the goal has a ring."""
    route = house.walk("Garage", "Bed")

    assert _texts(draw_svg(house, route))[-2:] == ["S", "G"]
    assert min(_contrast("#fff", colour) for colour in (GREEN, RED)) >= 4.5


@pytest.mark.parametrize("kind", list_symbols())
def test_a_symbol_keeps_to_its_size(kind: str) -> None:
    """A symbol covers what it says, to five centimetres."""
    symbol = find_symbol(kind)
    reach = np.array([_reach(layer) for layer in symbol.layers]).max(axis=0)

    assert reach.tolist() == pytest.approx(
        [symbol.width / 2, symbol.height / 2], abs=0.06
    )


def _reach(layer: Layer) -> tuple[float, float]:
    """How far a layer reaches from the middle, across and along."""
    points = [point for figure in layer.figures for point in _extremes(figure)]
    return max(abs(x) for x, _ in points), max(abs(y) for _, y in points)


def _extremes(figure: Polyline | Circle | Arc) -> list[tuple[float, float]]:
    if isinstance(figure, Polyline):
        return list(figure.points)
    (x, y), r = figure.centre, figure.radius
    return [(x - r, y - r), (x + r, y + r)]


@pytest.mark.parametrize(
    ("into", "hinge", "leaf"),
    [
        ("left", "left", ((1000, 890), (900, 890))),
        ("left", "right", ((1000, 990), (900, 990))),
        ("right", "left", ((1000, 990), (1100, 990))),
        ("right", "right", ((1000, 890), (1100, 890))),
    ],
)
def test_a_leaf_hangs_where_it_should(
    into: str, hinge: str, leaf: tuple[tuple[int, int], ...], two_rooms: Plan
) -> None:
    """The leaf stands in its room; left and right are those of who faces the door."""
    document = two_rooms.as_json()
    document["doors"][0] |= {"into": into, "hinge": hinge}
    lines = [f for f in door_leaves(read_plan(document)) if isinstance(f, Polyline)]

    assert [set(line.points) for line in lines] == [set(leaf)]


@pytest.mark.parametrize(
    ("kind", "n_lines", "n_arcs"),
    [("hinged", 1, 1), ("double", 2, 2), ("sliding", 2, 0), ("opening", 0, 0)],
)
def test_kinds_of_doors_differ(
    kind: str, n_lines: int, n_arcs: int, two_rooms: Plan
) -> None:
    """A door has one leaf, two, two that slide, or none."""
    document = two_rooms.as_json()
    document["doors"][0]["kind"] = kind
    figures = door_leaves(read_plan(document))

    assert sum(isinstance(figure, Polyline) for figure in figures) == n_lines
    assert sum(isinstance(figure, Arc) for figure in figures) == n_arcs


def test_a_plan_without_names_can_be_drawn(two_rooms: Plan) -> None:
    """A room needs no name, and a plan neither doors' leaves nor landmarks."""
    document = two_rooms.as_json()
    for room in document["rooms"]:
        room["name"] = ""
    document["doors"][0]["kind"] = "opening"
    plan = read_plan(document)

    assert _texts(draw_svg(plan)) == []
    assert _image(draw_png(plan, scale=0.1)).size == (200, 100)


def test_letters_with_accents_are_measured() -> None:
    """A name in any alphabet has a width."""
    assert layouts("Küche")[0].width == layouts("Kuche")[0].width
    assert layouts("厨房")[0].width > 0


def test_a_kind_without_symbol_is_a_dot(house: Plan) -> None:
    """A landmark of a kind that we do not draw is still there."""
    document = house.as_json()
    document["landmarks"].append({"id": "ufo", "kind": "ufo", "at": [600, 200]})

    assert find_symbol("ufo") == find_symbol("dot")
    assert draw_svg(read_plan(document)) != draw_svg(house)
