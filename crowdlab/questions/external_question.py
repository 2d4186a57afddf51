"""ExternalQuestion: a page that the requester serves."""

from urllib.parse import urlsplit

import attrs

from crowdlab.errors import BadQuestion
from crowdlab.questions import frame
from crowdlab.questions.elements import Children, Element, integer, text
from crowdlab.questions.markup import SCHEMAS, document, element, escape

__all__ = ["ExternalQuestion"]

NAMESPACE = f"{SCHEMAS}2006-07-14/ExternalQuestion.xsd"
THIS_MACHINE = {"localhost", "127.0.0.1", "::1"}


def _refuse_no_https(_: object, __: "attrs.Attribute[str]", url: str) -> None:
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError as cause:
        raise BadQuestion(f"ExternalURL {url!r} is no URL: {cause}") from None
    local = parts.scheme == "http" and host in THIS_MACHINE
    if not host or not (parts.scheme == "https" or local):
        raise BadQuestion(
            f"ExternalURL needs https (or http on localhost), not {url!r}",
            details=f'The value "{url}" is not valid for ExternalURL: it must be an '
            "absolute URL that uses the HTTPS protocol.",
        )


@attrs.frozen
class ExternalQuestion:
    """A page that the requester serves.

    Attributes:
        url: where the page is; the marketplace appends the assignment's parameters.
        frame_height: the height of the frame in pixels, 0 to fit the window.

    Example:
        >>> ExternalQuestion("http://example.org/task")
        Traceback (most recent call last):
        ...
        crowdlab.errors.BadQuestion: ExternalURL needs https (or http on localhost), ...
    """

    url: str = attrs.field(validator=_refuse_no_https)
    frame_height: int = frame.height()

    @classmethod
    def read(cls, root: Element) -> "ExternalQuestion":
        """The question of a parsed document."""
        with Children(root) as children:
            return cls(
                text(children.take("ExternalURL")).strip(),
                integer(children.take("FrameHeight"), least=0),
            )

    def to_xml(self) -> str:
        """The question as the wire carries it."""
        return document(
            "ExternalQuestion",
            NAMESPACE,
            element("ExternalURL", escape(self.url)),
            element("FrameHeight", str(self.frame_height)),
        )
