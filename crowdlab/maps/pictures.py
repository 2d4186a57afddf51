"""Pictures of a plan, alone or with a route."""

import base64
from typing import TypedDict, Unpack

from crowdlab.maps.drawing import Look, draw
from crowdlab.maps.plan import Plan
from crowdlab.maps.png import to_png
from crowdlab.maps.route import Route
from crowdlab.maps.svg import to_svg

__all__ = ["Shown", "draw_png", "draw_svg", "svg_url"]


class Shown(TypedDict, total=False):
    """What of a plan is shown.

    Attributes:
        labels: any names at all; they are shown unless told.
        room_names: the names of rooms; they are shown unless told.
        objects: landmarks; they are shown unless told.
        legend: below the plan, what the marks of a route mean.
        scale_bar: below the plan, how long some metres are.
        compass: below the plan, where north is.
    """

    labels: bool
    room_names: bool
    objects: bool
    legend: bool
    scale_bar: bool
    compass: bool


def draw_svg(plan: Plan, route: Route | None = None, **shown: Unpack[Shown]) -> str:
    """The plan as an SVG document whose units are the plan's pixels.

    Args:
        route: drawn in blue from a green S to a red G.
        shown: what else to show, or not; ``Shown`` lists it.

    Example:
        >>> from crowdlab.maps import load_plan
        >>> draw_svg(load_plan("house"), labels=False)[:25]
        '<svg xmlns="http://www.w3'
    """
    return to_svg(draw(plan, route, Look(**shown)), plan.title)


def draw_png(
    plan: Plan,
    route: Route | None = None,
    *,
    scale: float = 1.0,
    **shown: Unpack[Shown],
) -> bytes:
    """The same picture as a PNG file, with so many pixels for one of the plan's."""
    return to_png(draw(plan, route, Look(**shown)), scale)


def svg_url(svg: str) -> str:
    """The document as the URL of an image, which needs no host."""
    data = base64.b64encode(svg.encode("utf-8")).decode("ascii")
    return f"data:image/svg+xml;base64,{data}"
