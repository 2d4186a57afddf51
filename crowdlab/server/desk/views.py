"""What a page tells, as HTML: the whole of it, or the parts that changed."""

import hashlib
from collections.abc import Mapping
from typing import Any

import attrs
from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.responses import HTMLResponse

from crowdlab.server.desk.addresses import group_path
from crowdlab.server.desk.formats import FILTERS
from crowdlab.server.rendering import respond

__all__ = ["View", "find_changes", "show"]

Facts = Mapping[str, Any]

_POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    # Pictures of tasks come from wherever the requester keeps them.
    "img-src": "'self' data: https: http://localhost:* http://127.0.0.1:*",
    "connect-src": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    "base-uri": "'none'",
}
#: How the blocks are called that change under the eyes of who looks.
LIVE = "live_"

_pages = Environment(
    loader=PackageLoader("crowdlab.server", "pages/desk"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_pages.filters |= FILTERS
_pages.globals |= {"group_path": group_path}


@attrs.frozen
class View:
    """What a page tells.

    Attributes:
        page: the name of its template.
        data: its figures: all of its JSON.
        extras: what only people need, such as drawings.
    """

    page: str
    data: Facts
    extras: Facts = attrs.field(factory=dict)


def show(view: View, facts: Facts, *, status: int = 200) -> HTMLResponse:
    """The whole page.

    Args:
        facts: what every page is told besides.
    """
    told = {**facts, **view.data, **view.extras}
    marks = {name: _mark(text) for name, text in _parts(view.page, told).items()}
    page = _pages.get_template(f"{view.page}.html").render(**told, marks=marks)
    return respond(page, policy=_POLICY, status=status)


def find_changes(view: View, facts: Facts, known: str) -> dict[str, dict[str, str]]:
    """The parts that a browser does not have yet, each with its mark.

    Args:
        known: the names of those it has, with their marks: ``figures=0a1b items=2c3d``.
    """
    parts = _parts(view.page, {**facts, **view.data, **view.extras})
    had = set(known.split())
    return {
        name: {"html": text, "mark": _mark(text)}
        for name, text in parts.items()
        if f"{name}={_mark(text)}" not in had
    }


def _parts(page: str, facts: Facts) -> dict[str, str]:
    template = _pages.get_template(f"{page}.html")
    context = template.new_context({**facts, "marks": {}})
    return {
        name.removeprefix(LIVE): "".join(block(context))
        for name, block in template.blocks.items()
        if name.startswith(LIVE)
    }


def _mark(text: str) -> str:
    return hashlib.blake2b(text.encode(), digest_size=6).hexdigest()
