"""The sample of handwritten digits."""

import csv
import io
from base64 import b64decode
from collections import Counter
from pathlib import Path

import pytest
from PIL import Image

from crowdlab.samples import digits
from crowdlab.templates import load_template
from tests.samples.digits import Digits, file_name

SAMPLE = digits()


@pytest.fixture(scope="module")
def made() -> Digits:
    """The sample as its program makes it today."""
    return Digits()


def _truth() -> dict[str, str]:
    with SAMPLE.truth.open(encoding="utf-8") as file:
        return {row["task"]: row["label"] for row in csv.DictReader(file)}


def test_every_picture_is_a_scan_of_the_source(made: Digits) -> None:
    """Pixel for pixel, each file is what the program makes of the original scan."""
    chosen = {
        file_name(image): image for digit in made.images.values() for image in digit
    }

    assert {path.name for path in SAMPLE.folder.glob("*.png")} == set(chosen)
    for name, image in chosen.items():
        with Image.open(SAMPLE.folder / name) as picture:
            assert picture.convert("L").tobytes() == made.picture(image).tobytes(), name


def test_the_tasks_and_the_truth_are_those_of_the_seed(
    made: Digits, tmp_path: Path
) -> None:
    """Making the sample anew changes neither tasks nor truth."""
    made.write(tmp_path)

    for path in (SAMPLE.tasks, SAMPLE.truth):
        assert (tmp_path / path.name).read_bytes() == path.read_bytes()


def test_every_digit_is_sought_as_often() -> None:
    """Each digit is the target of six grids."""
    targets = Counter(row["target"] for row in SAMPLE.rows())

    assert (
        dict.fromkeys(["an 8", *(f"a {n}" for n in range(10) if n != 8)], 6) == targets
    )


def test_a_grid_shows_one_to_five_targets() -> None:
    """No grid is empty of what is sought, and none is mostly that."""
    n_yes = Counter(
        tile.split("/")[0] for tile, label in _truth().items() if label == "yes"
    )

    assert 60 == len(n_yes)
    assert (1, 5) == (min(n_yes.values()), max(n_yes.values()))


def test_the_grids_are_tasks_of_their_template() -> None:
    """Every grid fits a question, and the truth speaks of exactly the things judged."""
    template = load_template(SAMPLE.template)
    things = []
    for n, row in enumerate(SAMPLE.rows(), start=1):
        task = template.task(row, f"row {n}")
        assert template.question(task.input, task_id=task.task_id, language="en")
        things += [thing for thing, _ in template.things(task)]

    assert list(_truth()) == things


def test_rows_carry_the_pictures() -> None:
    """The data URL of a tile holds the bytes of its file."""
    image = next(SAMPLE.rows())["images"][0]

    kind, _, data = image.partition(",")

    assert "data:image/png;base64" == kind
    with Image.open(io.BytesIO(b64decode(data))) as picture:
        assert (64, 64) == picture.size


def test_the_sample_is_small() -> None:
    """A clone of the repository pays less than 200 kB for it."""
    assert sum(path.stat().st_size for path in SAMPLE.folder.iterdir()) < 200_000
