"""The text that everybody agrees to before working, and its version."""

from pathlib import Path

import attrs

from crowdlab.errors import BadInput
from crowdlab.server.people.schema import digest

__all__ = ["Consent", "read_consent"]

MOST_TEXT = 50_000


@attrs.frozen
class Consent:
    """A text; where it is empty, nobody is asked.

    Example:
        >>> Consent("We keep your answers.").version
        'c4820c48'
        >>> Consent("").version
        ''
    """

    text: str

    @property
    def version(self) -> str:
        """What changes whenever the text does, so that everybody is asked again."""
        return digest(self.text)[:8] if self.text else ""


def read_consent(file: str | Path) -> Consent:
    """The consent text in a file of plain text.

    Raises:
        BadInput: it cannot be read, is empty or very long.
    """
    try:
        text = Path(file).read_text("utf-8").strip()
    except (OSError, ValueError) as error:
        raise BadInput(f"{file}: {error}") from error
    if not 0 < len(text) <= MOST_TEXT:
        raise BadInput(f"{file}: a consent text has 1 to {MOST_TEXT} characters")
    return Consent(text)
