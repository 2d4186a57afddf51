"""How wide words are, and how they break into lines, whatever font shows them."""

import functools
import itertools
import unicodedata

import attrs
from PIL import ImageFont

__all__ = ["LINE_HEIGHT", "Block", "layouts"]

# Fonts differ: the widest usual ones are so much wider than the one that is measured.
WIDEST, WIDEST_BOLD = 1.13, 1.29

# From one base line to the next, in sizes of the letters.
LINE_HEIGHT = 1.12

MEASURED_AT = 100
MOST_LINES = 3


@attrs.frozen
class Block:
    """A text in lines; its width and height are in sizes of its letters."""

    lines: tuple[str, ...]
    width: float

    @property
    def height(self) -> float:
        """From the top of the first line to the bottom of the last."""
        return LINE_HEIGHT * len(self.lines)


@functools.cache
def layouts(text: str, *, bold: bool = False) -> tuple[Block, ...]:
    """The ways to break a text into lines, few lines first.

    Example:
        >>> [" / ".join(block.lines) for block in layouts("Meeting room 2")]
        ['Meeting room 2', 'Meeting room / 2', 'Meeting / room 2', 'Meeting / room / 2']
    """
    words = text.split()
    cuts = range(len(words) - 1, 0, -1)
    breaks = (
        chosen
        for n in range(min(MOST_LINES, len(words)))
        for chosen in itertools.combinations(cuts, n)
    )
    return tuple(_block(words, sorted(chosen), bold=bold) for chosen in breaks)


def _block(words: list[str], breaks: list[int], *, bold: bool) -> Block:
    edges = [0, *breaks, len(words)]
    lines = tuple(" ".join(words[a:b]) for a, b in itertools.pairwise(edges))
    return Block(lines, max(map(_width, lines)) * (WIDEST_BOLD if bold else WIDEST))


def _width(text: str) -> float:
    """The width of a line; what the font lacks counts as its widest letter."""
    letters = unicodedata.normalize("NFKD", text)
    plain = (x if x.isascii() else "W" for x in letters if not unicodedata.combining(x))
    return _font().getlength("".join(plain)) / MEASURED_AT


@functools.cache
def _font() -> ImageFont.FreeTypeFont:
    font = ImageFont.load_default(MEASURED_AT)
    assert isinstance(font, ImageFont.FreeTypeFont), "a size was asked for"
    return font
