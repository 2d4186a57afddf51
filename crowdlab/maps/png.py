"""Drawings as PNG: drawn larger than asked for and shrunk, so that edges are smooth."""

import functools
import io
import math
from collections.abc import Iterable

from PIL import Image, ImageDraw, ImageFont

from crowdlab.maps.figures import (
    Arc,
    Circle,
    Drawing,
    Figure,
    Layer,
    Motion,
    Polyline,
    Stamp,
    Words,
)
from crowdlab.maps.parts import Line

__all__ = ["to_png"]

# Pixels drawn for one that is seen, along each side.
OVER = 3

# The first of these fonts that the machine has; what comes with Pillow lacks accents.
FONTS = {
    True: ("DejaVuSans-Bold", "LiberationSans-Bold", "Arial Bold", "arialbd"),
    False: ("DejaVuSans", "LiberationSans-Regular", "Arial", "arial"),
}


def to_png(drawing: Drawing, scale: float = 1.0) -> bytes:
    """The drawing as a PNG file, so many pixels for one of the plan's.

    Example:
        >>> to_png(Drawing(4, 3, ()))[1:4]
        b'PNG'
    """
    grow = Motion(scale=scale * OVER)
    size = math.ceil(drawing.width * scale), math.ceil(drawing.height * scale)
    sheet = Image.new("RGB", (size[0] * OVER, size[1] * OVER), "#fff")
    for part in drawing.parts:
        if isinstance(part, Words):
            _write(sheet, part, grow)
        else:
            layers = part.moved_layers() if isinstance(part, Stamp) else [part]
            _paint(sheet, layers, grow)
    file = io.BytesIO()
    sheet.reduce(OVER).save(file, "PNG", optimize=True)
    return file.getvalue()


def _paint(sheet: Image.Image, layers: Iterable[Layer], grow: Motion) -> None:
    for layer in layers:
        for figure in layer.figures:
            if layer.fill:
                _fill(sheet, figure.moved(grow), layer.fill)
            if layer.stroke:
                line = _line(figure.moved(grow))
                _stroke(sheet, line, layer.stroke, layer.width * grow.scale)


def _fill(sheet: Image.Image, figure: Figure, colour: str) -> None:
    if not isinstance(figure, Polyline) or not figure.holes:
        ImageDraw.Draw(sheet).polygon(_line(figure), fill=colour)
        return
    mask = Image.new("1", sheet.size)
    drawn = ImageDraw.Draw(mask)
    drawn.polygon(figure.points, fill=1)
    for hole in figure.holes:
        drawn.polygon(hole, fill=0)
    sheet.paste(colour, (0, 0), mask)


def _stroke(sheet: Image.Image, line: Line, colour: str, width: float) -> None:
    drawn = ImageDraw.Draw(sheet)
    drawn.line(line, fill=colour, width=max(1, round(width)), joint="curve")


def _line(figure: Figure) -> Line:
    """The figure as straight lines; those of a closed one meet behind its corner."""
    if isinstance(figure, Circle):
        return _line(Polyline(_round(Arc(figure.centre, figure.radius, 0, 360)), True))
    if isinstance(figure, Arc):
        return _round(figure)
    return (*figure.points, *figure.points[:2]) if figure.closed else figure.points


def _round(arc: Arc) -> Line:
    n_steps = max(8, round(arc.radius))
    step = (arc.end - arc.start) / n_steps
    return tuple(arc.at(arc.start + n * step) for n in range(n_steps + 1))


def _write(sheet: Image.Image, words: Words, grow: Motion) -> None:
    font = _font(round(words.size * grow.scale), bold=words.bold)
    halo = round(math.ceil(words.size / 6) * grow.scale / 2) if words.halo else 0
    for text, at in words.texts:
        for colour, width in ((words.halo, halo), (words.fill, 0)):
            if colour:
                letters = _letters(text, font, width, turned=words.turned)
                x, y = grow(at)
                middle = letters.width / 2, letters.height / 2
                left, top = round(x - middle[0]), round(y - middle[1])
                sheet.paste(colour, (left, top), letters)


def _letters(
    text: str, font: ImageFont.FreeTypeFont, halo: int, *, turned: bool
) -> Image.Image:
    """A mask of the text, the middle of its base line in its own middle."""
    left, top, right, bottom = font.getbbox(text, anchor="ms", stroke_width=halo)
    across, along = (math.ceil(max(-a, b)) for a, b in ((left, right), (top, bottom)))
    mask = Image.new("L", (2 * across, 2 * along))
    drawn = ImageDraw.Draw(mask)
    drawn.text(
        (across, along), text, fill=255, font=font, anchor="ms", stroke_width=halo
    )
    return mask.transpose(Image.Transpose.ROTATE_90) if turned else mask


@functools.cache
def _font(size: int, *, bold: bool) -> ImageFont.FreeTypeFont:
    for name in FONTS[bold]:
        try:
            return ImageFont.truetype(name, size)
        except OSError:
            continue
    font = ImageFont.load_default(size)
    assert isinstance(font, ImageFont.FreeTypeFont), "a size was asked for"
    return font
