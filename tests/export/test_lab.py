"""A batch's labels and votes as files, from the lab and from the shell."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from typer.testing import CliRunner

from crowdlab.cli import program
from crowdlab.errors import BadInput, NotFound
from crowdlab.export import exporters
from crowdlab.lab import Lab
from crowdlab.marketplace import Marketplace

BOX = {"kind": "box", "cls": "cat", "bbox": [10, 20, 30, 40]}
ROWS = [
    {
        "task": name,
        "image": f"https://example.org/{name}.png",
        "width": 200,
        "height": 100,
        "classes": ["cat", "dog"],
    }
    for name in ("a", "b")
]
"""Two pictures."""


def _work(lab: Lab, market: Marketplace, batch: str, said: Any) -> None:
    """Lets two people give the same answer to every task."""
    lab.publish(batch)
    for job in lab._jobs(lab._find(batch)):
        for worker in ("AANN", "ABOB"):
            assignment = market.accept(market.register(worker), job.hit_id)
            ((thing, _),) = job.things
            market.submit(worker, assignment, job.fill({thing: said}))
    lab.collect(batch)


@pytest.fixture
def market() -> Iterator[Marketplace]:
    """A marketplace in memory."""
    with Marketplace(seed=1) as market:
        yield market


@pytest.fixture
def lab(tmp_path: Path, market: Marketplace) -> Iterator[Lab]:
    """A lab with a batch of texts and one of pictures, both answered."""
    texts = [{"task": n, "text": "It rains.", "hypothesis": "Wet." + n} for n in "ab"]
    with Lab(tmp_path / "ledger.db", endpoint=market) as lab:
        for name, template, rows, said in (
            ("texts", "text-classification", texts, "yes"),
            ("shelf", "region-annotation", ROWS, [BOX]),
        ):
            lab.create(
                name, template=template, inputs=rows, reward="0.05", assignments=2
            )
            _work(lab, market, name, said)
        yield lab


def test_labels_are_exported(lab: Lab, tmp_path: Path) -> None:
    """The table of the labels, in a file."""
    path = tmp_path / "texts.csv"

    exported = lab.export("texts", "csv", path)

    assert ("csv", 2, path) == (exported.format, exported.n_labels, exported.path)
    table = exporters.find("csv").read(path)
    assert ["yes", "yes"] == table["label"].tolist()
    assert {"task", "label", "confidence", "n_votes"} <= set(table.columns)


def test_one_workers_regions_are_exported(lab: Lab, tmp_path: Path) -> None:
    """Into a format that has room for one answer to each picture."""
    path = tmp_path / "ann.json"

    lab.export("shelf", "coco", path, worker="AANN")

    document = json.loads(path.read_text("utf-8"))
    assert ["a.png", "b.png"] == [image["file_name"] for image in document["images"]]
    assert [[10, 20, 30, 40]] * 2 == [each["bbox"] for each in document["annotations"]]


def test_votes_have_pseudonyms(lab: Lab, tmp_path: Path) -> None:
    """They tell workers apart, tell nobody who they are, and stay the same."""
    path = tmp_path / "votes.csv"
    lab.export("shelf", "csv", path, of="votes")
    first = pd.read_csv(path)

    lab.export("texts", "csv", path, of="votes")
    again = pd.read_csv(path)

    assert 2 == first["worker"].nunique()
    assert set(first["worker"]) == set(again["worker"])
    assert "AANN" not in path.read_text("utf-8")
    lab.export("texts", "csv", path, worker=again["worker"][0])
    assert 2 == len(pd.read_csv(path))


def test_worker_ids_are_written_when_asked_for(lab: Lab, tmp_path: Path) -> None:
    """Whoever needs them says so."""
    path = tmp_path / "votes.csv"

    lab.export("texts", "csv", path, of="votes", names_workers=True)

    assert {"AANN", "ABOB"} == set(pd.read_csv(path)["worker"])


def test_what_cannot_be_exported_is_refused(lab: Lab, tmp_path: Path) -> None:
    """An unknown style or worker, labels that a style cannot hold, a place that is none."""
    with pytest.raises(NotFound, match="no export format 'xml'; choose from: csv"):
        lab.export("texts", "xml", tmp_path / "a")
    with pytest.raises(NotFound, match="no worker with votes 'EVE'; choose from: w-"):
        lab.export("texts", "csv", tmp_path / "a", worker="EVE")
    with pytest.raises(BadInput, match="csv and parquet hold any label"):
        lab.export("texts", "coco", tmp_path / "a")
    with pytest.raises(BadInput, match="cannot be written"):
        lab.export("texts", "csv", tmp_path / "no" / "a")
    with pytest.raises(BadInput, match="has two labels"):
        lab.export("shelf", "coco", tmp_path / "a", of="votes")
    assert not (tmp_path / "a").exists()


def test_the_shell_exports(lab: Lab, tmp_path: Path) -> None:
    """The command is the method of the same name."""
    lab.close()
    path, ledger = tmp_path / "labels.csv", tmp_path / "ledger.db"

    done = CliRunner().invoke(
        program.app,
        ["export", "texts", "csv", str(path), "--ledger", str(ledger), "--endpoint", "memory", "--json"],
    )  # fmt: skip

    assert 0 == done.exit_code, done.output
    assert {"format": "csv", "n_labels": 2} == {
        key: value
        for key, value in json.loads(done.stdout).items()
        if key in {"format", "n_labels"}
    }
    assert 2 == len(pd.read_csv(path))
