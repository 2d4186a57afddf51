"""The frame in a worker's browser that shows a page."""

from typing import Any

import attrs

from crowdlab.errors import BadQuestion

__all__ = ["height"]


def height() -> Any:
    """An attribute: the height of the frame in pixels, 0 to fit the window."""
    return attrs.field(default=0, validator=_refuse_no_height)


def _refuse_no_height(_: object, __: "attrs.Attribute[int]", value: object) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise BadQuestion(f"FrameHeight needs pixels, 0 or more, not {value!r}")
