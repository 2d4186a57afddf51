"""A batch is checked as a whole before anything is created."""

import datetime as dt
import random
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import sqlalchemy as sa

from crowdlab.errors import (
    AlreadyExists,
    BadInput,
    BadMoney,
    BadRow,
    BudgetExceeded,
    NotFound,
)
from crowdlab.lab import Lab
from crowdlab.ledger.schema import truths
from crowdlab.templates import load_template

Row = dict[str, object]
TEMPLATE = "text-classification"


def create(lab: Lab, inputs: object, **changes: Any) -> Any:
    """A batch called pets, with some things changed."""
    wishes = {"template": TEMPLATE, "reward": "0.05", "assignments": 3, **changes}
    return lab.create("pets", inputs=inputs, **wishes)


def test_a_receipt_says_what_was_created(lab: Lab, rows: list[Row]) -> None:
    """The receipt has the size of the batch and its worst case, and prints it."""
    created = create(lab, rows, budget="1.00")

    assert (
        "Created(name='pets', tasks=5, assignments=3, reward=$0.05, total=$0.90, "
        "budget=$1.00, environment='local')" == repr(created)
    )


def test_a_batch_is_as_the_template_advises(lab: Lab, rows: list[Row]) -> None:
    """What is not wished for is the template's; what is, is the wish."""
    template = load_template(TEMPLATE)
    create(lab, rows, title="Do pets bark?", lifetime_seconds=3600)
    (batch,) = lab.batches()

    assert ("Do pets bark?", 3600) == (batch.title, batch.lifetime_seconds)
    assert template.description == batch.description
    assert template.duration_seconds == batch.duration_seconds
    assert template.version == batch.template_version
    assert batch.created_at.tzinfo is dt.UTC


def test_an_estimate_has_rewards_and_fees(lab: Lab, rows: list[Row]) -> None:
    """Fifteen assignments at five cents, each with a cent for the marketplace."""
    create(lab, rows)
    estimate = lab.estimate("pets").to_json()

    assert {"tasks": 5, "assignments": 15, "rewards": "0.75", "fees": "0.15"} == {
        name: estimate[name] for name in ("tasks", "assignments", "rewards", "fees")
    }
    assert "0.90" == estimate["total"]


def test_the_estimated_wage_is_the_rewards_over_the_expected_time(
    lab: Lab, rows: list[Row]
) -> None:
    """The hourly wage comes from the reward and the template's seconds."""
    create(lab, rows)
    seconds = Decimal(str(load_template(TEMPLATE).seconds_per_task))

    assert round(180 / seconds, 2) == lab.estimate("pets").hourly_wage


@pytest.mark.parametrize("kind", ["csv", "frame", "rows"])
def test_inputs_come_from_files_and_frames(
    lab: Lab, rows: list[Row], tmp_path: Path, kind: str
) -> None:
    """A file, a data frame and mappings make the same tasks."""
    path = tmp_path / "pets.csv"
    pd.DataFrame(rows).to_csv(path, index=False)
    inputs = {"csv": path, "frame": pd.DataFrame(rows), "rows": iter(rows)}[kind]
    create(lab, inputs)

    assert "abcde" == "".join(t.name for t in tasks(lab))


def test_parameters_hold_for_every_task(lab: Lab, rows: list[Row]) -> None:
    """A value given for the batch is in each task, unless its row has another."""
    rows[0]["question"] = "Is it?"
    create(lab, rows, parameters={"question": "Really?"})

    assert ["Is it?", "Really?"] == [t.input["question"] for t in tasks(lab)[:2]]


def test_a_row_that_fails_its_schema_stops_the_whole_batch(
    lab: Lab, rows: list[Row], tmp_path: Path
) -> None:
    """The error names file, row, field and reason, and nothing is in the ledger."""
    rows[3]["text"] = ""
    path = tmp_path / "pets.csv"
    pd.DataFrame(rows).to_csv(path, index=False)

    with pytest.raises(BadRow, match=r"pets\.csv, row 4, field 'text': ") as caught:
        create(lab, path)
    assert "text" == caught.value.field
    assert [] == lab.batches()
    assert 5 == create(lab, [*rows[:3], {**rows[3], "text": "!"}, rows[4]]).tasks


def test_a_missing_column_is_named(lab: Lab, rows: list[Row], tmp_path: Path) -> None:
    """A file without a column that the schema requires is refused."""
    path = tmp_path / "pets.csv"
    pd.DataFrame(rows).drop(columns="text").to_csv(path, index=False)

    with pytest.raises(BadInput, match="text"):
        create(lab, path)


def test_a_file_that_is_not_there_is_named(lab: Lab) -> None:
    """Inputs that cannot be read are refused."""
    with pytest.raises(BadInput, match=r"none\.csv"):
        create(lab, "none.csv")


def test_no_rows_are_no_batch(lab: Lab) -> None:
    """Inputs without a row are refused."""
    with pytest.raises(BadInput, match="no row"):
        create(lab, [])


def test_the_same_task_twice_is_refused(lab: Lab, rows: list[Row]) -> None:
    """Two rows of the same content are refused, and both are named."""
    nameless = [{k: v for k, v in row.items() if k != "task"} for row in rows]

    with pytest.raises(BadRow, match=r"row 6: the same task as row 2"):
        create(lab, [*nameless, nameless[1]])


def test_the_same_name_twice_is_refused(lab: Lab, rows: list[Row]) -> None:
    """Two different tasks of one name are refused, and both rows are named."""
    rows[4]["task"] = "a"

    with pytest.raises(BadRow, match=r"row 5, field 'task': 'a' is .* of row 1"):
        create(lab, rows)


def test_repeated_tasks_are_found_across_chunks(lab: Lab) -> None:
    """A task is recognised although many others came in between."""
    rows = [{"text": f"No. {n % 700}", "hypothesis": "It is one."} for n in range(701)]

    with pytest.raises(BadRow, match=r"row 701: the same task as row 1$"):
        create(lab, rows)


@pytest.mark.parametrize(
    ("reward", "reason"),
    [
        (0.05, "reward: 0.05 is a float; write it as the text '0.05'"),
        ("-0.05", "reward: -0.05 is negative"),
        ("0.055", "reward: 0.055 has a fraction of a cent"),
        ("much", "reward: 'much' is no amount"),
    ],
)
def test_a_reward_is_an_exact_amount(
    lab: Lab, rows: list[Row], reward: Any, reason: str
) -> None:
    """A float, a negative amount and a fraction of a cent are refused by name."""
    with pytest.raises(BadMoney, match=reason):
        create(lab, rows, reward=reward)


@pytest.mark.parametrize(
    "wish",
    [
        {"assignments": 0},
        {"assignments": 2.0},
        {"assignments": True},
        {"title": ""},
        {"title": "x" * 129},
        {"duration_seconds": 29},
        {"lifetime_seconds": 365 * 24 * 3600 + 1},
        {"auto_approval_seconds": 2_592_001},
    ],
)
def test_what_no_marketplace_takes_is_refused(
    lab: Lab, rows: list[Row], wish: dict[str, Any]
) -> None:
    """Values outside the marketplace's limits are refused, with the limits."""
    (field,) = wish

    with pytest.raises(BadInput, match=rf"^{field}: .* \d+ to \d"):
        create(lab, rows, **wish)
    assert [] == lab.batches()


def test_a_budget_covers_the_worst_case(lab: Lab, rows: list[Row]) -> None:
    """A budget of a cent less than the worst case is refused; nothing is created."""
    with pytest.raises(BudgetExceeded, match=r"\$0\.90 .* budget is \$0\.89"):
        create(lab, rows, budget="0.89")
    assert [] == lab.batches()
    assert Decimal("0.90") == create(lab, rows, budget="0.90").total


def test_ten_assignments_cost_the_surcharge(lab: Lab, rows: list[Row]) -> None:
    """The worst case counts MTurk's dearer fee from ten assignments on."""
    assert Decimal("3.50") == create(lab, rows, assignments=10).total


def test_an_unknown_template_lists_the_known(lab: Lab, rows: list[Row]) -> None:
    """Asking for a template that does not exist says which do."""
    with pytest.raises(NotFound, match=r"'pet'; choose from: .*image-selection"):
        create(lab, rows, template="pet")


def test_an_unknown_language_lists_the_known(lab: Lab, rows: list[Row]) -> None:
    """Asking for a language that the template does not speak says which it does."""
    with pytest.raises(NotFound, match=r"language 'xx'; choose from: .*en"):
        create(lab, rows, language="xx")


def test_a_name_is_taken_once(lab: Lab, rows: list[Row]) -> None:
    """A second batch of the same name is refused, and the first one stays."""
    create(lab, rows)

    with pytest.raises(AlreadyExists, match="'pets'"):
        create(lab, rows)
    assert 5 == lab.estimate("pets").tasks


def test_a_page_that_is_too_large_stops_the_whole_batch(
    lab: Lab, rows: list[Row]
) -> None:
    """A task whose question is over the limit is refused by row, before publishing."""
    rows[2]["text"] = random.Random(0).randbytes(60_000).hex()

    with pytest.raises(
        BadRow, match=r"row 3: .* 65,535 are allowed; its parts, unpacked: input "
    ):
        create(lab, rows)
    assert [] == lab.batches()


def test_truth_is_kept_for_the_report(lab: Lab, rows: list[Row]) -> None:
    """Known labels come as a mapping or as rows."""
    create(lab, rows, truth={"a": "yes", "b": "no"})
    table = pd.DataFrame({"task": ["a"], "label": ["no"]})
    lab.create("more", template=TEMPLATE, inputs=rows, reward="0.05", truth=table)

    assert [2, 1] == [n_truths(lab, name) for name in ("pets", "more")]


@pytest.mark.parametrize(
    ("truth", "reason"),
    [
        ({"z": "yes"}, "field 'task': the batch has no task 'z'"),
        ({"a": "maybe"}, "'maybe' is no label of a; choose from: yes, no"),
        ({"a/1": "yes"}, "'a/1' is not judged"),
        ([{"task": "a"}], "row 1, field 'label': is missing"),
    ],
)
def test_truth_that_cannot_be_true_is_refused(
    lab: Lab, rows: list[Row], truth: object, reason: str
) -> None:
    """A known label of an unknown task, or of no choice, is refused by name."""
    with pytest.raises(BadRow, match=reason):
        create(lab, rows, truth=truth)
    assert [] == lab.batches()


def test_parts_of_a_task_have_truth(lab: Lab) -> None:
    """Where the tiles of a task are judged, each tile has its own known label."""
    template = load_template("image-selection")
    row = {**template.examples()[0], "task": "grid"}
    things = [thing for thing, _ in template.things(template.task(row, "row 1"))]
    wishes: dict[str, Any] = {"template": template, "reward": "0.05", "inputs": [row]}

    assert all(thing.startswith("grid/") for thing in things)
    lab.create("good", truth=dict.fromkeys(things, "yes"), **wishes)
    with pytest.raises(BadRow, match="'grid/none' is not judged"):
        lab.create("bad", truth={"grid/none": "yes"}, **wishes)


def test_a_template_of_ones_own_is_found_again(
    lab: Lab, rows: list[Row], tmp_path: Path
) -> None:
    """A batch with a folder as its template is published from that folder."""
    folder = tmp_path / "mine"
    source = load_template(TEMPLATE).folder
    folder.mkdir()
    for file in source.iterdir():
        if file.is_file():
            (folder / file.name).write_bytes(file.read_bytes())
    create(lab, rows, template=folder)

    assert str(folder) == lab.batches()[0].template_path
    assert 5 == lab.publish("pets").created


def test_a_preview_is_the_page(lab: Lab, pets: str, tmp_path: Path) -> None:
    """The first task's page is written, and the question's bytes are told."""
    preview = lab.preview(pets, tmp_path / "page.html")
    page = preview.path.read_text("utf-8")

    assert "The a is blue." in page
    assert len(page.encode()) < preview.bytes < 65_535
    assert str(tmp_path / "page.html") == preview.to_json()["path"]


def tasks(lab: Lab) -> list[Any]:
    """The tasks of the batch, in order."""
    found = lab._ledger.tasks.unpublished(lab._find("pets").key, after=0, limit=1000)
    return [each.task for each in found]


def n_truths(lab: Lab, name: str) -> int:
    """How many known labels the ledger has of a batch."""
    count = sa.select(sa.func.count()).where(truths.c.batch == lab._find(name).key)
    with lab._ledger._database.transaction() as connection:
        return int(connection.execute(count).scalar_one())
