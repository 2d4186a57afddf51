"""Drawings as SVG: few bytes, one file, nothing from elsewhere."""

import math
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import groupby
from xml.sax.saxutils import escape

import attrs

from crowdlab.maps.figures import Drawing, Layer, Motion, Stamp, Words
from crowdlab.maps.svg_path import number, path

__all__ = ["to_svg"]

# What SVG does where nothing is said.
UNPAINTED = Layer((), fill="#000")

# The turn of words that are read from bottom to top, clockwise.
TURN = -90

LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"


def to_svg(drawing: Drawing, title: str) -> str:
    """The drawing as an SVG document.

    Example:
        >>> to_svg(Drawing(4, 3, ()), "<Nothing>")
        '<svg xmlns="http://www.w3.org/2000/svg" ... viewBox="0 0 4 3" ...><title>&lt;Nothing&gt;</title>...</svg>'
    """
    width, height = drawing.width, drawing.height
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}"'
        f' viewBox="0 0 {width} {height}" stroke-linejoin="round"'
        f' font-family="sans-serif" text-anchor="middle"><title>{escape(title)}</title>'
        f'<path fill="#fff" d="M0 0h{width}v{height}H0z"/>'
        f"{''.join(_parts(drawing))}</svg>"
    )


def _parts(drawing: Drawing) -> Iterator[str]:
    """The parts, lowest first; stamps in a row together, since none hides another."""
    for is_stamp, parts in groupby(drawing.parts, lambda part: isinstance(part, Stamp)):
        if is_stamp:
            yield _stamps([part for part in parts if isinstance(part, Stamp)])
        else:
            yield from map(_part, parts)


def _part(part: Layer | Stamp | Words) -> str:
    assert not isinstance(part, Stamp), "stamps go together"
    return _layer(part) if isinstance(part, Layer) else _words(part)


def _layer(layer: Layer, around: Layer = UNPAINTED) -> str:
    """A path; how everything around it is painted need not be said."""
    said = _paint(layer).items() - _paint(around).items()
    return f'<path{_attributes(said)} d="{path(layer.figures)}"/>'


def _attributes(paint: Iterable[tuple[str, str]]) -> str:
    return "".join(f' {name}="{value}"' for name, value in sorted(paint))


def _paint(layer: Layer) -> dict[str, str]:
    paint = {"fill": layer.fill or "none", "stroke": layer.stroke or "none"}
    return paint | {"stroke-width": number(layer.width)} if layer.stroke else paint


def _stamps(stamps: list[Stamp]) -> str:
    """Symbols, each drawn once, and their uses, those of one turn together."""
    by_name = {stamp.name: stamp for stamp in stamps}
    names = {name: _short(place) for place, name in enumerate(by_name)}
    usual = _most_usual(layer for stamp in by_name.values() for layer in stamp.layers)
    symbols = (
        f'<g id="{names[name]}">{"".join(_layer(x, usual) for x in stamp.layers)}</g>'
        for name, stamp in by_name.items()
    )
    uses = (
        _turned("".join(_use(stamp, names[stamp.name]) for stamp in alike), turn)
        for turn, alike in groupby(sorted(stamps, key=_turn), _turn)
    )
    paint = _attributes(_paint(usual).items())
    return f"<defs>{''.join(symbols)}</defs><g{paint}>{''.join(uses)}</g>"


def _most_usual(layers: Iterable[Layer]) -> Layer:
    paints = Counter(attrs.evolve(layer, figures=()) for layer in layers)
    return paints.most_common(1)[0][0]


def _turned(parts: str, turn: float) -> str:
    return f'<g transform="rotate({number(turn)})">{parts}</g>' if turn else parts


def _short(place: int) -> str:
    more, last = divmod(place, len(LETTERS))
    return (_short(more - 1) if more else "") + LETTERS[last]


def _turn(stamp: Stamp) -> float:
    return stamp.turn % 360


def _use(stamp: Stamp, name: str) -> str:
    x, y = Motion(turn=-stamp.turn)(stamp.at)
    return f'<use href="#{name}" x="{number(x)}" y="{number(y)}"/>'


def _words(words: Words) -> str:
    back = Motion(turn=-TURN if words.turned else 0)
    texts = (
        f'<text x="{number(x)}" y="{number(y)}">{escape(text)}</text>'
        for text, (x, y) in ((text, back(at)) for text, at in words.texts)
    )
    style = {"fill": words.fill, "font-size": number(words.size)}
    if words.bold:
        style["font-weight"] = "700"
    if words.halo:
        halo = {"stroke": words.halo, "stroke-width": str(math.ceil(words.size / 6))}
        style |= halo | {"paint-order": "stroke"}
    if words.turned:
        style["transform"] = f"rotate({TURN})"
    return f"<g{_attributes(style.items())}>{''.join(texts)}</g>"
