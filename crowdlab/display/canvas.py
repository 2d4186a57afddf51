"""What plots are drawn on: axes that become SVG, in the colours of the page."""

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import attrs

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["BLUE", "GREEN", "GREY", "INK", "ORANGE", "RED", "STYLE", "Plot", "axes"]

# Okabe and Ito's colours, which people who confuse red and green can tell apart. On
# the page each is a property of its style, so that dark pages have lighter ones.
BLUE, ORANGE, GREEN, RED = "#0072b2", "#e69f00", "#009e73", "#d55e00"
GREY, INK = "#767676", "#010203"
_NAMES = {BLUE: "blue", ORANGE: "orange", GREEN: "green", RED: "red", GREY: "grey"}

# As wide as a phone, so that letters are as large there as the text around them.
_WIDTH = 4.6
STYLE: Any = {
    "axes.edgecolor": GREY,
    "axes.labelcolor": INK,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "figure.constrained_layout.use": True,
    "figure.facecolor": "none",
    "axes.facecolor": "none",
    "font.size": 10.5,
    "legend.frameon": False,
    "svg.fonttype": "none",
    "svg.hashsalt": "crowdlab",
    "text.color": INK,
    "xtick.color": GREY,
    "xtick.labelcolor": INK,
    "ytick.color": GREY,
    "ytick.labelcolor": INK,
}


@attrs.frozen
class Plot:
    """A plot with what it says.

    Attributes:
        svg: stands in HTML as it is.
        alt: the same for who does not see it.
    """

    title: str
    svg: str
    alt: str


@contextmanager
def axes(title: str, height: float = 3.0) -> Iterator[tuple["Axes", list[str]]]:
    """Axes to draw on; afterwards the list holds the SVG."""
    from matplotlib.figure import Figure  # noqa: PLC0415 - an extra

    figure = Figure(figsize=(_WIDTH, height))
    drawn: list[str] = []
    yield figure.subplots(), drawn
    buffer = io.StringIO()
    figure.savefig(buffer, format="svg", metadata={"Date": None, "Title": title})
    drawn.append(_inline(buffer.getvalue()))


def _inline(svg: str) -> str:
    """Only the element, in the page's own letters and colours."""
    element = svg[svg.index("<svg") :]
    element = re.sub(r'width="[^"]+" height="[^"]+"', "", element, count=1)
    element = re.sub(r"font: ([\d.]+px)[^;\"]*", r"font-size: \1", element)
    element = element.replace(INK, "currentColor")
    for colour, name in _NAMES.items():
        element = element.replace(colour, f"var(--{name})")
    return element
