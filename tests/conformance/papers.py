"""Questions as programs write them."""

from tests.marketplace.people import SCHEMAS

__all__ = ["external", "html"]

PAGE = (
    "<!DOCTYPE html><html><head><title>t</title></head><body><form method='post' "
    "action='https://www.mturk.com/mturk/externalSubmit'><input type='hidden' "
    "name='assignmentId'>{}<input name='answer'></form></body></html>"
)


def external(url: str = "https://example.org/task", height: str = "0") -> str:
    """A question on a page of the requester's own; no height leaves it out."""
    frame = f"<FrameHeight>{height}</FrameHeight>" if height else ""
    return (
        f'<ExternalQuestion xmlns="{SCHEMAS}2006-07-14/ExternalQuestion.xsd">'
        f"<ExternalURL>{url}</ExternalURL>{frame}</ExternalQuestion>"
    )


def html(body: str = "", height: str = "450", page: str = PAGE) -> str:
    """A question whose page the marketplace serves; no height leaves it out."""
    frame = f"<FrameHeight>{height}</FrameHeight>" if height else ""
    return (
        f'<HTMLQuestion xmlns="{SCHEMAS}2011-11-11/HTMLQuestion.xsd"><HTMLContent>'
        f"<![CDATA[{page.format(body)}]]></HTMLContent>{frame}</HTMLQuestion>"
    )
