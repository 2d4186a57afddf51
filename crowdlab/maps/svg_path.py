"""Figures as the path data of SVG, in few letters."""

import re
from collections.abc import Iterable

from crowdlab.maps.figures import Arc, Circle, Figure, Polyline
from crowdlab.maps.parts import Line, Point

__all__ = ["number", "path"]

DECIMALS = 1


def path(figures: Iterable[Figure]) -> str:
    """One path of all the figures; one that begins where the last ended goes on.

    Example:
        >>> from crowdlab.maps.figures import Polyline
        >>> path([Polyline(((0, 0), (4, 0), (4, 2.5)), closed=True), Circle((9, 9), 2)])
        'M0 0h4v2.5zM7 9a2 2 0 1 0 4 0 2 2 0 1 0-4 0z'
        >>> path([Polyline(((0, 0), (4, 0))), Arc((4, 4), 4, -90, 0)])
        'M0 0h4a4 4 0 0 1 4 4'
    """
    written, end = [], ""
    for figure in figures:
        drawn = _figure(figure)
        written.append(drawn.removeprefix(end) if end else drawn)
        end = f"M{_numbers(*_end(figure))}" if _is_open(figure) else ""
    return "".join(written)


def _is_open(figure: Figure) -> bool:
    return isinstance(figure, Arc) or (
        isinstance(figure, Polyline) and not figure.closed
    )


def _end(figure: Figure) -> Point:
    """Where the pen is after an open figure."""
    assert not isinstance(figure, Circle), "a circle is closed"
    return figure.at(figure.end) if isinstance(figure, Arc) else figure.points[-1]


def number(value: float) -> str:
    """A number with a decimal at most.

    Example:
        >>> number(0.5), number(-0.04), number(12.0)
        ('.5', '0', '12')
    """
    text = f"{value:.{DECIMALS}f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else re.sub(r"^(-?)0\.", r"\1.", text)


def _figure(figure: Figure) -> str:
    if isinstance(figure, Circle):
        return _circle(figure)
    if isinstance(figure, Arc):
        return _arc(figure)
    lines = "".join(_line(hole, closed=True) for hole in figure.holes)
    return _line(figure.points, closed=figure.closed) + lines


def _line(points: Line, *, closed: bool) -> str:
    # Steps are between rounded points, so that their roundings do not add up.
    pen, *others = ((round(x, DECIMALS), round(y, DECIMALS)) for x, y in points)
    steps = [f"M{_numbers(*pen)}"]
    for point in others:
        steps.append(_step(point[0] - pen[0], point[1] - pen[1]))
        pen = point
    return "".join(steps) + "z" * closed


def _step(right: float, down: float) -> str:
    if number(down) == "0":
        return f"h{number(right)}"
    if number(right) == "0":
        return f"v{number(down)}"
    return f"l{_numbers(right, down)}"


def _circle(circle: Circle) -> str:
    (x, y), radius = circle.centre, circle.radius
    half = _numbers(radius, radius, 0, 1, 0)
    there, back = _numbers(2 * radius, 0), _numbers(-2 * radius, 0)
    between = "" if back.startswith("-") else " "
    return f"M{_numbers(x - radius, y)}a{half} {there} {half}{between}{back}z"


def _arc(arc: Arc) -> str:
    (x, y), (right, down) = arc.at(arc.start), arc.at(arc.end)
    way = _numbers(arc.radius, arc.radius, 0, 0, 1, right - x, down - y)
    return f"M{_numbers(x, y)}a{way}"


def _numbers(*values: float) -> str:
    """Numbers in a row; a minus sign needs no blank before it."""
    return " ".join(map(number, values)).replace(" -", "-")
