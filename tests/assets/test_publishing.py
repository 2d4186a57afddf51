"""Paths in inputs become URLs when a batch is published, once."""

import json
import multiprocessing
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from crowdlab.assets import FolderHome, Picture, name_of
from crowdlab.errors import BadInput, BadRow
from crowdlab.lab import Lab
from crowdlab.marketplace import Marketplace
from tests.assets.conftest import Create, inputs
from tests.assets.photos import lying, photo, write

WHICH = {"question": "Cat or dog?", "choices": ["cat", "dog"]}
ADDRESS = re.compile(r"/assets/[0-9a-f]{32}\.jpg")


class Counting(FolderHome):
    """A folder that counts what is put into it, and fails when it is told to."""

    sent = 0
    most = 1_000_000

    def put(self, name: str, picture: Picture) -> str:
        if self.sent == self.most:
            raise BadInput("assets: the disk is full")
        self.sent += 1
        return super().put(name, picture)


def task_ids(lab: Lab) -> list[str]:
    """The ids of the unpublished tasks of the batch called pets."""
    key = lab._find("pets").key
    return [
        r.task.task_id for r in lab._ledger.tasks.unpublished(key, after=0, limit=9)
    ]


def test_a_path_becomes_an_address(
    lab: Lab, create: Create, home: FolderHome, photos: Path
) -> None:
    """A published page names each photo by an address that says nothing of its name."""
    create()
    lab.publish("pets")
    addresses = [image for task in inputs(lab) for image in task["images"]]

    assert 3 == len(addresses) == len(set(addresses))
    assert all(ADDRESS.fullmatch(address) for address in addresses)
    assert {path.read_bytes() for path in photos.iterdir()} == {
        (home.folder / address.rpartition("/")[2]).read_bytes() for address in addresses
    }
    for hit in lab.marketplace.call("ListHITs", {})["HITs"]:
        assert not re.search("cat_|dog_|photos|asset.invalid", hit["Question"])


def test_nothing_is_sent_before_publishing(
    lab: Lab, create: Create, home: FolderHome
) -> None:
    """Creating, estimating and previewing keep the photos where they are."""
    create()
    lab.estimate("pets")

    assert not home.folder.exists()


def test_publishing_again_sends_nothing(
    tmp_path: Path, marketplace: Marketplace, create: Create
) -> None:
    """Neither the same batch nor another with the same photos goes up a second time."""
    home = Counting(tmp_path / "home")
    with Lab(tmp_path / "own.db", endpoint=marketplace, assets=home) as lab:
        create(lab)
        lab.publish("pets")
        lab.publish("pets")
        lab.create(
            "more",
            template="image-selection",
            inputs=tmp_path / "photos.csv",
            parameters={"target": "dogs"},
            reward="0.05",
        )
        lab.publish("more")

        assert 3 == home.sent
        assert [t["images"] for t in inputs(lab)] == [
            t["images"] for t in inputs(lab, "more")
        ]


def test_an_upload_that_breaks_off_goes_on(
    tmp_path: Path, marketplace: Marketplace, create: Create
) -> None:
    """What was sent before a failure is not sent again, and no HIT was made before."""
    home = Counting(tmp_path / "home")
    home.most = 2
    with Lab(tmp_path / "own.db", endpoint=marketplace, assets=home) as lab:
        create(lab)
        with pytest.raises(BadInput, match="the disk is full"):
            lab.publish("pets")
        assert 0 == lab.status("pets").published

        home.most = 4
        assert 3 == lab.publish("pets").created
        assert 3 == home.sent


KILLED = """
import os, signal, threading
from crowdlab.assets import FolderHome
from crowdlab.lab import Lab

class Killing(FolderHome):
    lock = threading.Lock()

    def put(self, name, picture):
        with self.lock:
            url = super().put(name, picture)
            if len(list(self.folder.iterdir())) == 2:
                os.kill(os.getpid(), signal.SIGKILL)
            return url

Lab("ledger.db", assets=Killing("crowdlab-assets")).publish("pets")
"""


def test_a_kill_between_upload_and_record_leaves_no_second_copy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, create: Create
) -> None:
    """The photo that was sent and not noted gets the same name when it is sent again."""
    monkeypatch.chdir(tmp_path)
    with Lab("ledger.db") as lab:
        create(lab)
    killed = subprocess.run([sys.executable, "-c", KILLED], check=False)
    sent = {path.name for path in Path("crowdlab-assets").iterdir()}
    assert (-signal.SIGKILL, 2) == (killed.returncode, len(sent))

    with Lab("ledger.db") as lab:
        assert 3 == lab.publish("pets").created
        addresses = {t["images"][0].rpartition("/")[2] for t in inputs(lab)}
    assert sent < addresses == {p.name for p in Path("crowdlab-assets").iterdir()}


def _publish(folder: str) -> None:
    with Lab(f"{folder}/ledger.db", endpoint="memory", assets=f"{folder}/h") as lab:
        lab.publish("pets")


def test_two_processes_may_publish_at_once(tmp_path: Path, create: Create) -> None:
    """Both bring the same photos home; each is there once, and whole."""
    with Lab(tmp_path / "ledger.db", endpoint="memory", assets=tmp_path / "h") as lab:
        create(lab)
    spawn = multiprocessing.get_context("spawn")
    both = [spawn.Process(target=_publish, args=(str(tmp_path),)) for _ in "ab"]
    for process in both:
        process.start()
    for process in both:
        process.join(60)

    assert [0, 0] == [process.exitcode for process in both]
    assert 3 == len(list((tmp_path / "h").iterdir()))


def test_a_task_is_the_same_wherever_its_images_lie(
    tmp_path: Path, marketplace: Marketplace, create: Create, photos: Path
) -> None:
    """Moving a folder and renaming a file leave the ids of tasks as they are."""
    ids = []
    for number, folder in enumerate(["photos", "elsewhere/deeper"]):
        if number:
            shutil.copytree(photos, tmp_path / folder)
        rows = [
            {"task": name, "images": [str(tmp_path / folder / f"{name}.jpg")]}
            for name in ("cat_1", "cat_2", "dog_3")
        ]
        with Lab(tmp_path / f"{number}.db", endpoint=marketplace) as lab:
            create(lab, inputs=rows)
            ids.append(task_ids(lab))

    assert ids[0] == ids[1]
    (photos / "cat_1.jpg").write_bytes(photo(shade=200))
    with Lab(tmp_path / "changed.db", endpoint=marketplace) as lab:
        create(lab)
        assert ids[0][1:] == task_ids(lab)[1:]
        assert ids[0][0] != task_ids(lab)[0]


def test_another_ledger_gives_other_names(
    tmp_path: Path, marketplace: Marketplace, create: Create
) -> None:
    """Who has the same photo cannot say under which address another shows it."""
    addresses = []
    for number in range(2):
        with Lab(
            tmp_path / f"{number}.db", endpoint=marketplace, assets=tmp_path / "home"
        ) as lab:
            create(lab)
            lab.publish("pets")
            addresses.append(inputs(lab)[0]["images"])

    assert addresses[0] != addresses[1]
    assert name_of(b"a", "0" * 64, Picture(b"", "png", 1, 1)) != name_of(
        b"b", "0" * 64, Picture(b"", "png", 1, 1)
    )


@pytest.mark.parametrize("change", ["gone", "another"])
def test_a_file_that_changed_is_told(
    lab: Lab, create: Create, photos: Path, change: str
) -> None:
    """A photo that was replaced or lost since creating stops publishing, by its name."""
    create()
    if change == "gone":
        (photos / "cat_2.jpg").unlink()
    else:
        (photos / "cat_2.jpg").write_bytes(photo(shade=222))

    with pytest.raises(
        BadInput, match=r"cat_2\.jpg: (there is no file|is another file)"
    ):
        lab.publish("pets")
    assert 0 == lab.status("pets").published


@pytest.mark.parametrize(
    ("address", "complaint"),
    [
        ("photos/none.jpg", "there is no file .*none.jpg, and no URL begins so"),
        ("photos", "there is no file"),
        ("photos.csv", "is no image that browsers show: no PNG, JPEG, GIF, WebP, AVIF"),
        ("broken.jpg", "is broken: .*truncated"),
        ("x" * 5000, "cannot be read: File name too long"),
        ("a\0b.jpg", "there is no file"),
        ("../../../../../../etc/passwd", "is no image that browsers show"),
        ("ftp://example.org/1.jpg", "is not an image's URL"),
    ],
)
def test_a_bad_image_is_one_error(
    lab: Lab, create: Create, photos: Path, address: str, complaint: str
) -> None:
    """It names file, row and field, and nothing is created."""
    photos.with_name("broken.jpg").write_bytes(photo(size=(400, 300))[:900])
    rows = photos.with_name("rows.jsonl")
    good = '{"task": "1", "images": ["photos/cat_1.jpg"]}'
    bad = json.dumps({"task": "2", "images": ["photos/dog_3.jpg", address]})
    rows.write_text(f"{good}\n{bad}\n")

    with pytest.raises(BadRow, match=complaint) as refused:
        create(inputs=rows)
    assert ("rows.jsonl, row 2", "images[1]") == (
        refused.value.origin,
        refused.value.field,
    )
    assert [] == lab.batches()
    assert 0 == len(lab._ledger.batches.names())


def test_a_link_to_a_photo_is_that_photo(
    lab: Lab, create: Create, photos: Path, home: FolderHome
) -> None:
    """What is published of a symbolic link is the picture, not a link."""
    photos.with_name("link.jpg").symlink_to(photos / "cat_1.jpg")
    create(inputs=[{"images": [str(photos.with_name("link.jpg"))]}])
    lab.publish("pets")
    (path,) = home.folder.iterdir()

    assert path.is_file()
    assert not path.is_symlink()


def test_paths_start_where_they_are_written(
    lab: Lab, create: Create, photos: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a file they start beside it; in rows and parameters, in the current folder."""
    monkeypatch.chdir(photos)
    example = {"good": True, "image": "cat_1.jpg", "why": "It has whiskers."}
    create(parameters={"target": "cats", "examples": [example]})
    lab.create(
        "rows",
        template="image-selection",
        inputs=[{"images": ["cat_1.jpg"]}],
        parameters={"target": "cats"},
        reward="0.05",
    )
    lab.publish("pets")
    lab.publish("rows")
    task = inputs(lab)[0]

    assert task["images"] == [task["examples"][0]["image"]]
    assert [task["images"]] == [other["images"] for other in inputs(lab, "rows")]


def test_sizes_are_filled_in(lab: Lab, create: Create, tmp_path: Path) -> None:
    """A template that asks for width and height gets those of the upright picture."""
    (tmp_path / "lying.jpg").write_bytes(lying(6))
    rows = tmp_path / "rows.csv"
    rows.write_text("image\nlying.jpg\n")
    create(inputs=rows, template=_measuring(tmp_path), parameters=WHICH)
    lab.publish("pets")
    (task,) = inputs(lab)

    assert (30, 40) == (task["width"], task["height"])


@pytest.mark.parametrize("way", ["rows", "table", "folder", "map"])
def test_our_own_templates_need_no_sizes(
    lab: Lab, create: Create, tmp_path: Path, way: str
) -> None:
    """To mark a photo of this machine, or a map, its name is all that is told of it."""
    folder = tmp_path / "shelf"
    folder.mkdir()
    (folder / "lying.jpg").write_bytes(lying(6))
    table = tmp_path / "rows.csv"
    table.write_text("image\nshelf/lying.jpg\n")
    photo = str(folder / "lying.jpg")
    sources: dict[str, Any] = {
        "rows": [{"image": photo}],
        "table": table,
        "folder": folder,
        "map": [{"map": {"url": photo}}],
    }
    template = "route-description" if way == "map" else "region-annotation"
    classes = {} if way == "map" else {"classes": ["bottle", "box"]}
    create(inputs=sources[way], template=template, parameters=classes)
    lab.publish("pets")
    (task,) = inputs(lab)
    holder = task["map"] if way == "map" else task

    assert (30, 40) == (holder["width"], holder["height"])


def test_sizes_that_are_wrong_are_refused(create: Create, tmp_path: Path) -> None:
    """A width that is not the picture's own is an error of that row and field."""
    (tmp_path / "lying.jpg").write_bytes(lying(6))
    row = {"image": str(tmp_path / "lying.jpg"), "width": 40, "height": 30}
    with pytest.raises(BadRow, match="row 1, field 'width': 40 is not the 30 of the"):
        create(
            inputs=[row],
            template=_measuring(tmp_path),
            parameters=WHICH,
        )


def _measuring(folder: Path) -> Path:
    """A template of one's own that asks for the size of its picture."""
    place = folder / "pictures"
    shelf = Path(__file__).parents[2] / "task_templates" / "text-classification"
    shutil.copytree(shelf, place)
    file = place / "input.schema.json"
    schema = json.loads(file.read_text())
    size = {"type": "integer"}
    more = {"image": {"format": "image"}, "width": size, "height": size}
    schema["properties"] |= {**more, "text": {"type": "string", "default": "Which?"}}
    schema["required"] = [*more, "choices"]
    file.write_text(json.dumps(schema))
    return place


def test_a_preview_shows_the_photos_of_this_machine(
    lab: Lab, create: Create, tmp_path: Path
) -> None:
    """Before and after publishing, the page carries the picture inside it."""
    create()
    for published in (False, True):
        if published:
            lab.publish("pets")
        preview = lab.preview("pets", tmp_path / "page.html")
        page = preview.path.read_text()

        assert "data:image/jpeg;base64,/9j/" in page
        assert "asset.invalid" not in page
        assert preview.bytes < 65_535


def test_the_bytes_of_a_batchs_images_are_known(
    lab: Lab, create: Create, photos: Path
) -> None:
    """The ledger has the bytes that workers load, before and after publishing."""
    total = sum(path.stat().st_size for path in photos.iterdir())
    create()
    assert total == lab._ledger.assets.total_bytes(lab._find("pets").key)
    lab.publish("pets")
    assert total == lab._ledger.assets.total_bytes(lab._find("pets").key)


def test_progress_of_images_is_told(lab: Lab, create: Create) -> None:
    """The first photo goes alone; then the others are counted up to all."""
    told: list[tuple[int, int]] = []
    create()
    lab.publish("pets", progress_of_images=lambda *counts: told.append(counts))

    assert [(0, 3), (1, 3), (3, 3)] == told


@pytest.mark.parametrize("endpoint", ["sandbox", "production"])
def test_workers_of_amazon_would_not_see_this_machine(
    tmp_path: Path, create: Create, endpoint: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a place that they can see, a local image is refused with the choices."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "nobody")
    for assets in (None, tmp_path / "home"):
        with (
            Lab(None, endpoint=endpoint, assets=assets) as lab,
            pytest.raises(BadRow, match=f"{endpoint!r} .*s3://bucket/prefix"),
        ):
            create(lab)


def test_a_marketplace_keeps_its_images_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, create: Create
) -> None:
    """A local lab needs no word about images."""
    monkeypatch.chdir(tmp_path)
    with Lab() as lab:
        create(lab)
        lab.publish("pets")

    assert 3 == len(list((tmp_path / "crowdlab-assets").iterdir()))


def test_images_of_a_marketplace_in_memory_leave_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, create: Create
) -> None:
    """They go with the lab, and the current folder stays as it was."""
    before = set(tmp_path.iterdir())
    monkeypatch.chdir(tmp_path)
    lab = Lab(None, endpoint="memory")
    create(lab)
    lab.publish("pets")
    home: Any = lab._home
    folder = home.folder
    lab.close()

    assert 3 == len(list(folder.iterdir()))
    del home, lab
    assert not folder.exists()
    assert before == set(tmp_path.iterdir())


def test_a_folder_of_images_is_a_batch(lab: Lab, tmp_path: Path) -> None:
    """One task for each image, one folder for each class, whose name is the truth."""
    write(tmp_path / "shelf", "cat/2.jpg", "cat/1.jpg", "dog/1.jpg")
    (tmp_path / "shelf" / "notes.txt").write_text("no image")
    lab.create(
        "shelf",
        template=_measuring(tmp_path),
        inputs=tmp_path / "shelf",
        truth=tmp_path / "shelf",
        parameters=WHICH,
        reward="0.05",
    )
    truth = lab._ledger.labels.truth(lab._find("shelf").key)

    assert {"cat/1.jpg": "cat", "cat/2.jpg": "cat", "dog/1.jpg": "dog"} == truth
