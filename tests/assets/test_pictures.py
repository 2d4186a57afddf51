"""What workers get of a picture: upright, whole, and telling nothing else."""

import contextlib
import io
import os
import threading
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageChops, ImageOps

from crowdlab.assets import load, read_picture
from crowdlab.assets.pictures import MOST_BYTES
from crowdlab.errors import BadInput
from tests.assets.photos import MAKER, lying, photo

TURNABLE = ["avif", "jpeg", "png", "webp"]


def opened(data: bytes) -> Image.Image:
    """The picture in a file, decoded."""
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


@pytest.mark.parametrize("kind", TURNABLE)
@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_picture_is_upright(kind: str, orientation: int) -> None:
    """However a camera was held, the pixels are as it meant them, and no note is left."""
    data = lying(orientation, kind)
    meant = ImageOps.exif_transpose(opened(data)).convert("RGB")
    picture = read_picture(data)
    shown = opened(picture.data)
    difference = np.asarray(ImageChops.difference(meant, shown.convert("RGB")))

    assert (30, 40) == meant.size if orientation >= 5 else (40, 30) == meant.size
    assert meant.size == shown.size == (picture.width, picture.height)
    assert difference.mean() < 5
    assert not shown.getexif()
    assert MAKER not in picture.data


@pytest.mark.parametrize("kind", ["jpeg", "png", "webp", "gif", "avif"])
def test_a_clean_picture_keeps_its_bytes(kind: str) -> None:
    """What is upright and tells nothing goes to workers as it came."""
    data = photo(kind)

    assert data == read_picture(data).data


@pytest.mark.parametrize("kind", ["jpeg", "png", "webp"])
def test_notes_go_and_pixels_stay(kind: str) -> None:
    """A picture that is upright loses what it tells, and no pixel is encoded again."""
    data = lying(None, kind)
    cleaned = read_picture(data).data

    assert MAKER in data
    assert MAKER not in cleaned
    assert opened(data).tobytes() == opened(cleaned).tobytes()
    assert cleaned == read_picture(cleaned).data


def test_colours_keep_their_profile() -> None:
    """What says how colours look is part of the picture."""
    profile = b"a profile of colours" * 10
    for kind in ("jpeg", "png", "webp"):
        for data in (
            photo(kind, icc_profile=profile),
            lying(6, kind, icc_profile=profile),
        ):
            assert profile == opened(read_picture(data).data).info["icc_profile"]


def test_whatever_is_not_the_picture_goes() -> None:
    """Comments, texts, XMP, thumbnails and what follows the end of a file."""
    files = [
        photo("jpeg", comment=MAKER) + MAKER,
        photo("jpeg", xmp=MAKER, progressive=True),
        photo("gif", comment=MAKER) + MAKER,
        photo("webp", xmp=MAKER, lossless=True),
        photo("png") + MAKER,
        _with_text(photo("png")),
    ]

    assert [MAKER in file for file in files] == [True] * 6
    assert [MAKER in read_picture(file).data for file in files] == [False] * 6


def _with_text(png: bytes) -> bytes:
    body = b"tEXtAuthor\0" + MAKER
    size = (len(body) - 4).to_bytes(4, "big")
    chunk = size + body + zlib.crc32(body).to_bytes(4, "big")
    return png[:33] + chunk + png[33:]


@pytest.mark.parametrize("kind", ["gif", "png", "webp"])
def test_what_moves_goes_on_moving(kind: str) -> None:
    """An animation keeps its frames, how long they stay, and how often it is shown."""
    frames = [Image.new("RGB", (8, 8), (n * 80, 0, 0)) for n in range(3)]
    file = io.BytesIO()
    frames[0].save(
        file, kind, save_all=True, append_images=frames[1:], duration=90, loop=3
    )
    image = Image.open(io.BytesIO(read_picture(file.getvalue()).data))

    assert 3 == image.n_frames  # type: ignore[attr-defined]
    assert 3 == image.info["loop"]
    for number in range(3):
        image.seek(number)
        shade = np.asarray(image.convert("RGB"))[4, 4, 0]
        assert abs(number * 80 - int(shade)) < 5


def test_of_several_pictures_in_a_photo_the_first_is_shown() -> None:
    """Phones hide further pictures behind a photo; workers do not get them."""
    second = Image.new("RGB", (40, 30), (0, 250, 0))
    file = io.BytesIO()
    opened(photo()).save(file, "MPO", save_all=True, append_images=[second])
    picture = read_picture(file.getvalue())

    assert "MPO" == Image.open(file).format
    assert "JPEG" == opened(picture.data).format
    assert len(picture.data) < len(file.getvalue()) * 2 / 3


@pytest.mark.parametrize("kind", ["jpeg", "png", "webp", "gif", "avif"])
def test_a_file_that_is_cut_short_is_refused(kind: str) -> None:
    """Half a picture is found when it is read, not by a worker."""
    noise = Image.fromarray(
        np.random.default_rng(1).integers(0, 255, (90, 90, 3), "uint8")
    )
    file = io.BytesIO()
    noise.save(file, kind)
    whole = file.getvalue()

    assert 90 == read_picture(whole).width
    for share in (0.3, 0.6, 0.9):
        with pytest.raises(BadInput):
            read_picture(whole[: int(len(whole) * share)])


@pytest.mark.parametrize("kind", ["jpeg", "png", "webp", "gif", "avif"])
def test_a_damaged_file_is_one_error_or_a_picture(kind: str) -> None:
    """Whatever bytes are hurt, a decoder's own error never comes through."""
    whole, draw = (
        lying(6, kind) if kind != "gif" else photo(kind),
        np.random.default_rng(7),
    )
    for _ in range(150):
        data = bytearray(whole)
        for place in draw.integers(0, len(data), 3):
            data[place] = draw.integers(0, 256)
        with contextlib.suppress(BadInput):
            assert read_picture(bytes(data)).width


def test_a_bomb_does_not_go_off() -> None:
    """A small file of a huge picture is refused before it is unpacked."""
    for side in (9000, 10_000, 60_000):
        head = b"IHDR" + side.to_bytes(4, "big") * 2 + b"\x08\x02\0\0\0"
        bomb = (
            b"\x89PNG\r\n\x1a\n\0\0\0\x0d"
            + head
            + zlib.crc32(head).to_bytes(4, "big")
            + photo("png")[33:]
        )
        with pytest.raises(BadInput, match="80,000,000 are allowed; make it smaller"):
            read_picture(bomb)


def test_what_is_no_picture_is_refused(tmp_path: Path) -> None:
    """Other formats, empty files, folders, pipes, and files too large to be one."""
    for data in (b"", b"MZ", b"%PDF-1.7", photo("tiff"), photo("bmp")):
        with pytest.raises(BadInput, match="no PNG, JPEG, GIF, WebP, AVIF or SVG"):
            read_picture(data)
    os.mkfifo(tmp_path / "pipe.png")
    with (tmp_path / "large.png").open("wb") as file:
        file.truncate(MOST_BYTES + 1)
    for name, complaint in {
        "pipe.png": "no file",
        "": "no file",
        "large.png": "more than",
    }.items():
        with pytest.raises(BadInput, match=complaint):
            load(tmp_path / name)


def test_pictures_may_be_read_in_threads() -> None:
    """Warnings stay as they are set, however many pictures are opened at once."""
    data, failures = photo("png", size=(300, 300)), []

    def read() -> None:
        try:
            for _ in range(30):
                read_picture(data)
        except BaseException as error:  # noqa: BLE001 - seen below
            failures.append(error)

    threads = [threading.Thread(target=read) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [] == failures


DRAWING = b"""<?xml version="1.0"?><!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "x.dtd">
<!-- SECRETMAKER --><svg xmlns="http://www.w3.org/2000/svg"
 xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:ink="http://inkscape.org" viewBox="0 0 40 30"
 ink:name="SECRETMAKER.svg" onload="alert('SECRETMAKER')">
<title>SECRETMAKER</title><metadata><a>SECRETMAKER</a></metadata>
<script>alert("SECRETMAKER")</script><style>@import url(https://SECRETMAKER.example)</style>
<style>.a { fill: red }</style><foreignObject><p>SECRETMAKER</p></foreignObject>
<a href="https://SECRETMAKER.example"><rect width="9"/></a>
<g onclick="SECRETMAKER" id="g"><rect class="a" width="40" height="30" fill="url(#f)"/></g>
<image href="https://SECRETMAKER.example/1.png" width="3"/><use xlink:href="#g"/>
<set attributeName="href" to="javascript:SECRETMAKER"/>
<rect style="fill: url('https://SECRETMAKER.example')"/></svg>"""


def test_a_drawing_only_draws() -> None:
    """An SVG loses scripts, links to elsewhere and notes; what draws stays."""
    picture = read_picture(DRAWING)
    text = picture.data.decode()

    assert "SECRETMAKER" not in text
    assert ("image/svg+xml", 40, 30) == (
        picture.media_type,
        picture.width,
        picture.height,
    )
    for kept in ('fill="url(#f)"', 'xlink:href="#g"', ".a { fill: red }", 'id="g"'):
        assert kept in text
    assert picture.data == read_picture(picture.data).data


@pytest.mark.parametrize(
    "inside",
    [
        "<style>a{}<g/>b{fill:url(https://SECRETMAKER.example)}</style>",
        r"<style>b{fill:\75rl(https://SECRETMAKER.example)}</style>",
        r'<rect style="fill:u\000072l(https://SECRETMAKER.example)"/>',
        r'<style>b{fill:i\00006dage-set("https://SECRETMAKER.example" 1x)}</style>',
        '<style>@\\69mport "https://SECRETMAKER.example";</style>',
        '<rect fill="src(&quot;https://SECRETMAKER.example&quot;)"/>',
        '<rect xml:base="https://SECRETMAKER.example" fill="url(#a)"/>',
        '<image href=" JaVaScRiPt:SECRETMAKER"/>',
        "<!--SECRETMAKER--><?xml-stylesheet href='https://SECRETMAKER.example'?>",
        '<s:script xmlns:s="http://www.w3.org/2000/svg">SECRETMAKER</s:script>',
    ],
)
def test_a_drawing_leads_nowhere(inside: str) -> None:
    """However an address of elsewhere or a script is spelled, it goes."""
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" width="4" height="3">{inside}</svg>'

    assert b"SECRETMAKER" not in read_picture(svg.encode()).data


@pytest.mark.parametrize(
    "inside",
    [
        '<rect fill="url(&quot;#a&quot;)"/>',
        "<style>b{fill:url( '#a' )}</style>",
        "<text>See url(https://example.org) \\o/</text>",
    ],
)
def test_a_drawing_refers_to_itself(inside: str) -> None:
    """What points into the drawing stays, and so does what only reads like a way out."""
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" width="4" height="3">{inside}</svg>'

    assert svg == read_picture(svg.encode()).data.decode()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-le"])
def test_entities_are_found_in_every_encoding(encoding: str) -> None:
    """A file that declares what stands for more is refused, whatever it is written in."""
    svg = (
        f'<?xml version="1.0" encoding="{encoding[:6].rstrip("-")}"?>'
        '<!DOCTYPE svg [<!ENTITY a "b">]>'
        '<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1" id="&a;"/>'
    )
    with pytest.raises(BadInput, match=r"entities|no image"):
        read_picture(svg.encode(encoding))


@pytest.mark.parametrize(
    ("attributes", "size"),
    [
        ('width="20" height="10"', (20, 10)),
        ('width="20px" height="10.2px" viewBox="0 0 4 3"', (20, 11)),
        ('width="1in" height="72pt"', (96, 96)),
        ('width="100%" height="100%" viewBox="0,0,4,3"', (4, 3)),
    ],
)
def test_a_drawing_has_a_size_in_pixels(attributes: str, size: tuple[int, int]) -> None:
    """Browsers agree on the size of an SVG that tells it in pixels; so it does."""
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" {attributes}/>'
    picture = read_picture(svg.encode())

    assert size == (picture.width, picture.height)
    assert f'width="{size[0]}" height="{size[1]}"' in picture.data.decode()


@pytest.mark.parametrize(
    ("svg", "complaint"),
    [
        ('<svg xmlns="http://www.w3.org/2000/svg"/>', "tells no size"),
        ('<svg width="1" height="1"/>', "no image of a known format"),
        ("<html/>", "no image of a known format"),
        ("<svg", "is no SVG"),
        (
            '<!DOCTYPE s [<!ENTITY a "b">]><svg xmlns="http://www.w3.org/2000/svg"/>',
            "entities",
        ),
        (
            '<svg xmlns="http://www.w3.org/2000/svg" width="99999" height="99999"/>',
            "80,000,000 are allowed",
        ),
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{"9" * 400}" height="1"/>',
            "80,000,000 are allowed",
        ),
    ],
)
def test_a_drawing_that_cannot_be_shown_is_refused(svg: str, complaint: str) -> None:
    """It says what is missing."""
    with pytest.raises(BadInput, match=complaint):
        read_picture(svg.encode())
