"""Pages of ours that stand in a frame: forms of questions, and notices."""

from collections.abc import Mapping
from typing import Any

from starlette.responses import Response

from crowdlab.questions import QuestionForm
from crowdlab.server.forms import Fields
from crowdlab.server.origins import Origins
from crowdlab.server.rendering import render

__all__ = ["show_form", "show_notice"]


def show_form(
    origins: Origins,
    form: QuestionForm,
    *,
    action: str,
    hidden: Mapping[str, str],
    fields: Fields,
    complaints: Mapping[str, str],
    is_preview: bool = False,
) -> Response:
    """A form of questions, as it was filled in so far.

    Args:
        origins: who may show it.
        form: the questions.
        action: where it is posted to.
        hidden: what is posted along.
        fields: what was filled in.
        complaints: what is wrong with it, by question.
        is_preview: whether it cannot be posted yet.
    """
    values = {
        name: [value] if isinstance(value, str) else value
        for name, value in fields.items()
    }
    return _render(
        origins,
        "form",
        status=422 if complaints else 200,
        parts=form.parts,
        action=action,
        hidden=hidden,
        values=values,
        complaints=complaints,
        is_preview=is_preview,
    )


def show_notice(
    origins: Origins,
    title: str,
    text: str,
    *,
    status: int = 200,
    done: bool = False,
    kept: Mapping[str, str] | None = None,
) -> Response:
    """A few words in place of a task.

    Args:
        origins: who may show them.
        title: the heading.
        text: the words.
        status: the HTTP status.
        done: whether the page around the frame is told that an answer was received.
        kept: what had been written, to be copied.
    """
    facts = {"title": title, "text": text, "done": done, "kept": kept or {}}
    return _render(origins, "notice", status=status, **facts)


def _render(origins: Origins, page: str, *, status: int, **facts: Any) -> Response:
    policy = {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "img-src": "https: http: data:",
        "media-src": "https: http:",
        "frame-ancestors": origins.site,
        "base-uri": "'none'",
    }
    return render(page, policy=policy, status=status, **facts)
