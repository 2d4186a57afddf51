"""Files of images without what is not the image: who took it, where, with what.

The pixels stay as they are: a file is a row of parts, and those that no browser needs
to show it are left out. What is not known here goes too, so that no new place for
secrets comes through.
"""

import re
import struct
from collections.abc import Callable, Iterator

__all__ = ["CLEANERS"]

FIRST_APP, LAST_APP, COMMENT = 0xE0, 0xEF, 0xFE
# The segments of applications that tell colours and shape, by how they begin.
JPEG_APPS = {0xE0: (b"JFIF\0",), 0xE2: (b"ICC_PROFILE\0",), 0xEE: (b"Adobe",)}
START, END, SCAN = b"\xff\xd8", b"\xff\xd9", 0xDA
# Restarts and stuffed bytes belong to the scan they stand in.
MARKER = re.compile(rb"\xff+([\x01-\xcf\xd8-\xfe])")

PNG = b"\x89PNG\r\n\x1a\n"
PNG_PARTS = frozenset(
    b"IHDR PLTE IDAT IEND tRNS gAMA cHRM sRGB iCCP sBIT bKGD pHYs "
    b"cICP mDCV cLLI acTL fcTL fdAT".split()
)

WEBP_PARTS = frozenset([b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF", b"ICCP"])
WEBP_HAS_EXIF, WEBP_HAS_XMP = 0x08, 0x04

GIF_TRAILER, GIF_IMAGE, GIF_EXTENSION = 0x3B, 0x2C, 0x21
GIF_CONTROL, GIF_APPLICATION = 0xF9, 0xFF
GIF_LOOPS = (b"\x0bNETSCAPE2.0", b"\x0bANIMEXTS1.0")


def _clean_jpeg(data: bytes) -> bytes:
    """The file without comments and APP segments, but for those that tell colours."""
    return b"".join([START, *_jpeg_parts(data), END])


def _jpeg_parts(data: bytes) -> Iterator[bytes]:
    at = len(START)
    while marker := MARKER.search(data, at):
        kind, start = marker[1][0], marker.end()
        if kind == END[1]:
            return
        (length,) = struct.unpack_from(">H", data, start)
        end = start + length
        if kind == SCAN:
            following = MARKER.search(data, end)
            end = following.start() if following else len(data)
        if _shows_jpeg(kind, data[start + 2 : end]):
            yield b"\xff" + data[start - 1 : end]
        at = end


def _shows_jpeg(kind: int, body: bytes) -> bool:
    if FIRST_APP <= kind <= LAST_APP:
        return body.startswith(JPEG_APPS.get(kind, ()))
    return kind != COMMENT


def _clean_png(data: bytes) -> bytes:
    """The file without texts, times, EXIF and what follows its end."""
    return b"".join([PNG, *_png_parts(data)])


def _png_parts(data: bytes) -> Iterator[bytes]:
    at, kind = len(PNG), b""
    while kind != b"IEND":
        length, kind = struct.unpack_from(">I4s", data, at)
        end = at + length + 12
        if kind in PNG_PARTS:
            yield data[at:end]
        at = end


def _clean_webp(data: bytes) -> bytes:
    """The file without EXIF and XMP."""
    body = b"".join([b"WEBP", *_webp_parts(data)])
    return b"RIFF" + struct.pack("<I", len(body)) + body


def _webp_parts(data: bytes) -> Iterator[bytes]:
    at, whole = 12, 8 + int.from_bytes(data[4:8], "little")
    while at < whole:
        kind, length = struct.unpack_from("<4sI", data, at)
        end = at + 8 + length + length % 2
        if kind == b"VP8X":
            yield data[at : at + 8]
            yield bytes([data[at + 8] & ~(WEBP_HAS_EXIF | WEBP_HAS_XMP)])
            yield data[at + 9 : end]
        elif kind in WEBP_PARTS:
            yield data[at:end]
        at = end


def _clean_gif(data: bytes) -> bytes:
    """The file without comments, texts and applications, but for how often it loops."""
    at = 13 + _gif_colours(data[10])
    return b"".join([data[:at], *_gif_parts(data, at), bytes([GIF_TRAILER])])


def _gif_parts(data: bytes, at: int) -> Iterator[bytes]:
    while data[at] != GIF_TRAILER:
        if data[at] == GIF_IMAGE:
            start = at + 11 + _gif_colours(data[at + 9])
        elif data[at] == GIF_EXTENSION:
            start = at + 2
        else:
            raise ValueError(f"a GIF has no part {data[at]:#x}")
        end = _gif_end(data, start)
        if data[at] == GIF_IMAGE or _shows_gif(data[at + 1], data[start:end]):
            yield data[at:end]
        at = end


def _gif_colours(flags: int) -> int:
    """The bytes of the table of colours that these flags announce."""
    return 3 << (flags & 7) + 1 if flags & 0x80 else 0


def _gif_end(data: bytes, at: int) -> int:
    """Where a row of blocks ends, each of which begins with its length."""
    while data[at]:
        at += data[at] + 1
    return at + 1


def _shows_gif(kind: int, body: bytes) -> bool:
    is_loop = kind == GIF_APPLICATION and body.startswith(GIF_LOOPS)
    return kind == GIF_CONTROL or is_loop


#: By format: the file without what is not the image. They raise ``ValueError``,
#: ``IndexError`` or ``struct.error`` for a file whose parts do not add up.
CLEANERS: dict[str, Callable[[bytes], bytes]] = {
    "gif": _clean_gif,
    "jpeg": _clean_jpeg,
    "png": _clean_png,
    "webp": _clean_webp,
}
