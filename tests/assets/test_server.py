"""A crowdlab server takes images from requesters and shows them to everybody."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import boto3
import pytest
from playwright.sync_api import Browser

from crowdlab.assets import FolderHome, ServerHome, is_name, read_picture
from crowdlab.errors import BadInput, BadRow
from crowdlab.lab import Lab
from crowdlab.server import find_origins, open_markets
from tests.assets.conftest import Create, inputs
from tests.assets.photos import MAKER, lying, photo
from tests.pages.site import Site
from tests.server.conftest import KEYS, Server, start

NAME = f"{'0123456789abcdef' * 2}.jpg"


@pytest.fixture
def home(tmp_path: Path) -> FolderHome:
    """The folder of the servers."""
    return FolderHome(tmp_path / "home")


@pytest.fixture
def server(home: FolderHome) -> Iterator[Server]:
    """An open server that shows that folder."""
    with open_markets(None) as markets, start(markets, assets=home) as port:
        origins = find_origins("127.0.0.1", port)
        yield Server(origins.site, markets, origins)


@pytest.fixture
def locked(home: FolderHome) -> Iterator[Server]:
    """The same for those who have a key."""
    with open_markets(None) as markets, start(markets, assets=home, keys=KEYS) as port:
        origins = find_origins("127.0.0.1", port)
        yield Server(origins.site, markets, origins)


@pytest.fixture
def site() -> Iterator[Site]:
    """A server that is none of crowdlab's."""
    with Site() as server, ThreadPoolExecutor(1) as pool:
        pool.submit(server.serve_forever, poll_interval=0.01)
        yield server
        server.shutdown()


@pytest.fixture
def as_ana(monkeypatch: pytest.MonkeyPatch) -> None:
    """The key of Ana is the one that boto3 finds."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAANA")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "sesame")


def test_an_image_is_shown_as_what_it_is(server: Server, home: FolderHome) -> None:
    """It says its type and that it never changes, and nothing else can come of it."""
    home.put(NAME, read_picture(photo()))
    answer = server.ask("GET", f"/assets/{NAME}")

    assert (200, photo()) == (answer.status, answer.body)
    assert {
        "content-type": "image/jpeg",
        "cache-control": "public, max-age=31536000, immutable",
        "x-content-type-options": "nosniff",
        "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
        "access-control-allow-origin": "*",
        "cross-origin-resource-policy": "cross-origin",
    }.items() <= answer.headers.items()
    assert 200 == server.ask("HEAD", f"/assets/{NAME}").status


@pytest.mark.parametrize(
    "path",
    [
        "",
        ".",
        "..",
        f"./{NAME}",
        f"../home/{NAME}",
        "../secret.jpg",
        "..%2fsecret.jpg",
        "%2e%2e/secret.jpg",
        "secret.jpg",
        f"{NAME}%00",
        f"{'f' * 32}.jpg",
        f"{'e' * 32}.jpg",
        f"{'d' * 32}.html",
    ],
)
def test_nothing_but_images_is_shown(
    server: Server, home: FolderHome, path: str, tmp_path: Path
) -> None:
    """No list, no other file, no link, no way out of the folder."""
    home.put(NAME, read_picture(photo()))
    (tmp_path / "secret.jpg").write_bytes(b"secret")
    (home.folder / "secret.jpg").write_bytes(b"secret")
    (home.folder / f"{'f' * 32}.jpg").symlink_to(tmp_path / "secret.jpg")
    (home.folder / f"{'e' * 32}.jpg").mkdir()
    (home.folder / f"{'d' * 32}.html").write_bytes(b"secret")
    answer = server.ask("GET", f"/assets/{path}")

    assert b"secret" not in answer.body
    assert answer.status in {302, 307, 404}


@pytest.mark.usefixtures("as_ana")
def test_a_requester_elsewhere_needs_no_word_about_images(
    locked: Server, create: Create, home: FolderHome, photos: Path
) -> None:
    """They go to the server that the work goes to, and the page has their addresses."""
    with Lab(None, endpoint=locked.url) as lab:
        create(lab)
        assert not home.folder.exists()
        assert 3 == lab.publish("pets").created
        addresses = [task["images"][0] for task in inputs(lab)]

    assert all(
        address.startswith(f"{locked.origins.frames}/assets/") for address in addresses
    )
    shown = {
        locked.ask("GET", address.removeprefix(locked.origins.frames)).body
        for address in addresses
    }
    assert {path.read_bytes() for path in photos.iterdir()} == shown


def test_nobody_else_may_send_images(
    locked: Server, home: FolderHome, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A wrong secret, an unknown key and no signature at all are refused."""
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "guess")
    for key, complaint in {"AKIAANA": "signature", "AKIANO": "security token"}.items():
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", key)
        with pytest.raises(BadInput, match=complaint):
            ServerHome(locked.url).put(NAME, read_picture(photo()))

    assert 400 <= locked.ask("PUT", f"/assets/{NAME}", photo()).status < 500
    assert not home.folder.exists()


@pytest.mark.usefixtures("as_ana")
def test_what_was_signed_is_what_is_kept(locked: Server, home: FolderHome) -> None:
    """A signed request whose body was replaced on the way is refused."""
    sender = ServerHome(locked.url)
    signed = sender._signed(NAME, read_picture(photo()))
    headers = dict(signed.headers.items())
    answer = locked.ask("PUT", f"/assets/{NAME}", photo(shade=99), headers)

    assert 400 <= answer.status < 500
    assert not home.folder.exists()


def test_a_server_trusts_no_sender(server: Server, home: FolderHome) -> None:
    """What is no image, or not of that name, is refused; notes are left out again."""
    headers = {"Authorization": _anybody(server)}
    for name, data in {
        NAME: b"<html><script>alert(1)</script></html>",
        NAME.replace("jpg", "png"): photo(),
        "cat_17.jpg": photo(),
        f"{'../' * 3}{NAME}": photo(),
    }.items():
        answer = server.ask("PUT", f"/assets/{name}", data, headers)
        assert 400 <= answer.status < 500, (name, answer)
    assert not home.folder.exists()

    assert 200 == server.ask("PUT", f"/assets/{NAME}", lying(6), headers).status
    kept = server.ask("GET", f"/assets/{NAME}").body
    assert (30, 40) == (read_picture(kept).width, read_picture(kept).height)
    assert MAKER not in kept


def _anybody(server: Server) -> str:
    signed = ServerHome(server.url)._signed(NAME, read_picture(photo()))
    return str(signed.headers["Authorization"])


def test_an_image_never_changes(server: Server) -> None:
    """Who sends another under a name that is taken gets the one that is there."""
    home = ServerHome(server.url)
    urls = [home.put(NAME, read_picture(photo(shade=shade))) for shade in (0, 90)]

    assert urls[0] == urls[1]
    assert photo() == server.ask("GET", f"/assets/{NAME}").body


def test_an_upload_may_be_large_and_not_too_large(server: Server) -> None:
    """A photo of some megabytes comes through; what no worker could load does not."""
    headers = {"Authorization": _anybody(server)}
    large = photo() + b"\0" * 3_000_000

    assert 200 == server.ask("PUT", f"/assets/{NAME}", large, headers).status
    assert (
        413 == server.ask("PUT", f"/assets/{NAME}", b"\0" * 25_000_001, headers).status
    )
    assert 413 == server.ask("POST", "/", b"\0" * 1_000_001).status


def test_many_may_send_the_same_at_once(server: Server, home: FolderHome) -> None:
    """The image is there once, and whole."""
    sender, picture = ServerHome(server.url), read_picture(photo())
    with ThreadPoolExecutor(8) as pool:
        urls = set(pool.map(lambda _: sender.put(NAME, picture), range(24)))

    assert 1 == len(urls)
    assert [NAME] == [path.name for path in home.folder.iterdir()]


def test_a_server_that_takes_no_images_is_told(site: Site) -> None:
    """Another program that speaks the requester API is refused with the way out."""
    with pytest.raises(BadInput, match="takes no images; say with assets where"):
        ServerHome(site.address).put(NAME, read_picture(photo()))


def test_a_server_that_is_down_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """After some patience, by its address."""
    monkeypatch.setattr("crowdlab.assets.server.ATTEMPTS", 2)
    with pytest.raises(BadInput, match=r"assets: http://127\.0\.0\.1:9: Could not"):
        ServerHome("http://127.0.0.1:9").put(NAME, read_picture(photo()))


def test_a_worker_sees_a_photo_upright(
    server: Server, browser: Browser, tmp_path: Path, create: Create
) -> None:
    """A photo that a phone took lying stands in the task's page, in the size recorded."""
    (tmp_path / "lying.jpg").write_bytes(lying(6))
    row = {"images": [str(tmp_path / "lying.jpg")]}
    with Lab(None, endpoint=server.url) as lab:
        create(lab, inputs=[row])
        lab.publish("pets")
        (image,) = lab._ledger.assets.unsent(lab._find("pets").key, "nowhere", limit=9)
        ((_, hit_id),) = lab._ledger.hits.each(lab._find("pets").key)
    page = browser.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{server.origins.frames}/hit/{hit_id}")
    shown = page.wait_for_selector("main img[data-state=shown]")
    assert shown is not None
    size = shown.evaluate("image => [image.naturalWidth, image.naturalHeight]")
    corner = shown.evaluate(
        """image => {
            const canvas = document.createElement("canvas");
            [canvas.width, canvas.height] = [image.naturalWidth, image.naturalHeight];
            const context = canvas.getContext("2d");
            context.drawImage(image, 0, 0);
            return [...context.getImageData(15, 3, 1, 1).data];
        }"""
    )
    page.close()

    assert [image.width, image.height] == [30, 40] == size
    # The blue edge, which was on the left of the sensor, is at the top.
    assert corner[2] > 200 > corner[0]
    (address,) = [url for url in asked if "/assets/" in url]
    assert is_name(address.rpartition("/")[2])
    assert not [url for url in asked if "lying" in url]


def test_a_page_of_the_local_marketplace_finds_its_images(
    server: Server, home: FolderHome, browser: Browser, create: Create
) -> None:
    """The address of a local lab's image is good on whatever host the server has."""
    market = server.markets.production
    with Lab(None, endpoint=market, assets=home) as lab:
        create(lab)
        lab.publish("pets")
        hits = [hit_id for _, hit_id in lab._ledger.hits.each(lab._find("pets").key)]
    page = browser.new_page()
    page.goto(f"{server.origins.frames}/hit/{hits[0]}")
    page.wait_for_selector("main img[data-state=shown]")
    addresses = re.findall(r"/assets/[0-9a-f]{32}\.jpg", page.content())
    page.close()

    assert addresses
    assert {200} == {server.ask("GET", address).status for address in addresses}


def test_a_drawing_that_is_opened_runs_nothing(
    server: Server, home: FolderHome, browser: Browser
) -> None:
    """Even an SVG with a script, which somebody put there by hand, is dead."""
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9">'
        "<script>document.documentElement.id = 'run'</script></svg>"
    )
    home.prepare()
    (home.folder / NAME.replace("jpg", "svg")).write_text(svg)
    page = browser.new_page()
    response = page.goto(f"{server.url}/assets/{NAME.replace('jpg', 'svg')}")
    assert response is not None
    assert "image/svg+xml" == response.headers["content-type"]
    assert "run" != page.evaluate("document.documentElement.id")
    page.close()


def test_a_client_of_ones_own_finds_the_server(
    locked: Server, create: Create, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A lab on a boto3 client sends images to the server behind it."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAANA")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "sesame")
    client = boto3.client("mturk", region_name="us-east-1", endpoint_url=locked.url)
    with Lab(None, endpoint=client) as lab:
        create(lab)
        assert 3 == lab.publish("pets").created


def test_a_marketplace_without_a_server_has_no_place(
    create: Create, server: Server
) -> None:
    """A transport of one's own is asked for a place, with the choices."""

    class Own:
        def call(self, operation: str, params: Any) -> Any:
            return server.markets.production.call(operation, params)

    with Lab(None, endpoint=Own()) as lab, pytest.raises(BadRow, match="no place"):
        create(lab)
