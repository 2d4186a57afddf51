"""HIT layouts: pages with ``${name}`` in them, to be filled in for each HIT.

On the real service they are made on its website. See `HITLayout <https://docs.aws.
amazon.com/AWSMechTurk/latest/AWSMturkAPI/ApiReference_HITLayoutArticle.html>`_. Values
are inserted as they are given, markup included; the page that comes of it is checked
like any other.
"""

import re
from collections.abc import Mapping, Sequence

import sqlalchemy as sa
from sqlalchemy import bindparam

from crowdlab.database import Statement
from crowdlab.errors import BadInput, BadQuestion
from crowdlab.marketplace import refusals
from crowdlab.marketplace.call import Call
from crowdlab.marketplace.frames import SITES
from crowdlab.marketplace.schema import layouts
from crowdlab.questions import HTMLQuestion

__all__ = [
    "add_layout",
    "as_page",
    "merge",
]

_PLACE = re.compile(r"\$\{(\w+)\}")
_PAGE = re.compile(r"<html[\s>]|<!doctype", re.IGNORECASE)
_FORM = re.compile(r"<(crowd-)?form[\s>]", re.IGNORECASE)

_NEW = Statement(layouts.insert())
_BY_NAME = Statement(
    sa.select(layouts).where(
        (layouts.c.requester == bindparam("who"))
        & (layouts.c.layout_id == bindparam("name"))
    )
)


def add_layout(call: Call, html: str, frame_height: int) -> str:
    """Keeps a layout and gives its id.

    Raises:
        BadInput: there is nothing in it, or the height is below zero.
    """
    if not html.strip():
        raise BadInput("layout: the page is empty")
    if frame_height < 0:
        raise BadInput(f"frame_height: {frame_height} is below zero")
    name = call.house.ids.new("3")
    call.run(
        _NEW,
        layout_id=name,
        requester=call.requester,
        page=as_page(html, SITES[call.house.environment]),
        frame_height=frame_height,
    )
    return name


def merge(call: Call, layout_id: str, parameters: Sequence[Mapping[str, str]]) -> str:
    """The question that a layout becomes with these HITLayoutParameters.

    Raises:
        Refusal: the requester has no such layout, or the names do not match.
    """
    layout = call.one(_BY_NAME, who=call.requester, name=layout_id)
    if layout is None:
        raise refusals.bad_parameter("HITLayoutId", layout_id)
    values = {parameter["Name"]: parameter["Value"] for parameter in parameters}
    places = set(_PLACE.findall(layout.page))
    for name in sorted(places ^ set(values)):
        wrong = "has no value" if name in places else "is not in the layout"
        raise refusals.bad_parameter("HITLayoutParameters", name, f"It {wrong}.")
    if len(values) < len(parameters):
        hint = "Each parameter has one value."
        raise refusals.bad_parameter("HITLayoutParameters", sorted(values), hint)
    page = _PLACE.sub(lambda place: values[place[1]], layout.page)
    try:
        return HTMLQuestion(page, layout.frame_height).to_xml()
    except BadQuestion as error:
        raise refusals.bad_question(error) from None


def as_page(html: str, site: str) -> str:
    """What the website makes of a fragment: a page, with a form that can be submitted.

    Example:
        >>> as_page("<!DOCTYPE html><title>Pets</title>", "https://www.mturk.com")
        '<!DOCTYPE html><title>Pets</title>'
    """
    if _PAGE.search(html):
        return html
    body = html if _FORM.search(html) else _FORM_AROUND.format(site, html)
    return _PAGE_AROUND.format(body)


_PAGE_AROUND = (
    '<!DOCTYPE html><html><head><meta charset="UTF-8"><title>HIT</title>'
    '<script src="https://s3.amazonaws.com/mturk-public/externalHIT_v1.js"></script>'
    "</head><body>{}</body></html>"
)
_FORM_AROUND = (
    '<form name="mturk_form" method="post" id="mturk_form" '
    'action="{}/mturk/externalSubmit">'
    '<input type="hidden" value="" name="assignmentId" id="assignmentId">'
    '{}<p><input type="submit" id="submitButton" value="Submit"></p></form>'
    "<script>turkSetAssignmentID();</script>"
)
