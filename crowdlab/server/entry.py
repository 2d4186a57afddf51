"""Who may become a worker of the site, and what they agree to."""

from pathlib import Path

import attrs

from crowdlab.errors import BadInput
from crowdlab.server.people import Consent, read_consent

__all__ = ["REGISTRATIONS", "Entry", "find_entry"]

#: How somebody new gets in: whoever gives a name, whoever registers, whoever was
#: invited, or nobody.
REGISTRATIONS = ("names", "open", "invitation", "closed")


def _need_known(_: object, field: "attrs.Attribute[str]", registration: str) -> None:
    if registration not in REGISTRATIONS:
        choices = ", ".join(REGISTRATIONS)
        raise BadInput(f"{field.name}: {registration!r} is none of {choices}")


@attrs.frozen
class Entry:
    """The way in.

    Attributes:
        registration: ``names`` is for trying things: there are no passwords, so
            whoever gives a name is that person.
        consent: what everybody agrees to before they work; may be empty.
    """

    registration: str = attrs.field(default="names", validator=_need_known)
    consent: Consent = attrs.field(factory=lambda: Consent(""))

    @property
    def has_passwords(self) -> bool:
        """Whether a name alone lets nobody in."""
        return self.registration != "names"


def find_entry(
    registration: str | None,
    consent: str | Path | None,
    *,
    is_private: bool,
) -> Entry:
    """The way in to a site, as it is wished or as it is safe.

    Args:
        registration: one of :data:`REGISTRATIONS`.
        consent: a file of plain text.
        is_private: whether only people at this machine can reach the site.

    Raises:
        BadInput: for a wish that cannot be had.

    Example:
        >>> find_entry(None, None, is_private=True).registration
        'names'
        >>> find_entry(None, None, is_private=False).registration
        'invitation'
    """
    wanted = registration or ("names" if is_private else "invitation")
    text = read_consent(consent) if consent is not None else Consent("")
    entry = Entry(wanted, text)
    if not entry.has_passwords and not is_private:
        raise BadInput(
            "registration: without passwords the site is for this machine only; "
            "choose open, invitation or closed"
        )
    return entry
