"""The verbs of the command line: the same job as a script."""

import csv
import json
from pathlib import Path

import pytest

from crowdlab.samples import digits
from tests.cli.conftest import ROWS, Run

CROWD = "--crowd=diligent=5"


def test_estimate(run: Run, rain: str) -> None:
    """The estimate names tasks, assignments and every part of the cost."""
    told = run("estimate", rain, "--json").json

    assert told["tasks"] == 2
    assert told["assignments"] == 6
    assert (told["rewards"], told["fees"], told["total"]) == ("0.30", "0.06", "0.36")


def test_a_person_reads_the_receipt(run: Run, rain: str) -> None:
    """Without --json a verb prints its receipt."""
    told = run("publish", rain).out

    assert told == "Published(created=2, already=0, environment='local')\n"


def test_the_whole_job(run: Run, rain: str, tmp_path: Path) -> None:
    """Publish, answer, collect, aggregate, approve, report: as a script does it."""
    assert run("publish", rain, "--json").json == {
        "created": 2,
        "already": 0,
        "environment": "local",
    }
    assert run("publish", rain, "--json").json["already"] == 2
    assert run("status", rain, "--json").json["available"] == 6
    assert run("simulate", rain, CROWD, "--json").json["answers"] == 6
    collected = run("collect", rain, "--json").json
    assert (collected["answers"], collected["missing"]) == (6, 0)
    labelled = run("labels", rain, "--method=dawid-skene", "-o", "labels.csv", "--json")
    assert labelled.json["n_labels"] == 2
    with (tmp_path / "labels.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == ["task", "label", "confidence", "n_votes"]
    assert [row["task"] for row in rows] == ["1", "2"]
    assert run("review", rain, "--json").json["approved"] == 6
    account = run("report", rain, "--json").json
    assert (account["rewards"], account["total"]) == ("0.30", "0.36")
    assert account["memory"] > 0


def test_the_script_of_the_readme_without_workers(run: Run, tmp_path: Path) -> None:
    """Where nobody has answered yet, every step of the script still ends well."""
    rows = [{**row, "images": "|".join(row["images"])} for row in digits().rows()][:3]
    with (tmp_path / "pets.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    created = run(
        "create",
        "pets",
        *("--template", "image-selection", "--inputs", "pets.csv"),
        *("--reward", "0.05", "--assignments", "3", "--budget", "40"),
    )
    assert created.status == 0, created.err
    for words in (
        ("estimate", "pets"),
        ("publish", "pets"),
        ("collect", "pets"),
        ("labels", "pets", "--method", "dawid-skene", "--output", "labels.csv"),
        ("report", "pets"),
    ):
        assert run(*words).status == 0

    assert (tmp_path / "labels.csv").read_text() == "task,label,confidence,n_votes\n"


def test_preview(run: Run, rain: str, tmp_path: Path) -> None:
    """The preview is a page, and its bytes as a question are said."""
    told = run("preview", rain, "--output=page.html", "--json").json

    page = (tmp_path / "page.html").read_text()
    assert told["path"] == "page.html"
    assert len(page.encode()) < told["bytes"] < 65_535
    assert "It rains." in page


def test_answers(run: Run, rain: str, tmp_path: Path) -> None:
    """The answers are a table on stdout, or in a file."""
    for words in (("publish", rain), ("simulate", rain, CROWD), ("collect", rain)):
        run(*words)

    rows = list(csv.DictReader(run("answers", rain).out.splitlines()))
    assert len(rows) == 6
    assert {row["label"] for row in rows} <= {"yes", "no"}
    assert run("answers", rain, "-o", "a.csv", "--json").json["answers"] == 6
    assert len((tmp_path / "a.csv").read_text().splitlines()) == 7


def test_reject_a_list(run: Run, rain: str, tmp_path: Path) -> None:
    """A list with feedback rejects those alone; the rest can be approved after."""
    for words in (("publish", rain), ("simulate", rain, CROWD), ("collect", rain)):
        run(*words)
    first = next(csv.DictReader(run("answers", rain).out.splitlines()))
    (tmp_path / "bad.csv").write_text(
        f"assignment_id,feedback\n{first['assignment_id']},too quick\n"
    )

    assert run("review", rain, "--reject=bad.csv", "--json").json["rejected"] == 1
    assert run("review", rain, "--json").json["approved"] == 5
    status = run("status", rain, "--json").json
    assert (status["approved"], status["rejected"]) == (5, 1)


def test_report_page(run: Run, rain: str, tmp_path: Path) -> None:
    """The report is also one page that needs nothing else."""
    for words in (("publish", rain), ("simulate", rain, CROWD), ("collect", rain)):
        run(*words)
    run("labels", rain, "--method=majority-vote")

    ended = run("report", rain, "--output=report.html")

    page = (tmp_path / "report.html").read_text()
    assert "written: report.html" in ended.err
    assert "rain" in ended.out
    assert "<svg" in page
    assert "src=" not in page


def test_no_answers_yet(run: Run, rain: str) -> None:
    """Labels of nothing are none, and a note says why."""
    ended = run("labels", rain, "--method=majority-vote", "--json")

    assert ended.json["n_labels"] == 0
    assert "no answers to 'rain'" in ended.err


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (("--reward=0.055",), "fraction of a cent"),
        (("--reward=-1",), "negative"),
        (("--reward=five",), "no amount"),
        (("--assignments=0",), "assignments"),
        (("--budget=0.10",), "budget"),
        (("--template=pet-selection",), "image-selection"),
        (("--inputs=nowhere.csv",), "nowhere.csv"),
        (("--set=choises=a|b",), "choices"),
        (("--set=choices",), "FIELD=VALUE"),
        (("--language=xx",), "en"),
    ],
)
def test_refused_with_one_line(
    run: Run, tmp_path: Path, words: tuple[str, ...], reason: str
) -> None:
    """Bad input ends with status 1 and one line that names it; nothing is created."""
    (tmp_path / "rain.csv").write_text(ROWS)
    usual = ("--template=text-classification", "--inputs=rain.csv", "--reward=0.05")

    ended = run("create", "rain", *usual, *words)

    assert ended.status == 1
    assert ended.out == ""
    assert len(ended.err.strip().splitlines()) == 1
    assert reason in ended.err
    assert run("estimate", "rain").status == 1


def test_a_bad_row_is_named(run: Run, tmp_path: Path) -> None:
    """A row that fails its schema names file, row, field and reason."""
    (tmp_path / "rain.csv").write_text("text,hypothesis\nIt rains.,Wet.\n,Hot.\n")

    ended = run(
        "create",
        "rain",
        *("--template=text-classification", "--inputs=rain.csv", "--reward=0.05"),
    )

    assert ended.status == 1
    assert "rain.csv, row 2" in ended.err
    assert "'text'" in ended.err


@pytest.mark.usefixtures("rain")
def test_unknown_batch(run: Run) -> None:
    """An unknown batch is answered with those that there are."""
    ended = run("publish", "sun")

    assert ended.status == 1
    assert "'sun'; choose from: rain" in ended.err


def test_misused(run: Run) -> None:
    """A command line that is not understood ends with status 2."""
    assert run("publish").status == 2
    assert run("nonsense").status == 2
    assert run("create", "x", "--assignments=many").status == 2


def test_a_setting_is_read_as_the_schema_says(run: Run, tmp_path: Path) -> None:
    """What --set gives becomes a list where the template wants one."""
    (tmp_path / "rain.csv").write_text("text\nIt rains.\n")
    run(
        "create",
        "rain",
        *("--template=text-classification", "--inputs=rain.csv", "--reward=0.05"),
        *("--set", "choices=wet|dry|windy", "--set", "question=How is it?"),
    )
    run("preview", "rain", "-o", "page.html")

    assert '"choices":["wet","dry","windy"]' in (tmp_path / "page.html").read_text()


def test_json_alone_on_stdout(run: Run, rain: str) -> None:
    """With --json stdout holds one document and nothing else, also with progress."""
    for verb in ("publish", "status", "collect", "review", "expire", "report"):
        json.loads(run(verb, rain, "--json").out)


def test_workers(run: Run, rain: str, tmp_path: Path) -> None:
    """Who to look at first: a line for people, numbers for programs, rows in a file."""
    run("publish", rain)
    run("simulate", rain, "--crowd=diligent=3")
    run("collect", rain)

    told = run("workers", rain, "--output=workers.csv", "--json").json
    shown = run("workers", rain).out

    assert ["n_workers", "n_gold", "n_concerning", "environment"] == list(told)
    assert (3, 0) == (told["n_workers"], told["n_gold"])
    assert shown == (tmp_path / "workers.csv").read_text()
    assert shown.startswith("worker,n,quality,n_gold,")
    assert 1 == run("workers", rain, "--required=2").status
