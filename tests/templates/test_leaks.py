"""What is private leaves by no way: page, question, order of things, id, or request."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import attrs
import pytest

from crowdlab.lab import Lab
from crowdlab.maps import follow_tasks, load_plan
from crowdlab.marketplace import Marketplace
from crowdlab.templates import list_templates, load_template

Row = dict[str, Any]

TOKEN = re.compile("[0-9a-f]{48}")
BOX = {"cls": "leaf", "kind": "box", "bbox": [1, 1, 9, 9]}
PICTURE = "https://example.org/1.png"
ITEMS = [{"id": "m", "text": "Rain."}, {"id": "k", "text": "Sun."}]
MAP = {"url": PICTURE, "width": 90, "height": 90}
ROOMS = ["Attic", "Cellar", "Hall"]

#: By template: a row, and two worlds that differ in nothing but what is private.
WORLDS: dict[str, tuple[Row, Row, Row]] = {
    "image-classification": (
        {"image": PICTURE, "question": "Which?", "choices": ["oak", "elm"]},
        {"gold": "oak"},
        {"gold": "elm"},
    ),
    "image-selection": (
        {"images": [PICTURE] * 4, "target": "a leaf"},
        {"gold": {"1": "yes"}},
        {"gold": {"4": "yes", "2": "no"}},
    ),
    "pairwise-comparison": (
        {"items": ITEMS},
        {"gold": "m", "scale": "wet"},
        {"gold": "tie", "scale": "dry"},
    ),
    "region-annotation": (
        {"image": PICTURE, "width": 90, "height": 90, "classes": ["leaf"]},
        {"gold": [BOX]},
        {"gold": [{**BOX, "bbox": [40, 40, 9, 9]}, BOX]},
    ),
    "route-description": (
        {"map": MAP, "rooms": ROOMS},
        {"ends_in": "Attic"},
        {"ends_in": "Hall"},
    ),
    "text-classification": (
        {"text": "It rains.", "question": "Which?", "choices": ["oak", "elm"]},
        {"gold": "oak"},
        {"gold": "elm"},
    ),
    "text-verification": ({"text": "It rains."}, {"gold": 1}, {"gold": 5}),
}


def _walks() -> tuple[Row, Row, Row]:
    """From one place to two others; the plan, too, is told in two ways."""
    plan = load_plan("house")
    ways = [{"text": "Go.", "route": ["Hall", goal]} for goal in ("Kitchen", "Study")]
    kitchen, study = follow_tasks(plan, ways)
    private = load_template("route-follow").private & kitchen.keys()
    shown = {k: v for k, v in kitchen.items() if k not in {*private, "task"}}
    assert shown == {k: v for k, v in study.items() if k not in {*private, "task"}}
    one, other = ({k: row[k] for k in private} for row in (kitchen, study))
    other["plan"] = {**other["plan"], "title": "Another house"}
    return shown, {**one, "gold": "yes"}, {**other, "gold": "no", "threshold_metres": 9}


WORLDS["route-follow"] = _walks()


@pytest.fixture(params=list_templates())
def worlds(request: pytest.FixtureRequest) -> tuple[str, list[Row]]:
    """A template, and rows of it that only the requester can tell apart."""
    name: str = request.param
    row, *private = WORLDS[name]
    return name, [{"task": "t", **row, **more} for more in private]


@attrs.define
class Tapped:
    """A marketplace to which someone listens."""

    market: Marketplace
    said: list[tuple[str, Mapping[str, Any]]] = attrs.field(factory=list)

    def call(self, operation: str, params: Mapping[str, Any]) -> dict[str, Any]:
        self.said.append((operation, params))
        return self.market.call(operation, params)


def test_the_worlds_differ_in_all_that_is_private(
    worlds: tuple[str, list[Row]],
) -> None:
    """Each private field of each template is tried, and with two values."""
    name, (one, other) = worlds
    template = load_template(name)

    assert {field for field in template.private if one[field] != other[field]} == (
        template.private
    )


def test_no_worker_can_tell(worlds: tuple[str, list[Row]]) -> None:
    """Id, page and question are the same to the letter, in every language."""
    name, rows = worlds
    template = load_template(name)
    tasks = [template.task(row, "row 1") for row in rows]
    shown = {
        (
            task.task_id,
            template.page(task.input, task_id=task.task_id, language=language),
            template.question(task.input, task_id=task.task_id, language=language),
        )
        for task in tasks
        for language in template.languages
    }

    assert len(shown) == len(template.languages)


def _requests(name: str, rows: list[Row], folder: Path) -> list[tuple[str, str]]:
    """All that a batch says to its marketplace, but for the tokens of its HITs."""
    with Marketplace(seed=1) as market:
        tapped = Tapped(market)
        with Lab(folder / f"{len(list(folder.iterdir()))}.db", endpoint=tapped) as lab:
            lab.create("b", template=name, inputs=rows, reward="0.05")
            lab.publish("b")
    return [
        (operation, TOKEN.sub("", json.dumps(params, default=str)))
        for operation, params in tapped.said
    ]


def test_no_request_can_tell(worlds: tuple[str, list[Row]], tmp_path: Path) -> None:
    """What is published is the same, in the same order, wherever gold is planted."""
    name, (one, other) = worlds
    planted = [{**one, "task": "s"}, {**other, "task": "t"}]
    swapped = [{**other, "task": "s"}, {**one, "task": "t"}]
    said = _requests(name, planted, tmp_path)

    assert said == _requests(name, swapped, tmp_path)
    assert [operation for operation, _ in said].count("CreateHITWithHITType") == 2
