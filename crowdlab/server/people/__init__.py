"""The people of a workers' site: names, passwords, sessions, invitations, consent."""

from crowdlab.server.people.attempts import NEWCOMERS, Limit
from crowdlab.server.people.consent import Consent, read_consent
from crowdlab.server.people.invitations import DAYS, Invitation
from crowdlab.server.people.passwords import FEWEST, need_sound
from crowdlab.server.people.people import MOST_NAME, People
from crowdlab.server.people.sessions import LIFETIME, Guest

__all__ = [
    "DAYS",
    "FEWEST",
    "LIFETIME",
    "MOST_NAME",
    "NEWCOMERS",
    "Consent",
    "Guest",
    "Invitation",
    "Limit",
    "People",
    "need_sound",
    "read_consent",
]
