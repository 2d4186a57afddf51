"""The RequesterAnnotation: by what a requester finds a HIT again. Workers never see it."""

import re
import string
from typing import Self
from urllib.parse import quote, unquote

import attrs

__all__ = ["Annotation"]

#: What every marketplace keeps; one of ours counts characters, and these are ASCII.
MOST = 255
_READABLE = string.punctuation.replace("%", "")
_WRITTEN = re.compile(r"([0-9a-f]{48})(?: (\S+))?(?: (\S+))?")


@attrs.frozen
class Annotation:
    """What crowdlab writes beside a HIT, for programs and for whoever looks at it.

    Attributes:
        token: tells the HIT from all others.
        batch: the name of its batch; empty where there was no room for it.
        task: what the requester calls its task; likewise.

    Example:
        >>> written = Annotation("0" * 48, "my pets", "17").to_text()
        >>> written[44:], Annotation.read(written).batch
        ('0000 my%20pets 17', 'my pets')
    """

    token: str
    batch: str = ""
    task: str = ""

    def to_text(self) -> str:
        """The annotation on the wire: as much of it as there is room for."""
        text = self.token
        for name in (self.batch, self.task):
            longer = f"{text} {quote(name, safe=_READABLE)}"
            if not name or len(longer) > MOST:
                return text
            text = longer
        return text

    @classmethod
    def read(cls, text: str | None) -> Self | None:
        """The annotation in a text; ``None`` for what another program wrote."""
        found = _WRITTEN.fullmatch(text or "")
        if found is None:
            return None
        token, *names = found.groups(default="")
        return cls(token, *map(unquote, names))
