"""A picture as workers are to see it: upright, whole, and telling nothing else."""

import hashlib
import io
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import attrs
from PIL import Image, ImageOps, JpegImagePlugin, UnidentifiedImageError

from crowdlab.assets.cleaning import CLEANERS
from crowdlab.assets.svg import clean_svg, is_svg
from crowdlab.errors import BadInput

__all__ = [
    "EXTENSIONS",
    "MOST_BYTES",
    "MOST_PIXELS",
    "Picture",
    "digest",
    "load",
    "read_picture",
]

#: What a worker's phone can load and show; a file of more is refused.
MOST_BYTES = 20_000_000
MOST_PIXELS = 80_000_000

SVG = "svg"
EXTENSIONS = {
    "avif": ".avif",
    "gif": ".gif",
    "jpeg": ".jpg",
    "png": ".png",
    "svg": ".svg",
    "webp": ".webp",
}
KINDS = "PNG, JPEG, GIF, WebP, AVIF or SVG"
# Phones write JPEG with further pictures behind the first, which Pillow calls MPO.
SEVERAL = "MPO"
ORIENTATION = 0x0112
TURNED = range(2, 9)

# Python keeps one list of warning filters for all threads.
_OPENING = threading.Lock()


@attrs.frozen
class Picture:
    """A picture as workers are to see it.

    Attributes:
        data: the file.
        kind: its format, such as ``jpeg``.
        width: in pixels, as it is shown.
        height: the same.
    """

    data: bytes = attrs.field(repr=False)
    kind: str
    width: int
    height: int

    @property
    def media_type(self) -> str:
        """What a browser calls the format, such as ``image/jpeg``."""
        return "image/svg+xml" if self.kind == SVG else f"image/{self.kind}"


def digest(data: bytes) -> str:
    """What a file is known by, wherever it lies and whatever it is called.

    Example:
        >>> len(digest(b""))
        64
    """
    return hashlib.sha256(data).hexdigest()


def load(path: Path) -> bytes:
    """The bytes of a file that may be a picture.

    Raises:
        BadInput: there is no such file, or it is too large.
    """
    try:
        if not path.is_file():
            missing = f"there is no file {path.absolute()}"
            raise BadInput(f"{missing}, and no URL begins so; one does with https://")
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except (OSError, ValueError) as error:
        if isinstance(error, BadInput):
            raise
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise BadInput(f"cannot be read: {reason}") from None
    if len(data) > MOST_BYTES:
        raise BadInput(f"has more than {MOST_BYTES:,} bytes; make it smaller")
    return data


def read_picture(data: bytes) -> Picture:
    """The picture in a file, made ready to be shown.

    Its orientation is baked in, since browsers and annotations disagree on what an
    EXIF tag says. EXIF, GPS and comments are left out; pixels that need not be turned
    are not encoded again.

    Raises:
        BadInput: for what is no picture, broken, or too large.
    """
    if is_svg(data):
        clean, width, height = clean_svg(data)
        _refuse_huge(width, height)
        return Picture(clean, SVG, width, height)
    with _opened(data) as image:
        kind = "jpeg" if image.format == SEVERAL else str(image.format).lower()
        _refuse_huge(*image.size)
        if _is_turned(image):
            return _turned(image, kind, data)
        width, height = image.size
        _decode(image)
        return Picture(_cleaned(image, kind, data), kind, width, height)


@contextmanager
def _opened(data: bytes) -> Iterator[Image.Image]:
    """The image in a file; whatever a decoder raises for a broken one is one error."""
    try:
        with _open(data) as image:
            yield image
    except BadInput:
        raise
    except UnidentifiedImageError:
        raise BadInput(f"is no image that browsers show: no {KINDS}") from None
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise BadInput(_too_many_pixels("far more")) from None
    except Exception as error:  # decoders raise whatever comes to them
        raise BadInput(f"is broken: {error}") from error


def _open(data: bytes) -> Image.Image:
    with _OPENING, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        return Image.open(io.BytesIO(data), formats=sorted(EXTENSIONS.keys() - {SVG}))


def _refuse_huge(width: int, height: int) -> None:
    if width * height > MOST_PIXELS:
        raise BadInput(_too_many_pixels(f"{width:,} x {height:,}"))


def _too_many_pixels(n: str) -> str:
    return f"has {n} pixels, and {MOST_PIXELS:,} are allowed; make it smaller"


def _is_turned(image: Image.Image) -> bool:
    """Whether a note says that the image lies; what moves stays as it is."""
    moves = image.format != SEVERAL and getattr(image, "is_animated", False)
    return not moves and image.getexif().get(ORIENTATION) in TURNED


def _decode(image: Image.Image) -> None:
    """Reads all of the image, so that one which is cut short is found."""
    if isinstance(image, JpegImagePlugin.JpegImageFile):
        # Every byte is still read, but most of the arithmetic left out.
        image.draft("L", (image.width // 8, image.height // 8))
    image.load()


def _turned(image: Image.Image, kind: str, data: bytes) -> Picture:
    upright = ImageOps.exif_transpose(image)
    file = io.BytesIO()
    upright.save(file, kind, **_settings(image, kind, data))
    saved = file.getvalue()
    cleaned = CLEANERS[kind](saved) if kind in CLEANERS else saved
    return Picture(cleaned, kind, *upright.size)


def _settings(image: Image.Image, kind: str, data: bytes) -> dict[str, Any]:
    """What makes a file as good, and about as large, as the one that was read."""
    settings: dict[str, Any] = {"icc_profile": image.info.get("icc_profile")}
    if isinstance(image, JpegImagePlugin.JpegImageFile):
        sampling = JpegImagePlugin.get_sampling(image)
        return {**settings, "qtables": image.quantization, "subsampling": sampling}
    if kind == "webp":
        return {**settings, "quality": 95, "lossless": b"VP8L" in data[:64]}
    return {**settings, "quality": 90} if kind == "avif" else settings


def _cleaned(image: Image.Image, kind: str, data: bytes) -> bytes:
    if kind in CLEANERS:
        return CLEANERS[kind](data)
    # The notes of an AVIF are woven into it; most have none.
    if not image.info.get("exif") and not image.info.get("xmp"):
        return data
    file = io.BytesIO()
    image.save(file, kind, exif=b"", xmp=b"", **_settings(image, kind, data))
    return file.getvalue()
