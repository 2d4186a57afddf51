"""Known labels: planted by the requester, used by scores, seen by no worker."""

import json
from typing import Any

import pytest

from crowdlab.errors import BadRow
from crowdlab.model import Task
from crowdlab.templates import Template, list_templates, load_template

URL = "https://example.org/1.png"
TEXT = {"task": "25", "text": "It rains.", "hypothesis": "It is wet."}
GRID = {"task": "g", "target": "a 3", "images": [URL] * 4}
KNOWN = {"3": "yes", "1": "no"}


def _everything(template: Template, task: Task) -> str:
    """All of a task that leaves for a marketplace."""
    facts = {"task_id": task.task_id, "language": "en"}
    page, xml = (
        make(task.input, **facts) for make in (template.page, template.question)
    )
    sizes = template.sizes(task.input, **facts)
    return f"{page}{xml}{sizes}{task.task_id}"


def test_a_known_label_is_gold(texts: Template) -> None:
    """The label of a text is the gold of its task."""
    assert {"25": "no"} == texts.gold(texts.task({**TEXT, "gold": "no"}, "row 1"))
    assert {} == texts.gold(texts.task(TEXT, "row 1"))


def test_known_tiles_are_gold(images: Template) -> None:
    """Known tiles are mixed in among others, told by their ids."""
    task = images.task({**GRID, "gold": KNOWN}, "row 1")

    assert {"g/3": "yes", "g/1": "no"} == images.gold(task)
    assert set(images.gold(task)) < {thing for thing, _ in images.things(task)}


def test_gold_is_in_nothing_that_workers_get(texts: Template, images: Template) -> None:
    """Page, question, sizes and id are the same with gold, without, and with other gold."""
    for template, row, golds in (
        (texts, TEXT, ("yes", "no")),
        (images, GRID, (KNOWN, {"2": "yes"})),
    ):
        tasks = [template.task(row, "row 1")]
        tasks += [template.task({**row, "gold": gold}, "row 1") for gold in golds]
        assert 1 == len({_everything(template, task) for task in tasks})


@pytest.mark.parametrize("name", list_templates())
def test_what_is_private_stays_private(name: str) -> None:
    """No page of an example holds the name of a private field in its data."""
    template = load_template(name)
    for row in template.examples():
        task = template.task(row, "row 1")
        bare = {k: v for k, v in task.input.items() if k not in template.private}
        facts = {"task_id": task.task_id, "language": "en"}
        assert template.page(bare, **facts) == template.page(task.input, **facts)


@pytest.mark.parametrize(
    ("name", "row", "reason"),
    [
        ("text-classification", {**TEXT, "gold": "maybe"}, "'maybe' is none of: yes, no"),
        ("text-classification", {**TEXT, "gold": 3}, "3 is not of type 'string'"),
        ("image-selection", {**GRID, "gold": {"5": "yes"}}, "there is no tile '5'; there are: 1, 2"),
        ("image-selection", {**GRID, "gold": {"1": "maybe"}}, "'maybe' is not one of"),
        ("image-selection", {**GRID, "gold": {"1": "yes", "2": "yes"}, "max": 1}, "2 tiles are yes, and 1"),
        ("image-selection", {**GRID, "gold": {"1": "no"}, "min": 4, "allow_none": False}, "3 tiles are not no, and 4"),
    ],
)  # fmt: skip
def test_gold_that_nobody_can_say_is_refused(
    name: str, row: dict[str, Any], reason: str
) -> None:
    """A known label that no worker could give is a fault of the row."""
    with pytest.raises(BadRow) as refused:
        load_template(name).task(row, "row 1")

    assert refused.value.field.startswith("gold")
    assert reason in refused.value.reason


def test_private_values_are_json(texts: Template) -> None:
    """What cannot be written down is refused though it is never hashed."""
    with pytest.raises(BadRow, match="gold"):
        texts.task({**TEXT, "gold": {1, 2}}, "row 1")


def test_gold_is_no_hint_in_an_answer(texts: Template) -> None:
    """An answer is read alike whether it agrees with the gold or not."""
    task = texts.task({**TEXT, "gold": "no"}, "row 1")

    for label in ("yes", "no"):
        answer = texts.read(task, texts.answer(task, {"25": label}))
        assert [("25", label)] == texts.votes(task, answer)
        assert "gold" not in json.dumps(answer)


def test_labels_of_our_first_templates_are_classes(
    texts: Template, images: Template
) -> None:
    """What is chosen out of a few is aggregated as classes."""
    assert "classes" == texts.kind_of(texts.task(TEXT, "row 1"))
    assert "classes" == images.kind_of(images.task(GRID, "row 1"))
