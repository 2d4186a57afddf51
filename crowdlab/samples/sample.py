"""Samples: what to judge, what is true, and sometimes what a crowd said."""

import base64
import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import attrs

__all__ = ["Sample", "digits", "rte"]


@attrs.frozen
class Sample:
    """A folder of files with a README that names their source and licence.

    Attributes:
        folder: where the files are.
        template: the name of the template that shows the tasks.
        tasks: what is judged.
        truth: the known labels, with the columns task and label.
        answers: what real workers said, with the columns task, worker and label.
    """

    folder: Path
    template: str
    tasks: Path
    truth: Path
    answers: Path | None = None

    def rows(self) -> Iterator[dict[str, Any]]:
        """The tasks as the template's inputs, their pictures inside."""
        with self.tasks.open(encoding="utf-8", newline="") as file:
            if self.tasks.suffix == ".csv":
                yield from csv.DictReader(file)
            else:
                yield from map(self._with_pictures, file)

    def _with_pictures(self, line: str) -> dict[str, Any]:
        row: dict[str, Any] = json.loads(line)
        images = [_data_url(self.folder / name) for name in row["images"]]
        return {**row, "images": images}


def rte() -> Sample:
    """800 pairs of texts, and 8,000 answers that 164 workers really gave.

    Example:
        >>> next(rte().rows())["hypothesis"]
        'Two films won six Oscars.'
    """
    folder = Path(__file__).parent / "rte"
    return Sample(
        folder=folder,
        template="text-classification",
        tasks=folder / "tasks.csv",
        truth=folder / "truth.csv",
        answers=folder / "answers.csv",
    )


def digits() -> Sample:
    """60 grids of nine handwritten digits, with the truth about every tile.

    Example:
        >>> row = next(digits().rows())
        >>> row["target"], len(row["images"])
        ('a 0', 9)
    """
    folder = Path(__file__).parent / "digits"
    return Sample(
        folder=folder,
        template="image-selection",
        tasks=folder / "tasks.jsonl",
        truth=folder / "truth.csv",
    )


def _data_url(path: Path) -> str:
    data = base64.b64encode(path.read_bytes()).decode("ascii")
    return f"data:image/png;base64,{data}"
