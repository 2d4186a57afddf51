"""The sample of real answers."""

import csv
from collections import Counter

from crowdlab.samples import rte
from crowdlab.templates import load_template

SAMPLE = rte()


def _answers() -> list[dict[str, str]]:
    assert SAMPLE.answers is not None
    with SAMPLE.answers.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_every_task_has_ten_answers_and_a_truth() -> None:
    """800 tasks, 8,000 answers of 164 workers, and the truth about each task."""
    answers = _answers()
    with SAMPLE.truth.open(encoding="utf-8") as file:
        known = {row["task"] for row in csv.DictReader(file)}

    assert {10} == set(Counter(answer["task"] for answer in answers).values())
    assert known == {answer["task"] for answer in answers}
    assert (8000, 800, 164) == (
        len(answers),
        len(known),
        len({answer["worker"] for answer in answers}),
    )


def test_the_rows_are_tasks_of_their_template() -> None:
    """With its defaults alone the template asks for the labels that the answers have."""
    template = load_template(SAMPLE.template)
    things: dict[str, tuple[str, ...]] = {}
    for n, row in enumerate(SAMPLE.rows(), start=1):
        things.update(template.things(template.task(row, f"row {n}")))

    assert all(answer["label"] in things[answer["task"]] for answer in _answers())
    assert 800 == len(things)


def test_the_readme_travels_along() -> None:
    """Source and licence stand beside the data."""
    assert "Apache-2.0" in (SAMPLE.folder / "README").read_text("utf-8")
