"""Templates to try things with."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from crowdlab.templates import Template, load_template

Copy = Callable[..., Path]


@pytest.fixture(scope="session")
def texts() -> Template:
    """The template for texts."""
    return load_template("text-classification")


@pytest.fixture(scope="session")
def images() -> Template:
    """The template for images."""
    return load_template("image-selection")


@pytest.fixture
def copy(tmp_path: Path, texts: Template) -> Copy:
    """Makes a requester's own folder from ours, with one thing changed in a file."""

    def copy(name: str = "", old: str = "", new: str = "") -> Path:
        folder = tmp_path / "own-template"
        shutil.copytree(texts.folder, folder)
        if name:
            text = (folder / name).read_text("utf-8")
            assert old in text
            (folder / name).write_text(text.replace(old, new, 1), "utf-8")
        return folder

    return copy
