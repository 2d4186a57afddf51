"""Commands that need no batch of their own."""

import csv
import json
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from crowdlab import __version__
from crowdlab.samples import rte
from tests.cli.conftest import Run

VOTES = "task,worker,label\na,1,x\na,2,x\na,3,y\nb,1,y\nb,2,y\n"


def test_aggregate(run: Run, tmp_path: Path) -> None:
    """Anybody's answers become labels, in files and in numbers."""
    (tmp_path / "votes.csv").write_text(VOTES)
    (tmp_path / "truth.csv").write_text("task,label\na,x\nb,x\n")

    told = run(
        "aggregate",
        "votes.csv",
        *("--method=majority-vote", "--truth=truth.csv", "--json"),
        *("--output=labels.csv", "--workers=workers.csv"),
    ).json

    assert told == {
        "method": "majority-vote",
        "n_tasks": 2,
        "n_workers": 3,
        "n_answers": 5,
        "accuracy": 0.5,
    }
    labels = (tmp_path / "labels.csv").read_text().splitlines()
    assert labels[0] == "task,label,confidence,n_votes"
    assert labels[2] == "b,y,1.0,2"
    assert (tmp_path / "workers.csv").read_text().startswith("worker,quality,n\n")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("task,label\na,x\n", "no column 'worker'"),
        ("task,worker,label\n", "no answers"),
        (None, "cannot be read"),
    ],
)
def test_bad_answers(run: Run, tmp_path: Path, text: str | None, reason: str) -> None:
    """Answers that cannot be aggregated are refused with one line."""
    if text is not None:
        (tmp_path / "votes.csv").write_text(text)

    ended = run("aggregate", "votes.csv", "--method=majority-vote")

    assert ended.status == 1
    assert reason in ended.err


def test_unknown_method(run: Run, tmp_path: Path) -> None:
    """An unknown method is answered with the choices."""
    (tmp_path / "votes.csv").write_text(VOTES)

    assert "dawid-skene" in run("aggregate", "votes.csv", "--method=best").err


def test_replay(run: Run, tmp_path: Path) -> None:
    """Recorded answers go through a whole marketplace, and come back the same."""
    sample = rte()
    assert sample.answers is not None
    with sample.tasks.open(newline="") as file:
        tasks = [row for row, _ in zip(csv.reader(file), range(21), strict=False)]
    wanted = {row[0] for row in tasks[1:]}
    with (tmp_path / "tasks.csv").open("w", newline="") as file:
        csv.writer(file).writerows(tasks)
    for name, source in (("answers.csv", sample.answers), ("truth.csv", sample.truth)):
        lines = source.read_text().splitlines()
        kept = [lines[0], *(line for line in lines if line.split(",")[0] in wanted)]
        (tmp_path / name).write_text("\n".join(kept) + "\n")

    told = run(
        "replay",
        *("tasks.csv", "answers.csv", "--truth=truth.csv"),
        *("--template=text-classification", "--output=r.html", "--json"),
    ).json

    assert (told["tasks"], told["answers"], told["approved"]) == (20, 200, 200)
    assert (told["rewards"], told["fees"], told["total"]) == ("4.00", "2.00", "6.00")
    assert [method["method"] for method in told["methods"]] == [
        "majority-vote",
        "dawid-skene",
    ]
    assert told["accuracy"] >= 0.8
    assert (tmp_path / "r.html").exists()


def test_demo(run: Run, tmp_path: Path) -> None:
    """The demonstration does the main job twice on real input, and again from clean."""
    for _ in range(2):
        ended = run("demo", "--json")
        answers, pictures = ended.json

        assert (answers["answers"], answers["approved"]) == (8000, 8000)
        assert answers["total"] == "240.00"
        assert [m["accuracy"] for m in answers["methods"]] == [0.91875, 0.9275]
        assert pictures["labels"] == 540
        assert pictures["accuracy"] > 0.98
    page = (tmp_path / "demo" / "report.html").read_text()
    assert "92.8 %" in page
    assert "spammer" in page


def test_demo_spares_what_is_not_its_own(run: Run, tmp_path: Path) -> None:
    """A folder with something else in it is left alone."""
    (tmp_path / "demo").mkdir()
    (tmp_path / "demo" / "thesis.txt").write_text("years of work")

    ended = run("demo")

    assert ended.status == 1
    assert "name another folder" in ended.err
    assert (tmp_path / "demo" / "thesis.txt").read_text() == "years of work"


def test_version(run: Run) -> None:
    """The program says its version."""
    assert run("--version").out == f"crowdlab {__version__}\n"


def test_as_a_module() -> None:
    """``python -m crowdlab`` is the program."""
    told = subprocess.run(
        [sys.executable, "-m", "crowdlab", "--version"],
        capture_output=True,
        check=True,
        text=True,
    )

    assert told.stdout == f"crowdlab {__version__}\n"


def test_values_are_aggregated_by_their_kind(run: Run, tmp_path: Path) -> None:
    """Labels that are lists are JSON in the file, and become JSON again."""
    pears = json.dumps([{"kind": "box", "cls": "pear", "bbox": [10, 10, 40, 40]}])
    rows = [{"task": "p", "worker": who, "label": pears} for who in "abc"]
    pd.DataFrame(rows).to_csv(tmp_path / "votes.csv", index=False)

    told = run(
        "aggregate", "votes.csv", "--kind=boxes", "--output=labels.csv", "--json"
    )

    assert {
        "method": "boxes",
        "n_tasks": 1,
        "n_workers": 3,
        "n_answers": 3,
    } == told.json
    (label,) = pd.read_csv(tmp_path / "labels.csv")["label"]
    (pear,) = json.loads(label)
    assert "pear" == pear["cls"]
    assert [10, 10, 40, 40] == pytest.approx(pear["bbox"])


def test_values_have_no_accuracy(run: Run, tmp_path: Path) -> None:
    """A number is nearly right: what equals the truth would say nothing."""
    (tmp_path / "votes.csv").write_text("task,worker,label\na,1,20\na,2,22\n")
    (tmp_path / "truth.csv").write_text("task,label\na,21\n")

    refused = run("aggregate", "votes.csv", "--kind=numbers", "--truth=truth.csv")

    assert 1 == refused.status
    assert "--truth is for classes" in refused.err
