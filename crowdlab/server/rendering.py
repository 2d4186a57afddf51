"""Pages of HTML, with what keeps them safe in a browser."""

import datetime as dt
import json
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.responses import HTMLResponse

from crowdlab.questions import Pattern

__all__ = ["STATIC", "render", "respond"]

STATIC = Path(__file__).parent / "static"

_HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "strict-origin",
    "X-Content-Type-Options": "nosniff",
}
_SECONDS = {"day": 86_400, "hour": 3600, "minute": 60, "second": 1}


def _span(seconds: int, most: int = 2) -> str:
    """A length of time as people say it, cut to its largest units."""
    words = []
    for unit, size in _SECONDS.items():
        count, seconds = divmod(seconds, size)
        if count:
            words.append(f"{count} {unit}{'s' if count > 1 else ''}")
    return " ".join(words[:most]) or "no time"


def _about(seconds: int) -> str:
    """A length of time, roughly."""
    return _span(seconds, 1)


def _day(seconds: int) -> str:
    """A moment as a day and a time."""
    return f"{dt.datetime.fromtimestamp(seconds, tz=dt.UTC):%-d %B %Y, %H:%M} UTC"


def _date(seconds: int) -> str:
    """A moment as a day."""
    return f"{dt.datetime.fromtimestamp(seconds, tz=dt.UTC):%-d %b %Y}"


def _patterns(patterns: Iterable[Pattern]) -> str:
    """The patterns of a text as the form's script reads them."""
    return json.dumps(
        [
            {"regex": each.regex, "flags": each.flags or "", "text": each.error_text}
            for each in patterns
        ]
    )


_FILTERS: dict[str, Callable[[Any], str]] = {
    "about": _about,
    "date": _date,
    "day": _day,
    "kind": lambda thing: type(thing).__name__,
    "money": "{:.2f}".format,
    "patterns": _patterns,
    "span": _span,
}

_pages = Environment(
    loader=PackageLoader("crowdlab.server", "pages"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_pages.filters |= _FILTERS


def render(
    page: str, *, policy: Mapping[str, str], status: int = 200, **facts: Any
) -> HTMLResponse:
    """A page of ours, filled in.

    Args:
        page: the name of its template.
        policy: what the page may load, and who may show it: the directives of a
            Content-Security-Policy.
        status: the HTTP status.
        facts: what the template tells.
    """
    text = _pages.get_template(f"{page}.html").render(**facts)
    return respond(text, policy=policy, status=status)


def respond(text: str, *, policy: Mapping[str, str], status: int = 200) -> HTMLResponse:
    """A page that is filled in, on its way to a browser."""
    rules = "; ".join(f"{name} {sources}" for name, sources in policy.items())
    headers = {**_HEADERS, "Content-Security-Policy": rules}
    return HTMLResponse(text, status, headers)
