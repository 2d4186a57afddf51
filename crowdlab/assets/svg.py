"""Drawings in SVG: only what draws, and a size in pixels.

In an ``<img>`` no browser runs a script of an SVG or loads anything for it. Somebody
who opens its address sees it as a page, though, and texts in it are read by whoever
looks: so scripts, links to elsewhere and all that an editor noted are left out.
"""

import math
import re
from typing import Any

from lxml import etree

from crowdlab.errors import BadInput

__all__ = ["clean_svg", "is_svg"]

NAMESPACE = "http://www.w3.org/2000/svg"
LINKS = {"href", "{http://www.w3.org/1999/xlink}href"}
KEPT_PREFIXES = ("{http://www.w3.org/1999/xlink}", "{http://www.w3.org/XML/1998/")
# What runs, what holds other pages, and what tells rather than draws.
TAGS = "a|audio|desc|discard|foreignObject|handler|iframe|listener|metadata|script|title|video"
DROPPED = {f"{{{NAMESPACE}}}{tag}" for tag in TAGS.split("|")}
STYLE = f"{{{NAMESPACE}}}style"
BASE = "{http://www.w3.org/XML/1998/namespace}base"
ELSEWHERE = re.compile(
    r"@import|(image-set|src)\(|url\(\s*+[\"']?+(?!\s*(#|data:image/))", re.IGNORECASE
)
# CSS reads \75rl as url.
ESCAPE = re.compile(r"\\(?:([0-9a-f]{1,6})\s?|(.))", re.IGNORECASE | re.DOTALL)
INSIDE = re.compile(r"\s*(#|data:image/(png|jpeg|gif|webp);)")
LENGTH = re.compile(r"\s*(\d*\.?\d+)\s*(px|pt|pc|mm|cm|in)?\s*")
PIXELS = {None: 1, "px": 1, "pt": 4 / 3, "pc": 16, "in": 96, "cm": 96 / 2.54}
PIXELS["mm"] = 9.6 / 2.54
MOST = 1e9

_PARSER = etree.XMLParser(
    resolve_entities=False,
    load_dtd=False,
    no_network=True,
    remove_comments=True,
    remove_pis=True,
)


def is_svg(data: bytes) -> bool:
    """Whether a file is XML, as of the formats only SVG is."""
    return data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")


def clean_svg(data: bytes) -> tuple[bytes, int, int]:
    """The drawing without what does not draw, its width and its height.

    Raises:
        BadInput: for no SVG, for entities, and for one that tells no size.

    Example:
        >>> clean_svg(b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4 3"/>')
        (b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4 3" width="4" height="3"/>', 4, 3)
    """
    root = _read(data)
    width, height = _size(root)
    for element in list(root.iter()):
        if element is not root and not _draws(element):
            _drop(element)
        else:
            _drop_attributes(element)
    etree.cleanup_namespaces(root)
    root.set("width", str(width))
    root.set("height", str(height))
    return etree.tostring(root, encoding="utf-8"), width, height


def _read(data: bytes) -> "etree._Element":
    try:
        root = etree.fromstring(data, _PARSER)
    except etree.XMLSyntaxError as error:
        raise BadInput(f"is no SVG: {' '.join(str(error.msg).split())}") from None
    if root.tag != f"{{{NAMESPACE}}}svg":
        raise BadInput("is no image of a known format")
    dtd: Any = root.getroottree().docinfo.internalDTD
    if dtd is not None and dtd.entities():
        raise BadInput("declares entities; save it as plain SVG")
    return root


def _size(root: "etree._Element") -> tuple[int, int]:
    box = (root.get("viewBox") or "").replace(",", " ").split()
    widths = (root.get("width"), box[2] if len(box) == 4 else None)  # noqa: PLR2004
    heights = (root.get("height"), box[3] if len(box) == 4 else None)  # noqa: PLR2004
    return _pixels(widths), _pixels(heights)


def _pixels(lengths: tuple[str | None, str | None]) -> int:
    """The first of the lengths that is one, in whole pixels."""
    for length in lengths:
        match = LENGTH.fullmatch(length or "")
        if match:
            size = float(match[1]) * PIXELS[match[2]]
            return max(1, math.ceil(min(size, MOST)))
    raise BadInput("tells no size; give the SVG a width and a height")


def _draws(element: "etree._Element") -> bool:
    tag = str(element.tag)
    is_ours = tag.startswith(f"{{{NAMESPACE}}}") and tag not in DROPPED
    # An animation could make a link of what was none.
    is_harmless = "href" not in element.get("attributeName", "")
    leads_out = tag == STYLE and _leads_out(str(element.xpath("string()")))
    return is_ours and is_harmless and not leads_out


def _leads_out(css: str) -> bool:
    return ELSEWHERE.search(ESCAPE.sub(_unescape, css)) is not None


def _unescape(escape: re.Match[str]) -> str:
    # Only ASCII can spell what leads out.
    return chr(min(int(escape[1], 16), 0x7F)) if escape[1] else escape[2]


def _drop(element: "etree._Element") -> None:
    parent = element.getparent()
    if parent is not None:
        element.tail = None
        parent.remove(element)


def _drop_attributes(element: "etree._Element") -> None:
    for name, value in element.items():
        if not _is_kept(str(name), str(value)):
            del element.attrib[name]


def _is_kept(name: str, value: str) -> bool:
    if name in LINKS:
        return INSIDE.match(value) is not None
    is_known = not name.startswith("{") or name.startswith(KEPT_PREFIXES)
    return (
        is_known
        and name != BASE
        and not name.lower().startswith("on")
        and not name.startswith("data-")
        and not _leads_out(value)
    )
