"""Small pictures of tasks, to stand inside a report."""

import base64
import io
from pathlib import Path

import attrs
from PIL import Image, ImageOps, UnidentifiedImageError

from crowdlab.assets import MOST_BYTES
from crowdlab.workflow import Doubt

__all__ = ["Thumbnail", "find_thumbnail"]

SIDE = 160
EMBEDDED = "data:"


@attrs.frozen
class Thumbnail:
    """A picture of a task: inside the page, or where it lives.

    Attributes:
        data: the small picture as a data URL, or ``""``.
        link: the address of one that is elsewhere, or ``""``.
    """

    data: str = ""
    link: str = ""


def find_thumbnail(doubt: Doubt) -> Thumbnail:
    """The picture that a task shows.

    Nothing is asked of the network, and so is the page that holds it.
    """
    data = _read(doubt)
    small = None if data is None else _shrink(data)
    if small is not None:
        return Thumbnail(data=small)
    is_address = doubt.address.startswith(("https://", "http://"))
    return Thumbnail(link=doubt.address if is_address else "")


def _read(doubt: Doubt) -> bytes | None:
    try:
        if doubt.image is not None:
            return Path(doubt.image.path).read_bytes()[:MOST_BYTES]
        if doubt.address.startswith(EMBEDDED) and ";base64," in doubt.address:
            return base64.b64decode(doubt.address.partition(";base64,")[2])
    except (OSError, ValueError):
        # What is gone from this machine cannot be shown any more.
        return None
    return None


def _shrink(data: bytes) -> str | None:
    try:
        with Image.open(io.BytesIO(data)) as picture:
            small = ImageOps.exif_transpose(picture).convert("RGB")
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError):
        return None
    small.thumbnail((SIDE, SIDE))
    buffer = io.BytesIO()
    small.save(buffer, "WEBP", quality=80, method=6)
    return f"data:image/webp;base64,{base64.b64encode(buffer.getvalue()).decode()}"
