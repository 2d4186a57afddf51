"""Symbols of landmarks: small drawings in metres, their backs up."""

import functools
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import attrs

from crowdlab.maps.figures import Arc, Circle, Figure, Layer, Polyline

__all__ = ["Symbol", "find_symbol", "list_symbols"]

PAINTS: Mapping[str, Mapping[str, Any]] = {
    "body": {"fill": "#fff", "stroke": "#697586", "width": 2},
    "soft": {"fill": "#d5deea", "stroke": "#697586", "width": 2},
    "wood": {"fill": "#ecdcc2", "stroke": "#697586", "width": 2},
    "leaf": {"fill": "#9dc08b", "stroke": "#4e7040", "width": 2},
    "water": {"fill": "#cbe6f0", "stroke": "#697586", "width": 2},
    "dark": {"fill": "#4a5563"},
    "ink": {"stroke": "#697586", "width": 2},
}


@attrs.frozen
class Symbol:
    """A small drawing about (0, 0), in metres.

    Attributes:
        width: of what it covers, in metres; ``height`` likewise.
        layers: its figures with their paint, the lowest first.
    """

    width: float
    height: float
    layers: tuple[Layer, ...]


@functools.cache
def _drawn() -> Mapping[str, Symbol]:
    text = (Path(__file__).parent / "symbols.json").read_text("utf-8")
    return {kind: _symbol(**facts) for kind, facts in json.loads(text).items()}


def list_symbols() -> list[str]:
    """The kinds of landmarks that have a symbol of their own.

    Example:
        >>> {"bike", "plant", "printer"} <= set(list_symbols())
        True
    """
    return sorted(_drawn())


def find_symbol(kind: str) -> Symbol:
    """The symbol of a kind of landmark; a dot where it has none."""
    return _drawn().get(kind) or _drawn()["dot"]


def _symbol(size: list[float], layers: list[list[Any]]) -> Symbol:
    width, height = size
    drawn = (_layer(paint, *figures) for paint, *figures in layers)
    return Symbol(width, height, tuple(drawn))


def _layer(paint: str, *figures: list[Any]) -> Layer:
    return Layer(tuple(map(_figure, figures)), **PAINTS[paint])


def _figure(numbers: list[Any]) -> Figure:
    """A figure: ``box x y w h``, ``circle x y r``, ``arc x y r from to`` or lines."""
    kind, *rest = numbers
    if kind == "box":
        x, y, w, h = rest
        return Polyline(((x, y), (x + w, y), (x + w, y + h), (x, y + h)), closed=True)
    if kind == "circle":
        return Circle((rest[0], rest[1]), rest[2])
    if kind == "arc":
        return Arc((rest[0], rest[1]), *rest[2:])
    points = tuple(zip(rest[::2], rest[1::2], strict=True))
    return Polyline(points, closed=kind == "area")
