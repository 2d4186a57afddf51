"""Rows that become tasks, and rows that do not."""

import datetime as dt
from typing import Any

import attrs
import pytest

from crowdlab.errors import BadRow
from crowdlab.templates import Template

PAIR = {"text": "It rains.", "hypothesis": "It is wet."}
URL = "https://example.org/1.png"
GRID = {"target": "a 3", "images": [URL, URL, URL]}


def _refusal(template: Template, row: dict[str, Any]) -> BadRow:
    with pytest.raises(BadRow) as refused:
        template.task(row, "pets.csv, row 3")
    assert "pets.csv, row 3" == refused.value.origin
    return refused.value


def test_a_row_has_its_defaults(texts: Template) -> None:
    """What the schema gives by default is in the task, written or not."""
    task = texts.task(PAIR, "row 1")

    assert {**PAIR, "choices": ["yes", "no"]} == task.input
    assert task == texts.task({**PAIR, "choices": ["yes", "no"]}, "row 1")


def test_the_name_is_the_requesters(texts: Template) -> None:
    """The field ``task`` names the task, and never reaches the page."""
    task = texts.task({**PAIR, "task": "secret-25"}, "row 1")
    page = texts.page(task.input, task_id=task.task_id, language="en")

    assert "secret-25" == task.name
    assert "secret-25" not in page
    assert "25" == texts.task({**PAIR, "task": 25}, "row 1").name


def test_a_task_without_a_name_is_called_by_its_id(texts: Template) -> None:
    """Content alone identifies a task that nobody named."""
    task = texts.task(PAIR, "row 1")

    assert task.task_id == task.name
    assert task.task_id != texts.task({**PAIR, "task": "a"}, "row 1").task_id
    assert texts.task({**PAIR, "task": None}, "row 1") == task


@pytest.mark.parametrize(
    ("row", "field", "reason"),
    [
        ({}, "text", "is missing"),
        ({"text": "a"}, "question", "is missing"),
        ({"text": " ", "hypothesis": "b"}, "text", "' ' is not a text"),
        ({"text": 3, "hypothesis": "b"}, "text", "3 is not a text"),
        (
            {**PAIR, "hypotesis": "b"},
            "hypotesis",
            "is unknown; known are: instructions",
        ),
        ({**PAIR, "choices": "ab"}, "choices", "'ab' is not of type 'array'"),
        ({**PAIR, "choices": ["a"]}, "choices", "['a'] is too short"),
        ({**PAIR, "choices": ["a", "b", "a"]}, "choices", "'a' is there twice"),
        ({**PAIR, "choices": ["a", {"value": "a"}]}, "choices[1].label", "is missing"),
        ({**PAIR, "consent": {"version": "1"}}, "consent.text", "is missing"),
        ({**PAIR, "task": True}, "task", "True is no name"),
        ({**PAIR, "task": ""}, "task", "'' is no name"),
        ({**PAIR, "text": "\ud800"}, "", "half of a character"),
    ],
)
def test_a_bad_row_is_named(
    texts: Template, row: dict[str, Any], field: str, reason: str
) -> None:
    """The error names the origin, the field and the reason."""
    refused = _refusal(texts, row)

    assert field == refused.field
    assert reason in refused.reason


@pytest.mark.parametrize(
    ("changes", "field", "reason"),
    [
        ({"target": None}, "target", "None is not a text"),
        ({"images": []}, "images", "[] should be non-empty"),
        (
            {"images": [{"id": "a", "url": URL}] * 2},
            "images",
            "the id 'a' is there twice",
        ),
        ({"images": [{"id": "a/b", "url": URL}]}, "images[0].id", "without blanks"),
        ({"images": [URL, {"url": URL}]}, "images[1].id", "is missing"),
        ({"max": 4}, "max", "4 is more than the 3 tiles"),
        ({"min": 3, "max": 2}, "min", "3 is more than the 2"),
        ({"min": 0}, "min", "0 is less than the minimum"),
        ({"columns": 2.5}, "columns", "2.5 is not of type 'integer'"),
    ],
)
def test_a_bad_grid_is_named(
    images: Template, changes: dict[str, Any], field: str, reason: str
) -> None:
    """Limits that nobody can keep and ambiguous ids are faults of the row."""
    refused = _refusal(images, {**GRID, **changes})

    assert field == refused.field
    assert reason in refused.reason


@pytest.mark.parametrize(
    "url",
    ["pets/1.jpg", "ftp://example.org/1.png", "http://example.org/1.png", "https://",
     "http://localhost.example.org/1.png", "//example.org/1.png", "file:///pets/1.jpg",
     "javascript:alert(1)", "data:text/html;base64,AAAA", "data:image/png;base64,A A",
     "https://example.org/a b.png", "http://[::1]/1.png"],
)  # fmt: skip
def test_an_image_that_no_worker_would_see_is_refused(
    images: Template, url: str
) -> None:
    """The error says what an image's URL must look like."""
    refused = _refusal(images, {**GRID, "images": [URL, url]})

    assert "images[1]" == refused.field
    assert "begins with https://, with http:// on localhost" in refused.reason


@pytest.mark.parametrize(
    "url",
    [URL, "https://example.org", "http://localhost:8000/1.png", "http://127.0.0.1/1.png",
     "data:image/png;base64,iVBORw0KGgo="],
)  # fmt: skip
def test_an_image_that_workers_see_is_accepted(images: Template, url: str) -> None:
    """Secure addresses, this machine's own, and pictures inside the row."""
    assert [url] == images.task({**GRID, "images": [url]}, "row 1").input["images"]


def test_a_value_that_is_no_json_is_refused(texts: Template) -> None:
    """What cannot be written down is refused before it is hashed."""
    properties = {**texts.input_schema["properties"], "date": {}}
    own = attrs.evolve(
        texts, input_schema={**texts.input_schema, "properties": properties}
    )

    refused = _refusal(own, {**PAIR, "date": dt.date(2026, 1, 1)})

    assert "it is no JSON: Object of type date" in refused.reason


def test_a_number_that_json_does_not_know_is_refused(images: Template) -> None:
    """NaN and infinities are no numbers."""
    refused = _refusal(images, {**GRID, "columns": float("inf")})

    assert "columns" == refused.field
