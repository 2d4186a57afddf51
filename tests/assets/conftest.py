"""A lab, a folder of photos, and a batch that shows them."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from crowdlab.assets import FolderHome
from crowdlab.lab import Lab
from crowdlab.marketplace import Marketplace
from crowdlab.workflow import Created
from tests.assets.photos import write

Create = Callable[..., Created]


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    """A folder of three photos, and a table of them beside it."""
    write(tmp_path / "photos", "cat_1.jpg", "cat_2.jpg", "dog_3.jpg")
    names = ("cat_1", "cat_2", "dog_3")
    rows = "\n".join(f"{name},photos/{name}.jpg" for name in names)
    (tmp_path / "photos.csv").write_text(f"task,images\n{rows}\n")
    return tmp_path / "photos"


@pytest.fixture
def marketplace() -> Iterator[Marketplace]:
    """A marketplace in memory."""
    with Marketplace(seed=1) as marketplace:
        yield marketplace


@pytest.fixture
def home(tmp_path: Path) -> FolderHome:
    """A folder that a crowdlab server would show."""
    return FolderHome(tmp_path / "home")


@pytest.fixture
def lab(tmp_path: Path, marketplace: Marketplace, home: FolderHome) -> Iterator[Lab]:
    """A lab whose work goes to that marketplace, and whose images to that folder."""
    with Lab(tmp_path / "ledger.db", endpoint=marketplace, assets=home) as lab:
        yield lab


@pytest.fixture
def create(lab: Lab, photos: Path) -> Create:
    """Creates a batch called pets, of the photos unless told otherwise."""

    def create(lab: Lab = lab, **changes: Any) -> Created:
        wishes: dict[str, Any] = {
            "template": "image-selection",
            "inputs": photos.with_suffix(".csv"),
            "parameters": {"target": "cats"},
            "reward": "0.05",
        }
        return lab.create("pets", **{**wishes, **changes})

    return create


def inputs(lab: Lab, batch: str = "pets") -> list[Any]:
    """The inputs of the published tasks of a batch."""
    return [task.input for task, _ in lab._ledger.hits.each(lab._find(batch).key)]
