"""Pictures of a plan, alone or with a route."""

import base64
from collections.abc import Collection

from crowdlab.maps.drawing import Look, draw
from crowdlab.maps.plan import Plan
from crowdlab.maps.png import to_png
from crowdlab.maps.route import Route
from crowdlab.maps.svg import to_svg

__all__ = ["draw_png", "draw_svg", "svg_url"]


def draw_svg(
    plan: Plan,
    route: Route | None = None,
    *,
    labels: bool = True,
    room_names: bool = True,
    nameless: Collection[str] = (),
    objects: bool = True,
    legend: bool = False,
    scale_bar: bool = False,
    compass: bool = False,
) -> str:
    """The plan as an SVG document whose units are the plan's pixels.

    Args:
        route: drawn in blue from a green S to a red G.
        labels: whether any names are shown; ``room_names``: those of rooms.
        nameless: kinds of rooms whose names are not shown, such as ``office``.
        objects: whether landmarks are shown.
        legend: below the plan, what the marks of a route mean; ``scale_bar`` and
            ``compass`` likewise.

    Example:
        >>> from crowdlab.maps import load_plan
        >>> draw_svg(load_plan("house"))[:25]
        '<svg xmlns="http://www.w3'
    """
    look = Look(
        labels=labels,
        room_names=room_names,
        nameless=nameless,
        objects=objects,
        legend=legend,
        scale_bar=scale_bar,
        compass=compass,
    )
    return to_svg(draw(plan, route, look), plan.title)


def draw_png(
    plan: Plan, route: Route | None = None, *, scale: float = 1.0, **shown: bool
) -> bytes:
    """The same picture as a PNG file, ``scale`` pixels for one of the plan's.

    Args:
        shown: as for ``draw_svg``.
    """
    return to_png(draw(plan, route, Look(**shown)), scale)


def svg_url(svg: str) -> str:
    """The document as the URL of an image, which needs no host."""
    data = base64.b64encode(svg.encode("utf-8")).decode("ascii")
    return f"data:image/svg+xml;base64,{data}"
