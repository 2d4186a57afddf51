"""Makes the sample of handwritten digits anew: python -m tests.samples.digits."""

import csv
import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import attrs
from PIL import Image
from sklearn.datasets import load_digits

import crowdlab.samples

SEED = 1
PER_DIGIT = 20
GRIDS_PER_DIGIT = 6
TILES = 9
MOST_TARGETS = 5

# Strokes touch the border of the 8 x 8 originals: two pixels of paper around them,
# then enough pixels for smooth outlines, in few enough greys for a small file.
MARGIN, SIZE, GREYS = 2, 64, 16
INKS = 16


@attrs.frozen
class Grid:
    """One task: nine images, and which of them show the target."""

    name: str
    target: int
    images: tuple[int, ...]
    truth: tuple[bool, ...]

    def row(self) -> dict[str, Any]:
        """The task as the file has it."""
        names = [file_name(image) for image in self.images]
        return {
            "task": self.name,
            "target": f"a{'n' * (self.target == 8)} {self.target}",
            "images": names,
        }


class Digits:
    """The choice of images and grids that the seed makes."""

    def __init__(self) -> None:
        source = load_digits()
        self._pixels, self._values = source.images, [int(v) for v in source.target]
        self._random = random.Random(SEED)
        self.images = {digit: self._choose(digit) for digit in range(10)}
        self.grids = [self._grid(n) for n in range(10 * GRIDS_PER_DIGIT)]

    def picture(self, image: int) -> Image.Image:
        """A scan as dark ink on white paper."""
        paper = Image.new("L", (8 + 2 * MARGIN, 8 + 2 * MARGIN), 255)
        for y, line in enumerate(self._pixels[image]):
            for x, ink in enumerate(line):
                paper.putpixel((x + MARGIN, y + MARGIN), 255 - int(ink) * 255 // INKS)
        large = paper.resize((SIZE, SIZE), Image.Resampling.BICUBIC)
        levels = [
            round(round(v * (GREYS - 1) / 255) * 255 / (GREYS - 1)) for v in range(256)
        ]
        return large.point(levels)

    def write(self, folder: Path) -> None:
        """Writes the pictures, the tasks and the truth."""
        for image in sorted(
            image for images in self.images.values() for image in images
        ):
            picture = self.picture(image).quantize(GREYS, dither=Image.Dither.NONE)
            picture.save(folder / file_name(image), optimize=True)
        lines = "".join(f"{json.dumps(grid.row())}\n" for grid in self.grids)
        (folder / "tasks.jsonl").write_text(lines, encoding="utf-8")
        with (folder / "truth.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows(self.truth())

    def truth(self) -> Iterator[tuple[str, str]]:
        """The lines of the truth, with their header."""
        yield "task", "label"
        for grid in self.grids:
            for tile, is_target in enumerate(grid.truth, start=1):
                yield f"{grid.name}/{tile}", "yes" if is_target else "no"

    def _choose(self, digit: int) -> list[int]:
        known = [image for image, value in enumerate(self._values) if value == digit]
        return sorted(self._random.sample(known, PER_DIGIT))

    def _grid(self, n: int) -> Grid:
        target = n % 10
        others = [
            image
            for digit in self.images
            if digit != target
            for image in self.images[digit]
        ]
        n_targets = self._random.randint(1, MOST_TARGETS)
        images = self._random.sample(self.images[target], n_targets)
        images += self._random.sample(others, TILES - n_targets)
        self._random.shuffle(images)
        truth = tuple(self._values[image] == target for image in images)
        return Grid(f"grid-{n + 1:02}", target, tuple(images), truth)


def file_name(image: int) -> str:
    """The name of a picture, which says no more than its place in scikit-learn's copy."""
    return f"{image:04}.png"


if __name__ == "__main__":
    Digits().write(crowdlab.samples.digits().folder)
