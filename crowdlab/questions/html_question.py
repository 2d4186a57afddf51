"""HTMLQuestion: a page that the marketplace itself serves."""

import attrs

from crowdlab.questions import frame
from crowdlab.questions.elements import Children, Element, integer, text
from crowdlab.questions.html5 import check_page
from crowdlab.questions.markup import SCHEMAS, cdata, document, element, one_line_end

__all__ = ["HTMLQuestion"]

NAMESPACE = f"{SCHEMAS}2011-11-11/HTMLQuestion.xsd"


@attrs.frozen
class HTMLQuestion:
    r"""A page that the marketplace itself serves.

    Attributes:
        content: the page. Its line ends become ``\n``, as every HTML and XML parser
            makes them.
        frame_height: the height of the frame in pixels, 0 to fit the window.

    Example:
        >>> print(HTMLQuestion("<!DOCTYPE html><p>Cat or dog?").to_xml())
        <HTMLQuestion xmlns="http://...2011-11-11/HTMLQuestion.xsd"><HTMLContent><![CDATA[<!DOCTYPE html><p>Cat or dog?]]></HTMLContent><FrameHeight>0</FrameHeight></HTMLQuestion>
    """

    content: str = attrs.field(converter=one_line_end)
    frame_height: int = frame.height()

    @classmethod
    def read(cls, root: Element) -> "HTMLQuestion":
        """The question of a parsed document, whose page must be valid HTML5."""
        with Children(root) as children:
            content = text(children.take("HTMLContent"))
            frame_height = integer(children.take("FrameHeight"), least=0)
        check_page(content)
        return cls(content, frame_height)

    def to_xml(self) -> str:
        """The question as the wire carries it."""
        return document(
            "HTMLQuestion",
            NAMESPACE,
            element("HTMLContent", cdata(self.content)),
            element("FrameHeight", str(self.frame_height)),
        )
