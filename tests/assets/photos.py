"""Files of pictures, as cameras and editors write them."""

import io
from pathlib import Path
from typing import Any

from PIL import Image

__all__ = ["MAKER", "lying", "photo", "write"]

MAKER = b"SECRETMAKER"
ORIENTATION, MAKE, GPS = 0x0112, 0x010F, 0x8825


def photo(
    kind: str = "jpeg", size: tuple[int, int] = (40, 30), shade: int = 0, **how: Any
) -> bytes:
    """A red picture with a blue left edge."""
    image = Image.new("RGB", size, (250, shade, 10))
    image.paste((0, 0, 250), (0, 0, size[0] // 4, size[1]))
    file = io.BytesIO()
    image.save(file, kind, **how)
    return file.getvalue()


def lying(orientation: int | None, kind: str = "jpeg", **how: Any) -> bytes:
    """Such a picture with notes on who took it where, and how it is to be turned."""
    notes = Image.Exif()
    notes[MAKE] = MAKER.decode()
    notes.get_ifd(GPS)[1] = "N"
    if orientation is not None:
        notes[ORIENTATION] = orientation
    return photo(kind, exif=notes, **how)


def write(folder: Path, *names: str) -> list[Path]:
    """Photos under these names, each another picture."""
    paths = [folder / name for name in names]
    for shade, path in enumerate(paths):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(photo(shade=10 * shade))
    return paths
