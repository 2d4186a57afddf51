"""What a worker's browser is given: the frame of a question, its address and page."""

from urllib.parse import urlencode, urlsplit, urlunsplit

import attrs

from crowdlab.marketplace.call import Call, Row
from crowdlab.marketplace.lifecycle import question_of
from crowdlab.questions import ExternalQuestion, HTMLQuestion, parse_question

__all__ = ["NOT_ACCEPTED", "Frame", "frame"]

#: What a page is told instead of an assignment while the HIT is only looked at.
NOT_ACCEPTED = "ASSIGNMENT_ID_NOT_AVAILABLE"
SITES = {
    "production": "https://www.mturk.com",
    "sandbox": "https://workersandbox.mturk.com",
}


@attrs.frozen
class Frame:
    """The frame in which a worker sees a question.

    Attributes:
        url: the address, with the parameters that the page reads.
        html: the page itself, where the marketplace serves it; else ``None``.
        height: in pixels; 0 fits the window.
    """

    url: str
    html: str | None
    height: int = 0


def frame(
    call: Call,
    hit: Row,
    *,
    assignment_id: str = NOT_ACCEPTED,
    worker_id: str | None = None,
    submit_to: str | None = None,
) -> Frame:
    """The frame of a HIT: a preview, or with an assignment and its worker the work."""
    site = SITES["sandbox" if call.house.is_sandbox else "production"]
    told = {"assignmentId": assignment_id, "hitId": hit.hit_id}
    if worker_id is not None:
        told |= {"workerId": worker_id, "turkSubmitTo": submit_to or site}
    question = parse_question(question_of(call, hit))
    if isinstance(question, ExternalQuestion):
        return Frame(_extend(question.url, told), None, question.frame_height)
    url = _extend(f"{submit_to or site}/hit/{hit.hit_id}", told)
    if isinstance(question, HTMLQuestion):
        return Frame(url, question.content, question.frame_height)
    return Frame(url, None)


def _extend(url: str, told: dict[str, str]) -> str:
    parts = urlsplit(url)
    query = "&".join(filter(None, [parts.query, urlencode(told)]))
    return urlunsplit(parts._replace(query=query))
