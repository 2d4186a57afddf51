"""Images of this machine from the shell."""

from pathlib import Path

import pytest

from tests.assets.photos import write
from tests.cli.conftest import Run, run

__all__ = ["run"]

WISHES = ("--template=image-selection", "--set=target=cats", "--reward=0.05")


@pytest.fixture
def rows(tmp_path: Path) -> Path:
    """A table of two photos, in a folder of its own."""
    write(tmp_path / "data" / "photos", "cat.jpg", "dog.jpg")
    table = tmp_path / "data" / "pets.csv"
    table.write_text("images\nphotos/cat.jpg\nphotos/dog.jpg\n")
    return table


def test_a_batch_of_photos_is_published(run: Run, rows: Path, tmp_path: Path) -> None:
    """Without a word about images they go beside the marketplace."""
    created = run("create", "pets", "--inputs", rows, *WISHES)
    published = run("publish", "pets", "--json")

    assert 0 == created.status == published.status, created.err + published.err
    assert {"created": 2, "already": 0, "environment": "local"} == published.json
    assert 2 == len(list((tmp_path / "crowdlab-assets").iterdir()))


def test_the_place_of_images_is_an_option(
    run: Run, rows: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is given with its address, as an option or in the environment."""
    run("create", "pets", "--inputs", rows, *WISHES)
    monkeypatch.setenv("CROWDLAB_ASSETS_URL", "https://www.example.org/pets")
    published = run("publish", "pets", "--assets", tmp_path / "www")
    preview = run("preview", "pets", "--json")

    assert 0 == published.status == preview.status, published.err + preview.err
    assert 2 == len(list((tmp_path / "www").iterdir()))
    assert not (tmp_path / "crowdlab-assets").exists()
    assert 0 == run("publish", "pets").status


def test_a_missing_photo_is_one_line(run: Run, rows: Path) -> None:
    """It names file, row, field and the path that was looked at."""
    (rows.parent / "photos" / "dog.jpg").unlink()
    ended = run("create", "pets", "--inputs", rows, *WISHES)

    assert 1 == ended.status
    assert 1 == len(ended.err.strip().splitlines())
    assert "pets.csv, row 2, field 'images[0]': 'photos/dog.jpg': there is no file" in (
        ended.err
    )
