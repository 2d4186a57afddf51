"""The tables of a site's people, and the steps by which they came about.

What is secret (a session's key, an invitation's code) is kept as a digest only.
"""

import hashlib

import sqlalchemy as sa
from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, Text

from crowdlab.database import Migration

__all__ = [
    "MIGRATIONS",
    "attempts",
    "consent_texts",
    "consents",
    "digest",
    "invitations",
    "people",
    "sessions",
]

metadata = sa.MetaData()

# SQLite counts up by itself only for a key whose type is exactly INTEGER.
Key = BigInteger().with_variant(Integer, "sqlite")

people = sa.Table(
    "people",
    metadata,
    Column("id", Key, primary_key=True),
    Column("worker_id", Text, nullable=False, unique=True),
    # As it is shown, and as it is compared; none for who never chose one.
    Column("name", Text),
    Column("known_as", Text, unique=True),
    Column("password", Text),
    Column("joined", BigInteger, nullable=False),
)

sessions = sa.Table(
    "sessions",
    metadata,
    Column("id", Key, primary_key=True),
    Column("digest", Text, nullable=False, unique=True),
    Column("person", ForeignKey("people.id"), nullable=False, index=True),
    # The panel that it is confined to; nothing where it may go everywhere.
    Column("scope", Text, nullable=False),
    Column("expires", BigInteger, nullable=False, index=True),
)

invitations = sa.Table(
    "invitations",
    metadata,
    Column("id", Key, primary_key=True),
    Column("digest", Text, nullable=False, unique=True),
    # Whose password it renews; nothing where it lets somebody new in.
    Column("person", ForeignKey("people.id")),
    Column("expires", BigInteger, nullable=False),
    Column("uses_left", Integer, nullable=False),
)

consent_texts = sa.Table(
    "consent_texts",
    metadata,
    Column("version", Text, primary_key=True),
    Column("text", Text, nullable=False),
)

consents = sa.Table(
    "consents",
    metadata,
    Column("person", ForeignKey("people.id"), primary_key=True),
    Column("version", ForeignKey("consent_texts.version"), primary_key=True),
    Column("agreed", BigInteger, nullable=False),
)

# What was tried in vain, or is to be rare, and when.
attempts = sa.Table(
    "attempts",
    metadata,
    Column("id", Key, primary_key=True),
    Column("about", Text, nullable=False),
    Column("made", BigInteger, nullable=False, index=True),
)
Index("attempts_about", attempts.c.about, attempts.c.made)


def digest(secret: str) -> str:
    """What is kept instead of a secret that was drawn at random."""
    return hashlib.blake2b(secret.encode(), digest_size=20).hexdigest()


MIGRATIONS: tuple[Migration, ...] = (metadata.create_all,)
